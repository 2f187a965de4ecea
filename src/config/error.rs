//! What is wrong with the settings: all of it at once, each with its remedy.
//!
//! No text here carries any part of a secret: messages are composed of names,
//! places and reasons, and what users typed goes through `scrub` first.

use std::fmt;

use crate::exit::Exit;

/// Everything that keeps the settings from being used; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// [`Exit::Usage`] for what stands on the command line, else [`Exit::Config`].
    pub(super) exit: Exit,
    /// Which setting, where it came from, what is wrong with it.
    pub(super) message: String,
    /// The next thing to type.
    pub(super) hint: Option<String>,
}

impl Problem {
    /// Something on the command line: exit 2.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Something in the environment, in a file, or missing: exit 3.
    pub(super) fn config(message: impl Into<String>) -> Self {
        Self::new(Exit::Config, message)
    }

    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

impl Error {
    /// Exit 2 when anything on the command line is wrong: the user must edit
    /// that line anyway. Exit 3 else.
    pub fn exit(&self) -> Exit {
        let usage = self.problems.iter().any(|p| p.exit == Exit::Usage);
        if usage { Exit::Usage } else { Exit::Config }
    }

    /// What to do next: the remedies' lines, none of them twice.
    pub fn hint(&self) -> Option<String> {
        let hints = self.problems.iter().filter_map(|p| p.hint.as_deref());
        let mut lines: Vec<&str> = Vec::new();
        for line in hints.flat_map(str::lines) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = self.problems.as_slice() {
            return f.write_str(&problem.message);
        }
        write!(f, "{} problems with the settings", self.problems.len())?;
        for problem in &self.problems {
            write!(f, "\n  {}", problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<Error> for crate::error::Error {
    fn from(error: Error) -> Self {
        let mut problems = crate::error::Problems::default();
        for Problem {
            exit,
            message,
            hint,
        } in error.problems
        {
            let hint = hint.unwrap_or_default();
            problems.push(crate::error::Problem::new(exit, message, hint));
        }
        problems
            .into_result()
            .expect_err("an error has at least one problem")
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

/// Gathers problems so that they are reported together.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// The value, or its problem kept for later.
    pub(super) fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.push(problem)).ok()
    }

    /// As [`Problems::keep`], for what may have several problems of its own.
    pub(super) fn absorb<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.0.extend(error.problems)).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them as one error, if there is any.
    pub(super) fn into_result(self) -> Result<(), Error> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Error { problems: self.0 })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Error {
        let mut problems = Problems::default();
        problems.push(Problem::config("the SDKAppID is missing").hint("give it"));
        problems.push(Problem::usage("--timeout: is zero").hint("give it"));
        problems.into_result().expect_err("two problems")
    }

    #[test]
    fn several_problems_are_listed_and_hints_not_repeated() {
        assert_eq!(
            both().to_string(),
            "2 problems with the settings\n  the SDKAppID is missing\n  --timeout: is zero"
        );
        assert_eq!(both().hint().as_deref(), Some("give it"));
    }

    #[test]
    fn a_wrong_command_line_is_exit_2_whatever_else_is_wrong() {
        assert_eq!(both().exit(), Exit::Usage);
        assert_eq!(Error::from(Problem::config("x")).exit(), Exit::Config);
    }
}
