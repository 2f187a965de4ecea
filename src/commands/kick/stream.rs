//! `--stream`: rows are sent as they arrive. One thread reads while the engine
//! sends. The thread is never joined, because a feed can be silent for ever.

use std::io::{self, Read};
use std::mem;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use super::confirm;
use super::execute::{self, Job};
use super::feed_lines::FeedLines;
use super::listener::JobSize;
use super::options::Options;
use super::records::RecordPaths;
use super::row_rules::{DefaultReason, RowRules, RowVerdict};
use super::selection::{self, Input};
use crate::commands::Context;
use crate::commands::list_flags::List;
use crate::commands::session::{LoadedConfig, ReasonCheck};
use crate::config::{Access, CheckRoom};
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::file_name::display_path;
use crate::job::input::{BadRow, Format, Pause, Row, RowEnd, Rows};
use crate::job::{Engine, JobChannel, RowSender, SkippedRow, Tally};

/// Sends the rows of the feed until it ends or the job stops.
pub(super) fn run(
    options: &Options,
    paths: &RecordPaths,
    config: &LoadedConfig,
    mut problems: Problems,
    context: &mut Context,
) -> Result<Exit, Error> {
    for list in &options.lists {
        check_format(list, &options.row_rules, &mut problems);
    }
    config.reject(problems, context)?;
    let list = &options.lists[0];
    if let Some(most) = &options.limits.max_members {
        let warning = format!("max_members ({}) does not apply to --stream", most.source);
        context.notes().warn(&warning);
    }
    let check_room = &options.limits.check_room;
    if check_room.value == CheckRoom::Always {
        let warning = format!(
            "check_room ({}) does not apply to --stream",
            check_room.source
        );
        context.notes().warn(&warning);
    }
    let session = config.open_session(Access::Full, context)?;
    if let DefaultReason::Given(reason) = &options.row_rules.default_reason {
        session.check_reason(reason.value.as_str())?;
    }
    confirm::report_rehearsal(context);
    options.report_sources(&mut context.notes());
    paths.report_sources(&mut context.notes());
    let timeline = execute::open_timeline(options, &session, context)?;
    let (records, _) = paths.open(&session, context)?;
    let input = selection::open(list, &mut context.stdin)?;
    let mut channel = JobChannel::new();
    let is_table = matches!(list.layout.format, Some(Format::Csv | Format::Tsv));
    let lines = FeedLines::new(is_table && list.layout.columns.is_none());
    let rows = FeedRows {
        row_sender: channel.row_sender(),
        check_reason: session.reason_check(),
        rules: options.row_rules.clone(),
        name: display_path(&list.path),
        lines: lines.clone(),
    };
    start_reader(input, list, rows)?;
    let engine_options = execute::engine_options(options, 0, &session);
    let job = Job {
        engine: Engine::for_feed(
            options.call.action(),
            engine_options,
            Box::new(rand::random::<f64>),
        ),
        timeline,
        channel,
        records,
        settled_before: Tally::default(),
        size: JobSize {
            members: None,
            requests: usize::MAX,
            longest: None,
            rooms: 0,
        },
        incomplete: None,
        reading: None,
        feed: Some(lines),
    };
    execute::run(job, options, &session, context)
}

/// A feed that is known to be plain lines can give neither room nor reason, so
/// these are required before anything is read. Without `--format` the rows show
/// what they contain.
fn check_format(list: &List, rules: &RowRules, problems: &mut Problems) {
    if list.layout.format != Some(Format::Lines) {
        return;
    }
    if matches!(rules.default_reason, DefaultReason::Missing) {
        let hint = "give --reason TEXT, or the --format of rows that give their reasons";
        problems.push(Problem::usage("no reason", hint));
    }
    if rules.rooms.is_none() {
        let hint = "give --room ROOM, or the --format of rows that name their rooms";
        problems.push(Problem::usage("no room", hint));
    }
}

/// A row that is complete only if nothing follows in its line waits so long for that: half
/// of the 50 ms that a row may wait. The other half is left to its batch.
const MAX_PAUSE: Duration = Duration::from_millis(25);

/// The input of a feed, which shows when its reader waits for bytes.
struct WatchedInput {
    input: Input,
    lines: FeedLines,
    /// Bytes were read, and no [`Pause`] was reported after them.
    has_read: bool,
}

impl Read for WatchedInput {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.lines.set_parsing(false);
        let read = if mem::take(&mut self.has_read) && !self.input.is_ready(MAX_PAUSE) {
            Err(Pause.into())
        } else {
            let read = self.input.read(bytes);
            self.has_read = read.is_ok();
            read
        };
        self.lines.set_parsing(true);
        read
    }
}

/// What the thread that reads needs for each row.
struct FeedRows {
    row_sender: RowSender,
    check_reason: ReasonCheck,
    rules: RowRules,
    /// Of the list, for messages.
    name: String,
    lines: FeedLines,
}

/// Starts the thread that reads. It ends with the list, or when the job is over.
fn start_reader(input: Input, list: &List, feed: FeedRows) -> Result<(), Error> {
    let lines = feed.lines.clone();
    let input = WatchedInput {
        input,
        lines,
        has_read: false,
    };
    let mut rows = Rows::live(input, list.layout.clone());
    let read = move || {
        let mut is_whole = true;
        while let Some(row) = rows.next_or_skipped() {
            is_whole = !matches!(&row, Err(bad) if bad.ends_list(true));
            let is_running = match row {
                Err(bad) => feed.send_bad_row(&bad, rows.row_end()),
                Ok(row) => {
                    let waited = if rows.has_paused() {
                        MAX_PAUSE
                    } else {
                        Duration::ZERO
                    };
                    feed.send_row(&row, waited, rows.row_end())
                }
            };
            if !is_running {
                return;
            }
        }
        feed.lines.set_parsing(false);
        if is_whole {
            feed.lines.end();
        }
        feed.row_sender.end();
    };
    let thread = thread::Builder::new().name("feed".into()).spawn(read);
    thread.context("cannot start the reading thread")?;
    Ok(())
}

/// These hand one row to the job; false if the job is over.
impl FeedRows {
    fn send_bad_row(&self, bad: &BadRow, end: RowEnd) -> bool {
        if bad.last_skipped().is_some() {
            self.lines.add_part(end, false);
            let lines = format!("{}:{bad}", self.name);
            return self.row_sender.skipped_row(SkippedRow::Lines(lines));
        }
        let missing = self.rules.missing(bad.needs_room, bad.needs_reason);
        let more = missing
            .iter()
            .map(|rejection| format!("; {}", rejection.problem.message));
        let why = format!("{}:{bad}{}", self.name, more.collect::<String>());
        if bad.is_doubtful_line() {
            self.lines.add_part(end, bad.is_open());
        } else if bad.is_open() {
            self.lines.add_open(bad.line, end);
        } else if end.is_in_array && bad.ends_list(true) {
            self.lines.add_array_end(bad.line, end);
        } else {
            self.lines.add_bad_value(bad.line, end);
        }
        self.row_sender.bad_row(why)
    }

    fn send_row(&self, row: &Row, waited: Duration, end: RowEnd) -> bool {
        let place = format_args!("{}:{}", self.name, row.line);
        match self.rules.check(row) {
            RowVerdict::Accept { rooms, reason } => {
                if let Err(problem) = (self.check_reason)(reason.as_str()) {
                    self.lines.add_bad(row.line, end);
                    let why = format!("{place}: {}", problem.message);
                    return self.row_sender.bad_row(why);
                }
                self.lines.add(row.line, end, rooms.len());
                let mut rooms = rooms.iter().cloned();
                rooms.all(|room| {
                    let (reason, user) = (reason.clone(), row.user.clone());
                    self.row_sender.row(room, reason, user, waited)
                })
            }
            RowVerdict::Skip(why) => {
                self.lines.add(row.line, end, 1);
                let skipped = format!("{place}: {why}");
                self.row_sender.skipped_row(SkippedRow::Protected(skipped))
            }
            RowVerdict::Reject(rejections) => {
                let messages: Vec<String> = rejections
                    .into_iter()
                    .map(|rejection| rejection.problem.message)
                    .collect();
                self.lines.add_bad(row.line, end);
                self.row_sender
                    .bad_row(format!("{place}: {}", messages.join("; ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::path::PathBuf;

    use super::super::feed_lines::RowsLeft;
    use super::super::row_rules::Protection;
    use super::*;
    use crate::api::Answer;
    use crate::clock::SystemClock;
    use crate::job::input::Layout;
    use crate::job::{EngineOptions, Outcome, Request, Runner, Stop};
    use crate::room::{Action, Reason, RoomId};

    /// Panics where its text ends.
    struct PanicsAfter(Cursor<&'static str>);

    impl Read for PanicsAfter {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            match self.0.read(bytes)? {
                0 => panic!("of a test"),
                count => Ok(count),
            }
        }
    }

    /// A kick of the members of a feed that answers every request with success.
    fn run_feed(input: Box<dyn Read + Send>) -> (Option<Stop>, Option<String>, Tally) {
        let rules = RowRules {
            rooms: Some(vec![RoomId::parse("r").expect("a room")]),
            default_reason: DefaultReason::NotTaken(Reason::parse("x").expect("a reason")),
            protection: Protection::default(),
            skip_protected: false,
        };
        let list = List {
            path: PathBuf::from("-"),
            layout: Layout::of(Some(Format::Lines)),
            has_format: true,
        };
        let options = EngineOptions {
            rate: 200,
            concurrency: 8,
            retries: 0,
            deadline: None,
            max_failures: None,
            can_renew_signature: false,
            check_room: CheckRoom::Never,
        };
        let mut engine = Engine::for_feed(Action::Kick, options, Box::new(|| 0.5));
        let mut channel = JobChannel::new();
        let lines = FeedLines::default();
        let rows = FeedRows {
            row_sender: channel.row_sender(),
            check_reason: Box::new(|_| Ok(())),
            rules,
            name: "-".into(),
            lines: lines.clone(),
        };
        start_reader(Input::Stdin(input), &list, rows).expect("a thread");
        let send = |_: &Request| Ok(Answer::of_code(0));
        let runner = Runner {
            clock: &SystemClock::start(),
            channel,
            send: &send,
            tick: None,
            sends_first_on_this_thread: false,
        };
        let ended = runner.run(&mut engine, &mut |_| Ok(()));
        ended.expect("nothing to write");
        let left = lines.left(engine.rows_taken());
        (
            engine.stop(),
            left.map(RowsLeft::message),
            engine.tally().clone(),
        )
    }

    #[test]
    fn a_feed_whose_reader_panics_is_never_a_success() {
        let after = |line| {
            Some(format!(
                "the rows after line {line} of the feed were not read"
            ))
        };
        for (read, left, members) in [
            ("", Some("no row of the feed was read".to_owned()), 0),
            ("a\n\nb\n", after(3), 2),
            ("a\nb \n", after(2), 2),
        ] {
            let (stop, rows_left, tally) = run_feed(Box::new(PanicsAfter(Cursor::new(read))));
            assert_eq!((stop, rows_left), (Some(Stop::FeedLost), left), "{read:?}");
            assert_eq!(tally.total(), members, "{read:?}");
            assert_eq!(tally.exit(Action::Kick, stop, true), Exit::Unreachable);
        }
    }

    #[test]
    fn a_feed_that_is_read_to_its_end_stops_nothing() {
        let (stop, left, tally) = run_feed(Box::new(Cursor::new("a\nb\n")));
        assert_eq!((stop, left, tally.count(Outcome::Done)), (None, None, 2));
    }
}
