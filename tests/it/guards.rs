//! What prevents a mistake with a list: protected names, the caller,
//! `--max-members`, the question; and the limits that end a job early.

use std::time::Duration;

use roomctl::sandbox::Options;

use crate::support::{
    Home, OK, Reply, Roomctl, Sandbox, Server, Terminal, any, fail, has, lacks, lines,
};

const LIST: &str = "user1\nhost-1\nuser2\nadministrator\nhost-22\n";

fn kick(sandbox: &Sandbox, words: &str) -> Roomctl {
    let kick = sandbox.kick("-r room-test -m spam -o json --from -");
    kick.args(words).stdin(LIST)
}

fn with_hosts() -> Sandbox {
    let names = [
        "user1",
        "user2",
        "host-1",
        "host-22",
        "host",
        "administrator",
    ];
    Sandbox::with(Options::default().room("room-test", names))
}

#[test]
fn a_protected_name_or_the_caller_in_a_list_stops_the_whole_job() {
    let sandbox = Sandbox::untouched();
    kick(&sandbox, "--protect host-*")
        .stderr(has([
            "3 problems",
            "-:2: user \\\"host-1\\\"",
            "host-*",
            "-:5: user \\\"host-22\\\"",
        ]))
        .stderr(has([
            "-:4: user \\\"administrator\\\" is the calling account",
            "--skip-protected",
        ]))
        .exits(2);
    kick(&sandbox, "--protect host-?? --protect ????1")
        .stderr(has(["-:1: ", "-:4: ", "-:5: "]))
        .stderr(lacks(["-:2: ", "-:3: "]))
        .exits(2);
}

#[test]
fn a_pattern_that_was_meant_otherwise_protects_nobody_and_is_refused() {
    for pattern in [
        "user1,user2",
        "user1;user2",
        "{user1,user2}",
        "[u]ser1",
        "\"user1\"",
        "^user1",
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m spam -u user1 --protect");
        let found = has([
            "--protect",
            "only * and ? are wildcards",
            "one pattern for each",
        ]);
        kick.arg(pattern).stderr(found).exits(2);
    }
}

/// A `?` in place of a comma would be accepted, and protect nobody.
#[test]
fn the_remedy_of_a_pattern_begins_with_one_pattern_for_each_name() {
    let home = Home::new();
    for pattern in ["mod-1,mod-2", "mod-1;mod-2", "[ab]*", "(a|b)", "'mod-1'"] {
        home.config(&format!("[profiles.p]\nprotect = [\"{pattern}\"]\n"));
        let of_flag = ["-u mod-1 --protect", pattern];
        for [words, more] in [of_flag, ["-u mod-1 --profile", "p"]] {
            let sandbox = Sandbox::untouched();
            let kick = sandbox.kick("-r room-test -m spam").home(&home);
            let kick = kick.args(words).arg(more).stderr(any());
            let exit = if more == "p" { 3 } else { 2 };
            let done = kick.exits(exit);
            let hint = done.stderr.split("hint: ").nth(1).expect("a hint");
            let hint = hint.split_whitespace().collect::<Vec<_>>().join(" ");
            let each = hint.find("one pattern for each name");
            let mark = hint.find("only if the UserID itself has that character");
            assert!(each.is_some() && each < mark, "{hint}");
            assert_eq!(hint.matches('?').count(), 1, "{hint}");
            assert!(mark < hint.find('?'), "{hint}");
        }
    }
}

#[test]
fn a_pattern_with_a_blank_at_an_end_is_not_read_as_another_one() {
    for pattern in [" *", "* ", "\t*", " host-*"] {
        for flag in ["--match", "--protect"] {
            let sandbox = Sandbox::untouched();
            let kick = sandbox
                .kick("-r room-test -m spam -y")
                .arg(flag)
                .arg(pattern);
            let kick = if flag == "--match" {
                kick
            } else {
                kick.args("-u user1")
            };
            let found = has([flag, "hint: "]);
            kick.stderr(found).exits(2);
        }
    }
}

#[test]
fn with_skip_protected_they_are_named_and_not_removed() {
    let sandbox = with_hosts();
    let kick = kick(&sandbox, "--protect host-* --skip-protected").stdout(any());
    let done = kick
        .stderr(has([
            "skipped: -:2: user",
            "skipped: -:4: user",
            "skipped: -:5: user",
        ]))
        .exits(0);
    assert_eq!(done.count("removed"), 2);
    assert_eq!(
        sandbox.members("room-test"),
        ["host-1", "host-22", "host", "administrator"]
    );
}

#[test]
fn every_skipped_member_is_named() {
    let list = lines("host-", 0..100);
    let kick = Sandbox::untouched().kick("-r r -m spam --from - --protect host-* --skip-protected");
    let done = kick.stdin(list).stderr(any()).exits(0);
    let named = done
        .stderr
        .lines()
        .filter(|line| line.starts_with("skipped: -:"));
    assert_eq!(named.count(), 100, "{done}");
}

#[test]
fn where_all_are_protected_there_is_nothing_to_do() {
    let sandbox = Sandbox::untouched();
    let done = kick(&sandbox, "--protect * --skip-protected")
        .stderr(any())
        .exits(0);
    assert_eq!(done.count("Requests"), 0);
}

#[test]
fn protected_names_of_profile_and_flags_add_up() {
    let (sandbox, home) = (with_hosts(), Home::new());
    home.config("default_profile = \"p\"\n[profiles.p]\nprotect = [\"host-*\"]\n");
    let words = "--protect user2 --skip-protected";
    let done = kick(&sandbox, words)
        .home(&home)
        .stdout(any())
        .stderr(has(["profile p"]))
        .exits(0);
    assert_eq!(done.count("removed"), 1);
}

#[test]
fn more_than_max_members_is_exit_2_by_flag_and_by_profile() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.config("[profiles.p]\nmax_members = 2\n");
    let words = "-r room-test -m spam -u a -u b -u c";
    let message = ["the plan has 3 members", "max_members is 2"];
    let flag = sandbox.kick(words).args("--max-members 2");
    flag.stderr(has(message))
        .stderr(has(["--max-members"]))
        .exits(2);
    let profile = sandbox.kick(words).args("--profile p").home(&home);
    profile
        .stderr(has(message))
        .stderr(has(["profile p"]))
        .exits(2);
    let dry = sandbox.kick(words).args("--max-members 2 --dry-run");
    dry.stderr(has(message)).exits(2);
    let sandbox = with_hosts();
    let both =
        sandbox.kick("-r room-test -m spam -u user1 -u user2 -u host --profile p --max-members 3");
    both.home(&home).stdout(any()).stderr(any()).exits(0);
}

#[test]
fn max_failures_stops_the_job() {
    for (most, least_refused) in [("40", 40), ("5%", 30)] {
        let server = Server::answering([Reply::json(&fail(100_004))]);
        let kick = server.kick("-m spam -o json --max-failures").arg(most);
        let kick = kick.many("-r", "room", 30).many("-u", "u", 20);
        let message = has(["stopped by --max-failures"]);
        let done = kick.stdout(any()).stderr(message).exits(6);
        let (refused, unsent) = (done.count("refused"), done.count("unsent"));
        assert!(
            refused >= least_refused && unsent > 0,
            "{refused} refused, {unsent} unsent"
        );
        assert_eq!(
            (refused + unsent, refused),
            (600, server.requests().len() as u64 * 20)
        );
    }
}

#[test]
fn below_max_failures_the_job_goes_on() {
    let replies = [Reply::json(&fail(100_004)), Reply::json(OK)];
    let server = Server::answering(replies);
    let kick = server.kick("-m spam -o json --max-failures 21");
    let kick = kick.many("-r", "room", 10).many("-u", "u", 20);
    let done = kick.stdout(any()).stderr(any()).exits(6);
    assert_eq!((done.count("refused"), done.count("removed")), (20, 180));
}

#[test]
fn after_the_deadline_nothing_starts_and_what_is_in_flight_finishes() {
    let sandbox = Sandbox::with(Options {
        latency: Duration::from_millis(1500),
        ..Options::default()
    });
    let kick = sandbox.kick("-m spam -o json -r room-test --deadline 1s --rate 2");
    let kick = kick.many("-u", "user", 100);
    let done = kick.stdout(any()).stderr(any()).exits(5);
    let (removed, unsent) = (done.count("removed"), done.count("unsent"));
    assert!(removed > 0 && unsent > 0, "{done}");
    assert_eq!(removed + unsent, 100);
    assert_eq!(removed, sandbox.removed().len() as u64);
    let message = done
        .results()
        .into_iter()
        .find(|result| result["Outcome"] == "unsent");
    assert_eq!(
        message.expect("some")["ErrorInfo"],
        "not sent: the deadline has passed"
    );
}

#[test]
fn invalid_limits_are_problems() {
    let sandbox = Sandbox::untouched();
    let kick = |words: &str| sandbox.kick("-r r -u u -m spam").args(words);
    for (words, message) in [
        ("--max-failures 0", "--max-failures"),
        ("--max-failures 101%", "--max-failures"),
        ("--max-failures=-1", "--max-failures"),
        ("--max-failures %", "--max-failures"),
        ("--deadline 0s", "--deadline"),
        ("--deadline 5", "--deadline"),
        ("--deadline soon", "--deadline"),
        ("--max-members=-1", "--max-members"),
        ("--concurrency 0", "--concurrency"),
        ("--progress sometimes", "--progress"),
    ] {
        kick(words).stderr(has([message])).exits(2);
    }
}

/// A kick of 21 members on a terminal.
fn answers(sandbox: &Sandbox, terminal: &Terminal, answer: &str, code: i32) -> String {
    let kick = sandbox.kick("-r room-test -m spam").many("-u", "user", 21);
    let running = kick.stdout(any()).start_on(terminal);
    let question = terminal.wait_for("[y/N]");
    terminal.types(answer);
    running.ends(code);
    question
}

#[test]
fn on_a_terminal_more_than_20_members_need_a_confirmation() {
    let (sandbox, terminal) = (Sandbox::demo(), Terminal::new());
    let question = answers(&sandbox, &terminal, "y\n", 0);
    for part in [
        "SDKAppID:   1400000001 (environment ROOMCTL_SDKAPPID)",
        &format!(
            "endpoint:   {} (environment ROOMCTL_ENDPOINT)",
            sandbox.endpoint()
        ),
        "reason:     spam",
        "room-test (21 members): user1, user2, user3, user4, user5 and 16 more",
        "requests:   2",
        "Remove 21 members from 1 room of app 1400000001? [y/N]",
    ] {
        assert!(question.contains(part), "{part} is not in {question}");
    }
    assert_eq!(sandbox.removed().len(), 21);
    terminal.wait_for("p99");
}

#[test]
fn anything_but_yes_is_exit_2_and_nothing_is_sent() {
    let sandbox = Sandbox::untouched();
    for answer in ["n\n", "\n", "\u{4}"] {
        let terminal = Terminal::new();
        answers(&sandbox, &terminal, answer, 2);
        terminal.wait_for("not confirmed; nothing was sent");
    }
}

#[test]
fn few_members_a_piped_list_or_yes_need_no_confirmation() {
    let (sandbox, terminal) = (Sandbox::demo(), Terminal::new());
    let kick = |words: &str| {
        sandbox
            .kick("-r room-test -m spam")
            .args(words)
            .stdout(any())
    };
    kick("--yes")
        .many("-u", "user", 21)
        .start_on(&terminal)
        .ends(0);
    kick("--ignore-absent")
        .many("-u", "user", 20)
        .start_on(&terminal)
        .ends(0);
    let list = lines("user", 30..60);
    let piped = kick("--from -").stdin(list);
    piped.stderr(lacks(["[y/N]"])).exits(0);
    assert!(!terminal.wait_for("absent   ").contains("[y/N]"));
}

#[test]
fn a_list_from_a_terminal_is_a_mistake() {
    let (sandbox, terminal) = (Sandbox::untouched(), Terminal::new());
    sandbox
        .kick("-r r -m spam --from -")
        .start_on(&terminal)
        .ends(2);
    terminal.wait_for("standard input is a terminal");
}
