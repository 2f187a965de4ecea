//! `--stream`: rows are sent as they arrive, by a thread that reads while the
//! engine sends. It is never joined: a feed may be silent for ever.

use std::io::Read;
use std::thread;

use anyhow::Context as _;

use super::flags::List;
use super::row_policy::{RowPolicy, RowVerdict};
use crate::error::Error;
use crate::job::RowSender;
use crate::job::input::{Row, Rows};

/// Starts to read; ends with the list, or when the job takes no more.
pub(super) fn start(
    input: Box<dyn Read + Send>,
    list: &List,
    policy: RowPolicy,
    row_sender: RowSender,
) -> Result<(), Error> {
    let name = list.path.display().to_string();
    let rows = Rows::new(input, list.format, list.columns.clone());
    let read = move || {
        for row in rows {
            let goes_on = match row {
                Err(bad) => row_sender.bad_row(format!("{name}:{bad}")),
                Ok(row) => hand_over(&row, &name, &policy, &row_sender),
            };
            if !goes_on {
                return;
            }
        }
    };
    let thread = thread::Builder::new().name("feed".into()).spawn(read);
    thread
        .map(drop)
        .context("cannot start reading")
        .map_err(Error::from)
}

/// Whether the job takes more.
fn hand_over(row: &Row, name: &str, policy: &RowPolicy, row_sender: &RowSender) -> bool {
    let place = format_args!("{name}:{}", row.line);
    match policy.judge(place, row.room.as_ref(), &row.user, row.reason.as_ref()) {
        RowVerdict::Accept { rooms, reason } => {
            let mut rooms = rooms.iter().cloned();
            rooms.all(|room| row_sender.row(room, reason.clone(), row.user.clone()))
        }
        RowVerdict::Skip(said) => row_sender.skipped_row(said),
        RowVerdict::Reject(said, _) => row_sender.bad_row(said),
        RowVerdict::AlreadyReported => true,
    }
}
