//! The outcome of members, the service's last answer about them, and why a job
//! stopped early; how many there are of each, and the exit code that follows.

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::api::Answer;
use crate::clock::rfc3339_of;
use crate::exit::Exit;
use crate::interrupt::Signal;
use crate::room::{Action, Reason, RoomId, UserId};

/// What happened to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The service did it: `removed`, `banned` or `unbanned`.
    Done,
    /// Not in the room, and the answer to an earlier attempt was lost. Probably
    /// that attempt removed the member.
    Gone,
    /// Was not in the room.
    Absent,
    /// The service refused.
    Refused,
    /// Sent, but no usable answer came back.
    Unknown,
    /// Never sent, or certainly without effect.
    Unsent,
}

impl Outcome {
    /// All outcomes, in the order of the summary.
    pub const ALL: [Self; 6] = [
        Self::Done,
        Self::Gone,
        Self::Absent,
        Self::Refused,
        Self::Unknown,
        Self::Unsent,
    ];

    /// The word for it in results. The word for `Done` depends on the action.
    pub fn name(self, action: Action) -> &'static str {
        match self {
            Self::Done => action.success_word(),
            Self::Gone => "gone",
            Self::Absent => "absent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Unsent => "unsent",
        }
    }

    /// The outcome with this name.
    pub(crate) fn named(action: Action, name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.name(action) == name)
    }

    /// Whether nothing is left to do for such a member. An absent member is
    /// removed, but not banned: it can still join.
    pub(crate) fn settles(self, action: Action) -> bool {
        match self {
            Self::Done => true,
            Self::Gone | Self::Absent => action == Action::Kick,
            Self::Refused | Self::Unknown | Self::Unsent => false,
        }
    }

    /// Whether no answer decided it.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Unknown | Self::Unsent)
    }

    /// Whether this counts as success. For a ban only `Done` does: an absent member
    /// is not banned, and a member who is gone may have left without a ban.
    pub(crate) fn is_success(self, action: Action, ignore_absent: bool) -> bool {
        match self {
            Self::Done => true,
            Self::Gone => action == Action::Kick,
            Self::Absent => action == Action::Kick && ignore_absent,
            Self::Refused | Self::Unknown | Self::Unsent => false,
        }
    }
}

/// The service's last answer, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastAnswer {
    /// An answer in the service's own words.
    Answer {
        /// "OK" or "FAIL"; some answers have none.
        action_status: Option<String>,
        /// 0 is success.
        error_code: i64,
        /// May be empty.
        error_info: String,
        /// Missing in some gateway errors.
        request_id: Option<String>,
    },
    /// No request was answered: what happened instead.
    NoAnswer(String),
}

impl LastAnswer {
    pub(crate) fn of(answer: &Answer) -> Self {
        Self::Answer {
            action_status: answer.action_status.clone(),
            error_code: answer.error_code,
            error_info: answer.error_info.clone(),
            request_id: answer.request_id.clone(),
        }
    }

    /// The service's code, if it answered.
    pub(crate) fn error_code(&self) -> Option<i64> {
        match self {
            Self::Answer { error_code, .. } => Some(*error_code),
            Self::NoAnswer(_) => None,
        }
    }
}

/// Members of one batch that reached the same outcome together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What was requested.
    pub action: Action,
    /// The room.
    pub room: RoomId,
    /// Never empty.
    pub members: Vec<UserId>,
    /// The reason that was sent with them.
    pub reason: Reason,
    /// What happened to them.
    pub outcome: Outcome,
    /// The service's last answer about them.
    pub last_answer: LastAnswer,
    /// Why the latest try had no answer, where that left them unknown or unsent. The
    /// answer may be the one to a larger request.
    pub last_failure: Option<String>,
    /// Requests that named these members; 0 if none was sent.
    pub attempts: u32,
    /// From the first of those requests to the outcome.
    pub elapsed: Duration,
    /// When they reached the outcome.
    pub time: SystemTime,
}

/// Settled members as JSON: a line of the results and of `--failed-to`, and the
/// keys of the same names in the journal and the audit. The names are fixed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SettledJson<'a> {
    pub(crate) room_id: &'a RoomId,
    #[serde(rename = "MemberList_Account")]
    pub(crate) members: &'a [UserId],
    /// None without an answer, as the code and the `RequestId`.
    pub(crate) action_status: Option<&'a str>,
    pub(crate) error_code: Option<i64>,
    /// Without an answer, what happened instead.
    pub(crate) error_info: &'a str,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) outcome: &'static str,
    pub(crate) attempts: u32,
    pub(crate) elapsed_ms: u128,
    pub(crate) action: &'static str,
    pub(crate) reason: Option<&'a str>,
    pub(crate) time: String,
}

impl Settled {
    /// Why the latest try had no answer, where the answer to an earlier one hides it.
    pub(crate) fn failure_after_answer(&self) -> Option<&str> {
        match self.last_answer {
            LastAnswer::Answer { .. } => self.last_failure.as_deref(),
            LastAnswer::NoAnswer(_) => None,
        }
    }

    pub(crate) fn to_json(&self) -> SettledJson<'_> {
        let (action_status, error_code, error_info, request_id) = match &self.last_answer {
            LastAnswer::Answer {
                action_status,
                error_code,
                error_info,
                request_id,
            } => (
                action_status.as_deref(),
                Some(*error_code),
                error_info,
                request_id.as_deref(),
            ),
            LastAnswer::NoAnswer(why) => (None, None, why, None),
        };
        SettledJson {
            room_id: &self.room,
            members: &self.members,
            action_status,
            error_code,
            error_info,
            request_id,
            outcome: self.outcome.name(self.action),
            attempts: self.attempts,
            elapsed_ms: self.elapsed.as_millis(),
            action: self.action.name(),
            reason: self.reason.text(),
            time: rfc3339_of(self.time),
        }
    }
}

/// Why a job starts no more requests before its plan is done. Requests in
/// flight still finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The user or a supervisor sent a signal.
    Signal(Signal),
    /// The service rejected the credentials. Further requests would lead to a block.
    Credentials,
    /// `--deadline` has passed.
    Deadline,
    /// The reader of a live feed panicked: rows may be left.
    FeedLost,
    /// `--max-failures` members were refused.
    MaxFailures,
    /// The reader of the results has closed them.
    OutputClosed,
    /// Results or records could not be written.
    RecordLost,
}

impl Stop {
    /// Of several reasons, the one with the highest rank is reported.
    fn rank(self) -> u8 {
        match self {
            Self::OutputClosed => 0,
            Self::MaxFailures => 1,
            Self::Deadline => 2,
            Self::FeedLost => 3,
            Self::Credentials => 4,
            Self::Signal(_) => 5,
            Self::RecordLost => 6,
        }
    }

    /// This reason, or the earlier one if its rank is not lower.
    pub(super) fn or(self, earlier: Option<Self>) -> Self {
        earlier
            .filter(|earlier| earlier.rank() >= self.rank())
            .unwrap_or(self)
    }

    /// What results show for members that were never sent.
    pub(super) fn not_sent_reason(self) -> String {
        match self {
            Self::Signal(signal) => format!("not sent: stopped by {}", signal.name()),
            Self::Credentials => "not sent: the service rejected the credentials".into(),
            Self::Deadline => "not sent: the deadline has passed".into(),
            Self::FeedLost => "not sent: the reading of the feed failed".into(),
            Self::MaxFailures => "not sent: too many members were refused".into(),
            Self::OutputClosed => "not sent: the output was closed".into(),
            Self::RecordLost => "not sent: a record could not be kept".into(),
        }
    }
}

/// The counts of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    members: [u64; Outcome::ALL.len()],
    /// Requests that were sent.
    pub(crate) requests: u64,
    /// Those of them that repeated a failed one.
    pub(crate) retries: u64,
    /// Members that were found absent after a request for a larger batch got
    /// one answer for all: that request may have removed some of them.
    pub(crate) maybe_removed: u64,
    /// Members that were settled without another request because the job was
    /// stopped.
    pub(crate) given_up: u64,
}

impl Tally {
    #[cfg(test)]
    pub(crate) fn with_counts(members: [u64; Outcome::ALL.len()]) -> Self {
        Self {
            members,
            ..Self::default()
        }
    }

    /// Members with this outcome.
    pub(crate) fn count(&self, outcome: Outcome) -> u64 {
        self.members[outcome as usize]
    }

    /// All settled members.
    pub(crate) fn total(&self) -> u64 {
        self.members.iter().sum()
    }

    /// Settled members, without those that a stop left: the progress of the job.
    pub(crate) fn processed(&self) -> u64 {
        self.total() - self.given_up
    }

    /// Counts a row of a live feed that names no member.
    pub(super) fn add_bad_row(&mut self) {
        self.members[Outcome::Refused as usize] += 1;
    }

    /// Counts a member that an earlier run settled.
    pub(super) fn add_resumed(&mut self, outcome: Outcome) {
        self.members[outcome as usize] += 1;
    }

    /// The members of both tallies. Requests are those of this one only.
    #[must_use]
    pub(crate) fn with_members_of(&self, earlier: &Self) -> Self {
        let mut both = self.clone();
        for (sum, more) in both.members.iter_mut().zip(earlier.members) {
            *sum += more;
        }
        both
    }

    pub(super) fn add(&mut self, settled: &Settled) {
        self.members[settled.outcome as usize] += settled.members.len() as u64;
    }

    /// Counts the members of a plan of this size that have no outcome as unknown, and
    /// returns their number. An engine without a defect leaves none.
    pub(crate) fn add_lost(&mut self, planned: u64) -> u64 {
        let lost = planned.saturating_sub(self.total());
        self.members[Outcome::Unknown as usize] += lost;
        lost
    }

    /// Members for which the action succeeded.
    pub(crate) fn successes(&self, action: Action) -> u64 {
        let outcomes = [Outcome::Done, Outcome::Gone].into_iter();
        let done = outcomes.filter(|outcome| outcome.is_success(action, false));
        done.map(|outcome| self.count(outcome)).sum()
    }

    /// The exit code. If several apply, the first of 7, 129/130/143, 4, 5, 6, 1
    /// wins.
    pub(crate) fn exit(&self, action: Action, stop: Option<Stop>, ignore_absent: bool) -> Exit {
        match stop {
            Some(Stop::RecordLost) => return Exit::Record,
            Some(Stop::Signal(signal)) => return Exit::Interrupted(signal),
            Some(Stop::Credentials) => return Exit::Credentials,
            Some(Stop::MaxFailures) if self.count(Outcome::Unknown) == 0 => return Exit::Partial,
            // A live feed may have had more rows.
            Some(Stop::Deadline | Stop::FeedLost) => return Exit::Unreachable,
            Some(Stop::MaxFailures | Stop::OutputClosed) | None => {}
        }
        // An absent member that is ignored is neither a success nor a failure.
        let removed = self.successes(action);
        let absences = [Outcome::Gone, Outcome::Absent].into_iter();
        let absent = absences.filter(|outcome| !outcome.is_success(action, ignore_absent));
        let absent: u64 = absent.map(|outcome| self.count(outcome)).sum();
        let failed = self.count(Outcome::Refused) + absent;
        let open = self.count(Outcome::Unknown) + self.count(Outcome::Unsent);
        match (open, failed, removed) {
            (1.., ..) => Exit::Unreachable,
            (0, 0, _) => Exit::Done,
            (0, _, 0) => Exit::Refused,
            (0, _, _) => Exit::Partial,
        }
    }
}

#[cfg(test)]
#[path = "outcome_tests.rs"]
mod tests;
