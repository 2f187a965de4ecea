//! The calls that change a room: kick, ban, unban.

use crate::room::UserId;

use crate::sandbox::answer::{Granted, Refusal};
use crate::sandbox::params::Params;
use crate::sandbox::rooms::Room;

use super::{Absent, CallContext};

/// `kick_user_out`.
pub(super) fn kick(context: &mut CallContext<'_>, mut params: Params) -> Result<Granted, Refusal> {
    let (room, members) = (params.room()?, params.members()?);
    params.reason()?;
    params.finish()?;
    let absent = context.absent;
    let removed = remove(context.room(room.as_str())?, &members, absent)?;
    Ok(granted(removed))
}

/// `ban_room_member`: a kick that also keeps out. Only members can be banned;
/// of a batch with others, those are banned who are removed.
pub(super) fn ban(context: &mut CallContext<'_>, mut params: Params) -> Result<Granted, Refusal> {
    let (room, members) = (params.room()?, params.members()?);
    params.reason()?;
    let until = context.now + params.positive("Duration")?;
    params.finish()?;
    let absent = context.absent;
    let room = context.room(room.as_str())?;
    let outcome = remove(room, &members, absent);
    let removed = outcome.as_ref().unwrap_or_else(|refusal| &refusal.removed);
    for member in removed {
        room.ban(member, until);
    }
    outcome.map(granted)
}

/// `unban_room_member`. The documents name no code for somebody who is not
/// banned, so lifting no ban succeeds.
pub(super) fn unban(context: &mut CallContext<'_>, mut params: Params) -> Result<Granted, Refusal> {
    let (room, members) = (params.room()?, params.members()?);
    params.finish()?;
    let room = context.room(room.as_str())?;
    for member in &members {
        room.unban(member.as_str());
    }
    Ok(Granted::default())
}

fn granted(removed: Vec<String>) -> Granted {
    Granted {
        removed,
        ..Granted::default()
    }
}

/// Takes the members out as `absent` says; who was, in the order asked.
fn remove(room: &mut Room, members: &[UserId], absent: Absent) -> Result<Vec<String>, Refusal> {
    let strangers = members.iter().any(|member| !room.has(member.as_str()));
    if strangers && absent == Absent::Atomic {
        return Err(not_a_member());
    }
    // One named twice leaves once.
    let gone = members.iter().filter(|member| room.leave(member.as_str()));
    let removed = gone.map(ToString::to_string).collect();
    if strangers {
        return Err(not_a_member().after_removing(removed));
    }
    Ok(removed)
}

/// It speaks for the whole request: no answer of the service names members.
fn not_a_member() -> Refusal {
    Refusal::new(100_005, "not a member of the room")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abc, try_call};
    use super::super::{Absent, Command};
    use serde_json::json;

    #[test]
    fn a_kick_removes_exactly_those_named() {
        let mut rooms = abc();
        let body = json!({"RoomId": "r", "MemberList_Account": ["c", "a"], "Reason": "m"});
        let granted = try_call(Command::Kick, Absent::Atomic, &mut rooms, &body);
        assert_eq!(granted.expect("members").removed, ["c", "a"]);
        let left: Vec<_> = rooms.get("r").expect("room").after(0).collect();
        assert_eq!(left, [(2, "b")]);
    }

    #[test]
    fn atomic_one_stranger_keeps_everybody_in() {
        let mut rooms = abc();
        let body = json!({"RoomId": "r", "MemberList_Account": ["a", "x"], "Reason": "m"});
        let refusal = try_call(Command::Kick, Absent::Atomic, &mut rooms, &body).expect_err("x");
        assert_eq!((refusal.code, refusal.removed.len()), (100_005, 0));
        assert_eq!(rooms.get("r").expect("room").len(), 3);
    }

    #[test]
    fn partial_the_present_go_and_100005_is_answered() {
        let mut rooms = abc();
        let body = json!({"RoomId": "r", "MemberList_Account": ["a", "x", "b"], "Reason": "m"});
        let refusal = try_call(Command::Kick, Absent::Partial, &mut rooms, &body).expect_err("x");
        assert_eq!(refusal.code, 100_005);
        assert_eq!(refusal.removed, ["a", "b"]);
        assert_eq!(rooms.get("r").expect("room").len(), 1);
    }

    #[test]
    fn member_ids_are_case_sensitive() {
        let body = json!({"RoomId": "r", "MemberList_Account": ["A"], "Reason": "m"});
        let refusal = try_call(Command::Kick, Absent::Atomic, &mut abc(), &body);
        assert_eq!(refusal.expect_err("A is not a").code, 100_005);
    }

    #[test]
    fn one_named_twice_is_removed_once() {
        let body = json!({"RoomId": "r", "MemberList_Account": ["a", "a"], "Reason": "m"});
        let granted = try_call(Command::Kick, Absent::Atomic, &mut abc(), &body);
        assert_eq!(granted.expect("a").removed, ["a"]);
    }

    #[test]
    fn a_ban_removes_and_keeps_out() {
        let mut rooms = abc();
        let body =
            json!({"RoomId": "r", "MemberList_Account": ["a"], "Reason": "m", "Duration": 60});
        let granted = try_call(Command::Ban, Absent::Atomic, &mut rooms, &body);
        assert_eq!(granted.expect("a").removed, ["a"]);
        let room = rooms.get_mut("r").expect("room");
        assert_eq!(room.bans(1_000).get("a"), Some(&1_060));
        assert!(!room.join("a", 1_059) && room.join("a", 1_060));
    }

    #[test]
    fn a_partial_ban_bans_the_removed_only() {
        let mut rooms = abc();
        let body =
            json!({"RoomId": "r", "MemberList_Account": ["a", "x"], "Reason": "m", "Duration": 60});
        let refusal = try_call(Command::Ban, Absent::Partial, &mut rooms, &body);
        assert_eq!(refusal.expect_err("x").code, 100_005);
        let bans = rooms.get_mut("r").expect("room").bans(1_000).clone();
        assert_eq!(bans.into_keys().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn a_ban_needs_a_duration_of_whole_seconds() {
        for bad in [json!(0), json!(-1), json!("60"), json!(1.5), json!(null)] {
            let body =
                json!({"RoomId": "r", "MemberList_Account": ["a"], "Reason": "m", "Duration": bad});
            let refusal = try_call(Command::Ban, Absent::Atomic, &mut abc(), &body);
            assert_eq!(refusal.expect_err("bad").code, 100_002, "{body}");
        }
    }

    #[test]
    fn an_unban_lets_in_again_and_takes_no_reason() {
        let mut rooms = abc();
        rooms.get_mut("r").expect("room").ban("x", 2_000);
        let body = json!({"RoomId": "r", "MemberList_Account": ["x", "never"]});
        assert!(try_call(Command::Unban, Absent::Atomic, &mut rooms, &body).is_ok());
        assert!(rooms.get_mut("r").expect("room").join("x", 1_000));
        let body = json!({"RoomId": "r", "MemberList_Account": ["x"], "Reason": "m"});
        let refusal = try_call(Command::Unban, Absent::Atomic, &mut rooms, &body);
        assert_eq!(refusal.expect_err("unknown").code, 100_002);
    }
}
