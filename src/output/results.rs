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
    let (is, was, has) = if names.len() == 1 {
        ("is", "was", "has")
    } else {
        ("are", "were", "have")
    };
    let rest = match settled.outcome {
        Outcome::Done => format!(" {who} from {room}"),
        // A member list, or the journal of an earlier run, says that it was there.
        Outcome::Gone if settled.attempts <= 1 => {
            format!(": {who} {is} not in {room} any more")
        }
        Outcome::Gone => format!(
            ": {who} {is} not in {room} any more; probably {done} by an earlier try whose answer was lost"
        ),
        Outcome::Absent => format!(": {who} {was} not in {room}"),
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
    format!("{color}{word}{color:#}{rest}")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::job::LastAnswer;
    use crate::room::{Reason, RoomId};

    fn settled(last_answer: LastAnswer) -> Settled {
        let user = |name| UserId::parse(name).expect("user");
        Settled {
            action: Action::Kick,
            room: RoomId::parse("r").expect("room"),
            members: vec![user("a"), user("b c")],
            reason: Reason::parse("x").expect("reason"),
            outcome: Outcome::Refused,
            last_answer,
            attempts: 1,
            elapsed: Duration::ZERO,
            time: UNIX_EPOCH,
        }
    }

    /// What a terminal is after it was closed.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(Errno::IO.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_terminal_is_a_closed_reader_and_a_broken_disk_is_not() {
        let write = |is_terminal| {
            let mut results = Results::new(Gone, Format::Json).on_terminal(is_terminal);
            results.settled(&settled(LastAnswer::NoAnswer("x".into())))
        };
        assert!(matches!(write(true), Err(ListenerError::OutputClosed)));
        assert!(matches!(write(false), Err(ListenerError::NotWritten(_))));
    }

    /// What is written, without colours, as on a pipe.
    fn written(mut results: Results<Vec<u8>>, last_answer: LastAnswer) -> String {
        results.settled(&settled(last_answer)).expect("written");
        String::from_utf8(results.out).expect("UTF-8")
    }

    fn results(format: Format) -> Results<Vec<u8>> {
        Results::new(Vec::new(), format)
    }

    #[test]
    fn members_of_a_list_get_a_line_each() {
        let last_answer = LastAnswer::Answer {
            action_status: Some("FAIL".into()),
            error_code: 100_006,
            error_info: "not\tpermitted\u{202e}\n".into(),
            request_id: Some("Id-1".into()),
        };
        assert_eq!(
            written(results(Format::Text).line_per_member(), last_answer),
            "refused\tr\ta\t100006\tId-1\tFAIL\tnot\\tpermitted\\u{202e}\\n\n\
             refused\tr\tb c\t100006\tId-1\tFAIL\tnot\\tpermitted\\u{202e}\\n\n"
        );
    }

    #[test]
    fn null_and_empty_are_a_dash() {
        let last_answer = LastAnswer::NoAnswer(String::new());
        let line = written(results(Format::Text).line_per_member(), last_answer);
        assert!(line.starts_with("refused\tr\ta\t-\t-\t-\t-\n"), "{line}");
    }

    #[test]
    fn json_is_the_same_for_a_list() {
        let last_answer = || LastAnswer::NoAnswer("not sent".into());
        let json = written(results(Format::Json), last_answer());
        assert_eq!(
            written(results(Format::Json).line_per_member(), last_answer()),
            json
        );
        assert!(json.contains("\"MemberList_Account\":[\"a\",\"b c\"]"));
    }

    /// Each write by itself.
    #[derive(Default)]
    struct Writes(Vec<String>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn buffered_results_are_one_write_with_what_is_around_them() {
        let mut results = Results::new(Writes::default(), Format::Json).buffered(true);
        for _ in 0..2 {
            let settled = settled(LastAnswer::NoAnswer("x".into()));
            results.settled(&settled).expect("kept");
        }
        assert!(results.has_buffered() && results.out.0.is_empty());
        results.flush("<", ">").expect("written");
        let [write] = results.out.0.as_slice() else {
            panic!("{:?}", results.out.0);
        };
        assert!(write.starts_with('<') && write.ends_with("}\n>"), "{write}");
        assert_eq!(write.lines().count(), 3);
        results.stop_buffering().expect("nothing to write");
        results
            .settled(&settled(LastAnswer::NoAnswer("x".into())))
            .expect("written");
        assert_eq!(results.out.0.len(), 2);
    }

    #[test]
    fn colours_are_there_only_where_they_are_wanted() {
        let none = || LastAnswer::NoAnswer("x".into());
        assert!(!written(results(Format::Text), none()).contains('\x1b'));
        let colored = results(Format::Text).with_color(true);
        assert!(written(colored, none()).starts_with("\x1b[31mrefused\x1b[0m"));
    }
}
