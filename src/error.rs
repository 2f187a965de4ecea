//! The reasons why a command ends without results: one or several problems, each
//! with its exit code, its text and its remedy. A job that ran to its end with
//! refused members is not an error but a tally.
//!
//! Flags, settings, rows and the service are all reported in this one form.
//! A layer with an error enum of its own converts it to a [`Problem`].
//!
//! No text here may carry a secret. Messages are composed of names, places and
//! reasons; what users typed goes through `crate::secret::scrub` first.

mod rows;

use std::fmt;
use std::fmt::Display;
use std::io::ErrorKind;

use crate::exit::Exit;
pub(crate) use rows::grouped;
use rows::{MAX_ROW_LINES, RowKind};

/// One thing that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The exit code, if this is the only problem.
    pub exit: Exit,
    /// Which flag, setting or row, where it came from, what is wrong with it.
    pub message: String,
    /// What led to it, outermost first.
    pub causes: Vec<String>,
    /// The next thing to type or to do; a line each.
    pub hint: String,
    /// A flag is missing. What was typed can stay as it is.
    pub is_missing: bool,
}

impl Problem {
    /// A problem without causes.
    pub(crate) fn new(exit: Exit, message: impl Display, hint: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.to_string(),
            causes: Vec::new(),
            hint: hint.into(),
            is_missing: false,
        }
    }

    /// Something on the command line or in a list: exit 2.
    pub(crate) fn usage(message: impl Display, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message, hint)
    }

    /// A flag that the command needs and that is not given: exit 2.
    pub(crate) fn missing(message: impl Display, hint: impl Into<String>) -> Self {
        Self {
            is_missing: true,
            ..Self::usage(message, hint)
        }
    }

    /// Something in the environment, in a profile, or missing: exit 3.
    pub(crate) fn config(message: impl Display, hint: impl Into<String>) -> Self {
        Self::new(Exit::Config, message, hint)
    }

    /// The same with the cause that the system or a library named.
    pub(crate) fn caused_by(mut self, cause: impl Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }
}

/// Why a command did not do its work: at least one problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    problems: Vec<Problem>,
    /// All problems, also those that are counted and not kept.
    total: usize,
    /// Problems with rows that no line mentions.
    more_rows: usize,
}

impl Error {
    /// A mistake on the command line: exit 2.
    pub(crate) fn usage(message: impl Display, hint: impl Into<String>) -> Self {
        Problem::usage(message, hint).into()
    }

    /// Stdout could not be written: exit 7.
    pub(crate) fn stdout(why: &std::io::Error) -> Self {
        let message = format!("cannot write results to stdout: {why}");
        Problem::new(Exit::Record, message, remedy_of_write(why)).into()
    }

    /// A file could not be written: exit 7. The error names the flag and the file.
    pub(crate) fn not_written(why: &std::io::Error) -> Self {
        Problem::new(Exit::Record, why, remedy_of_write(why)).into()
    }

    /// The service did not give what it was asked for: exit 1, 4 or 5.
    pub(crate) fn service(exit: Exit, message: impl Display, hints: &[String]) -> Self {
        let hint = if hints.is_empty() {
            "run it again; if the error stays, give the message to the service's support".into()
        } else {
            hints.join("\n")
        };
        Problem::new(exit, message, hint).into()
    }

    /// Exit 2 when anything on the command line is wrong, because the user must
    /// edit that line anyway; else the first problem's.
    pub fn exit(&self) -> Exit {
        let is_usage = |problem: &Problem| problem.exit == Exit::Usage;
        if self.problems.iter().any(is_usage) {
            return Exit::Usage;
        }
        self.problems
            .first()
            .map_or(Exit::Config, |first| first.exit)
    }

    /// What to do next: the lines of every hint, none of them twice.
    pub fn hint(&self) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for line in self
            .problems
            .iter()
            .flat_map(|problem| problem.hint.lines())
        {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.join("\n")
    }

    /// What led to it, outermost first. With several problems each line names
    /// its own cause already.
    pub fn causes(&self) -> &[String] {
        match self.problems.as_slice() {
            [only] => &only.causes,
            _ => &[],
        }
    }

    /// The same error with its texts changed by `edit`.
    pub(crate) fn map_text(mut self, edit: impl Fn(&str) -> String) -> Self {
        for problem in &mut self.problems {
            problem.message = edit(&problem.message);
            problem.hint = edit(&problem.hint);
        }
        self
    }

    /// The same error, whose messages begin with `what`.
    pub(crate) fn about(mut self, what: &str) -> Self {
        for problem in &mut self.problems {
            problem.message = format!("{what}: {}", problem.message);
        }
        self
    }

    /// The same error with one more line at the end of its hints.
    pub(crate) fn with_hint(mut self, line: &str) -> Self {
        if let Some(last) = self.problems.last_mut() {
            last.hint = format!("{}\n{line}", last.hint);
        }
        self
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let ([problem], 0) = (self.problems.as_slice(), self.more_rows) {
            return f.write_str(&problem.message);
        }
        write!(f, "{} problems", self.total)?;
        for problem in &self.problems {
            write!(f, "\n{}", problem.message)?;
            for cause in &problem.causes {
                write!(f, ": {cause}")?;
            }
        }
        if self.more_rows > 0 {
            write!(
                f,
                "\nand {} more problems with rows",
                grouped(self.more_rows)
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
            total: 1,
            more_rows: 0,
        }
    }
}

/// The system refused something that the command cannot do without; nothing was
/// sent: exit 3.
impl From<anyhow::Error> for Error {
    fn from(why: anyhow::Error) -> Self {
        let hint = "check the limits of this machine (ulimit -a), then run it again";
        let mut problem = Problem::config(&why, hint);
        problem.causes = why.chain().skip(1).map(ToString::to_string).collect();
        problem.into()
    }
}

/// Collects problems, so that one run reports all of them. If there is one,
/// nothing is sent.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// Of flags, settings and files.
    general: Vec<Problem>,
    kinds: Vec<RowKind>,
    /// Problems with rows, all of them.
    rows: usize,
}

impl Problems {
    /// Adds a problem.
    pub(crate) fn push(&mut self, problem: Problem) {
        self.general.push(problem);
    }

    /// Adds a problem with a row of a list. Rows of the same `kind` are reported
    /// together, so a million bad rows cost no memory.
    pub(crate) fn push_row(
        &mut self,
        list: &str,
        line: u64,
        kind: &str,
        problem: impl FnOnce() -> Problem,
    ) {
        let position = self.rows;
        self.rows += 1;
        let known = self.kinds.iter_mut();
        let mut known = known.filter(|known| known.list == list && known.kind == kind);
        if let Some(known) = known.next() {
            known.add(position, line, problem);
        } else if self.kinds.len() < MAX_ROW_LINES {
            self.kinds.push(RowKind {
                list: list.to_owned(),
                kind: kind.to_owned(),
                first: vec![(position, line, problem())],
                count: 1,
                rows: 1,
                last_line: line,
                named: Vec::new(),
            });
        }
    }

    /// The value. None after an error, whose problems are added.
    pub(crate) fn ok_or_collect<T>(&mut self, result: Result<T, impl Into<Error>>) -> Option<T> {
        result
            .map_err(|error| self.general.extend(error.into().problems))
            .ok()
    }

    /// The value. Its error is added to the problems found so far, and all are
    /// returned, because nothing after it can be checked.
    pub(crate) fn require<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| {
            self.general.extend(error.problems);
            std::mem::take(self).into_error()
        })
    }

    /// Whether a problem has this hint.
    pub(crate) fn has_hint(&self, hint: &str) -> bool {
        self.examples().any(|problem| problem.hint == hint)
    }

    /// Whether flags are only missing, so that what was typed can stay as it is.
    pub(crate) fn only_missing(&self) -> bool {
        let is_typed = |problem: &Problem| problem.exit == Exit::Usage && !problem.is_missing;
        !self.examples().any(is_typed)
    }

    /// All problems, but of equal ones with rows only the first.
    fn examples(&self) -> impl Iterator<Item = &Problem> {
        let of_rows = self.kinds.iter().flat_map(|kind| &kind.first);
        let of_rows = of_rows.map(|(_, _, problem)| problem);
        self.general.iter().chain(of_rows)
    }

    /// Keeps these problems; those with rows stay.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&Problem) -> bool) {
        self.general.retain(is_kept);
    }

    /// Puts the problems of a line, found by its parser, before all others.
    pub(crate) fn put_first(&mut self, first: Vec<Problem>) {
        self.general.splice(0..0, first);
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.general.is_empty() && self.kinds.is_empty()
    }

    /// All problems as one error, if there is any.
    pub(crate) fn into_result(self) -> Result<(), Error> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.into_error())
        }
    }

    fn into_error(mut self) -> Error {
        // Two readers of a value find the same.
        for at in (1..self.general.len()).rev() {
            if self.general[..at].contains(&self.general[at]) {
                self.general.remove(at);
            }
        }
        let total = self.general.len() + self.rows;
        let mut lines: Vec<_> = self
            .kinds
            .into_iter()
            .flat_map(RowKind::into_lines)
            .collect();
        lines.sort_by_key(|line| line.position);
        lines.truncate(MAX_ROW_LINES);
        let mentioned: usize = lines.iter().map(|line| line.count).sum();
        let mut problems = self.general;
        problems.extend(lines.into_iter().map(|line| line.problem));
        Error {
            problems,
            total,
            more_rows: self.rows - mentioned,
        }
    }
}

/// Whether a disk, a quota or the limit of a file's length is used up.
pub(crate) fn is_no_space(kind: ErrorKind) -> bool {
    use ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(kind, StorageFull | QuotaExceeded | FileTooLarge)
}

/// The remedy if something cannot be written.
pub(crate) fn remedy_of_write(why: &std::io::Error) -> &'static str {
    match why.kind() {
        ErrorKind::NotFound
        | ErrorKind::PermissionDenied
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::ReadOnlyFilesystem => "name a place that can be written",
        // A pipe without a reader.
        ErrorKind::NotConnected => "start the program that reads the pipe first, or name a file",
        kind if is_no_space(kind) => "free some space, or write somewhere else",
        _ => "write somewhere else",
    }
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
