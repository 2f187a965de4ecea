//! `ban`: kick's engine with another call; a ban also keeps members out for a
//! time.

use roomctl::sandbox::Options;
use serde_json::{Value, json};

use crate::support::{
    DeadPort, Home, KEY, OK, Reply, Roomctl, Sandbox, Server, any, fail, has, is,
};

const BAN: &str = "ban -r room-test --for 10m -m spam";

fn hint(error: &Value) -> &str {
    error["error"]["hint"].as_str().expect("a hint")
}

#[test]
fn text_has_the_layout_of_kick_with_its_own_outcome() {
    let sandbox = Sandbox::demo();
    let ban = sandbox.roomctl(BAN).args("-u user1 -u user2");
    let ban = ban
        .stdout(any())
        .stderr(has(["2 banned; 1 request, 0 retries"]));
    let done = ban.exits(0);
    let (head, _) = done.stdout.split_once("RequestId: ").expect("a RequestId");
    assert_eq!(
        head,
        "banned user1, user2 from room-test\nActionStatus: OK\nErrorCode: 0\nErrorInfo: -\n"
    );
    assert_eq!(sandbox.members("room-test").len(), 98);
}

#[test]
fn json_has_the_keys_of_kick_with_its_own_outcome() {
    let server = Server::answering([Reply::json(OK)]);
    let ban = server.roomctl(BAN).args("-u user1 -o json");
    let done = ban.stdout(any()).stderr(any()).exits(0);
    let mut result = done.result();
    for changing in ["ElapsedMs", "Time"] {
        result[changing] = Value::Null;
    }
    assert_eq!(
        result.to_string(),
        "{\"RoomId\":\"room-test\",\"MemberList_Account\":[\"user1\"],\"ActionStatus\":\"OK\",\"ErrorCode\":0,\"ErrorInfo\":\"\",\"RequestId\":\"Id-1\",\"Outcome\":\"banned\",\"Attempts\":1,\"ElapsedMs\":null,\"Action\":\"ban\",\"Reason\":\"spam\",\"Time\":null}"
    );
    assert_eq!(done.count("banned"), 1);
    assert!(done.summary()["summary"].get("removed").is_none());
    let request = server.requests().remove(0);
    assert!(request.target.contains("/ban_room_member?"));
    assert_eq!(
        request.body,
        r#"{"RoomId":"room-test","MemberList_Account":["user1"],"Duration":600,"Reason":"spam"}"#
    );
}

#[test]
fn with_one_journal_a_member_is_banned_again_after_an_unban() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let run = |command: &str, exit| {
        let run = sandbox
            .roomctl(command)
            .args("-u user1 --journal j")
            .home(&home);
        run.stdout(any()).stderr(any()).exits(exit)
    };
    run(BAN, 0);
    let again = run(BAN, 0);
    assert!(again.stderr.contains("already settled"), "{again}");
    run("unban -r room-test", 0);
    // The sandbox has removed the member from the room.
    let asked = run(BAN, 1);
    assert!(asked.stderr.contains("1 absent; 1 request"), "{asked}");
}

#[test]
fn a_month_is_not_a_minute() {
    let sandbox = Sandbox::untouched();
    for length in ["1M", "2 M"] {
        let ban = sandbox.roomctl("ban -r room-test -u user1 -m spam --for");
        let ban = ban
            .arg(length)
            .stderr(has(["--for", length, "30m, 24h or 7d"]));
        ban.exits(2);
    }
}

#[test]
fn bans_lists_every_banned_member_of_all_pages() {
    let names: Vec<String> = (101..=230).map(|n| format!("user{n}")).collect();
    let sandbox = Sandbox::with(Options {
        rooms: vec![("room-test".into(), names.clone())],
        ..Options::default()
    });
    let ban = sandbox.roomctl(BAN).args("--from - -y -q");
    let list = names.join("\n");
    ban.stdin(list).stdout(any()).exits(0);
    let bans = sandbox.roomctl("bans -r room-test -o json").stdout(any());
    let bans = bans.exits(0).results();
    let reported: Vec<&str> = bans
        .iter()
        .map(|ban| ban["Member_Account"].as_str().expect("a name"))
        .collect();
    assert_eq!(reported, names);
    assert!(bans.iter().all(|ban| ban["BannedUntil"].is_u64()));
    assert!(sandbox.members("room-test").is_empty());
}

#[test]
fn the_length_is_required_and_in_whole_seconds() {
    let sandbox = Sandbox::untouched();
    let bare = sandbox.roomctl("ban -r room-test -u user1 -m spam");
    bare.stderr(has(["--for DURATION", "hint: "])).exits(2);
    for bad in ["0s", "500ms", "1500ms", "x", "60"] {
        let ban = sandbox
            .roomctl("ban -r room-test -u user1 -m spam --for")
            .arg(bad);
        ban.stderr(has(["whole seconds", "like 90s"])).exits(2);
    }
}

#[test]
fn a_reason_must_be_given_and_absence_cannot_be_ignored() {
    let sandbox = Sandbox::untouched();
    let ban = sandbox.roomctl("ban -r room-test -u user1 --for 1h");
    ban.stderr(has(["no reason", "--reason TEXT"])).exits(2);
    let ban = sandbox.roomctl(BAN).args("-u user1 --ignore-absent");
    ban.stderr(has(["--ignore-absent"])).exits(2);
    let kick = sandbox.kick("-r room-test -u user1 -m spam --for 1h");
    kick.stderr(has(["--for"])).exits(2);
}

#[test]
fn absent_and_gone_members_are_not_banned_and_the_hint_is_bans() {
    let sandbox = Sandbox::demo();
    let ban = sandbox.roomctl(BAN).args("-u nobody -o json");
    let done = ban.stdout(any()).stderr(any()).exits(1);
    assert_eq!(done.result()["Outcome"], "absent");
    let error = done.error().expect("an error");
    assert_eq!(
        hint(&error),
        "roomctl bans --room room-test lists who is banned"
    );
    let lost = Reply::http("502 Bad Gateway", "", "");
    let server = Server::answering([lost, Reply::json(&fail(100_005))]);
    let ban = server.roomctl(BAN).args("-u user1 -o json");
    let done = ban.stdout(any()).stderr(any()).exits(1);
    assert_eq!(done.result()["Outcome"], "gone");
    let error = done.error().expect("an error");
    assert!(
        hint(&error).contains("roomctl bans --room room-test"),
        "{error}"
    );
    let message = error["error"]["message"].as_str().expect("words");
    assert!(
        message.starts_with("nobody was banned: 100005"),
        "{message}"
    );
}

#[test]
fn some_banned_and_some_not_is_exit_6() {
    let sandbox = Sandbox::demo();
    let ban = sandbox.roomctl(BAN).args("-u user1 -u nobody -o json");
    let done = ban.stdout(any()).stderr(any()).exits(6);
    assert_eq!((done.count("banned"), done.count("absent")), (1, 1));
    let error = done.error().expect("an error");
    assert!(hint(&error).contains("roomctl bans"), "{error}");
}

#[test]
fn the_journal_keeps_ban_and_kick_of_the_same_member_apart() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let words = "-r room-test -u user1 -m spam -o json --journal j";
    let kick = |words: &str| sandbox.kick(words).home(&home).stdout(any());
    let ban = || {
        let ban = sandbox.roomctl("ban --for 1h").args(words);
        ban.home(&home).stdout(any())
    };
    kick(words).stderr(any()).exits(0);
    // Already removed, so the ban is too late and not settled.
    let done = ban().stderr(any()).exits(1);
    assert_eq!(done.result()["Outcome"], "absent");
    let done = ban().stderr(any()).exits(1);
    assert_eq!(done.result()["Outcome"], "absent");
    let settled = "1 of 1 already settled in j";
    let done = kick(words).stdout(is("")).stderr(has([settled])).exits(0);
    assert_eq!(done.results().len(), 0);
    assert_eq!(sandbox.log().len(), 3);
}

#[test]
fn a_ban_settled_in_the_journal_is_not_sent_again() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let ban = || {
        let ban = sandbox.roomctl(BAN).args("-u user1 -o json --journal j");
        ban.home(&home)
    };
    ban().stdout(any()).stderr(any()).exits(0);
    let message = "1 of 1 already settled in j";
    ban().stderr(has([message])).exits(0);
    assert_eq!(sandbox.log().len(), 1);
}

#[test]
fn the_audit_names_the_action() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let ban = sandbox
        .roomctl(BAN)
        .args("-u user1 -q --audit a")
        .home(&home);
    ban.stdout(any()).exits(0);
    let line = std::fs::read_to_string(home.path().join("a")).expect("the audit");
    let line: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(
        (&line["Action"], &line["Outcome"]),
        (&json!("ban"), &json!("banned"))
    );
}

#[test]
fn errors_about_credentials_rooms_and_servers_are_those_of_kick() {
    let sandbox = Sandbox::demo();
    let ban = sandbox
        .roomctl(BAN)
        .args("-u user1 -q")
        .env("ROOMCTL_SECRET_KEY", KEY);
    let ban = ban.secret(KEY).stdout(any());
    ban.stderr(has(["70009", "hint: "])).exits(4);
    let ban = sandbox.roomctl("ban -r nowhere -u user1 --for 1h -m spam -q");
    let message = ["nobody was banned: 100004", "hint: "];
    ban.stdout(any()).stderr(has(message)).exits(1);
    let port = DeadPort::refusing();
    let ban = sandbox.roomctl(BAN).args("-u user1 -q --retries 0");
    let ban = ban.arg("--endpoint").arg(port.endpoint("http"));
    ban.stdout(any())
        .stderr(has(["not banned: cannot connect"]))
        .exits(5);
}

#[test]
fn a_temporary_fault_is_retried() {
    let sandbox = Sandbox::failing("100001=0.5");
    let ban = sandbox
        .roomctl(BAN)
        .many("-u", "user", 100)
        .args("-y -o json");
    let done = ban.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("banned"), 100);
    assert!(done.count("Retries") > 0, "{done}");
}

#[test]
fn stream_works_for_ban() {
    let sandbox = Sandbox::demo();
    let ban = sandbox.roomctl(BAN).args("--stream --from - -o json");
    let done = ban.stdin("user1\nuser2\n").stdout(any()).stderr(any());
    assert_eq!(done.exits(0).count("banned"), 2);
    let bans = sandbox.roomctl("bans -r room-test").stdout(any()).exits(0);
    assert_eq!(bans.stdout.lines().count(), 2);
}

#[test]
fn a_dry_run_sends_nothing() {
    let sandbox = Sandbox::untouched();
    let ban = sandbox.roomctl(BAN).args("-u user1 -n -o json");
    ban.stdout(has(["\"Members\":1"])).exits(0);
}

#[test]
fn the_help_of_kick_refers_to_ban() {
    let help = Roomctl::new("kick --help").stdout(any()).exits(0).stdout;
    assert!(help.contains("A kicked member can join again; roomctl ban prevents that"));
    let help = Roomctl::new("ban --help").stdout(any()).exits(0).stdout;
    for part in ["--for <DURATION>", "--reason", "--journal", "roomctl bans"] {
        assert!(help.contains(part), "{part}");
    }
    assert!(!help.contains("--ignore-absent"), "{help}");
}

#[test]
fn protected_members_are_not_banned() {
    let sandbox = Sandbox::untouched();
    let ban = sandbox.roomctl(BAN).args("-u user1 --protect user*");
    ban.stderr(has(["is protected by"])).exits(2);
}
