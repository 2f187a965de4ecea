//! The slots that this process has reserved, and when it reserves more: pure.
//!
//! The engine asks when the next request may start; the answer is the first leased
//! slot, not before the local pace allows it. A slot that could not be used in time is
//! forfeited and not used late: the bursts of several processes would add up.
//!
//! Slots are reserved only for an engine that could start a request now, so that one
//! that is idle, or waits for answers, uses nothing of the others' rate. Leases begin
//! with one slot. While the engine uses them, the next is twice as long, and reserved
//! before the last slot of the one before. What a process forfeits because the system
//! did not let it run, it reserves once more, so that its share stays its share.

use std::collections::VecDeque;
use std::time::Duration;

use super::local::{LocalPace, catch_up_at_step, step_at};
use super::shared_timeline::{Lease, Want};

/// The engine is woken by the lease; this is only a limit.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// From one try to the next while the timeline cannot be reached.
const RETRY: Duration = Duration::from_secs(1);

/// A lease is asked for before the last slot of the one before: two slots, two calls
/// and this.
const MARGIN: Duration = Duration::from_millis(2);

/// Most time of these two slots. A slot that is reserved long before may be forfeited,
/// which costs most where there are few.
const LONGEST_LEAD: Duration = Duration::from_millis(20);

/// Most slots of a lease; the span of a lease is usually fewer.
const MAX_SIZE: u32 = 64;

/// An engine that asks so long after it was to ask was idle, and not only late.
const IDLE: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(super) struct Leases {
    /// How much time a lease should span.
    span: Duration,
    /// Slots that were not used yet.
    slots: VecDeque<Duration>,
    /// The step of the last lease.
    step: Option<Duration>,
    /// When the lease that is under way was asked for.
    asked: Option<Duration>,
    /// How long a call takes: the longest, of which older ones count less.
    call_time: Duration,
    /// When the engine was to ask again.
    awaited: Duration,
    /// Slots of the next lease, if the rates allow it.
    size: u32,
    /// The engine has started a request, and could start more since.
    is_running: bool,
    /// Forfeited slots that are to be reserved once more.
    owed: u32,
    /// While the timeline cannot be reached: when to try again.
    retry_at: Option<Duration>,
}

impl Leases {
    pub(super) fn new() -> Self {
        Self {
            span: Duration::ZERO,
            slots: VecDeque::new(),
            step: None,
            asked: None,
            call_time: Duration::ZERO,
            awaited: Duration::ZERO,
            size: 1,
            is_running: false,
            owed: 0,
            retry_at: None,
        }
    }

    /// When the next request may start, and what to reserve now. `is_ready` if it could
    /// start now but for the pace.
    pub(super) fn next_start(
        &mut self,
        now: Duration,
        local: &LocalPace,
        is_ready: bool,
    ) -> (Duration, Option<Want>) {
        let due = local.next_slot();
        if let Some(retry_at) = self.retry_at {
            let is_due = is_ready && now >= retry_at && self.asked.is_none();
            return (due, is_due.then(|| self.ask(1, now, local)));
        }
        self.forfeit(due.max(now));
        if !is_ready || now.saturating_sub(self.awaited) > IDLE {
            (self.size, self.owed, self.is_running) = (1, 0, false);
        }
        let slots = self.slots_to_ask_for(now, local).filter(|_| is_ready);
        let want = slots.map(|slots| self.ask(slots, now, local));
        let start = match self.slots.front() {
            Some(slot) => due.max(*slot),
            // The local pace is not due yet, or the lease wakes the engine.
            None => due.max(now + LONGEST_WAIT * u32::from(self.asked.is_some())),
        };
        self.awaited = start.max(now);
        (start, want)
    }

    /// A request starts now.
    pub(super) fn take(&mut self, now: Duration) {
        self.is_running = true;
        if self.slots.front().is_some_and(|slot| *slot <= now) {
            self.slots.pop_front();
        }
    }

    /// A lease that was made at `at` has come. The next one should span so much time.
    /// Returns whether the timeline was out of reach before.
    pub(super) fn add(&mut self, lease: Lease, at: Duration, span: Duration) -> bool {
        self.span = span;
        if let Some(asked) = self.asked.take() {
            self.call_time = (self.call_time * 7 / 8).max(at.saturating_sub(asked));
        }
        if self.is_running {
            self.size = (self.size * 2).min(MAX_SIZE);
        }
        self.step = Some(lease.step);
        let slots = (0..lease.slots).map(|slot| at + lease.first + lease.step * slot);
        self.slots.extend(slots);
        self.retry_at.take().is_some()
    }

    /// The timeline cannot be reached. Returns whether that is new.
    pub(super) fn fail(&mut self, now: Duration) -> bool {
        self.asked = None;
        self.slots.clear();
        self.retry_at.replace(now + RETRY).is_none()
    }

    /// Drops the slots that a request at `start` would use too late.
    fn forfeit(&mut self, start: Duration) {
        let max_late = self.step.map(catch_up_at_step).unwrap_or_default();
        while self
            .slots
            .front()
            .is_some_and(|slot| *slot + max_late < start)
        {
            self.slots.pop_front();
            self.owed = (self.owed + 1).min(self.size);
        }
    }

    fn ask(&mut self, slots: u32, now: Duration, local: &LocalPace) -> Want {
        self.asked = Some(now);
        self.owed = 0;
        let rate = local.rate_alone(now);
        Want { slots, rate }
    }

    /// None if no lease is due.
    fn slots_to_ask_for(&self, now: Duration, local: &LocalPace) -> Option<u32> {
        if self.asked.is_some() {
            return None;
        }
        let local_step = local.step(now);
        let step = self.step.unwrap_or(step_at(local.rate_alone(now)));
        let max_late = catch_up_at_step(step);
        // When the first of the new slots is wanted, and when it comes at the earliest.
        let queued = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let wanted = local.next_slot() + local_step * queued;
        let earliest = self.slots.back().map_or(now, |last| now.max(*last + step));
        let late = wanted.saturating_sub(earliest);
        if queued == 0 {
            // On time if a call takes as long as before.
            if wanted > now + self.call_time.min(max_late) {
                return None;
            }
        } else {
            let lead = (local_step * 2).min(LONGEST_LEAD) + self.call_time * 2 + MARGIN;
            if !self.is_running || earliest > now + lead || late * 2 > max_late {
                return None;
            }
        }
        // A local pace below that of the timeline uses each slot later than the one
        // before.
        let per_slot = local_step.saturating_sub(step);
        let in_time = whole_parts(max_late.saturating_sub(late), per_slot).saturating_add(1);
        let in_span = whole_parts(self.span, local_step.max(step));
        Some((self.size.min(in_span) + self.owed).min(in_time).max(1))
    }
}

/// How often `part` fits.
fn whole_parts(whole: Duration, part: Duration) -> u32 {
    let parts = whole.as_nanos().checked_div(part.as_nanos());
    parts.map_or(u32::MAX, |parts| u32::try_from(parts).unwrap_or(u32::MAX))
}

#[cfg(test)]
#[path = "leases_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "lease_rules_tests.rs"]
mod rule_tests;
