//! Lines that fit a terminal: broken at blanks, never inside a word. A word that is
//! wider than the terminal (a path, a URL) gets a line of its own.

use std::borrow::Cow;

use anstream::adapter::strip_str;
use unicode_width::UnicodeWidthStr;

/// Of the second line of a note or a value, so that it does not look like another.
const INDENT: usize = 2;

/// Breaks the lines that are wider than the terminal. A line of a table continues
/// below its last column.
pub(crate) fn fitted(text: &str, columns: usize) -> Cow<'_, str> {
    if text.lines().all(|line| width(line) <= columns) {
        return Cow::Borrowed(text);
    }
    let mut fitted = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        fit_line(line, columns, &mut fitted);
        fitted.push('\n');
    }
    if !text.ends_with('\n') {
        fitted.pop();
    }
    Cow::Owned(fitted)
}

/// A text with paragraphs, whose lines were broken for 80 columns: fills each
/// paragraph again, for a narrower terminal. Indented lines are no paragraph.
pub(crate) fn refilled(text: &str, columns: usize) -> Cow<'_, str> {
    if text.lines().all(|line| width(line) <= columns) {
        return Cow::Borrowed(text);
    }
    let is_prose = |line: &&str| !line.is_empty() && !line.starts_with(' ');
    let mut lines = text.lines().peekable();
    let mut refilled = String::with_capacity(text.len() + 64);
    while let Some(line) = lines.next() {
        let mut paragraph = line.to_owned();
        while is_prose(&line)
            && let Some(next) = lines.next_if(|next| is_prose(next))
        {
            paragraph = format!("{paragraph} {next}");
        }
        if is_prose(&line) {
            refilled.push_str(&filled(&paragraph, columns, 0, 0));
        } else {
            fit_line(&paragraph, columns, &mut refilled);
        }
        refilled.push('\n');
    }
    Cow::Owned(refilled)
}

/// The words of `text` in lines of at most so many columns, all but the first one
/// indented. `start` is the column of the first word.
pub(crate) fn filled(text: &str, columns: usize, start: usize, indent: usize) -> String {
    let mut lines = String::with_capacity(text.len() + 16);
    let mut at = start;
    let mut is_first = true;
    for word in text.split(' ') {
        let wide = width(word);
        if is_first {
            at += wide;
        } else if at + 1 + wide > columns && at > indent {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            at = indent + wide;
        } else {
            lines.push(' ');
            at += 1 + wide;
        }
        lines.push_str(word);
        is_first = false;
    }
    let trimmed = lines.split('\n').map(str::trim_end);
    trimmed.collect::<Vec<_>>().join("\n")
}

fn fit_line(line: &str, columns: usize, fitted: &mut String) {
    if width(line) <= columns {
        fitted.push_str(line);
        return;
    }
    let half = columns / 2;
    let mut indent = line.len() - line.trim_start_matches(' ').len();
    let mut line = line.trim_start_matches(' ');
    if indent > half {
        indent = 4;
    }
    fitted.extend(std::iter::repeat_n(' ', indent));
    let mut start = indent;
    // The cells before the last one stay as they are.
    if let Some(end) = last_column(line, half.saturating_sub(indent)) {
        fitted.push_str(&line[..end]);
        start += width(&line[..end]);
        line = &line[end..];
        // A word that does not fit there begins a line of its own.
        let first = width(line.split(' ').next().unwrap_or_default());
        if start + first > columns {
            fitted.truncate(fitted.trim_end_matches(' ').len());
            fitted.push('\n');
            start = indent + INDENT;
            fitted.extend(std::iter::repeat_n(' ', start));
        }
    }
    let hanging = if start > indent {
        start
    } else {
        indent + INDENT
    };
    fitted.push_str(&filled(line, columns, start, hanging));
}

/// Where the last cell begins that begins in the first `most` columns: after two
/// blanks or more.
fn last_column(line: &str, most: usize) -> Option<usize> {
    let gaps = line.match_indices("  ").map(|(at, _)| at);
    let starts = gaps.filter_map(|at| {
        let rest = line[at..].trim_start_matches(' ');
        let start = line.len() - rest.len();
        (width(&line[..start]) <= most && !rest.is_empty()).then_some(start)
    });
    starts.last()
}

/// Without colours.
fn width(text: &str) -> usize {
    if text.contains('\u{1b}') {
        strip_str(text).to_string().width()
    } else {
        text.width()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_broken_inside_a_word() {
        let text = "one two three four\n  a very long entry of a list\nhttps://example.com/a/long/path now\n";
        assert_eq!(
            fitted(text, 14),
            "one two three\n  four\n  a very long\n    entry of a\n    list\nhttps://example.com/a/long/path\n  now\n"
        );
        assert_eq!(fitted(text, 80), text);
    }

    #[test]
    fn a_row_continues_below_its_last_column() {
        let text = "ok    tcp   connected to 127.0.0.1:80\n";
        assert_eq!(
            fitted(text, 26),
            "ok    tcp   connected to\n            127.0.0.1:80\n"
        );
        // Where that column is too far to the right.
        assert_eq!(
            fitted(text, 20),
            "ok    tcp\n      connected to\n      127.0.0.1:80\n"
        );
    }

    #[test]
    fn a_word_that_does_not_fit_into_the_last_column_begins_a_line() {
        assert_eq!(
            fitted("endpoint:   https://example.org (flag)\n", 24),
            "endpoint:\n  https://example.org\n  (flag)\n"
        );
    }

    #[test]
    fn a_paragraph_is_filled_again() {
        let text = "words that were broken for a\nwider terminal, and more\n\nnext\n";
        assert_eq!(
            refilled(text, 20),
            "words that were\nbroken for a wider\nterminal, and more\n\nnext\n"
        );
    }

    #[test]
    fn colours_have_no_width_and_wide_characters_two_columns() {
        let text = "\u{1b}[31mred\u{1b}[0m word";
        assert_eq!(fitted(text, 8), text);
        assert_eq!(fitted("违规 违规 违规", 10), "违规 违规\n  违规");
    }
}
