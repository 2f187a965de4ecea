//! Disks that fail while a journal is written or read again.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::tests::{APP, at, author, batch, outcome, place, scope, status};
use super::*;
use crate::job::outcome::Outcome;

/// What has not happened by then never will.
const HANG: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
struct Disk(Arc<Mutex<Vec<u8>>>);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("whole").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A journal whose syncs fail, and what is written.
fn failing_journal() -> (Journal, Disk) {
    let failing = || Err(io::Error::from(ErrorKind::StorageFull));
    let header = record::header(scope(APP), at(0));
    let disk = Disk(Arc::new(Mutex::new(header)));
    let journal = Journal {
        author: author(),
        out: Box::new(disk.clone()),
        records: 1,
        sync: Syncer::start(Duration::ZERO, failing).expect("a thread"),
        is_broken: false,
    };
    (journal, disk)
}

fn history(disk: &Disk) -> History {
    let file = disk.0.lock().expect("whole").clone();
    replay::replay(&*file, scope(APP), at(9))
        .expect("whole")
        .history
}

#[test]
fn nobody_is_in_doubt_because_of_a_request_that_a_failed_sync_prevented() {
    let (mut journal, disk) = failing_journal();
    let (begun, mut sent) = (Instant::now(), 0);
    let name = |n: u32| format!("m{n}");
    while journal
        .write_intent(&batch("r", &name(sent), 1), at(1))
        .is_ok()
    {
        assert!(begun.elapsed() < HANG, "reported at a later record");
        sent += 1;
        std::thread::yield_now();
    }
    let unsent = outcome("r", &name(sent), Outcome::Unsent, 0);
    // Another sync may have failed since.
    let _ = journal.write_settled(&unsent);
    let history = history(&disk);
    assert_eq!(status(&history, "r", &name(sent)), MemberStatus::Open);
    assert!(sent > 0, "the first one cannot have failed before");
    for n in 0..sent {
        assert_eq!(status(&history, "r", &name(n)), MemberStatus::InDoubt);
    }
}

#[test]
fn an_outcome_after_a_failed_sync_is_written_and_reports_the_failure() {
    let (mut journal, disk) = failing_journal();
    let sent = batch("r", "m0", 1);
    journal.write_intent(&sent, at(1)).expect("not known yet");
    let done = outcome("r", "m0", Outcome::Done, 1);
    let begun = Instant::now();
    while journal.write_settled(&done).is_ok() {
        assert!(begun.elapsed() < HANG, "reported at a later record");
        std::thread::yield_now();
    }
    let removed = MemberStatus::Settled(Outcome::Done);
    assert_eq!(status(&history(&disk), "r", "m0"), removed);
}

/// A disk that cannot be read after these bytes.
struct Damaged<'a>(&'a [u8]);

impl Read for Damaged<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("a bad sector")),
            size => Ok(size),
        }
    }
}

#[test]
fn members_in_doubt_that_cannot_be_read_again_are_an_error() {
    let mut file = record::header(scope(APP), at(0));
    file.extend(record::intent(2, &author(), &batch("r", "a b", 1), at(1)));
    let found = read_unsettled(&*file).expect("whole");
    assert_eq!(found.in_doubt().len(), 1);
    let failed = read_unsettled(Damaged(&file));
    assert!(matches!(failed.err(), Some(ReadError::Io(_))));
    let (_folder, path) = place();
    assert!(members_in_doubt(&path, Action::Kick).is_err(), "no file");
}
