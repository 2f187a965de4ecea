//! Tests of the flags of kick, ban and unban: what is accepted, and which problems
//! and hints a bad one gives.

use super::super::testing::{ban_args, kick_args};
use super::*;
use crate::job::input::Format;

fn check(words: &[&str]) -> (Options, String) {
    let mut stdin = StdinClaim::new(&b"stdin"[..], false);
    let mut problems = Problems::default();
    let options = Options::parse(
        &kick_args(words),
        &Env::default(),
        None,
        None,
        &mut stdin,
        &mut problems,
    );
    let error = problems.into_result().err().map(|error| error.to_string());
    (options, error.unwrap_or_default())
}

#[test]
fn every_problem_is_found_at_once() {
    let (_, error) = check(&[
        "--room",
        "房",
        "--user",
        "",
        "--rate",
        "201",
        "--retries",
        "x",
        "--max-members",
        "many",
        "--protect",
        "",
        "--reason",
        "",
        "--columns",
        "usr",
    ]);
    for part in [
        "9 problems",
        "--room \"房\": ",
        "--user \"\": is empty",
        "--reason: is empty",
        "--protect \"\": is empty",
        "--rate \"201\": is not a number from 1 to 200",
        "--retries \"x\": ",
        "--max-members \"many\": ",
        "--columns: \"usr\" is not one of",
        "--columns is about lists",
    ] {
        assert!(error.contains(part), "{part} in\n{error}");
    }
}

#[test]
fn every_hint_says_what_to_type() {
    for (words, hint) in [
        (
            &["-r", "", "-u", "u", "-m", "x"][..],
            "give --room 1 to 48 printable ASCII characters",
        ),
        (
            &["-r", "r", "-u", "", "-m", "x"],
            "give --user 1 to 32 printable ASCII characters",
        ),
        (
            &["-r", "r", "-u", "u", "-m", ""],
            "give a reason of 1 to 1000 bytes",
        ),
        (
            &["-f", "x", "--rate", "0"],
            "give --rate a whole number from 1 to 200",
        ),
    ] {
        let mut stdin = StdinClaim::new(&b""[..], false);
        let mut problems = Problems::default();
        Options::parse(
            &kick_args(words),
            &Env::default(),
            None,
            None,
            &mut stdin,
            &mut problems,
        );
        let error = problems.into_result().expect_err(hint);
        assert_eq!(error.hint(), hint);
    }
}

#[test]
fn members_must_be_given_and_a_user_needs_a_room() {
    let nobody = "nobody to remove: give --user USER or --from FILE";
    let missing = format!("3 problems\n{nobody}\nno room\nno reason");
    assert_eq!(check(&[]).1, missing);
    assert_eq!(check(&["--room", "r", "-m", "x"]).1, nobody);
    assert_eq!(check(&["--user", "u"]).1, "--user without a room");
    assert_eq!(check(&["--from", "x.csv"]).1, "");
}

#[test]
fn formats_come_from_the_flag_or_the_suffix() {
    let formats = |words: &[&str]| -> Vec<Option<Format>> {
        let (options, error) = check(words);
        assert_eq!(error, "");
        options
            .lists
            .iter()
            .map(|list| list.layout.format)
            .collect()
    };
    assert_eq!(
        formats(&["-f", "a.csv", "-f", "b", "-f", "c.jsonl", "-f", "-"]),
        [Some(Format::Csv), None, Some(Format::Json), None]
    );
    assert_eq!(
        formats(&["-f", "a.csv", "-f", "b", "--format", "tsv"]),
        [Some(Format::Tsv); 2]
    );
}

#[test]
fn columns_apply_to_tables_only() {
    let (options, error) = check(&["-f", "a.csv", "-f", "b.ndjson", "--columns", "room,user"]);
    assert_eq!(error, "");
    let lists = options.lists.iter();
    let has_columns: Vec<bool> = lists.map(|list| list.layout.columns.is_some()).collect();
    assert_eq!(has_columns, [true, false]);
    for words in [
        &["-f", "a", "--columns", "user"][..],
        &["-f", "a.ndjson", "--columns", "user"],
        &["-f", "a.csv", "--format", "lines", "--columns", "user"],
    ] {
        assert!(check(words).1.contains("no list is known to be one"));
    }
    let (_, error) = check(&["-u", "u", "-r", "r", "--format", "csv"]);
    assert!(error.starts_with("--format is about lists"), "{error}");
}

#[test]
fn a_delimiter_is_one_ascii_character_and_applies_to_tables_only() {
    let delimiter = |text: &str| {
        let (options, error) = check(&["-f", "a.csv", "--delimiter", text]);
        let list = options.lists.first();
        (list.and_then(|list| list.layout.delimiter), error)
    };
    for (text, byte) in [
        (";", b';'),
        ("\\t", b'\t'),
        ("tab", b'\t'),
        ("\t", b'\t'),
        ("-", b'-'),
    ] {
        assert_eq!(delimiter(text), (Some(byte), String::new()), "{text}");
    }
    for text in ["", ";;", "；", "\"", "\n"] {
        let (found, error) = delimiter(text);
        assert_eq!(found, None, "{text}");
        assert!(error.contains("is not one ASCII character"), "{error}");
    }
    let (_, error) = check(&["-f", "a.txt", "--delimiter", ";"]);
    assert!(error.contains("no list is known to be one"), "{error}");
    let (_, error) = check(&["-u", "u", "-r", "r", "--delimiter", ";"]);
    assert!(error.starts_with("--delimiter is about lists"), "{error}");
}

#[test]
fn names_of_flags_are_checked_as_those_of_lists() {
    for (words, message, hint) in [
        (
            ["-r", "r", "-u", "a,b"],
            "--user \"a,b\" has a comma inside",
            "repeat the flag: --user a --user b",
        ),
        (
            ["-r", "r", "-u", "user92 "],
            "--user \"user92 \" ends with a blank",
            "give --user user92",
        ),
        (
            ["-r", "r", "-u", "\"a\""],
            "--user \"\\\"a\\\"\" has a quote",
            "give --user a",
        ),
        (
            ["-r", "r", "-u", "[\"a\",\"b\"]"],
            "--user \"[\\\"a\\\",\\\"b\\\"]\" begins with [",
            "repeat the flag: --user a --user b",
        ),
        (
            ["-r", "r", "-u", "null"],
            "--user \"null\" stands for a missing value",
            "give the name itself: --user NAME",
        ),
        (
            ["-r", "r", "-u", "1.2E+11"],
            "--user \"1.2E+11\" is what a spreadsheet shows",
            "give the name itself",
        ),
        (
            ["-r", "r,s", "-u", "a"],
            "--room \"r,s\" has a comma inside",
            "repeat the flag: --room r --room s",
        ),
        (
            ["-r", "r\u{a0}", "-u", "a"],
            "--room \"r\\u{a0}\" ends with a no-break space",
            "give --room r",
        ),
    ] {
        let mut stdin = StdinClaim::new(&b""[..], false);
        let mut problems = Problems::default();
        let words = [&words[..], &["-m", "x"]].concat();
        Options::parse(
            &kick_args(&words),
            &Env::default(),
            None,
            None,
            &mut stdin,
            &mut problems,
        );
        let error = problems.into_result().expect_err(message);
        assert!(error.to_string().starts_with(message), "{error}");
        assert!(error.hint().starts_with(hint), "{}", error.hint());
    }
    assert_eq!(
        check(&["-r", "room 1", "-u", "user 1", "--user=-alice", "-m", "x"]).1,
        ""
    );
}

#[test]
fn a_ban_lasts_for_whole_seconds() {
    let call = |words: &[&str]| {
        let mut problems = Problems::default();
        let call = ServiceCall::parse(&ban_args(words), &mut problems);
        problems.into_result().map(|()| call)
    };
    let seconds = |text: &str| match call(&[&format!("--for={text}")]) {
        Ok(ServiceCall::Ban { seconds }) => Some(seconds),
        _ => None,
    };
    assert_eq!(seconds("90s"), Some(90));
    assert_eq!(seconds("1000ms"), Some(1));
    assert_eq!(seconds("7d"), Some(604_800));
    for bad in ["", "0s", "500ms", "1500ms", "60", "-1s", "49711d", "long"] {
        assert_eq!(seconds(bad), None, "{bad}");
    }
    let error = call(&[]).expect_err("no --for").to_string();
    assert!(error.contains("--for DURATION"), "{error}");
}
