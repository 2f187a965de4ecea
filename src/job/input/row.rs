//! A row whose values are checked.

use super::problem::RowProblem;
use crate::room::{Reason, RoomId, UserId};
use crate::secret::excerpt;

/// One member, as a list names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands, counted from 1; of several lines, the first.
    pub line: u64,
    /// Where, unless that is for the caller to say.
    pub room: Option<RoomId>,
    /// Who.
    pub user: UserId,
    /// Why, unless that is for the caller to say.
    pub reason: Option<Reason>,
}

/// Parses values; remembers the latest room and reason, which most rows share
/// with the one before.
#[derive(Debug, Default)]
pub(super) struct ValueCache {
    room: Option<RoomId>,
    reason: Option<Reason>,
}

impl ValueCache {
    /// Empty is not given.
    pub(super) fn room(&mut self, text: &str) -> Result<Option<RoomId>, RowProblem> {
        if text.is_empty() {
            return Ok(None);
        }
        if self.room.as_ref().is_none_or(|room| room.as_str() != text) {
            let room = RoomId::parse(text).map_err(|why| RowProblem::Room(excerpt(text), why))?;
            self.room = Some(room);
        }
        Ok(self.room.clone())
    }

    /// Empty is not given.
    pub(super) fn reason(&mut self, text: &str) -> Result<Option<Reason>, RowProblem> {
        if text.is_empty() {
            return Ok(None);
        }
        if self
            .reason
            .as_ref()
            .is_none_or(|reason| reason.as_str() != text)
        {
            self.reason = Some(Reason::parse(text).map_err(RowProblem::Reason)?);
        }
        Ok(self.reason.clone())
    }
}

/// The name of a member.
pub(super) fn user(text: &str) -> Result<UserId, RowProblem> {
    UserId::parse(text).map_err(|why| RowProblem::User(excerpt(text), why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_room_or_reason_is_not_given() {
        let mut cache = ValueCache::default();
        assert!(matches!(cache.room(""), Ok(None)));
        assert!(matches!(cache.reason(""), Ok(None)));
        let room = cache.room("r").expect("good").expect("given");
        assert_eq!(room.as_str(), "r");
        assert!(matches!(cache.room(""), Ok(None)), "not the one before");
        assert_eq!(cache.room("s").expect("good").expect("given").as_str(), "s");
    }

    #[test]
    fn what_is_wrong_names_the_value_but_not_a_whole_reason() {
        let mut cache = ValueCache::default();
        let room = cache.room("房间").expect_err("no RoomId").to_string();
        assert!(room.starts_with("room \"房间\": '房' at byte 1"), "{room}");
        let reason = cache.reason(&"x".repeat(1043)).expect_err("too long");
        assert_eq!(
            reason.to_string(),
            "reason: 1043 of 1000 bytes; a reason has at most 1000"
        );
        let user = user(&"u".repeat(999)).expect_err("too long").to_string();
        assert!(
            user.contains("999 of 32 bytes") && user.len() < 200,
            "{user}"
        );
    }
}
