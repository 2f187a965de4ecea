//! Results on stdout, as each batch settles: lines of JSON for scripts, a block per
//! batch for people, a line per member for members that came from a list.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};
use std::mem;

use anstream::adapter::strip_str;
use rustix::io::Errno;

use super::member_table::MemberTable;
use super::text::{self, outcome_color, sanitise};
use super::wrap::folded;
use crate::config::Format;
use crate::job::{ListenerError, Outcome, Settled};
use crate::room::{Action, UserId};

/// Writes results. After a failed write it writes nothing more: its reader has
/// closed it, or the failure is reported already.
#[derive(Debug)]
pub(crate) struct Results<W> {
    out: W,
    layout: Layout,
    has_color: bool,
    is_terminal: bool,
    /// The terminal's width at this moment; None elsewhere.
    columns: fn() -> Option<usize>,
    is_buffered: bool,
    /// What the next [`Results::flush`] writes.
    buffer: String,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    /// There is at least one result.
    Begun,
    Failed,
}

#[derive(Debug, Clone, Copy)]
enum Layout {
    Json,
    /// A block per batch.
    Blocks,
    /// A line per member.
    Lines,
    /// A row per member whose outcome is not as asked.
    Table(MemberTable),
}

impl<W: Write> Results<W> {
    /// Results in this format to `out`: on a pipe, unbuffered, a block for each
    /// batch.
    pub(crate) fn new(out: W, format: Format) -> Self {
        let layout = match format {
            Format::Json => Layout::Json,
            Format::Text => Layout::Blocks,
        };
        Self {
            out,
            layout,
            has_color: false,
            is_terminal: false,
            columns: || None,
            is_buffered: false,
            buffer: String::new(),
            state: State::Empty,
        }
    }

    /// Text has a line per member, as for members that came from a list.
    #[must_use]
    pub(crate) fn line_per_member(mut self) -> Self {
        if let Layout::Blocks = self.layout {
            self.layout = Layout::Lines;
        }
        self
    }

    /// Text has aligned rows, as for a long job on a terminal.
    #[must_use]
    pub(crate) fn aligned(mut self, table: MemberTable) -> Self {
        if !matches!(self.layout, Layout::Json) {
            self.layout = Layout::Table(table);
        }
        self
    }

    /// Text is folded to this width.
    #[must_use]
    pub(crate) fn with_columns(mut self, columns: fn() -> Option<usize>) -> Self {
        self.columns = columns;
        self
    }

    /// `out` is a terminal, which may be closed while results are written.
    #[must_use]
    pub(crate) fn on_terminal(mut self, is_terminal: bool) -> Self {
        self.is_terminal = is_terminal;
        self
    }

    /// With colour or without.
    #[must_use]
    pub(crate) fn with_color(mut self, has_color: bool) -> Self {
        self.has_color = has_color;
        self
    }

    /// Results are kept for the next [`Results::flush`].
    #[must_use]
    pub(crate) fn buffered(mut self, is_buffered: bool) -> Self {
        self.is_buffered = is_buffered;
        self
    }

    /// Whether there are aligned rows, after which other text is set off.
    pub(super) fn has_rows(&self) -> bool {
        self.state == State::Begun && matches!(self.layout, Layout::Table(_))
    }

    /// Whether results are kept for the next [`Results::flush`].
    pub(super) fn is_buffered(&self) -> bool {
        self.is_buffered
    }

    /// Whether there are results to flush.
    pub(super) fn has_buffered(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Adds the outcome of a batch; written at once unless results are buffered.
    pub(super) fn settled(&mut self, settled: &Settled) -> Result<(), ListenerError> {
        if self.state == State::Failed {
            return Ok(());
        }
        let text = match &mut self.layout {
            Layout::Json => json(settled) + "\n",
            Layout::Blocks => {
                let columns = (self.columns)();
                let between = if self.state == State::Empty { "" } else { "\n" };
                between.to_owned() + &block(settled, columns)
            }
            Layout::Lines => lines(settled),
            Layout::Table(table) => table.rows(settled, (self.columns)()),
        };
        if text.is_empty() {
            return Ok(());
        }
        self.state = State::Begun;
        self.add(&text);
        if self.is_buffered {
            return Ok(());
        }
        self.flush("", "")
    }

    fn add(&mut self, text: &str) {
        if self.has_color {
            self.buffer += text;
        } else {
            self.buffer.extend(strip_str(text));
        }
    }

    /// Writes the buffered results between these texts, all in one write.
    pub(super) fn flush(&mut self, before: &str, after: &str) -> Result<(), ListenerError> {
        let text = format!("{before}{}{after}", mem::take(&mut self.buffer));
        let written = self.out.write_all(text.as_bytes());
        written.and_then(|()| self.out.flush()).map_err(|why| {
            self.state = State::Failed;
            if self.is_closed_by_reader(&why) {
                ListenerError::OutputClosed
            } else {
                let message = format!("cannot write results to stdout: {why}");
                ListenerError::NotWritten(io::Error::new(why.kind(), message))
            }
        })
    }

    /// Writes the buffered results; from here on each is written at once.
    pub(super) fn stop_buffering(&mut self) -> Result<(), ListenerError> {
        self.is_buffered = false;
        if self.has_buffered() {
            self.flush("", "")
        } else {
            Ok(())
        }
    }

    /// Whether the reader of the pipe, or the terminal, has gone away.
    fn is_closed_by_reader(&self, why: &io::Error) -> bool {
        let is_gone = why.raw_os_error() == Some(Errno::IO.raw_os_error());
        why.kind() == ErrorKind::BrokenPipe || (self.is_terminal && is_gone)
    }
}

/// The line of `-o json`, without its end.
pub(super) fn json(settled: &Settled) -> String {
    let json = serde_json::to_string(&settled.to_json()).expect("strings and numbers serialise");
    match text::escape_json(&json) {
        Cow::Borrowed(_) => json,
        Cow::Owned(escaped) => escaped,
    }
}

/// The service's last answer as texts: `ActionStatus`, `ErrorCode`, `ErrorInfo`,
/// `RequestId`; `-` for null or empty.
fn answer_texts(settled: &Settled) -> [String; 4] {
    let answer = settled.to_json();
    let code = answer.error_code.map(|code| code.to_string());
    [
        answer.action_status.unwrap_or_default(),
        code.as_deref().unwrap_or_default(),
        answer.error_info,
        answer.request_id.unwrap_or_default(),
    ]
    .map(|text| match text {
        "" => "-".to_owned(),
        text => sanitise(text).into_owned(),
    })
}

/// The outcome in a sentence, then the last answer, one field a line.
fn block(settled: &Settled, columns: Option<usize>) -> String {
    let [status, code, info, request_id] = answer_texts(settled);
    let lines = [
        sentence(settled),
        format!("ActionStatus: {status}"),
        format!("ErrorCode: {code}"),
        format!("ErrorInfo: {info}"),
        format!("RequestId: {request_id}"),
    ];
    let folded = lines.map(|line| folded(&line, columns, 2) + "\n");
    folded.concat()
}

/// A line per member, tabs between: outcome, room, user, `ErrorCode`,
/// `RequestId`, `ActionStatus`, `ErrorInfo`.
fn lines(settled: &Settled) -> String {
    let [status, code, info, request_id] = answer_texts(settled);
    let color = outcome_color(settled.outcome);
    let word = settled.outcome.name(settled.action);
    let room = &settled.room;
    let mut lines = String::new();
    for user in &settled.members {
        // Writing to a String cannot fail.
        let _ = writeln!(
            lines,
            "{color}{word}{color:#}\t{room}\t{user}\t{code}\t{request_id}\t{status}\t{info}"
        );
    }
    lines
}

fn sentence(settled: &Settled) -> String {
    let color = outcome_color(settled.outcome);
    let word = settled.outcome.name(settled.action);
    let names: Vec<&str> = settled.members.iter().map(UserId::as_str).collect();
    let (who, room) = (names.join(", "), &settled.room);
    let (verb, done) = (settled.action.verb(), settled.action.success_word());
    let in_ = settled.action.membership();
    let (is, was, has) = if names.len() == 1 {
        ("is", "was", "has")
    } else {
        ("are", "were", "have")
    };
    let rest = match settled.outcome {
        Outcome::Done => format!(" {who} from {room}"),
        // A member list, or the journal of an earlier run, says that it was there.
        Outcome::Gone if settled.attempts <= 1 => {
            format!(": {who} {is} not {in_} {room} any more")
        }
        Outcome::Gone => format!(
            ": {who} {is} not {in_} {room} any more; probably {done} by an earlier try whose answer was lost"
        ),
        Outcome::Absent => format!(": {who} {was} not {in_} {room}"),
        Outcome::Refused => format!(": the service did not {verb} {who} from {room}"),
        Outcome::Unknown if settled.action == Action::Kick => {
            format!(": a request was sent, but it is not known whether {who} {has} left {room}")
        }
        Outcome::Unknown => {
            format!(
                ": a request was sent, but it is not known whether {who} {is} {done} from {room}"
            )
        }
        Outcome::Unsent => format!(": nothing was done to {who} in {room}"),
    };
    let failure = settled.failure_after_answer();
    let failure = failure.map(|why| format!("; last try: {}", sanitise(why)));
    format!(
        "{color}{word}{color:#}{rest}{}",
        failure.unwrap_or_default()
    )
}

#[cfg(test)]
#[path = "results_tests.rs"]
mod tests;
