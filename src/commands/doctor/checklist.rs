//! The checks so far: each is shown as soon as it is there, lest a dead server
//! leave a blank screen; at the end the exit code and the closing words.

use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};
use crate::streams::OutputStyle;

/// Of several the first counts: what is wrong here can be mended here, and what
/// the service rejects is not a matter of trying again.
const EXIT_ORDER: [Exit; 3] = [Exit::Config, Exit::Credentials, Exit::Unreachable];

/// What was found out.
#[derive(Debug)]
pub(super) struct CheckList {
    style: OutputStyle,
    has_reader: bool,
    checks: Vec<Check>,
}

impl CheckList {
    /// Nothing yet.
    pub(super) fn new(style: OutputStyle) -> Self {
        Self {
            style,
            has_reader: true,
            checks: Vec::new(),
        }
    }

    /// Shows and keeps it. A reader who has left is no reason to stop: the exit
    /// code is still to tell how things are.
    pub(super) fn add(&mut self, check: Check) -> Result<(), Error> {
        if self.has_reader {
            let text = check.shown(self.style.format);
            self.has_reader = self.style.print_page(&text)?;
        }
        self.checks.push(check);
        Ok(())
    }

    /// What is broken.
    pub(super) fn failed(&self) -> Vec<&'static str> {
        let failed = self.checks.iter().filter(|check| is_failed(check));
        failed.map(|check| check.name).collect()
    }

    /// A skipped check, if any of the links that it hangs on is broken.
    pub(super) fn skip_if_failed(&self, name: &'static str, needs: &[&str]) -> Option<Check> {
        let failed = self.failed();
        let broken: Vec<_> = failed.into_iter().filter(|at| needs.contains(at)).collect();
        let why = format!("needs {}", broken.join(", "));
        (!broken.is_empty()).then(|| Check::new(name, Status::Skip, why))
    }

    /// Says how it stands, on stderr.
    pub(super) fn end(self) -> Exit {
        let mut notes = self.style.notes();
        let exits = |exit: &Exit| {
            self.checks
                .iter()
                .any(|at| at.status == Status::Fail(*exit))
        };
        let Some(exit) = EXIT_ORDER.into_iter().find(exits) else {
            // To a script the exit code says it.
            if self.style.format == Format::Text {
                notes.info(&self.ready());
            }
            return Exit::Done;
        };
        let message = format!("not ready to kick: {} failed", self.failed().join(", "));
        let first = self
            .checks
            .iter()
            .find(|at| at.status == Status::Fail(exit));
        let hint = first.and_then(|check| check.remedy.as_deref());
        notes.error(exit, &message, &[], hint);
        exit
    }

    fn ready(&self) -> String {
        let marked = self.checks.iter().filter(|at| at.status == Status::Warn);
        let names: Vec<_> = marked.map(|check| check.name).collect();
        match names.as_slice() {
            [] => "ready to kick".into(),
            names => format!("ready to kick; look at {}", names.join(", ")),
        }
    }
}

fn is_failed(check: &Check) -> bool {
    matches!(check.status, Status::Fail(_))
}
