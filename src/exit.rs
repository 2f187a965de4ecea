//! Exit codes: the one table for scripts, README, manual and `--help`.

use std::process::ExitCode;

use crate::interrupt::Signal;

/// The exit code of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0
    Done,
    /// 1
    Refused,
    /// 2
    Usage,
    /// 3
    Config,
    /// 4
    Credentials,
    /// 5
    Unreachable,
    /// 6
    Partial,
    /// 7
    Record,
    /// 129, 130 or 143
    Interrupted(Signal),
    /// The exit code of the command that ran inside a sandbox.
    Command(u8),
}

impl Exit {
    /// Every exit of roomctl itself, in the order of the codes.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::Refused,
        Self::Usage,
        Self::Config,
        Self::Credentials,
        Self::Unreachable,
        Self::Partial,
        Self::Record,
        Self::Interrupted(Signal::Hup),
        Self::Interrupted(Signal::Int),
        Self::Interrupted(Signal::Term),
    ];

    /// The number for the shell.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Config => 3,
            Self::Credentials => 4,
            Self::Unreachable => 5,
            Self::Partial => 6,
            Self::Record => 7,
            Self::Interrupted(signal) => 128 + signal.number(),
            Self::Command(code) => code,
        }
    }

    /// The `kind` in JSON errors.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Usage => "usage",
            Self::Config => "config",
            Self::Credentials => "credentials",
            Self::Unreachable => "unreachable",
            Self::Partial => "partial",
            Self::Record => "record",
            Self::Interrupted(_) => "interrupted",
            Self::Command(_) => "command",
        }
    }

    /// One sentence, short enough for a table 80 columns wide.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "success for every member",
            Self::Refused => "the service refused; nobody is known to have been removed",
            Self::Usage => "wrong usage or input; nothing was sent",
            Self::Config => {
                "configuration or credentials missing, unreadable or unsafe; nothing sent"
            }
            Self::Credentials => "the service rejected the credentials or the region",
            Self::Unreachable => {
                "unreachable or failing after all retries; run it again for the rest"
            }
            Self::Partial => "partial: some removed, some not (or found in the room by --verify)",
            Self::Record => "journal locked, foreign or damaged, or a record could not be written",
            Self::Command(_) => "the exit code of the command that ran inside a sandbox",
            Self::Interrupted(Signal::Hup) => {
                "interrupted by SIGHUP after finishing what was in flight"
            }
            Self::Interrupted(Signal::Int) => {
                "interrupted by SIGINT after finishing what was in flight"
            }
            Self::Interrupted(Signal::Term) => {
                "interrupted by SIGTERM after finishing what was in flight"
            }
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_contract() {
        let codes = Exit::ALL.map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 129, 130, 143]);
        for exit in Exit::ALL.into_iter().chain([Exit::Command(42)]) {
            let of_process = format!("{:?}", ExitCode::from(exit));
            assert_eq!(of_process, format!("{:?}", ExitCode::from(exit.code())));
        }
    }

    #[test]
    fn every_exit_has_its_kind_in_json_and_its_meaning() {
        assert_eq!(
            Exit::ALL.map(Exit::kind)[..8],
            [
                "done",
                "refused",
                "usage",
                "config",
                "credentials",
                "unreachable",
                "partial",
                "record"
            ],
        );
        assert_eq!(Exit::Interrupted(Signal::Hup).kind(), "interrupted");
        assert_eq!(Exit::Command(1).kind(), "command");
        let mut meanings = Exit::ALL.map(Exit::meaning).to_vec();
        assert!(
            meanings.iter().all(|meaning| meaning.len() > 20),
            "{meanings:?}"
        );
        meanings.sort_unstable();
        meanings.dedup();
        assert_eq!(meanings.len(), Exit::ALL.len());
    }
}
