//! Tests of formats, headers and `--columns`.

use super::*;

fn header(cells: &[&str]) -> Result<[Option<usize>; 3], HeaderProblem> {
    let columns = Columns::from_header(&cells.iter().copied())?;
    assert_eq!(columns.width(), cells.len());
    Ok([columns.room, Some(columns.user), columns.reason])
}

#[test]
fn our_names_and_the_apis_are_known_in_any_case() {
    let all = Ok([Some(0), Some(1), Some(2)]);
    assert_eq!(header(&["room", "user", "reason"]), all);
    assert_eq!(header(&["RoomId", "Member_Account", "Reason"]), all);
    assert_eq!(header(&["ROOMID", "member_account", "REASON"]), all);
    assert_eq!(header(&["user"]), Ok([None, Some(0), None]));
}

#[test]
fn other_columns_are_ignored() {
    assert_eq!(
        header(&["id", "user", "note", "room", "note"]),
        Ok([Some(3), Some(1), None])
    );
}

#[test]
fn a_column_that_resembles_a_missing_one_is_a_problem() {
    for (slip, meant) in [
        ("rooom", "room"),
        ("Rom", "room"),
        ("room_id", "room"),
        ("reson", "reason"),
    ] {
        let message = header(&["user", slip]).expect_err(slip).to_string();
        let expected = format!("unknown column {slip:?}: did you mean {meant}?");
        assert_eq!(message, expected);
    }
    assert!(header(&["user", "room", "season", "reason"]).is_ok());
    for slip in ["usr", "UserID", "user name"] {
        let message = header(&[slip, "room"]).expect_err(slip).to_string();
        assert!(message.ends_with("did you mean user?"), "{message}");
    }
}

#[test]
fn a_room_under_another_name_is_a_problem_where_no_room_is_known() {
    for name in [
        "Room (ID)",
        "Room Nr",
        "Room #",
        "rooms.id",
        "r.room_id",
        "target_room",
        "live_room_id",
        "chatroom",
        "ChatRoomId",
        "房间",
        "channel",
        "group",
    ] {
        let message = header(&["user", name]).expect_err(name).to_string();
        let expected = format!("unknown column {name:?}: did you mean room?");
        assert_eq!(message, expected);
    }
    for name in ["target_room", "channel", "Room Name", "RoomType"] {
        assert!(header(&["user", name, "room"]).is_ok(), "{name}");
    }
}

#[test]
fn a_second_column_of_the_same_meaning_is_a_problem() {
    for (cells, found, known) in [
        (["user", "user_id"], "user_id", "user"),
        (["user", "Member"], "Member", "user"),
        (["UserID", "Member_Account"], "UserID", "user"),
        (["user", "Room ID"], "Room ID", "room"),
        (["user", "rooms"], "rooms", "room"),
        (["user", "kick_reason"], "kick_reason", "reason"),
    ] {
        let cells = [cells[0], cells[1], "room", "reason"];
        let message = header(&cells).expect_err(found).to_string();
        let expected = format!("column {found:?} means the same as the column {known}");
        assert_eq!(message, expected);
    }
    for name in ["name", "id", "account", "NameCard", "Role"] {
        assert!(header(&[name, "user"]).is_ok(), "{name}");
    }
}

#[test]
fn a_column_twice_or_no_user_is_a_problem() {
    let twice = Err(HeaderProblem::Duplicate("user"));
    assert_eq!(header(&["user", "room", "Member_Account"]), twice);
    let twice = Err(HeaderProblem::Duplicate("room"));
    assert_eq!(header(&["RoomId", "user", "room"]), twice);
    let blanks = header(&["room", " user "]).expect_err("blanks are part of the name");
    assert_eq!(
        blanks.to_string(),
        "unknown column \" user \": did you mean user?"
    );
    let none = header(&["room", "person"]).expect_err("no user");
    let message = none.to_string();
    assert!(message.contains("only \"room\", \"person\";"), "{message}");
    assert!(message.contains("--columns"), "{message}");
}

#[test]
fn the_command_line_names_columns_and_ignores_some() {
    let named = |text| Columns::parse(text).map(|columns| (columns.user, columns.width));
    assert_eq!(named("room, user,reason"), Ok((1, 3)));
    assert_eq!(named("-,,Member_Account"), Ok((2, 3)));
    assert_eq!(
        named("room,usr"),
        Err(HeaderProblem::UnknownName("usr".into()))
    );
    assert!(matches!(named("room"), Err(HeaderProblem::NoUser { .. })));
    assert_eq!(named("user,user"), Err(HeaderProblem::Duplicate("user")));
}

#[test]
fn the_suffix_implies_the_format() {
    let format = |path: &str| Format::from_path(Path::new(path));
    assert_eq!(format("a/spam.csv"), Some(Format::Csv));
    assert_eq!(format("SPAM.TSV"), Some(Format::Tsv));
    assert_eq!(format("x.ndjson"), Some(Format::Json));
    assert_eq!(format("x.jsonl"), Some(Format::Json));
    assert_eq!(format("x.JSON"), Some(Format::Json));
    for other in ["x.txt", "x", "-", "csv", ".csv", "x.csv.gz"] {
        assert_eq!(format(other), None, "{other}");
    }
}

#[test]
fn every_name_is_known() {
    for format in Format::ALL {
        assert_eq!(Format::named(&format.to_string()), Some(format));
    }
    assert_eq!(Format::named("ndjson"), Some(Format::Json));
    assert_eq!(Format::named("CSV"), None);
}
