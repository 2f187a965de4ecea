//! Names, reasons, counts and sources of values as a plan shows them, short enough for a
//! line.

use unicode_width::UnicodeWidthChar as _;

use crate::config::Source;
use crate::error::grouped;

/// Where a value came from, without the path of the configuration file.
pub(super) fn place(source: &Source) -> String {
    match source {
        Source::Profile { name, .. } => format!("profile {name}"),
        Source::Flag(_) | Source::Env(_) | Source::BuiltIn => source.to_string(),
    }
}

/// What is not shown of a list.
pub(super) fn more(all: usize, shown: usize, one: &str, many: &str) -> Option<String> {
    let rest = all.checked_sub(shown).filter(|rest| *rest > 0)?;
    Some(format!(
        "and {} more {}",
        grouped(rest),
        if rest == 1 { one } else { many }
    ))
}

/// The start of a reason that has more columns, and how long it is.
pub(super) fn cut(reason: &str, columns: usize) -> String {
    let mut used = 0;
    let is_beyond = |c: char| {
        used += c.width().unwrap_or(1);
        used > columns
    };
    match reason.find(is_beyond) {
        Some(end) => format!("{}… ({} bytes)", &reason[..end], reason.len()),
        None => reason.to_owned(),
    }
}

/// A name in a list of names: in quotes if it would look like several.
pub(super) fn quoted(name: &str) -> String {
    if name.contains([' ', ',', '"', '(', ')', ':']) {
        format!("{name:?}")
    } else {
        name.to_owned()
    }
}

/// `1 room`, `3,000 members`
pub(super) fn counted(count: usize, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {word}{ending}", grouped(count))
}
