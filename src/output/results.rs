//! Outcomes on stdout, as each settles: JSON lines for scripts, a block per
//! request for people.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use super::sanitise::sanitise;
use super::style;
use crate::config::Format;
use crate::job::{Outcome, Said, Settled, SinkError};
use crate::room::UserId;

/// The writer of results. After a failed write it stays silent: its reader has
/// left, or what follows would be a second report of the same trouble.
#[derive(Debug)]
pub struct Results<W> {
    out: W,
    format: Format,
    any: bool,
    dead: bool,
}

/// One line of `-o json`; the names are the contract's.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    room_id: &'a str,
    #[serde(rename = "MemberList_Account")]
    members: Vec<&'a str>,
    action_status: Option<&'a str>,
    error_code: Option<i64>,
    error_info: &'a str,
    request_id: Option<&'a str>,
    outcome: &'static str,
    attempts: u32,
    elapsed_ms: u128,
    action: &'static str,
    reason: &'a str,
    time: String,
}

impl<W: Write> Results<W> {
    /// Results in this format to `out`.
    pub fn new(out: W, format: Format) -> Self {
        Self {
            out,
            format,
            any: false,
            dead: false,
        }
    }

    /// Writes one outcome, at once and whole.
    pub fn settled(&mut self, settled: &Settled) -> Result<(), SinkError> {
        if self.dead {
            return Ok(());
        }
        let mut text = match self.format {
            Format::Json => json(settled),
            Format::Text if self.any => format!("\n{}", block(settled)),
            Format::Text => block(settled),
        };
        text.push('\n');
        self.any = true;
        self.write(&text).map_err(|why| {
            self.dead = true;
            match why.kind() {
                ErrorKind::BrokenPipe => SinkError::Closed,
                _ => SinkError::Lost(why),
            }
        })
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

pub(super) fn json(settled: &Settled) -> String {
    let (action_status, error_code, error_info, request_id) = match &settled.said {
        Said::Answer {
            action_status,
            error_code,
            error_info,
            request_id,
        } => (
            Some(action_status.as_str()),
            Some(*error_code),
            error_info,
            request_id.as_deref(),
        ),
        Said::Nothing(why) => (None, None, why, None),
    };
    let line = Line {
        room_id: settled.room.as_str(),
        members: settled.members.iter().map(UserId::as_str).collect(),
        action_status,
        error_code,
        error_info,
        request_id,
        outcome: settled.outcome.name(settled.action),
        attempts: settled.attempts,
        elapsed_ms: settled.elapsed.as_millis(),
        action: settled.action.name(),
        reason: settled.reason.as_str(),
        time: humantime::format_rfc3339_seconds(settled.time).to_string(),
    };
    serde_json::to_string(&line).expect("strings and numbers serialise")
}

/// The outcome in a sentence, then what the service said, one item a line.
fn block(settled: &Settled) -> String {
    let mut text = sentence(settled);
    let (status, code, info, request_id) = match &settled.said {
        Said::Answer {
            action_status,
            error_code,
            error_info,
            request_id,
        } => (
            action_status.as_str(),
            error_code.to_string(),
            error_info.as_str(),
            request_id.as_deref().unwrap_or_default(),
        ),
        Said::Nothing(why) => ("", String::new(), why.as_str(), ""),
    };
    let items = [
        ("ActionStatus", status),
        ("ErrorCode", &code),
        ("ErrorInfo", info),
        ("RequestId", request_id),
    ];
    for (name, value) in items {
        let shown = if value.is_empty() {
            "-".into()
        } else {
            sanitise(value)
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "\n{name}: {shown}");
    }
    text
}

fn sentence(settled: &Settled) -> String {
    let color = style::of(settled.outcome);
    let word = settled.outcome.name(settled.action);
    let names: Vec<&str> = settled.members.iter().map(UserId::as_str).collect();
    let (who, room) = (names.join(", "), &settled.room);
    let (is, was, has) = if names.len() == 1 {
        ("is", "was", "has")
    } else {
        ("are", "were", "have")
    };
    let rest = match settled.outcome {
        Outcome::Done => format!(" {who} from {room}"),
        Outcome::Gone => format!(
            ": {who} {is} not in {room} any more; probably removed by an earlier try whose answer was lost"
        ),
        Outcome::Absent => format!(": {who} {was} not in {room}"),
        Outcome::Refused => format!(": the service did not remove {who} from {room}"),
        Outcome::Unknown => {
            format!(": a request was sent, but nobody knows whether {who} {has} left {room}")
        }
        Outcome::Unsent => format!(": nothing was done to {who} in {room}"),
    };
    format!("{color}{word}{color:#}{rest}")
}
