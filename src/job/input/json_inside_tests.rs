//! Objects and texts inside of a broken value of a feed. Without a room of their own they
//! would be removed from the default room, not from that of the value.

use super::feed_tests::Slow;
use super::json_skip_tests::rows_of;
use super::json_state_tests::with_one_wrong_character;
use super::{Format, Layout, Rows};

/// The good rows, as `LINE=USER` or `LINE=ROOM/USER`.
fn good(input: &str) -> Vec<String> {
    let json = || Layout::of(Some(Format::Json));
    let rows = rows_of(Rows::live(input.as_bytes(), json()));
    let slow = rows_of(Rows::live(Slow(input.as_bytes()), json()));
    assert_eq!(rows, slow, "{input:?}");
    rows.into_iter().filter(|row| row.contains('=')).collect()
}

fn object(user: &str) -> String {
    format!("{{\"Member_Account\":\"{user}\"}}")
}

/// Objects of one, two and three members, and texts, as they may be inside of a value.
fn inner_values() -> Vec<String> {
    let (a, b, c) = (object("a"), object("b"), object("c"));
    let over_lines = "{\n\"Member_Account\":\n\"d\"\n}";
    let with_list = "{\"MemberList_Account\":[\"a\",\n\"b\"]}";
    vec![
        format!("[\n{a}\n]"),
        format!("[\n{a},\n{b}\n]"),
        format!("[\n{a},\n{b},\n{c}\n]"),
        format!("[\n{a}\n,{b}\n,{c}\n]"),
        format!("[\n{a},{b},\n{c}\n]"),
        format!("[\n{a}\n,\n{b}\n]"),
        format!("[{a},{b}]"),
        format!("[{a},\n{b},\n{c}]"),
        format!("[\n{over_lines},\n{over_lines}\n]"),
        format!("[\n{a},\n\"x\",\n{b},\n\"y\"\n]"),
        format!("[\n{with_list},\n{with_list}\n]"),
        format!("[\n[\n{a},\n{b}\n],\n[\n{c}\n]\n]"),
        format!("[\n[{a},{b}],\n[{c}]\n]"),
        format!("[[\n{a},\n{b}\n],[\n{c}\n]]"),
        format!("[\n{a},\n{{\"Member_Account\" \"b\"}},\n{c}\n]"),
        format!("[\n{a},\n{{\n\"Member_Account\" \"b\"\n}},\n{c},\n{a}\n]"),
        // One of them names a room.
        format!("[\n{{\"RoomId\":\"r\",\"x\":1}},\n{b},\n{c}\n]"),
    ]
}

#[test]
fn no_object_inside_of_a_broken_value_is_a_row_without_its_room() {
    let next = "{\"Member_Account\":\"y\"}\n{\"Member_Account\":\"z\"}\n";
    for inner in inner_values() {
        for value in [
            // The fault is in a later line.
            format!("{{\"RoomId\":\"o\",\"Reason\":\"x\"\n\"Members\":\n{inner}\n}}"),
            format!("{{\n\"RoomId\":\"o\" \"Reason\":\"x\",\n\"Members\":{inner}\n}}"),
            format!("{{\n\"RoomId\":\"o\",\n\"Members\":{inner},\n\"x\" 1\n}}"),
            format!("{{\n\"RoomId\":\"o\",\n\"Reason\":\"x,\n\"Members\":{inner}\n}}"),
            // It is in the first one.
            format!("{{\"RoomId\":\"o\",,\"Members\":{inner}\n}}"),
            format!("{{\"RoomId\":\"o\" \"Reason\":\"x\",\n\"Members\":{inner}\n}}"),
            format!("{{RoomId:\"o\",\n\"Members\":\n{inner}\n}}"),
            format!("[{{\"RoomId\":\"o\",,\"Members\":{inner}\n}}]"),
            // The line of the room is torn, or its bracket is missing.
            format!("{{\"RoomId\":\"o\",\"Reason\":\"x\n\"Members\":{inner}\n}}"),
            format!(
                "{{\"RoomId\":\"o\",\"Members\":{}\n}}",
                &inner[..inner.len() - 1]
            ),
        ] {
            let rows = good(&format!("{value}\n{next}"));
            let lines = value.lines().count();
            let expected = [format!("{}=y", lines + 1), format!("{}=z", lines + 2)];
            let inner: Vec<_> = rows.iter().filter(|row| !expected.contains(row)).collect();
            assert!(inner.is_empty(), "{value}: {rows:?}");
            assert_eq!(rows.last(), Some(&expected[1]), "{value}: {rows:?}");
        }
    }
}

/// Rows that have no room follow each other in lines, without commas.
#[test]
fn one_torn_line_costs_no_other_row_of_a_feed_without_rooms() {
    let rows = "{\"Member_Account\":\"b\"}\n{\"Member_Account\":\"c\"}\n[{\"Member_Account\":\"d\"}]\n\"e\"\n";
    let row = "{\"Member_Account\":\"a\",\"x\":[{\"y\":1}]}";
    for cut in 1..row.len() {
        let found = good(&format!("{}\n{rows}", &row[..cut]));
        assert_eq!(found, ["2=b", "3=c", "4=d", "5=e"], "{}", &row[..cut]);
    }
    // And a value over lines costs one.
    let found = good(&format!("{{\n\"x\":1,\n{rows}"));
    assert_eq!(found, ["4=c", "5=d", "6=e"]);
}

/// A feed may begin in the middle of a value.
#[test]
fn an_object_after_a_comma_at_the_end_of_a_line_is_no_row_without_its_room() {
    let (a, b) = (object("a"), object("b"));
    let found = good(&format!("{a}\n,\n{b},\n{b}\n]}}\n{}\n", object("y")));
    assert_eq!(found, ["1=a", "6=y"]);
}

/// Objects of room `o` with the inner objects `u1` and more, as they may be written.
fn feeds_with_inner_objects() -> Vec<String> {
    let mut feeds = Vec::new();
    for object in [
        "{'RoomId':'o','MemberList_Account':['k'],'Who':[{'Member_Account':'u1'},{'Member_Account':'u2'}]}",
        "{\n  'RoomId': 'o',\n  'Who': [\n    {\n      'Member_Account': 'u1'\n    },\n    {\n      'Member_Account': 'u2'\n    }\n  ],\n  'Reason': 'x'\n}",
        "{\n'Reason':'x',\n'Who':[\n{'Member_Account':'u1'},\n{'Member_Account':'u2'},\n{'Member_Account':'u3'}\n],\n'RoomId':'o'\n}",
        "{ 'RoomId' :\n'o'\n,'Who'\n:[\n{'Member_Account':'u1'}\n,{'Member_Account':'u2'}\n]\n}",
    ] {
        let object = object.replace('\'', "\"");
        feeds.push(format!("{object}\n{object}\n"));
        feeds.push(format!("[\n{object},\n{object}\n]\n"));
        feeds.push(format!("[{object},\n{object}]\n"));
    }
    feeds
}

/// Also a comma that is missing between two inner objects.
#[test]
fn after_a_fault_of_one_character_no_inner_object_is_a_row_without_its_room() {
    for feed in feeds_with_inner_objects() {
        for input in with_one_wrong_character(&feed, &["{", "}", "\"", ","]) {
            let json = Layout::of(Some(Format::Json));
            let rows = rows_of(Rows::live(input.as_bytes(), json));
            let is_wrong = rows.iter().any(|row| row.contains("=u"));
            assert!(!is_wrong, "{input}: {rows:?}");
        }
    }
}
