//! Lines that fit a terminal: broken at blanks, never inside a word. A word that is
//! wider than the terminal (a path, a URL) gets a line of its own.

use std::borrow::Cow;

use anstream::adapter::strip_str;
use unicode_width::UnicodeWidthStr;

/// Of the further lines of a note or a value, so that they do not look like new ones.
const INDENT: usize = 2;

/// The commands of roomctl that hints end with.
const COMMANDS: [&str; 12] = [
    "ban", "bans", "doctor", "explain", "info", "journal", "kick", "members", "profile", "sandbox",
    "unban", "usersig",
];

/// An indent leaves at least so many columns for text.
const MIN_TEXT: usize = 12;

/// The end of a line that a shell continues on the next.
const CONTINUED: &str = " \\";

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
/// paragraph again, for a narrower terminal. Indented lines are not filled.
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
    fill(text.split(' '), columns, start, indent, "")
}

/// The same for these words, with `end` after each line but the last.
fn fill<'a>(
    words: impl Iterator<Item = &'a str>,
    columns: usize,
    start: usize,
    indent: usize,
    end: &str,
) -> String {
    let mut lines = String::new();
    let mut at = start;
    let mut is_first = true;
    // A line of blanks is not broken, or it would stay alone.
    let mut has_word = start > 0;
    for word in words {
        let wide = width(word);
        if is_first {
            at += wide;
        } else if at + 1 + wide + end.len() > columns && has_word {
            lines.truncate(lines.trim_end_matches(' ').len());
            lines.extend([end, "\n", &" ".repeat(indent)]);
            at = indent + wide;
            has_word = false;
        } else {
            lines.push(' ');
            at += 1 + wide;
        }
        lines.push_str(word);
        is_first = false;
        has_word |= !word.is_empty();
    }
    lines.truncate(lines.trim_end_matches(' ').len());
    lines
}

/// One line, folded to so many columns if there is a limit; further lines are
/// indented. A command at its end, after a colon, gets lines of its own and can be
/// copied: its lines but the last end as a shell wants it.
pub(super) fn folded(line: &str, columns: Option<usize>, indent: usize) -> String {
    let Some(columns) = columns.filter(|columns| width(line) > *columns) else {
        return line.to_owned();
    };
    // A narrow terminal has no room for an indent.
    let indent = if columns < indent + MIN_TEXT {
        0
    } else {
        indent
    };
    let mut ends = line.match_indices(": ").map(|(at, colon)| at + colon.len());
    let Some(at) = ends.find(|at| is_command(&line[*at..])) else {
        return filled(line, columns, 0, indent);
    };
    let (text, command) = (line[..at].trim_end(), &line[at..]);
    let text = filled(text, columns, 0, indent);
    let command = fill(shell_words(command), columns - indent, 0, INDENT, CONTINUED);
    let command = command.replace('\n', &format!("\n{:indent$}", ""));
    format!("{text}\n{:indent$}{command}", "")
}

/// Whether this is a command to type and not a sentence about roomctl.
fn is_command(text: &str) -> bool {
    let mut words = text.split(' ');
    let program = words.next().and_then(|path| path.rsplit('/').next());
    match (program, words.next()) {
        (Some("chmod" | "(umask" | "iconv"), Some(_)) => true,
        (Some("roomctl"), Some(word)) => word.starts_with('-') || COMMANDS.contains(&word),
        _ => false,
    }
}

/// The words of a command as they are written, with their quotes.
fn shell_words(command: &str) -> impl Iterator<Item = &str> {
    let (mut quote, mut is_escaped) = (None, false);
    command.split(move |c| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        is_escaped = c == '\\' && quote != Some('\'');
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        quote.is_none() && c == ' '
    })
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

/// The start of the last cell that begins in the first `most` columns. Two blanks or
/// more separate cells.
fn last_column(line: &str, most: usize) -> Option<usize> {
    let gaps = line.match_indices("  ").map(|(at, _)| at);
    let starts = gaps.filter_map(|at| {
        let rest = line[at..].trim_start_matches(' ');
        let start = line.len() - rest.len();
        (width(&line[..start]) <= most && !rest.is_empty()).then_some(start)
    });
    starts.last()
}

/// Columns of a text, without its colours.
pub(super) fn width(text: &str) -> usize {
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

    #[test]
    fn a_line_is_folded_between_words() {
        let line = "hint: run the same command again with --ignore-absent";
        assert_eq!(
            folded(line, Some(40), 6),
            "hint: run the same command again with\n      --ignore-absent"
        );
        assert_eq!(folded(line, Some(line.len()), 6), line);
        assert_eq!(folded(line, None, 6), line);
    }

    #[test]
    fn a_word_longer_than_a_line_stands_alone() {
        let word = "x".repeat(50);
        let line = format!("a {word} b");
        assert_eq!(folded(&line, Some(40), 2), format!("a\n  {word}\n  b"));
    }

    #[test]
    fn colours_and_wide_characters_have_their_widths() {
        let line = "\x1b[31merror:\x1b[0m 违规用户 x";
        assert_eq!(folded(line, Some(17), 2), line);
        assert_eq!(
            folded(line, Some(16), 2),
            "\x1b[31merror:\x1b[0m 违规用户\n  x"
        );
    }

    #[test]
    fn a_command_can_be_copied() {
        let line =
            "hint: continue with: /bin/roomctl kick -m 'it is spam' --from \"a b\" --journal j";
        assert_eq!(
            folded(line, Some(40), 6),
            "hint: continue with:\n      /bin/roomctl kick -m \\\n        'it is spam' --from \"a b\" \\\n        --journal j"
        );
    }

    #[test]
    fn a_command_of_a_hint_can_be_pasted_at_any_width() {
        for (text, command) in [
            (
                "hint: list them",
                "roomctl journal show j1 'j 2' -o json | roomctl kick --from -",
            ),
            (
                "hint: write the secret into it",
                "(umask 077; cat > '/a/long name/of/a.key')",
            ),
            ("hint", "roomctl usersig inspect --usersig-file s"),
        ] {
            let line = format!("{text}: {command}");
            for columns in 1..100 {
                let folded = folded(&line, Some(columns), 6);
                let lines = folded
                    .lines()
                    .skip_while(|line| !line.contains(&command[..7]));
                let pasted: Vec<&str> = lines.collect();
                for line in &pasted[..pasted.len() - 1] {
                    assert!(line.ends_with(CONTINUED), "{columns}: {folded}");
                }
                let joined = pasted
                    .iter()
                    .map(|line| line.trim_end_matches(CONTINUED).trim());
                let joined: Vec<&str> = joined.collect();
                let joined = joined.join(" ");
                assert!(joined.ends_with(command), "{columns}: {joined}");
            }
        }
    }

    #[test]
    fn every_narrow_terminal_gets_every_word() {
        let line = "warning: journal j: others can read it (mode 0644): chmod 600 'j k'";
        for columns in 1..80 {
            let folded = folded(line, Some(columns), 9);
            let words = |text: &str| -> Vec<String> {
                let words = text.split_whitespace().filter(|word| *word != "\\");
                words.map(str::to_owned).collect()
            };
            assert_eq!(words(&folded), words(line), "{columns}");
        }
    }
}
