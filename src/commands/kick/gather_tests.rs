//! From flags and lists to a plan.

use super::Args;
use super::faults::Faults;
use super::gather::{Gathered, gather};
use super::protection::Protection;
use super::row_policy::RowPolicy;
use super::testing::{args, unban};
use crate::config::StdinClaim;
use crate::room::UserId;

/// The plan of a command line whose lists are stdin, and what is at fault.
fn gathered(words: &[&str], stdin: &'static str) -> (Gathered, String, String) {
    gathered_of(&args(words), stdin)
}

/// The same of any verb's.
fn gathered_of(args: &Args, stdin: &'static str) -> (Gathered, String, String) {
    let mut stdin = StdinClaim::new(stdin.as_bytes(), false);
    let mut faults = Faults::default();
    let flags = super::flags::check(args, &mut stdin, &mut faults);
    let default_reason = flags.reason.clone();
    let caller = UserId::parse("admin").expect("user");
    let protection = Protection::new(&flags.globs, None, Some(caller));
    let policy = RowPolicy::new(args, &flags, default_reason, protection);
    let gathered = gather(&policy, &flags, &mut stdin, &mut faults);
    let error = faults.into_result().err();
    let said = error.as_ref().map(ToString::to_string).unwrap_or_default();
    let hint = error.map(|error| error.hint()).unwrap_or_default();
    (gathered, said, hint)
}

/// The members of a plan without faults.
fn planned(words: &[&str], stdin: &'static str) -> Vec<(String, String)> {
    let (gathered, said, _) = gathered(words, stdin);
    assert_eq!(said, "");
    let pairs = gathered.plan.sample();
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
    let (gathered, said, _) = gathered(&words, "a\nc\n");
    assert_eq!(said, "");
    let users: Vec<&str> = gathered.plan.sample().map(|(_, user)| user).collect();
    assert_eq!(users, ["b", "a", "c"]);
    assert_eq!(gathered.plan.duplicates(), 1);
}

#[test]
fn a_row_without_a_room_or_a_reason_is_at_fault_where_no_flag_gives_one() {
    let (_, said, hint) = gathered(&CSV, "user,room,reason\na,,x\nb,r,\nc,r,x\n");
    assert_eq!(said, "2 faults\n-:2: names no room\n-:3: gives no reason");
    assert!(hint.contains("--room ROOM") && hint.contains("--reason TEXT"));
}

#[test]
fn a_faulty_flag_is_not_blamed_on_the_rows() {
    let words = ["--from", "-", "-r", "", "-m", ""];
    let (_, said, _) = gathered(&words, "a\nb\n");
    assert!(said.starts_with("2 faults\n--room \"\": "), "{said}");
    assert!(said.contains("\n--reason: is empty"), "{said}");
}

#[test]
fn faults_of_flags_and_rows_come_together() {
    let words = ["--from", "-", "-r", "r", "-m", "x", "--rate", "0"];
    let (_, said, _) = gathered(&words, "a\nb \n用户\n");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert!(lines[1].starts_with("--rate \"0\""));
    assert!(lines[2].starts_with("-:2: user \"b \" ends with a blank"));
    assert!(lines[3].starts_with("-:3: user \"用户\": "));
}

#[test]
fn the_caller_and_protected_names_are_at_fault_with_their_rows() {
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
    let (_, said, hint) = gathered(&words, "a\nadmin\nhost-1\n");
    assert_eq!(
        said,
        "3 faults\n--user host-2 is protected by \"host-*\", flag --protect\n\
         -:2: user \"admin\" is the calling identifier itself\n\
         -:3: user \"host-1\" is protected by \"host-*\", flag --protect"
    );
    assert!(hint.contains("--skip-protected"));
}

#[test]
fn protected_rows_are_left_out_and_named_when_asked_so() {
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
    let (gathered, said, _) = gathered(&words, "a\nadmin\nhost-1\n");
    assert_eq!(said, "");
    assert_eq!(gathered.plan.members(), 1);
    assert_eq!(gathered.skipped.len(), 2);
    assert!(gathered.skipped[1].starts_with("-:3: user \"host-1\" is protected"));
}

#[test]
fn stdin_is_for_one_list() {
    let words = ["--from", "-", "--from", "-", "-r", "r", "-m", "x"];
    let (_, said, _) = gathered(&words, "a\n");
    assert_eq!(said, "--from - and --from - both want standard input");
}

#[test]
fn a_file_that_is_not_there_is_at_fault_by_name() {
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
    let (_, said, _) = gathered(&words, "");
    for fault in [
        "--from /nowhere/x.csv: No such file",
        "--from /: is a directory",
    ] {
        assert!(said.contains(fault), "{said}");
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
    let (gathered, said, _) = gathered_of(&unban(&words), list);
    assert_eq!(said, "");
    let plan = gathered.plan;
    assert_eq!((plan.members(), plan.requests()), (4, 2));
}
