//! Why a job starts no more requests.

use crate::interrupt::Signal;

/// What ended a job before its plan did. What is in flight still finishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Asked to.
    Signal(Signal),
    /// The service rejected the credentials: going on would lead to a block.
    Credentials,
    /// `--deadline` has passed.
    Deadline,
    /// `--max-failures` members were refused.
    MaxFailures,
    /// Whoever read the results has left.
    OutputClosed,
    /// Results or records could not be written.
    RecordLost,
}

impl Stop {
    /// When several hold, the higher one is reported.
    fn rank(self) -> u8 {
        match self {
            Self::OutputClosed => 0,
            Self::MaxFailures => 1,
            Self::Deadline => 2,
            Self::Credentials => 3,
            Self::Signal(_) => 4,
            Self::RecordLost => 5,
        }
    }

    /// This one, or `other` where that goes before it.
    pub(super) fn or(self, other: Option<Self>) -> Self {
        other
            .filter(|other| other.rank() >= self.rank())
            .unwrap_or(self)
    }

    /// For members that were not asked about any more.
    pub(super) fn not_sent_reason(self) -> String {
        match self {
            Self::Signal(signal) => format!("not sent: stopped by {}", signal.name()),
            Self::Credentials => "not sent: the service rejected the credentials".into(),
            Self::Deadline => "not sent: the deadline has passed".into(),
            Self::MaxFailures => "not sent: too many members were refused".into(),
            Self::OutputClosed => "not sent: the output was closed".into(),
            Self::RecordLost => "not sent: a record could not be kept".into(),
        }
    }
}
