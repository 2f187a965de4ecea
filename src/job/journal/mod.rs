//! The journal: what a job did to which member, recorded so that the same command
//! continues after any end, `kill -9` included.
//!
//! JSON Lines, append-only, mode 0600, locked while in use. A member is found by
//! content (`SDKAppID`, action, room, user), never by line number: the list may
//! grow, shrink, be re-ordered or be batched otherwise. An *intent* is written
//! before a request is sent, the outcome after it. A member with an intent and no
//! outcome is *in doubt*.
//!
//! Each record carries the number of its line, and a checksum over that as well. A
//! changed byte, a line that is missing in the middle, doubled or out of order is
//! found. Whole lines that are missing at the very end cannot be noticed: their
//! members are processed again.
//!
//! It is a regular file, which this file opens, creates and locks. The other files,
//! bottom up:
//!
//! | file | subject |
//! |---|---|
//! | `error` | why a journal cannot be used, and the remedy |
//! | `record` | one line: its keys, its sequence number, its checksum |
//! | `history` | the status of each member |
//! | `replay` | from a file's bytes to its history; torn and damaged lines |
//! | `reader`, `unsettled` | what `roomctl journal` reads: every readable record, and the members that are not settled |
//! | `sync` | records to disk in groups, on a separate thread |

mod error;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzz;
mod history;
mod reader;
mod record;
mod replay;
mod sync;
mod unsettled;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod failure_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod refused_tests;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::SystemTime;

use super::batch::Batch;
use super::outcome::Settled;
use crate::room::Action;
pub use error::JournalError;
use error::JournalErrorKind;
pub use history::History;
pub(crate) use history::{EarlierBan, MemberStatus};
pub(crate) use reader::{Entry, FileKind, LIST_LINE, Origins, ReadError, Record, RecordReader};
pub use record::{Author, JournalScope, SandboxId};
use replay::Replayed;
use sync::Syncer;
pub(crate) use unsettled::{LatestRequest, Unsettled};

/// Only the owner may read and write: the file holds names.
const PRIVATE: u32 = 0o600;

/// A journal that was opened, and what was in it.
#[derive(Debug)]
pub struct OpenedJournal {
    /// For the records of this run.
    pub journal: Journal,
    /// From earlier runs. Not needed once the plan has been made.
    pub history: History,
    /// Bytes of a record that an earlier run did not finish. They are cut off.
    pub torn_bytes: u64,
}

/// Appends records, each as one unbuffered write. Holds the journal's lock until
/// it is dropped.
pub struct Journal {
    author: Author,
    out: Box<dyn Write + Send>,
    /// In the file, those of earlier runs included.
    records: u64,
    sync: Syncer,
    /// A record was lost, and half of it may be in the file.
    is_broken: bool,
}

impl Journal {
    /// Opens the journal at `path` for this author, or creates it.
    ///
    /// # Errors
    /// A [`JournalError`]. The file is then unchanged, but for a torn last line.
    pub fn open(
        path: &Path,
        author: Author,
        now: SystemTime,
    ) -> Result<OpenedJournal, JournalError> {
        let error = JournalError::at(path);
        let (mut file, is_created) = open_locked(path).map_err(error)?;
        let Replayed {
            history,
            whole,
            mut records,
            torn_bytes,
        } = replay::replay(&file, author.scope, now).map_err(error)?;
        let io = |why| error(JournalErrorKind::Io(why));
        if torn_bytes > 0 {
            file.set_len(whole).map_err(io)?;
        }
        if whole == 0 {
            let header = record::header(author.scope, now);
            write_header(&mut file, &header).map_err(|why| {
                if is_created {
                    // On a full disk an empty file is left, which helps nobody.
                    let _ = fs::remove_file(path);
                }
                io(why)
            })?;
            records = 1;
        } else if torn_bytes > 0 {
            file.sync_data().map_err(io)?;
        }
        if is_created {
            sync_folder(path).map_err(io)?;
        }
        let synced = file.try_clone().map_err(io)?;
        let sync = Syncer::start(sync::SYNC_INTERVAL, move || synced.sync_data());
        let journal = Self {
            author,
            out: Box::new(file),
            records,
            sync: sync.map_err(io)?,
            is_broken: false,
        };
        Ok(OpenedJournal {
            journal,
            history,
            torn_bytes,
        })
    }

    /// Writes the intent before a request. On an error the request must not be
    /// sent, and the journal has no intent: nobody is in doubt because of it.
    pub fn write_intent(&mut self, batch: &Batch, at: SystemTime) -> io::Result<()> {
        self.sync.check()?;
        let line = record::intent(self.records + 1, &self.author, batch, at);
        self.append(&line)
    }

    /// Writes the outcome of members. After a lost record it writes nothing and
    /// succeeds, because that error has been reported already.
    pub fn write_settled(&mut self, settled: &Settled) -> io::Result<()> {
        if self.is_broken {
            return Ok(());
        }
        let line = record::settled(self.records + 1, &self.author, settled);
        // After a failed sync the outcomes of requests in flight are still written, and
        // the error stops the job.
        self.append(&line).and_then(|()| self.sync.check())
    }

    /// Waits until all of it is on disk.
    pub fn finish(self) -> io::Result<()> {
        self.sync.finish()
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.is_broken {
            return Err(io::Error::other("an earlier record was lost"));
        }
        let written = self.out.write_all(line);
        self.is_broken = written.is_err();
        self.records += 1;
        written.map(|()| self.sync.request())
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("author", &self.author)
            .field("is_broken", &self.is_broken)
            .finish_non_exhaustive()
    }
}

/// What the journal at `path` knows, for a dry run: nothing is changed, locked or
/// created. Empty where there is no file.
pub fn read_history(
    path: &Path,
    scope: JournalScope,
    now: SystemTime,
) -> Result<History, JournalError> {
    let error = JournalError::at(path);
    let Some(file) = open_for_reading(path).map_err(error)? else {
        return Ok(History::default());
    };
    let replayed = replay::replay(&file, scope, now).map_err(error)?;
    Ok(replayed.history)
}

/// Room and user of each member that is in doubt for this action, the oldest request
/// first. The journal was read without an error before; if it cannot be read again, that
/// is an error, because the members that are not found would leave the plan of `--all`.
pub(crate) fn members_in_doubt(
    path: &Path,
    action: Action,
) -> Result<Vec<(String, String)>, JournalError> {
    let error = JournalError::at(path);
    let file = open_for_reading(path).map_err(error)?;
    let file = file.ok_or_else(|| error(JournalErrorKind::Io(ErrorKind::NotFound.into())))?;
    let unsettled = read_unsettled(file).map_err(|why| {
        error(match why {
            ReadError::OtherFile => JournalErrorKind::NotAJournal,
            ReadError::Version(version) => JournalErrorKind::Version(version),
            ReadError::Io(why) => JournalErrorKind::Io(why),
        })
    })?;
    let requests = unsettled.in_doubt().into_iter();
    let requests = requests.filter(|(request, _)| request.action == action);
    let members = requests.flat_map(|(request, users)| {
        let member = |user: &str| (request.room.to_string(), user.to_owned());
        users.into_iter().map(member)
    });
    Ok(members.collect())
}

fn read_unsettled(input: impl Read) -> Result<Unsettled<()>, ReadError> {
    let mut unsettled = Unsettled::default();
    let mut reader = RecordReader::new(input);
    loop {
        match reader.next()? {
            Entry::Intent(record) => unsettled.add_intent(&record),
            Entry::Outcome(record, outcome) => {
                for user in &record.members {
                    unsettled.add_outcome(&record, user, outcome, None);
                }
            }
            Entry::Nothing => {}
            Entry::Torn(_) | Entry::End => return Ok(unsettled),
        }
    }
}

/// Opens and locks the file. Returns whether it was created just now. The system
/// releases the lock when the file is closed, also when the process is killed.
fn open_locked(path: &Path) -> Result<(File, bool), JournalErrorKind> {
    check_regular_file(path)?;
    let mut options = OpenOptions::new();
    options.read(true).append(true).mode(PRIVATE);
    let (file, is_made) = match options.clone().create_new(true).open(path) {
        Ok(file) => (file, true),
        Err(why) if why.kind() == ErrorKind::AlreadyExists => {
            // `create` is for a link whose target does not exist yet.
            (options.create(true).open(path)?, false)
        }
        Err(why) => return Err(why.into()),
    };
    match file.try_lock() {
        Ok(()) => Ok((file, is_made)),
        Err(TryLockError::WouldBlock) => Err(JournalErrorKind::Locked),
        Err(TryLockError::Error(why)) => Err(JournalErrorKind::NoLocks(why)),
    }
}

/// The file, if there is one, without its lock.
fn open_for_reading(path: &Path) -> Result<Option<File>, JournalErrorKind> {
    check_regular_file(path)?;
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why.into()),
    }
}

fn write_header(file: &mut File, header: &[u8]) -> io::Result<()> {
    keep_private(file)?;
    file.write_all(header)?;
    file.sync_data()
}

/// Makes an empty file that another program created private before its first
/// byte.
fn keep_private(file: &File) -> io::Result<()> {
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & !PRIVATE == 0 {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(PRIVATE))
}

/// Syncs the folder, so that the new file's name survives a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(folder.unwrap_or(Path::new(".")));
    // Some file systems refuse this. A lost name costs only repeated requests.
    folder.and_then(|folder| folder.sync_all()).or(Ok(()))
}

/// Checked before the file is opened: opening a pipe may wait for its other end.
fn check_regular_file(path: &Path) -> Result<(), JournalErrorKind> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => Err(JournalErrorKind::NotARegularFile),
        _ => Ok(()),
    }
}
