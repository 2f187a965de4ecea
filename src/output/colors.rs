//! The few colours there are. They never carry a meaning alone: the word is
//! always there too.

use anstyle::{AnsiColor, Style};

use super::check::Status;
use crate::job::Outcome;

pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Green as asked, yellow not known or not needed, red not done.
pub(super) fn of(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Done | Outcome::Gone => AnsiColor::Green.on_default(),
        Outcome::Absent | Outcome::Unknown | Outcome::Unsent => AnsiColor::Yellow.on_default(),
        Outcome::Refused => AnsiColor::Red.on_default(),
    }
}

/// Green as it should be, yellow to be looked at, red in the way.
pub(super) fn of_status(status: Status) -> Style {
    match status {
        Status::Ok => AnsiColor::Green.on_default(),
        Status::Warn => AnsiColor::Yellow.on_default().bold(),
        Status::Fail(_) => AnsiColor::Red.on_default().bold(),
        Status::Skip => AnsiColor::BrightBlack.on_default(),
    }
}
