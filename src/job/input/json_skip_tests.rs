//! After a broken JSON value: which lines belong to it, and how they are reported. A
//! name in them would be removed from another room than its own.

use std::io::Read;

use super::feed_tests::Slow;
use super::{Format, Layout, Rows};

pub(super) fn rows_of(mut rows: Rows<impl Read>) -> Vec<String> {
    std::iter::from_fn(|| rows.next_or_skipped())
        .map(|row| match row {
            Ok(row) => match row.room {
                Some(room) => format!("{}={room}/{}", row.line, row.user),
                None => format!("{}={}", row.line, row.user),
            },
            Err(bad) => bad.to_string(),
        })
        .collect()
}

fn json() -> Layout {
    Layout::of(Some(Format::Json))
}

/// Good rows as `LINE=USER` or `LINE=ROOM/USER`, what else is reported as it is.
fn feed(input: &str) -> Vec<String> {
    let rows = rows_of(Rows::live(input.as_bytes(), json()));
    let slow = rows_of(Rows::live(Slow(input.as_bytes()), json()));
    // Braces around names are found if the rest of the line has arrived.
    let (braces, key) = (
        "has names in braces, without quotes",
        "is not valid JSON: key must be a string (at its byte 2)",
    );
    let late = rows.iter().map(|row| row.replace(braces, key));
    assert_eq!(late.collect::<Vec<_>>(), slow, "{input:?}");
    rows
}

const SKIPS: &str =
    "; roomctl skips the next lines, up to one that begins with { or [{, or that closes this value";

/// One bad row, whose lines up to `last` are skipped, then the row after it.
#[track_caller]
fn check_skipped(object: &str, next: &str) {
    let lines = object.lines().count();
    let rows = feed(&format!("{object}\n{next}\n"));
    assert_eq!(rows.len(), 3, "{object:?}: {rows:?}");
    assert!(rows[0].starts_with("1: "), "{object:?}: {rows:?}");
    assert!(rows[0].ends_with(SKIPS), "{object:?}: {rows:?}");
    let range = if lines > 2 {
        format!("2-{lines}")
    } else {
        "2".into()
    };
    let skipped = format!("{range}: skipped: part of the broken value of line 1");
    assert_eq!(rows[1], skipped, "{object:?}");
    assert_eq!(rows[2], format!("{}=y", lines + 1), "{object:?}");
}

#[test]
fn no_name_inside_of_a_broken_object_is_a_row() {
    for object in [
        // [ in a line of its own.
        "{\n\"RoomId\":\"b\"\n\"MemberList_Account\":\n[\n\"user2\"\n]\n}",
        // No comma between two names.
        "{\"RoomId\":\"b\",\n\"MemberList_Account\":[\n\"user1\"\n\"user2\"\n]}",
        // A blank line.
        "{\"RoomId\":\"b\",\"Reason\":\"x\" \"y\",\n\"MemberList_Account\": [\n\n\"user2\"\n]}",
        "{\"RoomId\":\"b\" \"MemberList_Account\":[\"user1\",\n\"user2\"\n]}",
        "{\"RoomId\":\"b\" \"Member_Account\":\n\"user2\"\n}",
        // The comma first, and keys alone.
        "{\"RoomId\":\"b\" \"MemberList_Account\":[\"user1\"\n,\"user2\"\n,\"user3\" x\n]}",
        "{ \"RoomId\"\n: \"b\"\n \"MemberList_Account\"\n: [\n\"user2\"\n]\n, \"Reason\"\n: \"x\"\n}",
        "{\r\n\t\"RoomId\": \"b\"\r\n\t\"MemberList_Account\": [\r\n\t\t\"user2\"\r\n\t]\r\n}",
        // A bracket that closes something inside of it.
        "{\n\"Note\":{\n\"x\" 1\n},\n\"MemberList_Account\":[\n\"user2\"\n],\n\"Reason\":\"x\"\n}",
        // Its own brackets are missing, or in a text.
        "{\n\"RoomId\":\"b\",\n\"MemberList_Account\":[\n\"user2\"\n\"user3\"\n}",
        "{\n\"Note\":\"}\" \"]}\",\n\"MemberList_Account\":[\n\"user2\"\n]\n}",
        "{\n\"Note\":\"a\n\"MemberList_Account\":[\n\"user2\"\n]\n}",
        // Names in braces, over two lines.
        "{user1,{user2}\nuser3}\n}",
        "{user1,[user2}\n\"user3\"\n]}",
    ] {
        check_skipped(object, "\"y\"");
        check_skipped(object, "{\"Member_Account\":\"y\"}");
    }
}

/// Also of more than 64 KiB, where they are counted as any other.
#[test]
fn a_long_line_inside_of_a_broken_object_is_skipped_as_the_others() {
    let long = "x".repeat(70_000);
    let tail = "\"MemberList_Account\":[\n\"user2\",\n\"user3\"\n]\n}";
    check_skipped(
        &format!("{{\n\"RoomId\":\"b\"\n\"Note\":\"{long}\",\n{tail}"),
        "\"y\"",
    );
    // And after a value over the limit.
    let object = format!(
        "{{\n\"Note\":\"{}\"\n\"RoomId\":\"b\",\n{tail}",
        long.repeat(17)
    );
    let rows = feed(&format!("{object}\n\"y\"\n"));
    let too_long = format!("1: is a JSON value of more than 1024 KiB{SKIPS}");
    let skipped = "2-8: skipped: part of the broken value of line 1".to_owned();
    assert_eq!(rows, [too_long, skipped, "9=y".into()]);
}

#[test]
fn a_broken_value_that_ends_in_its_line_costs_this_line_alone() {
    for line in [
        "{\"Member_Account\":\"a\",}",
        "{'Member_Account':'a'}",
        "{user1,user2}",
        "{\"Member_Account\":\"a\tb\" }",
        "{\"Member_Account\" \"a\"} {\"Member_Account\":\"b\"}",
        "\"a",
        "\"a\u{1}b\"",
        "user1\"",
        "user1]}",
        "\"Member_Account\":\"a\"}",
        "[{\"Member_Account\":\"a\",}",
        "[{\"Member_Account\":\"a\",}]",
        "}",
        "]}",
        // Lines of a log.
        "# see [1",
        ":(",
        "ERROR: cannot parse {\"a\": [1,2",
    ] {
        for next in [
            "\"y\"",
            " \"y\"",
            " {\"Member_Account\":\"y\"}",
            "\t[\"y\"]",
            "[\"y\"]",
        ] {
            let rows = feed(&format!("{line}\n{next}\n"));
            assert_eq!(rows.len(), 2, "{line:?} {next:?}: {rows:?}");
            assert!(rows[0].starts_with("1: "), "{line:?}: {rows:?}");
            assert!(!rows[0].contains("skipped"), "{line:?}: {rows:?}");
            assert_eq!(rows[1], "2=y", "{line:?} {next:?}");
        }
    }
}

#[test]
fn a_broken_row_in_an_array_ends_before_the_next_array_of_objects() {
    let row = |user: &str| format!("[{{\"Member_Account\":\"{user}\",\"Reason\":\"5 inch\"}}]");
    let broken = row("a").replace(" inch", "\" inch");
    let rows = feed(&format!("{broken}\n{}\n{}\n", row("y"), row("z")));
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].starts_with("1: is not valid JSON"), "{rows:?}");
    assert_eq!(rows[1..], ["2=y", "3=z"], "{rows:?}");
}

#[test]
fn a_row_that_was_cut_short_ends_before_the_next_line_with_a_brace() {
    let row = "{\"RoomId\":\"b\",\"MemberList_Account\":[\"u1\",\"u2\"],\"Note\":{\"x\":[1]}}";
    for cut in 1..row.len() {
        let torn = &row[..cut];
        for next in [
            "{\"Member_Account\":\"y\"}\n{\"Member_Account\":\"z\"}",
            "{\"Member_Account\":\"y\"}\n\n{\n\"Member_Account\":\"z\"\n}",
        ] {
            let rows = feed(&format!("{torn}\n{next}\n"));
            assert_eq!(rows.len(), 3, "{torn:?}: {rows:?}");
            assert!(rows[0].starts_with("1: is not valid JSON"), "{rows:?}");
            assert_eq!(rows[1], "2=y", "{torn:?}");
            assert!(rows[2].ends_with("=z"), "{torn:?}: {rows:?}");
        }
        // Also the last one of the feed.
        let rows = feed(&format!("{torn}\n{{\"Member_Account\":\"y\"}}\n"));
        assert_eq!(rows[1..], ["2=y"], "{torn:?}: {rows:?}");
    }
}

#[test]
fn lines_up_to_the_next_row_are_reported_once() {
    let unclosed = "the JSON that begins here is not complete: the end of the list is missing";
    let skipped = |range: &str, line: u64| {
        format!("{range}: skipped: part of the broken value of line {line}")
    };
    for (input, rows) in [
        (
            "{\"MemberList_Account\":[\n\"user2\"\n\"user3\"\n\"user4\"\n",
            vec![
                format!("1: is not valid JSON: expected `,` or `]` (in line 3){SKIPS}"),
                skipped("2-4", 1),
            ],
        ),
        (
            "{\n\"RoomId\":\"b\",\n\"Member_Account\":\"a\"\n",
            vec![format!("1: {unclosed}"), skipped("2-3", 1)],
        ),
        // An array may be a part of the object.
        (
            "\"x\"\n{\"a\n[\"user2\"]\n[\"user3\"]\n\n{\"Member_Account\":\"y\"}\n",
            vec![
                "1=x".into(),
                format!(
                    "2: is not valid JSON: control character (\\u0000-\\u001F) found while parsing a string (in line 3){SKIPS}"
                ),
                skipped("3-4", 2),
                "6=y".into(),
            ],
        ),
        // Objects inside of it.
        (
            "{\"RoomId\":\"b\",\n\"users\":[\n{\"Member_Account\":\"user2\"},\n{\"x\" 1},\n\"user3\"\n]}\n\"y\"\n",
            vec![
                format!("1: is not valid JSON: expected `:` (in line 4){SKIPS}"),
                skipped("2-6", 1),
                "7=y".into(),
            ],
        ),
    ] {
        let found = feed(input);
        let short = |row: &String| row.replace(" at line 2 column 0", "");
        assert_eq!(
            found.iter().map(short).collect::<Vec<_>>(),
            rows,
            "{input:?}"
        );
    }
}

/// A feed that begins in the middle of an object.
#[test]
fn fragments_of_an_object_without_its_beginning_are_no_rows() {
    let tail = "\"MemberList_Account\": [\n\"user1\",\n\"user2\"\n],\n\"Reason\":\"x\"\n}";
    for object in [
        format!("\"RoomId\": \"b\",\n{tail}"),
        format!("\"房\": \"b\",\n{tail}"),
        tail.to_owned(),
        format!("ember_Account\": [\n{}", &tail[24..]),
        format!(": [\n{}", &tail[24..]),
        tail[24..].to_owned(),
        format!(",{tail}"),
        "  , \"user2\"\n  , \"user3\"\n  ]\n}".to_owned(),
    ] {
        let rows = feed(&format!("{object}\n{{\"Member_Account\":\"y\"}}\n"));
        let good: Vec<_> = rows.iter().filter(|row| row.contains('=')).collect();
        let next = format!("{}=y", object.lines().count() + 1);
        assert_eq!(good, [&next], "{object:?}: {rows:?}");
        assert!(rows[0].ends_with(SKIPS), "{object:?}: {rows:?}");
        assert!(
            rows[1].starts_with("2-") && rows[1].contains(": skipped: "),
            "{object:?}: {rows:?}"
        );
    }
    let rows = feed(
        "[\"RoomId\": \"b\", \"MemberList_Account\": [\n\"user2\"\n]\n]\n{\"Member_Account\":\"y\"}\n",
    );
    assert!(rows[0].contains("a key stands outside of an object"));
    assert_eq!(rows.last().expect("a row"), "5=y", "{rows:?}");
    assert!(!rows.iter().any(|row| row.contains("user2")), "{rows:?}");
}

#[test]
fn an_object_after_a_wrong_bracket_in_its_line_takes_its_lines_along() {
    let row =
        "[{\"Member_Account\":\"a\"} {\"RoomId\":\"b\",\"MemberList_Account\":[\n\"user2\"\n]}]";
    let rows = feed(&format!("{row}\n\"y\"\n"));
    let why = "1: is not valid JSON: there is no comma between two values";
    let skipped = "2-3: skipped: part of the broken value of line 1";
    assert_eq!(
        rows,
        ["1=a", &format!("{why}{SKIPS}"), skipped, "4=y"],
        "{rows:?}"
    );
}

#[test]
fn a_list_with_a_broken_object_has_one_fault_and_no_wrong_name() {
    let list = "{\n\"RoomId\":\"b\"\n\"MemberList_Account\":\n[\n\"user2\"\n]\n}\n\"y\"\n";
    let rows: Vec<_> = Rows::new(list.as_bytes(), json()).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let bad = rows[0].as_ref().expect_err("broken").to_string();
    assert_eq!(bad, "1: is not valid JSON: expected `,` or `}` (in line 3)");
    assert_eq!(rows[1].as_ref().expect("good").line, 8);
}

#[test]
fn many_lines_after_a_broken_object_are_one_message() {
    for line in ["\"user2\",\n", "[\n", "  {\n", "]\n"] {
        let input = format!(
            "{{x\n{}{{\"RoomId\":\"r\",\"Member_Account\":\"y\"}}\n",
            line.repeat(200_000)
        );
        let rows = rows_of(Rows::live(input.as_bytes(), json()));
        assert_eq!(rows.len(), 3, "{line:?}");
        let skipped = "2-200001: skipped: part of the broken value of line 1";
        assert_eq!(rows[1..], [skipped, "200002=r/y"], "{line:?}");
    }
}
