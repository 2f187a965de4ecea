//! What became of members, and what the service said about it.

use std::time::{Duration, SystemTime};

use crate::room::{Action, Reason, RoomId, UserId};

/// What became of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As asked: `removed`.
    Done,
    /// Not there any more, and an earlier attempt's answer was lost: probably
    /// our own doing.
    Gone,
    /// Was not a member.
    Absent,
    /// The service said no.
    Refused,
    /// Sent, and no usable answer.
    Unknown,
    /// Never sent, or surely without effect.
    Unsent,
}

impl Outcome {
    /// All of them, in the order in which summaries name them.
    pub const ALL: [Self; 6] = [
        Self::Done,
        Self::Gone,
        Self::Absent,
        Self::Refused,
        Self::Unknown,
        Self::Unsent,
    ];

    /// The word for it in results; what `Done` is called depends on the action.
    pub fn name(self, action: Action) -> &'static str {
        match self {
            Self::Done => action.done(),
            Self::Gone => "gone",
            Self::Absent => "absent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Unsent => "unsent",
        }
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

    /// Whether that is what was asked for. Who was not there is not banned, and
    /// whether a lost request banned somebody is not known.
    pub fn is_success(self, action: Action, ignore_absent: bool) -> bool {
        match self {
            Self::Done => true,
            Self::Gone => action == Action::Kick,
            Self::Absent => action == Action::Kick && ignore_absent,
            Self::Refused | Self::Unknown | Self::Unsent => false,
        }
    }
}

/// What is shown of the service's last answer, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastAnswer {
    /// An answer of the service, in its own words.
    Answer {
        /// "OK" or "FAIL".
        action_status: String,
        /// 0 is success.
        error_code: i64,
        /// May be empty.
        error_info: String,
        /// Missing in some gateway errors.
        request_id: Option<String>,
    },
    /// None ever came: what happened instead.
    NoAnswer(String),
}

/// An answer as results and the journal show it. Without an answer,
/// `error_info` holds what happened instead, and the others are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerFields<'a> {
    /// "OK" or "FAIL".
    pub action_status: Option<&'a str>,
    /// 0 is success.
    pub error_code: Option<i64>,
    /// May be empty.
    pub error_info: &'a str,
    /// Missing in some gateway errors.
    pub request_id: Option<&'a str>,
}

impl LastAnswer {
    /// The fields to show.
    pub fn fields(&self) -> AnswerFields<'_> {
        match self {
            Self::Answer {
                action_status,
                error_code,
                error_info,
                request_id,
            } => AnswerFields {
                action_status: Some(action_status),
                error_code: Some(*error_code),
                error_info,
                request_id: request_id.as_deref(),
            },
            Self::NoAnswer(why) => AnswerFields {
                action_status: None,
                error_code: None,
                error_info: why,
                request_id: None,
            },
        }
    }

    /// The service's code, if it answered.
    pub fn error_code(&self) -> Option<i64> {
        match self {
            Self::Answer { error_code, .. } => Some(*error_code),
            Self::NoAnswer(_) => None,
        }
    }
}

/// Members that share their fate: one line of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What was asked for.
    pub action: Action,
    /// Where.
    pub room: RoomId,
    /// Who; never empty.
    pub members: Vec<UserId>,
    /// Why.
    pub reason: Reason,
    /// What became of them.
    pub outcome: Outcome,
    /// What the service said last.
    pub last_answer: LastAnswer,
    /// Requests that named these members; 0 when none was sent.
    pub attempts: u32,
    /// From the first of those requests to the settlement.
    pub elapsed: Duration,
    /// When it was settled.
    pub time: SystemTime,
}
