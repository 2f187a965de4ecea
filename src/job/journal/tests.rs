//! Journals written, opened again and read for a dry run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use super::*;
use crate::job::outcome::{LastAnswer, Outcome};
use crate::room::{Action, Reason, RoomId, UserId};

pub(super) const APP: u32 = 1_400_000_000;

pub(super) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_000_000 + seconds)
}

pub(super) fn scope(sdkappid: u32) -> JournalScope {
    JournalScope {
        sdkappid,
        rehearsal: None,
    }
}

pub(super) fn author() -> Author {
    Author {
        scope: scope(APP),
        action: Action::Kick,
        identifier: "administrator".into(),
        profile: Some("prod".into()),
        ban_seconds: None,
    }
}

/// A folder, and the path of a journal in it.
pub(super) fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("job.journal");
    (folder, path)
}

pub(super) fn open(path: &Path) -> OpenedJournal {
    open_as(author, path).unwrap_or_else(|error| panic!("{error}"))
}

/// Opens a journal that this test has closed. A child that another test starts
/// inherits the lock until it executes its program, so a lock is waited for.
pub(super) fn open_as(
    author: impl Fn() -> Author,
    path: &Path,
) -> Result<OpenedJournal, JournalError> {
    let begun = Instant::now();
    loop {
        match Journal::open(path, author(), at(0)) {
            Err(error) if matches!(error.kind, JournalErrorKind::Locked) => {
                assert!(begun.elapsed() < Duration::from_secs(60), "still locked");
                std::thread::yield_now();
            }
            result => return result,
        }
    }
}

pub(super) fn refusal(path: &Path) -> String {
    let error = open_as(author, path).expect_err("an error");
    error.kind.to_string()
}

pub(super) fn room(name: &str) -> RoomId {
    RoomId::parse(name).expect("a room")
}

fn users(names: &str) -> Vec<UserId> {
    let names = names.split_whitespace();
    names.map(|n| UserId::parse(n).expect("a user")).collect()
}

/// A batch whose `attempt`th request is about to be sent.
pub(super) fn batch(at: &str, names: &str, attempt: u32) -> Batch {
    let reason = Reason::parse("spam").expect("a reason");
    let mut batch = Batch::new(0, room(at), reason, users(names));
    (0..attempt).for_each(|_| batch.start(Duration::ZERO));
    batch
}

pub(super) fn outcome(at_room: &str, names: &str, outcome: Outcome, attempts: u32) -> Settled {
    Settled {
        last_failure: None,
        action: Action::Kick,
        room: room(at_room),
        members: users(names),
        reason: Reason::parse("spam").expect("a reason"),
        outcome,
        last_answer: LastAnswer::Answer {
            action_status: Some("OK".into()),
            error_code: 0,
            error_info: String::new(),
            request_id: Some("Id-1".into()),
        },
        attempts,
        elapsed: Duration::from_millis(41),
        time: at(7),
    }
}

pub(super) fn status(history: &History, at: &str, name: &str) -> MemberStatus {
    history.status(Action::Kick, at, name)
}

const REMOVED: MemberStatus = MemberStatus::Settled(Outcome::Done);

#[test]
fn what_was_written_is_known_when_opened_again() {
    let (_folder, path) = place();
    let mut opened = open(&path);
    assert!(opened.history.is_empty());
    let journal = &mut opened.journal;
    journal
        .write_intent(&batch("r", "a b", 1), at(1))
        .expect("kept");
    journal
        .write_intent(&batch("r", "c d", 1), at(1))
        .expect("kept");
    let done = outcome("r", "a b", Outcome::Done, 1);
    journal.write_settled(&done).expect("kept");
    opened.journal.finish().expect("synced");

    let OpenedJournal {
        history,
        torn_bytes,
        ..
    } = open(&path);
    assert_eq!((history.len(), torn_bytes), (4, 0));
    assert_eq!(status(&history, "r", "a"), REMOVED);
    assert_eq!(status(&history, "r", "c"), MemberStatus::InDoubt);
    assert_eq!(status(&history, "r", "e"), MemberStatus::Open);
    assert_eq!(status(&history, "s", "a"), MemberStatus::Open, "elsewhere");
    assert_eq!(history.last_settled(), Some(at(7)));
    assert_eq!(status(&history, "r", "d"), MemberStatus::InDoubt);
}

#[test]
fn a_record_has_the_keys_of_the_results() {
    let (_folder, path) = place();
    let mut journal = open(&path).journal;
    journal
        .write_intent(&batch("r", "a", 1), at(1))
        .expect("kept");
    let done = outcome("r", "a", Outcome::Done, 1);
    journal.write_settled(&done).expect("kept");
    journal.finish().expect("synced");
    let text = fs::read_to_string(&path).expect("read");
    let lines: Vec<&str> = text.lines().map(|line| &line[..line.len() - 11]).collect();
    assert_eq!(
        lines[1],
        "{\"Record\":\"intent\",\"Action\":\"kick\",\"RoomId\":\"r\",\"MemberList_Account\":[\"a\"],\
         \"Reason\":\"spam\",\"Attempts\":1,\"Time\":\"2026-02-25T06:13:21Z\",\
         \"Identifier\":\"administrator\",\"Profile\":\"prod\",\"Sequence\":2,\"Crc32\":"
    );
    assert_eq!(
        lines[2],
        "{\"Record\":\"settled\",\"RoomId\":\"r\",\"MemberList_Account\":[\"a\"],\
         \"ActionStatus\":\"OK\",\"ErrorCode\":0,\"ErrorInfo\":\"\",\"RequestId\":\"Id-1\",\
         \"Outcome\":\"removed\",\"Attempts\":1,\"ElapsedMs\":41,\"Action\":\"kick\",\
         \"Reason\":\"spam\",\"Time\":\"2026-02-25T06:13:27Z\",\
         \"Identifier\":\"administrator\",\"Profile\":\"prod\",\"Sequence\":3,\"Crc32\":"
    );
}

#[test]
fn names_and_words_that_need_escapes_come_back() {
    let (_folder, path) = place();
    let mut journal = open(&path).journal;
    let mut odd = outcome("r\"\\", "\"\\", Outcome::Refused, 1);
    odd.reason = Reason::parse("踢\n\u{1}\u{2028}").expect("a reason");
    odd.last_answer = LastAnswer::NoAnswer("line\nfeed \u{7f}\u{0}".into());
    journal.write_settled(&odd).expect("kept");
    odd.outcome = Outcome::Absent;
    journal.write_settled(&odd).expect("kept");
    journal.finish().expect("synced");
    let history = open(&path).history;
    let standing = status(&history, "r\"\\", "\"\\");
    assert_eq!(standing, MemberStatus::Settled(Outcome::Absent));
}

#[test]
fn the_file_is_private_from_its_first_byte() {
    let (folder, path) = place();
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    drop(open(&path));
    assert_eq!(mode(&path), 0o600);
    let touched = folder.path().join("touched");
    fs::write(&touched, "").expect("made");
    fs::set_permissions(&touched, fs::Permissions::from_mode(0o644)).expect("chmod");
    drop(open(&touched));
    assert_eq!(mode(&touched), 0o600);
}

#[test]
fn a_dry_run_creates_nothing_and_cuts_nothing() {
    let (_folder, path) = place();
    assert!(
        read_history(&path, scope(APP), at(9))
            .expect("nothing there")
            .is_empty()
    );
    assert!(!path.exists());
    drop(open(&path));
    let mut bytes = fs::read(&path).expect("read");
    bytes.extend(b"{\"Record\":\"int");
    fs::write(&path, &bytes).expect("written");
    read_history(&path, scope(APP), at(9)).expect("read");
    assert_eq!(fs::read(&path).expect("read"), bytes);
}

/// A disk with room for so many bytes.
#[derive(Debug, Clone)]
struct Small {
    room: usize,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let part = bytes.len().min(self.room);
        self.room -= part;
        self.taken.lock().expect("whole").extend(&bytes[..part]);
        Ok(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn after_a_full_disk_nothing_more_is_written_and_nothing_more_sent() {
    let whole = record::intent(2, &author(), &batch("r", "a", 1), at(1)).len();
    let disk = Small {
        room: whole + 10,
        taken: Arc::default(),
    };
    let sync = Syncer::start(Duration::ZERO, || Ok(())).expect("a thread");
    let mut journal = Journal {
        author: author(),
        out: Box::new(disk.clone()),
        records: 1,
        sync,
        is_broken: false,
    };
    let first = batch("r", "a", 1);
    journal.write_intent(&first, at(1)).expect("there is room");
    let full = journal
        .write_intent(&batch("r", "b", 1), at(1))
        .expect_err("full");
    assert_eq!(full.kind(), io::ErrorKind::StorageFull);
    journal
        .write_intent(&batch("r", "c", 1), at(1))
        .expect_err("not sent");
    let done = outcome("r", "a", Outcome::Done, 1);
    journal.write_settled(&done).expect("reported once");
    assert_eq!(disk.taken.lock().expect("whole").len(), whole + 10);

    // The next run cuts off the half record.
    let (_folder, path) = place();
    let mut bytes = record::header(scope(APP), at(0));
    bytes.extend(&*disk.taken.lock().expect("whole"));
    fs::write(&path, &bytes).expect("written");
    let OpenedJournal {
        history,
        torn_bytes,
        ..
    } = open(&path);
    assert_eq!((history.len(), torn_bytes), (1, 10));
}

#[test]
fn members_are_known_by_content_however_the_list_changes() {
    let (_folder, path) = place();
    let mut journal = open(&path).journal;
    let first = batch("r", "m1 m2 m3 m4", 1);
    journal.write_intent(&first, at(1)).expect("kept");
    let done = outcome("r", "m1 m2 m4", Outcome::Done, 1);
    journal.write_settled(&done).expect("kept");
    let refused = outcome("r", "m3", Outcome::Refused, 3);
    journal.write_settled(&refused).expect("kept");
    journal.finish().expect("synced");
    // Another order, a new member first, other batches, another reason.
    let history = open(&path).history;
    let open: Vec<&str> = ["new", "m4", "m3", "m2", "m1"]
        .into_iter()
        .filter(|name| status(&history, "r", name) == MemberStatus::Open)
        .collect();
    assert_eq!(open, ["new", "m3"]);
}

#[test]
fn a_million_settled_members_take_at_most_40_bytes_each() {
    use std::fmt::Write as _;
    let mut file = record::header(scope(APP), at(0));
    let mut names = String::new();
    for number in 0..50_000_u64 {
        let line = 2 * number + 2;
        names.clear();
        (0..20).for_each(|n| write!(names, "user-{number}-{n} ").expect("a String"));
        let batch = batch("room", &names, 1);
        file.extend(record::intent(line, &author(), &batch, at(1)));
        let done = outcome("room", &names, Outcome::Done, 1);
        file.extend(record::settled(line + 1, &author(), &done));
    }
    let replayed = replay::replay(&*file, scope(APP), at(9)).expect("undamaged");
    let history = replayed.history;
    assert_eq!(history.len(), 1_000_000);
    let bytes_each = history.memory() / history.len();
    assert!((17..=40).contains(&bytes_each), "{bytes_each}");
    assert_eq!(status(&history, "room", "user-49999-19"), REMOVED);
}

#[test]
fn a_ban_is_known_with_its_length_and_whether_it_is_over_or_not_at_all() {
    let mut history = History::at(at(1000));
    let ban = |history: &mut History, user: u32, seconds| {
        let user = user.to_string();
        history.add_outcome(Action::Ban, "r", &user, Outcome::Done, 1);
        history.add_ban("r", &user, seconds, at(0));
    };
    (1..=300).for_each(|n| ban(&mut history, n, 900 + n));
    for n in 1..=300 {
        let known = history.ban("r", &n.to_string());
        let found = known.map(|ban| (ban.seconds, ban.is_over));
        let expected = (n <= 255).then_some((900 + n, n <= 100));
        assert_eq!(found, expected, "{n}");
    }
    // The latest one counts; one of an earlier version has no length.
    ban(&mut history, 1, 950);
    assert_eq!(history.ban("r", "1").map(|ban| ban.seconds), Some(950));
    history.add_outcome(Action::Ban, "r", "1", Outcome::Done, 1);
    assert_eq!(history.ban("r", "1"), None);
    assert_eq!(history.ban("s", "2"), None);
}
