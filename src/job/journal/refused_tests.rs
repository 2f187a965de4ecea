//! Journals that a job must not continue: each is refused and stays unchanged.

use std::fs;

use super::tests::*;
use super::*;
use crate::secret::SecretKey;

#[test]
fn a_journal_of_another_app_is_refused_and_unchanged() {
    let (_folder, path) = place();
    drop(open(&path));
    let before = fs::read(&path).expect("read");
    let other = || Author {
        scope: scope(1_400_000_001),
        ..author()
    };
    let error = open_as(other, &path).expect_err("foreign");
    let JournalErrorKind::OtherApp { theirs, ours } = error.kind else {
        panic!("{error}")
    };
    assert_eq!((theirs, ours), (APP, 1_400_000_001));
    assert!(read_history(&path, scope(1_400_000_001), at(9)).is_err());
    assert_eq!(fs::read(&path).expect("read"), before);
}

#[test]
fn rehearsals_and_the_service_do_not_share_a_journal() {
    let rehearsal = || Author {
        scope: JournalScope {
            rehearsal: Some(SandboxId::new(None, 8080)),
            ..scope(APP)
        },
        ..author()
    };
    let (_folder, path) = place();
    drop(open(&path));
    let error = open_as(rehearsal, &path).expect_err("of the service");
    assert!(
        matches!(error.kind, JournalErrorKind::ServiceJournal),
        "{error}"
    );
    fs::remove_file(&path).expect("removed");
    for _ in 0..2 {
        open_as(rehearsal, &path).unwrap_or_else(|error| panic!("{error}"));
    }
    let error = open_as(author, &path).expect_err("of a rehearsal");
    assert!(
        matches!(error.kind, JournalErrorKind::RehearsalJournal),
        "{error}"
    );
    assert!(read_history(&path, scope(APP), at(9)).is_err());
}

#[test]
fn the_journal_of_another_sandbox_is_refused() {
    let in_sandbox = |key: Option<&SecretKey>, port| JournalScope {
        rehearsal: Some(SandboxId::new(key, port)),
        ..scope(APP)
    };
    let (ours, other) = (SecretKey::new("a"), SecretKey::new("b"));
    let journal = record::header(in_sandbox(Some(&ours), 1), at(0));
    let is_refused = |scope| match replay::replay(&*journal, scope, at(9)) {
        Err(JournalErrorKind::OtherSandbox) => true,
        Err(why) => panic!("{why}"),
        Ok(_) => false,
    };
    assert!(!is_refused(in_sandbox(Some(&ours), 2)), "by its key");
    assert!(is_refused(in_sandbox(Some(&other), 1)));
    assert!(
        !is_refused(in_sandbox(None, 1)),
        "without a key by its port"
    );
    assert!(is_refused(in_sandbox(None, 2)));
}

#[test]
fn a_file_that_is_not_a_journal_is_refused_and_unchanged() {
    let (folder, path) = place();
    for text in [
        "alice",
        "alice\nbob\n",
        "{\"RoomId\":\"r\"}",
        "{}\n",
        "\n",
        "\0\0\0",
    ] {
        fs::write(&path, text).expect("written");
        assert_eq!(refusal(&path), "not a roomctl journal", "{text:?}");
        assert_eq!(fs::read_to_string(&path).expect("read"), text);
    }
    assert_eq!(refusal(folder.path()), "not a regular file");
    assert_eq!(refusal(Path::new("/dev/null")), "not a regular file");
    assert!(refusal(&folder.path().join("missing/j")).contains("No such file"));
}

#[test]
fn a_newer_version_is_refused() {
    let (_folder, path) = place();
    let body = format!("{{\"Record\":\"journal\",\"Version\":2,\"SdkAppId\":{APP}");
    let sum = crc32fast::hash(body.as_bytes());
    fs::write(&path, format!("{body},\"Crc32\":\"{sum:08x}\"}}\n")).expect("written");
    assert!(refusal(&path).starts_with("it has version 2"));
}

#[test]
fn one_job_at_a_time() {
    let (_folder, path) = place();
    let first = open(&path);
    let error = Journal::open(&path, author(), at(0)).expect_err("locked");
    assert!(matches!(error.kind, JournalErrorKind::Locked));
    read_history(&path, scope(APP), at(9)).expect("a dry run only reads");
    drop(first);
    drop(open(&path));
}
