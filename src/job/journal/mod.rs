//! The journal: what a job asked of whom, and what became of it, so that the
//! same command continues after any end, `kill -9` included.
//!
//! JSON Lines, append-only, the caller's alone, locked while in use. A member is
//! known by content (`SDKAppID`, action, room, user), never by line number: the
//! list may grow, shrink, be re-ordered, be batched otherwise. An *intent* is
//! written before a request leaves, its outcome after; what has an intent and
//! no outcome is *in doubt*.
//!
//! | file | subject |
//! |---|---|
//! | `record` | a line: its keys, its checksum |
//! | `replay` | from a file's bytes to its history; what is torn, what is damaged |
//! | `history` | the members' standings, 18 to 39 bytes each |
//! | `standing` | one member: what an intent and an outcome make of it |
//! | `file`  | the file: found, made, locked |
//! | `sync` | to disk, in groups, on a thread of its own |

mod error;
mod file;
mod history;
mod record;
mod replay;
mod status;
mod sync;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod refused_tests;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use super::batch::Batch;
use super::outcome::Settled;
use crate::room::Action;
pub use error::{JournalError, JournalErrorKind};
pub use history::History;
use replay::Replayed;
pub use status::MemberStatus;
use sync::Syncer;

/// Whose members a journal is about. What a rehearsal settled says nothing of the
/// service's rooms, and the other way round, whatever the `SDKAppID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalOwner {
    /// The app.
    pub sdkappid: u32,
    /// Whether what answers is on this machine.
    pub is_rehearsal: bool,
}

/// Who writes: stands in every record, the key never does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Whose members; a journal is of one app.
    pub owner: JournalOwner,
    /// What is done to them; one journal may hold several actions.
    pub action: Action,
    /// The calling administrator.
    pub identifier: String,
    /// The profile in use, if any.
    pub profile: Option<String>,
}

/// A journal that was opened, and what it knew by then.
#[derive(Debug)]
pub struct OpenedJournal {
    /// Takes records.
    pub journal: Journal,
    /// What earlier runs left; may be dropped once the plan has been made.
    pub history: History,
    /// Bytes of a record that an earlier run did not finish; they are cut off.
    pub torn: u64,
}

/// The writer of a journal. Holds its lock until it is dropped.
#[derive(Debug)]
pub struct Journal {
    author: Author,
    writer: Writer,
}

impl Journal {
    /// Opens the journal at `path` for this author, or begins it.
    ///
    /// # Errors
    /// [`JournalError`], and nothing was changed but a torn tail cut off.
    pub fn open(
        path: &Path,
        author: Author,
        now: SystemTime,
    ) -> Result<OpenedJournal, JournalError> {
        let error = JournalError::at(path);
        let (mut file, is_made) = file::open(path).map_err(error)?;
        let replayed = replay::replay(&file, author.owner).map_err(error)?;
        let Replayed {
            history,
            whole,
            torn,
        } = replayed;
        let io = |why| error(JournalErrorKind::Io(why));
        if torn > 0 {
            file.set_len(whole).map_err(io)?;
        }
        if whole == 0 {
            file::keep_private(&file).map_err(io)?;
            let header = record::header(author.owner, now);
            file.write_all(&header).map_err(io)?;
        }
        if whole == 0 || torn > 0 {
            file.sync_data().map_err(io)?;
        }
        if is_made {
            file::sync_folder(path).map_err(io)?;
        }
        let writer = Writer::to(file).map_err(io)?;
        let journal = Self { author, writer };
        Ok(OpenedJournal {
            journal,
            history,
            torn,
        })
    }

    /// A request is about to leave. Unless this is `Ok`, it must not.
    pub fn write_intent(&mut self, batch: &Batch, at: SystemTime) -> io::Result<()> {
        let line = record::intent(&self.author, batch, at);
        self.writer.add(&line)
    }

    /// Members reached their outcome.
    ///
    /// After a record was lost nothing more is written, because it would be
    /// glued to what may stand there half; that kind has been told then.
    pub fn write_settled(&mut self, settled: &Settled) -> io::Result<()> {
        if self.writer.is_broken {
            return Ok(());
        }
        let line = record::settled(&self.author, settled);
        self.writer.add(&line)
    }

    /// Waits until all of it is on disk.
    pub fn finish(self) -> io::Result<()> {
        self.writer.sync.finish()
    }
}

/// What the journal at `path` knows, without changing, locking or making it:
/// for dry runs. Nothing, where there is no file.
pub fn read_history(path: &Path, owner: JournalOwner) -> Result<History, JournalError> {
    let error = JournalError::at(path);
    let Some(file) = file::open_for_reading(path).map_err(error)? else {
        return Ok(History::default());
    };
    let replayed = replay::replay(&file, owner).map_err(error)?;
    Ok(replayed.history)
}

/// Appends whole lines, each by one unbuffered write, until one is lost.
struct Writer {
    out: Box<dyn Write + Send>,
    sync: Syncer,
    is_broken: bool,
}

impl Writer {
    fn to(file: File) -> io::Result<Self> {
        let synced = file.try_clone()?;
        let sync = Syncer::start(sync::SYNC_INTERVAL, move || synced.sync_data())?;
        Ok(Self {
            out: Box::new(file),
            sync,
            is_broken: false,
        })
    }

    fn add(&mut self, line: &[u8]) -> io::Result<()> {
        if self.is_broken {
            return Err(io::Error::other("an earlier record was lost"));
        }
        let written = self.out.write_all(line);
        self.is_broken = written.is_err();
        // A disk that does not sync leaves no half line: outcomes of what is
        // under way are still written, and the error stops the job.
        written.and_then(|()| self.sync.request())
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let broken = if self.is_broken { ", broken" } else { "" };
        write!(f, "Writer({:?}{broken})", self.sync)
    }
}
