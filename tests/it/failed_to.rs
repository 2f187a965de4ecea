//! `--failed-to`: the members that were not removed, for the next run. The file
//! is private, replaced whole or not at all, and checked before anything is
//! sent.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use serde_json::Value;

use crate::support::{Home, Reply, Sandbox, Server, any, fail, has, lacks};

/// The file's results.
fn kept(home: &Home, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(home.path().join(name)).expect("written");
    let parse = |line: &str| serde_json::from_str(line).expect("a line of JSON");
    text.lines().map(parse).collect()
}

const KICK: &str = "-r room-test -m spam -o json --failed-to left.ndjson";

#[test]
fn members_that_were_not_removed_are_written_and_feed_the_next_run() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = sandbox
        .kick(KICK)
        .args("-u user1 -u nobody -u nowho")
        .home(&home);
    let done = kick.stdout(any()).stderr(any()).exits(6);
    let reported: Vec<Value> = done
        .results()
        .into_iter()
        .filter(|r| r["Outcome"] != "removed")
        .collect();
    assert_eq!(
        kept(&home, "left.ndjson"),
        reported,
        "the very lines of stdout"
    );
    let path = home.path().join("left.ndjson");
    let mode = fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = sandbox.kick("-o json --ignore-absent --from left.ndjson --failed-to rest.ndjson");
    let done = again.home(&home).stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("absent"), 2);
    assert!(kept(&home, "rest.ndjson").is_empty(), "all are removed");
    let names: Vec<_> = fs::read_dir(home.path()).expect("a folder").collect();
    assert_eq!(names.len(), 2, "no temporary file is left");
}

#[test]
fn the_list_itself_is_refused_by_any_name() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let list = home.file("list.csv", "room,user\nroom-test,user1\n");
    symlink("list.csv", home.path().join("link")).expect("a link");
    fs::hard_link(&list, home.path().join("hard")).expect("a link");
    fs::create_dir(home.path().join("d")).expect("a folder");
    for other in ["list.csv", "./list.csv", "d/../list.csv", "link", "hard"] {
        let kick = sandbox
            .kick("-m spam --from list.csv --failed-to")
            .arg(other);
        kick.home(&home)
            .stderr(has([
                "--failed-to and --from are the same file",
                "a file of its own",
            ]))
            .exits(2);
    }
    let kick = sandbox.kick("-m spam --format csv --from - --failed-to list.csv");
    kick.home(&home)
        .in_shell("exec \"$0\" \"$@\" < list.csv")
        .stderr(has(["--failed-to and --from are the same file"]))
        .exits(2);
    let content = fs::read_to_string(&list).expect("there");
    assert_eq!(content, "room,user\nroom-test,user1\n");
}

#[test]
fn when_all_are_removed_an_older_file_is_emptied() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file("left.ndjson", "{\"old\":1}\n");
    sandbox
        .kick(KICK)
        .args("-u user1")
        .home(&home)
        .stdout(any())
        .stderr(any())
        .exits(0);
    assert!(kept(&home, "left.ndjson").is_empty());
    // Also if there was nothing to do.
    home.file("left.ndjson", "{\"old\":1}\n");
    let empty = sandbox
        .kick("-m spam --from - --failed-to left.ndjson")
        .stdin("");
    empty.home(&home).stderr(has(["nothing to do"])).exits(0);
    assert!(kept(&home, "left.ndjson").is_empty());
}

#[test]
fn usage_errors_and_dry_runs_do_not_touch_an_older_file() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.file("left.ndjson", "{\"old\":1}\n");
    let kick = |words: &str| sandbox.kick(KICK).args(words).home(&home).stderr(any());
    kick("-u administrator").exits(2);
    kick("-u user1 --dry-run").stdout(any()).exits(0);
    kick("-u user1").env_remove("ROOMCTL_SECRET_KEY").exits(3);
    assert_eq!(kept(&home, "left.ndjson").len(), 1);
}

#[test]
fn every_outcome_but_removed_and_gone_is_kept() {
    let (server, home) = (Server::answering([Reply::json(&fail(70_009))]), Home::new());
    let kick = server.kick("-m spam -o json --failed-to left.ndjson -u u --concurrency 1");
    let kick = kick.many("-r", "r", 30).home(&home);
    let done = kick.stdout(any()).stderr(any()).exits(4);
    let outcomes: Vec<_> = kept(&home, "left.ndjson")
        .into_iter()
        .map(|r| r["Outcome"].clone())
        .collect();
    assert_eq!(outcomes.len(), 30);
    let unsent = outcomes
        .iter()
        .filter(|outcome| *outcome == "unsent")
        .count();
    assert_eq!(unsent as u64, done.count("unsent"));
}

#[test]
fn a_file_that_cannot_be_written_is_exit_7_and_nothing_is_sent() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.file("file", "");
    for place in ["no/such/folder/left", "file/left", "."] {
        let kick = sandbox
            .kick("-r room-test -u user1 -m spam -o json")
            .home(&home);
        let done = kick.arg("--failed-to").arg(place).stderr(any()).exits(7);
        let error = done.error().expect("an error");
        assert_eq!(error["error"]["kind"], "record", "{place}");
        let message = error["error"]["message"].as_str().expect("words");
        assert!(
            message.contains(&format!("--failed-to {place}: ")),
            "{message}"
        );
        assert!(!message.contains(".tmp"), "{message}");
    }
}

#[test]
fn a_disk_that_fills_up_is_exit_7_and_stdout_still_has_the_results() {
    let (home, text) = (Home::new(), "the text of the service");
    // Longer than what is reserved for it.
    let answer = fail(100_004).replace(text, &"x".repeat(100_000));
    let server = Server::answering([Reply::json(&answer)]);
    let kick = server.kick("-r r -u user1 -u nobody -m spam -o json --failed-to left");
    let kick = kick
        .home(&home)
        .in_shell("ulimit -f 32; exec \"$0\" \"$@\"");
    let message = ["--failed-to left: ", "free some space"];
    let done = kick.stdout(any()).stderr(has(message)).exits(7);
    assert_eq!(done.members().len(), 2);
    assert!(!done.stderr.contains(".tmp"), "{done}");
}

#[test]
fn a_symbolic_link_is_followed_and_its_target_is_replaced_whole() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let old = home.file_of_mode("real.ndjson", "{\"old\":1}\n", 0o644);
    let before = fs::metadata(&old).expect("there").ino();
    symlink("real.ndjson", home.path().join("left.ndjson")).expect("a link");
    let kick = sandbox.kick(KICK).args("-u nobody").home(&home);
    kick.stdout(any()).stderr(any()).exits(1);
    assert!(
        fs::symlink_metadata(home.path().join("left.ndjson"))
            .expect("there")
            .is_symlink()
    );
    assert_eq!(kept(&home, "real.ndjson").len(), 1);
    let after = fs::metadata(&old).expect("there");
    assert_ne!(after.ino(), before, "a new file in its place");
    assert_eq!(after.permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_reader_of_a_fifo_gets_the_lines() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = sandbox
        .kick("-r room-test -u nobody -m spam --failed-to /dev/fd/3")
        .home(&home);
    let kick = kick.in_shell("\"$0\" \"$@\" 3>&1 >/dev/null | cat");
    let done = kick.stdout(has(["\"absent\""])).stderr(any()).exits(0);
    assert_eq!(done.result()["MemberList_Account"][0], "nobody");
}

#[test]
fn a_file_that_cannot_be_written_is_reported_with_a_remedy_and_without_our_temporary_name() {
    let sandbox = Sandbox::untouched();
    // No user can create a file there.
    for place in ["/nowhere/left", "/proc/left"] {
        let kick = sandbox
            .kick("-r room-test -u user1 -m spam --failed-to")
            .arg(place);
        let text = format!("--failed-to {place}: ");
        kick.stderr(has([&text, "hint: name a place that can be written"]))
            .stderr(lacks([".tmp", "free some space"]))
            .exits(7);
    }
}
