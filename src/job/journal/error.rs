//! Why a journal cannot be used. All of it is found before the first request.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem, is_no_space};
use crate::exit::Exit;
use crate::file_name::{display_path, shell_quoted};

/// A journal that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("journal {}: {kind}", display_path(path))]
pub struct JournalError {
    path: PathBuf,
    pub(super) kind: JournalErrorKind,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum JournalErrorKind {
    /// Two jobs on one journal would not know of each other's members.
    #[error("another process is using it")]
    Locked,
    #[error("it belongs to SDKAppID {theirs}, but this job uses {ours}")]
    OtherApp {
        /// In the journal.
        theirs: u32,
        /// In the settings.
        ours: u32,
    },
    /// The members that it counts as settled were not removed from the service's
    /// rooms.
    #[error("it records a rehearsal on this machine, but this job uses the service")]
    RehearsalJournal,
    /// The members that it counts as settled are still in the sandbox's rooms.
    #[error("it records a job at the service, but this job is a rehearsal on this machine")]
    ServiceJournal,
    /// The members that it counts as settled are still in this sandbox's rooms.
    #[error("it records a rehearsal in another sandbox")]
    OtherSandbox,
    #[error("not a roomctl journal")]
    NotAJournal,
    #[error("it has version {0}, but this roomctl reads only version 1")]
    Version(u32),
    /// Damage that an interrupted write cannot have caused.
    #[error("line {line} is damaged: {why}")]
    Damaged {
        /// Counted from 1.
        line: u64,
        why: String,
    },
    /// White space that no record has, at the end of a line or as a line.
    #[error("line {line} is damaged: it {what}, because an editor or a copy as text changed it")]
    Edited {
        /// Counted from 1.
        line: u64,
        what: &'static str,
    },
    /// A folder, a pipe, a device.
    #[error("not a regular file")]
    NotARegularFile,
    /// Two jobs on one journal could not notice each other.
    #[error("its file system cannot lock it: {0}")]
    NoLocks(io::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl JournalError {
    /// Errors about this file.
    pub(super) fn at(path: &Path) -> impl Fn(JournalErrorKind) -> Self + Copy {
        |kind| Self {
            path: path.to_owned(),
            kind,
        }
    }

    fn remedy(&self) -> String {
        use JournalErrorKind as Kind;
        match &self.kind {
            Kind::Locked => "wait until that process ends, or use another --journal".into(),
            Kind::OtherApp { theirs, .. } => {
                format!("use another --journal, or the settings of SDKAppID {theirs}")
            }
            Kind::RehearsalJournal => {
                "remove the file, as it holds nothing about the service's rooms, or use another \
                 --journal"
                    .into()
            }
            Kind::ServiceJournal => "use another --journal for the rehearsal".into(),
            Kind::OtherSandbox => {
                "use a new file for --journal: the rooms of each sandbox are new, and so are those \
                 of each run with --sandbox"
                    .into()
            }
            Kind::NotAJournal | Kind::NotARegularFile => "use another file for --journal".into(),
            Kind::Version(_) => "use the roomctl that wrote it, or a newer one".into(),
            Kind::Damaged { line: 1, .. } => {
                "restore it from a backup, or use another --journal: every member is then \
                 processed again"
                    .into()
            }
            Kind::Damaged { line, .. } => format!(
                "restore it from a backup, or continue with the lines before the damage: \
                 head -n {} OLD > NEW; members settled after them are processed again",
                line - 1
            ),
            Kind::Edited { .. } => {
                let old = shell_quoted(&self.path);
                format!(
                    "sed -e 's/[[:space:]]*$//' -e '/./!d' {old} > NEW undoes that: use --journal \
                     NEW"
                )
            }
            Kind::NoLocks(_) => {
                "use a --journal on a local disk; network file systems need a lock service".into()
            }
            Kind::Io(why) if is_no_space(why.kind()) => {
                "free some space, or use a --journal on another disk".into()
            }
            Kind::Io(_) => "use a file for --journal that can be written".into(),
        }
    }
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        Problem::new(Exit::Record, &error, error.remedy()).into()
    }
}
