//! With `-o json` stderr is lines of JSON in every case: whatever happens, each line
//! is an object with one of six keys. Every run of the other tests with `-o json`
//! checks it, too.

use std::collections::BTreeSet;

use roomctl::sandbox::Options;
use rustix::process::Signal;
use serde_json::Value;

use crate::support::{
    Done, Gate, Home, OK, Reply, Roomctl, Sandbox, Server, Terminal, any, fail, has, lacks, lines,
};

/// The lines of stderr. The harness has checked that each is JSON with a known key.
fn notes(done: &Done) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).expect("JSON");
    done.stderr.lines().map(parse).collect()
}

/// The keys that stderr has, but for `ExitCode`.
fn keys(done: &Done) -> BTreeSet<String> {
    let objects = notes(done);
    let all = objects
        .iter()
        .flat_map(|line| line.as_object().expect("an object").keys());
    all.filter(|key| *key != "ExitCode").cloned().collect()
}

/// Ends with this exit code and notes of exactly these keys.
fn check(run: Roomctl, code: i32, expected: &str) -> Done {
    let done = run.stdout(any()).stderr(any()).exits(code);
    let expected: BTreeSet<String> = expected.split(' ').map(str::to_owned).collect();
    assert_eq!(keys(&done), expected, "{done}");
    done
}

/// The three ways to ask for JSON.
fn each_way(home: &Home, run: impl Fn() -> Roomctl) -> [Roomctl; 3] {
    home.config("[profiles.p]\noutput = \"json\"\n");
    [
        run().args("-o json"),
        run().env("ROOMCTL_OUTPUT", "json"),
        run().home(home).args("--profile p").json(),
    ]
}

#[test]
fn a_kick_that_succeeds_has_a_summary_and_with_v_notes() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    for (words, expected) in [
        ("", "summary"),
        ("-v", "note summary"),
        ("-vv", "note summary"),
    ] {
        let kick = || {
            sandbox
                .kick("-r room-test -u nobody -m x --ignore-absent")
                .args(words)
        };
        for run in each_way(&home, kick) {
            check(run, 0, expected);
        }
    }
}

#[test]
fn errors_of_the_command_line_follow_flag_variable_and_profile() {
    let home = Home::new();
    for words in [
        "kick --nope",
        "kick --rate 0 -r r -u u -m x",
        "kick --from missing -r r -m x",
        "kick -r r -u u",
        "kick a b c",
        "ban -r r -u u -m x --for soon",
        "members",
        "kick -q -v -r r -u u -m x",
        "doctor --region nowhere",
    ] {
        for run in each_way(&home, || Roomctl::new(words)) {
            let done = check(run, 2, "error");
            let error = done.error().expect("an error");
            assert!(error["error"]["hint"].is_string(), "{done}");
        }
    }
}

#[test]
fn every_command_keeps_to_it() {
    for (words, code, expected) in [
        ("-o json", 2, "error"),
        ("-o json frobnicate", 2, "error"),
        ("explain -o json x", 2, "error"),
        ("completions -o json nushell", 2, "error"),
        ("man -o json nothing", 2, "error"),
        ("usersig inspect -o json x", 2, "error"),
        ("profile list -o json", 0, "note"),
        ("profile show -o json p", 2, "error"),
        ("profile use -o json p", 2, "error"),
        ("profile add -o json p --sdkappid 1400000001", 0, "note"),
        ("kick -o json -r r -u u -m x", 3, "error"),
        ("sandbox -o json --fault x", 2, "error"),
        (
            "kick -o json --sandbox -r room-test -u user1 -m x",
            0,
            "note summary",
        ),
        (
            "kick -o json --sandbox -r room-test -u user1 -m x -n",
            0,
            "note",
        ),
        ("members -o json --sandbox -r room-test -v", 0, "note"),
        ("bans -o json --sandbox -r room-test", 0, "note"),
        ("members -o json --sandbox -r nowhere", 1, "error note"),
    ] {
        check(Roomctl::new(words), code, expected);
    }
}

#[test]
fn retries_are_objects() {
    let server = Server::answering([Reply::json(&fail(60_008)), Reply::json(OK)]);
    let kick = server.kick("-r r -u u -m x -o json");
    let done = check(kick, 0, "retry summary");
    let retry = &notes(&done)[0]["retry"];
    assert_eq!((&retry["Retry"], &retry["Of"]), (&1.into(), &5.into()));
    assert!(retry["DelayMs"].is_u64(), "{retry}");
    assert!(retry["Why"].to_string().contains("60008"), "{retry}");
}

#[test]
fn warnings_are_objects() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let key = sandbox.key().to_owned();
    let on_command_line = sandbox.kick("-r room-test -u user1 -m x -o json");
    let on_command_line = on_command_line.env_remove("ROOMCTL_SECRET_KEY");
    check(
        on_command_line.arg("--secret-key").arg(key),
        0,
        "summary warning",
    );
    let audit = home.file_of_mode("audit", "", 0o666);
    let open_to_others = sandbox.kick("-r room-test -u user2 -m x -o json --audit");
    check(open_to_others.arg(audit), 0, "summary warning");
    let feed = sandbox.kick("-r room-test -m x -o json --stream --format csv --from -");
    check(
        feed.stdin("user\nuser3\n\"\"\n"),
        6,
        "error summary warning",
    );
}

#[test]
fn notes_about_rows_are_objects() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let list = home.file("list", "user1\nuser1\nadmin\n");
    let kick = || {
        let kick = sandbox.kick("-r room-test -m x -o json --protect admin --skip-protected");
        kick.args("--journal j --from").arg(&list).home(&home)
    };
    check(kick(), 0, "note summary");
    let done = check(kick(), 0, "note summary");
    assert!(done.stderr.contains("already settled"), "{done}");
}

#[test]
fn absent_members_that_may_have_been_removed_are_a_note() {
    let sandbox = Sandbox::with(Options::default().room("r", ["x"]));
    let done = check(
        sandbox.kick("-r r -m x -o json").many("-u", "nobody", 4),
        1,
        "error note summary",
    );
    let line = &notes(&done)[1]["note"];
    let text = line.as_str().expect("a text");
    assert!(text.starts_with("4 of the absent members"), "{text}");
}

#[test]
fn an_interrupt_and_its_notes_are_objects() {
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK).held_by(&gate)]);
    let kick = server.kick("-u x -m x --rate 1 -o json --progress always --yes");
    let running = kick
        .many("-r", "room", 3)
        .stdout(any())
        .stderr(any())
        .start();
    server.wait_for(1);
    running.signal(Signal::INT);
    gate.open();
    let done = running.ends(130);
    assert_eq!(keys(&done), ["error", "summary"].map(String::from).into());
}

#[test]
fn a_terminal_gets_no_bar_with_json() {
    let (sandbox, home) = (Sandbox::crowd(30), Home::new());
    home.file("list", lines("u", 0..2000));
    let terminal = Terminal::new();
    let kick = sandbox
        .kick("-r r -m x --yes -o json --from list")
        .home(&home);
    let kick = kick.env("TERM", "xterm").stdout(any());
    kick.start_on(&terminal).ends(0);
    let shown = terminal.wait_for("ExitCode");
    assert_eq!(shown.trim_end().lines().count(), 1, "{shown}");
    assert!(shown.starts_with("{\"summary\":"), "{shown}");
}

#[test]
fn a_list_without_members_is_a_note_in_json_too() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let kick = |words: &str| {
        let kick = sandbox.kick("-m spam -o json").args(words);
        kick.home(&home).stdout(any()).json()
    };
    let note = ["{\"note\":\"nothing to do\"}\n", "\"summary\""];
    let empty = kick("-f /dev/null").stderr(has(note));
    empty.exits(0);
    let all = kick("-r room-test -g nobody* -y").stderr(has(note));
    all.exits(0);
    kick("-r room-test -u user1 --journal j")
        .stderr(any())
        .exits(0);
    let settled = kick("-r room-test -u user1 --journal j").stderr(has(note));
    settled.exits(0);
    kick("-f /dev/null -q").exits(0);
    let some = kick("-r room-test -u user2").stderr(lacks(["nothing to do"]));
    some.exits(0);
}
