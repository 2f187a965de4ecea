//! Each kind of `sandbox --fault`, seen by a kick.

use serde_json::Value;

use crate::support::{Done, SandboxProcess, any};

/// One member, one fault on every request, this number of retries.
fn kick(fault: &str, words: &str, code: i32) -> Done {
    let served = SandboxProcess::with(&format!("--fault {fault}=1"));
    let kick = served.roomctl("kick -r room-test -u user1 -m spam -o json");
    kick.args(words).stdout(any()).stderr(any()).exits(code)
}

/// Outcome, code and text of the only result.
fn result(done: &Done) -> (String, Value, String) {
    let result = done.result();
    let text = |name: &str| result[name].as_str().expect("a text").to_owned();
    (
        text("Outcome"),
        result["ErrorCode"].clone(),
        text("ErrorInfo"),
    )
}

#[test]
fn a_code_is_answered_and_nothing_done() {
    for (code, exit, outcome) in [
        (100_001, 5, "unsent"),
        (60_007, 5, "unsent"),
        (60_008, 5, "unknown"),
        (70_009, 4, "refused"),
        (100_004, 1, "refused"),
    ] {
        let done = kick(&code.to_string(), "--retries 0", exit);
        let (expected, number, _) = result(&done);
        assert_eq!((&*expected, number), (outcome, code.into()));
    }
}

#[test]
fn gateways_answer_pages() {
    for (fault, outcome, message) in [
        ("http502", "unknown", "HTTP 502"),
        ("html", "unknown", "a web page"),
        ("http429", "unsent", "HTTP 429"),
    ] {
        let (expected, code, words) = result(&kick(fault, "--retries 0", 5));
        assert_eq!((&*expected, code), (outcome, Value::Null), "{fault}");
        assert!(words.contains(message), "{fault}: {words}");
    }
}

#[test]
fn an_effect_without_an_answer_is_unknown_and_then_gone() {
    for fault in ["reset", "truncate"] {
        let served = SandboxProcess::with(&format!("--fault {fault}=1"));
        let kick = served.roomctl("kick -r room-test -u user1 -m spam -o json --retries 0");
        let done = kick.stdout(any()).stderr(any()).exits(5);
        assert_eq!(result(&done).0, "unknown", "{fault}");
        // Most requests are not hit, so a later try is answered.
        let served =
            SandboxProcess::with(&format!("--fault {fault}=40% --room a=u1,u2,u3,u4,u5,u6"));
        let mut outcomes = Vec::new();
        for user in 1..=6 {
            let kick = served.roomctl("kick -r a -m spam -o json --retries 60 -u");
            let done = kick
                .arg(format!("u{user}"))
                .stdout(any())
                .stderr(any())
                .exits(0);
            outcomes.push((result(&done).0, done.result()["Attempts"].as_u64()));
        }
        for (outcome, attempts) in outcomes {
            let expected = if attempts == Some(1) {
                "removed"
            } else {
                "gone"
            };
            assert_eq!(outcome, expected, "{fault}, {attempts:?} attempts");
        }
    }
}

#[test]
fn a_member_whose_request_was_cut_before_its_effect_is_removed_by_a_later_try() {
    let (expected, _, words) = result(&kick("drop", "--retries 0", 5));
    assert_eq!(expected, "unknown");
    assert!(words.contains("connection lost"), "{words}");
    let served = SandboxProcess::with("--fault drop=50%");
    let kick = served.roomctl("kick -r room-test -u user1 -m spam -o json --retries 40");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(result(&done).0, "removed");
}

#[test]
fn a_slow_answer_is_in_time_or_a_timeout() {
    let done = kick("slow:50ms", "", 0);
    assert_eq!(result(&done).0, "removed");
    let (expected, _, words) = result(&kick("slow:1h", "--retries 0 --timeout 300ms", 5));
    assert_eq!(expected, "unknown");
    assert!(words.contains("no answer within 300ms"), "{words}");
}

#[test]
fn a_kept_connection_that_is_closed_costs_one_retry() {
    let served = SandboxProcess::with("--fault close=1 --room a=x --room b=x");
    let kick = served.roomctl("kick -r a -r b -u x -m spam -o json --rate 4");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.summary()["summary"]["Retries"], 1);
    assert_eq!(done.summary()["summary"]["removed"], 2);
}

#[test]
fn a_slow_connection_is_in_time_or_a_timeout() {
    for options in ["", " --tls"] {
        let served = SandboxProcess::with(&format!("--fault connect:50ms=1{options}"));
        let kick = served.roomctl("kick -r room-test -u user1 -m spam -o json");
        let done = kick.stdout(any()).stderr(any()).exits(0);
        assert_eq!(result(&done).0, "removed");
    }
    let served = SandboxProcess::with("--fault connect:1h=1 --tls");
    let kick = served.roomctl("kick -r room-test -u user1 -m spam -o json --retries 0");
    let kick = kick.args("--connect-timeout 300ms").stdout(any());
    assert_eq!(result(&kick.stderr(any()).exits(5)).0, "unsent");
}

#[test]
fn several_faults_share_the_requests() {
    let served = SandboxProcess::with("--fault 100001=20% --fault drop=10% --fault html=10%");
    let kick = served.roomctl("kick -r room-test -m spam -o json --retries 60");
    let done = kick
        .many("-u", "user", 100)
        .stdout(any())
        .stderr(any())
        .exits(0);
    let counts = &done.summary()["summary"];
    assert_eq!(counts["removed"], 100, "{counts}");
    assert_eq!(
        (&counts["unknown"], &counts["unsent"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn a_list_can_stop_early_or_loop() {
    let names: Vec<String> = (1..=120).map(|n| format!("u{n}")).collect();
    let room = format!("--room r={}", names.join(","));
    let members = |fault: &str, code: i32| {
        let served = SandboxProcess::with(&format!("{room} --fault {fault}"));
        let done = served
            .roomctl("members --room r")
            .stdout(any())
            .stderr(any());
        let done = done.exits(code);
        (done.stdout.lines().count(), done.stderr.clone())
    };
    assert_eq!(members("list-short", 0).0, 25, "half of a page of 50");
    let (_, why) = members("list-loop", 5);
    assert!(
        why.contains("do not end") || why.contains("repeat"),
        "{why}"
    );
    assert_eq!(members("list-loop=0", 0).0, 120);
    // Other calls have no list.
    let served = SandboxProcess::with("--fault list-loop --fault list-short=0");
    let kick = served.roomctl("kick -r room-test -u user1 -m spam");
    kick.stdout(any()).stderr(any()).exits(0);
}
