//! `journal show --outcome`: only members whose outcome no later one has replaced, so
//! that a list of it can be given to kick, ban or unban.

use crate::support::{Done, Home, OK, Reply, Roomctl, Sandbox, Server, any, fail, has, lacks};

fn show(home: &Home, words: &str) -> Roomctl {
    let show = Roomctl::new("journal show -o json").args(words);
    show.home(home).stdout(any())
}

fn users(done: &Done) -> Vec<String> {
    let members = done.members().into_iter();
    members.map(|(_, user, _)| user).collect()
}

fn outcome(second: u32, action: &str, users: &str, outcome: &str) -> String {
    let users: Vec<&str> = users.split(' ').collect();
    let line = serde_json::json!({
        "Time": format!("2026-03-01T00:00:0{second}Z"), "OsUser": "root", "SdkAppId": 7,
        "Action": action, "RoomId": "r", "MemberList_Account": users, "Outcome": outcome,
    });
    format!("{line}\n")
}

/// What `show FILES --outcome …` prints of these lines.
fn of_lines(lines: &[(&str, &str, &str)], outcomes: &str) -> Vec<String> {
    let home = Home::new();
    let lines = (1..).zip(lines);
    let lines = lines.map(|(second, (action, users, word))| outcome(second, action, users, word));
    home.file("a", lines.collect::<String>());
    users(&show(&home, &format!("a {outcomes}")).stderr(any()).exits(0))
}

#[test]
fn who_was_removed_since_is_not_shown_as_refused() {
    let home = Home::new();
    let refused = || Reply::json(&fail(100_002));
    let replies = [refused(), refused(), refused(), Reply::json(OK)];
    let server = Server::answering(replies);
    let kick = || {
        let kick = server.kick("-r r -u r1 -u r2 -m spam --journal j");
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick().exits(1);
    let first = show(&home, "j --outcome refused").exits(0);
    assert_eq!(users(&first), ["r1", "r2"]);

    kick().exits(0);
    let note = [
        "no outcome matches",
        "2 members are not printed, because they have a later outcome",
    ];
    let later = show(&home, "j --outcome refused").stderr(has(note));
    assert_eq!(later.exits(0).stdout, "");
    let removed = show(&home, "j --outcome refused --outcome removed").exits(0);
    assert_eq!(users(&removed), ["r1", "r2"]);
    let all = show(&home, "j").exits(0);
    assert_eq!(users(&all), ["r1", "r2", "r1", "r2"], "all of it: {all}");
}

#[test]
fn who_was_unbanned_since_is_not_shown_as_banned() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let run = |words: &str| {
        let run = sandbox.roomctl(words).args("-r room-test --journal j -q");
        run.home(&home).stdout(any()).exits(0)
    };
    run("ban -u user1 -u user2 -m spam --for 1h");
    run("unban -u user1");
    let note = ["1 member is not printed, because it has a later outcome"];
    let banned = show(&home, "j --outcome banned").stderr(has(note));
    let banned = banned.exits(0);
    assert_eq!(users(&banned), ["user2"]);
    let text = Roomctl::new("journal show j --outcome banned").home(&home);
    let text = text.stdout(lacks(["user1"])).stderr(has(note));
    text.stdout(has(["\tuser2\t"])).exits(0);
}

#[test]
fn a_later_outcome_in_another_file_counts_and_the_order_of_the_files_does_not() {
    let home = Home::new();
    home.file("a", outcome(1, "kick", "u v", "refused"));
    home.file("b", outcome(2, "kick", "u", "removed"));
    for files in ["a b", "b a"] {
        let shown = show(&home, &format!("{files} --outcome refused")).stderr(any());
        assert_eq!(users(&shown.exits(0)), ["v"], "{files}");
    }
    // The user's other members are not read: neither shown nor counted.
    show(&home, "a b --outcome refused -u v").exits(0);
}

#[test]
fn what_replaces_an_outcome() {
    for (earlier, later, outcomes, shown) in [
        // Of one action: whatever comes after an outcome that was not a success.
        (("kick", "absent"), ("kick", "removed"), "absent", ""),
        (("kick", "unsent"), ("kick", "refused"), "unsent", ""),
        (("kick", "unknown"), ("kick", "gone"), "unknown", ""),
        (("unban", "refused"), ("unban", "unbanned"), "refused", ""),
        (("kick", "refused"), ("kick", "refused"), "refused", "u u"),
        // A success stays: what failed afterwards has changed nothing.
        (("kick", "removed"), ("kick", "refused"), "removed", "u"),
        (("ban", "banned"), ("ban", "refused"), "banned", "u"),
        (("ban", "banned"), ("ban", "unsent"), "banned", "u"),
        (("ban", "banned"), ("unban", "refused"), "banned", "u"),
        (("ban", "banned"), ("kick", "absent"), "banned", "u"),
        // A ban and its end replace each other, and whatever else had been asked for.
        (("ban", "banned"), ("unban", "unbanned"), "banned", ""),
        (("unban", "unbanned"), ("ban", "banned"), "unbanned", ""),
        (("unban", "refused"), ("ban", "banned"), "refused", ""),
        (("ban", "refused"), ("unban", "unbanned"), "refused", ""),
        // Who is banned is not in the room any more; who was removed is not banned.
        (("kick", "refused"), ("ban", "banned"), "refused", ""),
        (("ban", "refused"), ("kick", "removed"), "refused", "u"),
    ] {
        let lines = [(earlier.0, "u", earlier.1), (later.0, "u", later.1)];
        let found = of_lines(&lines, &format!("--outcome {outcomes}"));
        assert_eq!(found.join(" "), shown, "{earlier:?} {later:?}");
    }
}

#[test]
fn of_a_request_only_the_members_whose_outcome_stands_are_shown() {
    let lines = [
        ("kick", "a b c d", "refused"),
        ("kick", "b", "removed"),
        ("kick", "d", "unsent"),
        ("kick", "b", "refused"),
        ("kick", "e", "removed"),
    ];
    assert_eq!(of_lines(&lines, "--outcome refused"), ["a", "c", "b"]);
    let both = of_lines(&lines, "--outcome refused --outcome unsent");
    assert_eq!(both, ["a", "c", "d", "b"]);
    let since = of_lines(&lines, "--outcome refused --since 2026-03-01T00:00:02Z");
    assert_eq!(since, ["b"]);
    assert!(of_lines(&lines, "--outcome unsent --since 2026-03-02").is_empty());
}

#[test]
fn an_unban_ends_the_doubt_about_a_ban() {
    let home = Home::new();
    let server = Server::answering([Reply::json("{}"), Reply::json(OK)]);
    let run = |words: &str, exit| {
        let run = server
            .roomctl(words)
            .args("-r r -u a --journal j --retries 0");
        run.home(&home).stdout(any()).stderr(any()).exits(exit)
    };
    run("ban -m spam --for 1h", 5);
    assert_eq!(users(&show(&home, "j --outcome in-doubt").exits(0)), ["a"]);
    run("unban", 0);
    let shown = show(&home, "j --outcome in-doubt").stderr(has(["no outcome matches"]));
    shown.exits(0);
    let summary = Roomctl::new("journal summary j -o json").home(&home);
    let summary = summary.stdout(any()).exits(0).result();
    assert_eq!(summary["InDoubt"], 0, "{summary}");
}

#[test]
fn the_help_has_no_recipe_that_kicks_who_was_removed_since() {
    let help = Roomctl::new("help journal").stdout(any()).exits(0).stdout;
    assert!(!help.contains("--outcome refused -o json |"), "{help}");
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let recipe = "To process again what was refused, run the same command with the same --journal";
    assert!(words.contains(recipe), "{help}");
}
