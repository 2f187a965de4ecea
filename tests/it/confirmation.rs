//! The last gate: what the question shows, the name of a profile that has
//! `confirm = "name"`, and the dry run, which shows the same.

use roomctl::sandbox::Options;

use crate::support::{Home, Roomctl, Sandbox, Terminal, any, has, lacks, lines};

/// A configuration with a profile that asks for its name.
fn guarded() -> Home {
    let home = Home::new();
    home.config("[profiles.prod]\nconfirm = \"name\"\nreason = \"spam\"\n");
    home
}

/// Answers the question, and returns everything that the terminal showed.
fn answer(kick: Roomctl, question: &str, answer: &str, code: i32) -> String {
    let terminal = Terminal::new();
    let running = kick.stdout(any()).start_on(&terminal);
    terminal.wait_for(question);
    terminal.types(answer);
    running.ends(code);
    terminal.shown_at_the_end()
}

const TYPE: &str = "Type the name of the profile, prod:";

#[test]
fn a_profile_with_confirm_name_asks_for_its_name_for_any_count() {
    let (sandbox, home) = (Sandbox::demo(), guarded());
    let kick = sandbox.kick("-r room-test -u user1 --profile prod");
    let shown = answer(kick.home(&home), TYPE, "prod\n", 0);
    for part in [
        "profile:    prod (--profile)",
        "reason:     spam",
        "Remove 1 member from 1 room of app 1400000001 (profile prod)?",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(!sandbox.has("room-test", "user1"));
    let ban = sandbox.roomctl("ban -r room-test -u user2 --profile prod --for 36h");
    let shown = answer(ban.home(&home), TYPE, "prod\n", 0);
    assert!(shown.contains("action:     ban for 36h"), "{shown}");
    assert!(
        shown.contains("of app 1400000001 (profile prod) for 36h?"),
        "{shown}"
    );
    let unban = sandbox.roomctl("unban -r room-test -u user2 --profile prod");
    let shown = answer(unban.home(&home), TYPE, "prod\n", 0);
    assert!(shown.contains("Unban 1 member in 1 room"), "{shown}");
}

#[test]
fn a_wrong_name_is_a_no() {
    let (sandbox, home) = (Sandbox::untouched(), guarded());
    for wrong in ["y\n", "yes\n", "\n", "Prod\n", "prod2\n", "\u{4}"] {
        let kick = sandbox.kick("-r room-test --profile prod");
        let kick = kick.many("-u", "user", 30).home(&home);
        let shown = answer(kick, TYPE, wrong, 2);
        assert!(shown.contains("not confirmed; nothing was sent"), "{shown}");
        assert!(
            shown.contains("type prod, the name of the profile"),
            "{shown}"
        );
    }
}

#[test]
fn with_yes_in_a_script_and_for_a_feed_the_name_is_not_asked_for() {
    let (sandbox, home) = (Sandbox::demo(), guarded());
    let kick = |words: &str| {
        let kick = sandbox.kick("-r room-test --profile prod").args(words);
        kick.home(&home).stdout(any())
    };
    let terminal = Terminal::new();
    kick("-u user1 --yes").start_on(&terminal).ends(0);
    kick("-u user2").stderr(lacks(["Type"])).exits(0);
    let list = home.file("feed", "user3\n");
    let feed = kick("--stream --format lines --from").arg(list);
    feed.start_on(&terminal).ends(0);
    let shown = terminal.shown_at_the_end();
    assert!(!shown.contains("Type"), "{shown}");
    assert_eq!(sandbox.removed().len(), 3);
}

#[test]
fn an_invalid_confirm_is_exit_3_with_its_line() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    for (value, words) in [
        (
            "\"nam\"",
            "config.toml:2: confirm: \"nam\" is not one of its values",
        ),
        ("\"\"", "config.toml:2: confirm"),
        ("true", "config.toml:2: confirm is a string"),
        ("\"yes\"", "name"),
    ] {
        home.config(&format!("[profiles.p]\nconfirm = {value}\n"));
        let kick = sandbox.kick("-r r -u u -m spam --profile p").home(&home);
        kick.stderr(has([words, "hint: "])).exits(3);
    }
}

#[test]
fn the_profiles_confirm_is_shown() {
    let home = guarded();
    let show = Roomctl::new("profile show prod").home(&home);
    show.stdout(has(["confirm", "name"])).exits(0);
}

#[test]
fn in_a_rehearsal_the_question_and_the_dry_run_say_so() {
    let sandbox = Sandbox::untouched();
    let kick = || {
        let kick = sandbox.kick("-r room-test -m spam").many("-u", "user", 21);
        kick.env("ROOMCTL_SANDBOX", "1")
    };
    let shown = answer(kick(), "[y/N]", "n\n", 2);
    for part in [
        "rehearsal:  nothing leaves this machine",
        "1400000001 (a rehearsal)?",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    kick()
        .args("-n")
        .stdout(has(["rehearsal:  nothing leaves this machine"]))
        .exits(0);
    // A few members are not confirmed: a note says it.
    let (demo, note) = (
        Sandbox::demo(),
        "sandbox: a rehearsal: nothing leaves this machine",
    );
    let one = |words: &str| {
        let kick = demo.kick("-r room-test -m spam").args(words);
        kick.env("ROOMCTL_SANDBOX", "1").stdout(any())
    };
    one("-u user1").stderr(has([note])).exits(0);
    one("-u user2 -q").exits(0);
    one("-u user3 -o json").stderr(has([note])).exits(0);
    let real = sandbox.kick("-n -r room-test -m spam -u user1");
    real.stdout(lacks(["rehearsal"])).exits(0);
    let inside = Roomctl::new("kick --sandbox -n -r room-test -m spam -u user1");
    let inside = inside.stdout(has(["rehearsal:  nothing leaves this machine"]));
    inside.stderr(any()).exits(0);
}

#[test]
fn with_json_the_question_is_one_line_of_json() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox
        .kick("-r room-test -m spam -o json")
        .many("-u", "user", 21);
    let shown = answer(kick, "[y/N]", "n\n", 2);
    // The terminal shows what is typed, too.
    let lines = shown.lines().filter(|line| line.trim() != "n");
    let lines: Vec<serde_json::Value> = lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}")))
        .collect();
    let (question, plan) = (&lines[0]["question"], &lines[0]["Plan"]);
    assert_eq!(
        question,
        "Remove 21 members from 1 room of app 1400000001? [y/N]"
    );
    assert_eq!(plan["Counts"]["Members"], 21);
    assert_eq!(plan["Rooms"][0]["RoomId"], "room-test");
    assert_eq!(plan["Reasons"][0]["Reason"], "spam");
    assert_eq!(lines[1]["ExitCode"], 2);
}

#[test]
fn many_rooms_and_reasons_are_cut_and_shown_in_full_with_v() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let row = |n: usize| format!("room{n},user{n},reason {n}\n");
    let rows: String = (0..30).map(row).collect();
    home.file("l.csv", format!("room,user,reason\n{rows}"));
    let dry = |more: &str| sandbox.kick("-n --from l.csv").args(more).home(&home);
    let cut = dry("").stdout(has([
        "reasons:    30",
        "reason 2 (1 member)",
        "and 27 more reasons",
        "room2 (1 member): user2",
        "room29 (1 member): user29",
    ]));
    cut.stdout(lacks(["reason 3 ", "more rooms"])).exits(0);
    let all = dry("-v").stdout(has(["reason 29 (1 member)", "    user29"]));
    all.stdout(lacks(["more"])).stderr(any()).exits(0);
}

#[test]
fn the_dry_run_shows_what_is_not_in_the_plan() {
    let (sandbox, home) = (Sandbox::with(Options::default()), Home::new());
    home.file("l", lines("user", 1..11) + "user1\nhost-1\n");
    let words = "-r room-test -m spam --from l --journal j --protect host-* --skip-protected";
    let first = sandbox.kick("-r room-test -m spam -u user1 -u user2 --journal j");
    first.home(&home).stdout(any()).stderr(any()).exits(0);
    let dry = sandbox.kick(words).args("-n").home(&home);
    dry.stderr(any())
        .stdout(has([
            "members:    8",
            "duplicates: 1",
            "skipped:    1 protected row",
            "journal:    2 of 10 already settled in j, last at ",
        ]))
        .exits(0);
}

#[test]
fn the_dry_run_escapes_and_cuts_a_reason() {
    let sandbox = Sandbox::untouched();
    let dry = |reason: String| {
        let dry = sandbox.kick("-n -r r -u u --reason").arg(reason);
        dry.env("LANG", "C.UTF-8")
    };
    dry("a\nb\u{202e}c".into())
        .stdout(has([r"reason:     a\nb\u{202e}c"]))
        .exits(0);
    dry("x".repeat(1000))
        .stdout(has(["… (1000 bytes)"]))
        .stdout(lacks([&"x".repeat(200)]))
        .exits(0);
}

#[test]
fn json_with_v_has_a_line_per_request_that_a_list_can_be_made_of() {
    let sandbox = Sandbox::untouched();
    let dry = sandbox.kick("-n -v -o json -r a -r b -m spam");
    let done = dry.many("-u", "u", 21).stdout(any()).stderr(any()).exits(0);
    let lines = done.results();
    assert_eq!(lines[0]["Requests"], 4);
    let sizes: Vec<usize> = lines[1..]
        .iter()
        .map(|line| line["MemberList_Account"].as_array().expect("names").len())
        .collect();
    assert_eq!(sizes, [20, 1, 20, 1]);
    let list: Vec<String> = lines[1..].iter().map(ToString::to_string).collect();
    let again = sandbox
        .kick("-n -o json --format json --from -")
        .stdin(list.join("\n"));
    let again = again.stdout(any()).exits(0).result();
    assert_eq!(
        (&again["Members"], &again["Requests"]),
        (&42.into(), &4.into())
    );
    assert_eq!(lines[1].get("DurationSeconds"), None);
    let ban = sandbox.roomctl("ban -n -v -o json -r a -u u -m spam --for 7d");
    let line = ban.stdout(any()).stderr(any()).exits(0).results().remove(1);
    assert_eq!(line["DurationSeconds"], 604_800);
    assert_eq!(line["Action"], "ban");
}

/// On a terminal of 24 lines profile, app and endpoint are still there when the answer
/// is typed.
#[test]
fn the_question_has_room_for_long_reasons_and_many_rooms_and_names_app_and_profile() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.config("[profiles.prod]\nmax_members = 100\n");
    let reason = "the member broke the rules of the room again and again; ".repeat(12);
    let row = |n: usize| {
        let room = format!("room-of-the-evening-with-a-long-name-{}", n % 5);
        let user = format!("someone-with-a-long-name-{n}");
        format!("{room},{user},{} {reason}\n", n % 4)
    };
    let rows: String = (0..60).map(row).collect();
    home.file("list.csv", format!("room,user,reason\n{rows}"));
    let ban = sandbox.roomctl("ban --for 7d --from list.csv --profile prod");
    let terminal = Terminal::new();
    terminal.resize(80);
    let running = ban.home(&home).start_on(&terminal);
    let shown = terminal.wait_for("[y/N]");
    let unwrapped = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let asked = "Ban 60 members from 5 rooms of app 1400000001 (profile prod) for 7d? [y/N]";
    assert!(unwrapped.contains(asked), "{shown}");
    assert!(shown.contains("profile:    prod"), "{shown}");
    assert!(shown.lines().count() <= 22, "{shown}");
    terminal.types("n\n");
    running.ends(2);
}
