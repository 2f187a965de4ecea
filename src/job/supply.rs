//! Where batches come from: a plan that is known whole, or a live feed.

use std::time::Duration;

use super::batch::Batch;
use super::batches::Batches;
use super::feed::Feed;
use super::outcome::Settled;

/// The source of a job's batches.
#[derive(Debug)]
pub(super) enum BatchSource {
    /// All of it is known.
    Plan(Batches),
    /// Rows come as they come.
    Feed(Box<Feed>),
}

impl BatchSource {
    /// Lets open batches leave whose time has come.
    pub(super) fn wake(&mut self, now: Duration) {
        if let Self::Feed(feed) = self {
            feed.wake(now);
        }
    }

    /// When the next open batch leaves.
    pub(super) fn next_leaving(&self) -> Option<Duration> {
        match self {
            Self::Plan(_) => None,
            Self::Feed(feed) => feed.next_leaving(),
        }
    }

    /// Whether a batch can be had now.
    pub(super) fn is_ready(&self) -> bool {
        match self {
            Self::Plan(plan) => !plan.is_empty(),
            Self::Feed(feed) => feed.is_ready(),
        }
    }

    /// Whether no batch will come any more.
    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Plan(plan) => plan.is_empty(),
            Self::Feed(feed) => feed.is_over(),
        }
    }

    /// The next batch.
    pub(super) fn pop(&mut self) -> Option<Batch> {
        match self {
            Self::Plan(plan) => plan.next(),
            Self::Feed(feed) => feed.pop(),
        }
    }

    /// Nothing more will be taken in.
    pub(super) fn end(&mut self) {
        if let Self::Feed(feed) = self {
            feed.end();
        }
    }

    /// Members reached their outcome.
    pub(super) fn settled(&mut self, settled: &Settled) {
        if let Self::Feed(feed) = self {
            feed.settled(settled);
        }
    }
}
