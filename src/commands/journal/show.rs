//! `roomctl journal show`: the outcomes of several files, merged by time, as
//! results: JSON lines with the keys of a job's `-o json`, or a line per member.
//! Memory does not grow with the files, only with the members in doubt, and with those
//! that `--outcome` prints.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::SystemTime;

use clap::ValueHint;

use super::files::{self, Findings, RecordFile, describe_doubt, show_doubt};
use super::later::LaterOutcomes;
use super::printer::Printer;
use crate::clock::{Clock, parse_duration, unix_seconds};
use crate::commands::{CommandArgs, Context};
use crate::config::one_of;
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::job::Outcome;
use crate::job::journal::{Entry, LatestRequest, Record, Unsettled};
use crate::room::{MEMBERS_PER_REQUEST, RoomId, UserId};
use crate::secret::excerpt;

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
    #[arg(long, value_name = "OUTCOME", ignore_case = true, value_parser = one_of(OUTCOMES))]
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

--outcome prints every such outcome, also of a member that has a later one
(refused, removed since; banned, unbanned since): stderr says how many have.

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

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let filter = Filter::of(args, context.clock.now().wall)?;
    let opened = files::open_all(&args.files, "journal show", context)?;
    let mut findings = Findings::new(context);
    let mut sources: Vec<Source> = opened.into_iter().map(Source::of).collect();
    let mut printer = Printer::new(context.style);
    let mut later = LaterOutcomes::default();
    let is_read = read_outcomes(&mut sources, &filter, &mut findings, |record, outcome| {
        let word = outcome.name(record.action);
        let is_wanted = filter.has(word, record.unix);
        if filter.has_outcomes() {
            later.add(&record, outcome, is_wanted);
        }
        Ok(!is_wanted || printer.add(&record, word)?)
    })?;
    findings.check_usable()?;
    if is_read {
        let in_doubt = print_doubt(&sources, &filter, &mut printer)?;
        printer.flush()?;
        if in_doubt > 0 && !filter.shows_doubt() {
            let files = sources.iter().map(|source| &source.file);
            let note = format!("{}: {}", describe_doubt(in_doubt), show_doubt(files));
            findings.notes().info(&note);
        } else if printer.lines == 0 {
            findings.notes().info("no outcome matches");
        }
        if let Some(later) = later.in_words() {
            findings.notes().info(&later);
        }
    }
    findings.into_exit()
}

/// Adds the problems of the flags.
pub(super) fn check(args: &Args, context: &Context, problems: &mut Problems) {
    problems.ok_or_collect(Filter::of(args, context.clock.now().wall));
}

/// Passes the outcomes of all files to `take`, the oldest first, until it returns false:
/// the reader of stdout has closed it. Returns what `take` returned last.
fn read_outcomes(
    sources: &mut [Source],
    filter: &Filter,
    findings: &mut Findings,
    mut take: impl FnMut(Record<'_>, Outcome) -> Result<bool, Error>,
) -> Result<bool, Error> {
    if let [source] = sources {
        let mut is_read = Ok(true);
        source.read(filter, findings, |record, outcome| {
            is_read = take(record, outcome);
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
            && !take(record, outcome)?
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

    /// Passes the outcomes that match to `take`, until it returns false; with `--outcome`
    /// all outcomes of the members, because a later one is reported.
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
                    let is_wanted = filter.has_outcomes()
                        || filter.has(outcome.name(record.action), record.unix);
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
    let mut requests: Vec<(&LatestRequest, Vec<&str>)> = requests
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

/// Which outcomes are printed. An empty list means all.
struct Filter {
    users: Vec<String>,
    rooms: Vec<String>,
    outcomes: Vec<String>,
    since: Option<u64>,
}

impl Filter {
    /// Checks the flags; all problems are reported together.
    fn of(args: &Args, now: SystemTime) -> Result<Self, Error> {
        let mut problems = Problems::default();
        for room in &args.room {
            problems.ok_or_collect(RoomId::parse(room).map_err(|why| wrong("--room", room, &why)));
        }
        for user in &args.user {
            problems.ok_or_collect(UserId::parse(user).map_err(|why| wrong("--user", user, &why)));
        }
        let since = args.since.as_deref();
        let since = since.and_then(|text| problems.ok_or_collect(start_time(text, now)));
        problems.into_result()?;
        Ok(Self {
            users: args.user.clone(),
            rooms: args.room.clone(),
            outcomes: args.outcome.clone(),
            since,
        })
    }

    /// Removes the members that do not match. Returns whether any is left.
    fn keep_members(&self, record: &mut Record<'_>) -> bool {
        if !self.rooms.is_empty() && !self.rooms.iter().any(|room| *room == record.room) {
            return false;
        }
        if !self.users.is_empty() {
            let is_named = |user: &Cow<'_, str>| self.users.iter().any(|name| name == user);
            record.members.retain(is_named);
        }
        !record.members.is_empty()
    }

    fn has(&self, outcome: &str, unix: u64) -> bool {
        let is_named = self.outcomes.is_empty() || self.outcomes.iter().any(|o| o == outcome);
        is_named && self.is_in_time(unix)
    }

    /// Whether only some outcomes are printed.
    fn has_outcomes(&self) -> bool {
        !self.outcomes.is_empty()
    }

    /// Whether a time is not before `--since`.
    fn is_in_time(&self, unix: u64) -> bool {
        self.since.is_none_or(|since| unix >= since)
    }

    /// Whether members in doubt are printed.
    fn shows_doubt(&self) -> bool {
        self.outcomes.iter().any(|word| word == IN_DOUBT)
    }
}

fn wrong(flag: &str, text: &str, why: &impl std::fmt::Display) -> Problem {
    let message = format!("{flag} {:?}: {why}", excerpt(text));
    Problem::usage(message, format!("give {flag} a name as the file has it"))
}

/// `--since` in seconds since 1970.
fn start_time(text: &str, now: SystemTime) -> Result<u64, Problem> {
    let text = text.trim();
    let length = text.strip_suffix("ago").map_or(text, str::trim_end);
    if let Some(ago) = parse_duration(length) {
        return Ok(unix_seconds(now).saturating_sub(ago.as_secs()));
    }
    point_in_time(text).ok_or_else(|| {
        Problem::usage(
            format!("--since {:?}: neither a duration nor a time", excerpt(text)),
            "give --since a duration like 2h or 7d (ago), or a time like 2026-03-01 or \
             2026-03-01T02:11:09Z",
        )
    })
}

/// A date or a time of RFC 3339. Seconds and offset may be missing.
fn point_in_time(text: &str) -> Option<u64> {
    if !text.is_ascii() {
        return None;
    }
    let utc = text.strip_suffix(['Z', 'z']);
    let (local, east) = match utc {
        Some(local) => (local, 0),
        None => match text.len().checked_sub(6).filter(|at| *at > 10) {
            Some(at) if text[at..].starts_with(['+', '-']) => {
                (&text[..at], offset_minutes(&text[at..])?)
            }
            _ => (text, 0),
        },
    };
    let whole = match local.len() {
        10 => format!("{local}T00:00:00"),
        16 => format!("{local}:00"),
        _ => local.to_owned(),
    };
    let time = humantime::parse_rfc3339_weak(&whole.replace('t', "T")).ok()?;
    unix_seconds(time).checked_add_signed(-60 * east)
}

/// `+08:00`
fn offset_minutes(text: &str) -> Option<i64> {
    let (sign, time) = text.split_at(1);
    let (hours, minutes) = time.split_once(':')?;
    let [hours, minutes]: [i64; 2] = [hours.parse().ok()?, minutes.parse().ok()?];
    let minutes = (hours < 24 && minutes < 60).then_some(60 * hours + minutes)?;
    Some(if sign == "-" { -minutes } else { minutes })
}
