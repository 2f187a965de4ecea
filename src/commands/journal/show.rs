//! `roomctl journal show`: the outcomes of several files, merged by time, as
//! results: JSON lines with the keys of a job's `-o json`, or a line per member.
//! Memory does not grow with the files, only with the members in doubt.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ValueHint;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::files::{self, Findings, RecordFile, describe_doubt, show_doubt};
use super::filter::Filter;
use crate::clock::Clock;
use crate::commands::{CommandArgs, Context};
use crate::config::Format;
use crate::error::{Error, Problems};
use crate::exit::Exit;
use crate::job::Outcome;
use crate::job::journal::{Entry, Record, Request, Unsettled};
use crate::output::{aligned, cell};
use crate::room::{Action, MEMBERS_PER_REQUEST};
use crate::streams::OutputStyle;

/// Show what happened to members, from journals and audit files
#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(super) struct Args {
    /// Journals and audit files, - for stdin
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Only this member; repeatable
    #[arg(short, long, value_name = "USER", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub(super) user: Vec<String>,
    /// Only this room; repeatable
    #[arg(short, long, value_name = "ROOM", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub(super) room: Vec<String>,
    /// Only members with this outcome; repeatable
    #[arg(long, value_name = "OUTCOME", value_parser = PossibleValuesParser::new(OUTCOMES))]
    pub(super) outcome: Vec<String>,
    /// Only from this time on: 2h ago, or 2026-03-01T02:11:09Z
    ///
    /// A duration like 30m, 2h or 7d before now; a date, or a time as in RFC 3339.
    /// Without an offset it is UTC, like the times that are printed.
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other)]
    pub(super) since: Option<String>,
}

impl CommandArgs for Args {}

/// The words of `--outcome`, in the order of the summary.
pub(super) const OUTCOMES: [&str; 9] = [
    "removed", "banned", "unbanned", "gone", "absent", "refused", "unknown", "unsent", IN_DOUBT,
];

/// A member of a request whose outcome is not recorded. Not an outcome of a job.
pub(super) const IN_DOUBT: &str = "in-doubt";

const SHORT: &str = "\
Examples:
  roomctl journal show spam.journal --user alice
  roomctl journal show job --outcome banned -o json | roomctl unban --from -";

const LONG: &str = "\
The newest outcome is the last. In a pipe, text has a line per member, with tabs
between these columns, and - for what is not known: time, outcome, action, room,
user, ErrorCode, RequestId, ErrorInfo, reason, calling account. On a terminal it
is aligned, and RequestId, reason and account are shown with -v. -o json has the
keys that kick -o json prints, so it can be filtered and fed to --from.

Members in doubt (a request was sent, and its outcome is not recorded) are
counted on stderr, and printed with --outcome in-doubt.

A file that a job is using can be read; nothing is locked or written. Unreadable
lines are reported, and all others are printed.

Examples:
  roomctl journal show spam.journal --user alice
  roomctl journal show job --outcome banned -o json | roomctl unban --from -
  roomctl journal show spam.journal --outcome refused --since 2h -o json

Exit codes: 0 printed, 2 usage or not a journal, 7 damaged lines, or output
cannot be written.";

/// The keys of a job's results, in their order. The names are fixed.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownJson<'a, M: Serialize> {
    room_id: &'a str,
    #[serde(rename = "MemberList_Account")]
    members: &'a [M],
    action_status: Option<&'a str>,
    error_code: Option<i64>,
    error_info: Option<&'a str>,
    request_id: Option<&'a str>,
    outcome: &'a str,
    attempts: Option<u32>,
    elapsed_ms: Option<u64>,
    action: &'a str,
    reason: Option<&'a str>,
    time: &'a str,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let filter = Filter::of(args, context.clock.now().wall)?;
    let opened = files::open_all(&args.files, "journal show", context)?;
    let mut findings = Findings::new(context);
    let mut sources: Vec<Source> = opened.into_iter().map(Source::of).collect();
    let mut printer = Printer::new(context.style);
    let is_read = print_outcomes(&mut sources, &filter, &mut findings, &mut printer)?;
    findings.check_usable()?;
    if is_read {
        let in_doubt = print_doubt(&sources, &filter, &mut printer)?;
        printer.flush()?;
        if in_doubt > 0 && !filter.shows_doubt() {
            let note = format!("{}: {}", describe_doubt(in_doubt), show_doubt(&args.files));
            findings.notes().info(&note);
        } else if printer.lines == 0 {
            findings.notes().info("no outcome matches");
        }
    }
    findings.into_exit()
}

/// Adds the problems of the flags.
pub(super) fn check(args: &Args, context: &Context, problems: &mut Problems) {
    problems.ok_or_collect(Filter::of(args, context.clock.now().wall));
}

/// Prints the outcomes of all files. Returns false if the reader of stdout has
/// closed it.
fn print_outcomes(
    sources: &mut [Source],
    filter: &Filter,
    findings: &mut Findings,
    printer: &mut Printer,
) -> Result<bool, Error> {
    if let [source] = sources {
        let mut is_read = Ok(true);
        source.read(filter, findings, |record, outcome| {
            is_read = printer.add(&record, outcome.name(record.action));
            matches!(is_read, Ok(true))
        });
        return is_read;
    }
    for source in &mut *sources {
        source.advance(filter, findings);
    }
    findings.check_usable()?;
    while let Some(source) = oldest(sources) {
        if let Some((record, outcome)) = source.next.take()
            && !printer.add(&record, outcome.name(record.action))?
        {
            return Ok(false);
        }
        source.advance(filter, findings);
    }
    Ok(true)
}

/// One file, and its next outcome that is to be printed.
struct Source {
    file: RecordFile,
    unsettled: Unsettled<()>,
    next: Option<(Record<'static>, Outcome)>,
}

impl Source {
    fn of(file: RecordFile) -> Self {
        Self {
            file,
            unsettled: Unsettled::default(),
            next: None,
        }
    }

    /// Reads up to the next outcome that matches, and keeps it.
    fn advance(&mut self, filter: &Filter, findings: &mut Findings) {
        let mut next = None;
        self.read(filter, findings, |record, outcome| {
            next = Some((record.into_owned(), outcome));
            false
        });
        self.next = next;
    }

    /// Passes the outcomes that match to `take`, until it returns false.
    fn read(
        &mut self,
        filter: &Filter,
        findings: &mut Findings,
        mut take: impl FnMut(Record<'_>, Outcome) -> bool,
    ) {
        loop {
            match self.file.next(findings) {
                Entry::End => return,
                Entry::Nothing | Entry::Torn(_) => {}
                Entry::Intent(mut record) => {
                    if filter.keep_members(&mut record) {
                        self.unsettled.add_intent(&record);
                    }
                }
                Entry::Outcome(mut record, outcome) => {
                    if !filter.keep_members(&mut record) {
                        continue;
                    }
                    for user in &record.members {
                        self.unsettled.add_outcome(&record, user, outcome, None);
                    }
                    let is_wanted = filter.has(outcome.name(record.action), record.unix);
                    if is_wanted && !take(record, outcome) {
                        return;
                    }
                }
            }
        }
    }
}

/// The source with the oldest outcome; of equal ones the first on the command line.
fn oldest(sources: &mut [Source]) -> Option<&mut Source> {
    let waiting = sources.iter_mut().filter(|source| source.next.is_some());
    waiting.min_by_key(|source| source.next.as_ref().map(|(record, _)| record.unix))
}

/// Prints the members in doubt, if they are wanted. Returns how many there are.
fn print_doubt(sources: &[Source], filter: &Filter, printer: &mut Printer) -> Result<usize, Error> {
    let mut count = 0;
    let requests = sources
        .iter()
        .flat_map(|source| source.unsettled.in_doubt());
    let mut requests: Vec<(&Request, Vec<&str>)> = requests
        .filter(|(request, _)| filter.is_in_time(request.unix))
        .collect();
    requests.sort_by_key(|(request, _)| request.unix);
    for (request, users) in requests {
        count += users.len();
        if !filter.shows_doubt() {
            continue;
        }
        for users in users.chunks(MEMBERS_PER_REQUEST) {
            if !printer.add(&request.to_record(users), IN_DOUBT)? {
                return Ok(count);
            }
        }
    }
    Ok(count)
}

/// Prints lines a page at a time.
struct Printer {
    style: OutputStyle,
    layout: Layout,
    /// Lines to be printed.
    page: String,
    /// Rows to be aligned and printed.
    rows: Vec<Vec<String>>,
    lines: usize,
}

#[derive(Clone, Copy)]
enum Layout {
    Json,
    Tabs,
    Aligned,
}

/// What is printed in one write.
const PAGE_BYTES: usize = 64 * 1024;

/// Rows that are aligned with each other.
const PAGE_ROWS: usize = 1000;

/// On a terminal the last three are shown with `-v`.
const HEADER: [&str; 10] = [
    "TIME",
    "OUTCOME",
    "ACTION",
    "ROOM",
    "USER",
    "CODE",
    "ERRORINFO",
    "REQUESTID",
    "REASON",
    "ACCOUNT",
];

impl Printer {
    fn new(style: OutputStyle) -> Self {
        let layout = match style.format {
            Format::Json => Layout::Json,
            Format::Text if std::io::stdout().is_terminal() => Layout::Aligned,
            Format::Text => Layout::Tabs,
        };
        Self {
            style,
            layout,
            page: String::new(),
            rows: Vec::new(),
            lines: 0,
        }
    }

    /// Adds a record. Returns false if the reader of stdout has closed it.
    fn add(&mut self, record: &Record<'_>, outcome: &str) -> Result<bool, Error> {
        match self.layout {
            Layout::Json => {
                self.page += &json(record, outcome);
                self.page.push('\n');
            }
            Layout::Tabs => push_lines(&mut self.page, record, outcome),
            Layout::Aligned => {
                if self.lines == 0 {
                    let header = HEADER.map(str::to_owned).to_vec();
                    self.rows.push(self.for_terminal(header));
                }
                for row in rows(record, outcome) {
                    let row = self.for_terminal(row);
                    self.rows.push(row);
                }
            }
        }
        self.lines += 1;
        if self.page.len() < PAGE_BYTES && self.rows.len() < PAGE_ROWS {
            return Ok(true);
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<bool, Error> {
        let rows = std::mem::take(&mut self.rows);
        self.page += &aligned(&rows);
        let page = std::mem::take(&mut self.page);
        if page.is_empty() {
            return Ok(true);
        }
        self.style.print_page(&page)
    }

    fn for_terminal(&self, mut row: Vec<String>) -> Vec<String> {
        if self.style.verbose == 0 {
            row.truncate(7);
        }
        row
    }
}

fn json(record: &Record<'_>, outcome: &str) -> String {
    let shown = ShownJson {
        room_id: &record.room,
        members: &record.members,
        action_status: record.action_status.as_deref(),
        error_code: record.error_code,
        error_info: record.error_info.as_deref(),
        request_id: record.request_id.as_deref(),
        outcome,
        attempts: record.attempts,
        elapsed_ms: record.elapsed_ms,
        action: Action::name(record.action),
        reason: record.reason.as_deref(),
        time: &record.time,
    };
    serde_json::to_string(&shown).expect("strings and numbers serialise")
}

/// The cells of every member of a record, before and after the user: time, outcome,
/// action, room; `ErrorCode`, `RequestId`, `ErrorInfo`, reason, account.
fn cells(record: &Record<'_>, outcome: &str) -> ([String; 4], [String; 5]) {
    let text = |text: &Option<Cow<'_, str>>| cell(text.as_deref().unwrap_or_default());
    let code = record.error_code.map(|code| code.to_string());
    let before = [
        cell(&record.time),
        cell(outcome),
        cell(record.action.name()),
        cell(&record.room),
    ];
    let after = [
        cell(code.as_deref().unwrap_or_default()),
        text(&record.request_id),
        text(&record.error_info),
        text(&record.reason),
        text(&record.identifier),
    ];
    (before, after)
}

/// A line per member, in the columns of a pipe.
fn push_lines(page: &mut String, record: &Record<'_>, outcome: &str) {
    let (before, after) = cells(record, outcome);
    let [before, after] = [before.join("\t"), after.join("\t")];
    for user in &record.members {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "{before}\t{}\t{after}", cell(user));
    }
}

/// A row per member, in the columns of a terminal: most identifiers of requests are
/// 40 characters long, so they stand after the texts.
fn rows(record: &Record<'_>, outcome: &str) -> Vec<Vec<String>> {
    let (before, [code, request_id, info, reason, account]) = cells(record, outcome);
    let row = |user: &Cow<'_, str>| {
        let after = [cell(user), code.clone(), info.clone()];
        let verbose = [request_id.clone(), reason.clone(), account.clone()];
        [before.as_slice(), &after, &verbose].concat()
    };
    record.members.iter().map(row).collect()
}
