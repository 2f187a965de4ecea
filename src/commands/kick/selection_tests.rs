//! Tests of the selection: rows, rooms, reasons and protected members become a plan,
//! or problems with their hints.

use super::super::args::Args;
use super::super::testing::{kick_args, unban_args};
use super::*;
use crate::config::Env;

/// The selection of a command line whose lists are stdin, the problems, and the
/// hint.
fn select_from(args: &Args, stdin: &'static str) -> (Selection, String, String) {
    let mut stdin = StdinClaim::new(stdin.as_bytes(), false);
    let mut problems = Problems::default();
    let caller = UserId::parse("admin").expect("user");
    let options = Options::parse(
        args,
        &Env::default(),
        None,
        Some(caller),
        &mut stdin,
        &mut problems,
    );
    let selection = select(&options, &mut stdin, &mut problems);
    let error = problems.into_result().err();
    let text = error.as_ref().map(ToString::to_string).unwrap_or_default();
    let hint = error.map(|error| error.hint()).unwrap_or_default();
    (selection, text, hint)
}

/// The same for a kick.
fn selected(words: &[&str], stdin: &'static str) -> (Selection, String, String) {
    select_from(&kick_args(words), stdin)
}

/// The members of a plan without problems.
fn planned(words: &[&str], stdin: &'static str) -> Vec<(String, String)> {
    let (selection, error, _) = selected(words, stdin);
    assert_eq!(error, "");
    let pairs = selection.plan.members_in_order();
    pairs
        .map(|(room, user)| (room.into(), user.into()))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(room, user): &(&str, &str)| ((*room).to_owned(), (*user).to_owned());
    expected.iter().map(owned).collect()
}

const CSV: [&str; 4] = ["--from", "-", "--format", "csv"];

#[test]
fn rows_without_a_room_are_meant_for_each_room() {
    let words = ["--from", "-", "-r", "r", "-r", "s", "-m", "x"];
    assert_eq!(
        planned(&words, "a\nb\na\n"),
        pairs(&[("r", "a"), ("s", "a"), ("r", "b"), ("s", "b")])
    );
}

#[test]
fn a_rows_own_room_goes_before_the_flags() {
    let words = [&CSV[..], &["-r", "r", "-m", "x"]].concat();
    assert_eq!(
        planned(&words, "room,user\nq,a\n,b\n"),
        pairs(&[("q", "a"), ("r", "b")])
    );
}

#[test]
fn users_of_flags_come_first_and_duplicates_are_counted() {
    let words = ["-u", "b", "-u", "a", "--from", "-", "-r", "r", "-m", "x"];
    let (selection, error, _) = selected(&words, "a\nc\n");
    assert_eq!(error, "");
    let users: Vec<&str> = selection
        .plan
        .members_in_order()
        .map(|(_, user)| user)
        .collect();
    assert_eq!(users, ["b", "a", "c"]);
    assert_eq!(selection.plan.duplicates(), 1);
}

#[test]
fn a_row_without_a_room_or_a_reason_is_a_problem_unless_a_flag_gives_one() {
    let (_, error, hint) = selected(&CSV, "user,room,reason\na,,x\nb,r,\nc,r,x\n");
    assert_eq!(error, "2 problems\n-:2: has no room\n-:3: has no reason");
    assert!(hint.contains("--room ROOM") && hint.contains("--reason TEXT"));
}

#[test]
fn a_wrong_flag_is_not_reported_for_every_row() {
    let words = ["--from", "-", "-r", "", "-m", ""];
    let (_, error, _) = selected(&words, "a\nb\n");
    assert!(error.starts_with("2 problems\n--room \"\": "), "{error}");
    assert!(error.contains("\n--reason: is empty"), "{error}");
}

#[test]
fn problems_of_flags_and_rows_come_together() {
    let words = ["--from", "-", "-r", "r", "-m", "x", "--rate", "0"];
    let (_, error, _) = selected(&words, "a\nb \n用户\n");
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 4, "{error}");
    assert!(lines[1].starts_with("--rate \"0\""));
    assert!(lines[2].starts_with("-:2: user \"b \" ends with a blank"));
    assert!(lines[3].starts_with("-:3: user \"用户\": "));
}

#[test]
fn every_problem_of_a_row_is_reported_also_what_no_flag_gives() {
    let (_, error, _) = selected(&CSV, "user,room\n,\nadmin,\nb ,r\n");
    assert_eq!(
        error,
        "5 problems\n-:3: user \"admin\" is the calling account itself\n-:3: has no room\n-:3: has no reason\n\
         -:4: user \"b \" ends with a blank\n-:4: has no reason"
    );
    let (_, error, _) = selected(&["--from", "-"], "a \n");
    assert_eq!(
        error,
        "3 problems\n-:1: user \"a \" ends with a blank\n-:1: has no room\n-:1: has no reason"
    );
}

#[test]
fn the_caller_and_protected_names_are_reported_with_their_rows() {
    let words = [
        "-u",
        "host-2",
        "--from",
        "-",
        "-r",
        "r",
        "-m",
        "x",
        "--protect",
        "host-*",
    ];
    let (_, error, hint) = selected(&words, "a\nadmin\nhost-1\n");
    assert_eq!(
        error,
        "3 problems\n--user host-2 is protected by \"host-*\", flag --protect\n\
         -:2: user \"admin\" is the calling account itself\n\
         -:3: user \"host-1\" is protected by \"host-*\", flag --protect"
    );
    assert!(hint.contains("--skip-protected"));
}

#[test]
fn many_rows_are_counted_by_what_protects_them() {
    let words = "--from - -r r -m x --protect host-* --protect vip-*";
    let words: Vec<&str> = words.split(' ').collect();
    let list = "admin\nhost-1\nvip-1\nhost-2\nvip-2\nhost-3\nhost-4\nhost-5\nvip-3\n";
    let (_, error, _) = selected(&words, list);
    for text in [
        "-:1: user \"admin\" is the calling account itself\n",
        "is protected by \"host-*\", flag --protect (and 4 more rows",
        "-:3: user \"vip-1\" is protected by \"vip-*\"",
    ] {
        assert!(error.contains(text), "{error}");
    }
}

#[test]
fn skipped_rows_are_named_and_not_in_the_plan() {
    let words = [
        "--from",
        "-",
        "-r",
        "r",
        "-m",
        "x",
        "--protect",
        "host-*",
        "--skip-protected",
    ];
    let (selection, error, _) = selected(&words, "a\nadmin\nhost-1\n");
    assert_eq!(error, "");
    assert_eq!(selection.plan.members(), 1);
    assert_eq!(selection.skipped.len(), 2);
    assert!(selection.skipped[1].starts_with("-:3: user \"host-1\" is protected"));
}

#[test]
fn the_hint_fits_the_problem_of_the_row() {
    let words = ["--from", "-", "-r", "r", "-m", "x"];
    for (list, hint) in [
        ("room,user\nr,a\n", "add --format csv"),
        (
            "a \n",
            "remove the blanks at both ends; a name really written so goes into a list of its own, FILE.json: [\"a \"]",
        ),
        (
            "r,a\n",
            "add --format csv, and --columns room,user (in their order) if the list has no header; if all are UserIDs: tr -s ', ' '\\n' | roomctl kick \u{2026} --from - --format lines",
        ),
        (
            "a,\n",
            "remove the separator at the end; a name really written so goes into a list of its own, FILE.json: [\"a,\"]",
        ),
        (
            "user\na\n",
            "remove the first line, or add --format csv; a member really named so goes into a list of its own, FILE.json: [\"user\"]",
        ),
        ("[\"a\"", "get the whole list again; it was cut short"),
        ("用户\n", "correct these rows and run it again"),
    ] {
        assert_eq!(selected(&words, list).2, hint);
    }
}

#[test]
fn stdin_is_for_one_list() {
    let words = ["--from", "-", "--from", "-", "-r", "r", "-m", "x"];
    let (_, error, _) = selected(&words, "a\n");
    assert_eq!(error, "--from - and --from - both want standard input");
}

#[test]
fn a_file_that_cannot_be_read_is_reported_by_name() {
    let words = [
        "--from",
        "/nowhere/x.csv",
        "--from",
        "/",
        "-r",
        "r",
        "-m",
        "x",
    ];
    let (_, error, _) = selected(&words, "");
    for part in [
        "--from /nowhere/x.csv: No such file",
        "--from /: is a directory",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_list_without_members_needs_neither_room_nor_reason() {
    assert_eq!(planned(&["--from", "-"], "# nobody\n"), pairs(&[]));
    assert_eq!(planned(&CSV, "user\n"), pairs(&[]));
}

#[test]
fn an_unban_takes_no_reason_and_groups_by_room_alone() {
    let words = ["--from", "-", "--format", "csv"];
    let list = "room,user,reason\nr,a,x\nr,b,y\nr,c,\ns,a,x\n";
    let (selection, error, _) = select_from(&unban_args(&words), list);
    assert_eq!(error, "");
    let plan = selection.plan;
    assert_eq!((plan.members(), plan.requests()), (4, 2));
}
