//! Text for people: colours, counts, foreign text made harmless, rows of cells.

use std::borrow::Cow;
use std::fmt::{Display, Write};

use anstream::adapter::strip_str;
use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::wrap::width;
use crate::error::grouped;
use crate::job::Outcome;

// Colours never carry a meaning alone: the word is always there too.
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(super) const RED: Style = AnsiColor::Red.on_default();
pub(super) const GREY: Style = AnsiColor::BrightBlack.on_default();
pub(super) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Green: done. Yellow: not known, or not needed. Red: not done.
pub(super) fn outcome_color(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Done | Outcome::Gone => GREEN,
        Outcome::Absent | Outcome::Unknown | Outcome::Unsent => YELLOW,
        Outcome::Refused => RED,
    }
}

/// The text with its colours or without.
pub(crate) fn colored(text: &str, has_color: bool) -> Cow<'_, str> {
    // Most of a long output, and a hundred times faster to find out.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    if has_color || text.bytes().all(is_plain) {
        text.into()
    } else {
        strip_str(text).to_string().into()
    }
}

/// `1 retry`, `2,000 retries`
pub(crate) fn plural(
    count: impl Copy + Display + PartialEq + From<u8>,
    one: &str,
    many: &str,
) -> String {
    let word = if count == 1.into() { one } else { many };
    format!("{} {word}", grouped(count))
}

/// Makes foreign text harmless: escapes control, bidi and zero-width characters as
/// in Rust strings (`\n`, `\u{202e}`), so that it can neither move the cursor nor
/// look like other text, and stays on one line.
pub(crate) fn sanitise(text: &str) -> Cow<'_, str> {
    // Nearly all texts are plain, and a list may have a million.
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte);
    if text.bytes().all(is_plain) || !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => clean.extend(c.escape_default()),
            c if is_harmful(c) => {
                // Writing to a String cannot fail.
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
            }
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

/// JSON with the harmful characters beyond ASCII as `\u202e`: the same text for a
/// reader, and harmless on a terminal. Serialisers escape only the ASCII ones.
pub(crate) fn escape_json(json: &str) -> Cow<'_, str> {
    let is_harmful = |c: char| c == '\u{7f}' || (!c.is_ascii() && is_harmful(c));
    let is_plain = |byte: u8| byte < 0x7f;
    if json.bytes().all(is_plain) || !json.contains(is_harmful) {
        return json.into();
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_harmful(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped.into()
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // zero width, and marks that change the writing direction
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            // line and paragraph separators, embeddings, overrides
            | '\u{2028}'..='\u{202e}'
            // word joiner, invisible operators, isolates
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            // fillers and joiners without width
            | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{3164}' | '\u{ffa0}' | '\u{1d173}'..='\u{1d17a}'
            // tags and more selectors: invisible text
            | '\u{e0000}'..='\u{e0fff}')
}

/// A line per row with tabs between cells, for programs. Cells are sanitised; `-`
/// stands for an empty one.
pub(crate) fn tabs(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| row.iter().map(|text| cell(text)).collect::<Vec<_>>();
    rows.iter().map(|row| line(row).join("\t") + "\n").collect()
}

/// A line per row with aligned columns, for people. The last column is not padded:
/// free text belongs there.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|text| cell(text)).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let padded = cells.map(|(cell, width)| padded(cell, *width));
        let padded: Vec<String> = padded.collect();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// `text` padded to so many columns; wide characters take two.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{:blanks$}", "")
}

fn cell(text: &str) -> String {
    match text {
        "" => "-".to_owned(),
        text => sanitise(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(
            sanitise("a\u{1b}[31m\r\nb\u{7}"),
            "a\\u{1b}[31m\\r\\nb\\u{7}"
        );
        assert_eq!(sanitise("\u{9b}2J"), "\\u{9b}2J");
    }

    #[test]
    fn bidi_and_zero_width_characters_are_shown() {
        assert_eq!(
            sanitise("x\u{202e}y\u{200b}z\u{2066}"),
            "x\\u{202e}y\\u{200b}z\\u{2066}"
        );
    }

    #[test]
    fn harmful_characters_are_escaped_in_json_and_stay_the_same_text() {
        let text =
            "a\u{9b}2J\u{85}\u{7f}\u{202e}\u{200b}\u{2028}\u{2029}\u{feff}\u{e0041}é用😀\n\u{1b}";
        let json = serde_json::to_string(text).expect("a string");
        let escaped = escape_json(&json);
        assert_eq!(
            escaped,
            "\"a\\u009b2J\\u0085\\u007f\\u202e\\u200b\\u2028\\u2029\\ufeff\\udb40\\udc41é用😀\\n\\u001b\""
        );
        assert_eq!(
            serde_json::from_str::<String>(&escaped).ok().as_deref(),
            Some(text)
        );
        assert!(matches!(escape_json("{\"a\":\"é\"}\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn invisible_characters_are_shown() {
        for c in [
            '\u{34f}',
            '\u{ad}',
            '\u{3164}',
            '\u{e0100}',
            '\u{2067}',
            '\u{200f}',
            '\u{85}',
        ] {
            assert_eq!(
                sanitise(&c.to_string()),
                format!("\\u{{{:x}}}", u32::from(c))
            );
        }
    }

    #[test]
    fn ordinary_text_of_any_script_stays() {
        for text in ["room-test", "违规被移出", "müller 😀", ""] {
            assert!(matches!(sanitise(text), Cow::Borrowed(same) if same == text));
        }
    }

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![
            row(["NAME", "ROLE", "CARD"]),
            row(["a longer one", "", "x\ty\u{1b}"]),
        ]
    }

    #[test]
    fn a_cell_can_break_neither_its_row_nor_the_terminal() {
        assert_eq!(
            tabs(&rows()),
            "NAME\tROLE\tCARD\na longer one\t-\tx\\ty\\u{1b}\n"
        );
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(
            aligned(&rows()),
            "NAME          ROLE  CARD\na longer one  -     x\\ty\\u{1b}\n"
        );
        assert_eq!(aligned(&[]), "");
    }

    #[test]
    fn wide_characters_take_two_columns_and_combining_ones_none() {
        let row = |first: &str| vec![first.to_owned(), "x".to_owned()];
        let rows = ["ab", "违规", "e\u{301}é"].map(row);
        assert_eq!(aligned(&rows), "ab    x\n违规  x\ne\u{301}é    x\n");
    }

    #[test]
    fn numbers_have_separators() {
        let shown = [0_usize, 21, 999, 1_000, 3_000, 999_999, 1_000_000].map(grouped);
        let expected = ["0", "21", "999", "1,000", "3,000", "999,999", "1,000,000"];
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_word_depends_on_the_count() {
        assert_eq!(plural(0_u64, "retry", "retries"), "0 retries");
        assert_eq!(plural(1_u64, "retry", "retries"), "1 retry");
        assert_eq!(plural(2_usize, "retry", "retries"), "2 retries");
        assert_eq!(plural(2_000_u64, "row", "rows"), "2,000 rows");
    }
}
