//! `sandbox --log`: one JSON line per request, with its result.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::support::{Done, Home, Roomctl, SandboxProcess, any, has};

/// The lines of the log after a kick of these words under these options.
fn logged(options: &str, words: &str) -> (Vec<Value>, Done) {
    let home = Home::new();
    let file = home.path().join("log");
    let run = Roomctl::new("sandbox")
        .args(options)
        .arg("--log")
        .arg(&file);
    let served = SandboxProcess::from(run.stderr(any()));
    let kick = served
        .roomctl("kick -m spam --retries 1 -o json")
        .args(words);
    let code = if options.contains("drop") { 5 } else { 0 };
    let done = kick.stdout(any()).stderr(any()).exits(code);
    let mode = fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&file).expect("text");
    assert!(!text.contains("usersig") && !text.contains(served.value("SECRET_KEY")));
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    (lines.collect(), done)
}

#[test]
fn a_request_is_one_line_with_arrival_room_members_answer_and_effect() {
    let (lines, _) = logged(
        "",
        "-r room-test -u user1 -u nobody --ignore-absent --concurrency 1",
    );
    assert_eq!(lines.len(), 3, "the batch, and each alone");
    let keys: Vec<&String> = lines[0].as_object().expect("an object").keys().collect();
    let documented = [
        "ArrivalNs",
        "Connection",
        "Command",
        "RoomId",
        "MemberList_Account",
        "Answer",
        "Fault",
        "Removed",
    ];
    assert_eq!(keys, documented);
    assert_eq!(lines[0]["Command"], "kick_user_out");
    assert_eq!(lines[0]["RoomId"], "room-test");
    assert_eq!(lines[0]["MemberList_Account"], json!(["user1", "nobody"]));
    assert_eq!(
        (&lines[0]["Answer"], &lines[0]["Removed"]),
        (&100_005.into(), &json!([]))
    );
    assert_eq!(
        (&lines[1]["Answer"], &lines[1]["Removed"]),
        (&0.into(), &json!(["user1"]))
    );
    let arrivals: Vec<u64> = lines
        .iter()
        .filter_map(|l| l["ArrivalNs"].as_u64())
        .collect();
    assert!(arrivals.is_sorted() && arrivals.len() == 3 && arrivals[0] > 0);
}

#[test]
fn requests_that_the_client_got_no_answer_to_are_logged_too() {
    let (lines, done) = logged("--fault drop=1", "-r room-test -u user1");
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!(
            (&line["Answer"], &line["Fault"]),
            (&"drop".into(), &"drop".into())
        );
        assert_eq!(line["Removed"], json!([]));
    }
    assert_eq!(done.result()["Outcome"], "unknown");
}

#[test]
fn an_existing_file_is_emptied_and_made_private() {
    let home = Home::new();
    let file = home.file_of_mode("log", "old\n", 0o644);
    let run = Roomctl::new("sandbox --log").arg(&file);
    run.args("-- true").exits(0);
    assert_eq!(fs::read_to_string(&file).expect("text"), "");
    let mode = fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_log_that_cannot_be_written_is_exit_7() {
    let run = Roomctl::new("sandbox --log /dev/full --").arg(env!("CARGO_BIN_EXE_roomctl"));
    let run = run.args("kick -r room-test -u user1 -m spam -q");
    run.stdout(any()).stderr(has(["--log /dev/full"])).exits(7);
}
