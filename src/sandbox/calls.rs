//! The calls of the room service, after the gateway has accepted them.
//!
//! Each reads its parameters from the body (100002 if one is wrong), finds its room
//! (100004) and its members (100005), in this order.

use serde_json::{Value, json};

use crate::room::UserId;

use super::answer::{CallOutput, Refusal};
use super::params::{Params, wrong};
use super::rooms::{Room, Rooms};

/// The documents' default of `Count`.
const DEFAULT_COUNT: u64 = 50;

/// Largest page of members, even for a larger `Count`: its maximum is not
/// documented, and a client must follow `Next` anyway.
const MAX_PAGE: usize = 100;

/// What one absent member does to a batch. The documents do not define it, so both
/// can be configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AbsentMode {
    /// Nobody is removed; the answer is 100005.
    #[default]
    Atomic,
    /// The present members are removed; the answer is 100005.
    Partial,
}

/// The calls of the room service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Call {
    Kick,
    Ban,
    Unban,
    Bans,
    Members,
    Info,
}

impl Call {
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

    /// Names are case-sensitive.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.name() == name)
    }
}

/// What a call reads and changes.
#[derive(Debug)]
pub(super) struct CallContext<'a> {
    pub(super) rooms: &'a mut Rooms,
    pub(super) absent: AbsentMode,
    /// The owner of every room: the administrator, who is not a member.
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
    call: Call,
    context: &mut CallContext<'_>,
    body: &[u8],
) -> Result<CallOutput, Refusal> {
    let params = Params::parse(body)?;
    match call {
        Call::Kick => kick(context, params),
        Call::Ban => ban(context, params),
        Call::Unban => unban(context, params),
        Call::Bans => bans(context, params).map(payload),
        Call::Members => members(context, params).map(payload),
        Call::Info => info(context, params).map(payload),
    }
}

fn payload(response: Value) -> CallOutput {
    CallOutput {
        response: Some(response),
        ..CallOutput::default()
    }
}

/// `kick_user_out`.
pub(super) fn kick(
    context: &mut CallContext<'_>,
    mut params: Params,
) -> Result<CallOutput, Refusal> {
    let (room, members) = (params.room()?, params.members()?);
    params.reason()?;
    params.finish()?;
    let absent = context.absent;
    let removed = remove(context.room(room.as_str())?, &members, absent)?;
    Ok(removal(removed))
}

/// `ban_room_member`: a kick with a ban. Only members can be banned; of a batch with
/// absent ones, the removed members are banned.
pub(super) fn ban(
    context: &mut CallContext<'_>,
    mut params: Params,
) -> Result<CallOutput, Refusal> {
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
    outcome.map(removal)
}

/// `unban_room_member`. The documents have no code for members that are not banned,
/// so that succeeds.
pub(super) fn unban(
    context: &mut CallContext<'_>,
    mut params: Params,
) -> Result<CallOutput, Refusal> {
    let (room, members) = (params.room()?, params.members()?);
    params.finish()?;
    let room = context.room(room.as_str())?;
    for member in &members {
        room.unban(member.as_str());
    }
    Ok(CallOutput::default())
}

fn removal(removed: Vec<String>) -> CallOutput {
    CallOutput {
        removed,
        ..CallOutput::default()
    }
}

/// Removes the members and returns the removed ones, in the order of the request.
fn remove(room: &mut Room, members: &[UserId], absent: AbsentMode) -> Result<Vec<String>, Refusal> {
    let some_absent = members.iter().any(|member| !room.has(member.as_str()));
    if some_absent && absent == AbsentMode::Atomic {
        return Err(not_a_member());
    }
    // A member that is named twice is removed once.
    let gone = members.iter().filter(|member| room.leave(member.as_str()));
    let removed = gone.map(ToString::to_string).collect();
    if some_absent {
        return Err(not_a_member().after_removing(removed));
    }
    Ok(removed)
}

/// For the whole request: no answer of the service names members.
fn not_a_member() -> Refusal {
    Refusal::new(100_005, "not a member of the room")
}

/// `get_room_member_list`. `Next` is the join number of the last member on the page,
/// so that the next page is right even if members left in between.
pub(super) fn members(context: &mut CallContext<'_>, mut params: Params) -> Result<Value, Refusal> {
    let name = params.room()?;
    let count = params.integer_or("Count", DEFAULT_COUNT, 1..=u64::from(u32::MAX))?;
    let start = join_number(&params.text_or_empty("Next")?)?;
    params.finish()?;
    let room = context.room(name.as_str())?;
    let count = usize::try_from(count).map_or(MAX_PAGE, |count| count.min(MAX_PAGE));
    let page: Vec<_> = room.members_after(start).take(count).collect();
    let last = page.last().map_or(start, |(number, _)| *number);
    let more = room.members_after(last).next().is_some();
    Ok(json!({
        "MemberList": page.iter().map(|(_, name)| member(name)).collect::<Vec<_>>(),
        "Next": if more { last.to_string() } else { String::new() },
    }))
}

/// `get_banned_member_list`. `Limit` has no documented default; here it is the
/// maximum.
pub(super) fn bans(context: &mut CallContext<'_>, mut params: Params) -> Result<Value, Refusal> {
    let name = params.room()?;
    let limit = params.integer_or("Limit", 100, 1..=100)?;
    let offset = params.integer_or("Offset", 0, 0..=u64::from(u32::MAX))?;
    params.finish()?;
    let now = context.now;
    let bans = context.room(name.as_str())?.bans(now);
    let at = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let page = bans.iter().skip(at(offset)).take(at(limit));
    let page: Vec<_> = page
        .map(|(name, until)| json!({"Member_Account": name, "BannedUntil": until}))
        .collect();
    let end = at(offset).saturating_add(page.len());
    let next = if end < bans.len() { end } else { 0 };
    Ok(json!({"BannedAccountList": page, "NextOffset": next}))
}

/// `get_room_info`.
pub(super) fn info(context: &mut CallContext<'_>, mut params: Params) -> Result<Value, Refusal> {
    let name = params.room()?;
    params.finish()?;
    let owner = context.owner;
    let room = context.room(name.as_str())?;
    Ok(json!({"RoomInfo": {
        "RoomId": name.as_str(),
        "RoomName": name.as_str(),
        "RoomType": "Conference",
        "Owner_Account": owner,
        "MaxMemberCount": 300.max(room.len()),
        "MaxSeatCount": 16,
        "IsVideoDisabled": false,
        "IsAudioDisabled": false,
        "IsMessageDisabled": false,
        "IsScreenSharingDisabled": false,
        "IsCloudRecordingDisabled": false,
        "CustomInfo": "",
        "ScheduleStartTime": 0,
        "ScheduleEndTime": 0,
        "RoomStatus": "Running",
        "IsSeatEnabled": false,
        "TakeSeatMode": "FreeToTake",
        "CreateTime": room.created,
        "MemberCount": room.len(),
    }}))
}

fn member(name: &str) -> Value {
    json!({
        "Member_Account": name,
        "NameCard": "",
        "Role": "Member",
        "Marks": [],
        "CustomInfo": "",
    })
}

/// `Next` is empty for the first page, then the value of the previous page.
fn join_number(next: &str) -> Result<u64, Refusal> {
    match next {
        "" => Ok(0),
        text => text
            .parse()
            .map_err(|_| wrong("Next", "is not a value of a previous page")),
    }
}

#[cfg(test)]
#[path = "calls_tests.rs"]
mod tests;
