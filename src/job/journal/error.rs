//! Why a journal cannot be used. All of it is found before the first request.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem};
use crate::exit::Exit;

/// A journal that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("journal {}: {kind}", path.display())]
pub struct JournalError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: JournalErrorKind,
}

/// What is wrong with a journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalErrorKind {
    /// Two jobs on one journal would not know of each other's members.
    #[error("another process is using it")]
    Locked,
    /// Its members are those of another app.
    #[error("it belongs to the SDKAppID {theirs}, and this job to {ours}")]
    OtherApp {
        /// As the journal says.
        theirs: u32,
        /// As the settings say.
        ours: u32,
    },
    /// Nobody it calls settled was removed from the service's rooms.
    #[error("it is of a rehearsal on this machine, and this job is not")]
    RehearsalJournal,
    /// A rehearsal would have it say what is not so.
    #[error("it is of a job at the service, and this is a rehearsal on this machine")]
    ServiceJournal,
    /// A file of something else; it was left as it is.
    #[error("this is no journal of roomctl's")]
    NotAJournal,
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
    NotARegularFile,
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
    pub(super) fn at(path: &Path) -> impl Fn(JournalErrorKind) -> Self + Copy {
        |kind| Self {
            path: path.to_owned(),
            kind,
        }
    }

    /// The next thing to do.
    pub fn remedy(&self) -> String {
        match &self.kind {
            JournalErrorKind::Locked => {
                "wait for it, or give this job a --journal of its own".into()
            }
            JournalErrorKind::OtherApp { theirs, .. } => {
                format!("give another --journal, or the settings of {theirs}")
            }
            JournalErrorKind::RehearsalJournal => {
                "remove it, as it says nothing of the service's rooms, or give another --journal"
                    .into()
            }
            JournalErrorKind::ServiceJournal => "give the rehearsal a --journal of its own".into(),
            JournalErrorKind::NotAJournal | JournalErrorKind::NotARegularFile => {
                "give --journal another file".into()
            }
            JournalErrorKind::Version(_) => "use the roomctl that wrote it, or a newer one".into(),
            JournalErrorKind::Damaged { line: 1, .. } => {
                "restore it from a backup, or give another --journal; then everybody is asked again"
                    .into()
            }
            JournalErrorKind::Damaged { line, .. } => format!(
                "restore it from a backup, or keep it aside and continue with what stands \
                 before: head -n {} OLD > NEW; whoever was settled after that is asked again",
                line - 1
            ),
            JournalErrorKind::Io(_) => "give --journal a file that can be written".into(),
        }
    }
}
