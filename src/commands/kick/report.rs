//! What is printed when a job has ended: the error with its hint if the job
//! was not a success for every member, then the counts.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use super::everyone::{self, Incomplete};
use super::failure::{self, Cause, FailureDetails, described};
use super::feed_lines::{FeedEnd, RowsLeft};
use super::listener::JobListener;
use super::verify::VerifiedRooms;
use crate::api::codes;
use crate::commands::refusal;
use crate::config::Settings;
use crate::error::{Problem, grouped};
use crate::exit::Exit;
use crate::job::{LastAnswer, Outcome, Stop, Tally};
use crate::output::{Notes, Summary};
use crate::room::{Action, RoomId};

/// The hint if every member was settled before a signal.
const NOTHING_LEFT: &str = "every member has an outcome: nothing needs to be run again";

/// The remedy of a stop by `--max-failures`.
const MAX_FAILURES_HINT: &str =
    "correct what is refused, or allow more with --max-failures, then run it again";

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
            listener.display.notes_without_bar().remark(&format!(
                "{} of the absent members may have been removed by this run: the service \
                 answered a request for several members with one code for all of them, and that \
                 request may have removed some",
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
        let is_all_settled = open_count == 0;
        let open = format!("{} of {all} members are not settled", grouped(open_count));
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
            Exit::Unreachable if self.stop == Some(Stop::Deadline) && is_all_settled => {
                "stopped by --deadline after every member was settled".into()
            }
            Exit::Unreachable if self.stop == Some(Stop::Deadline) => {
                format!("stopped by --deadline; {open}")
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
            Exit::Interrupted(signal) if is_all_settled => {
                format!(
                    "stopped by {} after every member was settled",
                    signal.name()
                )
            }
            Exit::Interrupted(signal) => format!("stopped by {}; {open}", signal.name()),
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
            (None, _) => failure
                .absent
                .in_words()
                .unwrap_or_else(|| "the others were not in their rooms".into()),
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

    /// How another run does the rest. Without a journal it repeats everything, so
    /// members that this run removed are absent then; --ignore-absent would hide real
    /// absences where nothing was removed.
    fn resume_hint(&self) -> String {
        if let Some(resume) = &self.how_to_resume {
            return resume.clone();
        }
        if self.is_everyone {
            return everyone::AGAIN_HINT.into();
        }
        if let Some(feed) = self.feed {
            let exit = self.exit_by_outcomes();
            return feed.rest(exit, self.stop, self.all_runs);
        }
        let may_be_removed = [Outcome::Done, Outcome::Gone, Outcome::Unknown];
        let mut counts = may_be_removed
            .iter()
            .map(|outcome| self.all_runs.count(*outcome));
        let is_untouched = counts.all(|count| count == 0) && self.tally.maybe_removed == 0;
        let has_unsent = self.all_runs.count(Outcome::Unsent) > 0;
        match self.action {
            _ if is_untouched && has_unsent => "run the same command again: nothing was done to unsent members",
            Action::Kick if !self.ignore_absent && !is_untouched => {
                "run the same command again with --ignore-absent: members that this run removed are absent then"
            }
            _ => "run the same command again",
        }
        .into()
    }

    /// Never empty.
    fn hints(&self, listener: &JobListener) -> Vec<String> {
        let failure = &listener.failure;
        let bad_row = failure.bad_row_remedy(listener.failed_to.as_deref());
        let resume = self.resume_hint();
        let refused = self.cause_hints(failure.refused.most_frequent(), failure);
        let bans = self.bans_hint(failure);
        let mut hints = Vec::new();
        match self.exit_by_outcomes() {
            Exit::Unreachable | Exit::Partial if self.stop == Some(Stop::MaxFailures) => {
                hints.push(MAX_FAILURES_HINT.into());
                hints.extend(refused);
                hints.push(resume);
                hints.extend(bans);
            }
            Exit::Unreachable if self.stop == Some(Stop::FeedLost) => {
                hints.extend([resume, failure::FEED_LOST_HINT.into()]);
                hints.extend(refused.into_iter().chain(bans));
            }
            Exit::Unreachable if self.stop == Some(Stop::Deadline) => {
                hints.push(resume);
                hints.extend(failure.open_remedy());
                hints.extend(refused.into_iter().chain(bans));
            }
            Exit::Unreachable => {
                hints = self.cause_hints(failure.open.most_frequent(), failure);
                hints.extend(failure.open_remedy());
                hints.push(resume);
                hints.extend(refused.into_iter().chain(bans));
            }
            Exit::Interrupted(_) if self.not_settled() > 0 || self.rows_left().is_some() => {
                hints.push(resume);
            }
            Exit::Interrupted(_) if refused.is_empty() && bad_row.is_none() => {
                hints.push(NOTHING_LEFT.into());
            }
            Exit::Interrupted(_) => hints = refused,
            Exit::Record => {
                hints.push(format!("free some space or write elsewhere, then {resume}"));
            }
            Exit::Partial | Exit::Refused if self.is_absence_alone() => {
                hints.push(failure.absence_remedy().into());
            }
            Exit::Partial | Exit::Refused | Exit::Usage => {
                hints.extend(refused.into_iter().chain(bans));
            }
            _ => {
                let code = failure.answer.as_ref().and_then(LastAnswer::error_code);
                hints.extend(
                    code.into_iter()
                        .flat_map(|code| self.code_hints(code, None, failure)),
                );
            }
        }
        if let Some(fix) = bad_row.filter(|_| self.stop != Some(Stop::MaxFailures)) {
            let is_last = self.stop == Some(Stop::Credentials);
            hints.insert(if is_last { hints.len() } else { 0 }, fix);
        }
        let resume = self.resume_hint();
        let is_named = hints.iter().any(|hint| hint.contains(&resume));
        let has_rest = |feed: FeedEnd| feed.has_rest(self.stop, self.all_runs);
        if hints.is_empty() || (self.feed.is_some_and(has_rest) && !is_named) {
            hints.push(resume);
        }
        hints
    }

    /// The remedies for the code of a cause. That of an absence is another one: it
    /// may be the answer to members that were not asked about alone.
    fn cause_hints(&self, cause: Option<&Cause>, failure: &FailureDetails) -> Vec<String> {
        let code = cause.and_then(|cause| cause.answer.error_code());
        let code = code.filter(|code| *code != codes::NOT_A_MEMBER);
        let room = cause.map(|cause| &cause.room);
        code.map_or(Vec::new(), |code| self.code_hints(code, room, failure))
    }

    /// The remedies for a code of the service, with this job's room in commands.
    fn code_hints(
        &self,
        code: i64,
        room: Option<&RoomId>,
        failure: &FailureDetails,
    ) -> Vec<String> {
        let hints = refusal::hints(code, self.settings, failure.skew).into_iter();
        let room = format!("--room {}", quoted(room.or(failure.room.as_ref())));
        hints
            .map(|hint| hint.replace("--room ROOM", &room))
            .collect()
    }

    /// Where a ban or its end can be looked up: a member that is absent or gone
    /// may be banned nevertheless.
    fn bans_hint(&self, failure: &FailureDetails) -> Option<String> {
        let maybe_banned = [Outcome::Gone, Outcome::Absent, Outcome::Unknown];
        let mut counts = maybe_banned
            .iter()
            .map(|outcome| self.all_runs.count(*outcome));
        if self.action == Action::Kick || counts.all(|count| count == 0) {
            return None;
        }
        let room = quoted(failure.room.as_ref());
        Some(format!("roomctl bans --room {room} lists who is banned"))
    }
}

/// A room for a command line.
fn quoted(room: Option<&RoomId>) -> Cow<'_, str> {
    let room = room.map_or("ROOM", |room| room.as_str());
    shlex::try_quote(room).unwrap_or("ROOM".into())
}

/// The report of a command without members.
pub(super) fn nothing_to_do<E: io::Write>(action: Action, notes: &mut Notes<E>) -> Exit {
    let exit = Exit::Done;
    notes.summary(&Summary {
        action,
        tally: &Tally::default(),
        latencies: None,
        elapsed: Duration::ZERO,
        exit,
        verified: None,
    });
    exit
}
