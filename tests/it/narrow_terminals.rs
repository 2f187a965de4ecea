//! On a terminal of 80 or 40 columns no command breaks a line inside a word, and
//! no line is too long; a path, a URL or a name that is too long has its own.

use crate::support::{Home, KEY, Sandbox, TerminalSession};

/// What commands print for people.
const COMMANDS: &str = "\
--help
-h
kick --help
ban --help
unban -h
members --help
doctor --help
explain --help
usersig sign --help
usersig verify --help
profile --help
profile add --help
profile show -h
sandbox --help
help --help
completions --help
man --help
help exit-codes
help environment
help input
help output
help journal
explain
explain 60026
explain 100005
explain 6
profile list
profile show
profile path
profile show gone
doctor
doctor --config /dev/null
doctor --sandbox
members -r room-test
bans -r room-test
info -r room-test
members -r no-such-room
members -r room-test --config /dev/null
kick -r room-test -u user1 -m spam
kick -r room-test -u user1 -m spam --retries 0
kick -r room-test -u user2 -m spam -n
kick -r room-test -u user3 -m spam --sdkappid 7
usersig inspect abc
usersig verify abc
kick --bogus
kick -r room-test --region mars --timeout x
--version";

fn width(line: &str) -> usize {
    line.chars().count()
}

/// Lines that are too long although they could have been broken.
fn too_long(shown: &str, columns: usize) -> Vec<&str> {
    let long = shown.lines().filter(|line| width(line) > columns);
    long.filter(|line| line.trim().contains(' ')).collect()
}

#[test]
fn no_command_breaks_a_word_or_overflows() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let key = home.file(
        "a-rather-long-name-of-a-file-with-the-secret-key-of-the-app",
        sandbox.key(),
    );
    home.config(&format!(
        "default_profile = \"prod\"\n[profiles.prod]\nsdkappid = {}\nidentifier = \"administrator\"\nsecret_key_file = \"{key}\"\nendpoint = \"{}\"\nreason = \"you are kicked because of irregularities, and this text is long\"\nprotect = [\"host-*\", \"moderator-*\", \"everybody-who-helps-us-*\"]\n",
        sandbox.sdkappid(),
        sandbox.endpoint()
    ));
    for columns in [80, 40] {
        for words in COMMANDS.lines() {
            let session = TerminalSession::run_with(words, &home, columns, &[("NO_COLOR", "1")]);
            let (shown, _) = session.ends();
            let shown = shown.replace("\r\n", "\n");
            let long = too_long(&shown, columns.into());
            assert!(long.is_empty(), "{words} at {columns}: {long:#?}");
            assert!(!shown.contains(&KEY[..16]));
        }
    }
}

#[test]
fn a_pipe_gets_lines_of_any_length() {
    let home = Home::new();
    let reason = "word ".repeat(60);
    home.config(&format!(
        "default_profile = \"p\"\n[profiles.p]\nreason = \"{reason}\"\n"
    ));
    let show = crate::support::Roomctl::new("profile show").home(&home);
    let shown = show.stdout(crate::support::any()).exits(0).stdout;
    assert_eq!(shown.lines().count(), 3, "{shown}");
}
