//! The calls that only look: members, bans, the room itself.

use serde_json::{Value, json};

use crate::sandbox::answer::Refusal;
use crate::sandbox::params::{Params, wrong};

use super::CallContext;

/// The documents' default of `Count`.
const DEFAULT_COUNT: u64 = 50;

/// Most members on a page, whatever `Count` asks: its maximum is undocumented,
/// and a client that trusts `Next` does not mind.
const MOST_ON_A_PAGE: usize = 100;

/// `get_room_member_list`. `Next` is the seat of the last one shown: a page
/// goes on rightly though members left in between.
pub(super) fn members(context: &mut CallContext<'_>, mut params: Params) -> Result<Value, Refusal> {
    let name = params.room()?;
    let count = params.integer_or("Count", DEFAULT_COUNT, 1..=u64::from(u32::MAX))?;
    let seat = seat(&params.text_or_empty("Next")?)?;
    params.finish()?;
    let room = context.room(name.as_str())?;
    let count = usize::try_from(count).map_or(MOST_ON_A_PAGE, |count| count.min(MOST_ON_A_PAGE));
    let page: Vec<_> = room.after(seat).take(count).collect();
    let last = page.last().map_or(seat, |(seat, _)| *seat);
    let more = room.after(last).next().is_some();
    Ok(json!({
        "MemberList": page.iter().map(|(_, name)| member(name)).collect::<Vec<_>>(),
        "Next": if more { last.to_string() } else { String::new() },
    }))
}

/// `get_banned_member_list`. `Limit` has no documented default; its maximum
/// is taken.
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

/// The first page is asked with an empty `Next`, the others with what the page
/// before returned.
fn seat(next: &str) -> Result<u64, Refusal> {
    match next {
        "" => Ok(0),
        text => text
            .parse()
            .map_err(|_| wrong("Next", "is not a value that a page returned")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abc, try_call};
    use super::super::{Absent, Command};
    use crate::sandbox::rooms::Rooms;
    use serde_json::{Value, json};

    fn ask(rooms: &mut Rooms, command: Command, body: &Value) -> Value {
        let granted = try_call(command, Absent::Atomic, rooms, body).expect("granted");
        granted.response.expect("a payload")
    }

    fn code(command: Command, body: &Value) -> u32 {
        let refusal = try_call(command, Absent::Atomic, &mut abc(), body);
        refusal.expect_err("refused").code
    }

    #[test]
    fn members_come_in_pages_until_next_is_empty() {
        let mut rooms = abc();
        let first = ask(
            &mut rooms,
            Command::Members,
            &json!({"RoomId": "r", "Count": 2, "Next": ""}),
        );
        assert_eq!(first["MemberList"][1]["Member_Account"], "b");
        assert_eq!(first["MemberList"].as_array().map(Vec::len), Some(2));
        rooms.get_mut("r").expect("room").leave("a");
        let next = json!({"RoomId": "r", "Count": 2, "Next": first["Next"]});
        let second = ask(&mut rooms, Command::Members, &next);
        assert_eq!(second["MemberList"][0]["Member_Account"], "c");
        assert_eq!(second["Next"], "");
    }

    #[test]
    fn count_is_50_unless_told_and_never_more_than_a_page() {
        let mut rooms = Rooms::default();
        for number in 0..250 {
            rooms.open("r", 0).join(&format!("u{number}"), 0);
        }
        let body = json!({"RoomId": "r"});
        let page = ask(&mut rooms, Command::Members, &body);
        assert_eq!(page["MemberList"].as_array().map(Vec::len), Some(50));
        let page = ask(
            &mut rooms,
            Command::Members,
            &json!({"RoomId": "r", "Count": 1000}),
        );
        assert_eq!(page["MemberList"].as_array().map(Vec::len), Some(100));
        assert_eq!(page["Next"], "100");
    }

    #[test]
    fn an_exactly_full_page_is_the_last() {
        let page = ask(
            &mut abc(),
            Command::Members,
            &json!({"RoomId": "r", "Count": 3}),
        );
        assert_eq!(page["Next"], "");
    }

    #[test]
    fn wrong_paging_is_100002() {
        assert_eq!(
            code(Command::Members, &json!({"RoomId": "r", "Next": 1})),
            100_002
        );
        assert_eq!(
            code(Command::Members, &json!({"RoomId": "r", "Next": "x"})),
            100_002
        );
        assert_eq!(
            code(Command::Members, &json!({"RoomId": "r", "Count": 0})),
            100_002
        );
        assert_eq!(
            code(Command::Bans, &json!({"RoomId": "r", "Limit": 101})),
            100_002
        );
        assert_eq!(
            code(Command::Bans, &json!({"RoomId": "r", "Offset": "0"})),
            100_002
        );
        assert_eq!(
            code(Command::Info, &json!({"RoomId": "r", "Count": 1})),
            100_002
        );
    }

    #[test]
    fn bans_come_in_pages_until_the_offset_is_zero() {
        let mut rooms = abc();
        let room = rooms.get_mut("r").expect("room");
        for (name, until) in [("x", 1_500), ("y", 1_600), ("z", 1_700), ("old", 1_000)] {
            room.ban(name, until);
        }
        let page = ask(
            &mut rooms,
            Command::Bans,
            &json!({"RoomId": "r", "Limit": 2, "Offset": 0}),
        );
        assert_eq!(
            page,
            json!({"BannedAccountList": [
                {"Member_Account": "x", "BannedUntil": 1_500},
                {"Member_Account": "y", "BannedUntil": 1_600},
            ], "NextOffset": 2})
        );
        let page = ask(
            &mut rooms,
            Command::Bans,
            &json!({"RoomId": "r", "Limit": 2, "Offset": 2}),
        );
        assert_eq!(page["BannedAccountList"][0]["Member_Account"], "z");
        assert_eq!(page["NextOffset"], 0);
    }

    #[test]
    fn info_counts_the_members() {
        let info = ask(&mut abc(), Command::Info, &json!({"RoomId": "r"}));
        assert_eq!(info["RoomInfo"]["MemberCount"], 3);
        assert_eq!(info["RoomInfo"]["CreateTime"], 900);
        assert_eq!(info["RoomInfo"]["Owner_Account"], "administrator");
    }
}
