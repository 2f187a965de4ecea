//! The command line that resumes a job with a journal, ready to be typed.

use std::ffi::OsString;

use crate::output::sanitise;
use crate::secret::{looks_secret, scrub};

/// How the next run resumes a job with a journal.
pub(super) fn how_to_resume(argv: &[OsString]) -> String {
    match resume_command(argv) {
        Some(line) => format!("continue with: {line}"),
        None if argv.iter().any(|word| word == "--again") => {
            "run the same command again, without --again: it continues".into()
        }
        None => "run the same command again: it continues".into(),
    }
}

/// The command line that resumes a job, ready to be typed, without `--again`.
/// None if it contains a secret or is too long to be read.
fn resume_command(argv: &[OsString]) -> Option<String> {
    /// Longer lines are not repeated: the shell's history has them.
    const MAX_LEN: usize = 400;
    /// Flags with secret values.
    const SECRET_FLAGS: [&str; 2] = ["--secret-key", "--usersig"];

    let words: Option<Vec<&str>> = argv.iter().map(|word| word.to_str()).collect();
    let words = words?.into_iter().filter(|word| *word != "--again");
    let words: Vec<&str> = words.collect();
    let is_secret = |word: &&str| {
        let flag = word.split_once('=').map_or(*word, |(flag, _)| flag);
        SECRET_FLAGS.contains(&flag) || looks_secret(word) || scrub(word) != **word
    };
    // The content of a pipe cannot be read a second time.
    let is_piped = |word: &&str| {
        *word == "-" || word.ends_with("=-") || word.contains("/dev/fd/") || *word == "/dev/stdin"
    };
    if words.iter().any(is_piped) || words.iter().any(is_secret) {
        return None;
    }
    let line = shlex::try_join(words).ok()?;
    // A line that would be shown escaped would not be the same command.
    let is_readable = line.len() <= MAX_LEN && sanitise(&line) == line;
    is_readable.then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resume(words: &[&str]) -> Option<String> {
        let argv: Vec<OsString> = words.iter().map(OsString::from).collect();
        resume_command(&argv)
    }

    #[test]
    fn the_command_that_resumes_can_be_typed_and_has_no_again() {
        let words = [
            "roomctl",
            "kick",
            "-m",
            "it's spam",
            "--again",
            "--journal",
            "j",
        ];
        let line = resume(&words).expect("a line");
        assert_eq!(line, "roomctl kick -m \"it's spam\" --journal j");
    }

    #[test]
    fn a_line_that_would_not_be_the_same_command_is_not_repeated() {
        for word in ["note \u{202e}!", "b\u{200b}j", "two\nlines"] {
            assert_eq!(resume(&["roomctl", "kick", "-m", word]), None, "{word:?}");
        }
        for word in ["-", "--from=-", "/dev/fd/63", "/dev/stdin"] {
            assert_eq!(resume(&["roomctl", "kick", "--from", word]), None, "{word}");
        }
    }

    #[test]
    fn a_line_with_a_secret_is_not_repeated() {
        assert_eq!(resume(&["roomctl", "kick", "--secret-key", "x"]), None);
        assert_eq!(resume(&["roomctl", "kick", "--usersig=x"]), None);
        let scope = ["roomctl", "kick", "--rate-scope", "redis://:pw@h"];
        assert_eq!(resume(&scope), None);
        assert!(resume(&["roomctl", "kick", "--rate-scope=redis://h"]).is_some());
        let file = ["roomctl", "kick", "--secret-key-file", "x"];
        assert!(resume(&file).is_some());
        assert_eq!(resume(&["roomctl", &"x".repeat(500)]), None);
    }
}
