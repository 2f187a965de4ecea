//! Files named for journal, audit and `--failed-to`: an unusable one is refused
//! in time, and none damages another.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{Home, Reply, Roomctl, Sandbox, Server, any, has};

#[test]
fn a_fifo_without_a_reader_is_reported_and_not_waited_for() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let made = Command::new("mkfifo")
        .arg(home.path().join("pipe"))
        .status();
    assert!(made.expect("mkfifo is there").success());
    let kick = sandbox
        .kick("-r room-test -u user1 -m spam --failed-to pipe")
        .home(&home);
    kick.stderr(has(["--failed-to pipe"])).exits(7);
}

#[test]
fn an_audit_file_that_is_also_the_journal_is_refused() {
    for link in ["hard", "soft"] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        let (journal, audit) = (home.path().join("j"), home.path().join("a"));
        if link == "hard" {
            fs::write(&journal, "").expect("a file");
            fs::hard_link(&journal, &audit).expect("a link");
        } else {
            symlink("j", &audit).expect("a link");
        }
        let words = "-r room-test -u user1 -m spam --journal j --audit a";
        let done = sandbox.kick(words).home(&home).stderr(any());
        // By then the journal has its header.
        let done = done.ends(&[2, 7]);
        assert!(done.stderr.contains("journal"), "{done}");
    }
}

#[test]
fn audit_and_failed_to_must_be_two_files() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let words = "-r room-test -u user1 -m spam --audit a --failed-to ./a";
    let kick = sandbox.kick(words).home(&home);
    kick.stderr(has(["--audit and --failed-to"])).exits(2);
}

#[test]
fn links_to_a_file_that_does_not_exist_yet_are_followed() {
    for (flags, names) in [
        ("--journal zj --failed-to za", "--journal and --failed-to"),
        ("--journal za --failed-to zj", "--journal and --failed-to"),
        ("--journal zj --failed-to zb", "--journal and --failed-to"),
        ("--journal za --failed-to zb", "--journal and --failed-to"),
        ("--journal zj --audit za", "--journal and --audit"),
        ("--audit zj --failed-to za", "--audit and --failed-to"),
        ("--journal zj --failed-to d/zj", "--journal and --failed-to"),
        ("--journal zj --failed-to d/zc", "--journal and --failed-to"),
    ] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        let at = |name: &str| home.path().join(name);
        for (target, link) in [("zj", "za"), ("./za", "zb"), (".", "d")] {
            symlink(target, at(link)).expect("a link");
        }
        symlink(at("zj"), at("zc")).expect("a link");
        let kick = sandbox.kick("-r room-test -u nobody -m spam").args(flags);
        kick.home(&home).stderr(has([names])).exits(2);
        assert!(!at("zj").exists(), "{flags}");
    }
}

#[test]
fn links_to_two_files_or_in_a_circle_are_not_one_file() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    for (target, link) in [("zj", "za"), ("zf", "zb"), ("zc", "zc")] {
        symlink(target, home.path().join(link)).expect("a link");
    }
    let kick = |flags: &str| {
        let kick = sandbox.kick("-r room-test -u user1 -m spam").args(flags);
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick("--journal zj --failed-to zc").exits(7);
    kick("--journal za --failed-to zb").exits(0);
}

#[test]
fn a_signature_repeated_by_the_service_is_redacted_everywhere() {
    // The first request tells the server what to repeat in its second answer.
    let first = Server::answering([Reply::json(r#"{"ErrorCode":0,"ActionStatus":"OK"}"#)]);
    let usersig = "--expire 1h -r r -u x -m spam -o json";
    first.kick(usersig).stdout(any()).stderr(any()).exits(0);
    let target = first.requests()[0].target.clone();
    let pairs = target.split(['?', '&']);
    let sig = pairs
        .into_iter()
        .find_map(|pair| pair.strip_prefix("usersig="));
    let sig = sig.expect("signed");
    let plain = sig.replace('*', "+").replace('-', "/").replace('_', "=");
    let echo = |word: &str| {
        format!(
            r#"{{"ErrorCode":100004,"ActionStatus":"FAIL","ErrorInfo":"{word}","RequestId":"{word}"}}"#
        )
    };
    for word in [sig, &plain] {
        let server = Server::answering([Reply::json(&echo(word))]);
        let kick = server
            .kick("-r r -u x -m spam -o json")
            .env_remove("ROOMCTL_SECRET_KEY");
        let kick = kick.env("ROOMCTL_USERSIG", sig).secret(sig).secret(&plain);
        let done = kick.stdout(has(["[redacted]"])).stderr(any()).exits(1);
        assert!(!done.stdout.contains(word), "{done}");
    }
}

#[test]
fn a_stream_of_objects_needs_no_format_flag() {
    let sandbox = Sandbox::demo();
    let row = "{\"RoomId\":\"room-test\",\"Member_Account\":\"user1\",\"Reason\":\"spam\"}\n";
    let kick = sandbox.kick("--from - --stream -o json").stdin(row);
    kick.stdout(has(["\"removed\""])).stderr(any()).exits(0);
}

#[test]
fn a_stream_of_lines_without_a_reason_is_refused_before_it_is_read() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox
        .kick("-r room-test --from - --stream --format lines")
        .stdin("user1\n");
    kick.stderr(has(["no reason", "--reason"])).exits(2);
}

#[test]
fn records_that_others_can_read_are_continued_with_a_warning() {
    for mode in [0o644, 0o640, 0o604, 0o660, 0o602, 0o600, 0o400] {
        let (sandbox, home) = (Sandbox::demo(), Home::new());
        let kick = |user: &str| {
            let kick = sandbox.kick("-r room-test -m spam --journal j --audit a -u");
            kick.arg(user).home(&home).stdout(any()).stderr(any())
        };
        let first = kick("user1").exits(0);
        assert!(!first.stderr.contains("warning"), "{first}");
        for file in ["j", "a"] {
            home.file_of_mode(file, fs::read(home.path().join(file)).expect("it"), mode);
        }
        // Root can write to all of them.
        let (code, second) = kick("user2").start().ended();
        let warnings = ["journal j", "audit a"].map(|record| {
            let file = &record[record.len() - 1..];
            format!(
                "warning: {record}: others can read or write it (mode {mode:04o}): chmod 600 {file}\n"
            )
        });
        let are_open = mode & 0o066 != 0;
        if code == Some(0) || are_open {
            for warning in &warnings {
                let count = second.stderr.matches(warning.as_str()).count();
                assert_eq!(count, usize::from(are_open), "{second}");
            }
            assert!(!sandbox.has("room-test", "user2"), "{second}");
        }
    }
}

#[test]
fn an_empty_journal_and_devices_are_no_reason_for_a_warning() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file_of_mode("j", "", 0o644);
    let kick = sandbox.kick("-r room-test -u user1 -m spam -q --journal j --audit /dev/null");
    kick.home(&home).stdout(any()).exits(0);
}

#[test]
fn a_line_feed_in_a_file_name_breaks_no_line() {
    const NAME: &str = "a\nhint: rm b";
    const QUOTED: &str = "$'a\\nhint: rm b'";
    const SHOWN: &str = "a\\nhint: rm b";
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let folder = home.path().join(NAME);
    let check = |run: Roomctl, words: &[&str]| {
        let (_, done) = run.home(&home).stdout(any()).stderr(any()).start().ended();
        for word in words {
            assert!(done.stderr.contains(word), "{word}{done}");
        }
        for line in done.stderr.lines() {
            assert!(!line.starts_with("hint: rm b"), "{done}");
            assert!(!line.trim_start().starts_with("hint: rm b"), "{done}");
        }
    };
    let kick = |flag: &str| {
        let kick = sandbox.kick("-r room-test -u user1");
        let kick = if flag == "--reason-file" {
            kick
        } else {
            kick.args("-m spam")
        };
        kick.arg(flag).arg(format!("{NAME}/file"))
    };
    // There is no such folder.
    for flag in [
        "--journal",
        "--audit",
        "--failed-to",
        "--from",
        "--reason-file",
    ] {
        check(kick(flag), &[&format!("{SHOWN}/file")]);
    }
    fs::create_dir(&folder).expect("a folder");
    let file = home.file_of_mode(&format!("{NAME}/file"), "x", 0o644);
    assert!(std::path::Path::new(&file).is_file());
    // Not a journal, not a list, not private.
    check(kick("--journal"), &[&format!("{SHOWN}/file")]);
    home.file_of_mode(&format!("{NAME}/file"), b"\xb0\xa1\n", 0o644);
    check(kick("--from"), &[QUOTED.trim_end_matches('\''), "iconv"]);
    home.file_of_mode(&format!("{NAME}/file"), "x", 0o644);
    let key = kick("--secret-key-file").env_remove("ROOMCTL_SECRET_KEY");
    check(key, &["chmod 600 $'a\\nhint: rm b/file'"]);
    let config = Roomctl::new("profile list").arg("--config");
    check(
        config.arg(format!("{NAME}/file")),
        &[&format!("{SHOWN}/file")],
    );
    // A record that others can read.
    fs::remove_file(&file).expect("removed");
    let audit = sandbox.kick("-r room-test -u user2 -m spam --audit");
    home.file_of_mode(&format!("{NAME}/audit"), "", 0o644);
    check(
        audit.arg(format!("{NAME}/audit")),
        &["chmod 600 $'a\\nhint: rm b/audit'"],
    );
}
