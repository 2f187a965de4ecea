//! Tests of the texts that are names, and of those that are not.

use super::*;

/// The text of the finding; empty if there is none.
fn user(text: &str) -> String {
    check(text, NameOf::User).map_or(String::new(), |why| why.to_string())
}

#[test]
fn ordinary_names_are_not_suspicious() {
    for name in [
        "user1",
        "0",
        "-alice",
        "a.b",
        "a@b.c",
        "@TGS#1",
        "u+1",
        "1e5",
        "12E3",
        "00123",
        "1.5",
        "v1.0",
        "nullify",
        "nancy",
        "None1",
        "NULLA",
        "user",
        "id",
        "name",
        "o'neil",
        "o'",
        "a\"b",
        "5#",
        "a/b",
        "a:b",
        "x(1)",
        "~x",
        "<b>",
        "(a)",
        "2024-01-01",
        "-",
        "e-1",
        "undefined1",
        "member",
        "a{b}",
        "=x",
        "b's",
        "100,5%",
    ] {
        let expected = if name == "100,5%" {
            "has a comma inside"
        } else {
            ""
        };
        assert_eq!(user(name), expected, "{name}");
    }
}

/// Texts with what is wrong with them.
const KINDS: &[(&str, &[&str])] = &[
    ("ends with a blank", &["user1 ", "u  "]),
    ("begins with a blank", &[" user1"]),
    ("ends with a tab", &["user1\t"]),
    ("ends with a no-break space", &["user1\u{a0}"]),
    ("ends with a zero-width space", &["user1\u{200b}"]),
    ("begins with a full-width space", &["\u{3000}user1"]),
    ("begins with a byte order mark", &["\u{feff}user1"]),
    (
        "begins with the invisible character U+200F",
        &["\u{200f}user1"],
    ),
    ("ends with a carriage return", &["user1\r"]),
    (
        "has a quote (\") at its end or start",
        &[
            "\"user1\"",
            "\"user1",
            "user1\"",
            "\"user1\",",
            "  \"user1\",",
            "\"user1\" ",
        ],
    ),
    ("has a quote (') at its end or start", &["'user1'", "'0012"]),
    ("has a quote (`) at its end or start", &["`user1`"]),
    ("has a quote (“) at its end or start", &["“user1”"]),
    ("begins with [", &["[user1", "[\"user1\"]", "[12:01] alice"]),
    ("begins with {", &["{user1,user2}", " {"]),
    ("begins with <", &["<td>user1</td>", "<@U123>"]),
    ("begins with (", &["('user1'),"]),
    ("ends with a comma", &["user1,"]),
    ("ends with a semicolon", &["user1;"]),
    (
        "has a comma inside",
        &["room-test,user1", "\"a\",\"b\"", "a,b,", "a, b"],
    ),
    ("ends with a colon", &["alice:"]),
    ("begins with @, like a mention in a chat", &["@alice"]),
    (
        "is the name of a column with its value",
        &["user=alice", "UserID=1", "room=r"],
    ),
    ("has a semicolon inside", &["a;b"]),
    ("has a tab inside", &["a\tb"]),
    ("has | inside", &["a|b"]),
    (
        "has a blank inside",
        &["room-test user1", "alice: hi", "1. user1", "user1 # spam"],
    ),
    ("begins with the list marker -", &["- user1", "- [user1]"]),
    ("begins with the list marker *", &["* user1"]),
    (
        "is a line of a drawn table",
        &["+----+", "| user1 |", "(2 rows)", "----"],
    ),
    (
        "is what a spreadsheet shows instead of the value",
        &[
            "1.23457E+11",
            "1,23457E+11",
            "1.2e-05",
            "1E+11",
            "-1.5E+03",
            "#N/A",
            "#REF!",
            "#VALUE!",
            "#NAME?",
            "#DIV/0!",
            "#####",
            "123456.0",
            "#BEZUG!",
        ],
    ),
    (
        "stands for a missing value",
        &[
            "NULL",
            "\\N",
            "null",
            "(null)",
            "NaN",
            "undefined",
            "None",
            "N/A",
        ],
    ),
    (
        "is the name of a column",
        &[
            "user_id",
            "UserID",
            "Member_Account",
            "username",
            "MemberList_Account",
        ],
    ),
];

#[test]
fn each_kind_is_recognised() {
    for (why, names) in KINDS {
        for name in *names {
            assert_eq!(user(name), *why, "{name:?}");
        }
    }
}

#[test]
fn a_name_of_two_words_is_distinguished_from_a_sentence() {
    for words in [
        "12:01 alice",
        "alice: hi",
        "a  b",
        "user1 # spam",
        "alice joined it",
        "user1 (2)",
        "user = a",
    ] {
        assert!(is_several_words(words), "{words}");
    }
    for name in ["no one", "a b", "room-test user1"] {
        assert!(!is_several_words(name), "{name}");
    }
}

#[test]
fn a_room_may_have_blanks_and_separators_inside() {
    for (name, is_bad) in [
        ("room 1", false),
        ("r,1", false),
        ("room ", true),
        ("'r'", true),
        ("1.2E+11", true),
        ("r,", true),
        ("NULL", true),
    ] {
        assert_eq!(check(name, NameOf::Room).is_some(), is_bad, "{name}");
    }
}

#[test]
fn the_names_of_columns_are_known_however_written() {
    for name in [
        "user",
        "USER",
        "User ID",
        "user-name",
        "Member_Account",
        "id",
        "uid",
        "Accounts",
    ] {
        assert!(is_user_column(name), "{name}");
    }
    for name in ["user1", "room", "identity", "", "ida"] {
        assert!(!is_user_column(name), "{name}");
    }
}

#[test]
fn words_for_a_room_are_found_in_names() {
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
        "CHATROOM_ID",
        "房间",
        "房间号",
        "channel",
        "group",
        "targetroom",
        "IMGroupID",
        "GroupId",
        "Raum",
    ] {
        assert!(has_room_word(name), "{name}");
    }
    for name in [
        "",
        "id",
        "name",
        "note",
        "roomy",
        "Zeitraum",
        "NameCard",
        "Role",
        "Outcome",
        "grouping",
        "MemberCount",
    ] {
        assert!(!has_room_word(name), "{name}");
    }
}
