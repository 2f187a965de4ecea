//! What is printed when a job has ended: the error with its hint if the job
//! was not a success for every member, then the counts.

mod hints;

use std::io;
use std::time::Duration;

use super::everyone::Incomplete;
use super::failure::{self, FailureDetails, described};
use super::feed_lines::{FeedEnd, RowsLeft};
use super::listener::JobListener;
use super::verify::VerifiedRooms;
use crate::commands::reading::ReadingEnd;
use crate::config::Settings;
use crate::error::{Problem, grouped};
use crate::exit::Exit;
use crate::job::{Outcome, Stop, Tally};
use crate::output::{Notes, Summary};
use crate::room::Action;

/// The hint if every member was settled before a signal.
const NOTHING_LEFT: &str = "every member has an outcome: nothing needs to be run again";

/// A job at its end.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) action: Action,
    /// The outcomes of this run.
    pub(super) tally: &'a Tally,
    /// The outcomes of the whole plan, with those of earlier runs.
    pub(super) all_runs: &'a Tally,
    /// How to resume, if the next run can.
    pub(super) how_to_resume: Option<String>,
    pub(super) ignore_absent: bool,
    /// Which lists of `--all` are not complete: then not everyone was in the plan.
    pub(super) incomplete: Option<Incomplete>,
    /// The next run reads the lists anew.
    pub(super) is_everyone: bool,
    /// The rows of a live feed are not read a second time.
    pub(super) feed: Option<FeedEnd>,
    /// With `--verify`.
    pub(super) verification: Option<VerifiedRooms>,
    /// Why the job ended before its plan did.
    pub(super) stop: Option<Stop>,
    pub(super) settings: &'a Settings,
    pub(super) elapsed: Duration,
}

impl Report<'_> {
    /// Prints the report. `not_written` is why results or records could not be written.
    pub(super) fn print(&self, not_written: Option<&io::Error>, listener: &mut JobListener) {
        listener.display.separate();
        let verification = self.verification.as_ref();
        let exit = self.exit_code();
        let note = verification.and_then(VerifiedRooms::note);
        let warning = verification.and_then(VerifiedRooms::closing_warning);
        // If the reader of the results has closed them, the command ends quietly.
        if exit != Exit::Done && self.stop != Some(Stop::OutputClosed) {
            let problem = self.problem(listener);
            let problem = match not_written {
                Some(why) => problem.caused_by(why),
                None => problem,
            };
            listener.display.notes_without_bar().error(&problem.into());
            listener.display.separate();
        } else if let Some(warning) = warning {
            listener.display.notes_without_bar().warn_always(&warning);
        }
        if let Some(note) = note {
            listener.display.notes_without_bar().info(&note);
        }
        if let Some(unlisted) = listener.unlisted_in_words() {
            listener.display.notes_without_bar().remark(&unlisted);
        }
        if self.tally.maybe_removed > 0 {
            let done = self.action.success_word();
            listener.display.notes_without_bar().remark(&format!(
                "{} of the absent members may have been {done} by this run: the service \
                 answered a request for several members with one code for all of them, and that \
                 request may have {done} some",
                grouped(self.tally.maybe_removed)
            ));
        }
        listener.display.notes_without_bar().summary(&Summary {
            action: self.action,
            tally: self.tally,
            latencies: Some(&listener.latencies),
            elapsed: self.elapsed,
            exit,
            verified: verification.map(VerifiedRooms::counts),
        });
    }

    /// The exit code of the command: by the outcomes, by what `--verify` found, and by the
    /// lists of `--all`.
    pub(super) fn exit_code(&self) -> Exit {
        let by_outcomes = self.exit_by_outcomes();
        let verification = self.verification.as_ref();
        match verification.map_or(by_outcomes, |found| found.exit(by_outcomes)) {
            // Some members were not known: running again may do the rest.
            Exit::Done | Exit::Refused | Exit::Partial if self.incomplete.is_some() => {
                Exit::Unreachable
            }
            exit => exit,
        }
    }

    fn exit_by_outcomes(&self) -> Exit {
        let runs = self.all_runs;
        let exit = runs.exit(self.action, self.stop, self.ignore_absent);
        // A feed with a wrong header, or that is not a list.
        let is_unread = self.rows_left().is_some() && self.stop.is_none();
        if exit == Exit::Refused && is_unread && self.tally.requests == 0 {
            Exit::Usage
        } else {
            exit
        }
    }

    /// What went wrong, by the outcomes, by the lists of `--all` and by `--verify`.
    fn problem(&self, listener: &JobListener) -> Problem {
        let failure = &listener.failure;
        let (mut messages, mut hints) = (Vec::new(), Vec::new());
        if self.exit_by_outcomes() != Exit::Done {
            messages.push(self.message(failure));
            messages.extend(self.rows_left().map(RowsLeft::message));
            hints = self.hints(listener);
        }
        if let Some(Incomplete { why, hint }) = &self.incomplete {
            messages.push(why.clone());
            hints.push(hint.clone());
        }
        if let Some(verification) = &self.verification {
            messages.extend(verification.message());
            hints.extend(verification.hints(listener.failed_to.as_deref()));
            if verification.is_open() {
                hints.retain(|hint| hint != NOTHING_LEFT);
                if self.exit_by_outcomes() == Exit::Done {
                    hints.extend(failure.read_remedy(verification));
                }
                let resume = self.resume_hint();
                if !hints.contains(&resume) {
                    hints.push(resume);
                }
            }
        }
        Problem::new(self.exit_code(), messages.join("; "), hints.join("\n"))
    }

    fn message(&self, failure: &FailureDetails) -> String {
        let all = grouped(self.all_runs.total());
        let count = |outcome| self.all_runs.count(outcome);
        let open_count = self.not_settled();
        let open = format!("{} of {all} members are not settled", grouped(open_count));
        let rest = match open_count {
            // Of a feed without a row.
            0 if self.all_runs.total() == 0 => String::new(),
            0 => " after every member was settled".into(),
            _ => format!("; {open}"),
        };
        let done = self.action.success_word();
        match self.exit_by_outcomes() {
            Exit::Credentials => {
                let why = failure.answer.as_ref().map(described).unwrap_or_default();
                format!("the service rejected the credentials: {why}")
            }
            Exit::Unreachable if self.stop == Some(Stop::FeedLost) => match open_count {
                0 => failure::FEED_LOST.into(),
                _ => format!("{}; {open}", failure::FEED_LOST),
            },
            Exit::Unreachable if self.stop == Some(Stop::Deadline) => {
                format!("stopped by --deadline{rest}")
            }
            Exit::Partial | Exit::Unreachable if self.stop == Some(Stop::MaxFailures) => {
                let refused = count(Outcome::Refused);
                let (refused, why) = (grouped(refused), failure.refused_in_words());
                let absent = self.absent_in_words().map(|absent| format!("; {absent}"));
                let absent = absent.unwrap_or_default();
                format!(
                    "stopped by --max-failures: {refused} of {all} members were refused: {why}{absent}"
                )
            }
            Exit::Refused => format!("nobody was {done}: {}", self.causes(failure)),
            Exit::Unreachable => self.open_message(&open, failure),
            Exit::Partial => {
                let done_count = grouped(self.all_runs.successes(self.action));
                let why = self.causes(failure);
                format!("only {done_count} of {all} members were {done}: {why}")
            }
            Exit::Interrupted(signal) => format!("stopped by {}{rest}", signal.name()),
            Exit::Record => "a record could not be written, so the job was stopped".into(),
            Exit::Done | Exit::Usage | Exit::Config | Exit::Command(_) => self.causes(failure),
        }
    }

    /// Some members may still be there, and why; then the other ones.
    fn open_message(&self, open: &str, failure: &FailureDetails) -> String {
        let why = failure.open.in_words().unwrap_or_default();
        let done = self.action.success_word();
        if self.all_runs.total() == 1 {
            return match self.all_runs.count(Outcome::Unknown) {
                0 => format!("not {done}: {why}"),
                _ => format!("perhaps not {done}: {why}"),
            };
        }
        let first = Some(format!("{open}: {why}"));
        let parts = [first, self.refused_part(failure), self.absent_in_words()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// Why members are refused or absent; with a count of each if there are both.
    fn causes(&self, failure: &FailureDetails) -> String {
        match (self.refused_part(failure), self.absent_in_words()) {
            (Some(refused), Some(absent)) => format!("{refused}; {absent}"),
            (Some(_), None) => failure.refused_in_words(),
            // Only members that earlier runs found absent are left.
            (None, _) => failure.absent.in_words().unwrap_or_else(|| {
                format!(
                    "the others were not {} their rooms",
                    self.action.membership()
                )
            }),
        }
    }

    /// `16 refused: 100002, a parameter is invalid`
    fn refused_part(&self, failure: &FailureDetails) -> Option<String> {
        let refused = self.all_runs.count(Outcome::Refused);
        let why = || failure.refused_in_words();
        (refused > 0).then(|| format!("{} refused: {}", grouped(refused), why()))
    }

    /// `75 absent`, if that is not as asked.
    fn absent_in_words(&self) -> Option<String> {
        let is_success = |it: &Outcome| it.is_success(self.action, self.ignore_absent);
        let outcomes = [Outcome::Gone, Outcome::Absent].into_iter();
        let failed = outcomes.filter(|outcome| !is_success(outcome));
        let counts = failed.map(|it| (self.all_runs.count(it), it.name(self.action)));
        let counts = counts.filter(|(count, _)| *count > 0);
        let parts: Vec<_> = counts
            .map(|(count, word)| format!("{} {word}", grouped(count)))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Whether the run would be exit 0 with `--ignore-absent`.
    fn is_absence_alone(&self) -> bool {
        let others = self.all_runs.count(Outcome::Refused) + self.not_settled();
        // Neither --verify nor the lists of --all changed it.
        let is_final = self.stop.is_none() && self.exit_code() == self.exit_by_outcomes();
        let is_kick = self.action == Action::Kick;
        is_kick && !self.ignore_absent && others == 0 && is_final
    }

    /// Those of a feed that was not read to its end.
    fn rows_left(&self) -> Option<RowsLeft> {
        self.feed.and_then(|feed| feed.left)
    }

    /// Members that another run may settle.
    fn not_settled(&self) -> u64 {
        self.all_runs.count(Outcome::Unknown) + self.all_runs.count(Outcome::Unsent)
    }
}

/// The report of a command without members.
pub(super) fn nothing_to_do<E: io::Write>(
    action: Action,
    reading: Option<&ReadingEnd>,
    notes: &mut Notes<E>,
) -> Exit {
    let exit = Exit::Done;
    let mut tally = Tally::default();
    tally.requests = reading.map_or(0, |reading| reading.requests);
    tally.retries = reading.map_or(0, |reading| reading.retries);
    notes.summary(&Summary {
        action,
        tally: &tally,
        latencies: None,
        elapsed: reading.map_or(Duration::ZERO, |reading| reading.took),
        exit,
        verified: None,
    });
    exit
}
