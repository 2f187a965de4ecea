//! Texts that are almost surely not a `UserID` or a `RoomId`: syntax of another
//! format, invisible characters, damage by a spreadsheet, empty values of a
//! database, words of a header.
//!
//! The service would answer that such a member is absent, and the member that was
//! meant would stay. `lines`, `csv`, `tsv` and flags are checked. JSON is not: its
//! strings are taken literally, so it can hold any name.

use super::not_a_name::NotAName;

/// What a text should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOf {
    User,
    Room,
}

impl NameOf {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Room => "room",
        }
    }
}

/// Separators of tables.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// Missing values as databases, spreadsheets and programming languages print them.
const NO_VALUES: [&str; 10] = [
    "NULL",
    "null",
    "(null)",
    "<null>",
    "[NULL]",
    "\\N",
    "None",
    "NaN",
    "undefined",
    "N/A",
];

/// Names of columns that hold a `UserID`, in lower case without `_`, `-` and
/// blanks.
const USER_COLUMNS: [&str; 22] = [
    "user",
    "users",
    "userid",
    "userids",
    "username",
    "usernames",
    "useraccount",
    "useridentifier",
    "member",
    "members",
    "memberid",
    "membername",
    "memberaccount",
    "memberlistaccount",
    "account",
    "accounts",
    "accountid",
    "uid",
    "id",
    "ids",
    "name",
    "identifier",
];

/// Of these, the ones that can hardly be a member's name.
const CLEARLY_COLUMNS: [&str; 6] = [
    "userid",
    "userids",
    "username",
    "memberid",
    "memberaccount",
    "memberlistaccount",
];

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
    match text.as_bytes().first()? {
        b'0'..=b'9' | b'-' if is_damage(text) => Some(NotAName::Damage),
        b'-' if is_drawing(text) => Some(NotAName::Drawing),
        // The words begin with these letters and have no digits.
        b'N' | b'n' | b'U' | b'u' | b'M' | b'm' => {
            let is_word = text.len() <= 20 && !text.bytes().any(|byte| byte.is_ascii_digit());
            if is_word && NO_VALUES.contains(&text) {
                return Some(NotAName::NoValue);
            }
            let is_column = is_word && of == NameOf::User && is_clearly_column(text);
            is_column.then_some(NotAName::ColumnName)
        }
        _ => None,
    }
}

fn check_other(text: &str, of: NameOf) -> Option<NotAName> {
    let core = text.trim_matches(is_blank);
    let unlisted = core.strip_suffix([',', ';']).unwrap_or(core);
    if NO_VALUES.contains(&core) {
        return Some(NotAName::NoValue);
    }
    if is_damage(core) {
        return Some(NotAName::Damage);
    }
    if let Some(bracket) = bracket(core) {
        return Some(if is_drawing(core) {
            NotAName::Drawing
        } else {
            NotAName::Bracket(bracket)
        });
    }
    if of == NameOf::User && is_drawing(core) {
        return Some(NotAName::Drawing);
    }
    if let Some(bracket) = bracket(core) {
        return Some(NotAName::Bracket(bracket));
    }
    if let Some(quote) = quote(unlisted) {
        // `"a","b"` is a row of a table rather than a quoted name.
        return Some(
            match inner_separator(unlisted).filter(|_| of == NameOf::User) {
                Some(separator) => NotAName::Separator(separator),
                None => NotAName::Quoted(quote),
            },
        );
    }
    if let Some(blank) = text.chars().next_back().filter(|c| is_blank(*c)) {
        return Some(NotAName::BlankAfter(blank));
    }
    if let Some(blank) = text.chars().next().filter(|c| is_blank(*c)) {
        return Some(NotAName::BlankBefore(blank));
    }
    if let Some(separator) = core
        .chars()
        .next_back()
        .filter(|c| *c == ':' || SEPARATORS.contains(c))
    {
        return Some(
            match inner_separator(unlisted).filter(|_| of == NameOf::User) {
                Some(inner) => NotAName::Separator(inner),
                None => NotAName::TrailingSeparator(separator),
            },
        );
    }
    if of == NameOf::Room {
        return None;
    }
    if let Some(separator) = inner_separator(core) {
        return Some(NotAName::Separator(separator));
    }
    let mut start = core.chars();
    if let (Some(marker @ ('-' | '*' | '+')), Some(' ')) = (start.next(), start.next()) {
        return Some(NotAName::ListMarker(marker));
    }
    if core.contains(' ') {
        return Some(NotAName::BlankInside);
    }
    // Accounts of the service itself have a # as well: @TGS#1, @RBT#001.
    if core.starts_with('@') && !core.contains('#') {
        return Some(NotAName::Mention);
    }
    let key = core.split_once('=').map(|(key, _)| key);
    if key.is_some_and(|key| is_user_column(key) || key.eq_ignore_ascii_case("room")) {
        return Some(NotAName::KeyValue);
    }
    is_clearly_column(core).then_some(NotAName::ColumnName)
}

/// Whether a line with a blank inside is rather several values, or a sentence of a
/// log: `12:01 alice joined`, `alice: hi`, `room-test  user1`, `user1 # spam`.
pub(super) fn is_several_words(text: &str) -> bool {
    let is_other = |word: &str| {
        let is_sign = !word.contains(|c: char| c.is_ascii_alphanumeric());
        is_sign || word.contains(':') || word.ends_with([')', '='])
    };
    let mut words = text.split(' ');
    words.clone().count() > 2 || words.any(is_other)
}

fn inner_separator(text: &str) -> Option<char> {
    SEPARATORS
        .into_iter()
        .find(|separator| text.contains(*separator))
}

/// White space of any kind, and characters that are not visible at all.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// The bracket that a text of JSON, HTML, SQL or a chat begins with: `[a]`,
/// `<li>a</li>`, `<@a>`, `('a')`. A name may have others: `<b>`.
fn bracket(text: &str) -> Option<char> {
    let is_markup = text.starts_with("<@") || (text.starts_with('<') && text.contains("</"));
    let is_sql = text.starts_with("('") || text.starts_with("(\"");
    let is_bracket = text.starts_with(['[', '{']) || is_markup || is_sql;
    text.chars().next().filter(|_| is_bracket)
}

/// The quote that the text begins with, or that it ends with.
fn quote(text: &str) -> Option<char> {
    let first = text.chars().next()?;
    let last = text.chars().next_back()?;
    match first {
        '"' | '\'' | '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '「' | '『' => {
            Some(first)
        }
        '`' if last == '`' => Some(first),
        _ => matches!(last, '"' | '\u{2019}' | '\u{201d}' | '»' | '」').then_some(last),
    }
}

/// `1.23457E+11`, `1,23457E+11`, `123.0`, `#N/A`, `#REF!`, `#####`.
fn is_damage(text: &str) -> bool {
    if let Some(word) = text.strip_prefix('#') {
        return is_spreadsheet_error(text) || (!word.is_empty() && word.bytes().all(|b| b == b'#'));
    }
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = digits(text);
    if whole == 0 {
        return false;
    }
    let rest = &text[whole..];
    let (fraction, rest) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    // A number that went through a column of decimals.
    if rest.is_empty() {
        return fraction == "0" && text[whole..].starts_with('.');
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
        return false;
    };
    let unsigned = exponent.strip_prefix(['+', '-']);
    let number = unsigned.unwrap_or(exponent);
    // Without a point and a sign it may be a hexadecimal name.
    (unsigned.is_some() || !fraction.is_empty())
        && !number.is_empty()
        && digits(number) == number.len()
}

/// `#N/A`, `#REF!`, `#NAME?`, in whatever language.
pub(super) fn is_spreadsheet_error(text: &str) -> bool {
    let Some(word) = text.strip_prefix('#') else {
        return false;
    };
    if matches!(word, "N/A" | "NV" | "N/D" | "N/B" | "GETTING_DATA") {
        return true;
    }
    let is_upper = |c: char| !c.is_lowercase() && !c.is_whitespace();
    word.strip_suffix(['!', '?'])
        .is_some_and(|word| word.chars().count() > 1 && word.chars().all(is_upper))
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

/// The name in lower case without `_`, `-` and blanks.
pub(super) fn normalized(name: &str) -> String {
    let kept = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-') && !is_blank(*c));
    kept.flat_map(char::to_lowercase).collect()
}

/// Whether the text is the name of a column with users, and as the first row of
/// a list therefore its header.
pub(super) fn is_user_column(text: &str) -> bool {
    text.len() <= 32 && USER_COLUMNS.contains(&normalized(text).as_str())
}

fn is_clearly_column(text: &str) -> bool {
    text.len() <= 32 && CLEARLY_COLUMNS.contains(&normalized(text).as_str())
}

/// Words for a room in names of columns and keys, alone or with one of the endings.
const ROOMS: [&str; 8] = [
    "room",
    "chatroom",
    "liveroom",
    "raum",
    "chatraum",
    "channel",
    "group",
    "chatgroup",
];
const ENDINGS: [&str; 9] = ["", "s", "id", "ids", "no", "nr", "num", "name", "number"];

/// Whether one of the words in the name means a room: `target_room`, `Room Nr`,
/// `ChatRoomId`. Words are letters; they end also where camel case begins another.
pub(super) fn has_room_word(name: &str) -> bool {
    name.contains("房间") || words(name).iter().any(|word| is_room(word))
}

fn is_room(word: &str) -> bool {
    ENDINGS.iter().any(|ending| {
        word.strip_suffix(ending)
            .is_some_and(|stem| ROOMS.contains(&stem) || stem.ends_with("room"))
    })
}

/// The words in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_next_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (before.is_lowercase() || is_next_lower);
        if begins || !letter.is_alphabetic() {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
