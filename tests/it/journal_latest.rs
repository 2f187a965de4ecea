//! `journal show --outcome` prints every such outcome, and says how many of these members
//! have a later one: their list may be given to kick, ban or unban.

use crate::support::{Done, Home, OK, Reply, Roomctl, Sandbox, Server, any, fail, has};

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

/// What `show FILE --outcome …` prints of these lines, and how many of its members have a
/// later outcome.
fn of_lines(lines: &[(&str, &str, &str)], outcomes: &str) -> (String, usize) {
    let home = Home::new();
    let lines = (1..).zip(lines);
    let lines = lines.map(|(second, (action, users, word))| outcome(second, action, users, word));
    home.file("a", lines.collect::<String>());
    let done = show(&home, &format!("a {outcomes}")).stderr(any()).exits(0);
    let note = done.stderr.split(" of these members").next();
    let count = note.filter(|note| note.len() < done.stderr.len());
    let count = count.and_then(|note| note.rsplit(['"', ' ']).next());
    let count = count.map_or(0, |count| count.parse().expect("a number"));
    (users(&done).join(" "), count)
}

#[test]
fn who_was_removed_since_is_counted_where_the_refused_are_shown() {
    let home = Home::new();
    let refused = || Reply::json(&fail(100_002));
    let replies = [refused(), refused(), refused(), Reply::json(OK)];
    let server = Server::answering(replies);
    let kick = || {
        let kick = server.kick("-r r -u r1 -u r2 -m spam --journal j --concurrency 1");
        kick.home(&home).stdout(any()).stderr(any())
    };
    kick().exits(1);
    let first = show(&home, "j --outcome refused").exits(0);
    assert_eq!(users(&first), ["r1", "r2"]);

    kick().exits(0);
    let note = ["2 of these members have a later outcome"];
    let later = show(&home, "j --outcome refused").stderr(has(note));
    assert_eq!(users(&later.exits(0)), ["r1", "r2"]);
    let removed = show(&home, "j --outcome refused --outcome removed").exits(0);
    assert_eq!(users(&removed), ["r1", "r2", "r1", "r2"]);
    let all = show(&home, "j").exits(0);
    assert_eq!(users(&all), ["r1", "r2", "r1", "r2"], "all of it: {all}");
}

#[test]
fn who_was_unbanned_since_is_counted_where_the_banned_are_shown() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let run = |words: &str| {
        let run = sandbox.roomctl(words).args("-r room-test --journal j -q");
        run.home(&home).stdout(any()).exits(0)
    };
    run("ban -u user1 -u user2 -m spam --for 1h");
    run("unban -u user1");
    let note = ["1 of these members has a later outcome"];
    let text = Roomctl::new("journal show j --outcome banned").home(&home);
    let text = text.stdout(has(["\tuser1\t", "\tuser2\t"]));
    text.stderr(has(note)).exits(0);
}

#[test]
fn a_later_outcome_in_another_file_counts_and_the_order_of_the_files_does_not() {
    let home = Home::new();
    home.file("a", outcome(1, "kick", "u v", "refused"));
    home.file("b", outcome(2, "kick", "u", "removed"));
    for files in ["a b", "b a"] {
        let shown = show(&home, &format!("{files} --outcome refused"));
        let shown = shown.stderr(has(["1 of these members has"])).exits(0);
        assert_eq!(users(&shown), ["u", "v"], "{files}");
    }
    // The user's other members are not read: neither shown nor counted.
    show(&home, "a b --outcome refused -u v").exits(0);
}

#[test]
fn which_later_outcome_counts() {
    for (earlier, later, outcomes, count) in [
        // Of one action: whatever comes after an outcome that was not a success.
        (("kick", "absent"), ("kick", "removed"), "absent", 1),
        (("kick", "unsent"), ("kick", "refused"), "unsent", 1),
        (("kick", "unknown"), ("kick", "gone"), "unknown", 1),
        (("unban", "refused"), ("unban", "unbanned"), "refused", 1),
        // But for one that says nothing new.
        (("kick", "refused"), ("kick", "refused"), "refused", 0),
        (("kick", "refused"), ("kick", "unsent"), "refused", 0),
        (("kick", "unknown"), ("kick", "unsent"), "unknown", 0),
        (("kick", "unknown"), ("kick", "refused"), "unknown", 0),
        // What failed after a success has changed nothing.
        (("kick", "removed"), ("kick", "refused"), "removed", 0),
        (("ban", "banned"), ("ban", "refused"), "banned", 0),
        (("ban", "banned"), ("unban", "refused"), "banned", 0),
        (("ban", "banned"), ("kick", "absent"), "banned", 0),
        // A ban and its end, and whatever else had been asked for.
        (("ban", "banned"), ("unban", "unbanned"), "banned", 1),
        (("unban", "unbanned"), ("ban", "banned"), "unbanned", 1),
        (("unban", "refused"), ("ban", "banned"), "refused", 1),
        (("ban", "refused"), ("unban", "unbanned"), "refused", 1),
        // Who is banned is not in the room any more; who was removed is not banned.
        (("kick", "refused"), ("ban", "banned"), "refused", 1),
        (("ban", "refused"), ("kick", "removed"), "refused", 0),
    ] {
        let lines = [(earlier.0, "u", earlier.1), (later.0, "u", later.1)];
        let (shown, found) = of_lines(&lines, &format!("--outcome {outcomes}"));
        assert!(shown.starts_with('u'), "{earlier:?} {later:?}");
        assert_eq!(found, count, "{earlier:?} {later:?}");
    }
}

#[test]
fn a_member_counts_once_and_by_what_was_printed_last() {
    let lines = [
        ("kick", "a b c d", "refused"),
        ("kick", "b", "unknown"),
        ("kick", "b c", "removed"),
        ("kick", "c", "refused"),
        ("kick", "e", "removed"),
    ];
    let shown = of_lines(&lines, "--outcome refused");
    assert_eq!(shown, ("a b c d c".to_owned(), 1), "b was removed since");
    let lines = [
        ("ban", "u", "banned"),
        ("unban", "u", "unbanned"),
        ("ban", "u", "banned"),
    ];
    let shown = of_lines(&lines, "--outcome banned");
    assert_eq!(shown, ("u u".to_owned(), 0), "banned again");
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
