//! Values that begin with a dash, forgotten values, typographic dashes and quotes.

use clap::CommandFactory;

use super::*;
use crate::cli::{Cli, parse};

/// The message and the hint about a line, of which `|` separates the words.
fn refused(line: &str) -> Option<(String, String)> {
    let argv: Vec<OsString> = line.split('|').map(OsString::from).collect();
    let mut tree = Cli::command();
    let parsed = parse(&mut tree, &argv);
    let problem = forgotten_values(&tree, &argv).into_values().next();
    assert!(parsed.is_ok() || problem.is_some(), "{line}: {parsed:?}");
    problem.map(|problem| (problem.message, problem.hint))
}

#[test]
fn values_may_begin_with_a_dash() {
    for line in [
        "roomctl|kick|--room|-1001234|--user|-alice|--reason|--- spam",
        "roomctl|kick|-r|-1001234|-u|-alice|-m|-x",
        "roomctl|kick|-nr|-1001234|-u|-alice|-m|-x",
        "roomctl|kick|-r|r|-u|a|-m|-",
        "roomctl|kick|-r|r|-u|a|-m|---",
        "roomctl|kick|-r|r|-u|a|-m|-no spam, please",
        "roomctl|kick|-r|r|-u|a|-m|--user is not nice",
        "roomctl|kick|-r|r|-u|-user1|-m|x",
        "roomctl|kick|-r|r|-u|-mike|-m|x",
        "roomctl|kick|-u|-room-bot|-r|-room-test|-m|x",
        "roomctl|kick|-u|a|-r|r|-m|x|--protect|-bot*|--protect|-host*",
        "roomctl|kick|-r|r|-u|--alice|-m|x",
        "roomctl|kick|-r|r|-u|-5|-u|-6|-m|-7",
        "roomctl|kick|--room=--user|--user=-u|--reason=--yes",
        "roomctl|kick|-r--user|-u-u|-m--yes",
        "roomctl|--identifier|-x|kick|-r|r|-u|a|-m|x",
        "roomctl|kick|-r|r|-u|a|-m|x|--identifier|-x",
        "roomctl|kick|-r|r|-u|a|-m|x|--secret-key|-----BEGIN PRIVATE KEY-----",
        "roomctl|kick|-f|a.csv|--columns|-,user|-m|x",
        "roomctl|ban|-r|-100|-u|-5|-m|-x|--for|1h",
        "roomctl|unban|-r|-100|-u|-5",
        "roomctl|members|--room|-100",
        "roomctl|bans|-r|-100",
        "roomctl|info|-r|-_-",
        "roomctl|sandbox|--room|-100=-5,-6",
        "roomctl|sandbox|--|roomctl|kick|--room|--user|a",
    ] {
        assert_eq!(refused(line), None, "{line}");
    }
}

/// Line, part of the message, part of the hint.
const FORGOTTEN: &str = "\
kick|--room|--user|alice -> --room has no value: the next word is --user -> --room=--user
kick|-r|-u|alice -> -r has no value: the next word is -u -> --room=-u
kick|--room|-u|alice|-m|x -> --room has no value: the next word is -u -> --room=-u
kick|-r|r|-u|-m|spam -> -u has no value: the next word is -m -> --user=-m
kick|-r|r|--user|--reason|spam -> the next word is --reason -> --user=--reason
kick|-r|r|-u|a|-m|-n -> the next word is -n -> --reason=-n
kick|-r|r|-u|a|-m|--dry-run -> the next word is --dry-run -> --reason=--dry-run
kick|-r|r|-u|a|-m|--dry-rnu -> looks like the flag --dry-run -> --reason=TEXT
kick|-r|r|-u|a|--reason|-nv -> the next word is -nv -> --reason=-nv
kick|--room|--user=alice -> looks like the flag --user -> --room=ROOM
kick|--room|--usr|alice -> looks like the flag --user -> --room=ROOM
kick|-r|r|-u|-mspam -> looks like the flag -m -> --user=USER
kick|-r|--|alice -> -r has no value: the next word is -- -> --room=--
kick|-r|r|-u|a|--protect|--yes|-m|x -> the next word is --yes -> --protect=--yes
kick|-r|r|-u|a|-m|--help -> the next word is --help -> --reason=--help
kick|-r|r|-u|a|-m|x|--identifier|--region|usa -> the next word is --region -> --identifier=
kick|-r|r|-u|a|-m|x|--secret-key|--usersig-file|x -> next word is --usersig-file -> --secret-key=
--identifier|--region|kick -> the next word is --region -> --identifier=--region
ban|-r|r|-u|a|-m|--for|1h -> the next word is --for -> --reason=--for
members|--room|-o|json -> the next word is -o -> --room=-o
members|-r|--sandbox -> the next word is --sandbox -> --room=--sandbox
sandbox|--room|--tls -> the next word is --tls -> --room=--tls";

#[test]
fn a_forgotten_value_is_an_error_where_the_next_word_is_a_flag() {
    for row in FORGOTTEN.lines() {
        let columns: Vec<&str> = row.split(" -> ").collect();
        let (message, hint) = refused(&format!("roomctl|{}", columns[0])).expect(row);
        assert!(message.contains(columns[1]), "{row}: {message}");
        assert!(hint.contains(columns[2]), "{row}: {hint}");
    }
}

#[test]
fn the_part_after_a_flag_is_not_repeated() {
    let secret = "canary".repeat(4);
    for line in [
        "--room|--secret-key=X",
        "-r|r|-u|-mX",
        "--secret-key|--user=X",
    ] {
        let line = format!("roomctl|kick|{}", line.replace('X', &secret));
        let (message, hint) = refused(&line).expect("refused");
        assert!(
            !format!("{message}{hint}").contains("canary"),
            "{message} {hint}"
        );
    }
}

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
