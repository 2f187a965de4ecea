//! Texts that stand for a missing value.

use super::not_a_name::NotAName;
use super::spreadsheet::is_damage;

/// Missing values as databases, spreadsheets and programming languages print them.
const NO_VALUES: [&str; 6] = ["NULL", "null", "undefined", "None", "NaN", "N/A"];

/// The same in spellings that may also be the name of a member.
const LIKELY_NO_VALUES: [&str; 4] = ["nil", "none", "nan", "n/a"];

/// Truth values as spreadsheets and Python write them.
const TRUTH_VALUES: [&str; 9] = [
    "TRUE", "FALSE", "True", "False", "WAHR", "FALSCH", "VRAI", "FAUX", "FALSO",
];

/// `NULL`, `(null)`, `\N`, `TRUE`.
pub(super) fn missing(text: &str) -> Option<NotAName> {
    if text.len() > 11 {
        return None;
    }
    if text == "\\N" || NO_VALUES.contains(&text) {
        return Some(NotAName::NoValue);
    }
    if TRUTH_VALUES.contains(&text) {
        return Some(NotAName::LikelyNoValue);
    }
    let word = text.trim_matches(|c: char| matches!(c, '(' | ')' | '<' | '>' | '[' | ']'));
    let is = |known: &&str| word.eq_ignore_ascii_case(known);
    if word.len() < text.len() || word.eq_ignore_ascii_case("null") {
        let mut all = NO_VALUES.iter().chain(&LIKELY_NO_VALUES);
        return all.any(is).then_some(NotAName::NoValue);
    }
    let mut all = LIKELY_NO_VALUES.iter().chain(&["undefined"]);
    all.any(is).then_some(NotAName::LikelyNoValue)
}

/// A value of a table that stands for none, where any text is possible.
pub(super) fn is_no_text(text: &str) -> bool {
    missing(text).is_some() || (is_damage(text) && text.starts_with(['#', 'E']))
}
