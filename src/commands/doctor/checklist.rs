//! The checks so far. Each is printed as soon as it is known, so that the screen
//! is not blank while a server does not answer. At the end there is the exit code
//! and a note or an error.

use crate::config::Format;
use crate::error::{Error, Problem};
use crate::exit::Exit;
use crate::output::{Check, Status};
use crate::streams::OutputStyle;

/// If several checks failed, the first of these is the exit code. A problem on
/// this machine comes first, because it can be fixed here: settings, then the audit, as
/// in a kick. A rejection comes before an unreachable service, because retrying does
/// not help.
const EXIT_ORDER: [Exit; 4] = [
    Exit::Config,
    Exit::Record,
    Exit::Credentials,
    Exit::Unreachable,
];

/// The remedy of a failure that has no other.
pub(super) const RUN_AGAIN: &str =
    "run roomctl doctor again; a failure that comes and goes is retried by kick";

/// The first check: the configuration file, and the values of a job in it.
pub(super) const CONFIG: &str = "config";

/// A check that failed with this problem.
pub(super) fn failed_with(name: &'static str, problem: &Problem) -> Check {
    let causes = problem.causes.iter().map(|cause| format!(": {cause}"));
    let message = format!("{}{}", problem.message, causes.collect::<String>());
    let check = Check::new(name, Status::Fail(problem.exit), message);
    check.with_remedy(problem.hint.clone())
}

/// The checks so far.
#[derive(Debug)]
pub(super) struct CheckList {
    style: OutputStyle,
    /// False when the reader of stdout has closed it.
    has_reader: bool,
    checks: Vec<Check>,
}

impl CheckList {
    pub(super) fn new(style: OutputStyle) -> Self {
        Self {
            style,
            has_reader: true,
            checks: Vec::new(),
        }
    }

    /// Prints and keeps a check. It goes on when the reader of stdout has closed it,
    /// because the exit code is still of use.
    pub(super) fn add(&mut self, check: Check) -> Result<(), Error> {
        if self.has_reader {
            let text = check.to_text(self.style.format);
            self.has_reader = self.style.print_page(&text)?;
        }
        self.checks.push(check);
        Ok(())
    }

    /// Whether no check has failed that a call to the service needs. The values of a
    /// job, in the check of the configuration, are for a kick alone.
    pub(super) fn is_ready_to_call(&self) -> bool {
        self.needed_for_call().is_empty()
    }

    /// The failed checks that a call to the service needs.
    pub(super) fn needed_for_call(&self) -> Vec<&'static str> {
        let mut failed = self.failed();
        failed.retain(|name| *name != CONFIG);
        failed
    }

    /// Adds a skipped check if any of the checks that it needs has failed.
    /// Returns whether it did.
    pub(super) fn skip_if_failed(
        &mut self,
        name: &'static str,
        needs: &[&str],
    ) -> Result<bool, Error> {
        let mut failed = self.failed();
        failed.retain(|name| needs.contains(name));
        if failed.is_empty() {
            return Ok(false);
        }
        let why = format!("needs {}", failed.join(", "));
        self.add(Check::new(name, Status::Skip, why))?;
        Ok(true)
    }

    /// The names of the failed checks.
    pub(super) fn failed(&self) -> Vec<&'static str> {
        self.names(|status| matches!(status, Status::Fail(_)))
    }

    /// Reports on stderr whether roomctl is ready to kick.
    pub(super) fn finish(self) -> Exit {
        let mut notes = self.style.notes();
        let first = EXIT_ORDER.into_iter().find_map(|exit| {
            let mut checks = self.checks.iter();
            let failed = checks.find(|check| check.status == Status::Fail(exit));
            failed.map(|check| (exit, check))
        });
        let Some((exit, check)) = first else {
            // A script has the exit code.
            if self.style.format == Format::Text {
                notes.info(&self.ready());
            }
            return Exit::Done;
        };
        let message = format!("not ready to kick: {} failed", self.failed().join(", "));
        let hint = check.remedy.clone().unwrap_or_default();
        notes.error(&Problem::new(exit, message, hint).into());
        exit
    }

    fn ready(&self) -> String {
        match self.names(|status| status == Status::Warn).as_slice() {
            [] => "ready to kick".into(),
            names => format!("ready to kick; warnings: {}", names.join(", ")),
        }
    }

    fn names(&self, matches: impl Fn(Status) -> bool) -> Vec<&'static str> {
        let checks = self.checks.iter().filter(|check| matches(check.status));
        checks.map(|check| check.name).collect()
    }
}
