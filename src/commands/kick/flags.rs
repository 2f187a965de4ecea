//! The command line's own part of a job, checked. A fault is noted and the rest
//! is gone through all the same.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Args;
use super::faults::Faults;
use super::limits::{self, MaxFailures, ShowProgress};
use super::reason::DefaultReason;
use super::service_call::ServiceCall;
use crate::config::StdinClaim;
use crate::job::Glob;
use crate::job::input::{Columns, Format};
use crate::room::{Action, MAX_RATE, RoomId, UserId};
use crate::secret::excerpt;

/// Most retries that can be asked for; with the longest delay that is a week.
const MAX_RETRIES: u32 = 1000;

/// Each request in flight is a thread and a connection.
const MAX_CONCURRENCY: u32 = 512;

/// What the flags say; with a fault noted, values may be missing.
#[derive(Debug)]
pub(super) struct Flags {
    pub(super) rooms: Vec<RoomId>,
    pub(super) users: Vec<UserId>,
    pub(super) lists: Vec<List>,
    /// For rows without a reason, as far as flags give one.
    pub(super) reason: DefaultReason,
    pub(super) call: ServiceCall,
    pub(super) rate: Option<u32>,
    pub(super) retries: Option<u32>,
    pub(super) max_members: Option<u32>,
    pub(super) concurrency: Option<u32>,
    pub(super) deadline: Option<Duration>,
    pub(super) max_failures: Option<MaxFailures>,
    pub(super) progress: ShowProgress,
    pub(super) globs: Vec<Glob>,
}

/// One `--from`.
#[derive(Debug)]
pub(super) struct List {
    /// `-` is stdin.
    pub(super) path: PathBuf,
    /// None where the first character is to tell.
    pub(super) format: Option<Format>,
    /// Of a table without a header.
    pub(super) columns: Option<Columns>,
}

/// Checks everything the flags give.
pub(super) fn check(args: &Args, stdin: &mut StdinClaim, faults: &mut Faults) -> Flags {
    if args.user.is_empty() && args.from.is_empty() {
        let action = args.verb.action;
        let example = match action {
            Action::Kick => "roomctl kick --room ROOM --user USER --reason TEXT",
            Action::Ban => "roomctl ban --room ROOM --user USER --for 24h --reason TEXT",
            Action::Unban => "roomctl unban --room ROOM --user USER",
        };
        let verb = action.verb();
        faults.push_with(
            format_args!("nobody to {verb}: give --user USER or --from FILE"),
            example,
        );
    }
    if args.room.is_empty() && !args.user.is_empty() {
        faults.push_with("--user without a room: give --room ROOM", "--room ROOM");
    }
    if args.stream {
        stream(args, faults);
    }
    if args.failed_to.as_deref() == Some(Path::new("-")) {
        faults.push_with("--failed-to -: stdout is for results", "--failed-to FILE");
    }
    Flags {
        rooms: values(faults, "--room", &args.room, RoomId::parse),
        users: values(faults, "--user", &args.user, UserId::parse),
        reason: DefaultReason::of_flags(args, stdin, faults),
        globs: values(faults, "--protect", &args.protect, Glob::parse),
        call: ServiceCall::of(args, faults),
        rate: number(faults, "--rate", args.rate.as_deref(), 1, MAX_RATE),
        retries: number(faults, "--retries", args.retries.as_deref(), 0, MAX_RETRIES),
        max_members: number(
            faults,
            "--max-members",
            args.max_members.as_deref(),
            0,
            u32::MAX,
        ),
        concurrency: number(
            faults,
            "--concurrency",
            args.concurrency.as_deref(),
            1,
            MAX_CONCURRENCY,
        ),
        deadline: limits::deadline(args, faults),
        max_failures: limits::max_failures(args, faults),
        progress: ShowProgress::of(args),
        lists: lists(args, faults),
    }
}

/// The lists with their formats; a flag about lists that no list has a use for
/// is a fault.
fn lists(args: &Args, faults: &mut Faults) -> Vec<List> {
    let asked = args.format.as_deref().and_then(Format::named);
    let columns = args.columns.as_deref().map(Columns::parse);
    let columns = columns.and_then(|named| faults.check("--columns", named));
    let list = |path: &PathBuf| {
        let format = asked.or_else(|| Format::from_path(path));
        let is_table = format.is_some_and(Format::has_columns);
        List {
            path: path.clone(),
            format,
            columns: columns.clone().filter(|_| is_table),
        }
    };
    let lists: Vec<List> = args.from.iter().map(list).collect();
    for (flag, given) in [
        ("--format", args.format.is_some()),
        ("--columns", args.columns.is_some()),
    ] {
        if given && lists.is_empty() {
            faults.push_with(
                format_args!("{flag} is about lists, and none is given with --from"),
                &format!("leave {flag} out, or give --from FILE"),
            );
        }
    }
    let no_table = |list: &List| !list.format.is_some_and(Format::has_columns);
    if args.columns.is_some() && !lists.is_empty() && lists.iter().all(no_table) {
        faults.push_with(
            "--columns names the columns of csv or tsv, and no list is known to be one",
            "say --format csv, or leave --columns out",
        );
    }
    lists
}

/// What cannot go with a live feed, whose end nobody knows.
fn stream(args: &Args, faults: &mut Faults) {
    if args.from.len() != 1 {
        faults.push_with(
            "--stream reads one live feed",
            "give one --from, - for stdin",
        );
    }
    let is_share = args
        .max_failures
        .as_ref()
        .is_some_and(|most| most.ends_with('%'));
    for (flag, given) in [
        ("--user", !args.user.is_empty()),
        ("--dry-run", args.dry_run),
        ("--max-members", args.max_members.is_some()),
        ("--max-failures with a share", is_share),
    ] {
        if given {
            let hint = format!("leave {} out", flag.split(' ').next().unwrap_or(flag));
            let fault = format_args!("{flag} needs the whole plan, and --stream has none");
            faults.push_with(fault, &hint);
        }
    }
}

fn values<T, E: Display>(
    faults: &mut Faults,
    flag: &str,
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, E>,
) -> Vec<T> {
    let mut check = |text: &String| {
        let place = format!("{flag} {:?}", excerpt(text));
        faults.check(place, parse(text))
    };
    texts.iter().filter_map(&mut check).collect()
}

fn number(
    faults: &mut Faults,
    flag: &str,
    text: Option<&str>,
    least: u32,
    most: u32,
) -> Option<u32> {
    let text = text?;
    let parsed = text.parse().ok();
    let fitting = parsed.filter(|number| (least..=most).contains(number));
    if fitting.is_none() {
        let text = excerpt(text);
        faults.push(format_args!(
            "{flag} {text:?}: is not a number from {least} to {most}"
        ));
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::super::testing::args;
    use super::*;

    fn checked(words: &[&str]) -> (Flags, String) {
        let mut stdin = StdinClaim::new(&b"stdin"[..], false);
        let mut faults = Faults::default();
        let flags = check(&args(words), &mut stdin, &mut faults);
        let said = faults.into_result().err().map(|error| error.to_string());
        (flags, said.unwrap_or_default())
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let (_, said) = checked(&[
            "--room",
            "房",
            "--user",
            "",
            "--rate",
            "201",
            "--retries",
            "x",
            "--max-members",
            "many",
            "--protect",
            "",
            "--reason",
            "",
            "--columns",
            "usr",
        ]);
        for part in [
            "9 faults",
            "--room \"房\": ",
            "--user \"\": is empty",
            "--reason: is empty",
            "--protect \"\": is empty",
            "--rate \"201\": is not a number from 1 to 200",
            "--retries \"x\": ",
            "--max-members \"many\": ",
            "--columns: \"usr\" is not one of",
            "--columns is about lists",
        ] {
            assert!(said.contains(part), "{part} in\n{said}");
        }
    }

    #[test]
    fn somebody_must_be_named_and_a_user_needs_a_room() {
        assert!(checked(&["--room", "r"]).1.starts_with("nobody to remove"));
        assert!(checked(&["--user", "u"]).1.contains("--room ROOM"));
        assert_eq!(checked(&["--from", "x.csv"]).1, "");
    }

    #[test]
    fn formats_come_from_the_flag_or_the_suffix() {
        let formats = |words: &[&str]| -> Vec<Option<Format>> {
            let (flags, said) = checked(words);
            assert_eq!(said, "");
            flags.lists.iter().map(|list| list.format).collect()
        };
        assert_eq!(
            formats(&["-f", "a.csv", "-f", "b", "-f", "c.jsonl", "-f", "-"]),
            [Some(Format::Csv), None, Some(Format::Ndjson), None]
        );
        assert_eq!(
            formats(&["-f", "a.csv", "-f", "b", "--format", "tsv"]),
            [Some(Format::Tsv); 2]
        );
    }

    #[test]
    fn columns_are_for_tables_and_not_for_nothing() {
        let (flags, said) = checked(&["-f", "a.csv", "-f", "b.ndjson", "--columns", "room,user"]);
        assert_eq!(said, "");
        let named: Vec<bool> = flags.lists.iter().map(|l| l.columns.is_some()).collect();
        assert_eq!(named, [true, false]);
        for words in [
            &["-f", "a", "--columns", "user"][..],
            &["-f", "a.ndjson", "--columns", "user"],
            &["-f", "a.csv", "--format", "lines", "--columns", "user"],
        ] {
            assert!(checked(words).1.contains("no list is known to be one"));
        }
        let (_, said) = checked(&["-u", "u", "-r", "r", "--format", "csv"]);
        assert!(said.starts_with("--format is about lists"), "{said}");
    }
}
