//! Sequences of JSON values: how they may be written, and every way to be wrong.

use std::io::Read;

use super::feed_tests::Slow;
use super::{Format, Layout, Rows};

pub(super) fn rows_of(input: impl Read, is_live: bool) -> Vec<String> {
    let layout = Layout::of(Some(Format::Json));
    let rows = if is_live {
        Rows::live(input, layout)
    } else {
        Rows::new(input, layout)
    };
    rows.map(|row| match row {
        Err(bad) => bad.to_string(),
        Ok(row) => {
            let room = row.room.map_or("-".into(), |room| room.to_string());
            let reason = row.reason.map_or("-".into(), |reason| reason.to_string());
            format!("{}={room}/{}/{reason}", row.line, row.user)
        }
    })
    .collect()
}

/// The rows, which do not depend on how bytes arrive.
pub(super) fn read(input: &str) -> Vec<String> {
    let rows = rows_of(input.as_bytes(), false);
    assert_eq!(rows, rows_of(Slow(input.as_bytes()), false), "{input}");
    rows
}

#[test]
fn results_are_read_back_and_other_keys_ignored() {
    let input = r#"{"RoomId":"r","MemberList_Account":["a","b"],"ActionStatus":null,"ErrorCode":100001,"ErrorInfo":"","RequestId":"Id-1","Outcome":"unsent","Attempts":6,"ElapsedMs":41,"Action":"kick","Reason":"x","Time":"2026-03-01T02:11:09Z"}

{"Member_Account":"c"}"#;
    assert_eq!(read(input), ["1=r/a/x", "1=r/b/x", "3=-/c/-"]);
}

#[test]
fn values_may_be_written_in_any_way_that_json_allows() {
    for (input, rows) in [
        (
            "{\"Member_Account\":\"a\"}{\"Member_Account\":\"b\"}",
            &["1=-/a/-", "1=-/b/-"][..],
        ),
        (
            "{\n  \"RoomId\": \"r\",\n  \"Member_Account\": \"a\"\n}\n{\n  \"Member_Account\": \"b\"\n}\n",
            &["1=r/a/-", "5=-/b/-"],
        ),
        (
            "[{\"Member_Account\":\"a\"},{\"Member_Account\":\"b\"}]",
            &["1=-/a/-", "1=-/b/-"],
        ),
        (
            "[\n  {\n    \"Member_Account\": \"a\"\n  },\n  {\n    \"Member_Account\": \"b\"\n  }\n]\n",
            &["2=-/a/-", "5=-/b/-"],
        ),
        ("[\"a\",\"b\"]", &["1=-/a/-", "1=-/b/-"]),
        ("[\n  \"a\"\n,\n\"b\" ]", &["2=-/a/-", "4=-/b/-"]),
        ("\"a\"\n\"b\"\n", &["1=-/a/-", "2=-/b/-"]),
        (
            "[]\n[\"a\"]\n\"b\"\n[ ]{\"MemberList_Account\":[\"c\"]}",
            &["2=-/a/-", "3=-/b/-", "4=-/c/-"],
        ),
        (
            "[\"a\",{\"RoomId\":\"r\",\"Member_Account\":\"b\"},\"c\"]",
            &["1=-/a/-", "1=r/b/-", "1=-/c/-"],
        ),
        ("\r\n\t [\"\\u0061\"]\r\n", &["2=-/a/-"]),
        ("", &[]),
        (" \n", &[]),
        ("[]", &[]),
    ] {
        assert_eq!(read(input), rows, "{input}");
    }
}

#[test]
fn strings_are_taken_literally() {
    let names = [
        " a ", "\"a\"", "[a]", "a,b", "user_id", "1.2E+11", "null", "a b", "#N/A",
    ];
    let input = serde_json::to_string(&names).expect("JSON");
    assert_eq!(read(&input), names.map(|name| format!("1=-/{name}/-")));
    assert_eq!(
        read(r#"{"RoomId":" r ","Member_Account":" a","Reason":" x "}"#),
        ["1= r / a/ x "]
    );
}

#[test]
fn null_and_empty_are_not_given() {
    assert_eq!(
        read(
            "{\"RoomId\":null,\"Member_Account\":\"a\",\"MemberList_Account\":null,\"Reason\":\"\"}\n{\"RoomId\":\"\",\"Member_Account\":\"a\"}"
        ),
        ["1=-/a/-", "2=-/a/-"]
    );
}

/// Values with their problems.
const BAD_VALUES: &[(&str, &str)] = &[
    (
        "{}",
        "has no member: neither Member_Account nor MemberList_Account",
    ),
    (
        r#"{"Member_Account":""}"#,
        "has no member: neither Member_Account nor MemberList_Account",
    ),
    (
        r#"{"Member_Account":null}"#,
        "has no member: neither Member_Account nor MemberList_Account",
    ),
    (
        r#"{"MemberList_Account":[]}"#,
        "has no member: neither Member_Account nor MemberList_Account",
    ),
    (
        r#"{"Member_Account":"a","MemberList_Account":["b"]}"#,
        "has both Member_Account and MemberList_Account",
    ),
    (
        r#"{"Member_Account":5}"#,
        "Member_Account is the number 5, not a text in double quotes",
    ),
    (
        r#"{"MemberList_Account":"a"}"#,
        "MemberList_Account is a single text, not an array of texts",
    ),
    (
        r#"{"MemberList_Account":["a",null]}"#,
        "MemberList_Account is an array with null, not an array of texts",
    ),
    (
        r#"{"RoomId":["r"],"Member_Account":"a"}"#,
        "RoomId is an array, not a text in double quotes",
    ),
    (
        r#"{"Member_Account":"a","Member_Account":"b"}"#,
        "has the key Member_Account twice",
    ),
    (
        r#"{"Member_Account":"a","room_id":"b"}"#,
        "unknown key \"room_id\": did you mean RoomId?",
    ),
    (
        r#"{"Member_Account":"a","RoomID":"b"}"#,
        "unknown key \"RoomID\": did you mean RoomId?",
    ),
    (
        r#"{"Member_Account":"a","reason":"b"}"#,
        "unknown key \"reason\": did you mean Reason?",
    ),
    (
        r#"{"UserID":"a","RoomId":"b"}"#,
        "unknown key \"UserID\": did you mean Member_Account?",
    ),
    (
        r#"{"user":"a"}"#,
        "unknown key \"user\": did you mean Member_Account?",
    ),
    (
        r#"{"Member_Acount":"a"}"#,
        "unknown key \"Member_Acount\": did you mean Member_Account?",
    ),
    (
        r#"{"room":"r","user":"a"}"#,
        "unknown key \"room\": did you mean RoomId?; unknown key \"user\": did you mean Member_Account?",
    ),
    (
        r#"{"RoomId":1,"Member_Account":2,"Reason":3}"#,
        "RoomId is the number 1, not a text in double quotes; Member_Account is the number 2, not a text in double quotes; Reason is the number 3, not a text in double quotes",
    ),
    (
        r#"{"RoomId":"","roomId":"o","Member_Account":"a"}"#,
        "key \"roomId\" means the same as RoomId",
    ),
    (
        r#"{"RoomId":"r","Room":"o","Member_Account":"a"}"#,
        "key \"Room\" means the same as RoomId",
    ),
    (
        r#"{"Member_Account":"a","members":["b"]}"#,
        "key \"members\" means the same as Member_Account",
    ),
    (
        r#"{"user_id":"a","Member_Account":"b"}"#,
        "key \"user_id\" means the same as Member_Account",
    ),
    (
        r#"{"user_id":"a","MemberList_Account":["b"]}"#,
        "key \"user_id\" means the same as MemberList_Account",
    ),
    (
        r#"{"Member_Account":"a","target_room":"r"}"#,
        "unknown key \"target_room\": did you mean RoomId?",
    ),
    (
        r#"{"Member_Account":"a","ChatRoomId":"r","RoomId":""}"#,
        "unknown key \"ChatRoomId\": did you mean RoomId?",
    ),
    (
        r#"{"Member_Account":"a","房间":"r"}"#,
        "unknown key \"房间\": did you mean RoomId?",
    ),
    (
        r#"{"Member_Account":"a","channel":"r","RoomId":null}"#,
        "unknown key \"channel\": did you mean RoomId?",
    ),
    (
        r#"{"Record":"journal","Version":1}"#,
        "is a record of a journal, not a list of members",
    ),
    (
        r#"{"OsUser":"root","RoomId":"r","MemberList_Account":["a"]}"#,
        "is a record of an audit file, not a list of members",
    ),
    ("5", "5 is not a JSON object, nor a UserID in double quotes"),
    (
        "null",
        "null is not a JSON object, nor a UserID in double quotes",
    ),
    (
        "'a'",
        "'a' is not a JSON object, nor a UserID in double quotes",
    ),
    ("[[\"a\"]]", "an array inside of an array is not a member"),
    ("\"\"", "user \"\": is empty; a UserID has 1 to 32 bytes"),
];

#[test]
fn an_object_that_cannot_be_used_is_bad_with_every_problem() {
    for (object, why) in BAD_VALUES {
        assert_eq!(read(object), [format!("1: {why}")], "{object}");
    }
    // Beside the right key, names of other things are ignored.
    assert_eq!(
        read(
            r#"{"Member_Account":"a","RoomId":"r","RoomName":"x","group":1,"NameCard":"x","Role":"x","name":"b","id":1}"#
        ),
        ["1=r/a/-"]
    );
    let rows = read(r#"{"MemberList_Account":["a","用户",""],"RoomId":"房"}"#);
    assert_eq!(rows.len(), 1);
    for part in ["room \"房\"", "user \"用户\"", "user \"\""] {
        assert!(rows[0].contains(part), "{rows:?}");
    }
}

#[test]
fn bad_values_leave_the_others_readable() {
    for (input, rows) in [
        ("5\n\"a\"", &["1: 5 is not", "2=-/a/-"][..]),
        (
            "no\n{\"Member_Account\":\"z\"}\n",
            &["1: no is not", "2=-/z/-"],
        ),
        (
            "[1,\"a\",tru ,\"b\"]",
            &["1: 1 is not", "1=-/a/-", "1: tru is not", "1=-/b/-"],
        ),
        (
            "{\"Member_Account\":\"a\"},\n{\"Member_Account\":\"b\"}",
            &["1=-/a/-", "1: a comma stands", "2=-/b/-"],
        ),
        (
            "{\"Member_Account\":\"a\\x\"}\n\"b\"",
            &["1: is not valid JSON: invalid escape", "2=-/b/-"],
        ),
        // Torn lines.
        (
            "{\"Member_Account\":\"a\n{\"Member_Account\":\"b\"}",
            &["1: is not valid JSON: control character", "2=-/b/-"],
        ),
        (
            "{\"RoomId\":\"a\"\n{\"Member_Account\":\"b\"}",
            &["1: is not valid JSON: expected `,` or `}`", "2=-/b/-"],
        ),
        (
            "{\"RoomId\":\"a\",\n{\"Member_Account\":\"b\"}\n{\"Member_Account\":\"c\"}",
            &["1: is not valid JSON: key must be", "2=-/b/-", "3=-/c/-"],
        ),
        (
            "{'Member_Account':\n'a'}\n{\"Member_Account\":\"b\"}",
            &["1: is not valid JSON: key must be", "3=-/b/-"],
        ),
        // The inner lines of a broken object are not members.
        (
            "{\n  \"Member_Account\": \"a\" \"x\",\n  \"Reason\": \"b\"\n}\n{\"Member_Account\":\"c\"}",
            &["1: is not valid JSON: expected", "5=-/c/-"],
        ),
        (
            "{\"Member_Account\":\"a\"} x\n\"b\"",
            &["1=-/a/-", "1: x is not", "2=-/b/-"],
        ),
    ] {
        let found = read(input);
        assert_eq!(found.len(), rows.len(), "{input}: {found:?}");
        for (found, expected) in found.iter().zip(rows) {
            assert!(found.starts_with(expected), "{input}: {found}");
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_are_found_in_every_key() {
    let input = b"{\"Member_Account\":\"a\",\"Nick\":\"\xd3\xd2\"}\n\"b\"\n";
    for rows in [rows_of(&input[..], false), rows_of(Slow(input), false)] {
        assert!(
            rows[0].starts_with("1: is not UTF-8: likely GBK"),
            "{rows:?}"
        );
        assert_eq!(rows[1..], ["2=-/b/-"]);
    }
}
