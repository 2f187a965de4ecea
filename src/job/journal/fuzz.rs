//! Fuzz target: the bytes of a journal, as a job replays them and as
//! `roomctl journal` reads them.
//!
//! The first line says what the rest is: `raw` bytes; `sealed` lines, each a record
//! without its last keys, which are added, so that the checksum hides nothing; or
//! `written`, where the bytes choose what a job writes, and how its file is damaged.

use std::collections::HashMap;
use std::io::Write;
use std::time::{Duration, SystemTime};

use super::history::{History, MemberStatus};
use super::reader::{Entry, ReadError, RecordReader};
use super::record::{self, Author, JournalScope};
use super::replay::{Replayed, replay};
use crate::fuzz::first_line;
use crate::job::batch::Batch;
use crate::job::outcome::{LastAnswer, Outcome, Settled};
use crate::room::{Action, Reason, RoomId, UserId};

const SCOPE: JournalScope = JournalScope {
    sdkappid: 1_400_000_000,
    rehearsal: None,
};

pub(crate) fn check(data: &[u8]) {
    let (kind, rest) = first_line(data);
    match kind.as_str() {
        "raw" => drop(check_bytes(rest)),
        "sealed" => drop(check_bytes(&sealed(rest))),
        "written" => check_written(rest),
        _ => drop(check_bytes(data)),
    }
}

/// What a job knows and what a person reads agree. Returns what a job knows.
fn check_bytes(bytes: &[u8]) -> Option<Replayed> {
    let read = read_all(bytes);
    let replayed = replay(bytes, SCOPE, SystemTime::UNIX_EPOCH).ok()?;
    let whole = usize::try_from(replayed.whole).expect("small");
    let torn = &bytes[whole..];
    assert_eq!(replayed.torn_bytes, torn.len() as u64);
    assert!(!torn.contains(&b'\n'), "only the last line is cut off");
    assert!(whole == 0 || bytes[whole - 1] == b'\n');
    let lines = line_ends(&bytes[..whole]);
    assert_eq!(replayed.records, lines as u64);
    if !read.damaged.is_empty() {
        // A person is shown the time of each record, and a job uses only that of the
        // settled ones. roomctl writes none without its time.
        let is_without_time =
            |(_, why): &(u64, String)| why.starts_with("the record is incomplete");
        assert!(
            read.damaged.iter().all(is_without_time),
            "{:?}",
            read.damaged
        );
        return Some(replayed);
    }
    check_history(&replayed.history, &read);
    let again =
        replay(&bytes[..whole], SCOPE, SystemTime::UNIX_EPOCH).expect("the whole lines are whole");
    assert_eq!((again.torn_bytes, again.records), (0, replayed.records));
    check_history(&again.history, &read);
    Some(replayed)
}

/// A member is settled by an outcome that settles, and by nothing after it.
fn check_history(history: &History, read: &Read) {
    assert_eq!(history.len(), read.members.len());
    for ((action, room, user), seen) in &read.members {
        match history.status(*action, room, user) {
            MemberStatus::Settled(outcome) => {
                assert_eq!(
                    seen.latest,
                    Some(outcome),
                    "{room} {user}: the latest record"
                );
                assert!(outcome.settles(*action));
            }
            MemberStatus::InDoubt => assert!(seen.was_sent, "{room} {user}"),
            MemberStatus::Open => {
                let is_open = seen.latest.is_none_or(|outcome| !outcome.settles(*action));
                // An unban ends a ban, and the other way round.
                let may_be_ended = |other: &Action| {
                    let member = (*other, room.clone(), user.clone());
                    *action != Action::Kick && other != action && read.members.contains_key(&member)
                };
                let is_ended = [Action::Ban, Action::Unban].iter().any(may_be_ended);
                assert!((is_open && seen.is_answered) || is_ended, "{room} {user}");
            }
        }
    }
}

/// The records of a file as a person reads them.
#[derive(Default)]
struct Read {
    members: HashMap<(Action, String, String), Seen>,
    damaged: Vec<(u64, String)>,
}

#[derive(Default)]
struct Seen {
    /// Of the latest record; None for an intent.
    latest: Option<Outcome>,
    /// An intent, or an outcome that may hide one.
    was_sent: bool,
    /// Some outcome came.
    is_answered: bool,
}

fn read_all(bytes: &[u8]) -> Read {
    let mut read = Read::default();
    let mut reader = RecordReader::new(bytes);
    // Each call reads a line.
    for _ in 0..line_ends(bytes) + 2 {
        let (record, outcome) = match reader.next() {
            Ok(Entry::End) | Err(ReadError::OtherFile | ReadError::Version(_)) => return read,
            Err(ReadError::Io(why)) => panic!("{why}"),
            Ok(Entry::Intent(record)) => (record, None),
            Ok(Entry::Outcome(record, outcome)) => (record, Some(outcome)),
            Ok(Entry::Torn(_) | Entry::Nothing) => {
                read.damaged.extend(reader.take_damaged());
                continue;
            }
        };
        for user in &record.members {
            let member = (record.action, record.room.to_string(), user.to_string());
            let seen = read.members.entry(member).or_default();
            seen.latest = outcome;
            seen.was_sent |= matches!(outcome, None | Some(Outcome::Unknown));
            seen.is_answered |= outcome.is_some();
        }
        read.damaged.extend(reader.take_damaged());
    }
    panic!("the reader does not come to an end");
}

fn line_ends(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// Adds sequence number and checksum to each line, after a header.
fn sealed(lines: &[u8]) -> Vec<u8> {
    let mut journal = record::header(SCOPE, SystemTime::UNIX_EPOCH);
    let lines = lines.split(|byte| *byte == b'\n');
    for (number, line) in (2..).zip(lines.filter(|line| !line.is_empty())) {
        let line = line.strip_suffix(b"}").unwrap_or(line);
        let mut record = line.to_vec();
        let _ = write!(record, ",\"Sequence\":{number}");
        let checksum = crc32fast::hash(&record);
        let _ = writeln!(record, ",\"Crc32\":\"{checksum:08x}\"}}");
        journal.extend(record);
    }
    journal
}

/// What a job writes is read as written; cut anywhere, only the last line is lost;
/// any changed byte and any line that is missing, doubled or moved is found.
fn check_written(choices: &[u8]) {
    let (choices, damage) = choices.split_at(choices.len().saturating_sub(4));
    let lines = job(choices);
    let bytes = lines.concat();
    let whole = check_bytes(&bytes).expect("own journal");
    assert_eq!((whole.records, whole.torn_bytes), (lines.len() as u64, 0));
    let [high, low, kind, how] = *damage else {
        return;
    };
    let at = usize::from(u16::from_be_bytes([high, low]));
    let (byte, line) = (at % bytes.len(), at % lines.len());
    if kind.is_multiple_of(3) {
        let cut = check_bytes(&bytes[..byte]).expect("a torn line is no damage");
        assert_eq!(cut.records, line_ends(&bytes[..byte]) as u64);
    } else if kind % 3 == 1 {
        let mut changed = bytes.clone();
        changed[byte] ^= how.max(1);
        let replayed = check_bytes(&changed);
        // Without its line feed the last line is torn.
        let is_torn = byte == bytes.len() - 1;
        assert_eq!(replayed.is_some(), is_torn, "byte {byte} changed");
    } else {
        let mut moved = lines.clone();
        match how % 3 {
            0 => drop(moved.remove(line)),
            1 => moved.insert(line, lines[line].clone()),
            _ => moved.swap(line, lines.len() - 1),
        }
        let is_same = moved == lines || (how.is_multiple_of(3) && line == lines.len() - 1);
        let is_empty = moved.is_empty();
        let replayed = check_bytes(&moved.concat());
        assert_eq!(
            replayed.is_some(),
            is_same || is_empty,
            "line {line}: {how}"
        );
    }
}

/// The lines of a journal: two bytes choose a record.
fn job(choices: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = vec![record::header(SCOPE, SystemTime::UNIX_EPOCH)];
    for pair in choices.chunks_exact(2).take(64) {
        let (members, what) = (usize::from(pair[0]), usize::from(pair[1]));
        let sequence = lines.len() as u64 + 1;
        let action = Action::ALL[what / 8 % 3];
        let author = Author {
            scope: SCOPE,
            action,
            identifier: "administrator".into(),
            profile: None,
            ban_seconds: None,
        };
        let mut batch = batch(members);
        (0..=what / 64).for_each(|_| batch.start(Duration::ZERO));
        lines.push(match Outcome::ALL.get(what % 8) {
            None => record::intent(sequence, &author, &batch, SystemTime::UNIX_EPOCH),
            Some(outcome) => record::settled(sequence, &author, &settled(batch, action, *outcome)),
        });
    }
    lines
}

/// One or two of four users in one of two rooms.
fn batch(choice: usize) -> Batch {
    let user = |n: usize| UserId::parse(["a", "b", "\"c\\", "[d"][n % 4]).expect("a user");
    let mut members = vec![user(choice)];
    if choice & 4 != 0 {
        members.push(user(choice + 1));
    }
    let room = RoomId::parse(["r", "s"][choice / 8 % 2]).expect("a room");
    Batch::new(
        0,
        room,
        Reason::parse("a \"reason\"\n踢").expect("a reason"),
        members,
    )
}

fn settled(batch: Batch, action: Action, outcome: Outcome) -> Settled {
    Settled {
        last_failure: None,
        action,
        attempts: batch.attempts(),
        room: batch.room,
        members: batch.members,
        reason: batch.reason,
        outcome,
        last_answer: LastAnswer::NoAnswer("cut\u{2028}".into()),
        elapsed: Duration::from_millis(3),
        time: SystemTime::UNIX_EPOCH,
    }
}
