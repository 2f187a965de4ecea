//! What a terminal of 80 columns shows, and one of 40: read back from a real
//! one and kept in `tests/data/terminal/`. After a change of the output:
//!
//!     ROOMCTL_REWRITE=1 cargo test --test it terminal_screens

use std::fs;
use std::path::Path;

use roomctl::sandbox::Options;
use serde_json::json;

use crate::support::{
    Home, OK, Reply, Roomctl, Sandbox, Server, fail, is_installed, is_rewriting, lines,
};

/// A line without the figures that differ from run to run, and without the bar.
fn stable(line: &str) -> String {
    if line.starts_with("RequestId: ") {
        return "RequestId: Id".into();
    }
    if let Some((before, port)) = line.split_once("127.0.0.1:") {
        let rest = port.trim_start_matches(|c: char| c.is_ascii_digit());
        return format!("{before}127.0.0.1:PORT{rest}");
    }
    let changes = ["time ", "latency ", "          p50"];
    let is_count = line.ends_with(" s") && line.contains(" retries, ");
    if !is_count && !changes.iter().any(|start| line.starts_with(start)) {
        return line.into();
    }
    let is_part = |c: char| ('▁'..='█').contains(&c);
    let words = line
        .split_whitespace()
        .filter(|word| !word.chars().all(is_part));
    let plain = words.map(|word| {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '<');
        if word.starts_with(digits) { "N" } else { word }
    });
    // A job that ended at once has no rate.
    plain
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" N requests/s", "")
}

fn check_screen(name: &str, shown: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/terminal");
    let file = folder.join(format!("{name}.txt"));
    let shown: String = shown.lines().map(|line| stable(line) + "\n").collect();
    if is_rewriting() {
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(&file, &shown).expect("written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(shown == kept, "{name} is\n{shown}\nand was\n{kept}");
}

/// With colours in a wide terminal, without in a narrow one.
fn check_both_widths(name: &str, run: impl Fn() -> Roomctl, is_silent: bool) {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 40] {
        let screen = run().on_screen(columns, is_silent);
        let shown = screen.at_the_end(columns == 80);
        check_screen(&format!("{name}-{columns}"), &shown);
    }
}

#[test]
fn the_screen_of_one_kick() {
    if !is_installed("tmux") {
        return;
    }
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u nobody -m spam");
    check_screen("one", &kick.on_screen(80, false).at_the_end(true));
}

/// Three of every twenty members are absent.
fn crowd() -> Sandbox {
    let there = (0..60).filter(|n| n % 20 > 2).map(|n| format!("u{n}"));
    Sandbox::with(Options::default().room("r", there))
}

#[test]
fn the_screen_at_the_end_of_a_bulk_job() {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 40] {
        let (sandbox, home) = (crowd(), Home::new());
        home.file("list", lines("u", 0..60));
        let kick = sandbox.kick("-r r -m spam --from list").home(&home);
        // How many batches are in flight when the first is answered changes the
        // number of requests.
        let kick = kick.args("--yes --concurrency 1");
        let screen = kick.on_screen(columns, true);
        check_screen(
            &format!("bulk-{columns}"),
            &screen.at_the_end(columns == 80),
        );
    }
}

/// One request at a time, so that the results come in the list's order.
#[test]
fn the_screen_of_a_bulk_job_with_results() {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 40] {
        let (server, home) = (Server::answering([Reply::json(OK)]), Home::new());
        home.file("list", lines("u", 0..60));
        let kick = server.kick("-r r -m spam --from list").home(&home);
        let kick = kick.args("--yes --concurrency 1");
        let screen = kick.on_screen(columns, false);
        let shown = screen.at_the_end(columns == 80);
        check_screen(&format!("bulk-results-{columns}"), &shown);
    }
}

/// 57 of 60 are removed; of the others one is absent, one is refused with a long text
/// of the service, and one has no answer.
fn mixed() -> (Server, Home) {
    let info = "the user may not be removed:\u{202e} the owner of the room has to agree first";
    let refused = json!({"ActionStatus": "FAIL", "ErrorCode": 100_006, "ErrorInfo": info, "RequestId": "Id-2"});
    let server = Server::answering([
        Reply::json(OK),
        Reply::json(OK),
        Reply::json(&fail(100_005)),
        Reply::json(&refused.to_string()),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"),
        Reply::json(OK),
    ]);
    let home = Home::new();
    let apart = |room: &str, user: &str| format!("{user},{room}\n");
    let crowd: String = (0..40)
        .map(|n| apart("room-test", &format!("user{n}")))
        .collect();
    let others = ["late-room-7", "r", "room-of-the-evening"];
    let others: String = others.map(|room| apart(room, "alice@example.com")).concat();
    let rest: String = (40..57)
        .map(|n| apart("last", &format!("user{n}")))
        .collect();
    home.file("list.csv", format!("user,room\n{crowd}{others}{rest}"));
    (server, home)
}

#[test]
fn the_screen_of_a_long_job_with_a_mixed_result() {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 40] {
        let (server, home) = mixed();
        let kick = server.kick("-m spam --from list.csv").home(&home);
        let kick = kick.args("--yes --concurrency 1 --retries 0");
        let shown = kick.on_screen(columns, false).at_the_end(columns == 80);
        check_screen(&format!("mixed-{columns}"), &shown);
    }
}

/// Aligned as in a long job, but all of them are listed.
#[test]
fn a_short_list_is_a_table_with_every_member() {
    if !is_installed("tmux") {
        return;
    }
    let home = Home::new();
    home.file("list", "user1\nuser2-with-a-longer-name\n");
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -m spam --from list");
    let kick = kick.home(&home).args("--concurrency 1 --check-room never");
    let shown = kick.on_screen(80, false).at_the_end(false);
    let lines: Vec<&str> = shown.lines().collect();
    let header = lines[0].split_whitespace().collect::<Vec<_>>();
    assert_eq!(header, ["ROOM", "USER", "OUTCOME", "CODE", "ERRORINFO"]);
    for (user, outcome) in [("user1", "removed"), ("user2-with-a-longer-name", "absent")] {
        let row = lines.iter().find(|line| line.contains(&format!("{user} ")));
        let row = row.unwrap_or_else(|| panic!("{shown}"));
        assert_eq!(row.find(outcome), lines[0].find("OUTCOME"), "{shown}");
    }
}

/// The rows that matter would scroll away.
#[test]
fn members_that_a_stop_left_unsent_are_counted_and_not_listed() {
    if !is_installed("tmux") {
        return;
    }
    for (flags, place) in [
        ("", "--failed-to FILE"),
        ("--failed-to left", "left has them (--failed-to)"),
        ("--journal j", "roomctl journal show j --outcome unsent"),
    ] {
        let home = Home::new();
        home.file("list", lines("u", 0..2000));
        let server = Server::answering([Reply::json(&fail(100_004))]);
        let kick = server.kick("-r r -m spam --from list -y --max-failures 1");
        let kick = kick.home(&home).args("--concurrency 1").args(flags);
        let shown = kick.on_screen(80, false).at_the_end(false);
        let unwrapped = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let note = "note: 1,980 unsent members are not listed: ";
        assert!(
            unwrapped.contains(note) && unwrapped.contains(place),
            "{shown}"
        );
        assert!(!shown.contains("not sent:"), "{shown}");
        assert!(shown.contains("u19    refused   100004"), "{shown}");
    }
}

#[test]
fn the_screen_of_an_interrupted_job_has_no_bar_and_a_command_to_copy() {
    if !is_installed("tmux") {
        return;
    }
    let (sandbox, home) = (crowd(), Home::new());
    home.file("list", lines("u", 3..45));
    let kick = sandbox
        .kick("-r r --from list --yes --rate 1 --journal")
        .home(&home);
    let kick = kick.arg("the journal").arg("-m").arg("it is spam");
    let screen = kick.on_screen(80, false);
    screen.wait_for("/42 ");
    screen.press("C-c");
    let shown = screen.at_the_end(false);
    assert!(!shown.contains("/42 "), "{shown}");
    let (_, hint) = shown.split_once("hint: continue with:\n").expect("a hint");
    let (first, rest) = hint.split_once('\n').expect("more lines");
    assert!(
        first.ends_with(" \\") && rest.contains("'it is spam'"),
        "{hint}"
    );
}

#[test]
fn the_screen_of_members_with_wide_names() {
    let member = |name: &str, role: &str, card: &str| json!({"Member_Account": name, "Role": role, "NameCard": card});
    let members = [
        member("alice", "RoomOwner", "主播 😀"),
        member("违规用户", "Member", "e\u{301}lan"),
        member("bob", "管理员", ""),
    ];
    let response = json!({"MemberList": members, "Next": ""});
    let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "ErrorInfo": "", "RequestId": "Id-1", "Response": response});
    if !is_installed("tmux") {
        return;
    }
    let server = Server::answering([Reply::json(&answer.to_string())]);
    check_both_widths(
        "members",
        || server.roomctl("members --room room-test"),
        false,
    );
}

#[test]
fn the_screen_of_an_error_and_its_hint() {
    let kick = || Roomctl::new("kick -r r -u u -m spam --region singapor --rate 500");
    check_both_widths("error", kick, false);
}

/// An endpoint of a fixed length, because it is on the screen. Nothing is sent.
fn to_be_confirmed(words: &str, home: &Home) -> Roomctl {
    let names = (0..60).map(|n| format!("room-{},member{n},", n % 5));
    let reasons = ["spam", "advertising for another app", "用户发布违规内容"];
    let rows = names
        .enumerate()
        .map(|(n, row)| row + reasons[n % 3] + "\n");
    let list: String = rows.collect();
    home.file("spam.csv", format!("room,user,reason\n{list}"));
    home.config(
        "[profiles.prod]\nsdkappid = 1400000001\nidentifier = \"administrator\"\n\
         secret_key_command = [\"/bin/false\"]\nconfirm = \"name\"\nregion = \"usa\"\n",
    );
    Roomctl::new("ban --from spam.csv --for 7d").args(words)
}

#[test]
fn the_screen_of_a_dry_run() {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 40] {
        let home = Home::new();
        let ban = to_be_confirmed("--profile prod -n", &home).home(&home);
        let shown = ban.on_screen(columns, false).at_the_end(columns == 80);
        check_screen(&format!("dry-run-{columns}"), &shown);
    }
}

#[test]
fn the_screen_of_the_question() {
    if !is_installed("tmux") {
        return;
    }
    for columns in [80, 40] {
        let home = Home::new();
        let key = "a".repeat(64);
        let ban = to_be_confirmed("--profile prod --sdkappid 1400000002", &home).home(&home);
        let ban = ban
            .env("ROOMCTL_SECRET_KEY", &key)
            .args("--secret-key-file key");
        home.file_of_mode("key", &key, 0o600);
        let screen = ban.secret(key).on_screen(columns, true);
        screen.wait_for("profile, prod:");
        screen.press("n");
        screen.press("Enter");
        check_screen(
            &format!("question-{columns}"),
            &screen.at_the_end(columns == 80),
        );
    }
}
