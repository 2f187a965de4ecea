//! Each call on a room `r` with the members a, b and c.

use super::*;

/// The result of a call with this body.
fn try_call(
    call: Call,
    absent: AbsentMode,
    rooms: &mut Rooms,
    body: &Value,
) -> Result<CallOutput, Refusal> {
    let mut context = CallContext {
        rooms,
        absent,
        owner: "administrator",
        now: 1_000,
    };
    run(call, &mut context, body.to_string().as_bytes())
}

fn abc() -> Rooms {
    let mut rooms = Rooms::default();
    let room = rooms.get_or_create("r", 900);
    assert!(["a", "b", "c"].iter().all(|name| room.join(name, 900)));
    rooms
}

#[test]
fn names_are_those_of_the_documents() {
    for call in Call::ALL {
        assert_eq!(Call::from_name(call.name()), Some(call));
    }
    assert_eq!(Call::from_name("kick"), None);
}

#[test]
fn an_unknown_room_is_100004_for_every_call() {
    let removal = json!({"RoomId": "x", "MemberList_Account": ["a"], "Reason": "m"});
    let mut ban = removal.clone();
    ban["Duration"] = 60.into();
    let bodies = [
        (Call::Kick, removal),
        (Call::Ban, ban),
        (
            Call::Unban,
            json!({"RoomId": "x", "MemberList_Account": ["a"]}),
        ),
        (Call::Bans, json!({"RoomId": "x"})),
        (Call::Members, json!({"RoomId": "x"})),
        (Call::Info, json!({"RoomId": "x"})),
    ];
    for (call, body) in bodies {
        let refusal = try_call(call, AbsentMode::Atomic, &mut abc(), &body);
        assert_eq!(refusal.expect_err("no room").code, 100_004, "{call:?}");
    }
}

#[test]
fn parameters_are_checked_before_the_room() {
    let body = json!({"RoomId": "x", "MemberList_Account": ["a"]});
    let refusal = try_call(Call::Kick, AbsentMode::Atomic, &mut abc(), &body);
    assert_eq!(refusal.expect_err("no reason").code, 100_002);
}

#[test]
fn a_kick_removes_exactly_those_named() {
    let mut rooms = abc();
    let body = json!({"RoomId": "r", "MemberList_Account": ["c", "a"], "Reason": "m"});
    let output = try_call(Call::Kick, AbsentMode::Atomic, &mut rooms, &body);
    assert_eq!(output.expect("members").removed, ["c", "a"]);
    let left: Vec<_> = rooms.get("r").expect("room").members_after(0).collect();
    assert_eq!(left, [(2, "b")]);
}

#[test]
fn atomic_one_absent_member_keeps_all_in() {
    let mut rooms = abc();
    let body = json!({"RoomId": "r", "MemberList_Account": ["a", "x"], "Reason": "m"});
    let refusal = try_call(Call::Kick, AbsentMode::Atomic, &mut rooms, &body).expect_err("x");
    assert_eq!((refusal.code, refusal.removed.len()), (100_005, 0));
    assert_eq!(rooms.get("r").expect("room").len(), 3);
}

#[test]
fn partial_removes_the_present_and_answers_100005() {
    let mut rooms = abc();
    let body = json!({"RoomId": "r", "MemberList_Account": ["a", "x", "b"], "Reason": "m"});
    let refusal = try_call(Call::Kick, AbsentMode::Partial, &mut rooms, &body).expect_err("x");
    assert_eq!(refusal.code, 100_005);
    assert_eq!(refusal.removed, ["a", "b"]);
    assert_eq!(rooms.get("r").expect("room").len(), 1);
}

#[test]
fn member_ids_are_case_sensitive() {
    let body = json!({"RoomId": "r", "MemberList_Account": ["A"], "Reason": "m"});
    let refusal = try_call(Call::Kick, AbsentMode::Atomic, &mut abc(), &body);
    assert_eq!(refusal.expect_err("A is not a").code, 100_005);
}

#[test]
fn a_member_named_twice_is_removed_once() {
    let body = json!({"RoomId": "r", "MemberList_Account": ["a", "a"], "Reason": "m"});
    let output = try_call(Call::Kick, AbsentMode::Atomic, &mut abc(), &body);
    assert_eq!(output.expect("a").removed, ["a"]);
}

#[test]
fn a_ban_removes_and_keeps_out() {
    let mut rooms = abc();
    let body = json!({"RoomId": "r", "MemberList_Account": ["a"], "Reason": "m", "Duration": 60});
    let output = try_call(Call::Ban, AbsentMode::Atomic, &mut rooms, &body);
    assert_eq!(output.expect("a").removed, ["a"]);
    let room = rooms.get_mut("r").expect("room");
    assert_eq!(room.bans(1_000).get("a"), Some(&1_060));
    assert!(!room.join("a", 1_059) && room.join("a", 1_060));
}

#[test]
fn a_partial_ban_bans_the_removed_only() {
    let mut rooms = abc();
    let body =
        json!({"RoomId": "r", "MemberList_Account": ["a", "x"], "Reason": "m", "Duration": 60});
    let refusal = try_call(Call::Ban, AbsentMode::Partial, &mut rooms, &body);
    assert_eq!(refusal.expect_err("x").code, 100_005);
    let bans = rooms.get_mut("r").expect("room").bans(1_000).clone();
    assert_eq!(bans.into_keys().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn a_ban_needs_a_duration_of_whole_seconds() {
    for bad in [json!(0), json!(-1), json!("60"), json!(1.5), json!(null)] {
        let body =
            json!({"RoomId": "r", "MemberList_Account": ["a"], "Reason": "m", "Duration": bad});
        let refusal = try_call(Call::Ban, AbsentMode::Atomic, &mut abc(), &body);
        assert_eq!(refusal.expect_err("bad").code, 100_002, "{body}");
    }
}

#[test]
fn an_unban_lets_in_again_and_takes_no_reason() {
    let mut rooms = abc();
    rooms.get_mut("r").expect("room").ban("x", 2_000);
    let body = json!({"RoomId": "r", "MemberList_Account": ["x", "never"]});
    assert!(try_call(Call::Unban, AbsentMode::Atomic, &mut rooms, &body).is_ok());
    assert!(rooms.get_mut("r").expect("room").join("x", 1_000));
    let body = json!({"RoomId": "r", "MemberList_Account": ["x"], "Reason": "m"});
    let refusal = try_call(Call::Unban, AbsentMode::Atomic, &mut rooms, &body);
    assert_eq!(refusal.expect_err("unknown").code, 100_002);
}

fn ask(rooms: &mut Rooms, call: Call, body: &Value) -> Value {
    let output = try_call(call, AbsentMode::Atomic, rooms, body).expect("output");
    output.response.expect("a payload")
}

fn code(call: Call, body: &Value) -> u32 {
    let refusal = try_call(call, AbsentMode::Atomic, &mut abc(), body);
    refusal.expect_err("refused").code
}

#[test]
fn members_come_in_pages_until_next_is_empty() {
    let mut rooms = abc();
    let first = ask(
        &mut rooms,
        Call::Members,
        &json!({"RoomId": "r", "Count": 2, "Next": ""}),
    );
    assert_eq!(first["MemberList"][1]["Member_Account"], "b");
    assert_eq!(first["MemberList"].as_array().map(Vec::len), Some(2));
    rooms.get_mut("r").expect("room").leave("a");
    let next = json!({"RoomId": "r", "Count": 2, "Next": first["Next"]});
    let second = ask(&mut rooms, Call::Members, &next);
    assert_eq!(second["MemberList"][0]["Member_Account"], "c");
    assert_eq!(second["Next"], "");
}

#[test]
fn count_is_50_by_default_and_at_most_a_page() {
    let mut rooms = Rooms::default();
    for number in 0..250 {
        rooms.get_or_create("r", 0).join(&format!("u{number}"), 0);
    }
    let body = json!({"RoomId": "r"});
    let page = ask(&mut rooms, Call::Members, &body);
    assert_eq!(page["MemberList"].as_array().map(Vec::len), Some(50));
    let page = ask(
        &mut rooms,
        Call::Members,
        &json!({"RoomId": "r", "Count": 1000}),
    );
    assert_eq!(page["MemberList"].as_array().map(Vec::len), Some(100));
    assert_eq!(page["Next"], "100");
}

#[test]
fn an_exactly_full_page_is_the_last() {
    let page = ask(
        &mut abc(),
        Call::Members,
        &json!({"RoomId": "r", "Count": 3}),
    );
    assert_eq!(page["Next"], "");
}

#[test]
fn wrong_paging_is_100002() {
    assert_eq!(
        code(Call::Members, &json!({"RoomId": "r", "Next": 1})),
        100_002
    );
    assert_eq!(
        code(Call::Members, &json!({"RoomId": "r", "Next": "x"})),
        100_002
    );
    assert_eq!(
        code(Call::Members, &json!({"RoomId": "r", "Count": 0})),
        100_002
    );
    assert_eq!(
        code(Call::Bans, &json!({"RoomId": "r", "Limit": 101})),
        100_002
    );
    assert_eq!(
        code(Call::Bans, &json!({"RoomId": "r", "Offset": "0"})),
        100_002
    );
    assert_eq!(
        code(Call::Info, &json!({"RoomId": "r", "Count": 1})),
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
        Call::Bans,
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
        Call::Bans,
        &json!({"RoomId": "r", "Limit": 2, "Offset": 2}),
    );
    assert_eq!(page["BannedAccountList"][0]["Member_Account"], "z");
    assert_eq!(page["NextOffset"], 0);
}

#[test]
fn info_counts_the_members() {
    let info = ask(&mut abc(), Call::Info, &json!({"RoomId": "r"}));
    assert_eq!(info["RoomInfo"]["MemberCount"], 3);
    assert_eq!(info["RoomInfo"]["CreateTime"], 900);
    assert_eq!(info["RoomInfo"]["Owner_Account"], "administrator");
}
