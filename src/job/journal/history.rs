//! What a journal knows of each member, found by content.
//!
//! A table entry holds 14 bytes of hash, one byte of state and one for the length of a
//! ban. With the table's own byte that is 19 to 39 bytes of memory a member, and 35 measured with a
//! million members (`cargo bench --bench journal`); the names themselves would
//! take more than 100. Two members share an entry only when all 112 bits agree:
//! with a million members in the journal and a million in the plan that happens
//! in one run of 10^21. Nobody can construct such names, because every process
//! draws new hash keys.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

use hashbrown::HashTable;

use crate::job::outcome::Outcome;
use crate::room::Action;

/// What is left to do for a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberStatus {
    /// To be processed: not in the journal, refused, or never sent.
    Open,
    /// A request was sent that may have taken effect.
    InDoubt,
    /// An earlier run settled it: it is skipped.
    Settled(Outcome),
}

/// A member according to the records read so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum MemberState {
    #[default]
    Open,
    /// An intent without an outcome yet. In doubt, if no outcome follows.
    Pending,
    /// In doubt until an outcome settles the member: a later refusal shows
    /// nothing about an earlier request.
    InDoubt,
    Settled(Outcome),
}

impl MemberState {
    /// After the intent of the member's `attempt`th request in its run. The
    /// first intent of a run finds a pending one only where the run before it
    /// was killed.
    pub(super) fn after_intent(self, attempt: u32) -> Self {
        match self {
            Self::InDoubt => Self::InDoubt,
            Self::Pending if attempt <= 1 => Self::InDoubt,
            Self::Pending | Self::Open | Self::Settled(_) => Self::Pending,
        }
    }

    /// After an outcome that followed so many attempts of the same run.
    pub(super) fn after_outcome(self, action: Action, outcome: Outcome, attempts: u32) -> Self {
        let is_pending_from_earlier_run = self == Self::Pending && attempts == 0;
        if outcome.settles(action) {
            Self::Settled(outcome)
        } else if self == Self::InDoubt
            || is_pending_from_earlier_run
            || outcome == Outcome::Unknown
        {
            Self::InDoubt
        } else {
            Self::Open
        }
    }

    pub(super) fn status(self) -> MemberStatus {
        match self {
            Self::Open => MemberStatus::Open,
            Self::Pending | Self::InDoubt => MemberStatus::InDoubt,
            Self::Settled(outcome) => MemberStatus::Settled(outcome),
        }
    }
}

/// What a journal knows of its members.
#[derive(Debug, Default)]
pub struct History {
    members: HashTable<Entry>,
    hashers: [RandomState; 2],
    last_settled: Option<SystemTime>,
    /// When it was read.
    now: Option<SystemTime>,
    /// The kinds of bans. Those beyond [`MOST_BANS`] are not known.
    bans: Vec<EarlierBan>,
}

#[derive(Debug)]
struct Entry {
    hash: MemberHash,
    state: MemberState,
    /// Position in [`History::bans`], counted from 1; 0 where it is not known.
    ban: u8,
}

/// A ban that an earlier run made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EarlierBan {
    pub(crate) seconds: u32,
    /// It has ended since.
    pub(crate) is_over: bool,
}

const MOST_BANS: usize = 255;

/// A hash of action, room and user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MemberHash {
    bucket: [u8; 8],
    rest: [u8; 6],
}

impl MemberHash {
    fn bucket(self) -> u64 {
        u64::from_ne_bytes(self.bucket)
    }
}

/// The action that ends what this one has done.
pub(super) fn opposite(action: Action) -> Option<Action> {
    match action {
        Action::Ban => Some(Action::Unban),
        Action::Unban => Some(Action::Ban),
        Action::Kick => None,
    }
}

impl History {
    /// An empty one, in which bans that end before `now` are over.
    pub(super) fn at(now: SystemTime) -> Self {
        Self {
            now: Some(now),
            ..Self::default()
        }
    }

    /// What is left to do for this member.
    pub(crate) fn status(&self, action: Action, room: &str, user: &str) -> MemberStatus {
        let of = |action| {
            let entry = self.entry(action, room, user);
            entry.map_or(MemberStatus::Open, |entry| entry.state.status())
        };
        match of(action) {
            // The opposite may have ended it.
            MemberStatus::Settled(_) if opposite(action).map(of) == Some(MemberStatus::InDoubt) => {
                MemberStatus::Open
            }
            status => status,
        }
    }

    /// The ban of a member that counts as settled; None where its length is not known.
    pub(crate) fn ban(&self, room: &str, user: &str) -> Option<EarlierBan> {
        if self.bans.is_empty() {
            return None;
        }
        let position = usize::from(self.entry(Action::Ban, room, user)?.ban);
        self.bans.get(position.checked_sub(1)?).copied()
    }

    fn entry(&self, action: Action, room: &str, user: &str) -> Option<&Entry> {
        let hash = self.hash(action, room, user);
        self.members.find(hash.bucket(), |entry| entry.hash == hash)
    }

    /// Whether a member is in doubt.
    pub(crate) fn has_doubt(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|entry| entry.state.status() == MemberStatus::InDoubt)
    }

    /// How many members it holds.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it holds no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// When the last member was settled.
    pub fn last_settled(&self) -> Option<SystemTime> {
        self.last_settled
    }

    /// Memory for the members, in bytes.
    pub fn memory(&self) -> usize {
        self.members.allocation_size()
    }

    pub(in crate::job) fn add_intent(
        &mut self,
        action: Action,
        room: &str,
        user: &str,
        attempt: u32,
    ) {
        let state = &mut self.entry_mut(action, room, user).state;
        *state = state.after_intent(attempt);
    }

    /// A settled unban ends a ban, and the other way round: to ban again needs another
    /// request.
    pub(in crate::job) fn add_outcome(
        &mut self,
        action: Action,
        room: &str,
        user: &str,
        outcome: Outcome,
        attempts: u32,
    ) {
        let entry = self.entry_mut(action, room, user);
        entry.state = entry.state.after_outcome(action, outcome, attempts);
        entry.ban = 0;
        let Some(opposite) = opposite(action).filter(|_| outcome.settles(action)) else {
            return;
        };
        let hash = self.hash(opposite, room, user);
        let ended = self
            .members
            .find_mut(hash.bucket(), |entry| entry.hash == hash);
        if let Some(ended) = ended {
            ended.state = MemberState::Open;
        }
    }

    /// Adds the length of a ban, after its outcome.
    pub(super) fn add_ban(&mut self, room: &str, user: &str, seconds: u32, start: SystemTime) {
        let end = start + Duration::from_secs(seconds.into());
        let is_over = self.now.is_some_and(|now| end <= now);
        let ban = EarlierBan { seconds, is_over };
        let known = self.bans.iter().position(|known| *known == ban);
        let position = known.unwrap_or(self.bans.len());
        if position >= MOST_BANS {
            return;
        }
        if known.is_none() {
            self.bans.push(ban);
        }
        let number = u8::try_from(position + 1).unwrap_or(0);
        self.entry_mut(Action::Ban, room, user).ban = number;
    }

    pub(super) fn settled_at(&mut self, time: SystemTime) {
        self.last_settled = self.last_settled.max(Some(time));
    }

    fn entry_mut(&mut self, action: Action, room: &str, user: &str) -> &mut Entry {
        let hash = self.hash(action, room, user);
        let entry = self.members.entry(
            hash.bucket(),
            |entry| entry.hash == hash,
            |entry| entry.hash.bucket(),
        );
        let entry = entry.or_insert_with(|| Entry {
            hash,
            state: MemberState::default(),
            ban: 0,
        });
        entry.into_mut()
    }

    fn hash(&self, action: Action, room: &str, user: &str) -> MemberHash {
        let member = (action.name(), room, user);
        let [first, second] = &self.hashers;
        let [rest @ .., _, _] = second.hash_one(member).to_ne_bytes();
        MemberHash {
            bucket: first.hash_one(member).to_ne_bytes(),
            rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(steps: &[(u32, Option<Outcome>)]) -> MemberStatus {
        let step = |state: MemberState, (attempt, outcome): &(u32, Option<Outcome>)| match outcome {
            None => state.after_intent(*attempt),
            Some(outcome) => state.after_outcome(Action::Kick, *outcome, *attempt),
        };
        steps.iter().fold(MemberState::default(), step).status()
    }

    #[test]
    fn an_intent_without_outcome_is_in_doubt() {
        assert_eq!(after(&[]), MemberStatus::Open);
        assert_eq!(after(&[(1, None)]), MemberStatus::InDoubt);
        assert_eq!(
            after(&[(1, None), (1, Some(Outcome::Refused))]),
            MemberStatus::Open
        );
        let unknown = [(1, None), (1, Some(Outcome::Unknown))];
        assert_eq!(after(&unknown), MemberStatus::InDoubt);
    }

    #[test]
    fn removed_gone_and_absent_settle() {
        for outcome in [Outcome::Done, Outcome::Gone, Outcome::Absent] {
            let steps = [(1, None), (1, Some(outcome))];
            assert_eq!(after(&steps), MemberStatus::Settled(outcome));
        }
    }

    #[test]
    fn only_a_settling_outcome_ends_a_doubt() {
        let died = (1, None);
        for outcome in [Outcome::Refused, Outcome::Unsent, Outcome::Unknown] {
            let later = [died, (1, None), (1, Some(outcome))];
            assert_eq!(
                after(&later),
                MemberStatus::InDoubt,
                "{outcome:?} of a later run"
            );
            let never_sent = [died, (0, Some(outcome))];
            assert_eq!(after(&never_sent), MemberStatus::InDoubt, "{outcome:?}");
        }
        let settled = [died, (1, None), (1, Some(Outcome::Gone))];
        assert_eq!(after(&settled), MemberStatus::Settled(Outcome::Gone));
    }

    #[test]
    fn a_retry_of_the_same_run_adds_no_doubt() {
        let steps = [(1, None), (2, None), (2, Some(Outcome::Refused))];
        assert_eq!(after(&steps), MemberStatus::Open);
    }

    #[test]
    fn a_history_has_a_doubt_as_long_as_one_member_is_in_doubt() {
        let mut history = History::default();
        assert!(history.is_empty() && !history.has_doubt());
        history.add_intent(Action::Kick, "r", "a", 1);
        history.add_outcome(Action::Kick, "r", "a", Outcome::Done, 1);
        assert!(!history.is_empty() && !history.has_doubt());
        history.add_intent(Action::Kick, "r", "b", 1);
        assert!(history.has_doubt());
        history.add_outcome(Action::Kick, "r", "b", Outcome::Refused, 1);
        assert!(!history.has_doubt());
    }

    #[test]
    fn an_unban_undoes_what_a_ban_settled_and_the_other_way_round() {
        let mut history = History::default();
        let mut request = |action, user: &str, outcome| {
            history.add_intent(action, "r", user, 1);
            history.add_outcome(action, "r", user, outcome, 1);
        };
        request(Action::Ban, "a", Outcome::Done);
        request(Action::Kick, "a", Outcome::Done);
        request(Action::Unban, "a", Outcome::Done);
        request(Action::Ban, "b", Outcome::Done);
        request(Action::Unban, "c", Outcome::Done);
        request(Action::Ban, "c", Outcome::Refused);
        request(Action::Ban, "d", Outcome::Unknown);
        request(Action::Unban, "d", Outcome::Done);
        for (user, outcome) in [
            ("e", Outcome::Unsent),
            ("f", Outcome::Refused),
            ("g", Outcome::Unknown),
        ] {
            request(Action::Ban, user, Outcome::Done);
            request(Action::Unban, user, outcome);
        }
        request(Action::Ban, "h", Outcome::Done);
        request(Action::Unban, "h", Outcome::Unknown);
        request(Action::Ban, "h", Outcome::Done);
        let done = MemberStatus::Settled(Outcome::Done);
        for (action, user, status) in [
            (Action::Ban, "a", MemberStatus::Open),
            (Action::Kick, "a", done),
            (Action::Unban, "a", done),
            (Action::Ban, "b", done),
            (Action::Unban, "c", done),
            (Action::Ban, "d", MemberStatus::Open),
            (Action::Ban, "e", done),
            (Action::Ban, "f", done),
            (Action::Ban, "g", MemberStatus::Open),
            (Action::Unban, "g", MemberStatus::InDoubt),
            (Action::Ban, "h", done),
            (Action::Unban, "h", MemberStatus::Open),
        ] {
            assert_eq!(
                history.status(action, "r", user),
                status,
                "{action:?} {user}"
            );
        }
    }

    #[test]
    fn after_a_new_request_the_latest_outcome_counts() {
        let again = [(1, None), (1, Some(Outcome::Done)), (1, None)];
        assert_eq!(after(&again), MemberStatus::InDoubt);
        let again = [
            (1, None),
            (1, Some(Outcome::Done)),
            (0, Some(Outcome::Unsent)),
        ];
        assert_eq!(after(&again), MemberStatus::Open);
    }
}
