//! Batches that were answered for the whole company, taken apart until every
//! member has an answer of its own, and what their parts tell together.

use std::collections::{HashMap, HashSet};

use super::batch::Batch;
use super::outcome::{Outcome, Settled};
use crate::api::codes::{INVALID_PARAMETER, NOT_A_MEMBER};

/// What is remembered of batches under division.
#[derive(Debug, Default)]
pub(super) struct Splits {
    next_root: u64,
    open: HashMap<u64, Root>,
    /// Groups whose room or reason the service refuses.
    rejected_groups: HashSet<u64>,
    /// Groups where it was single members that the service refused: the next
    /// such batch is most likely of the same kind and need not wait for others.
    member_level_groups: HashSet<u64>,
    /// Batches that got `INVALID_PARAMETER` while another of their group is
    /// being taken apart for the same: its verdict is theirs.
    waiting: HashMap<u64, Vec<Batch>>,
}

#[derive(Debug)]
struct Root {
    group: u64,
    code: i64,
    left: usize,
    all_invalid: bool,
    /// The service went as far as to look at some of them.
    any_valid: bool,
    absent: usize,
    /// Somebody was removed after an answer that somebody is no member: such an
    /// answer removes nobody.
    atomic: bool,
}

/// What to do with a batch of several that was answered for the company.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Send these instead.
    Halves(Box<(Batch, Batch)>),
    /// Every member is refused: the room or the reason is at fault.
    Refused(Box<Batch>),
    /// Nothing now; a later [`Closed`] releases it.
    Waits,
}

/// A root all of whose members are settled.
#[derive(Debug, Default)]
pub(super) struct Closed {
    /// Members that were found absent, and that an answer to more than them may
    /// have removed before.
    pub(super) maybe_removed: usize,
    /// Batches that waited for this verdict; judge them again.
    pub(super) released: Vec<Batch>,
}

impl Splits {
    /// Judges a batch of two or more that got `code` for all of them.
    pub(super) fn judge(&mut self, mut batch: Batch, code: i64) -> Verdict {
        if code == INVALID_PARAMETER {
            if self.rejected_groups.contains(&batch.group) {
                return Verdict::Refused(Box::new(batch));
            }
            let waits = batch.root.is_none() && !self.member_level_groups.contains(&batch.group);
            if waits && self.is_being_judged(batch.group) {
                self.waiting.entry(batch.group).or_default().push(batch);
                return Verdict::Waits;
            }
        }
        batch.answered_only_together = true;
        batch.was_with_absent |= code == NOT_A_MEMBER;
        if batch.root.is_none() {
            batch.root = Some(self.open_root(&batch, code));
        }
        Verdict::Halves(Box::new(halve(batch)))
    }

    /// Keeps account of settled parts of `root`.
    pub(super) fn settled(
        &mut self,
        root: Option<u64>,
        was_with_absent: bool,
        part: &Settled,
    ) -> Option<Closed> {
        let id = root?;
        let open = self.open.get_mut(&id)?;
        let alone = part.members.len() == 1;
        let code = part.last_answer.error_code();
        open.left -= part.members.len();
        // Its own answer: the code of a member whose tries failed is its batch's.
        let is_invalid = part.outcome == Outcome::Refused && code == Some(INVALID_PARAMETER);
        open.all_invalid &= alone && is_invalid;
        open.any_valid |= matches!(
            part.outcome,
            Outcome::Done | Outcome::Gone | Outcome::Absent
        );
        open.atomic |= was_with_absent && part.outcome == Outcome::Done;
        if part.outcome == Outcome::Absent {
            open.absent += part.members.len();
        }
        if open.left > 0 {
            return None;
        }
        let root = self.open.remove(&id)?;
        let judged = root.code == INVALID_PARAMETER;
        if root.all_invalid {
            self.rejected_groups.insert(root.group);
        } else if judged && root.any_valid {
            self.member_level_groups.insert(root.group);
        }
        let released = judged.then(|| self.waiting.remove(&root.group)).flatten();
        Some(Closed {
            maybe_removed: if root.atomic { 0 } else { root.absent },
            released: released.unwrap_or_default(),
        })
    }

    /// The batches that still wait, when nothing more will be sent.
    pub(super) fn abandon(&mut self) -> Option<Batch> {
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

    fn is_being_judged(&self, group: u64) -> bool {
        self.open
            .values()
            .any(|root| root.group == group && root.code == INVALID_PARAMETER)
    }

    fn open_root(&mut self, batch: &Batch, code: i64) -> u64 {
        self.next_root += 1;
        let root = Root {
            group: batch.group,
            code,
            left: batch.members.len(),
            all_invalid: true,
            any_valid: false,
            absent: 0,
            atomic: false,
        };
        self.open.insert(self.next_root, root);
        self.next_root
    }
}

/// Two batches with the same history and half the members each; both have all
/// their tries before them.
fn halve(mut batch: Batch) -> (Batch, Batch) {
    batch.tries = 0;
    let tail = batch.members.split_off(batch.members.len().div_ceil(2));
    let right = Batch {
        members: tail,
        ..batch.clone()
    };
    (batch, right)
}
