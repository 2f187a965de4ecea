//! Why a journal cannot be used. All of it is found before the first request.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem};
use crate::exit::Exit;

/// A journal that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("journal {}: {trouble}", path.display())]
pub struct JournalError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub trouble: Trouble,
}

/// What is wrong with a journal.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Two jobs on one journal would not know of each other's members.
    #[error("another process is using it")]
    Locked,
    /// Its members are those of another app.
    #[error("it belongs to the SDKAppID {theirs}, and this job to {ours}")]
    Foreign {
        /// As the journal says.
        theirs: u32,
        /// As the settings say.
        ours: u32,
    },
    /// Nobody it calls settled was removed from the service's rooms.
    #[error("it is of a rehearsal on this machine, and this job is not")]
    OfRehearsal,
    /// A rehearsal would have it say what is not so.
    #[error("it is of a job at the service, and this is a rehearsal on this machine")]
    OfService,
    /// A file of something else; it was left as it is.
    #[error("this is no journal of roomctl's")]
    NoJournal,
    /// Made by a roomctl that knows more.
    #[error("it is of version {0}, and this roomctl knows version 1")]
    Version(u32),
    /// Not the torn end of an interrupted write, but damage.
    #[error("line {line} is damaged: {why}")]
    Damaged {
        /// Counted from 1.
        line: u64,
        /// What does not fit.
        why: &'static str,
    },
    /// A folder, a pipe, a device.
    #[error("this is no regular file")]
    NoFile,
    /// The system refused.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        Problem::new(Exit::Record, &error, error.remedy()).into()
    }
}

impl JournalError {
    /// Errors about this file.
    pub(super) fn at(path: &Path) -> impl Fn(Trouble) -> Self + Copy {
        |trouble| Self {
            path: path.to_owned(),
            trouble,
        }
    }

    /// The next thing to do.
    pub fn remedy(&self) -> String {
        match &self.trouble {
            Trouble::Locked => "wait for it, or give this job a --journal of its own".into(),
            Trouble::Foreign { theirs, .. } => {
                format!("give another --journal, or the settings of {theirs}")
            }
            Trouble::OfRehearsal => {
                "remove it, as it says nothing of the service's rooms, or give another --journal"
                    .into()
            }
            Trouble::OfService => "give the rehearsal a --journal of its own".into(),
            Trouble::NoJournal | Trouble::NoFile => "give --journal another file".into(),
            Trouble::Version(_) => "use the roomctl that wrote it, or a newer one".into(),
            Trouble::Damaged { line: 1, .. } => {
                "restore it from a backup, or give another --journal; then everybody is asked again"
                    .into()
            }
            Trouble::Damaged { line, .. } => format!(
                "restore it from a backup, or keep it aside and continue with what stands \
                 before: head -n {} OLD > NEW; whoever was settled after that is asked again",
                line - 1
            ),
            Trouble::Io(_) => "give --journal a file that can be written".into(),
        }
    }
}
