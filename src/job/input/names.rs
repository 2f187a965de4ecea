//! Texts that are almost surely not a `UserID` or a `RoomId`: syntax of another
//! format, invisible characters, damage by a spreadsheet, empty values of a
//! database, words of a header.
//!
//! The service would answer that such a member is absent, and the member that was
//! meant would stay. So a list accepts a `UserID` only if it looks like one: letters,
//! digits, `_ - . @ : + / ~ ! # &`, and `=` at the end of base64. Flags are checked
//! less, because they are typed one by one. JSON is not checked: its strings are
//! taken literally, so it can hold any name.

use super::column_words::{has_room_word, is_clearly_column, is_user_column};
use super::missing_values::missing;
use super::not_a_name::{NameOf, NotAName, is_blank};
use super::spreadsheet::{has_date_sign, is_damage, is_date, is_grouped_number};

/// Separators of tables.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// Letters, digits, `_` and `-`, of which most names consist.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        byte += 1;
    }
    plain
};

/// Why `text` is almost surely not a name of this kind; None if it may be one.
pub(crate) fn check(text: &str, of: NameOf) -> Option<NotAName> {
    if text.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        return check_plain(text, of);
    }
    check_other(text, of)
}

/// The check of a text of plain characters: `1E-05`, `NULL`, `user_id`, `---`.
fn check_plain(text: &str, of: NameOf) -> Option<NotAName> {
    let first = text.as_bytes().first()?;
    match first {
        b'0'..=b'9' | b'-' if is_damage(text) => return Some(NotAName::Damage),
        b'-' if is_drawing(text) => return Some(NotAName::Drawing),
        b'-' | b'_' if !has_letter_or_digit(text) => return Some(NotAName::LikelyNoValue),
        // All words of `missing` begin so; for other names the lists are not searched.
        b'N' | b'n' | b'U' | b'u' | b'T' | b'F' | b'W' | b'V' => {
            if let Some(why) = missing(text) {
                return Some(why);
            }
        }
        _ => {}
    }
    if of == NameOf::Room {
        return None;
    }
    if has_date_sign(text) && is_date(text) {
        return Some(NotAName::Date);
    }
    is_clearly_column(text).then_some(NotAName::ColumnName)
}

fn check_other(text: &str, of: NameOf) -> Option<NotAName> {
    let core = text.trim_matches(is_blank);
    let is_user = of == NameOf::User;
    let for_user = |check: fn(&str) -> Option<NotAName>| is_user.then(|| check(core)).flatten();
    // The first match wins: specific before general.
    missing(core)
        .or_else(|| damage(core))
        .or_else(|| unexpanded(core))
        .or_else(|| braces(core).or_else(|| bracket(core)))
        .or_else(|| for_user(syntax))
        .or_else(|| quoted(core, of))
        .or_else(|| blank_at_end(text))
        .or_else(|| sign_at_end(core, of))
        .or_else(|| for_user(inside))
        .or_else(|| no_letter(core))
}

fn damage(text: &str) -> Option<NotAName> {
    if is_damage(text) {
        return Some(NotAName::Damage);
    }
    if is_grouped_number(text) {
        return Some(NotAName::GroupedNumber);
    }
    // `="0012"` is how spreadsheets keep a text.
    let is_formula = text.starts_with('=') && !text.starts_with("=\"");
    is_formula.then_some(NotAName::Formula)
}

/// What a shell, a program or a browser should have replaced: `$USER`, `%20`,
/// `user1\n`.
fn unexpanded(text: &str) -> Option<NotAName> {
    if text
        .bytes()
        .all(|byte| !matches!(byte, b'$' | b'%' | b'\\'))
    {
        return None;
    }
    let is_variable = |(at, _): (usize, &str)| {
        let next = text.as_bytes().get(at + 1).copied().unwrap_or_default();
        matches!(next, b'A'..=b'Z' | b'_' | b'{' | b'(') || (at == 0 && next.is_ascii_alphabetic())
    };
    if text.match_indices('$').any(is_variable) {
        return Some(NotAName::ShellVariable);
    }
    if let Some(why) = percent_encoded(text) {
        return Some(why);
    }
    let ends = ["\\n", "\\r", "\\t", "\\0"];
    let is_line_end = |end: &&str| text.ends_with(end) || text.starts_with(end);
    ends.iter().any(is_line_end).then_some(NotAName::LineEnd)
}

/// A text as an encoder makes it, or with an encoded blank or line end at its end, is
/// surely encoded: `room%201`, `a&b%0A`. No encoder has made `r%41&x=1`.
fn percent_encoded(text: &str) -> Option<NotAName> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let code = |at: usize| {
        let digits = text.get(at + 1..at + 3)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    };
    let codes: Vec<Option<u8>> = text.match_indices('%').map(|(at, _)| code(at)).collect();
    codes.iter().flatten().next()?;
    let are_made = codes
        .iter()
        .all(|code| code.is_some_and(|byte| !is_plain(byte)));
    let is_made = are_made
        && text
            .bytes()
            .all(|byte| is_plain(byte) || b"%!*'()".contains(&byte));
    let last = text.len().checked_sub(3).and_then(code);
    let ends_blank = text.len() > 2
        && text.as_bytes()[text.len() - 3] == b'%'
        && last.is_some_and(|byte| byte.is_ascii_whitespace());
    Some(if is_made || ends_blank {
        NotAName::PercentEncoded
    } else {
        NotAName::PercentCode
    })
}

/// Lines of lists, tables and logs, and what else is written around names.
fn syntax(text: &str) -> Option<NotAName> {
    if is_drawing(text) {
        return Some(NotAName::Drawing);
    }
    if is_date(text) {
        return Some(NotAName::Date);
    }
    if is_list_item(text) {
        return Some(NotAName::ListItem);
    }
    let is_entity = || {
        let entity = text
            .split_once('&')
            .and_then(|(_, rest)| rest.split_once(';'));
        entity.is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
        })
    };
    if text.contains(['<', '>']) || is_entity() {
        return Some(NotAName::Markup);
    }
    is_address(text).then_some(NotAName::Address)
}

/// `https://…`, `mailto:…`, `./user1`, `/home/user1`, `log.txt:12:user1`, `user1:x:1000`.
fn is_address(text: &str) -> bool {
    const STARTS: [&str; 8] = [
        "mailto:", "tel:", "sip:", "xmpp:", "urn:", "./", "../", "~/",
    ];
    // A slash also begins base64, which has capitals.
    let is_path =
        || text.starts_with('/') && !text.bytes().any(|byte| matches!(byte, b'A'..=b'Z' | b'='));
    let is_place = || {
        let mut parts = text.splitn(3, ':');
        let has_suffix = parts.next().is_some_and(|file| file.contains('.'));
        let line = parts.next().unwrap_or_default();
        has_suffix && line.parse::<u32>().is_ok() && parts.next().is_some()
    };
    text.contains("://")
        || text.contains(":x:")
        || STARTS.iter().any(|start| text.starts_with(start))
        || is_path()
        || is_place()
}

const BULLETS: [&str; 11] = ["-", "*", "+", "•", "◦", "·", "–", "—", "●", "○", "▪"];

/// `- user1`, `* user1`, `1. user1`, `2) user1`, `(3) user1`.
fn is_list_item(text: &str) -> bool {
    let Some((marker, _)) = text.split_once([' ', '\t']) else {
        return false;
    };
    // `(555) 123-4567` is a phone number.
    let (number, most) = match marker.strip_prefix('(') {
        Some(number) => (number, 2),
        None => (marker, 7),
    };
    let number = number.strip_suffix(['.', ')']);
    let is_number = |number: &str| {
        (1..=most).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    };
    BULLETS.contains(&marker) || number.is_some_and(is_number)
}

/// `{user1,user2}` and `user{1..9}`, which a shell did not expand.
fn braces(text: &str) -> Option<NotAName> {
    let (_, rest) = text.split_once('{')?;
    let (inner, _) = rest.split_once('}')?;
    let is_list = inner.contains(',') || inner.contains("..");
    (is_list && !text.contains(['"', '\'', ':'])).then_some(NotAName::Braces)
}

fn quoted(core: &str, of: NameOf) -> Option<NotAName> {
    let unlisted = core.strip_suffix([',', ';']).unwrap_or(core);
    let quote = quote(unlisted)?;
    // `"a","b"` is a row of a table rather than a quoted name.
    let separator = inner_separator(unlisted).filter(|_| of == NameOf::User);
    Some(separator.map_or(NotAName::Quoted(quote), NotAName::Separator))
}

fn blank_at_end(text: &str) -> Option<NotAName> {
    let last = text.chars().next_back().filter(|c| is_blank(*c));
    let first = text.chars().next().filter(|c| is_blank(*c));
    last.map(NotAName::BlankAfter)
        .or(first.map(NotAName::BlankBefore))
}

fn sign_at_end(core: &str, of: NameOf) -> Option<NotAName> {
    let last = core.chars().next_back()?;
    let is_separator = last == ':' || SEPARATORS.contains(&last);
    if is_separator {
        let unlisted = core.strip_suffix([',', ';']).unwrap_or(core);
        let inner = inner_separator(unlisted).filter(|_| of == NameOf::User);
        return Some(inner.map_or(NotAName::TrailingSeparator(last), NotAName::Separator));
    }
    if of == NameOf::Room {
        return None;
    }
    let is_sentence = last == '.' && has_letter_or_digit(core);
    (is_sentence || core.starts_with(':')).then_some(NotAName::SignAtEnd)
}

/// Characters and words inside of a text that is not a `UserID`.
fn inside(core: &str) -> Option<NotAName> {
    if let Some(separator) = inner_separator(core) {
        return Some(NotAName::Separator(separator));
    }
    if let Some(first) = core.chars().find(|c| is_blank(*c)) {
        let odd = core.chars().find(|c| is_blank(*c) && *c != ' ');
        return Some(NotAName::BlankInside(odd.unwrap_or(first)));
    }
    // Accounts of the service itself have a # as well: @TGS#1, @RBT#001.
    if core.starts_with('@') && !core.contains('#') {
        return Some(NotAName::Mention);
    }
    if core.starts_with('#') {
        return Some(NotAName::Hash);
    }
    if is_pattern(core) {
        return Some(NotAName::Pattern);
    }
    if is_pair(core) {
        return Some(NotAName::KeyValue);
    }
    if let Some(sign) = core.chars().find(|c| "()[]{}`$%\\".contains(*c)) {
        return Some(NotAName::Sign(sign));
    }
    if let Some(quote) = odd_quote(core) {
        return Some(NotAName::QuoteInside(quote));
    }
    // A short one is a formula or a line of a diff, a long one may be base64.
    let is_added = core.len() < 16
        && core
            .strip_prefix('+')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    if is_added {
        return Some(NotAName::Formula);
    }
    is_clearly_column(core).then_some(NotAName::ColumnName)
}

/// A wildcard, a regular expression, a range, or a word in bold type: `user*`,
/// `^user1$`, `user1..user5`, `**user1**`.
fn is_pattern(text: &str) -> bool {
    let has = |class: &str| text.contains(class);
    let is_range = text.split_once("..").is_some_and(|(first, last)| {
        let stem = first.trim_end_matches(|c: char| c.is_ascii_digit());
        let last = last.strip_prefix(stem).unwrap_or(last);
        stem.len() < first.len() && last.parse::<u64>().is_ok()
    });
    is_range
        || text.contains(['*', '?', '^'])
        || text.ends_with('$')
        || (text.len() > 2 && text.starts_with('~') && text.ends_with('~'))
        || ["\\.", "\\d", "\\w", "\\b"].into_iter().any(has)
}

/// The name of a column with its value: `user=alice`, `uid:7`. A `=` may be the
/// padding of base64.
fn is_pair(text: &str) -> bool {
    if let Some((key, _)) = text.split_once(':')
        && (is_user_column(key) || has_room_word(key))
    {
        return true;
    }
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let is_padded = padding <= 2 && text.len().is_multiple_of(4);
    body.contains('=') || (padding > 0 && !is_padded)
}

/// A quote that is not the apostrophe or the inch between letters and digits:
/// `o'neil`.
fn odd_quote(text: &str) -> Option<char> {
    let bytes = text.as_bytes();
    let is_odd = |(at, _): &(usize, &str)| {
        let near = [at.checked_sub(1), Some(at + 1)];
        let is_inner = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_alphanumeric)
        };
        !near.into_iter().all(is_inner)
    };
    let mut quotes = text.match_indices(['\'', '"']);
    quotes.find(is_odd)?.1.chars().next()
}

fn has_letter_or_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// Placeholders like `-` and `...`.
fn no_letter(text: &str) -> Option<NotAName> {
    (!text.is_empty() && text.is_ascii() && !has_letter_or_digit(text))
        .then_some(NotAName::LikelyNoValue)
}

fn inner_separator(text: &str) -> Option<char> {
    SEPARATORS
        .into_iter()
        .find(|separator| text.contains(*separator))
}

/// The bracket that a text of JSON, HTML, SQL or a chat begins with: `[a]`,
/// `<li>a</li>`, `<@a>`, `('a')`.
fn bracket(text: &str) -> Option<NotAName> {
    let is_markup = text.starts_with("<@") || (text.starts_with('<') && text.contains("</"));
    let is_sql = text.starts_with("('") || text.starts_with("(\"");
    let is_bracket = text.starts_with(['[', '{']) || is_markup || is_sql;
    let first = text.chars().next().filter(|_| is_bracket);
    first.map(NotAName::Bracket)
}

/// The quote that the text begins with, also as a string of Python (`b'user1'`), or
/// that it ends with.
fn quote(text: &str) -> Option<char> {
    let first = text.chars().next()?;
    let last = text.chars().next_back()?;
    match first {
        '"' | '\'' | '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '「' | '『' => {
            Some(first)
        }
        '`' if last == '`' => Some(first),
        'b' | 'u' | 'r' | 'f' | 'B' | 'N' | 'X' if last == '\'' && text[1..].starts_with('\'') => {
            Some(last)
        }
        _ => matches!(last, '"' | '\u{2019}' | '\u{201d}' | '»' | '」').then_some(last),
    }
}

/// A line of `mysql` or `psql`: `+----+`, `| a | b |`, `(2 rows)`, `---`.
fn is_drawing(text: &str) -> bool {
    let is_ruler = text.len() > 2
        && text
            .chars()
            .all(|c| matches!(c, '-' | '+' | '=' | '|' | '─' | '┼' | '│'));
    let is_boxed = text.len() > 2 && text.starts_with('|') && text.ends_with('|');
    let is_footer = text.starts_with('(') && (text.ends_with(" rows)") || text.ends_with(" row)"));
    is_ruler || is_boxed || is_footer
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
