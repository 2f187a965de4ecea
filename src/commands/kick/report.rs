//! What is printed when a job has ended: the error with its hint if the job
//! was not a success for every member, then the counts.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;
use std::time::Duration;

use super::everyone;
use super::listener::{FailureDetails, JobListener};
use super::verify::Verification;
use crate::api::{Error as NoAnswer, codes};
use crate::commands::refusal;
use crate::config::Settings;
use crate::error::{Problem, grouped};
use crate::exit::Exit;
use crate::job::{LastAnswer, Outcome, Stop, Tally};
use crate::output::{Notes, Summary, sanitise};
use crate::room::Action;
use crate::secret::looks_secret;

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
    pub(super) incomplete: Option<String>,
    /// The next run reads the lists anew.
    pub(super) is_everyone: bool,
    /// The rows of a live feed are not read a second time.
    pub(super) is_feed: bool,
    /// By the outcomes of the members of the plan.
    pub(super) exit: Exit,
    /// The same with what `--verify` found.
    pub(super) verified_exit: Exit,
    /// Why the job ended before its plan did.
    pub(super) stop: Option<Stop>,
    pub(super) settings: &'a Settings,
    pub(super) elapsed: Duration,
}

impl Report<'_> {
    /// Prints the report. `not_written` is why results or records could not be written.
    pub(super) fn print(&self, not_written: Option<&io::Error>, listener: &mut JobListener) {
        listener.display.separate();
        let verification = listener.verification.as_ref();
        let note = verification.and_then(Verification::note);
        let warning = verification.and_then(Verification::closing_warning);
        // If the reader of the results has closed them, the command ends quietly.
        if self.final_exit() != Exit::Done && self.stop != Some(Stop::OutputClosed) {
            let problem = self.problem(listener);
            let problem = match not_written {
                Some(why) => problem.caused_by(why),
                None => problem,
            };
            listener.display.notes_without_bar().error(&problem.into());
            listener.display.separate();
        } else if let Some(warning) = warning {
            listener.display.notes_without_bar().warn(&warning);
        }
        if let Some(note) = note {
            listener.display.notes_without_bar().info(&note);
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
            exit: self.final_exit(),
            verified: listener.verification.as_ref().map(Verification::counts),
        });
    }

    /// Where some members were not known, running again may do the rest.
    pub(super) fn final_exit(&self) -> Exit {
        match self.verified_exit {
            Exit::Done | Exit::Refused | Exit::Partial if self.incomplete.is_some() => {
                Exit::Unreachable
            }
            exit => exit,
        }
    }

    /// What went wrong, by the outcomes, by the lists of `--all` and by `--verify`.
    fn problem(&self, listener: &JobListener) -> Problem {
        let failure = &listener.failure;
        let (mut messages, mut hints) = (Vec::new(), Vec::new());
        if self.exit != Exit::Done {
            messages.push(self.message(failure));
            hints = self.hints(failure);
        }
        if let Some(why) = &self.incomplete {
            messages.push(why.clone());
            hints.push(everyone::AGAIN_HINT.into());
        }
        if let Some(verification) = &listener.verification {
            messages.extend(verification.message());
            hints.extend(verification.hints(listener.failed_to.as_deref()));
            if verification.is_open() {
                hints.retain(|hint| hint != NOTHING_LEFT);
                if self.exit == Exit::Done {
                    hints.extend(failure.error.as_ref().and_then(NoAnswer::remedy));
                }
                let rest = self.rest();
                if !hints.contains(&rest) {
                    hints.push(rest);
                }
            }
        }
        Problem::new(self.final_exit(), messages.join("; "), hints.join("\n"))
    }

    fn message(&self, failure: &FailureDetails) -> String {
        let why = self.why(failure);
        let all = grouped(self.all_runs.total());
        let count = |outcome| self.all_runs.count(outcome);
        let is_all_settled = self.not_settled() == 0;
        let open = grouped(self.not_settled());
        let done = self.action.success_word();
        match self.exit {
            Exit::Credentials => format!("the service rejected the credentials: {why}"),
            Exit::Unreachable if self.stop == Some(Stop::Deadline) && is_all_settled => {
                if self.is_feed {
                    "stopped by --deadline; later rows were not processed".into()
                } else {
                    "stopped by --deadline after every member was settled".into()
                }
            }
            Exit::Unreachable if self.stop == Some(Stop::Deadline) => {
                format!("stopped by --deadline; {open} of {all} members are not settled")
            }
            Exit::Partial | Exit::Unreachable if self.stop == Some(Stop::MaxFailures) => {
                let refused = grouped(count(Outcome::Refused));
                format!("stopped by --max-failures: {refused} of {all} members were refused: {why}")
            }
            Exit::Refused => format!("nobody was {done}: {why}"),
            Exit::Unreachable if self.all_runs.total() == 1 => match count(Outcome::Unknown) {
                0 => format!("not {done}: {why}"),
                _ => format!("perhaps not {done}: {why}"),
            },
            Exit::Unreachable => format!("{open} of {all} members are not settled: {why}"),
            Exit::Partial => {
                let done_count = grouped(self.all_runs.successes(self.action));
                format!("only {done_count} of {all} members were {done}: {why}")
            }
            Exit::Interrupted(signal) if is_all_settled => {
                format!(
                    "stopped by {} after every member was settled",
                    signal.name()
                )
            }
            Exit::Interrupted(signal) => {
                let signal = signal.name();
                format!("stopped by {signal}; {open} of {all} members are not settled")
            }
            Exit::Record => "a record could not be written, so the job was stopped".into(),
            Exit::Done | Exit::Usage | Exit::Config | Exit::Command(_) => why,
        }
    }

    /// The answer that the exit code follows from.
    fn answer<'a>(&self, failure: &'a FailureDetails) -> Option<&'a LastAnswer> {
        let open = failure.open_answer.as_ref();
        let open = open.filter(|_| self.exit == Exit::Unreachable);
        open.or(failure.answer.as_ref())
    }

    /// What went wrong.
    fn why(&self, failure: &FailureDetails) -> String {
        match (self.answer(failure), &failure.bad_row) {
            (Some(LastAnswer::NoAnswer(why)), _) => why.clone(),
            (
                Some(LastAnswer::Answer {
                    error_code,
                    action_status,
                    error_info,
                    ..
                }),
                _,
            ) => refusal::describe_code(*error_code, action_status.as_deref(), error_info),
            (None, Some(row)) => row.clone(),
            // Only members that earlier runs found absent are left.
            (None, None) => "the others were not in their rooms".into(),
        }
    }

    /// Members that another run may settle.
    fn not_settled(&self) -> u64 {
        self.all_runs.count(Outcome::Unknown) + self.all_runs.count(Outcome::Unsent)
    }

    /// How another run does the rest. Without a journal it repeats everything, so
    /// members that this run removed are absent then; --ignore-absent would hide real
    /// absences where nothing was removed.
    fn rest(&self) -> String {
        if let Some(resume) = &self.how_to_resume {
            return resume.clone();
        }
        if self.is_everyone {
            return everyone::AGAIN_HINT.into();
        }
        if self.is_feed {
            return "send the rows of the members that are not settled again".into();
        }
        let may_be_removed = [Outcome::Done, Outcome::Gone, Outcome::Unknown];
        let mut counts = may_be_removed
            .iter()
            .map(|outcome| self.all_runs.count(*outcome));
        let is_untouched = counts.all(|count| count == 0) && self.tally.maybe_removed == 0;
        match self.action {
            _ if is_untouched => "run the same command again: nothing was done to unsent members",
            Action::Kick if !self.ignore_absent => {
                "run the same command again with --ignore-absent: members that this run removed are absent then"
            }
            _ => "run the same command again",
        }
        .into()
    }

    /// At least one.
    fn hints(&self, failure: &FailureDetails) -> Vec<String> {
        let resume = self.rest();
        let code = self.answer(failure).and_then(LastAnswer::error_code);
        // The remedy of an absence is --ignore-absent, which only a kick has.
        let is_absence = |code: &i64| *code == codes::NOT_A_MEMBER && self.action != Action::Kick;
        let code_hints = code.filter(|code| !is_absence(code));
        let code_hints = code_hints.map(|code| self.code_hints(code, failure));
        let code_hints = code_hints.unwrap_or_default();
        match self.exit {
            Exit::Unreachable => {
                let mut hints = code_hints;
                hints.extend(failure.error.as_ref().and_then(NoAnswer::remedy));
                hints.push(resume);
                hints.extend(self.bans_hint(failure));
                hints
            }
            Exit::Interrupted(_) if self.not_settled() == 0 && code_hints.is_empty() => {
                vec![NOTHING_LEFT.into()]
            }
            Exit::Interrupted(_) if self.not_settled() == 0 => code_hints,
            Exit::Interrupted(_) => vec![resume],
            Exit::Record => vec![format!("free some space or write elsewhere, then {resume}")],
            Exit::Partial if self.stop == Some(Stop::MaxFailures) && code.is_some() => {
                code_hints.into_iter().chain([resume]).collect()
            }
            Exit::Partial | Exit::Refused if failure.bad_row.is_some() && code.is_none() => {
                vec!["fix the rows reported above".into()]
            }
            Exit::Partial | Exit::Refused if self.action != Action::Kick => {
                let bans_hint = self.bans_hint(failure);
                code_hints.into_iter().chain(bans_hint).collect()
            }
            // This run succeeded and earlier runs found members absent, or the member
            // list of a room did.
            Exit::Partial | Exit::Refused if code.is_none() => {
                vec!["--ignore-absent counts absent members as success".into()]
            }
            _ if code_hints.is_empty() => vec![resume],
            _ => code_hints,
        }
    }

    /// The remedies for a code of the service, with this job's room in commands.
    fn code_hints(&self, code: i64, failure: &FailureDetails) -> Vec<String> {
        let hints = refusal::hints(code, self.settings, failure.skew).into_iter();
        let room = format!("--room {}", quoted_room(failure));
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
        let room = quoted_room(failure);
        Some(format!("roomctl bans --room {room} lists who is banned"))
    }
}

/// The room of the first failure, for a command line.
fn quoted_room(failure: &FailureDetails) -> Cow<'_, str> {
    let room = failure.room.as_ref().map_or("ROOM", |room| room.as_str());
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

/// How the next run resumes a job with a journal.
pub(super) fn how_to_resume(argv: &[OsString]) -> String {
    match resume_command(argv) {
        Some(line) => format!("continue with: {line}"),
        None if argv.iter().any(|word| word == "--again") => {
            "run the same command again, without --again: it continues".into()
        }
        None => "run the same command again: it continues".into(),
    }
}

/// The command line that resumes a job, ready to be typed, without `--again`.
/// None if it contains a secret or is too long to be read.
fn resume_command(argv: &[OsString]) -> Option<String> {
    /// Longer lines are not repeated: the shell's history has them.
    const MAX_LEN: usize = 400;
    /// Flags with secret values.
    const SECRET_FLAGS: [&str; 2] = ["--secret-key", "--usersig"];

    let words: Option<Vec<&str>> = argv.iter().map(|word| word.to_str()).collect();
    let words = words?.into_iter().filter(|word| *word != "--again");
    let words: Vec<&str> = words.collect();
    let is_secret = |word: &&str| {
        let flag = word.split_once('=').map_or(*word, |(flag, _)| flag);
        SECRET_FLAGS.contains(&flag) || looks_secret(word)
    };
    // The content of a pipe cannot be read a second time.
    let is_piped = |word: &&str| {
        *word == "-" || word.ends_with("=-") || word.contains("/dev/fd/") || *word == "/dev/stdin"
    };
    if words.iter().any(is_piped) || words.iter().any(is_secret) {
        return None;
    }
    let line = shlex::try_join(words).ok()?;
    // A line that would be shown escaped would not be the same command.
    let is_readable = line.len() <= MAX_LEN && sanitise(&line) == line;
    is_readable.then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resume(words: &[&str]) -> Option<String> {
        let argv: Vec<OsString> = words.iter().map(OsString::from).collect();
        resume_command(&argv)
    }

    #[test]
    fn the_command_that_resumes_can_be_typed_and_has_no_again() {
        let words = [
            "roomctl",
            "kick",
            "-m",
            "it's spam",
            "--again",
            "--journal",
            "j",
        ];
        let line = resume(&words).expect("a line");
        assert_eq!(line, "roomctl kick -m \"it's spam\" --journal j");
    }

    #[test]
    fn a_line_that_would_not_be_the_same_command_is_not_repeated() {
        for word in ["note \u{202e}!", "b\u{200b}j", "two\nlines"] {
            assert_eq!(resume(&["roomctl", "kick", "-m", word]), None, "{word:?}");
        }
        for word in ["-", "--from=-", "/dev/fd/63", "/dev/stdin"] {
            assert_eq!(resume(&["roomctl", "kick", "--from", word]), None, "{word}");
        }
    }

    #[test]
    fn a_line_with_a_secret_is_not_repeated() {
        assert_eq!(resume(&["roomctl", "kick", "--secret-key", "x"]), None);
        assert_eq!(resume(&["roomctl", "kick", "--usersig=x"]), None);
        let file = ["roomctl", "kick", "--secret-key-file", "x"];
        assert!(resume(&file).is_some());
        assert_eq!(resume(&["roomctl", &"x".repeat(500)]), None);
    }
}
