//! Splitting: a batch that got one answer for all its members is halved until
//! every member has an answer of its own. Where many members were absent lately, it
//! is taken apart into single members at once.
//!
//! When all parts of a batch are settled, their outcomes together show what the
//! answer to the whole batch meant, for its own members and for other batches of
//! the same group.

use std::collections::{HashMap, HashSet};

use super::batch::{Batch, Tries};
use super::outcome::{Outcome, Settled};
use crate::api::codes::{INVALID_PARAMETER, NOT_A_MEMBER};
use crate::room::UserId;

/// From this share of absent members on, single requests cost less than halving.
/// Of a batch of 20 with an absent member, halving takes as many requests on average
/// after the first one as the table says; singles always take 20.
///
/// | absent | 1 % | 5 % | 10 % | 15 % | 20 % | 25 % | 50 % | 100 % |
/// |---|---|---|---|---|---|---|---|---|
/// | halving | 9.3 | 11.5 | 14.6 | 17.8 | 20.8 | 23.6 | 32.8 | 38 |
///
/// The costs are equal at 19 %. The share is an estimate, so there is a margin: at
/// 15 % a wrong choice costs an eighth, at 25 % a sixth.
const SINGLES_FROM: f64 = 0.25;

/// The share is estimated from so many members at least. Three batches: a single one
/// may be an exception.
const FEWEST_MEMBERS: f64 = 60.0;

/// The share is estimated from about the last 100 to 200 members. With 200, a true
/// share of 15 % is taken for 25 % less than once in 10,000 times.
const MOST_MEMBERS: f64 = 200.0;

/// The groups whose shares are remembered. A live feed may bring millions of groups;
/// when there are more than this, all are forgotten.
const MOST_GROUPS: usize = 10_000;

/// The batches that are being split, and what splits have shown so far.
#[derive(Debug, Default)]
pub(super) struct Splits {
    latest_id: u64,
    open: HashMap<u64, OpenSplit>,
    /// Groups whose room or reason the service rejects.
    rejected_groups: HashSet<u64>,
    /// Groups in which the service rejected single members. Another batch of the
    /// group with the same answer is probably of that kind: it need not wait.
    member_level_groups: HashSet<u64>,
    /// Batches with `INVALID_PARAMETER` while another batch of their group is
    /// being split for the same code. Its result decides about them, too.
    waiting: HashMap<u64, Vec<Batch>>,
    /// Of the groups in which a member was absent.
    absences: HashMap<u64, Absences>,
    /// Of all groups.
    all_absences: Absences,
}

/// The members of a group that were settled lately.
#[derive(Debug, Default)]
struct Absences {
    members: f64,
    absent: f64,
}

/// A batch of which some members are not settled yet.
#[derive(Debug)]
struct OpenSplit {
    group: u64,
    /// The code that the whole batch got.
    code: i64,
    unsettled: usize,
    /// Every member so far was rejected by `INVALID_PARAMETER` alone.
    all_invalid: bool,
    /// The service accepted the room and the reason for some member.
    any_valid: bool,
    absent: usize,
    /// A member was removed after a request with it was answered that some
    /// member is absent: so such an answer means that nobody was removed.
    is_atomic: bool,
}

/// What to do with a batch that got one answer for all its members.
#[derive(Debug)]
pub(super) enum SplitDecision {
    /// Send these instead, in this order.
    Parts(Vec<Batch>),
    /// All members are refused: the service rejects the room or the reason.
    Refused(Box<Batch>),
    /// Nothing now: a later [`FinishedSplit`] returns the batch.
    Wait,
}

/// What is known once all members of a split batch are settled.
#[derive(Debug, Default)]
pub(super) struct FinishedSplit {
    /// Members found absent that the request for the whole batch may have
    /// removed.
    pub(super) maybe_removed: usize,
    /// Batches that waited for this result; decide about them again.
    pub(super) released: Vec<Batch>,
}

impl Splits {
    /// Decides about a batch of two or more members that got `code` for all.
    pub(super) fn decide(&mut self, batch: Batch, code: i64) -> SplitDecision {
        if code == INVALID_PARAMETER {
            if self.rejected_groups.contains(&batch.group) {
                return SplitDecision::Refused(Box::new(batch));
            }
            let may_wait =
                batch.split.is_none() && !self.member_level_groups.contains(&batch.group);
            if may_wait && self.is_group_open(batch.group) {
                self.waiting.entry(batch.group).or_default().push(batch);
                return SplitDecision::Wait;
            }
        }
        let batch = self.mark(batch, code);
        let into_singles = code == NOT_A_MEMBER && self.takes_apart(batch.group);
        SplitDecision::Parts(if into_singles {
            parts(batch, 1)
        } else {
            let half = batch.members.len().div_ceil(2);
            parts(batch, half)
        })
    }

    /// Whether a batch of this group is taken apart into single members.
    pub(super) fn takes_apart(&self, group: u64) -> bool {
        self.absences.get(&group).is_some_and(Absences::are_many)
    }

    /// Whether the share of absent members of a group is not known yet, and will be
    /// when so many more members are settled.
    #[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52 members")]
    pub(super) fn will_know_more(&self, group: u64, members: usize) -> bool {
        let known = self.absences.get(&group);
        let known = known.map_or(0.0, |absences| absences.members);
        known < FEWEST_MEMBERS && known + members as f64 >= FEWEST_MEMBERS
    }

    /// Requests that splitting these batches of a group takes, as far as the members
    /// that were settled lately show. 0 if they are too few.
    pub(super) fn expected_requests(&self, group: u64, batches: usize, members: usize) -> usize {
        let share = self.all_absences.share();
        match share {
            _ if self.takes_apart(group) => members,
            Some(share) if batches > 0 => batches * halving(members / batches, share),
            _ => 0,
        }
    }

    /// Notes that a batch was answered with one code for all, and that its members
    /// are settled together.
    fn mark(&mut self, mut batch: Batch, code: i64) -> Batch {
        batch.answered_only_together = true;
        batch.got_absent_answer |= code == NOT_A_MEMBER;
        if batch.split.is_none() {
            batch.split = Some(self.open_split(&batch, code));
        }
        batch
    }

    /// Notes that a batch was answered [`NOT_A_MEMBER`], before it is decided whether
    /// it is split.
    pub(super) fn mark_absent(&mut self, batch: Batch) -> Batch {
        self.mark(batch, NOT_A_MEMBER)
    }

    /// Members of this batch are still in the room after such an answer: it has
    /// removed nobody.
    pub(super) fn mark_atomic(&mut self, batch: &Batch) {
        let open = batch.split.and_then(|id| self.open.get_mut(&id));
        if let Some(open) = open.filter(|_| batch.got_absent_answer) {
            open.is_atomic = true;
        }
    }

    /// Counts the outcome of members, of a split or not. An absence that a member
    /// list shows took no request: it counts only for the share of all groups.
    pub(super) fn count(&mut self, group: u64, part: &Settled) {
        let code = part.last_answer.error_code();
        let is_absent = part.outcome == Outcome::Absent && code == Some(NOT_A_MEMBER);
        let is_known = self.absences.contains_key(&group);
        let is_out = matches!(part.outcome, Outcome::Absent | Outcome::Gone);
        if is_out || part.outcome == Outcome::Done {
            self.all_absences.add(part.members.len(), is_out);
        }
        if (!is_absent && !is_known) || code.is_none() {
            return;
        }
        if !is_known && self.absences.len() >= MOST_GROUPS {
            self.absences.clear();
        }
        let absences = self.absences.entry(group).or_default();
        absences.add(part.members.len(), is_absent);
    }

    /// Counts settled members of a split. `got_absent_answer` is the field of
    /// their batch. Returns what the split has shown when they were the last.
    pub(super) fn settled(
        &mut self,
        split: Option<u64>,
        got_absent_answer: bool,
        part: &Settled,
    ) -> Option<FinishedSplit> {
        let id = split?;
        let open = self.open.get_mut(&id)?;
        open.add(part, got_absent_answer);
        if open.unsettled > 0 {
            return None;
        }
        let split = self.open.remove(&id)?;
        let was_invalid = split.code == INVALID_PARAMETER;
        if split.all_invalid {
            self.rejected_groups.insert(split.group);
        } else if was_invalid && split.any_valid {
            self.member_level_groups.insert(split.group);
        }
        let released = was_invalid
            .then(|| self.waiting.remove(&split.group))
            .flatten();
        Some(FinishedSplit {
            maybe_removed: if split.is_atomic { 0 } else { split.absent },
            released: released.unwrap_or_default(),
        })
    }

    /// Takes one of the waiting batches, when nothing more will be sent.
    pub(super) fn take_waiting(&mut self) -> Option<Batch> {
        let group = *self.waiting.keys().next()?;
        let batches = self.waiting.get_mut(&group)?;
        let batch = batches.pop();
        if batches.is_empty() {
            self.waiting.remove(&group);
        }
        batch.map(|batch| Batch {
            answered_only_together: true,
            ..batch
        })
    }

    /// Whether a batch of this group is being split for `INVALID_PARAMETER`.
    fn is_group_open(&self, group: u64) -> bool {
        self.open
            .values()
            .any(|split| split.group == group && split.code == INVALID_PARAMETER)
    }

    fn open_split(&mut self, batch: &Batch, code: i64) -> u64 {
        self.latest_id += 1;
        let split = OpenSplit {
            group: batch.group,
            code,
            unsettled: batch.members.len(),
            all_invalid: true,
            any_valid: false,
            absent: 0,
            is_atomic: false,
        };
        self.open.insert(self.latest_id, split);
        self.latest_id
    }
}

impl OpenSplit {
    fn add(&mut self, part: &Settled, got_absent_answer: bool) {
        self.unsettled -= part.members.len();
        // Members whose tries ran out carry the code of the whole batch, which
        // is not an answer about them. Their outcome is not refused.
        let is_invalid = part.outcome == Outcome::Refused
            && part.last_answer.error_code() == Some(INVALID_PARAMETER);
        self.all_invalid &= part.members.len() == 1 && is_invalid;
        self.any_valid |= matches!(
            part.outcome,
            Outcome::Done | Outcome::Gone | Outcome::Absent
        );
        self.is_atomic |= got_absent_answer && part.outcome == Outcome::Done;
        if part.outcome == Outcome::Absent {
            self.absent += part.members.len();
        }
    }
}

impl Absences {
    #[allow(clippy::cast_precision_loss, reason = "a batch has 20 members at most")]
    fn add(&mut self, members: usize, are_absent: bool) {
        self.members += members as f64;
        self.absent += if are_absent { members as f64 } else { 0.0 };
        if self.members > MOST_MEMBERS {
            self.members /= 2.0;
            self.absent /= 2.0;
        }
    }

    fn are_many(&self) -> bool {
        self.share().is_some_and(|share| share >= SINGLES_FROM)
    }

    /// The share of absent members, if enough were settled.
    fn share(&self) -> Option<f64> {
        (self.members >= FEWEST_MEMBERS).then(|| self.absent / self.members)
    }
}

/// Requests that halving takes on average after a batch with an absent member was
/// answered, rounded down. Each member is absent with the probability `share`.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "40 requests at most"
)]
fn halving(members: usize, share: f64) -> usize {
    fn average(members: usize, present: f64) -> f64 {
        if members < 2 {
            return 0.0;
        }
        let has_absent = |members: usize| 1.0 - present.powi(i32::try_from(members).unwrap_or(20));
        let half = |half: usize| has_absent(half) * average(half, present);
        let first = members.div_ceil(2);
        2.0 + (half(first) + half(members - first)) / has_absent(members)
    }
    average(members, 1.0 - share.clamp(0.001, 1.0)).floor() as usize
}

/// Batches of `size` members with the same history and all tries left. They were never
/// sent, so they need neither a new connection nor a new signature.
fn parts(mut batch: Batch, size: usize) -> Vec<Batch> {
    batch.tries = Tries::NONE;
    let members = std::mem::take(&mut batch.members);
    let part = |members: &[UserId]| Batch {
        members: members.to_vec(),
        ..batch.clone()
    };
    members.chunks(size).map(part).collect()
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
