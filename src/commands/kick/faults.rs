//! What is wrong with flags and lists, collected: everything is found before
//! anything is reported, and nothing is sent while there is one.

use std::fmt::Display;

use crate::error::Error;

/// Most rows that are told one by one.
pub(super) const MOST_ROWS: usize = 20;

/// The faults so far; a million bad rows cost no more than twenty.
#[derive(Debug, Default)]
pub(super) struct Faults {
    shown: Vec<String>,
    rows: usize,
    hints: Vec<String>,
}

impl Faults {
    /// One more.
    pub(super) fn push(&mut self, fault: impl Display) {
        self.shown.push(fault.to_string());
    }

    /// What `get` gives; its error only where nothing is at fault so far, as the
    /// command line must be mended anyway.
    pub(super) fn or_collect<T>(
        &mut self,
        get: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        get(self).or_else(|error| std::mem::take(self).into_result().and(Err(error)))
    }

    /// One more row of a list.
    pub(super) fn push_row(&mut self, fault: impl Display) {
        if self.rows < MOST_ROWS {
            self.push(fault);
        }
        self.rows += 1;
    }

    /// One more, and what to do about its kind.
    pub(super) fn push_with(&mut self, fault: impl Display, hint: &str) {
        self.push(fault);
        self.hint(hint);
    }

    /// An error found on the way, with its hint.
    pub(super) fn absorb(&mut self, error: &Error) {
        self.push(error);
        self.hint(&error.hint());
    }

    /// The value, or one more fault at `place`.
    pub(super) fn check<T, E: Display>(
        &mut self,
        place: impl Display,
        result: Result<T, E>,
    ) -> Option<T> {
        result
            .map_err(|why| self.push(format_args!("{place}: {why}")))
            .ok()
    }

    /// All of them as one error, if there is any.
    pub(super) fn into_result(self) -> Result<(), Error> {
        let hint = match (self.hints.as_slice(), self.rows) {
            ([], 0) => "nothing was sent".to_owned(),
            ([], _) => "correct these rows and run it again; nothing was sent".to_owned(),
            (hints, _) => hints.join("\n"),
        };
        match self.shown.as_slice() {
            [] => Ok(()),
            [only] => Err(Error::usage(only.clone(), hint)),
            shown => {
                let more = self.rows.saturating_sub(MOST_ROWS);
                let mut lines = vec![format!("{} faults", shown.len() + more)];
                lines.extend_from_slice(shown);
                if more > 0 {
                    lines.push(format!("and {more} more rows"));
                }
                Err(Error::usage(lines.join("\n"), hint))
            }
        }
    }

    /// What to do about a kind of fault.
    pub(super) fn hint(&mut self, hint: &str) {
        if !self.hints.iter().any(|known| known == hint) {
            self.hints.push(hint.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn the_first_20_rows_are_told_and_the_others_counted() {
        let mut faults = Faults::default();
        faults.push("--rate: bad");
        for line in 1..=23 {
            faults.push_row(format_args!("x.csv:{line}: bad"));
            faults.hint("mend it");
        }
        let error = faults.into_result().expect_err("24 of them");
        assert_eq!(error.exit(), Exit::Usage);
        let said = error.to_string();
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 23);
        assert_eq!(
            (lines[0], lines[2], lines[21], lines[22]),
            (
                "24 faults",
                "x.csv:1: bad",
                "x.csv:20: bad",
                "and 3 more rows"
            )
        );
        assert_eq!(error.hint(), "mend it");
    }

    #[test]
    fn one_stands_alone_and_none_is_none() {
        let mut faults = Faults::default();
        assert!(faults.check("--user", Err::<(), _>("is odd")).is_none());
        let error = faults.into_result().expect_err("one");
        assert_eq!(error.to_string(), "--user: is odd");
        assert!(Faults::default().into_result().is_ok());
    }
}
