//! The file of `--failed-to`: the members that were not removed, as `--from` reads them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;

use super::results::json;
use crate::atomic_file::AtomicFile;
use crate::clock::rfc3339_of;
use crate::file_name::display_path;
use crate::job::{InRoom, Settled};
use crate::room::Action;

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
        let reserved = self.out.reserve(bytes);
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
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("left.ndjson");
        fs::write(&path, "old").expect("written");
        let failed_to = FailedTo::open(&path).expect("opened");
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");
        failed_to.finish().expect("finished");
        assert_eq!(fs::read_to_string(&path).expect("read"), "");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_found_at_the_start() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(FailedTo::open(&folder.path().join("missing/left.ndjson")).is_err());
        assert!(FailedTo::open(Path::new("/dev/null")).is_ok());
    }
}
