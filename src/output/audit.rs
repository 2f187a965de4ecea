//! The file of `--audit`: one line for each outcome, with account, members, time and
//! reason. A job never reads it back.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use memchr::memmem;
use nix::unistd::Uid;
use rustix::io::Errno;
use serde::Serialize;

use crate::atomic_file;
use crate::disk_space;
use crate::job::Settled;
use crate::name_service;
use crate::room::{RoomId, UserId};

/// As many bytes as most lines of an audit have, or more. A check takes so many.
const ONE_OUTCOME: u64 = 2048;

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

/// What was found at the place of an audit file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AuditState {
    /// False where a new file can be made.
    pub(crate) exists: bool,
    /// The last line is incomplete.
    pub(crate) is_torn: bool,
    /// Another program holds the lock.
    pub(crate) is_held: bool,
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
        let (file, state) = open_audit(path, true)?;
        Ok(Self {
            file,
            os_user: os_user(),
            sdkappid,
            identifier: identifier.to_string(),
            is_rehearsal,
            lock_wait: if state.is_held {
                Duration::ZERO
            } else {
                LOCK_LIMIT
            },
            is_torn: state.is_torn,
            has_failed: false,
        })
    }

    /// Finds out whether the file can be opened, and whether the disk has space for one
    /// outcome. Leaves no new file.
    pub(crate) fn check(path: &Path) -> io::Result<AuditState> {
        // Also where a link leads to a file that does not exist yet.
        let is_new = matches!(fs::metadata(path), Err(why) if why.kind() == ErrorKind::NotFound);
        if is_new {
            check_new(path)?;
            return Ok(AuditState::default());
        }
        let (file, state) = open_audit(path, false)?;
        reserve_at_end(&file, ONE_OUTCOME)?;
        Ok(state)
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
        reserve_at_end(&self.file, bytes)
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

/// Opens the file of an audit. With `create`, a new one is made where none is.
fn open_audit(path: &Path, create: bool) -> io::Result<(File, AuditState)> {
    // Opening a pipe would wait for its other end.
    if fs::metadata(path).is_ok_and(|there| there.file_type().is_fifo()) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "this is a pipe"));
    }
    let mut options = OpenOptions::new();
    let file = options.append(true).create(create).mode(0o600).open(path)?;
    if let Some(why) = foreign_content(path) {
        return Err(io::Error::new(ErrorKind::InvalidData, why));
    }
    if disk_space::is_full_device(&file) {
        return Err(ErrorKind::StorageFull.into());
    }
    // While another process writes, the file ends in the middle of its line.
    let is_held = lock(&file, LOCK_LIMIT).is_zero();
    let is_torn = is_torn(path);
    let _ = file.unlock();
    let state = AuditState {
        exists: true,
        is_torn,
        is_held,
    };
    Ok((file, state))
}

/// Finds out whether the file, which does not exist, could be made. It is not made for
/// a moment: a kick that opens it then would write into a file that is removed.
fn check_new(path: &Path) -> io::Result<()> {
    let target = atomic_file::follow_links(path)?;
    let bytes = target.as_os_str().as_bytes();
    match target.file_name() {
        Some(name) if bytes.ends_with(name.as_bytes()) => {}
        // `logs/` names a folder; so do `logs/.` and `logs/..`.
        _ if bytes.ends_with(b"/") => return Err(Errno::ISDIR.into()),
        _ => return Err(Errno::NOENT.into()),
    }
    let folder = target.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // An error about the folder itself, not about a temporary name in it.
    fs::metadata(folder)?;
    let other = tempfile::tempfile_in(folder)?;
    disk_space::reserve(&other, 0, ONE_OUTCOME)
}

fn reserve_at_end(file: &File, bytes: u64) -> io::Result<()> {
    let there = file.metadata()?;
    if !there.is_file() {
        return Ok(());
    }
    disk_space::reserve(file, there.len(), bytes)
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

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
