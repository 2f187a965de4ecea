//! Dashes and quotes that chat programs and word processors put in the place of
//! those that were typed. A shell takes them for letters.

use std::ffi::OsString;

use crate::error::Problem;

/// Hyphens, dashes and the minus sign beside `-`.
const DASHES: [char; 9] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}', '\u{fe63}',
    '\u{ff0d}',
];

const OPENING: [char; 5] = ['\u{201c}', '\u{201e}', '\u{2018}', '\u{201a}', '\u{ab}'];
const CLOSING: [char; 5] = ['\u{201d}', '\u{201c}', '\u{2019}', '\u{2018}', '\u{bb}'];

/// The flag in a word that begins with such a dash: `–room` is `--room`.
pub(super) fn with_dashes(word: &str) -> Option<String> {
    let has_other = word.trim_start_matches('-').starts_with(DASHES);
    let name = word.trim_start_matches('-').trim_start_matches(DASHES);
    let name = name.trim_start_matches('-');
    let letters = name.split('=').next()?.chars().count();
    let dashes = if letters == 1 { "-" } else { "--" };
    let is_flag = has_other && name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_flag.then(|| format!("{dashes}{name}"))
}

/// Whether the word stands in such quotes.
pub(super) fn is_quoted(word: &str) -> bool {
    let inner = word.strip_prefix(OPENING);
    inner.is_some_and(|inner| inner.ends_with(CLOSING))
}

/// The command line as it would be with the quotes of a shell, and the problem if
/// that is another line. The quotes around one word of a reason may belong to it.
pub(super) fn without_quotes(argv: &[OsString]) -> (Vec<OsString>, Option<Problem>) {
    let mut out: Vec<OsString> = Vec::new();
    let mut has_quotes = false;
    let mut at = 0;
    while let Some(word) = argv.get(at) {
        let end = word.to_str().and_then(|word| end_of_quote(word, at, argv));
        let is_reason = out
            .last()
            .is_some_and(|flag| flag == "--reason" || flag == "-m");
        match end {
            Some(end) if !(is_reason && end == at) => {
                out.push(unquoted(&argv[at..=end]).into());
                has_quotes = true;
                at = end;
            }
            _ => out.push(word.clone()),
        }
        at += 1;
    }
    let problem = || {
        Problem::usage(
            "the command line has typographic quotes, which the shell takes for letters",
            "type the quotes: \" or '",
        )
    };
    (out, has_quotes.then(problem))
}

/// The word in which the quote ends that begins in `word`, also after `=`.
fn end_of_quote(word: &str, at: usize, argv: &[OsString]) -> Option<usize> {
    let begins = |text: &str| text.starts_with(OPENING);
    let is_begun = begins(word) || word.split_once('=').is_some_and(|(_, value)| begins(value));
    let ends = |word: &OsString| word.to_str().is_some_and(|word| word.ends_with(CLOSING));
    let is_alone = |end: &usize| *end > at || word.chars().count() > 1;
    let end = argv[at..].iter().position(ends).map(|end| at + end);
    end.filter(is_alone).filter(|_| is_begun)
}

fn unquoted(words: &[OsString]) -> String {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let text = words.join(" ");
    let text = text.strip_suffix(CLOSING).unwrap_or(&text);
    match text.split_once('=') {
        Some((flag, value)) if !text.starts_with(OPENING) => {
            format!("{flag}={}", value.strip_prefix(OPENING).unwrap_or(value))
        }
        _ => text.strip_prefix(OPENING).unwrap_or(text).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typographic_dashes_are_those_of_a_flag() {
        for (word, flag) in [
            ("\u{2013}room", Some("--room")),
            ("\u{2014}room=x", Some("--room=x")),
            ("\u{2013}\u{2013}user", Some("--user")),
            ("-\u{2011}user", Some("--user")),
            ("\u{2212}r", Some("-r")),
            ("\u{2013}", None),
            ("\u{2013}5", None),
            ("--room", None),
            ("room\u{2013}test", None),
        ] {
            assert_eq!(with_dashes(word).as_deref(), flag, "{word}");
        }
    }

    #[test]
    fn words_between_typographic_quotes_are_one() {
        let read = |line: &str| {
            let argv: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let (words, problem) = without_quotes(&argv);
            let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            (words.join("|"), problem.is_some())
        };
        for (line, words, is_problem) in [
            ("r -m “you are kicked” -n", "r|-m|you are kicked|-n", true),
            ("r --reason=‘you are’", "r|--reason=you are", true),
            ("r --room “room-test”", "r|--room|room-test", true),
            ("r -m “spam”", "r|-m|“spam”", false),
            ("r -m “open end", "r|-m|“open|end", false),
            ("r -m don’t stop", "r|-m|don’t|stop", false),
        ] {
            assert_eq!(read(line), (words.to_owned(), is_problem), "{line}");
        }
    }
}
