//! Which members that `journal show --outcome` prints have a later outcome: refused by
//! the first run and removed by the second, banned and unbanned. Their list may be piped
//! into kick, ban or unban, so their number is reported.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::job::Outcome;
use crate::job::journal::Record;
use crate::room::Action;

/// The members that were printed, each with the outcome that was printed last.
#[derive(Debug, Default)]
pub(super) struct LaterOutcomes {
    /// By a hash of action, app, room and name, which saves memory.
    printed: HashMap<u64, PrintedMember>,
    hasher: RandomState,
}

#[derive(Debug)]
struct PrintedMember {
    outcome: Outcome,
    has_later: bool,
}

impl LaterOutcomes {
    /// Adds an outcome, which is later than all before it.
    pub(super) fn add(&mut self, record: &Record<'_>, outcome: Outcome, is_printed: bool) {
        for user in &record.members {
            for action in [Action::Kick, Action::Ban, Action::Unban] {
                let member = self.hash(record, action, user);
                if let Some(member) = self.printed.get_mut(&member) {
                    let earlier = (action, member.outcome);
                    member.has_later |= changes(earlier, (record.action, outcome));
                }
            }
            if is_printed {
                let member = self.hash(record, record.action, user);
                let has_later = false;
                self.printed
                    .insert(member, PrintedMember { outcome, has_later });
            }
        }
    }

    fn hash(&self, record: &Record<'_>, action: Action, user: &str) -> u64 {
        let member = (record.sdkappid, action.name(), &*record.room, user);
        self.hasher.hash_one(member)
    }

    /// How many members have a later outcome, in words.
    pub(super) fn in_words(&self) -> Option<String> {
        let count = self.printed.values().filter(|it| it.has_later).count();
        let they = match count {
            0 => return None,
            1 => "1 of these members has".to_owned(),
            more => format!("{more} of these members have"),
        };
        Some(format!(
            "{they} a later outcome; without --outcome every outcome is printed"
        ))
    }
}

/// Whether a later outcome says something else of a member. After a success, another try
/// has changed nothing; nor has one that was not sent, or was refused after a lost answer.
fn changes(earlier: (Action, Outcome), later: (Action, Outcome)) -> bool {
    match (earlier.0, later.0) {
        (Action::Ban, Action::Unban) | (Action::Unban, Action::Ban) => later.1 == Outcome::Done,
        (Action::Kick, Action::Ban) => later.1 == Outcome::Done && earlier.1 != Outcome::Done,
        (before, after) if before == after => match (earlier.1, later.1) {
            (Outcome::Done, _) | (_, Outcome::Unsent) | (Outcome::Unknown, Outcome::Refused) => {
                false
            }
            (before, after) => before != after,
        },
        _ => false,
    }
}
