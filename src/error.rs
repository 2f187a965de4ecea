//! The error that ends a run before or instead of results: each kind has its
//! exit code, its text and its remedy. A job that ran to its end with refused
//! members is not an error but a tally.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::config;
use crate::exit::Exit;
use crate::job::journal::JournalError;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or the input; nothing was sent.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// The next thing to type.
        hint: Option<String>,
    },
    /// Settings and credentials; nothing was sent.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// Results could not be written.
    #[error("cannot write results")]
    Record(#[source] std::io::Error),
    /// The journal cannot be used; nothing was sent.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The audit cannot be opened; nothing was sent.
    #[error("cannot append to the audit {}", .0.display())]
    Audit(PathBuf, #[source] std::io::Error),
    /// The service did not tell what it was asked for.
    #[error("{message}")]
    Service {
        /// 1, 4 or 5.
        exit: Exit,
        /// What it said instead, or why it said nothing.
        message: String,
        /// The next things to type.
        hints: Vec<String>,
    },
    /// The system refused something that the command cannot do without;
    /// nothing was sent.
    #[error("{0}")]
    System(anyhow::Error),
}

impl Error {
    /// A mistake on the command line, with its remedy.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            Self::Config(error) => error.exit(),
            Self::Record(_) | Self::Journal(_) | Self::Audit(..) => Exit::Record,
            Self::Service { exit, .. } => *exit,
            Self::System(_) => Exit::Config,
        }
    }

    /// The next thing to type, a line each.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } => hint.clone(),
            Self::Config(error) => error.hint(),
            Self::Record(why) => Some(remedy(why).into()),
            Self::Journal(error) => Some(error.remedy()),
            Self::Audit(..) => Some("give --audit a file that can be written".into()),
            Self::Service { hints, .. } => (!hints.is_empty()).then(|| hints.join("\n")),
            Self::System(_) => None,
        }
    }

    /// What led to it, outermost first, without the error itself.
    pub fn causes(&self) -> Vec<String> {
        match self {
            Self::System(error) => error.chain().skip(1).map(ToString::to_string).collect(),
            Self::Record(error) | Self::Audit(_, error) => vec![error.to_string()],
            Self::Usage { .. } | Self::Config(_) | Self::Journal(_) | Self::Service { .. } => {
                Vec::new()
            }
        }
    }
}

/// What helps where something could not be written.
fn remedy(why: &std::io::Error) -> &'static str {
    match why.kind() {
        ErrorKind::NotFound
        | ErrorKind::PermissionDenied
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::ReadOnlyFilesystem => "name a place that can be written",
        _ => "free some space, or write somewhere else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_forbidden_place_have_each_their_remedy() {
        let hint = |kind: ErrorKind| Error::Record(kind.into()).hint().expect("a hint");
        assert!(hint(ErrorKind::StorageFull).starts_with("free some space"));
        for kind in [ErrorKind::NotFound, ErrorKind::PermissionDenied] {
            assert_eq!(hint(kind), "name a place that can be written");
        }
    }
}
