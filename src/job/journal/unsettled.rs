//! The members of one file that are not settled at the current line: in doubt, or
//! with an outcome that the next run of their job tries to improve. Settled members
//! are forgotten, so memory depends on what is left to do and not on the file.
//!
//! The rules are those of [`super::history`], so what is in doubt here is what the
//! next run takes for in doubt.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;

use hashbrown::HashTable;

use super::history::{MemberState, MemberStatus, opposite};
use super::reader::{FileKind, Record};
use crate::job::outcome::Outcome;
use crate::room::Action;

/// `T` is what the caller keeps with an outcome that may still be replaced.
pub(crate) struct Unsettled<T> {
    members: HashTable<OpenMember<T>>,
    hasher: RandomState,
}

struct OpenMember<T> {
    user: Box<str>,
    request: Rc<LatestRequest>,
    state: MemberState,
    note: Option<T>,
}

/// The latest request that named a member.
#[derive(Debug)]
pub(crate) struct LatestRequest {
    pub(crate) sdkappid: Option<u32>,
    pub(crate) action: Action,
    pub(crate) room: Box<str>,
    pub(crate) reason: Option<Box<str>>,
    pub(crate) attempts: Option<u32>,
    pub(crate) time: Box<str>,
    pub(crate) unix: u64,
    pub(crate) identifier: Option<Box<str>>,
}

impl LatestRequest {
    fn of(record: &Record<'_>) -> Rc<Self> {
        Rc::new(Self {
            sdkappid: record.sdkappid,
            action: record.action,
            room: (*record.room).into(),
            reason: record.reason.as_deref().map(Into::into),
            attempts: record.attempts,
            time: (*record.time).into(),
            unix: record.unix,
            identifier: record.identifier.as_deref().map(Into::into),
        })
    }

    /// As a record without an outcome, about these of its members.
    pub(crate) fn to_record<'a>(&'a self, users: &[&'a str]) -> Record<'a> {
        Record {
            kind: FileKind::Journal,
            sdkappid: self.sdkappid,
            action: self.action,
            room: Cow::Borrowed(&self.room),
            members: users.iter().copied().map(Cow::Borrowed).collect(),
            reason: self.reason.as_deref().map(Cow::Borrowed),
            action_status: None,
            error_code: None,
            error_info: Some(Cow::Borrowed("sent, and what happened is not recorded")),
            request_id: None,
            attempts: self.attempts,
            elapsed_ms: None,
            time: Cow::Borrowed(&self.time),
            unix: self.unix,
            identifier: self.identifier.as_deref().map(Cow::Borrowed),
        }
    }
}

impl<T> Default for Unsettled<T> {
    fn default() -> Self {
        Self {
            members: HashTable::new(),
            hasher: RandomState::new(),
        }
    }
}

impl<T> Unsettled<T> {
    /// Adds the members of an intent.
    pub(crate) fn add_intent(&mut self, record: &Record<'_>) {
        let request = LatestRequest::of(record);
        let attempt = record.attempts.unwrap_or(1);
        for user in &record.members {
            let entry = self.entry(record, record.action, user);
            let mut entry = entry.or_insert_with(|| OpenMember {
                user: (**user).into(),
                request: Rc::clone(&request),
                state: MemberState::default(),
                note: None,
            });
            let member = entry.get_mut();
            member.state = member.state.after_intent(attempt);
            member.request = Rc::clone(&request);
        }
    }

    /// Adds the outcome of one member of `record`. A settled unban ends the doubt about a
    /// ban, and the other way round. Returns the note about the
    /// outcome that this one replaces. A `note` is kept only where this one may be
    /// replaced as well.
    pub(crate) fn add_outcome(
        &mut self,
        record: &Record<'_>,
        user: &str,
        outcome: Outcome,
        note: Option<T>,
    ) -> Option<T> {
        use hashbrown::hash_table::Entry;
        let attempts = record.attempts.unwrap_or(1);
        if let Some(opposite) = opposite(record.action).filter(|_| outcome.settles(record.action))
            && let Entry::Occupied(mut ended) = self.entry(record, opposite, user)
        {
            let member = ended.get_mut();
            member.state = MemberState::default();
            if is_forgotten(member.state, member.note.is_some()) {
                ended.remove();
            }
        }
        let after = |state: MemberState| state.after_outcome(record.action, outcome, attempts);
        match self.entry(record, record.action, user) {
            Entry::Occupied(mut entry) => {
                let member = entry.get_mut();
                member.state = after(member.state);
                let replaced = std::mem::replace(&mut member.note, note);
                let (state, has_note) = (member.state, member.note.is_some());
                if is_forgotten(state, has_note) {
                    entry.remove();
                }
                replaced
            }
            Entry::Vacant(entry) => {
                let state = after(MemberState::default());
                if !is_forgotten(state, note.is_some()) {
                    entry.insert(OpenMember {
                        user: user.into(),
                        request: LatestRequest::of(record),
                        state,
                        note,
                    });
                }
                None
            }
        }
    }

    /// The members in doubt, by their latest request, the oldest first.
    pub(crate) fn in_doubt(&self) -> Vec<(&LatestRequest, Vec<&str>)> {
        let is_in_doubt = |member: &&OpenMember<T>| member.state.status() == MemberStatus::InDoubt;
        let mut members: Vec<_> = self.members.iter().filter(is_in_doubt).collect();
        members.sort_by_key(|member| {
            let request = &member.request;
            // The address separates requests of the same second.
            (
                request.unix,
                &request.room,
                Rc::as_ptr(request),
                &member.user,
            )
        });
        let mut requests: Vec<(&LatestRequest, Vec<&str>)> = Vec::new();
        for member in members {
            match requests.last_mut() {
                Some((last, users)) if std::ptr::eq(*last, Rc::as_ptr(&member.request)) => {
                    users.push(&member.user);
                }
                _ => requests.push((&member.request, vec![&member.user])),
            }
        }
        requests
    }

    /// A member of this record, for this action.
    fn entry(
        &mut self,
        record: &Record<'_>,
        action: Action,
        user: &str,
    ) -> hashbrown::hash_table::Entry<'_, OpenMember<T>> {
        let hasher = &self.hasher;
        let key = |app: Option<u32>, action: Action, room: &str, user: &str| {
            hasher.hash_one((app, action, room, user))
        };
        self.members.entry(
            key(record.sdkappid, action, &record.room, user),
            |member| {
                let request = &member.request;
                *member.user == *user
                    && *request.room == *record.room
                    && request.action == action
                    && request.sdkappid == record.sdkappid
            },
            |member| {
                let request = &member.request;
                key(
                    request.sdkappid,
                    request.action,
                    &request.room,
                    &member.user,
                )
            },
        )
    }
}

/// Whether a member with this state is not kept.
fn is_forgotten(state: MemberState, has_note: bool) -> bool {
    match state.status() {
        MemberStatus::Settled(_) => true,
        MemberStatus::Open => !has_note,
        MemberStatus::InDoubt => false,
    }
}
