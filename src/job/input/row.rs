//! A row whose values are checked.

use super::fault::Why;
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

/// Checks values; remembers the latest room and reason, which most rows share
/// with the one before.
#[derive(Debug, Default)]
pub(super) struct Checks {
    room: Option<RoomId>,
    reason: Option<Reason>,
}

impl Checks {
    /// Empty is not given.
    pub(super) fn room(&mut self, text: &str) -> Result<Option<RoomId>, Why> {
        if text.is_empty() {
            return Ok(None);
        }
        if self.room.as_ref().is_none_or(|room| room.as_str() != text) {
            let room = RoomId::parse(text).map_err(|why| Why::Room(excerpt(text), why))?;
            self.room = Some(room);
        }
        Ok(self.room.clone())
    }

    /// Empty is not given.
    pub(super) fn reason(&mut self, text: &str) -> Result<Option<Reason>, Why> {
        if text.is_empty() {
            return Ok(None);
        }
        if self
            .reason
            .as_ref()
            .is_none_or(|reason| reason.as_str() != text)
        {
            self.reason = Some(Reason::parse(text).map_err(Why::Reason)?);
        }
        Ok(self.reason.clone())
    }
}

/// The name of a member.
pub(super) fn user(text: &str) -> Result<UserId, Why> {
    UserId::parse(text).map_err(|why| Why::User(excerpt(text), why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_room_or_reason_is_not_given() {
        let mut checks = Checks::default();
        assert!(matches!(checks.room(""), Ok(None)));
        assert!(matches!(checks.reason(""), Ok(None)));
        let room = checks.room("r").expect("good").expect("given");
        assert_eq!(room.as_str(), "r");
        assert!(matches!(checks.room(""), Ok(None)), "not the one before");
        assert_eq!(
            checks.room("s").expect("good").expect("given").as_str(),
            "s"
        );
    }

    #[test]
    fn what_is_wrong_names_the_value_but_not_a_whole_reason() {
        let mut checks = Checks::default();
        let room = checks.room("房间").expect_err("no RoomId").to_string();
        assert!(room.starts_with("room \"房间\": '房' at byte 1"), "{room}");
        let reason = checks.reason(&"x".repeat(1043)).expect_err("too long");
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
