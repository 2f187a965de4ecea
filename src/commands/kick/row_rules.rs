//! Which rows may be removed, from which rooms and for what reason. `--user`,
//! lists and live feeds pass the same checks.

use std::fmt::{self, Display};
use std::io::{self, Read};
use std::path::Path;
use std::slice;

use super::args::ReasonArgs;
use crate::config::table::PROTECT;
use crate::config::{Profile, Setting, Source, StdinClaim};
use crate::error::{Error, Problem, Problems};
use crate::file_name::display_path;
use crate::input_file;
use crate::job::input::Row;
use crate::job::{Glob, GlobError};
use crate::room::{Action, Reason, RoomId, UserId};
use crate::secret::excerpt;

/// Most bytes of a reason file that are read: enough to report by how much it is
/// too long.
const MAX_REASON_FILE: u64 = 64 * 1024;

/// The remedy where a member is protected.
pub(super) const PROTECTED_HINT: &str = "add --skip-protected to skip these members and continue";

/// The remedy where rows without a room have none.
pub(super) const ROOM_HINT: &str = "give --room ROOM for rows without a room";

/// The remedy where a reason is missing.
pub(super) const REASON_HINT: &str = "give --reason TEXT; the service requires a reason";

/// The remedy where a reason cannot be used.
const REASON_TEXT_HINT: &str = "give a reason of 1 to 1000 bytes";

/// The rules that every row has to pass.
#[derive(Debug, Clone)]
pub(super) struct RowRules {
    /// For rows without a room. None if no `--room` was given; empty if none of
    /// those given is valid.
    pub(super) rooms: Option<Vec<RoomId>>,
    pub(super) default_reason: DefaultReason,
    pub(super) protection: Protection,
    /// Protected rows are skipped instead of rejected.
    pub(super) skip_protected: bool,
}

/// The reason for rows that give none.
#[derive(Debug, Clone)]
pub(super) enum DefaultReason {
    Given(Setting<Reason>),
    /// One was given and cannot be used; that problem is reported already.
    Invalid,
    /// Rows without a reason are rejected.
    Missing,
    /// The action takes no reason; the value is empty, and those of rows are
    /// ignored.
    NotTaken(Reason),
}

/// The members that are never removed: those whose names match a pattern, and
/// the caller, because a moderator's list may contain the moderator.
#[derive(Debug, Clone, Default)]
pub(super) struct Protection {
    pub(super) globs: Vec<Setting<Glob>>,
    pub(super) caller: Option<UserId>,
}

/// Why a member is not removed.
#[derive(Debug)]
pub(super) enum ProtectedBy<'a> {
    Glob(&'a Setting<Glob>),
    Caller,
}

/// The result of the checks of one row.
#[derive(Debug)]
pub(super) enum RowVerdict<'a> {
    /// The member is removed from these rooms.
    Accept {
        rooms: &'a [RoomId],
        reason: &'a Reason,
    },
    /// The member is protected, and `--skip-protected` was given: which row, and why.
    Skip(String),
    /// None where the row cannot be used because of a problem that is reported
    /// already.
    Reject(Vec<Rejection>),
}

/// Why a row is rejected.
#[derive(Debug)]
pub(super) struct Rejection {
    /// Rows of the same kind are reported together.
    pub(super) kind: String,
    pub(super) problem: Problem,
}

impl Rejection {
    fn missing(message: &str, hint: &str) -> Self {
        Self {
            kind: message.to_owned(),
            problem: Problem::missing(message, hint),
        }
    }
}

impl RowRules {
    /// Checks a row. Messages are without its place.
    pub(super) fn check<'a>(&'a self, row: &'a Row) -> RowVerdict<'a> {
        let mut problems = Vec::new();
        if let Some(why) = self.protection_of(&row.user) {
            let message = format!("user {:?} {why}", row.user.as_str());
            if self.skip_protected {
                return RowVerdict::Skip(message);
            }
            problems.push(Rejection {
                kind: why.to_string(),
                problem: Problem::usage(message, PROTECTED_HINT),
            });
        }
        let reason = match (&row.reason, &self.default_reason) {
            (_, DefaultReason::NotTaken(empty)) => Some(empty),
            (Some(reason), _) => Some(reason),
            (None, DefaultReason::Given(reason)) => Some(&reason.value),
            (None, DefaultReason::Invalid | DefaultReason::Missing) => None,
        };
        let rooms = match (&row.room, &self.rooms) {
            (Some(room), _) => Some(slice::from_ref(room)),
            (None, Some(rooms)) => Some(rooms.as_slice()),
            (None, None) => None,
        };
        if let (Some(rooms), Some(reason), true) = (rooms, reason, problems.is_empty()) {
            return RowVerdict::Accept { rooms, reason };
        }
        problems.extend(self.missing(row.room.is_none(), row.reason.is_none()));
        RowVerdict::Reject(problems)
    }

    /// What no flag gives to a row that needs it.
    pub(super) fn missing(&self, needs_room: bool, needs_reason: bool) -> Vec<Rejection> {
        let mut problems = Vec::new();
        if needs_room && self.rooms.is_none() {
            problems.push(Rejection::missing("has no room", ROOM_HINT));
        }
        if needs_reason && matches!(self.default_reason, DefaultReason::Missing) {
            problems.push(Rejection::missing("has no reason", REASON_HINT));
        }
        problems
    }

    /// Why this member is not removed; None if it may be.
    pub(super) fn protection_of(&self, user: &UserId) -> Option<impl Display> {
        self.protection.of(user)
    }

    /// The reason for the members of `--user`. A missing one is a problem.
    pub(super) fn reason_of_users(&self, problems: &mut Problems) -> Option<&Reason> {
        match &self.default_reason {
            DefaultReason::Given(reason) => Some(&reason.value),
            DefaultReason::NotTaken(empty) => Some(empty),
            DefaultReason::Invalid => None,
            DefaultReason::Missing => {
                problems.push(Problem::missing("no reason", REASON_HINT));
                None
            }
        }
    }
}

impl DefaultReason {
    /// Rows without a reason are not rejected for that: the profile, whose problem is
    /// reported already, may have one.
    pub(super) fn expect_in_profile(&mut self) {
        if matches!(self, Self::Missing) {
            *self = Self::Invalid;
        }
    }

    /// The reason of the flags, else of the profile.
    pub(super) fn resolve(
        args: &ReasonArgs,
        action: Action,
        profile: Option<&Profile>,
        stdin: &mut StdinClaim,
        problems: &mut Problems,
    ) -> Self {
        if !action.has_reason() {
            return Self::NotTaken(Reason::none());
        }
        let (flag, text) = match (&args.reason, &args.reason_file) {
            (None, None) => return Self::of_profile(profile, problems),
            (Some(_), Some(_)) => {
                problems.push(Problem::usage(
                    "--reason and --reason-file both give the reason",
                    "remove one of --reason and --reason-file",
                ));
                return Self::Invalid;
            }
            (Some(text), None) => ("--reason", Ok(text.clone())),
            (None, Some(file)) => ("--reason-file", read_reason(file, stdin)),
        };
        let parse = |text: String| {
            Reason::parse(&text)
                .map_err(|why| Problem::usage(format_args!("{flag}: {why}"), REASON_TEXT_HINT))
        };
        let text = problems.ok_or_collect(text);
        let reason = text.and_then(|text| problems.ok_or_collect(parse(text)));
        reason.map_or(Self::Invalid, |value| {
            let source = Source::Flag(flag);
            Self::Given(Setting { value, source })
        })
    }

    fn of_profile(profile: Option<&Profile>, problems: &mut Problems) -> Self {
        match profile.map(Profile::reason).transpose() {
            Ok(reason) => reason.flatten().map_or(Self::Missing, Self::Given),
            Err(error) => {
                problems.ok_or_collect(Err::<(), _>(error));
                Self::Invalid
            }
        }
    }
}

/// The text of the file, without a byte order mark and without the line end that
/// editors add.
fn read_reason(file: &Path, stdin: &mut StdinClaim) -> Result<String, Error> {
    let name = display_path(file);
    let unreadable = |why: io::Error| {
        let hint = input_file::remedy(&why, "name a file that can be read, or - for stdin");
        Error::usage(format_args!("--reason-file {name}: {why}"), hint)
    };
    let input: Box<dyn Read> = if file.as_os_str() == "-" {
        stdin.claim("--reason-file")?
    } else {
        Box::new(input_file::open(file, "--reason-file").map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    input
        .take(MAX_REASON_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    // The end may be within a character, and the file of any kind.
    if bytes.len() as u64 > MAX_REASON_FILE {
        let kib = MAX_REASON_FILE / 1024;
        let message = format_args!(
            "--reason-file {name}: has more than {kib} KiB; a reason has at most 1000 bytes"
        );
        return Err(Error::usage(message, REASON_TEXT_HINT));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        let message = format_args!("--reason-file {name}: is not UTF-8");
        Error::usage(message, "save the file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

impl Protection {
    /// The patterns of the flags and of the profile together. An unban removes
    /// nobody, so only its own flags count there.
    pub(super) fn new(
        action: Action,
        of_flags: Vec<Glob>,
        profile: Option<&Profile>,
        caller: Option<UserId>,
        problems: &mut Problems,
    ) -> Self {
        let of_flag = |value| Setting {
            value,
            source: Source::Flag("--protect"),
        };
        let mut globs: Vec<_> = of_flags.into_iter().map(of_flag).collect();
        if action == Action::Unban {
            let caller = None;
            return Self { globs, caller };
        }
        if let Some(texts) = profile.and_then(|profile| profile.texts(&PROTECT)) {
            let of_profile = |text: &String| protected_by_profile(text, &texts.source);
            let parsed = texts.value.iter().map(of_profile);
            globs.extend(parsed.filter_map(|glob| problems.ok_or_collect(glob)));
        }
        Self { globs, caller }
    }

    /// Why this member is protected; None if it is not.
    pub(super) fn of(&self, user: &UserId) -> Option<ProtectedBy<'_>> {
        if self.caller.as_ref() == Some(user) {
            return Some(ProtectedBy::Caller);
        }
        let mut globs = self.globs.iter();
        let glob = globs.find(|glob| glob.value.matches(user.as_str()));
        glob.map(ProtectedBy::Glob)
    }
}

/// Only of the profile in use: a pattern of another one disturbs no command.
fn protected_by_profile(text: &str, source: &Source) -> Result<Setting<Glob>, Problem> {
    let problem = |why: GlobError| {
        let message = format!("protect of {source}: {:?}: {why}", excerpt(text));
        Problem::config(message, why.remedy("protect = [\"A\", \"B\"]"))
    };
    let value = Glob::parse_protection(text).map_err(problem)?;
    let source = source.clone();
    Ok(Setting { value, source })
}

impl Display for ProtectedBy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Glob(Setting { value, source }) => {
                write!(f, "is protected by {:?}, {source}", value.to_string())
            }
            Self::Caller => f.write_str("is the calling account itself"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn protected_names_and_the_caller_are_reported_with_the_pattern() {
        let user = |name| UserId::parse(name).expect("user");
        let globs = vec![Glob::parse("host-*").expect("a pattern")];
        let (caller, mut problems) = (Some(user("admin")), Problems::default());
        let protection = Protection::new(Action::Kick, globs, None, caller, &mut problems);
        let why = |name| protection.of(&user(name)).map(|why| why.to_string());
        assert_eq!(
            why("host-1").as_deref(),
            Some("is protected by \"host-*\", flag --protect")
        );
        assert_eq!(
            why("admin").as_deref(),
            Some("is the calling account itself")
        );
        assert_eq!(why("Admin"), None);
    }

    /// The reason, if there is one, and the problems.
    fn resolve(reason: Option<&str>, file: Option<&str>, stdin: &'static [u8]) -> [String; 2] {
        let args = ReasonArgs {
            reason: reason.map(str::to_owned),
            reason_file: file.map(PathBuf::from),
        };
        let mut stdin = StdinClaim::new(stdin, false);
        let mut problems = Problems::default();
        let reason = DefaultReason::resolve(&args, Action::Kick, None, &mut stdin, &mut problems);
        let error = problems.into_result().err().map(|error| error.to_string());
        let reason = match reason {
            DefaultReason::Given(reason) => reason.value.to_string(),
            other => format!("{other:?}"),
        };
        [reason, error.unwrap_or_default()]
    }

    #[test]
    fn a_reason_file_loses_its_last_line_end_and_its_mark() {
        let [reason, _] = resolve(None, Some("-"), b"\xef\xbb\xbfspam\r\n");
        assert_eq!(reason, "spam");
        let [reason, _] = resolve(None, Some("-"), b"a\nb\n\n");
        assert_eq!(reason, "a\nb\n");
    }

    #[test]
    fn a_reason_that_cannot_be_used_is_reported_with_its_length() {
        let long = "x".repeat(1043);
        let [reason, error] = resolve(Some(&long), None, b"");
        assert_eq!(reason, "Invalid");
        assert!(error.starts_with("--reason: 1043 of 1000 bytes"), "{error}");
        // Of 3 bytes each: the last one that is read is not complete.
        let long = "踢".repeat(30_000).leak().as_bytes();
        let [_, error] = resolve(None, Some("-"), long);
        assert_eq!(
            error,
            "--reason-file -: has more than 64 KiB; a reason has at most 1000 bytes"
        );
        let [_, error] = resolve(None, Some("-"), b"\xff");
        assert_eq!(error, "--reason-file -: is not UTF-8");
        let [_, error] = resolve(Some("a"), Some("-"), b"b");
        assert_eq!(error, "--reason and --reason-file both give the reason");
        assert_eq!(resolve(None, None, b"")[0], "Missing");
    }
}
