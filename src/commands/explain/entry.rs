//! What there is to tell of one code: the vendor's facts come from
//! [`crate::api::codes`], roomctl's exit codes from [`crate::exit`]; here is
//! only how they are told.

use serde::{Serialize, Serializer};

use crate::api::codes::{self, Class, NOT_A_MEMBER};
use crate::exit::Exit;

/// One line of the answer; the keys are those of `-o json`.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    pub(super) code: i64,
    pub(super) kind: CodeKind,
    /// Whether a document names the code.
    pub(super) listed: bool,
    pub(super) meaning: &'static str,
    pub(super) remedy: Option<&'static str>,
    /// A word for what is done; for an exit code its `kind` in JSON errors.
    pub(super) action: &'static str,
    pub(super) does: Option<&'static str>,
    /// What a job ends with when nothing but this was answered.
    #[serde(rename = "ExitCode", serialize_with = "number")]
    pub(super) exit: Exit,
}

/// Whose number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CodeKind {
    /// `ErrorCode` of an answer.
    Service,
    /// Status of an answer without a usable body.
    Http,
    /// What roomctl ends with.
    Exit,
}

impl CodeKind {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Service => "ErrorCode",
            Self::Http => "HTTP",
            Self::Exit => "exit code",
        }
    }
}

/// Everything known of this number; never empty. Zero is an answer's success
/// and an exit code.
pub(super) fn of(code: i64) -> Vec<Entry> {
    let exits = Exit::ALL
        .into_iter()
        .filter(|exit| i64::from(exit.code()) == code);
    let exits: Vec<Entry> = exits.map(exit).collect();
    if !exits.is_empty() && code != 0 {
        return exits;
    }
    let answer = match code {
        429 | 500..=599 => http(code),
        _ => service(code),
    };
    std::iter::once(answer).chain(exits).collect()
}

/// The documented codes, then the exit codes.
pub(super) fn table() -> Vec<Entry> {
    let rows = codes::TABLE.iter().map(|row| service(row.code));
    rows.chain(Exit::ALL.into_iter().map(exit)).collect()
}

fn service(code: i64) -> Entry {
    let class = codes::class(code);
    let row = codes::row(code);
    let (meaning, remedy) = match row {
        Some(row) => (row.meaning, Some(row.remedy)),
        None => unlisted(class),
    };
    let (action, does, exit) = reaction(code, class);
    Entry {
        code,
        kind: CodeKind::Service,
        listed: row.is_some() || code == 0,
        meaning,
        remedy,
        action,
        does: Some(does),
        exit,
    }
}

/// What can be said of a code by its family alone.
fn unlisted(class: Class) -> (&'static str, Option<&'static str>) {
    match class {
        Class::Done => ("success", None),
        Class::Credentials => (
            "not listed; 60xxx and 70xxx are the gateway's, about credentials and access",
            Some("check SDKAppID, identifier, key and region; ErrorInfo may say more"),
        ),
        _ => (
            "not listed; taken for final",
            Some("see what ErrorInfo says, and ask the service's support with the RequestId"),
        ),
    }
}

fn http(code: i64) -> Entry {
    let (class, meaning, remedy) = if code == 429 {
        let remedy = "use a lower --rate; Retry-After is honoured";
        (Class::Slow, "too many requests", remedy)
    } else {
        let meaning = "the service or something in front of it failed";
        (Class::Doubt, meaning, "try again in a moment")
    };
    let (action, does, exit) = reaction(code, class);
    Entry {
        code,
        kind: CodeKind::Http,
        listed: true,
        meaning,
        remedy: Some(remedy),
        action,
        does: Some(does),
        exit,
    }
}

/// A word for what is done, a sentence, and the exit code if it stays so.
fn reaction(code: i64, class: Class) -> (&'static str, &'static str, Exit) {
    match class {
        Class::Done => ("done", "counts the members as removed", Exit::Done),
        Class::Retry => (
            "retry",
            "nothing happened: it is sent again with growing pauses, up to --retries times",
            Exit::Unreachable,
        ),
        Class::Slow => (
            "slow down",
            "it is sent again, and the whole job goes at half its pace for a while",
            Exit::Unreachable,
        ),
        Class::Credentials => (
            "stop",
            "no request would pass: the whole job stops at once, before the service blocks it",
            Exit::Credentials,
        ),
        Class::Doubt => (
            "doubt",
            "it may have taken effect: it is sent again, and a following 100005 then counts as gone",
            Exit::Unreachable,
        ),
        Class::Never if code == NOT_A_MEMBER => (
            "split",
            "a batch is split until every member has an answer; alone it is absent, with --ignore-absent a success",
            Exit::Refused,
        ),
        Class::Never if codes::is_batch_level_code(code) => (
            "split",
            "a batch is split until every member has an answer; alone it is refused",
            Exit::Refused,
        ),
        Class::Never => (
            "give up",
            "the request would never succeed: its members are refused, the job goes on",
            Exit::Refused,
        ),
    }
}

fn exit(exit: Exit) -> Entry {
    Entry {
        code: i64::from(exit.code()),
        kind: CodeKind::Exit,
        listed: true,
        meaning: exit.meaning(),
        remedy: exit_remedy(exit),
        action: exit.kind(),
        does: None,
        exit,
    }
}

fn exit_remedy(exit: Exit) -> Option<&'static str> {
    match exit {
        Exit::Done | Exit::Command(_) => None,
        Exit::Refused => Some("see each ErrorCode: roomctl explain CODE"),
        Exit::Usage => {
            Some("mend the command line or the rows named on stderr; --help shows the flags")
        }
        Exit::Config => Some("see the hint on stderr; -v says where each value comes from"),
        Exit::Credentials => {
            Some("see the ErrorCode: roomctl explain CODE; offline: roomctl usersig verify")
        }
        Exit::Partial => {
            Some("--failed-to FILE keeps who was not removed, for the next run's --from FILE")
        }
        Exit::Record => Some(
            "see the message on stderr: free some space, write elsewhere, or mend or move the journal",
        ),
        Exit::Unreachable | Exit::Interrupted(_) => {
            Some("run it again, with the same --journal or with --ignore-absent")
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn number<S: Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(exit.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_an_answer_and_an_exit_code() {
        let kinds: Vec<CodeKind> = of(0).iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [CodeKind::Service, CodeKind::Exit]);
    }

    #[test]
    fn the_table_has_every_code_once() {
        let table = table();
        assert_eq!(table.len(), codes::TABLE.len() + Exit::ALL.len());
        for entry in &table {
            assert!(of(entry.code).contains(entry), "{entry:?}");
        }
    }

    #[test]
    fn every_failure_says_what_helps() {
        let failures = table().into_iter().filter(|entry| entry.code != 0);
        for entry in failures {
            assert!(entry.remedy.is_some(), "{entry:?}");
        }
    }
}
