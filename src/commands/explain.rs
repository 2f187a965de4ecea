//! `roomctl explain`: what a code means, what helps, and how roomctl reacts to
//! it. The vendor's facts come from [`crate::api::codes`], the exit codes from
//! [`crate::exit`]. It needs no credentials, no file and no network.

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::{CommandArgs, Context};
use crate::api::codes::{self, Class, NOT_A_MEMBER};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;
use crate::secret::excerpt;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    /// ErrorCode of an answer, HTTP status, or exit code; without one, the table
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    #[allow(clippy::doc_markdown, reason = "clap prints this comment unchanged")]
    code: Option<String>,
}

impl CommandArgs for Args {}

const SHORT: &str = "\
Examples:
  roomctl explain 60026
  roomctl explain 6            (roomctl's own exit code)";

const LONG: &str = "\
Examples:
  roomctl explain 60026
  roomctl explain 6            (roomctl's own exit code)
  roomctl explain -o json      (the whole table, one object per line)";

/// What is known of one code; the keys are those of `-o json`.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Explanation {
    code: i64,
    kind: CodeKind,
    /// Whether a document names the code.
    listed: bool,
    meaning: &'static str,
    remedy: Option<&'static str>,
    /// A word for roomctl's reaction; for an exit code its `kind` in JSON errors.
    #[serde(rename = "Action")]
    reaction: &'static str,
    /// The reaction in a sentence.
    #[serde(rename = "Does")]
    reaction_sentence: Option<&'static str>,
    /// What a job ends with if every answer has this code.
    #[serde(rename = "ExitCode", serialize_with = "serialize_exit")]
    exit: Exit,
}

/// Where a code occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum CodeKind {
    /// `ErrorCode` of an answer.
    Service,
    /// HTTP status of an answer without a usable body.
    Http,
    /// roomctl's exit code.
    Exit,
}

/// Runs the command. A code that no document names is explained as well,
/// because roomctl's reaction to it is known.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let code = args.code.as_deref().map(parse_code).transpose()?;
    let explanations = code.map_or_else(all, of_code);
    let text = match (context.style.format, code) {
        (Format::Json, _) => json_lines(&explanations),
        (Format::Text, Some(_)) => paragraphs(&explanations),
        (Format::Text, None) => table(&explanations),
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

fn parse_code(code: &str) -> Result<i64, Error> {
    code.trim().parse().map_err(|_| {
        let message = format!("{:?} is not a code: a code is a number", excerpt(code));
        let hint = "roomctl explain 60026, or roomctl explain for the table";
        Error::usage(message, hint)
    })
}

/// The explanations of one code, at least one. 0 is both the `ErrorCode` of a
/// success and an exit code.
fn of_code(code: i64) -> Vec<Explanation> {
    let exits = Exit::ALL
        .into_iter()
        .filter(|exit| i64::from(exit.code()) == code);
    let exits: Vec<Explanation> = exits.map(of_exit).collect();
    if !exits.is_empty() && code != 0 {
        return exits;
    }
    let answer = match code {
        429 | 500..=599 => of_http(code),
        _ => of_service(code),
    };
    std::iter::once(answer).chain(exits).collect()
}

/// The documented codes, then the exit codes.
fn all() -> Vec<Explanation> {
    let rows = codes::TABLE.iter().map(|row| of_service(row.code));
    rows.chain(Exit::ALL.into_iter().map(of_exit)).collect()
}

fn of_service(code: i64) -> Explanation {
    let class = codes::class(code);
    let row = codes::row(code);
    let (meaning, remedy) = codes::meaning_and_remedy(code);
    let (reaction, sentence, exit) = reaction_to(code, class);
    Explanation {
        code,
        kind: CodeKind::Service,
        listed: row.is_some() || code == 0,
        meaning,
        remedy: Some(remedy).filter(|remedy| !remedy.is_empty()),
        reaction,
        reaction_sentence: Some(sentence),
        exit,
    }
}

fn of_http(code: i64) -> Explanation {
    let (class, meaning, remedy) = if code == 429 {
        let remedy = "use a lower --rate; Retry-After is honoured";
        (Class::Slow, "too many requests", remedy)
    } else {
        let meaning = "the service or a proxy in front of it failed";
        (Class::Doubt, meaning, "try again in a moment")
    };
    let (reaction, sentence, exit) = reaction_to(code, class);
    Explanation {
        code,
        kind: CodeKind::Http,
        listed: true,
        meaning,
        remedy: Some(remedy),
        reaction,
        reaction_sentence: Some(sentence),
        exit,
    }
}

/// roomctl's reaction as a word and as a sentence, and the exit code if the
/// answer stays the same.
fn reaction_to(code: i64, class: Class) -> (&'static str, &'static str, Exit) {
    match class {
        Class::Done => ("done", "counts the members as removed", Exit::Done),
        Class::Retry => (
            "retry",
            "it had no effect: roomctl sends it again with growing pauses, up to --retries times",
            Exit::Unreachable,
        ),
        Class::Slow => (
            "slow down",
            "roomctl sends it again, and the whole job runs at half its pace for a while",
            Exit::Unreachable,
        ),
        Class::Credentials => (
            "stop",
            "no request would succeed: the whole job stops at once, before the service blocks it",
            Exit::Credentials,
        ),
        Class::RetryOnce => (
            "retry once",
            "roomctl sends it once more after a second; \
             the same answer again stops the whole job",
            Exit::Credentials,
        ),
        Class::Doubt => (
            "doubt",
            "it may have taken effect: roomctl sends it again, and then 100005 counts as gone",
            Exit::Unreachable,
        ),
        Class::Never if code == NOT_A_MEMBER => (
            "split",
            "a batch is split until every member has an answer; \
             a single member is absent, which is a success with --ignore-absent",
            Exit::Refused,
        ),
        Class::Never if codes::is_batch_level_code(code) => (
            "split",
            "a batch is split until every member has an answer; a single member is refused",
            Exit::Refused,
        ),
        Class::Never => (
            "give up",
            "the request would never succeed: its members are refused, the job continues",
            Exit::Refused,
        ),
    }
}

fn of_exit(exit: Exit) -> Explanation {
    Explanation {
        code: i64::from(exit.code()),
        kind: CodeKind::Exit,
        listed: true,
        meaning: exit.meaning(),
        remedy: exit_remedy(exit),
        reaction: exit.kind(),
        reaction_sentence: None,
        exit,
    }
}

fn exit_remedy(exit: Exit) -> Option<&'static str> {
    match exit {
        Exit::Done | Exit::Command(_) => None,
        Exit::Refused => Some("look up each ErrorCode: roomctl explain CODE"),
        Exit::Usage => {
            Some("fix the command line or the rows reported on stderr; --help shows the flags")
        }
        Exit::Config => Some("see the hint on stderr; -v shows where each value comes from"),
        Exit::Credentials => {
            Some("look up the ErrorCode: roomctl explain CODE; offline: roomctl usersig verify")
        }
        Exit::Partial => Some(
            "--failed-to FILE writes the members that were not removed, for --from FILE of the next run",
        ),
        Exit::Record => Some(
            "see the message on stderr: free some space, write elsewhere, or fix or move the journal",
        ),
        Exit::Unreachable | Exit::Interrupted(_) => {
            Some("run it again, with the same --journal or with --ignore-absent")
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn serialize_exit<S: Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(exit.code())
}

fn json_lines(explanations: &[Explanation]) -> String {
    let line = |explanation| {
        serde_json::to_string(explanation).expect("strings and numbers serialise") + "\n"
    };
    explanations.iter().map(line).collect()
}

fn paragraphs(explanations: &[Explanation]) -> String {
    let paragraphs: Vec<String> = explanations.iter().map(Explanation::paragraph).collect();
    paragraphs.join("\n")
}

impl Explanation {
    fn paragraph(&self) -> String {
        let label = match self.kind {
            CodeKind::Service => "ErrorCode",
            CodeKind::Http => "HTTP",
            CodeKind::Exit => "exit code",
        };
        let mut text = format!("{label} {}: {}\n", self.code, self.meaning);
        if let Some(remedy) = self.remedy {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "what helps: {remedy}");
        }
        if let Some(sentence) = self.reaction_sentence {
            let _ = writeln!(text, "roomctl: {} ({sentence})", self.reaction);
        }
        if self.kind != CodeKind::Exit {
            let (code, meaning) = (self.exit.code(), self.exit.meaning());
            let _ = writeln!(text, "exit code: {code} ({meaning})");
        }
        text
    }
}

/// A table of the service's codes and one of the exit codes, without remedies: a
/// line would be too long.
fn table(explanations: &[Explanation]) -> String {
    let (exits, codes): (Vec<_>, Vec<_>) = explanations
        .iter()
        .partition(|explanation| explanation.kind == CodeKind::Exit);
    let mut text = row("ERRORCODE", "ROOMCTL", "EXIT  MEANING");
    for code in codes {
        let rest = format!("{:<4}  {}", code.exit.code(), code.meaning);
        text += &row(&code.code.to_string(), code.reaction, &rest);
    }
    text += "\n";
    text += &row("EXIT CODE", "KIND", "MEANING");
    for exit in exits {
        text += &row(&exit.code.to_string(), exit.reaction, exit.meaning);
    }
    text
}

fn row(code: &str, reaction: &str, rest: &str) -> String {
    format!("{code:<9}  {reaction:<11}  {rest}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_number_and_blanks_around_it_are_ignored() {
        assert_eq!(parse_code(" 60026\n").expect("a number"), 60_026);
        assert_eq!(parse_code("-1").expect("a number"), -1);
        for word in ["", "sixty", "0x10", "60026.0", "99999999999999999999"] {
            assert_eq!(parse_code(word).expect_err(word).exit(), Exit::Usage);
        }
    }

    #[test]
    fn an_invalid_code_is_repeated_without_a_secret() {
        let key = "5bd2850f".repeat(8);
        let error = parse_code(&key).expect_err("not a code").to_string();
        assert!(error.contains("[redacted]"), "{error}");
    }

    #[test]
    fn zero_is_an_error_code_and_an_exit_code() {
        let kinds: Vec<CodeKind> = of_code(0).iter().map(|code| code.kind).collect();
        assert_eq!(kinds, [CodeKind::Service, CodeKind::Exit]);
    }

    #[test]
    fn the_table_has_every_code_once() {
        let all = all();
        assert_eq!(all.len(), codes::TABLE.len() + Exit::ALL.len());
        for explanation in &all {
            assert!(
                of_code(explanation.code).contains(explanation),
                "{explanation:?}"
            );
        }
    }

    #[test]
    fn every_failure_has_a_remedy() {
        let failures = all().into_iter().filter(|failure| failure.code != 0);
        for failure in failures {
            assert!(failure.remedy.is_some(), "{failure:?}");
        }
    }
}
