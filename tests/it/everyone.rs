//! `--all` and `--match`: the members come from the service; who is skipped, and
//! what must be agreed to before.

use roomctl::sandbox::Options;
use serde_json::{Value, json};

use crate::support::{
    Done, Home, Journal, OK, Reply, Roomctl, Sandbox, Server, Terminal, any, has, lacks,
};

const KICK: &str = "-r room-test -m spam -o json";

/// `room-test` with members and the calling account, and a second room.
fn sandbox() -> Sandbox {
    let names = ["bot-1", "bot-2", "host-1", "administrator", "alice"];
    let others = (0..70).map(|n| format!("bot-{n}"));
    let options = Options::default().room("room-test", names);
    Sandbox::with(options.room("lobby", others.chain(["carol".to_owned()])))
}

/// The names with this outcome, sorted.
fn names(done: &Done, outcome: &str) -> Vec<String> {
    let members = done.members().into_iter();
    let members = members.filter(|(_, _, its)| its == outcome);
    let mut names: Vec<String> = members.map(|(_, name, _)| name).collect();
    names.sort_unstable();
    names
}

fn sent(sandbox: &Sandbox, command: &str) -> usize {
    let log = sandbox.log();
    log.iter().filter(|line| line["Command"] == command).count()
}

#[test]
fn all_removes_everyone_but_the_caller_and_protected_names_which_are_counted() {
    let (sandbox, home) = (sandbox(), Home::new());
    home.config("[profiles.p]\nprotect = [\"host-*\"]\n");
    let kick = sandbox.kick(KICK).args("--all --yes --profile p");
    let kick = kick.args("--protect alice").home(&home).stdout(any());
    let done = kick
        .stderr(has(["skipped: the calling account, 2 protected"]))
        .exits(0);
    assert_eq!(names(&done, "removed"), ["bot-1", "bot-2"]);
    assert_eq!(
        sandbox.members("room-test"),
        ["host-1", "administrator", "alice"]
    );
    assert_eq!(sandbox.members("lobby").len(), 71, "another room");
}

#[test]
fn several_rooms_are_read_once_each_and_match_chooses_by_pattern() {
    let sandbox = sandbox();
    let kick = sandbox.kick(KICK).args("-r lobby -r room-test -y");
    let kick = kick.args("--match bot-1 -g bot-?? -g -x*");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(names(&done, "removed").len(), 62);
    assert_eq!(sandbox.members("lobby").len(), 71 - 61);
    assert_eq!(sandbox.members("room-test").len(), 4);
    assert_eq!(sent(&sandbox, "get_room_member_list"), 3, "pages");
    assert_eq!(sent(&sandbox, "get_room_info"), 2);
}

#[test]
fn nobody_that_matches_and_an_empty_room_are_nothing_to_do() {
    let home = Home::new();
    let sandbox = Sandbox::with(Options::default().room("empty", [""; 0]));
    let failed_to = home.file("failed.json", "old");
    for words in ["-r room-test -g admin*", "-r empty --all"] {
        let kick = sandbox.kick("-m x -y").args(words);
        let kick = kick.args("--failed-to").arg(&failed_to).home(&home);
        kick.stderr(has(["nothing to do"])).exits(0);
        assert_eq!(std::fs::read(&failed_to).expect("a file"), b"", "{words}");
    }
}

#[test]
fn ban_all_bans_and_unban_all_unbans_everyone_banned() {
    let sandbox = sandbox();
    let ban = sandbox.roomctl("ban -r lobby -r room-test --all --for 1h -m x -y -o json");
    let done = ban.stdout(any()).stderr(any()).exits(0);
    assert_eq!(names(&done, "banned").len(), 75);
    assert_eq!(sandbox.members("room-test"), ["administrator"]);
    let unban = sandbox.roomctl("unban -r lobby -r room-test -y -o json");
    let unban = unban.args("--match bot-1* --protect bot-1");
    let done = unban.stdout(any()).stderr(has(["2 protected"])).exits(0);
    assert_eq!(names(&done, "unbanned").len(), 10);
    let unban = sandbox.roomctl("unban -r lobby -r room-test -y -o json --all");
    let done = unban.stdout(any()).stderr(any()).exits(0);
    assert_eq!(names(&done, "unbanned").len(), 65);
    let bans = sandbox.roomctl("bans -r lobby");
    bans.stderr(has(["nobody is banned"])).exits(0);
}

/// A page of members with these roles, then the room's properties, then a success.
fn with_roles(roles: &[(&str, Value)], owner: &str) -> Server {
    let member = |(name, role): &(&str, Value)| json!({"Member_Account": name, "Role": role});
    let members: Vec<Value> = roles.iter().map(member).collect();
    let answer = |response: &Value| {
        let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "ErrorInfo": "", "RequestId": "Id-1", "Response": response});
        Reply::json(&answer.to_string())
    };
    Server::answering([
        answer(&json!({"MemberList": members, "Next": ""})),
        answer(&json!({"RoomInfo": {"MemberCount": roles.len(), "Owner_Account": owner}})),
        Reply::json(OK),
    ])
}

#[test]
fn who_is_on_the_list_twice_is_skipped_if_one_entry_says_owner() {
    let member = |name, role| (name, json!(role));
    for roles in [["Member", "Owner"], ["Owner", "Member"]] {
        let [first, second] = roles;
        let server = with_roles(
            &[member("a", first), member("a", second), member("b", "")],
            "",
        );
        let kick = server.kick("-r r -m x -y -o json --all");
        // A list that repeats itself lacks a name.
        kick.stdout(any()).stderr(any()).exits(5);
        let kicked = server.requests()[2].json_body()["MemberList_Account"].clone();
        assert_eq!(kicked, json!(["b"]), "{roles:?}");
    }
}

#[test]
fn owners_and_admins_are_skipped_by_role_in_any_case_and_by_the_rooms_owner() {
    let roles = || {
        [
            "RoomOwner",
            "ADMIN",
            "administrator",
            "Member",
            "",
            "Member",
        ]
        .map(|role| json!(role))
    };
    let names = ["a", "b", "c", "d", "e", "f"];
    let roles: Vec<(&str, Value)> = names.into_iter().zip(roles()).collect();
    let kicked = |words: &str| {
        let server = with_roles(&roles, "f");
        let kick = server.kick("-r r -m x -y -o json --all").args(words);
        let done = kick.stdout(any()).stderr(any()).exits(0);
        let requests = server.requests();
        (done, requests[2].json_body()["MemberList_Account"].clone())
    };
    let (done, users) = kicked("");
    assert_eq!(users, json!(["d", "e"]));
    assert!(done.stderr.contains("skipped: 4 owners and admins"));
    let (done, users) = kicked("--include-admins");
    assert_eq!(users, json!(names));
    assert!(!done.stderr.contains("skipped"));
}

#[test]
fn a_member_who_leaves_after_the_list_was_read_is_gone() {
    let absent = r#"{"ErrorCode":100005,"ActionStatus":"FAIL","ErrorInfo":"x","RequestId":"Id"}"#;
    let page = r#"{"ErrorCode":0,"ActionStatus":"OK","ErrorInfo":"","RequestId":"Id","Response":{"MemberList":[{"Member_Account":"a"}],"Next":""}}"#;
    let info = r#"{"ErrorCode":0,"ActionStatus":"OK","ErrorInfo":"","RequestId":"Id","Response":{"RoomInfo":{"MemberCount":1}}}"#;
    let server = Server::answering([page, info, absent].map(Reply::json));
    let kick = server.kick("-r r -m x -y -o json --all --check-room always");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(names(&done, "gone"), ["a"]);
    assert_eq!(server.requests().len(), 3, "the list is not read again");
}

#[test]
fn without_a_terminal_all_and_match_need_yes_before_any_request() {
    let sandbox = Sandbox::untouched();
    for words in ["--all", "-g user1"] {
        let kick = sandbox.kick(KICK).args(words);
        let done = kick.stderr(has(["needs --yes", "--dry-run"])).exits(2);
        assert_eq!(done.error().expect("JSON")["error"]["kind"], "usage");
    }
}

#[test]
fn what_does_not_go_with_all_is_reported_together() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("--all -u a -f missing --rate 0");
    kick.stderr(has([
        "--all without a room",
        "--all and --user do not go together",
        "--all and --from do not go together",
        "--all needs --yes",
        "no reason",
        "--rate \"0\"",
    ]))
    .exits(2);
    let stream = sandbox.kick("-r r -m x -y --stream -f - --match a");
    let why = "--match needs the whole plan, and --stream has none";
    stream.stderr(has([why, "remove --match"])).exits(2);
    let stray = sandbox.kick("-r r -u a -m x --include-admins");
    stray
        .stderr(has(["--include-admins", "add --all"]))
        .exits(2);
    let glob = sandbox.kick("-r r -m x -y --match").arg("");
    glob.stderr(has(["--match \"\": is empty", "'host-*'"]))
        .exits(2);
    for words in ["--everyone", "--everybody"] {
        let kick = sandbox.kick("-r r -m x -y").args(words);
        kick.stderr(has(["did you mean --all?"])).exits(2);
    }
    let unban = sandbox.roomctl("unban -r r --all -y --include-admins");
    unban.stderr(has(["--include-admins"])).exits(2);
}

#[test]
fn reading_obeys_the_limits_of_the_job() {
    let sandbox = Sandbox::failing("100001");
    let kick = sandbox.kick("-r room-test -m x -y --all --retries 1 --rate 50");
    kick.stderr(has(["retry 1 of 1 in ", "100001"])).exits(5);
    assert_eq!(sandbox.log().len(), 2);
}

#[test]
fn max_members_holds_after_the_lists_are_read() {
    let sandbox = sandbox();
    let kick = sandbox.kick(KICK).args("--all -y --max-members 3");
    let why = "the plan has 4 members; max_members is 3";
    kick.stderr(has([why])).exits(2);
    assert_eq!(sent(&sandbox, "kick_user_out"), 0);
}

#[test]
fn a_dry_run_reads_the_lists_and_removes_nobody() {
    let sandbox = sandbox();
    let kick = |words: &str| sandbox.kick("-r room-test -m spam --all -n").args(words);
    let done = kick("--protect host-*").stdout(any()).exits(0);
    for line in [
        "  room-test (3 members): bot-1, bot-2, alice",
        "listed:     5 names",
        "skipped:    the calling account, 1 protected",
        "dry run: only lists were read",
    ] {
        assert!(done.stdout.contains(line), "{line} in {done}");
    }
    let done = kick("-o json -g *o*").stdout(any()).stderr(any()).exits(0);
    let plan = done.result();
    assert_eq!((&plan["Rooms"], &plan["Members"]), (&json!(1), &json!(3)));
    assert_eq!(plan["Lists"]["Listed"], 5);
    assert_eq!(plan["Lists"]["NotMatching"], 1);
    assert_eq!(plan["Lists"]["Caller"], 1);
    assert_eq!(sandbox.removed().len(), 0);
    let home = Home::new();
    let command = format!("secret_key_command = [\"echo\", \"{}\"]", sandbox.key());
    home.config(&format!("[profiles.p]\n{command}\n"));
    let keyless = sandbox.kick("-r room-test -m x -g bot-1 -n --profile p");
    let keyless = keyless.env_remove("ROOMCTL_SECRET_KEY").home(&home);
    keyless.stdout(has(["(1 member): bot-1"])).exits(0);
    let no_credentials = Roomctl::new("kick -r r -m x --all -n");
    no_credentials.stderr(has(["roomctl profile add"])).exits(3);
}

#[test]
fn on_a_terminal_the_question_is_asked_for_any_count() {
    let answer = |words: &str, question: &str, answer: &str, code| {
        let (sandbox, home) = (sandbox(), Home::new());
        home.config("[profiles.prod]\nconfirm = \"name\"\n");
        let terminal = Terminal::new();
        let kick = sandbox.kick("-r room-test -m spam").args(words);
        let running = kick.home(&home).stdout(any()).start_on(&terminal);
        terminal.wait_for(question);
        terminal.types(answer);
        running.ends(code);
        (sandbox.removed().len(), terminal.shown_at_the_end())
    };
    let (removed, shown) = answer("--match bot-1", "[y/N]", "y\n", 0);
    assert_eq!(removed, 1, "{shown}");
    assert!(shown.contains("Remove 1 member from 1 room"), "{shown}");
    assert!(shown.contains("listed:     5 names, 1 match"), "{shown}");
    let (removed, shown) = answer("--all", "[y/N]", "n\n", 2);
    assert_eq!(removed, 0);
    assert!(
        shown.contains("not confirmed; nothing was changed"),
        "{shown}"
    );
    let type_name = "Type the name of the profile, prod:";
    let (removed, _) = answer("--all --profile prod", type_name, "prod\n", 0);
    assert_eq!(removed, 4);
}

#[test]
fn the_records_of_a_job_have_its_members_and_a_resumed_job_reads_the_room_again() {
    let (sandbox, home) = (sandbox(), Home::new());
    let kick = |words: &str| {
        let kick = sandbox.kick(KICK).args("--all --yes --audit audit");
        let kick = kick.args("--journal j --failed-to f.json").args(words);
        kick.home(&home).stdout(any()).stderr(lacks(["settled"]))
    };
    let done = kick("--protect alice").exits(0);
    assert_eq!(names(&done, "removed").len(), 3);
    let path = home.path().join("j");
    assert_eq!(Journal::read(&path).latest.len(), 3);
    let audit = std::fs::read_to_string(home.path().join("audit")).expect("the audit");
    assert_eq!(audit.lines().count(), 1);
    sandbox.join("room-test", "bot-1");
    let done = kick("").exits(0);
    assert_eq!(
        names(&done, "removed"),
        ["alice", "bot-1"],
        "the journal calls bot-1 settled, and it is in the room again"
    );
    assert_eq!(sandbox.members("room-test"), ["administrator"]);
    kick("").exits(0);
}

#[test]
fn it_works_against_the_sandbox_of_one_command() {
    let kick = Roomctl::new("kick --sandbox -r room-test -m x -y -o json --match user1*");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(names(&done, "removed").len(), 12);
}
