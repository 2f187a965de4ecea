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

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of the finding; empty if there is none.
    fn user(text: &str) -> String {
        check(text, NameOf::User).map_or(String::new(), |why| why.to_string())
    }

    #[test]
    fn ordinary_names_are_not_suspicious() {
        for name in [
            "user1",
            "0",
            "-alice",
            "a.b",
            "a@b.c",
            "@TGS#1",
            "u+1",
            "1e5",
            "12E3",
            "00123",
            "1.5",
            "v1.0",
            "nullify",
            "nancy",
            "None1",
            "NULLA",
            "user",
            "id",
            "name",
            "o'neil",
            "o'",
            "a\"b",
            "5#",
            "a/b",
            "a:b",
            "x(1)",
            "~x",
            "<b>",
            "(a)",
            "2024-01-01",
            "-",
            "e-1",
            "undefined1",
            "member",
            "a{b}",
            "=x",
            "b's",
            "100,5%",
        ] {
            let expected = if name == "100,5%" {
                "has a comma inside"
            } else {
                ""
            };
            assert_eq!(user(name), expected, "{name}");
        }
    }

    /// Texts with what is wrong with them.
    const KINDS: &[(&str, &[&str])] = &[
        ("ends with a blank", &["user1 ", "u  "]),
        ("begins with a blank", &[" user1"]),
        ("ends with a tab", &["user1\t"]),
        ("ends with a no-break space", &["user1\u{a0}"]),
        ("ends with a zero-width space", &["user1\u{200b}"]),
        ("begins with a full-width space", &["\u{3000}user1"]),
        ("begins with a byte order mark", &["\u{feff}user1"]),
        (
            "begins with the invisible character U+200F",
            &["\u{200f}user1"],
        ),
        ("ends with a carriage return", &["user1\r"]),
        (
            "has a quote (\") at its end or start",
            &[
                "\"user1\"",
                "\"user1",
                "user1\"",
                "\"user1\",",
                "  \"user1\",",
                "\"user1\" ",
            ],
        ),
        ("has a quote (') at its end or start", &["'user1'", "'0012"]),
        ("has a quote (`) at its end or start", &["`user1`"]),
        ("has a quote (“) at its end or start", &["“user1”"]),
        ("begins with [", &["[user1", "[\"user1\"]", "[12:01] alice"]),
        ("begins with {", &["{user1,user2}", " {"]),
        ("begins with <", &["<td>user1</td>", "<@U123>"]),
        ("begins with (", &["('user1'),"]),
        ("ends with a comma", &["user1,"]),
        ("ends with a semicolon", &["user1;"]),
        (
            "has a comma inside",
            &["room-test,user1", "\"a\",\"b\"", "a,b,", "a, b"],
        ),
        ("ends with a colon", &["alice:"]),
        ("begins with @, like a mention in a chat", &["@alice"]),
        (
            "is the name of a column with its value",
            &["user=alice", "UserID=1", "room=r"],
        ),
        ("has a semicolon inside", &["a;b"]),
        ("has a tab inside", &["a\tb"]),
        ("has | inside", &["a|b"]),
        (
            "has a blank inside",
            &["room-test user1", "alice: hi", "1. user1", "user1 # spam"],
        ),
        ("begins with the list marker -", &["- user1", "- [user1]"]),
        ("begins with the list marker *", &["* user1"]),
        (
            "is a line of a drawn table",
            &["+----+", "| user1 |", "(2 rows)", "----"],
        ),
        (
            "is what a spreadsheet shows instead of the value",
            &[
                "1.23457E+11",
                "1,23457E+11",
                "1.2e-05",
                "1E+11",
                "-1.5E+03",
                "#N/A",
                "#REF!",
                "#VALUE!",
                "#NAME?",
                "#DIV/0!",
                "#####",
                "123456.0",
                "#BEZUG!",
            ],
        ),
        (
            "stands for a missing value",
            &[
                "NULL",
                "\\N",
                "null",
                "(null)",
                "NaN",
                "undefined",
                "None",
                "N/A",
            ],
        ),
        (
            "is the name of a column",
            &[
                "user_id",
                "UserID",
                "Member_Account",
                "username",
                "MemberList_Account",
            ],
        ),
    ];

    #[test]
    fn each_kind_is_recognised() {
        for (why, names) in KINDS {
            for name in *names {
                assert_eq!(user(name), *why, "{name:?}");
            }
        }
    }

    #[test]
    fn a_name_of_two_words_is_distinguished_from_a_sentence() {
        for words in [
            "12:01 alice",
            "alice: hi",
            "a  b",
            "user1 # spam",
            "alice joined it",
            "user1 (2)",
            "user = a",
        ] {
            assert!(is_several_words(words), "{words}");
        }
        for name in ["no one", "a b", "room-test user1"] {
            assert!(!is_several_words(name), "{name}");
        }
    }

    #[test]
    fn a_room_may_have_blanks_and_separators_inside() {
        for (name, is_bad) in [
            ("room 1", false),
            ("r,1", false),
            ("room ", true),
            ("'r'", true),
            ("1.2E+11", true),
            ("r,", true),
            ("NULL", true),
        ] {
            assert_eq!(check(name, NameOf::Room).is_some(), is_bad, "{name}");
        }
    }

    #[test]
    fn the_names_of_columns_are_known_however_written() {
        for name in [
            "user",
            "USER",
            "User ID",
            "user-name",
            "Member_Account",
            "id",
            "uid",
            "Accounts",
        ] {
            assert!(is_user_column(name), "{name}");
        }
        for name in ["user1", "room", "identity", "", "ida"] {
            assert!(!is_user_column(name), "{name}");
        }
    }
}
