//! A timeline in memory, for tests: several sharers, a clock that the test sets, and a
//! switch that makes it unreachable.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::shared_timeline::{Lease, SharedTimeline, TimelineView, Want};
use super::timeline::Timeline;
use crate::error::Problem;
use crate::exit::Exit;

/// One sharer's view of a timeline; a clone is another sharer.
#[derive(Debug, Clone, Default)]
pub(super) struct FakeTimeline(Arc<Mutex<Shared>>);

#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) timeline: Timeline,
    /// The clock of the timeline.
    pub(super) now: Duration,
    pub(super) is_down: bool,
    /// Calls of `reserve`, failed ones included.
    pub(super) calls: usize,
}

impl FakeTimeline {
    pub(super) fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
    }
}

impl Shared {
    fn check(&self) -> Result<(), Problem> {
        let down = || Problem::new(Exit::Unreachable, "it is down", "start it");
        if self.is_down { Err(down()) } else { Ok(()) }
    }
}

impl SharedTimeline for FakeTimeline {
    fn reserve(&mut self, want: Want) -> Result<Lease, Problem> {
        let mut shared = self.shared();
        shared.calls += 1;
        shared.check()?;
        let now = shared.now;
        Ok(shared.timeline.reserve(now, want))
    }

    fn slow_down(&mut self, age: Duration) -> Result<(), Problem> {
        let mut shared = self.shared();
        shared.check()?;
        let now = shared.now;
        shared.timeline.slow_down(now, now.saturating_sub(age));
        Ok(())
    }

    fn view(&mut self) -> Result<TimelineView, Problem> {
        let shared = self.shared();
        shared.check()?;
        Ok(shared.timeline.view(shared.now, "memory".into()))
    }

    fn lease_span(&self) -> Duration {
        Duration::from_millis(50)
    }
}
