//! The outcomes of `journal show --outcome`. Its list is piped into kick, ban or
//! unban, so a member must not be on it whose state has changed since: refused by the
//! first run and removed by the second, banned and unbanned.
//!
//! An outcome is replaced by a later, different one of the same action, unless it was a
//! success: what failed afterwards has changed nothing. A successful ban and the end of
//! one replace each other, and a ban replaces kicks that were not successful, because
//! who is banned is not in the room any more.
//!
//! What comes later in a file, or in another one, is known only at its end. So the
//! outcomes that match are kept until then, except successful kicks: nothing replaces
//! them.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::job::Outcome;
use crate::job::journal::Record;
use crate::output::plural;
use crate::room::Action;

/// The outcomes that match, without those that were replaced.
#[derive(Default)]
pub(super) struct LatestOutcomes {
    records: Vec<(Record<'static>, Outcome)>,
    /// The members of `records` that may be replaced.
    members: HashTable<ShownMember>,
    hasher: RandomState,
    /// Members that are not printed because of a later outcome, which is not either.
    replaced: usize,
}

/// A member of a record. Its name stands there only, to save memory.
struct ShownMember {
    hash: u64,
    /// Position in [`LatestOutcomes::records`].
    record: usize,
}

impl LatestOutcomes {
    /// Adds an outcome, which is later than all before it. `is_wanted`: the filter
    /// matches it.
    pub(super) fn add(&mut self, record: Record<'_>, outcome: Outcome, is_wanted: bool) {
        for user in &record.members {
            let is_replaced = self.replace(&record, user, outcome);
            self.replaced += usize::from(is_replaced && !is_wanted);
        }
        if !is_wanted {
            return;
        }
        if (record.action, outcome) != (Action::Kick, Outcome::Done) {
            let position = self.records.len();
            for user in &record.members {
                let hash = self.hash(&record, record.action, user);
                let member = ShownMember {
                    hash,
                    record: position,
                };
                self.members
                    .insert_unique(hash, member, |member| member.hash);
            }
        }
        self.records.push((record.into_owned(), outcome));
    }

    /// Removes the outcomes of a member that this one replaces. Returns whether there
    /// were any.
    fn replace(&mut self, new: &Record<'_>, user: &str, outcome: Outcome) -> bool {
        let mut is_replaced = false;
        for action in [Action::Kick, Action::Ban, Action::Unban] {
            if self.members.is_empty() {
                break;
            }
            let hash = self.hash(new, action, user);
            while let Ok(found) = self.members.find_entry(hash, |member| {
                let (old, of_old) = &self.records[member.record];
                old.action == action
                    && replaces((new.action, outcome), (action, *of_old))
                    && old.room == new.room
                    && old.sdkappid == new.sdkappid
                    && old.members.iter().any(|name| name == user)
            }) {
                let (ShownMember { record, .. }, _) = found.remove();
                self.records[record].0.members.retain(|name| name != user);
                is_replaced = true;
            }
        }
        is_replaced
    }

    fn hash(&self, record: &Record<'_>, action: Action, user: &str) -> u64 {
        let member = (record.sdkappid, action.name(), &*record.room, user);
        self.hasher.hash_one(member)
    }

    /// How many members have a later outcome, in words.
    pub(super) fn replaced_in_words(&self) -> Option<String> {
        let they = match self.replaced {
            0 => return None,
            1 => "is not printed, because it has",
            _ => "are not printed, because they have",
        };
        let members = plural(self.replaced, "member", "members");
        Some(format!(
            "{members} {they} a later outcome; without --outcome every outcome is printed"
        ))
    }

    /// In the order in which they were added.
    pub(super) fn into_records(self) -> impl Iterator<Item = (Record<'static>, Outcome)> {
        let all = self.records.into_iter();
        all.filter(|(record, _)| !record.members.is_empty())
    }
}

/// Whether a later outcome of a member replaces an earlier one.
fn replaces(later: (Action, Outcome), earlier: (Action, Outcome)) -> bool {
    match (earlier.0, later.0) {
        (Action::Ban, Action::Unban) | (Action::Unban, Action::Ban) => later.1 == Outcome::Done,
        (Action::Kick, Action::Ban) => later.1 == Outcome::Done && earlier.1 != Outcome::Done,
        (before, after) => before == after && earlier.1 != Outcome::Done && later.1 != earlier.1,
    }
}
