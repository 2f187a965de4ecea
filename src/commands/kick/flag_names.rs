//! The names and patterns that repeatable flags give: `--room`, `--user`, `--match`,
//! `--protect`; and what to type in place of one that cannot be used.

use std::fmt::Display;

use crate::error::{Problem, Problems};
use crate::job::input::{NameOf, NotAName, check_name, literally};
use crate::job::{Glob, GlobError};
use crate::secret::excerpt;

/// Parses each name of a repeatable flag. What is almost surely not a name is
/// reported as well.
pub(super) fn parse_names<T, E: Display>(
    flag: &str,
    texts: &[String],
    of: NameOf,
    parse: impl Fn(&str) -> Result<T, E>,
    problems: &mut Problems,
) -> Vec<T> {
    let mut names = Vec::new();
    for text in texts {
        if let Some(why) = not_a_name(text, of) {
            let message = format_args!("{flag} {:?} {why}", excerpt(text));
            problems.push(Problem::usage(message, hint_of_name(flag, text, of, why)));
        } else {
            names.push(text.clone());
        }
    }
    let max = match of {
        NameOf::Room => 48,
        NameOf::User => 32,
    };
    let hint = |_: &E| format!("give {flag} 1 to {max} printable ASCII characters");
    parse_all(flag, &names, parse, hint, problems)
}

/// Why this is almost surely not a name. An empty text is another problem.
fn not_a_name(text: &str, of: NameOf) -> Option<NotAName> {
    let is_in_room = |separator: &char| of == NameOf::Room && text.contains(*separator);
    let separator = [',', ';', '\t'].into_iter().find(is_in_room);
    let why = check_name(text, of).filter(|why| why.holds_for_flags());
    let why = why.or(separator.map(NotAName::Separator));
    why.filter(|_| !text.is_empty())
}

/// Parses each pattern of a repeatable flag.
pub(super) fn parse_globs(
    flag: &str,
    texts: &[String],
    parse: fn(&str) -> Result<Glob, GlobError>,
    problems: &mut Problems,
) -> Vec<Glob> {
    let hint = |why: &GlobError| why.remedy(&format!("{flag} A {flag} B"));
    parse_all(flag, texts, parse, hint, problems)
}

/// What to type instead of a flag's value that is not a name.
fn hint_of_name(flag: &str, text: &str, of: NameOf, why: NotAName) -> String {
    let literally = literally(text, of).map(|json| match shlex::try_quote(&json) {
        Ok(json) if of == NameOf::User => {
            format!(
                "\na name that really is written so: printf %s {json} | roomctl … --format json --from -"
            )
        }
        _ => "\na name that really is written so goes into a list: --format json --from FILE".into(),
    });
    let literally = literally.unwrap_or_default();
    let names = text.split(|c: char| {
        matches!(c, ',' | ';' | '|' | '"' | '\'' | '[' | ']' | '{' | '}') || c.is_whitespace()
    });
    let names = names.map(|name| name.trim_matches(['@', ':', '`', '(', ')']));
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let is_plain = |name: &&str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.@".contains(&b))
    };
    let flags = |names: &[&str]| -> String {
        let flags: Vec<String> = names.iter().map(|name| format!("{flag} {name}")).collect();
        flags.join(" ")
    };
    let is_short = (1..=5).contains(&names.len()) && names.iter().all(is_plain);
    match why {
        NotAName::GroupedNumber => {
            let digits = text.chars().filter(|c| c.is_ascii_digit() || *c == '-');
            format!("give {flag} {}{literally}", digits.collect::<String>())
        }
        NotAName::ShellVariable => {
            format!(
                "let the shell replace it, outside of single quotes: {flag} \"$NAME\"{literally}"
            )
        }
        NotAName::Braces if !text.starts_with('{') || text.contains("..") => {
            format!("repeat the flag: {flag} A {flag} B{literally}")
        }
        _ if names.len() > 1 && is_short => {
            format!("repeat the flag: {}{literally}", flags(&names))
        }
        NotAName::Separator(_) => {
            format!("repeat the flag: {flag} A {flag} B{literally}")
        }
        _ if names.len() == 1 && is_short && names[0] != text => {
            format!("give {}{literally}", flags(&names))
        }
        _ => format!("give the name itself: {flag} NAME{literally}"),
    }
}

/// Parses each value of a repeatable flag; those that are wrong are reported.
fn parse_all<T, E: Display>(
    flag: &str,
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, E>,
    hint: impl Fn(&E) -> String,
    problems: &mut Problems,
) -> Vec<T> {
    let problem = |text: &str, why: E| {
        let shown = excerpt(text);
        Problem::usage(format_args!("{flag} {shown:?}: {why}"), hint(&why))
    };
    let parse =
        |text: &String| problems.ok_or_collect(parse(text).map_err(|why| problem(text, why)));
    texts.iter().filter_map(parse).collect()
}
