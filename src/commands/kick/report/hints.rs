//! What to do after a job that was not a success for every member.

use std::borrow::Cow;

use super::{NOTHING_LEFT, Report};
use crate::api::codes;
use crate::commands::kick::everyone;
use crate::commands::kick::failure::{self, Cause, FailureDetails};
use crate::commands::kick::feed_lines::FeedEnd;
use crate::commands::kick::listener::JobListener;
use crate::commands::refusal;
use crate::exit::Exit;
use crate::job::{LastAnswer, Outcome, Stop};
use crate::room::{Action, RoomId};

/// The remedy of a stop by `--max-failures`.
const MAX_FAILURES_HINT: &str =
    "correct what is refused, or allow more with --max-failures, then run it again";

impl Report<'_> {
    /// How another run does the rest. Without a journal it repeats everything, so
    /// members that this run removed are absent then; --ignore-absent would hide real
    /// absences where nothing was removed.
    pub(super) fn resume_hint(&self) -> String {
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
    pub(super) fn hints(&self, listener: &JobListener) -> Vec<String> {
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
        let is_other_hint = self.stop == Some(Stop::MaxFailures) || self.feed_hint_has_bad_rows();
        if let Some(fix) = bad_row.filter(|_| !is_other_hint) {
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

    /// Whether the hint about the rest of the feed speaks of every bad row.
    fn feed_hint_has_bad_rows(&self) -> bool {
        let left = self.rows_left();
        left.is_some_and(|left| {
            self.exit_by_outcomes() == Exit::Usage || !left.has_bad_row_before()
        })
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
