//! The calls of the room service, once the gate has let them in.
//!
//! Each takes its parameters from the body (100002 when one is wrong), finds
//! its room (100004) and its members (100005), in this order. Which calls
//! there are and what they take: api.md, section 3.

mod lists;
mod remove;

use serde_json::Value;

use super::answer::{Granted, Refusal};
use super::params::Params;
use super::rooms::{Room, Rooms};

/// What one member who is not in the room does to a batch; the documents do
/// not say, so both can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Absent {
    /// The batch fails as a whole: nobody is removed, 100005.
    #[default]
    Atomic,
    /// Those who are there are removed, and 100005 is answered all the same.
    Partial,
}

/// The calls by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Command {
    Kick,
    Ban,
    Unban,
    Bans,
    Members,
    Info,
}

impl Command {
    const ALL: [Self; 6] = [
        Self::Kick,
        Self::Ban,
        Self::Unban,
        Self::Bans,
        Self::Members,
        Self::Info,
    ];

    /// The last part of the URL's path.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Kick => "kick_user_out",
            Self::Ban => "ban_room_member",
            Self::Unban => "unban_room_member",
            Self::Bans => "get_banned_member_list",
            Self::Members => "get_room_member_list",
            Self::Info => "get_room_info",
        }
    }

    /// The call of exactly that name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }
}

/// The world a call acts on.
#[derive(Debug)]
pub(super) struct CallContext<'a> {
    pub(super) rooms: &'a mut Rooms,
    pub(super) absent: Absent,
    /// Who owns the rooms: the administrator, who is in none of them.
    pub(super) owner: &'a str,
    /// Unix seconds.
    pub(super) now: u64,
}

impl CallContext<'_> {
    fn room(&mut self, name: &str) -> Result<&mut Room, Refusal> {
        let room = self.rooms.get_mut(name);
        room.ok_or_else(|| Refusal::new(100_004, "the room does not exist"))
    }
}

/// Makes the call with this body.
pub(super) fn run(
    command: Command,
    context: &mut CallContext<'_>,
    body: &[u8],
) -> Result<Granted, Refusal> {
    let params = Params::parse(body)?;
    match command {
        Command::Kick => remove::kick(context, params),
        Command::Ban => remove::ban(context, params),
        Command::Unban => remove::unban(context, params),
        Command::Bans => lists::bans(context, params).map(payload),
        Command::Members => lists::members(context, params).map(payload),
        Command::Info => lists::info(context, params).map(payload),
    }
}

fn payload(response: Value) -> Granted {
    Granted {
        response: Some(response),
        ..Granted::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict on `body` in a world with the room `r` of a, b and c, and
    /// that world after it.
    pub(super) fn try_call(
        command: Command,
        absent: Absent,
        rooms: &mut Rooms,
        body: &Value,
    ) -> Result<Granted, Refusal> {
        let mut context = CallContext {
            rooms,
            absent,
            owner: "administrator",
            now: 1_000,
        };
        run(command, &mut context, body.to_string().as_bytes())
    }

    pub(super) fn abc() -> Rooms {
        let mut rooms = Rooms::default();
        let room = rooms.open("r", 900);
        assert!(["a", "b", "c"].iter().all(|name| room.join(name, 900)));
        rooms
    }

    #[test]
    fn names_are_the_documents() {
        for command in Command::ALL {
            assert_eq!(Command::from_name(command.name()), Some(command));
        }
        assert_eq!(Command::from_name("kick"), None);
    }

    #[test]
    fn an_unknown_room_is_100004_for_every_call() {
        use serde_json::json;
        let removal = json!({"RoomId": "x", "MemberList_Account": ["a"], "Reason": "m"});
        let mut ban = removal.clone();
        ban["Duration"] = 60.into();
        let bodies = [
            (Command::Kick, removal),
            (Command::Ban, ban),
            (
                Command::Unban,
                json!({"RoomId": "x", "MemberList_Account": ["a"]}),
            ),
            (Command::Bans, json!({"RoomId": "x"})),
            (Command::Members, json!({"RoomId": "x"})),
            (Command::Info, json!({"RoomId": "x"})),
        ];
        for (command, body) in bodies {
            let refusal = try_call(command, Absent::Atomic, &mut abc(), &body);
            assert_eq!(refusal.expect_err("no room").code, 100_004, "{command:?}");
        }
    }

    #[test]
    fn parameters_come_before_the_room() {
        let body = serde_json::json!({"RoomId": "x", "MemberList_Account": ["a"]});
        let refusal = try_call(Command::Kick, Absent::Atomic, &mut abc(), &body);
        assert_eq!(refusal.expect_err("no reason").code, 100_002);
    }
}
