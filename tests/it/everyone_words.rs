//! What `--all`, `--match` and the commands around them say.

use serde_json::json;

use crate::everyone_odd_lists::response;
use crate::support::{Home, OK, Reply, Roomctl, Sandbox, Server, Terminal, any, fail, has, lacks};

#[test]
fn an_operand_of_all_is_its_room() {
    for words in [
        "kick r0 --all",
        "kick --match a* r0",
        "ban r0 -g a --for 1h",
    ] {
        let kick = Roomctl::new(words).args("-m x -y");
        let done = kick.stderr(has(["did you mean --room r0?"])).exits(2);
        assert!(!done.stderr.contains("do not go together"), "{done}");
    }
}

#[test]
fn a_member_that_only_a_list_has_shown_had_no_earlier_try() {
    let absent = fail(100_005);
    let server = Server::answering([
        response(&json!({"MemberList": [{"Member_Account": "a"}], "Next": ""})),
        response(&json!({"RoomInfo": {"MemberCount": 1}})),
        Reply::json(&absent),
    ]);
    let kick = server.kick("-r r -u a -m x --check-room always");
    let done = kick
        .stdout(has(["gone: a is not in r any more"]))
        .stderr(any());
    let done = done.exits(0);
    assert!(!done.stdout.contains("earlier try"), "{done}");
}

#[test]
fn a_list_that_is_denied_is_not_about_a_member() {
    let denied = fail(100_006);
    for words in ["members -r r", "bans -r r", "kick -r r --all -m x -y"] {
        let server = Server::answering([Reply::json(&denied)]);
        let done = server.roomctl(words).stderr(any()).exits(1);
        let words = "no permission to read the list";
        assert!(done.stderr.contains(words), "{done}");
        assert!(!done.stderr.contains("member cannot be removed"), "{done}");
    }
}

#[test]
fn nobody_that_matches_is_said_with_counts_and_what_is_a_wildcard() {
    let sandbox = Sandbox::demo();
    for (glob, is_odd) in [("[ab]*", true), ("{a,b}", true), ("nobody*", false)] {
        for words in ["-y", "-n"] {
            let kick = sandbox
                .kick("-r room-test -m x --match")
                .arg(glob)
                .args(words);
            let done = kick
                .stdout(any())
                .stderr(has(["100 names, 0 match"]))
                .exits(0);
            let has_hint = done.stderr.contains("only * and ? are wildcards");
            assert_eq!(has_hint, is_odd, "{done}");
        }
    }
}

/// A list with a member in each of so many rooms.
fn rooms(home: &Home, count: usize) {
    let row = |n: usize| format!("room{n:02},user{n}\n");
    let rows: String = (0..count).map(row).collect();
    home.file("l.csv", format!("room,user\n{rows}"));
}

#[test]
fn a_dry_run_shows_every_room_and_the_question_as_many_as_fit() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    rooms(&home, 25);
    let kick = || sandbox.kick("-f l.csv -m spam").home(&home);
    let done = kick().args("-n").stdout(any()).exits(0);
    let shown = done.stdout.matches("(1 member): user").count();
    assert_eq!(shown, 25, "{done}");
    assert!(!done.stdout.contains("more room"), "{done}");
    let terminal = Terminal::new();
    let running = kick().start_on(&terminal);
    let question = terminal.wait_for("[y/N]");
    terminal.types("n\n");
    running.ends(2);
    let lines: Vec<&str> = question.lines().collect();
    let shown = question.matches("(1 member): user").count();
    assert!((4..25).contains(&shown), "{question}");
    let rest = format!("and {} more rooms; --dry-run shows all", 25 - shown);
    assert!(question.contains(&rest), "{question}");
    assert!(lines.len() <= 24, "{question}");
}

#[test]
fn the_journal_commands_lead_to_what_is_meant() {
    let home = Home::new();
    let sandbox = Sandbox::demo();
    let kick = sandbox
        .kick("-r room-test -u user1 -m x --journal j")
        .home(&home);
    kick.stdout(any()).stderr(any()).exits(0);
    let summary = Roomctl::new("journal summary j --user user1").home(&home);
    let done = summary
        .stderr(has(["roomctl journal show has --user"]))
        .exits(2);
    assert!(!done.stderr.contains("kick"), "{done}");
    for since in ["2h ago", "2h", "30m ago"] {
        let show = Roomctl::new("journal show j --since")
            .arg(since)
            .home(&home);
        show.stdout(has(["user1"])).exits(0);
    }
    let later = Roomctl::new("journal show j --since")
        .arg("ago")
        .home(&home);
    later
        .stderr(has(["neither a duration nor a time"]))
        .exits(2);
}

#[test]
fn a_list_of_failed_to_is_not_called_damaged() {
    let home = Home::new();
    let server = Server::answering([
        Reply::json(OK),
        response(&json!({"MemberList": [{"Member_Account": "a"}], "Next": ""})),
        response(&json!({"RoomInfo": {"MemberCount": 1}})),
    ]);
    let kick = server
        .kick("-r r -u a -m x --verify --failed-to left")
        .home(&home);
    kick.stdout(any()).stderr(any()).exits(6);
    let show = Roomctl::new("journal show left").home(&home);
    let done = show
        .stderr(has(["--failed-to list", "kick --from"]))
        .exits(2);
    assert!(!done.stderr.contains("backup"), "{done}");
}

#[test]
fn on_a_terminal_the_columns_of_the_journal_stand_below_their_headers() {
    let home = Home::new();
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m because --journal j");
    kick.home(&home).stdout(any()).stderr(any()).exits(0);
    let terminal = Terminal::new();
    let script = format!("exec \"$0\" \"$@\" > {}", terminal.path());
    let show = Roomctl::new("journal show j -v").home(&home);
    show.stderr(any()).in_shell(&script).exits(0);
    let shown = terminal.wait_for("account: ");
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    let at = |line: usize, word: &str| lines[line].find(word).expect(word);
    assert_eq!(at(0, "USER"), at(1, "user1"), "{shown}");
    assert_eq!(at(0, "ROOM"), at(1, "room-test"), "{shown}");
    assert!(lines.contains(&"    reason: because"), "{shown}");
}

#[test]
fn a_run_without_unsent_members_does_not_speak_of_them() {
    let refused = fail(100_006);
    let lost = fail(100_001);
    let server = Server::answering([Reply::json(&refused), Reply::json(&lost)]);
    let kick = server.kick("-r r -u a -m x --verify --retries 0");
    let done = kick
        .stdout(any())
        .stderr(lacks(["unsent members"]))
        .exits(5);
    assert!(done.stderr.contains("run the same command again"), "{done}");
}
