//! `--stream`: rows are sent as they arrive, by a thread that reads while the
//! engine sends. It is never joined: a feed may be silent for ever.

use std::io::Read;
use std::thread;

use anyhow::Context as _;

use super::flags::List;
use super::row_policy::{RowPolicy, RowVerdict};
use crate::error::Error;
use crate::job::Feeder;
use crate::job::input::{Row, Rows};

/// Starts to read; ends with the list, or when the job takes no more.
pub(super) fn start(
    input: Box<dyn Read + Send>,
    list: &List,
    policy: RowPolicy,
    feeder: Feeder,
) -> Result<(), Error> {
    let name = list.path.display().to_string();
    let rows = Rows::new(input, list.format, list.columns.clone());
    let read = move || {
        for row in rows {
            let goes_on = match row {
                Err(bad) => feeder.bad_row(format!("{name}:{bad}")),
                Ok(row) => hand_over(&row, &name, &policy, &feeder),
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
fn hand_over(row: &Row, name: &str, policy: &RowPolicy, feeder: &Feeder) -> bool {
    let place = format_args!("{name}:{}", row.line);
    match policy.judge(place, row.room.as_ref(), &row.user, row.reason.as_ref()) {
        RowVerdict::Accept { rooms, reason } => {
            let mut rooms = rooms.iter().cloned();
            rooms.all(|room| feeder.row(room, reason.clone(), row.user.clone()))
        }
        RowVerdict::Skip(said) => feeder.skipped_row(said),
        RowVerdict::Reject(said, _) => feeder.bad_row(said),
        RowVerdict::AlreadyReported => true,
    }
}
