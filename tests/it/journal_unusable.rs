//! A journal that cannot be used or written is exit 7, and nothing is sent
//! without a record. A torn last record is repaired.

use std::fs;
use std::process::Command;

use crate::journal::{KICK, records, requested_members, rooms};
use crate::support::{Gate, Home, OK, Reply, Roomctl, Sandbox, Server, any, has};

#[test]
fn a_journal_in_use_is_exit_7() {
    let home = Home::new();
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK).held_by(&gate)]);
    let running = rooms(&server, &home, &["r"]).start();
    server.wait_for(1);
    let second = rooms(&server, &home, &["s"]).exits(7);
    let error = second.error().expect("an error");
    assert_eq!(error["error"]["kind"], "record");
    assert_eq!(
        error["error"]["message"],
        "journal j: another process is using it"
    );
    gate.open();
    running.ends(0);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_journal_that_cannot_be_continued_is_exit_7_and_nothing_is_sent() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = |file: &str| {
        let kick = sandbox
            .kick("-r room-test -u user1 -m spam --journal")
            .arg(file);
        kick.home(&home)
    };
    kick("j").stdout(any()).stderr(any()).exits(0);
    let undamaged = fs::read_to_string(home.path().join("j")).expect("a journal");

    home.file("damaged", undamaged.replacen("user1", "user2", 1));
    let hint = "hint: restore it from a backup";
    kick("damaged")
        .stderr(has(["journal damaged: line 2 is damaged", hint]))
        .exits(7);
    home.file("list", "alice\nbob\n");
    kick("list").stderr(has(["not a roomctl journal"])).exits(7);
    assert_eq!(
        fs::read_to_string(home.path().join("list")).expect("left"),
        "alice\nbob\n"
    );
    kick("/dev/null")
        .stderr(has(["not a regular file"]))
        .exits(7);
    kick("nowhere/j").stderr(has(["No such file"])).exits(7);
    let foreign = kick("j").env("ROOMCTL_SDKAPPID", "1400000009");
    let own = format!("it belongs to SDKAppID {}", sandbox.sdkappid());
    foreign.stderr(has([&own, "1400000009"])).exits(7);
    assert_eq!(sandbox.log().len(), 1);
}

#[test]
fn a_journal_with_missing_or_swapped_lines_is_exit_7_with_the_line() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = |user: &str, file: &str| {
        let kick = sandbox.kick("-r room-test -m spam -u").arg(user);
        kick.arg("--journal").arg(file).home(&home)
    };
    // Three runs, seven records.
    for user in ["user1", "user2", "user3"] {
        kick(user, "j").stdout(any()).stderr(any()).exits(0);
    }
    let lines = records(&home).len();
    let text = fs::read_to_string(home.path().join("j")).expect("a journal");
    let lines_in = |order: &[usize]| {
        let all: Vec<&str> = text.lines().collect();
        let chosen: Vec<&str> = order.iter().map(|n| all[*n]).collect();
        chosen.join("\n") + "\n"
    };
    assert_eq!(lines, 7);
    for (order, line, why) in [
        (&[0, 1, 3, 4, 5, 6][..], 3, "record 4 stands here"),
        (&[0, 2, 1, 3, 4, 5, 6], 2, "record 3 stands here"),
        (&[0, 1, 2, 3, 4, 5, 5, 6], 7, "record 6 stands here"),
        (&[0, 3, 4, 5, 6], 2, "lines before it are missing"),
        (&[0, 1, 2, 1, 2, 3, 4, 5, 6], 4, "doubled or out of order"),
    ] {
        home.file("bad", lines_in(order));
        let message = format!("journal bad: line {line} is damaged: ");
        let hint = format!("head -n {} OLD > NEW", line - 1);
        let says = || has([message.as_str(), why, hint.as_str()]);
        kick("user4", "bad").stderr(says()).exits(7);
        let dry = kick("user4", "bad").args("--dry-run");
        dry.stderr(says()).exits(7);
    }
    // The remedy works.
    home.file("good", lines_in(&[0, 1]));
    kick("user4", "good").stdout(any()).stderr(any()).exits(0);
    kick("user5", "good").stdout(any()).stderr(any()).exits(0);
    assert_eq!(sandbox.log().len(), 5);
}

#[test]
fn a_torn_record_is_cut_off_and_reported() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = |user: &str| sandbox.kick(KICK).args(user).home(&home).stdout(any());
    kick("-u user1").stderr(any()).exits(0);
    let path = home.path().join("j");
    let mut torn = fs::read(&path).expect("a journal");
    torn.extend(b"{\"Record\":\"int");
    fs::write(&path, &torn).expect("written");
    let done = kick("-u user1 -u user2").stderr(has(["its 14 bytes are cut off"]));
    done.exits(0);
    assert_eq!(requested_members(&sandbox), ["user1", "user2"]);
    assert_eq!(records(&home).len(), 5);
}

#[test]
fn a_full_disk_is_exit_7_and_every_request_has_its_intent() {
    let home = Home::new();
    let server = Server::answering([Reply::json(OK)]);
    let kick = server
        .kick("-u x -m spam -o json --journal j")
        .many("-r", "r", 30);
    let script = "ulimit -f 4; \"$0\" \"$@\"";
    let kick = kick
        .in_shell(script)
        .home(&home)
        .stdout(any())
        .stderr(any());
    let done = kick.exits(7);
    assert_eq!(done.error().expect("an error")["error"]["kind"], "record");
    assert!(done.stderr.contains("journal j: "), "{done}");
    assert_eq!(done.results().len(), 30, "every member is reported");
    let sent = server.requests().len();
    assert!(sent < 30, "{sent}");
    // The rest continues on a disk with space.
    let server = Server::answering([Reply::json(OK)]);
    let kick = server
        .kick("-u x -m spam -o json --journal j")
        .many("-r", "r", 30);
    let done = kick.home(&home).stdout(any()).stderr(any()).exits(0);
    assert!(done.stderr.contains("cut off"), "{done}");
    let intents = records(&home);
    let intents = intents.iter().filter(|record| record["Record"] == "intent");
    assert_eq!(intents.count(), sent + server.requests().len());
}

#[test]
fn contradictory_journal_flags_are_exit_2() {
    let sandbox = Sandbox::untouched();
    let kick = |words: &str| sandbox.kick("-r r -u u -m spam").args(words);
    kick("--again")
        .stderr(has(["--again", "give --journal FILE"]))
        .exits(2);
    kick("--journal -")
        .stderr(has(["--journal: a journal must be a file"]))
        .exits(2);
    kick("--journal j --failed-to ./j")
        .stderr(has(["the same file"]))
        .exits(2);
    kick("--journal j --audit j")
        .stderr(has(["the same file"]))
        .exits(2);
}

#[test]
fn an_input_file_is_never_overwritten() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.config("");
    for (name, content) in [("key", sandbox.key()), ("list", "u\n"), ("why", "spam")] {
        home.file(name, content);
    }
    let link = home.path().join("link");
    std::fs::hard_link(home.path().join("key"), link).expect("a link");
    let run = |words: &str, message: &str| {
        let kick = sandbox.kick("-r r -u u").args(words).home(&home);
        kick.stderr(has([message, "give each a file of its own"]))
            .exits(2);
    };
    for flag in ["--failed-to", "--audit", "--journal"] {
        let same = |name: &str| format!("{flag} and {name} are the same file");
        run(
            &format!("-m x --secret-key-file key {flag} ./key"),
            &same("--secret-key-file"),
        );
        run(
            &format!("-m x --secret-key-file key {flag} link"),
            &same("--secret-key-file"),
        );
        run(
            &format!("-m x {flag} .config/roomctl/config.toml"),
            &same("the configuration"),
        );
        run(
            &format!("--reason-file why {flag} why"),
            &same("--reason-file"),
        );
    }
    for flag in ["--audit", "--journal"] {
        let message = format!("{flag} and --from are the same file");
        run(&format!("-m x --from list {flag} list"), &message);
    }
    let kick = sandbox
        .kick("-r r -u u -m x -o json --journal j")
        .home(&home);
    let kick = kick.in_shell("exec \"$0\" \"$@\" > j");
    kick.stderr(has(["--journal and stdout are the same file"]))
        .exits(2);
    let key = std::fs::read_to_string(home.path().join("key")).expect("the key");
    let devices = "kick -r room-test -u user1 -m x --sandbox --failed-to /dev/null";
    let kick = Roomctl::new(devices).env("ROOMCTL_CONFIG", "/dev/null");
    kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(key, sandbox.key());
}

#[test]
fn a_dry_run_counts_what_is_left_and_writes_nothing() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = |words: &str| sandbox.kick(KICK).args(words).home(&home).stdout(any());
    kick("-u user1 -n").exits(0);
    assert!(!home.path().join("j").exists());
    kick("-u user1 -u user2").stderr(any()).exits(0);
    let before = records(&home);
    let left = kick("-u user1 -u user2 -u user3 -n").exits(0).result();
    assert_eq!(
        (&left["Members"], &left["Requests"]),
        (&1.into(), &1.into())
    );
    let all = kick("-u user1 -u user2 -u user3 -n --again")
        .exits(0)
        .result();
    assert_eq!(all["Members"], 3);
    assert_eq!(records(&home), before);
}

#[test]
fn blank_lines_and_other_line_ends_are_named_with_the_command_that_removes_them() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = |user: &str, file: &str| {
        let kick = sandbox.kick("-r room-test -m spam -u").arg(user);
        kick.arg("--journal").arg(file).home(&home)
    };
    kick("user1", "j").stdout(any()).stderr(any()).exits(0);
    let good = fs::read_to_string(home.path().join("j")).expect("a journal");
    let (first, rest) = good.split_once('\n').expect("lines");
    for (changed, what) in [
        (
            good.replace('\n', "\r\n"),
            "line 1 is damaged: it ends in CR and LF",
        ),
        (
            format!("{first}\n\n{rest}"),
            "line 2 is damaged: it is blank",
        ),
        (format!("{good}\n"), "line 4 is damaged: it is blank"),
        (format!("{good}\r\n"), "line 4 is damaged: it is blank"),
        (format!("\n{good}"), "line 1 is damaged: it is blank"),
        (
            good.replace('\n', "  \n"),
            "line 1 is damaged: it ends in blanks",
        ),
        (
            format!("{first}\n{}", rest.replace('\n', "\t\n")),
            "line 2 is damaged: it ends in blanks",
        ),
    ] {
        home.file("changed", &changed);
        let message = format!("journal changed: {what}");
        let done = kick("user2", "changed").stderr(has([&message])).exits(7);
        let (_, hint) = done.stderr.split_once("hint: ").expect("a hint");
        let (command, _) = hint.split_once(" > NEW").expect("a command");
        let mut shell = Command::new("sh");
        let ended = shell
            .args(["-c", command])
            .current_dir(home.path())
            .output();
        let repaired = String::from_utf8(ended.expect("sed").stdout).expect("text");
        assert_eq!(repaired, good, "{what}");
    }
    assert_eq!(sandbox.log().len(), 1);
}
