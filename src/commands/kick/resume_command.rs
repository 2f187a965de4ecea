//! The command that continues a stopped job, to be typed as it stands.

use std::ffi::OsString;

use crate::output::sanitise;
use crate::secret::looks_secret;

/// Longer ones are not repeated: the shell's history has them.
const MOST: usize = 400;

/// Flags whose values are secrets.
const SECRET: [&str; 2] = ["--secret-key", "--usersig"];

/// What to type after a job with a journal. `--again` is left out: it would ask
/// everybody anew. None where the line holds a secret or is too long to be read.
pub(super) fn command(argv: &[OsString]) -> Option<String> {
    let words: Option<Vec<&str>> = argv.iter().map(|word| word.to_str()).collect();
    let words = words?.into_iter().filter(|word| *word != "--again");
    let words: Vec<&str> = words.collect();
    let is_secret = |word: &&str| {
        let flag = word.split_once('=').map_or(*word, |(flag, _)| flag);
        SECRET.contains(&flag) || looks_secret(word)
    };
    // What came through a pipe is not there a second time.
    let is_piped = |word: &&str| {
        *word == "-" || word.ends_with("=-") || word.contains("/dev/fd/") || *word == "/dev/stdin"
    };
    if words.iter().any(is_piped) || words.iter().any(is_secret) {
        return None;
    }
    let line = shlex::try_join(words).ok()?;
    // What would be shown escaped would not be the same command.
    let is_readable = line.len() <= MOST && sanitise(&line) == line;
    is_readable.then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(words: &[&str]) -> Option<String> {
        let argv: Vec<OsString> = words.iter().map(OsString::from).collect();
        command(&argv)
    }

    #[test]
    fn it_can_be_typed_as_it_stands_and_asks_nobody_anew() {
        let words = [
            "roomctl",
            "kick",
            "-m",
            "it's spam",
            "--again",
            "--journal",
            "j",
        ];
        let line = after(&words).expect("a line");
        assert_eq!(line, "roomctl kick -m \"it's spam\" --journal j");
    }

    #[test]
    fn a_line_that_would_not_be_the_same_command_is_not_repeated() {
        for word in ["note \u{202e}!", "b\u{200b}j", "two\nlines"] {
            assert_eq!(after(&["roomctl", "kick", "-m", word]), None, "{word:?}");
        }
        for word in ["-", "--from=-", "/dev/fd/63", "/dev/stdin"] {
            assert_eq!(after(&["roomctl", "kick", "--from", word]), None, "{word}");
        }
    }

    #[test]
    fn a_line_with_a_secret_is_not_repeated() {
        assert_eq!(after(&["roomctl", "kick", "--secret-key", "x"]), None);
        assert_eq!(after(&["roomctl", "kick", "--usersig=x"]), None);
        let file = ["roomctl", "kick", "--secret-key-file", "x"];
        assert!(after(&file).is_some());
        assert_eq!(after(&["roomctl", &"x".repeat(500)]), None);
    }
}
