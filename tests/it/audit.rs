//! `--audit`: the file that records who removed which member, when and why.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Home, Roomctl, Sandbox, UntouchedPort, any, has, lacks};

fn lines(home: &Home, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(home.path().join(name)).expect("an audit");
    let parse = |line| serde_json::from_str(line).expect("a line of JSON");
    text.lines().map(parse).collect()
}

#[test]
fn each_outcome_is_appended() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = |user: &str| {
        let kick = sandbox.kick("-r room-test -m spam --audit a -u").arg(user);
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick("user1").exits(0);
    kick("nobody").exits(1);
    let lines = lines(&home, "a");
    let reported: Vec<_> = lines.iter().map(|line| line["Outcome"].as_str()).collect();
    assert_eq!(reported, [Some("removed"), Some("absent")]);
    let first = &lines[0];
    assert_eq!(first["RoomId"], "room-test");
    assert_eq!(first["Reason"], "spam");
    assert_eq!(first["MemberList_Account"], serde_json::json!(["user1"]));
    for key in ["Time", "OsUser", "Identifier", "RequestId"] {
        let text = first[key].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{key} in {first}");
    }
    let mode = fs::metadata(home.path().join("a"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_file_comes_from_flag_variable_or_profile() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.config("default_profile = \"p\"\n[profiles.p]\naudit = \"by-profile\"\n");
    let kick = |user: &str| {
        let kick = sandbox.kick("-r room-test -m spam -u").arg(user);
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick("user1").exits(0);
    assert_eq!(lines(&home, ".config/roomctl/by-profile").len(), 1);
    kick("user2").env("ROOMCTL_AUDIT", "by-variable").exits(0);
    kick("user3")
        .env("ROOMCTL_AUDIT", "by-variable")
        .args("--audit by-flag")
        .exits(0);
    assert_eq!(lines(&home, "by-variable").len(), 1);
    assert_eq!(lines(&home, "by-flag").len(), 1);
}

#[test]
fn an_audit_that_cannot_be_written_is_exit_7_and_nothing_is_sent() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -u user1 -m spam --audit nowhere/a");
    let message = ["cannot append to the audit nowhere/a", "No such file"];
    kick.stderr(has(message)).exits(7);
}

#[test]
fn a_line_cut_by_a_full_disk_does_not_damage_the_next() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let torn = "{\"Time\":\"2026-03-01T02:11:09Z\",\"OsUser\":\"ro";
    home.file("a", torn);
    let kick = |user: &str| {
        let kick = sandbox.kick("-r room-test -m spam --audit a -u").arg(user);
        kick.home(&home).stdout(any())
    };
    let warning = "warning: audit a: the last line is incomplete";
    kick("user1").stderr(has([warning])).exits(0);
    kick("user2").stderr(lacks([warning])).exits(0);
    let text = fs::read_to_string(home.path().join("a")).expect("an audit");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(torn));
    let whole = lines.map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let names = whole.map(|line: Value| line["MemberList_Account"][0].clone());
    assert_eq!(names.collect::<Vec<_>>(), ["user1", "user2"]);
}

#[test]
fn a_file_that_is_not_an_audit_is_exit_7_and_stays_as_it_is() {
    for foreign in [
        "127.0.0.1 localhost\n::1 localhost\n",
        "room,user\nroom-test,user1\n",
        "{\"RoomId\":\"room-test\",\"MemberList_Account\":[\"user1\"]}\n",
        "{\"time\":\"2026-03-01T02:11:09Z\",\"level\":\"info\"}\n",
        "{\"Time\":\"2026-03-01T02:11:09Z\",\"Level\":\"info\"}\n",
        "user1",
        "[]",
    ] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        home.file("a", foreign);
        let kick = sandbox.kick("-r room-test -u user1 -m spam --audit a");
        let message = [
            "cannot append to the audit a",
            "not an audit",
            "a file of its own",
        ];
        kick.home(&home).stderr(has(message)).exits(7);
        let now = fs::read_to_string(home.path().join("a")).expect("there");
        assert_eq!(now, foreign);
    }
}

#[test]
fn an_audit_that_is_empty_torn_or_cut_at_its_start_is_continued() {
    let line = "{\"Time\":\"2026-03-01T02:11:09Z\",\"OsUser\":\"root\"}\n";
    let cut = format!("er\":\"root\"}}\n{line}");
    for start in ["", "\n", "{", "{\"Time\":\"20", line, &cut] {
        let (sandbox, home) = (Sandbox::demo(), Home::new());
        home.file("a", start);
        let kick = sandbox.kick("-r room-test -u user1 -m spam --audit a");
        kick.home(&home).stdout(any()).stderr(any()).exits(0);
        let now = fs::read_to_string(home.path().join("a")).expect("there");
        let added = now.strip_prefix(start).expect("the start stays");
        let added: Value = serde_json::from_str(added).expect("one line");
        assert_eq!(added["Outcome"], "removed");
    }
}

#[test]
fn a_lock_of_another_program_stops_no_kick_and_loses_no_outcome() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file_of_mode("a", "", 0o600);
    let holder = fs::File::open(home.path().join("a")).expect("an audit");
    holder.lock().expect("free");
    let list = "room,user\n".to_owned() + &crate::support::lines("room-test,user", 1..60);
    let kick = sandbox.kick("--from - --format csv -m spam --audit a");
    kick.home(&home)
        .stdin(list)
        .stdout(any())
        .stderr(has(["audit a: another program holds its lock"]))
        .exits(0);
    let names = lines(&home, "a")
        .iter()
        .map(|line| line["MemberList_Account"].as_array().map_or(0, Vec::len))
        .sum::<usize>();
    assert_eq!(names, 59);
    drop(holder);
    let kick = sandbox.kick("-r room-test -u user1 -m spam --audit a --ignore-absent");
    kick.home(&home)
        .stdout(any())
        .stderr(lacks(["lock"]))
        .exits(0);
}

#[test]
fn an_audit_is_a_file_and_never_stdout() {
    let home = Home::new();
    let port = UntouchedPort::new();
    let kick = |words: &str| {
        let kick = Roomctl::new("kick -r r -u u -m x --sdkappid 7 --identifier a --secret-key k");
        let kick = kick.args("--endpoint").arg(port.endpoint());
        kick.args(words).home(&home)
    };
    let says = |place: &str| {
        has([&*format!(
            "{place} -: stdout is for results\nhint: give {place} a file"
        )])
    };
    kick("--audit -")
        .stderr(has([
            "--audit -: stdout is for results\nhint: give --audit a file",
        ]))
        .exits(2);
    let by_variable = kick("").env("ROOMCTL_AUDIT", "-");
    by_variable.stderr(says("ROOMCTL_AUDIT")).exits(3);
    home.config("[profiles.p]\naudit = \"-\"\n");
    let by_profile = kick("--profile p");
    by_profile
        .stderr(has([
            "audit -: stdout is for results\nhint: give audit a file",
        ]))
        .exits(3);
    assert!(!home.path().join("-").exists());
}
