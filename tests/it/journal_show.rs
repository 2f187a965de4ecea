//! `journal show`: the outcomes of journals and audit files, filtered, merged by
//! time, as text and as JSON that `--from` reads.

use serde_json::{Value, json};

use crate::support::{Done, Home, Roomctl, Sandbox, any, fail, has, is};
use crate::support::{Reply, Server};

/// The keys of a job's results, in their order.
const KEYS: [&str; 12] = [
    "RoomId",
    "MemberList_Account",
    "ActionStatus",
    "ErrorCode",
    "ErrorInfo",
    "RequestId",
    "Outcome",
    "Attempts",
    "ElapsedMs",
    "Action",
    "Reason",
    "Time",
];

fn show(home: &Home, words: &str) -> Roomctl {
    Roomctl::new("journal show").args(words).home(home)
}

/// The results of `-o json` with these words.
fn shown(home: &Home, words: &str) -> Done {
    let run = show(home, words).args("-o json").stdout(any());
    run.stderr(any()).exits(0)
}

fn users(done: &Done) -> Vec<String> {
    let members = done.members().into_iter();
    members.map(|(_, user, _)| user).collect()
}

/// A line as an audit has it.
fn outcome(time: &str, room: &str, users: &[&str], outcome: &str) -> String {
    let line = json!({
        "Time": time, "OsUser": "root", "SdkAppId": 1_400_000_000, "Identifier": "administrator",
        "Action": "kick", "RoomId": room, "MemberList_Account": users, "Reason": "spam",
        "Outcome": outcome, "ErrorCode": 0, "RequestId": "Id-1",
    });
    format!("{line}\n")
}

/// A job with one removed and one absent member, in the journal `j` and the audit
/// `a`.
fn kicked(home: &Home) -> Done {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -u nobody -m spam --audit a --journal j");
    let kick = kick.args("-o json").home(home);
    kick.stdout(any()).stderr(any()).exits(6)
}

#[test]
fn a_journal_is_shown_with_the_values_that_the_job_printed() {
    let home = Home::new();
    let job = kicked(&home);
    let done = shown(&home, "j");
    assert_eq!(done.stdout, job.stdout);
    for result in done.results() {
        let keys: Vec<&String> = result.as_object().expect("an object").keys().collect();
        assert_eq!(keys, KEYS);
    }
}

#[test]
fn an_audit_is_shown_with_the_same_keys_and_null_for_what_it_does_not_have() {
    let home = Home::new();
    kicked(&home);
    let results = shown(&home, "a").results();
    assert_eq!(results.len(), 2);
    for result in results {
        let keys: Vec<&String> = result.as_object().expect("an object").keys().collect();
        assert_eq!(keys, KEYS);
        assert_eq!(result["Attempts"], Value::Null);
        assert_eq!(result["Action"], "kick");
    }
    let mut users = users(&shown(&home, "a"));
    users.sort();
    assert_eq!(users, ["nobody", "user1"]);
}

#[test]
fn text_in_a_pipe_has_a_line_per_member_and_fixed_columns() {
    let home = Home::new();
    home.file(
        "a",
        outcome("2026-03-01T02:11:09Z", "r", &["a", "b"], "removed"),
    );
    let line = |user: &str| {
        format!("2026-03-01T02:11:09Z\tremoved\tkick\tr\t{user}\t0\tId-1\t-\tspam\tadministrator\n")
    };
    let run = show(&home, "a").stdout(is(&(line("a") + &line("b"))));
    run.exits(0);
}

#[test]
fn foreign_text_is_escaped() {
    let home = Home::new();
    home.file(
        "a",
        outcome("2026-03-01T02:11:09Z", "r\u{1b}[2J", &["x\ty"], "refused"),
    );
    let text = has(["\trefused\tkick\tr\\u{1b}[2J\tx\\ty\t0\t"]);
    show(&home, "a").stdout(text).exits(0);
    let json = shown(&home, "a");
    assert!(json.stdout.contains("r\\u001b[2J"), "{json}");
}

#[test]
fn the_filters_are_combined_and_keep_only_the_named_members() {
    let home = Home::new();
    let lines = [
        outcome("2026-03-01T00:00:01Z", "r1", &["a", "b", "c"], "removed"),
        outcome("2026-03-01T00:00:02Z", "r2", &["a"], "refused"),
        outcome("2026-03-01T00:00:03Z", "r1", &["a"], "gone"),
    ];
    home.file("a", lines.concat());
    assert_eq!(users(&shown(&home, "a --user b")), ["b"]);
    assert_eq!(users(&shown(&home, "a -u b -u c")), ["b", "c"]);
    assert_eq!(users(&shown(&home, "a -u a -r r1")), ["a", "a"]);
    let gone = shown(&home, "a -u a -r r1 --outcome gone --since 2026-03-01");
    assert_eq!(gone.members(), [("r1".into(), "a".into(), "gone".into())]);
    assert_eq!(
        shown(&home, "a --outcome gone --outcome refused")
            .results()
            .len(),
        2
    );
    let none = show(&home, "a --user d").stderr(has(["no outcome matches"]));
    none.exits(0);
}

#[test]
fn since_is_a_duration_a_date_or_a_time_with_an_offset() {
    let home = Home::new();
    let lines = [
        outcome("2026-03-01T00:00:00Z", "r", &["a"], "removed"),
        outcome("2026-03-01T12:00:00Z", "r", &["b"], "removed"),
        outcome("2026-03-02T00:00:00Z", "r", &["c"], "removed"),
        outcome("9999-01-01T00:00:00Z", "r", &["d"], "removed"),
    ];
    home.file("a", lines.concat());
    for (since, first) in [
        ("2026-03-01", "a"),
        ("2026-03-01T00:00:01Z", "b"),
        ("2026-03-01T20:00:00+08:00", "b"),
        ("2026-03-01T20:00:01+08:00", "c"),
        ("2026-03-01T07:00-05:00", "b"),
        ("2026-03-02", "c"),
        ("2h", "d"),
    ] {
        let done = shown(&home, &format!("a --since {since}"));
        assert_eq!(users(&done)[0], first, "{since}");
    }
    for wrong in [
        "yesterday",
        "2026-13-01",
        "12",
        "2026-03-01T00:00:00+99:00",
        "用户",
    ] {
        let run = show(&home, "a --since").arg(wrong);
        let message = [
            "--since",
            "neither a duration nor a time",
            "hint: give --since",
        ];
        run.stderr(has(message)).exits(2);
    }
}

#[test]
fn files_are_merged_by_time_the_newest_last() {
    let home = Home::new();
    let line = |second: usize, user: &str| {
        outcome(
            &format!("2026-03-01T00:00:0{second}Z"),
            "r",
            &[user],
            "removed",
        )
    };
    home.file("a", [line(1, "a1"), line(4, "a4")].concat());
    home.file("b", [line(1, "b1"), line(2, "b2"), line(5, "b5")].concat());
    let names = users(&shown(&home, "a b"));
    assert_eq!(names, ["a1", "b1", "b2", "a4", "b5"]);
    let stdin = show(&home, "- b -o json").stdin(line(3, "c3"));
    let done = stdin.stdout(any()).exits(0);
    assert_eq!(users(&done), ["b1", "b2", "c3", "b5"]);
}

#[test]
fn a_ban_is_undone_with_show_and_unban() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let ban = sandbox.roomctl("ban -r room-test -u user1 -u user2 -m spam --for 1h --journal j");
    ban.home(&home).stdout(any()).stderr(any()).exits(0);
    let list = shown(&home, "j --outcome banned").stdout;
    let unban = sandbox.roomctl("unban --from - -o json").stdin(list);
    let done = unban.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("unbanned"), 2);
}

#[test]
fn what_was_refused_can_be_kicked_again() {
    let home = Home::new();
    let server = Server::answering([Reply::json(&fail(100_006)), Reply::json(crate::support::OK)]);
    let kick = server.kick("-r r -u a -m spam --journal j").home(&home);
    kick.stdout(any()).stderr(any()).exits(1);
    let list = shown(&home, "j --outcome refused").stdout;
    let again = server.kick("--from - -o json").stdin(list);
    let done = again.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.result()["Reason"], "spam");
}

#[test]
fn saved_results_are_shown_as_well() {
    let home = Home::new();
    let job = kicked(&home);
    home.file("results.ndjson", &job.stdout);
    assert_eq!(shown(&home, "results.ndjson").stdout, job.stdout);
    home.file("whole", job.stdout.trim_end());
    assert_eq!(shown(&home, "whole").stdout, job.stdout);
}

#[test]
fn it_has_no_credential_flags_and_unknown_flags_are_refused() {
    let home = Home::new();
    kicked(&home);
    for flag in ["--sdkappid", "--profile", "--secret-key-file"] {
        for verb in ["show", "summary"] {
            let run = Roomctl::new("journal").arg(verb).args("j").home(&home);
            run.arg(flag)
                .arg("7")
                .stderr(has([flag, "hint: "]))
                .exits(2);
        }
    }
    let run = show(&home, "j --usr a").stderr(has(["--user", "hint: "]));
    run.exits(2);
    let run = show(&home, "j --outcome removd").stderr(has(["removed", "hint: "]));
    run.exits(2);
    let both = ["--user", "33 of 32 bytes", "--room", "49 of 48 bytes"];
    let run = show(&home, "j --user").arg("u".repeat(33));
    run.arg("--room")
        .arg("r".repeat(49))
        .stderr(has(both))
        .exits(2);
}

#[test]
fn a_name_may_begin_with_a_dash() {
    let home = Home::new();
    home.file(
        "a",
        outcome("2026-03-01T00:00:00Z", "-100", &["-al"], "removed"),
    );
    assert_eq!(users(&shown(&home, "a --room -100 --user -al")), ["-al"]);
}
