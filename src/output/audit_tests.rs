//! Tests of the audit.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::SystemTime;

use super::*;
use crate::job::{LastAnswer, Outcome};
use crate::room::{Action, Reason};

fn settled(user: &str) -> Settled {
    Settled {
        last_failure: None,
        action: Action::Kick,
        room: RoomId::parse("r").expect("a room"),
        members: vec![UserId::parse(user).expect("a user")],
        reason: Reason::parse("spam").expect("a reason"),
        outcome: Outcome::Done,
        last_answer: LastAnswer::NoAnswer("never mind".into()),
        attempts: 1,
        elapsed: Duration::ZERO,
        time: SystemTime::UNIX_EPOCH,
    }
}

fn open_audit(path: &Path) -> Audit {
    let identifier = UserId::parse("administrator").expect("a user");
    Audit::open(path, 1_400_000_000, &identifier, false).expect("opened")
}

#[test]
fn a_line_has_account_action_member_time_and_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit");
    let mut audit = open_audit(&path);
    audit.add(&settled("a")).expect("kept");
    let text = fs::read_to_string(&path).expect("read");
    let name = serde_json::to_string(&audit.os_user).expect("a string");
    assert!(!audit.os_user.is_empty());
    assert_eq!(
        text,
        format!(
            "{{\"Time\":\"1970-01-01T00:00:00Z\",\"OsUser\":{name},\"SdkAppId\":1400000000,\
             \"Identifier\":\"administrator\",\"Action\":\"kick\",\"RoomId\":\"r\",\
             \"MemberList_Account\":[\"a\"],\"Reason\":\"spam\",\"Outcome\":\"removed\",\
             \"ErrorCode\":null,\"RequestId\":null}}\n"
        )
    );
    let mode = fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_line_of_a_rehearsal_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit");
    let identifier = UserId::parse("administrator").expect("a user");
    let mut audit = Audit::open(&path, 1, &identifier, true).expect("opened");
    audit.add(&settled("a")).expect("kept");
    let text = fs::read_to_string(&path).expect("read");
    assert!(text.ends_with("\"RequestId\":null,\"Rehearsal\":true}\n"));
}

#[test]
fn a_lock_that_is_held_is_waited_for_once_and_no_line_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit");
    let holder = File::create(&path).expect("made");
    holder.lock().expect("free");
    let mut audit = open_audit(&path);
    assert!(audit.is_held());
    (0..1000).for_each(|_| audit.add(&settled("a")).expect("kept"));
    let text = fs::read_to_string(&path).expect("read");
    assert_eq!(text.lines().count(), 1000);
    drop(holder);
    audit.add(&settled("a")).expect("kept");
    assert!(!audit.is_held());
}

#[test]
fn several_writers_share_a_file_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit");
    let write = |user: &str| {
        let mut audit = open_audit(&path);
        (0..200).for_each(|_| audit.add(&settled(user)).expect("kept"));
    };
    thread::scope(|scope| {
        for user in ["a", "b", "c"] {
            scope.spawn(move || write(user));
        }
    });
    let text = fs::read_to_string(&path).expect("read");
    let parse = |line| serde_json::from_str::<serde_json::Value>(line);
    let parsed: Result<Vec<_>, _> = text.lines().map(parse).collect();
    assert_eq!(parsed.expect("whole lines").len(), 600);
}

#[test]
fn a_full_disk_is_reported_once_and_a_pipe_is_not_waited_for() {
    let mut audit = open_audit(Path::new("/dev/null"));
    audit.file = File::open("/dev/null").expect("not for writing");
    audit.add(&settled("a")).expect_err("lost");
    audit.add(&settled("b")).expect("reported already");
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is there").success());
    let identifier = UserId::parse("administrator").expect("a user");
    Audit::open(&pipe, 1, &identifier, false).expect_err("a pipe");
}
