//! The calls that change who is in a room: kick, ban, unban (api.md, section 3).
//!
//! Each names 1 to 20 members. `fresh` makes a new connection even where one was
//! kept.

use std::time::SystemTime;

use super::wire::{BanRoomMember, KickUserOut, UnbanRoomMember};
use super::{Answer, Client, Error};
use crate::room::{Action, Reason, RoomId, UserId};

impl Client {
    /// Removes members from a room; they may join again at once.
    pub fn kick_user_out(
        &self,
        room: &RoomId,
        members: &[UserId],
        reason: &Reason,
        now: SystemTime,
        fresh: bool,
    ) -> Result<Answer, Error> {
        let body = KickUserOut {
            room_id: room.as_str(),
            members: names(members),
            reason: reason.as_str(),
        };
        self.call(Action::Kick.call(), &body, now, fresh)
    }

    /// Removes members from a room and keeps them out for so many seconds, at
    /// least 1.
    pub fn ban_room_member(
        &self,
        room: &RoomId,
        members: &[UserId],
        (reason, seconds): (&Reason, u32),
        now: SystemTime,
        fresh: bool,
    ) -> Result<Answer, Error> {
        let body = BanRoomMember {
            room_id: room.as_str(),
            members: names(members),
            duration: seconds,
            reason: reason.as_str(),
        };
        self.call(Action::Ban.call(), &body, now, fresh)
    }

    /// Lets members in again.
    pub fn unban_room_member(
        &self,
        room: &RoomId,
        members: &[UserId],
        now: SystemTime,
        fresh: bool,
    ) -> Result<Answer, Error> {
        let body = UnbanRoomMember {
            room_id: room.as_str(),
            members: names(members),
        };
        self.call(Action::Unban.call(), &body, now, fresh)
    }
}

fn names(members: &[UserId]) -> Vec<&str> {
    members.iter().map(UserId::as_str).collect()
}
