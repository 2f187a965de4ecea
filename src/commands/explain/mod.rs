//! `roomctl explain`: what a code means, what helps, and what roomctl does about
//! it. Codes of the service and exit codes of roomctl's own; needs no
//! credentials, no file and no network.

mod entry;

use std::fmt::Write as _;

use super::{CommandArgs, Context};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;
use crate::secret::excerpt;
use crate::streams::OutputStyle;
use entry::{CodeKind, Entry};

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    /// ErrorCode of an answer, HTTP status, or exit code; without one, the table
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    #[allow(clippy::doc_markdown, reason = "clap prints this comment as it is")]
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
  roomctl explain -o json      (the whole table, one object a line)";

/// Runs the command. A code that no document names is answered, too: what
/// roomctl does about it is known.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let text = match &args.code {
        Some(code) => one(&entry::of(number(code)?), context.style),
        None => all(&entry::table(), context.style),
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

fn number(code: &str) -> Result<i64, Error> {
    code.trim().parse().map_err(|_| {
        let message = format!("{:?} is not a code: a code is a number", excerpt(code));
        let hint = "roomctl explain 60026, or roomctl explain for the table";
        Error::usage(message, hint)
    })
}

/// What is known of one number: it may be an answer's code and an exit code.
fn one(entries: &[Entry], style: OutputStyle) -> String {
    if style.format == Format::Json {
        return lines(entries);
    }
    let blocks: Vec<String> = entries.iter().map(block).collect();
    blocks.join("\n")
}

fn all(entries: &[Entry], style: OutputStyle) -> String {
    match style.format {
        Format::Json => lines(entries),
        Format::Text => columns(entries),
    }
}

fn lines(entries: &[Entry]) -> String {
    let json = |entry| serde_json::to_string(entry).expect("strings and numbers serialise");
    entries.iter().map(|entry| json(entry) + "\n").collect()
}

fn block(entry: &Entry) -> String {
    let Entry {
        code,
        kind,
        meaning,
        remedy,
        ..
    } = entry;
    let mut text = format!("{} {code}: {meaning}\n", kind.label());
    if let Some(remedy) = remedy {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "what helps: {remedy}");
    }
    if let Some(does) = entry.does {
        let _ = writeln!(text, "roomctl: {} ({does})", entry.action);
    }
    if *kind != CodeKind::Exit {
        let (code, meaning) = (entry.exit.code(), entry.exit.meaning());
        let _ = writeln!(text, "exit code: {code} ({meaning})");
    }
    text
}

/// Two tables with a gap between; the remedies are for one code at a time.
fn columns(entries: &[Entry]) -> String {
    let (exits, codes): (Vec<&Entry>, Vec<&Entry>) = entries
        .iter()
        .partition(|entry| entry.kind == CodeKind::Exit);
    let mut text = row("ERRORCODE", "ROOMCTL", "EXIT  MEANING");
    for Entry {
        code,
        action,
        exit,
        meaning,
        ..
    } in codes
    {
        let rest = format!("{:<4}  {meaning}", exit.code());
        text += &row(&code.to_string(), action, &rest);
    }
    text += "\n";
    text += &row("EXIT CODE", "KIND", "MEANING");
    for entry in exits {
        text += &row(&entry.code.to_string(), entry.action, entry.meaning);
    }
    text
}

fn row(code: &str, action: &str, rest: &str) -> String {
    format!("{code:<9}  {action:<11}  {rest}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_number_and_blanks_around_it_are_none_of_it() {
        assert_eq!(number(" 60026\n").expect("a number"), 60_026);
        assert_eq!(number("-1").expect("a number"), -1);
        for word in ["", "sixty", "0x10", "60026.0", "99999999999999999999"] {
            assert_eq!(number(word).expect_err(word).exit(), Exit::Usage);
        }
    }

    #[test]
    fn what_is_no_code_is_repeated_without_a_secret() {
        let key = "5bd2850f".repeat(8);
        let error = number(&key).expect_err("no code").to_string();
        assert!(error.contains("[redacted]"), "{error}");
    }
}
