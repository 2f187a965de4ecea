//! What is said when a job has ended: the error with its hint where not all is
//! as asked, then the counts.

use std::io::{self, Write};
use std::time::Duration;

use super::listener::{FirstFailure, JobListener};
use crate::api::{Error, codes};
use crate::commands::refusal;
use crate::config::Settings;
use crate::exit::Exit;
use crate::job::{LastAnswer, Outcome, Stop, Tally};
use crate::output::Summary;
use crate::room::Action;

/// A job at its end.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) action: Action,
    /// Of this run.
    pub(super) tally: &'a Tally,
    /// Of today's plan, with what earlier runs settled.
    pub(super) whole: &'a Tally,
    /// How the next run goes on where this one stopped, if it can.
    pub(super) how_to_resume: Option<String>,
    pub(super) exit: Exit,
    /// Why it ended before its plan did.
    pub(super) stop: Option<Stop>,
    pub(super) settings: &'a Settings,
    pub(super) elapsed: Duration,
}

impl Report<'_> {
    /// Says it. `lost` is why results or records could not be written.
    pub(super) fn say<O: Write, E: Write>(
        &self,
        lost: Option<&io::Error>,
        listener: &mut JobListener<O, E>,
    ) {
        // A reader who has left is told nothing: it ends quietly.
        if self.exit != Exit::Done && self.stop != Some(Stop::OutputClosed) {
            let causes: Vec<String> = lost.map(ToString::to_string).into_iter().collect();
            let hint = self.hints(listener).join("\n");
            let message = self.message(&listener.first);
            let hint = Some(hint.as_str()).filter(|hint| !hint.is_empty());
            let notes = listener.display.notes();
            notes.error(self.exit, &message, &causes, hint);
        }
        if self.tally.maybe_removed > 0 {
            listener.display.notes().info(&format!(
                "note: {} of the absent may be our own doing: a request for several was answered \
                 for all of them at once, and that request may have removed some",
                self.tally.maybe_removed
            ));
        }
        listener.display.notes().summary(&Summary {
            action: self.action,
            tally: self.tally,
            latencies: Some(&listener.latencies),
            elapsed: self.elapsed,
            exit: self.exit,
        });
    }

    fn message(&self, first: &FirstFailure) -> String {
        let why = why(first);
        let all = self.whole.total();
        let count = |outcome| self.whole.count(outcome);
        let open = self.open();
        let done = self.action.success_word();
        match self.exit {
            Exit::Credentials => format!("the service rejected the credentials: {why}"),
            Exit::Unreachable if self.stop == Some(Stop::Deadline) => match open {
                0 => "stopped by --deadline; what came later was not asked about".into(),
                _ => format!("stopped by --deadline; {open} of {all} members are not settled"),
            },
            Exit::Partial | Exit::Unreachable if self.stop == Some(Stop::MaxFailures) => {
                let refused = count(Outcome::Refused);
                format!("stopped by --max-failures: {refused} of {all} members were refused: {why}")
            }
            Exit::Refused => format!("nobody was {done}: {why}"),
            Exit::Unreachable if all == 1 => match count(Outcome::Unknown) {
                0 => format!("not {done}: {why}"),
                _ => format!("perhaps not {done}: {why}"),
            },
            Exit::Unreachable => format!("{open} of {all} members are not settled: {why}"),
            Exit::Partial => {
                let so_many = self.whole.done(self.action);
                format!("only {so_many} of {all} members were {done}: {why}")
            }
            Exit::Interrupted(signal) if open == 0 => {
                format!("stopped by {} when everything was settled", signal.name())
            }
            Exit::Interrupted(signal) => {
                format!(
                    "stopped by {}; {open} of {all} members are not settled",
                    signal.name()
                )
            }
            Exit::Record => "a record could not be kept, so the job was stopped".into(),
            Exit::Done | Exit::Usage | Exit::Config | Exit::Command(_) => why,
        }
    }

    /// Members that another run may settle.
    fn open(&self) -> u64 {
        self.whole.count(Outcome::Unknown) + self.whole.count(Outcome::Unsent)
    }

    /// Where a ban, or its end, can be looked up: what is absent or gone may be
    /// banned all the same.
    fn bans<O, E>(&self, listener: &JobListener<O, E>) -> Option<String> {
        let may_be = [Outcome::Gone, Outcome::Absent, Outcome::Unknown];
        let is_open = may_be
            .into_iter()
            .any(|outcome| self.whole.count(outcome) > 0);
        if self.action == Action::Kick || !is_open {
            return None;
        }
        let room = listener.first.room.as_ref();
        let room = room.map_or("ROOM", |room| room.as_str());
        let room = shlex::try_quote(room).unwrap_or("ROOM".into());
        Some(format!("roomctl bans --room {room} tells who is kept out"))
    }

    fn hints<O, E>(&self, listener: &JobListener<O, E>) -> Vec<String> {
        let again = self.how_to_resume.as_deref();
        let again = again.unwrap_or(match self.action {
            Action::Kick => "run the same command again with --ignore-absent",
            Action::Ban | Action::Unban => "run the same command again",
        });
        let bans = self.bans(listener);
        let code = listener
            .first
            .failure
            .as_ref()
            .and_then(LastAnswer::error_code);
        // Its remedy is to ignore it, which only a kick can.
        let is_absence = |code: &i64| *code == codes::NOT_A_MEMBER && self.action != Action::Kick;
        let advised = code.filter(|code| !is_absence(code));
        let refusal = advised.map(|code| refusal::hints(code, self.settings, listener.first.skew));
        match self.exit {
            Exit::Unreachable => {
                let mut hints = refusal.unwrap_or_default();
                let remedy = listener.first.error.as_ref().and_then(Error::remedy);
                hints.extend(remedy.map(str::to_owned));
                hints.push(again.into());
                hints.extend(bans);
                hints
            }
            Exit::Interrupted(_) if self.open() == 0 => Vec::new(),
            Exit::Interrupted(_) => vec![again.into()],
            Exit::Record => vec![format!("free some space or write elsewhere, then {again}")],
            // What earlier runs found is the only thing not as asked.
            Exit::Partial | Exit::Refused if listener.first.bad_row.is_some() && code.is_none() => {
                vec!["mend the rows that were told of".into()]
            }
            Exit::Partial | Exit::Refused if self.action != Action::Kick => {
                let mut hints = refusal.unwrap_or_default();
                hints.extend(bans);
                hints
            }
            Exit::Partial | Exit::Refused if listener.first.failure.is_none() => {
                vec!["--ignore-absent counts who was not there as success".into()]
            }
            _ => refusal.unwrap_or_default(),
        }
    }
}

/// What went wrong first, as far as there is a word about it.
fn why(first: &FirstFailure) -> String {
    match (&first.failure, &first.bad_row) {
        (Some(said), _) => words(said),
        (None, Some(row)) => row.clone(),
        // Only such as earlier runs found are left.
        (None, None) => "the others were not in their rooms".into(),
    }
}

/// What was said, in words.
fn words(said: &LastAnswer) -> String {
    match said {
        LastAnswer::NoAnswer(why) => why.clone(),
        LastAnswer::Answer {
            error_code,
            action_status,
            error_info,
            ..
        } => refusal::describe_code(*error_code, action_status, error_info),
    }
}
