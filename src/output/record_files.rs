//! The files that record the outcomes of a job. `--audit`: one line for each outcome,
//! with account, members, time and reason; the file is never read back.
//! `--failed-to`: the members that were not removed, as `--from` reads them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use memchr::memmem;
use nix::unistd::Uid;
use serde::Serialize;
use serde_json::Value;

use super::results::json;
use crate::atomic_file::{self, AtomicFile};
use crate::clock::rfc3339_of;
use crate::file_name::display_path;
use crate::job::{InRoom, Settled};
use crate::name_service;
use crate::room::{Action, RoomId, UserId};

/// Most bytes of the disk that are reserved for one file. On some systems a "disk"
/// is memory.
const MOST_RESERVED: u64 = 64 * 1024 * 1024;

/// Longest wait for the lock of an audit file. A line is written in a fraction of it;
/// who holds the lock for longer is another program, maybe the caller: `flock`.
const LOCK_LIMIT: Duration = Duration::from_millis(500);

/// The pause before the next try to lock.
const LOCK_RETRY: Duration = Duration::from_millis(2);

/// The audit file, and the accounts that act. Several processes may append to one
/// file: each line is one write at its end.
#[derive(Debug)]
pub(crate) struct Audit {
    file: File,
    os_user: String,
    sdkappid: u32,
    identifier: String,
    is_rehearsal: bool,
    /// How long the next line waits for the lock. Zero while somebody holds it for
    /// longer than the limit.
    lock_wait: Duration,
    /// The file ends in the middle of a line, because the disk was full.
    is_torn: bool,
    /// A line was not written whole: the next one would continue it.
    has_failed: bool,
}

/// One line of an audit. Keys that results have, too, are the same.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AuditLine<'a> {
    time: String,
    os_user: &'a str,
    sdk_app_id: u32,
    identifier: &'a str,
    action: &'static str,
    room_id: &'a RoomId,
    #[serde(rename = "MemberList_Account")]
    members: &'a [UserId],
    reason: Option<&'a str>,
    outcome: &'static str,
    error_code: Option<i64>,
    request_id: Option<&'a str>,
    /// As in the first record of a journal. Only lines of a rehearsal have it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rehearsal: bool,
}

impl Audit {
    /// Opens the file. A new one is for its owner only: it holds names.
    pub(crate) fn open(
        path: &Path,
        sdkappid: u32,
        identifier: &UserId,
        is_rehearsal: bool,
    ) -> io::Result<Self> {
        // Opening a pipe would wait for its other end.
        if fs::metadata(path).is_ok_and(|there| there.file_type().is_fifo()) {
            return Err(io::Error::new(ErrorKind::InvalidInput, "this is a pipe"));
        }
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600).open(path)?;
        if let Some(why) = foreign_content(path) {
            return Err(io::Error::new(ErrorKind::InvalidData, why));
        }
        if atomic_file::is_full_device(&file) {
            return Err(ErrorKind::StorageFull.into());
        }
        // While another process writes, the file ends in the middle of its line.
        let lock_wait = lock(&file, LOCK_LIMIT);
        let is_torn = is_torn(path);
        let _ = file.unlock();
        Ok(Self {
            file,
            os_user: os_user(),
            sdkappid,
            identifier: identifier.to_string(),
            is_rehearsal,
            lock_wait,
            is_torn,
            has_failed: false,
        })
    }

    /// Whether the last line was incomplete when the file was opened.
    pub(crate) fn is_torn(&self) -> bool {
        self.is_torn
    }

    /// Whether another program held the lock when the file was opened.
    pub(crate) fn is_held(&self) -> bool {
        self.lock_wait.is_zero()
    }

    /// Takes so many bytes of the disk after the end of the file, so that a full disk
    /// is found before the first request. What is not used stays reserved for later
    /// lines: to give it back, the file would have to be cut at its end, where another
    /// process may just be writing.
    pub(crate) fn reserve(&self, bytes: u64) -> io::Result<()> {
        let there = self.file.metadata()?;
        if !there.is_file() {
            return Ok(());
        }
        atomic_file::reserve(&self.file, there.len(), bytes.min(MOST_RESERVED))
    }

    /// Appends one line for the members of a batch. After a failed write nothing
    /// more is written.
    pub(crate) fn add(&mut self, settled: &Settled) -> io::Result<()> {
        if self.has_failed {
            return Ok(());
        }
        // An incomplete last line stays, and does not damage this one.
        let before = if self.is_torn { "\n" } else { "" };
        self.is_torn = false;
        let line = format!("{before}{}\n", self.line(settled));
        self.lock_wait = lock(&self.file, self.lock_wait);
        let written = self.file.write_all(line.as_bytes());
        let _ = self.file.unlock();
        self.has_failed = written.is_err();
        written
    }

    fn line(&self, settled: &Settled) -> String {
        let settled = settled.to_json();
        let line = AuditLine {
            time: settled.time,
            os_user: &self.os_user,
            sdk_app_id: self.sdkappid,
            identifier: &self.identifier,
            action: settled.action,
            room_id: settled.room_id,
            members: settled.members,
            reason: settled.reason,
            outcome: settled.outcome,
            error_code: settled.error_code,
            request_id: settled.request_id,
            rehearsal: self.is_rehearsal,
        };
        serde_json::to_string(&line).expect("strings and numbers serialise")
    }
}

/// Locks the file, and returns how long to wait for it the next time: not at all if
/// somebody else still holds the lock after `limit`. Then the line is appended without
/// it, because a job must not wait for another program, and one write at the end stays
/// whole. The same where a file system has no locks, but there nobody holds one.
fn lock(file: &File, limit: Duration) -> Duration {
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) | Err(TryLockError::Error(_)) => return LOCK_LIMIT,
            Err(TryLockError::WouldBlock) if begin.elapsed() >= limit => return Duration::ZERO,
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_RETRY),
        }
    }
}

/// What a file has instead of an audit's lines. None for an audit, for an empty
/// file, and for one that cannot be read.
fn foreign_content(path: &Path) -> Option<&'static str> {
    const JOURNAL: &[u8] = b"{\"Record\":\"journal\"";
    const LINE: &[u8] = b"{\"Time\":\"";
    if !fs::metadata(path).is_ok_and(|there| there.is_file()) {
        return None;
    }
    let mut start = Vec::new();
    let file = File::open(path).ok()?;
    file.take(64 * 1024).read_to_end(&mut start).ok()?;
    if start.starts_with(JOURNAL) {
        return Some("this is a journal, and an audit in it would damage it");
    }
    // Any line may be torn, by a full disk or because old lines were cut off.
    let mut lines = start.split_inclusive(|byte| *byte == b'\n');
    let is_audit = start.trim_ascii().is_empty()
        || LINE.starts_with(&start)
        || lines.any(|line| {
            let is_torn = !line.ends_with(b"\n");
            line.starts_with(LINE) && (is_torn || memmem::find(line, b"\"OsUser\":").is_some())
        });
    (!is_audit).then_some("this is not an audit of roomctl")
}

/// Whether the last line has no line end. A file that cannot be read has one.
fn is_torn(path: &Path) -> bool {
    let mut last = [b'\n'];
    if fs::metadata(path).is_ok_and(|there| there.is_file()) {
        // An empty file has no last byte, and the file may not be readable.
        let _ = File::open(path).and_then(|mut file| {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)
        });
    }
    last != *b"\n"
}

/// The account's name as the system knows it, because anybody can set a variable;
/// its number if it has no name.
fn os_user() -> String {
    let uid = Uid::current();
    name_service::account(uid).unwrap_or_else(|| uid.to_string())
}

/// Writes the file of `--failed-to`.
#[derive(Debug)]
pub(crate) struct FailedTo {
    /// As the flag gives it, for messages.
    path: PathBuf,
    out: AtomicFile,
    /// A write failed, or the reader of a pipe closed it: nothing more is written.
    has_failed: bool,
}

impl FailedTo {
    /// Opens the file. This is done before anything is sent, so that a file that
    /// cannot be written is found in time. Errors name the flag and the file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let out = AtomicFile::open(path).map_err(|why| named(path, &why))?;
        let path = path.to_owned();
        Ok(Self {
            path,
            out,
            has_failed: false,
        })
    }

    /// Takes so many bytes of the disk until the file is finished.
    pub(crate) fn reserve(&self, bytes: u64) -> io::Result<()> {
        let reserved = self.out.reserve(bytes.min(MOST_RESERVED));
        reserved.map_err(|why| named(&self.path, &why))
    }

    /// Whether it is a temporary file until it is finished.
    pub(crate) fn is_draft(&self) -> bool {
        self.out.is_draft()
    }

    /// Adds one line for the members of a batch.
    pub(crate) fn add(&mut self, settled: &Settled) -> io::Result<()> {
        self.write(&json(settled))
    }

    /// Adds one line for members that are in their room after the job. It has no outcome
    /// and no code: the answer about them was another one, maybe in an earlier run.
    pub(crate) fn add_in_room(
        &mut self,
        found: &InRoom,
        action: Action,
        now: SystemTime,
    ) -> io::Result<()> {
        let line = serde_json::json!({
            "RoomId": found.room,
            "MemberList_Account": found.members,
            "InRoom": true,
            "ErrorInfo": "in the room's member list after the job",
            "Action": action.name(),
            "Reason": found.reason,
            "Time": rfc3339_of(now),
        });
        self.write(&line.to_string())
    }

    /// Marks the members that are in their rooms with `InRoom`, in lines of their own.
    pub(crate) fn mark_in_room(&mut self, is_in_room: IsInRoom<'_>) -> io::Result<()> {
        if self.has_failed {
            return Ok(());
        }
        let edited = self.out.edit_lines(|line| marked(line, is_in_room));
        edited.map_err(|why| named(&self.path, &why))
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        if self.has_failed {
            return Ok(());
        }
        let line = format!("{line}\n");
        let written = self.out.write_all(line.as_bytes());
        self.has_failed = written.is_err();
        unless_closed(written).map_err(|why| named(&self.path, &why))
    }

    /// Puts the file in its place, unless a write failed.
    pub(crate) fn finish(self) -> io::Result<()> {
        if self.has_failed {
            return Ok(());
        }
        unless_closed(self.out.finish()).map_err(|why| named(&self.path, &why))
    }
}

/// Whether a member, of this room and with this name, is in the room.
pub(crate) type IsInRoom<'a> = &'a dyn Fn(&str, &str) -> bool;

/// A line of which members are in their room: one line with the others, and one with
/// these. None if none are.
fn marked(line: &str, is_in_room: IsInRoom<'_>) -> Option<String> {
    const MEMBERS: &str = "MemberList_Account";
    let mut object: serde_json::Map<String, Value> = serde_json::from_str(line).ok()?;
    let room = object.get("RoomId")?.as_str()?.to_owned();
    let members = object.get(MEMBERS)?.as_array()?.clone();
    let is_inside = |user: &Value| user.as_str().is_some_and(|user| is_in_room(&room, user));
    let (inside, outside): (Vec<Value>, Vec<Value>) = members.into_iter().partition(is_inside);
    if inside.is_empty() {
        return None;
    }
    let mut lines = Vec::new();
    if !outside.is_empty() {
        object.insert(MEMBERS.into(), outside.into());
        lines.push(Value::Object(object.clone()).to_string());
    }
    object.insert(MEMBERS.into(), inside.into());
    object.insert("InRoom".into(), true.into());
    lines.push(Value::Object(object).to_string());
    Some(lines.join("\n"))
}

/// A closed pipe is not an error: its reader wanted no more.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn named(path: &Path, why: &io::Error) -> io::Error {
    let message = format!("--failed-to {}: {why}", display_path(path));
    io::Error::new(why.kind(), message)
}

#[cfg(test)]
#[path = "record_files_tests.rs"]
mod tests;
