//! Live feeds: after a bad row the next line is the next row.

use std::io::{self, Read};

use super::{Format, Layout, LineRest, RowEnd, Rows};

/// One byte at a time, as a slow pipe may.
pub(super) struct Slow<'a>(pub(super) &'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(1);
        self.0.read(&mut into[..most])
    }
}

fn rows_of(input: impl Read, format: Format) -> Vec<String> {
    let rows = Rows::live(input, Layout::of(Some(format)));
    rows.map(|row| match row {
        Ok(row) => format!("{}={}", row.line, row.user),
        Err(bad) if bad.ends_list(true) => format!("{bad}; the rest was not read"),
        Err(bad) => bad.to_string(),
    })
    .collect()
}

/// Good rows as `LINE=USER`, bad ones as they are reported.
fn feed(input: &str, format: Format) -> Vec<String> {
    let rows = rows_of(input.as_bytes(), format);
    assert_eq!(rows, rows_of(Slow(input.as_bytes()), format), "{input:?}");
    rows
}

#[test]
fn a_line_with_nul_bytes_is_a_bad_row_of_a_feed_which_goes_on() {
    let nul = "has a NUL byte: is this a text file?";
    let names = "has several names, each with a NUL byte after it";
    for (format, head, line, why) in [
        (Format::Lines, "a\n", "us\0er9", nul),
        (Format::Lines, "", "us\0er9", nul),
        (Format::Lines, "", "user1\0user2\0", names),
        (Format::Csv, "user,reason\na,x\n", "us\0er9,x", nul),
        (
            Format::Tsv,
            "user\treason\na\tx\n",
            "us\0er9\tuser10\0",
            names,
        ),
        (Format::Json, "\"a\"\n", "\"us\0er9\"", nul),
        (Format::Json, "", "{\"Member_Account\":\"us\0er\09\"}", nul),
    ] {
        let last = match format {
            Format::Lines => "b",
            Format::Csv => "b,x",
            Format::Tsv => "b\tx",
            Format::Json => "\"b\"",
        };
        let input = format!("{head}{line}\n{last}\n");
        let rows = feed(&input, format);
        let bad = format!("{}: {why}", head.lines().count() + 1);
        let mut expected = vec![bad, format!("{}=b", head.lines().count() + 2)];
        if !head.is_empty() {
            expected.insert(0, format!("{}=a", head.lines().count()));
        }
        assert_eq!(rows, expected, "{input:?}");
    }
}

#[test]
fn in_a_feed_of_json_a_broken_array_is_one_bad_row() {
    let comma = "is not valid JSON: there is no comma between two values";
    for (line, sent, why) in [
        (
            "[\"a\",]",
            "a",
            "is not valid JSON: a comma stands before ]",
        ),
        ("[\"a\"", "a", comma),
        ("[\"a\",\"a2\"", "a", comma),
        ("[\"a\" \"b\"]", "a", comma),
        ("[\"a\"}", "a", comma),
        (
            "[\"a\",,\"b\"]",
            "a",
            "is not valid JSON: a comma stands where a value should",
        ),
        (
            "[,\"a\"]",
            "",
            "is not valid JSON: a comma stands where a value should",
        ),
        (
            "[[\"a\"]]",
            "",
            "an array inside of an array is not a member",
        ),
        ("[\"a", "", "is not valid JSON: control character"),
        (
            "[\"a\",{\"Member_Account\":\"b\"",
            "a",
            "is not valid JSON: ",
        ),
        ("[\"a\",[\"b\"", "a", "is not valid JSON: "),
        ("[user1, \"a\"]", "a", "user1 is not a JSON object"),
    ] {
        for rest in [
            "\"y\"\n\"z\"\n",
            "{\"Member_Account\":\"y\"}\n{\"Member_Account\":\"z\"}\n",
        ] {
            // A text may be part of a value that is still open.
            if line.ends_with("\"b\"") && rest.starts_with('"') {
                continue;
            }
            let rows = feed(&format!("\"x\"\n{line}\n{rest}"), Format::Json);
            assert_eq!(rows[0], "1=x");
            let tail = &rows[rows.len() - 2..];
            assert_eq!(tail, ["3=y", "4=z"], "{line:?}: {rows:?}");
            let bad: Vec<_> = rows.iter().filter(|row| !row.contains('=')).collect();
            assert!(
                bad.len() == 1 && bad[0].starts_with(&format!("2: {why}")),
                "{line:?}: {rows:?}"
            );
            let is_sent = rows.contains(&format!("2={sent}"));
            assert!(sent.is_empty() || is_sent, "{line:?}: {rows:?}");
        }
    }
}

#[test]
fn in_a_feed_of_json_the_line_after_a_broken_object_is_the_next_row() {
    let (text, object) = ("\"y\"", "{\"Member_Account\":\"y\"}");
    for (line, next) in [
        ("{\"Member_Account\":", object),
        ("{", object),
        ("{\"Member_Account\":\"a\",}", text),
        ("{\"Member_Account\":\"a", object),
        ("{'Member_Account':'a'}", text),
        ("{\"MemberList_Account\":[\"a\",", object),
    ] {
        let rows = feed(&format!("{line}\n{next}\nuser1\n\"z\"\n"), Format::Json);
        assert!(
            rows[0].starts_with("1: is not valid JSON"),
            "{line:?}: {rows:?}"
        );
        let user1 = "3: user1 is not a JSON object, nor a UserID in double quotes";
        assert_eq!(rows[1..], ["2=y", user1, "4=z"], "{line:?}");
    }
}

#[test]
fn lines_of_a_broken_object_are_no_rows_of_a_feed() {
    for object in [
        "{\n  \"MemberList_Account\": [\n    \"a\",\n    \"b\"\n  ],\n}\n",
        "{\n\"Reason\": \"x\",\n\"Member_Account\": \"a\",\n}\n",
    ] {
        let rows = feed(
            &format!("{object}{{\"Member_Account\":\"y\"}}\n"),
            Format::Json,
        );
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows[0].starts_with("1: is not valid JSON"), "{rows:?}");
        assert!(rows[1].ends_with("=y"), "{rows:?}");
    }
}

/// They would be removed from another room than the object names.
#[test]
fn names_inside_of_a_broken_object_over_many_lines_are_no_rows_of_a_feed() {
    for object in [
        "{\n\"RoomId\": \"r\"\n\"MemberList_Account\": [\n\"user2\",\n\"user3\"\n],\n\"Reason\": \"x\"\n}",
        "{ \r\n\"RoomId\": \"r\"\r\n\"Member_Account\":\r\n\"user3\"\r\n}",
        "{\"RoomId\": \"r\" \"MemberList_Account\": [\n\"user2\"\n]}",
        "{\"RoomId\": \"r\" \"Reason\": \"x\",\n\"MemberList_Account\": [\n\"user2\",\n\"user3\"\n]}",
    ] {
        let lines = object.lines().count();
        let rows = feed(
            &format!("{object}\n{{\"Member_Account\":\"b\"}}\n"),
            Format::Json,
        );
        assert_eq!(rows.len(), 2, "{object:?}: {rows:?}");
        assert!(rows[0].starts_with("1: "), "{object:?}: {rows:?}");
        assert_eq!(rows[1], format!("{}=b", lines + 1), "{object:?}");
    }
}

#[test]
fn one_array_over_many_lines_is_a_feed() {
    let comma = "is not valid JSON: there is no comma between two values";
    let stray = "is not valid JSON: a comma stands where a value should";
    let last = "is not valid JSON: a comma stands before ]";
    let nested = "an array inside of an array is not a member";
    for (input, rows) in [
        ("[\n  \"a\",\n  \"b\"\n]\n", vec!["2=a", "3=b"]),
        (
            "[\n{\"Member_Account\":\"a\"},\n{\n\"Member_Account\":\"b\"}]",
            vec!["2=a", "3=b"],
        ),
        ("[\"a\",\n \"b\",\n \"c\"]\n", vec!["1=a", "2=b", "3=c"]),
        (
            "[\n  \"a\"\n  \"b\",\n  \"c\"\n]\n",
            vec!["2=a", &format!("3: {comma}"), "3=b", "4=c"],
        ),
        (
            "[\n  \"a\",,\n  \"b\",\n]\n\"c\"\n",
            vec![
                "2=a",
                &format!("2: {stray}"),
                "3=b",
                &format!("4: {last}"),
                "5=c",
            ],
        ),
        (
            "[\n  [\"r\", \"a\"],\n  \"b\"\n]\n",
            vec![&format!("2: {nested}"), "3=b"],
        ),
    ] {
        assert_eq!(feed(input, Format::Json), rows, "{input:?}");
    }
}

#[test]
fn a_broken_value_in_an_array_over_many_lines_ends_the_feed_as_a_bad_row() {
    let rows = feed("[\n  \"a\",\n  {\"b\",\n  \"c\"\n]\n\"d\"\n", Format::Json);
    assert_eq!(rows[0], "2=a");
    assert!(
        rows[1].starts_with("3: is not valid JSON inside of an array: "),
        "{rows:?}"
    );
    assert!(rows[1].ends_with("; the rest was not read"), "{rows:?}");
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_bad_header_ends_the_feed_as_a_bad_row() {
    for header in [
        "user,\"reason",
        "\"user\"x,reason",
        "name,reason",
        "us\0er,reason",
    ] {
        let rows = feed(&format!("{header}\na,x\nb,y\n"), Format::Csv);
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert!(rows[0].ends_with("; the rest was not read"), "{rows:?}");
    }
}

#[test]
fn a_value_that_is_cut_by_the_end_of_the_feed_is_its_last_bad_row() {
    let why = "the JSON that begins here is not complete: the end of the list is missing";
    assert_eq!(
        feed("[\"a\",\"b\"\n", Format::Json),
        ["1=a", "1=b", &format!("1: {why}")]
    );
}

#[test]
fn the_end_of_a_row_is_known_by_what_was_read_after_it() {
    use LineRest::{Blank, Open, Taken};
    let ends_of = |input: &str, format| {
        let mut rows = Rows::live(input.as_bytes(), Layout::of(Some(format)));
        let mut ends = Vec::new();
        while rows.next().is_some() {
            let RowEnd {
                line,
                rest,
                is_in_array,
                ..
            } = rows.row_end();
            ends.push((line, rest, is_in_array));
        }
        ends
    };
    for (input, ends) in [
        ("\"a\"\n\"b\"", vec![(1, Blank, false), (2, Open, false)]),
        (
            "\"a\" \t\r\n\n{\n}\n",
            vec![(1, Blank, false), (4, Blank, false)],
        ),
        ("\"a\" \"b\"\n", vec![(1, Open, false), (1, Blank, false)]),
        (
            "[\"a\", \"b\"] \n",
            vec![(1, Open, true), (1, Blank, false)],
        ),
        (
            "[\n\"a\" , \r\n\"b\"\n]",
            vec![(2, Blank, true), (3, Blank, false)],
        ),
        (
            "[\"a\",\n\"b\"] \"c\"\n",
            vec![(1, Blank, true), (2, Open, false), (2, Blank, false)],
        ),
        // Each member of an object has the end of the object.
        (
            "{\n\"MemberList_Account\":\n[\"a\",\n\"b\"]}\n",
            vec![(4, Blank, false), (4, Blank, false)],
        ),
        // A bad name, and a comma that is missing before line 3.
        (
            "[\n{\n\"Member_Account\":\"\"\n},\n\"a\"\n\"b\"]\n",
            vec![
                (4, Blank, true),
                (5, Blank, false),
                (5, Taken, false),
                (6, Blank, false),
            ],
        ),
    ] {
        assert_eq!(ends_of(input, Format::Json), ends, "{input:?}");
    }
    for (input, format) in [
        ("a\n\nb c \n#\nd", Format::Lines),
        ("user\n\n b\nc\"\nd", Format::Csv),
    ] {
        let ends = ends_of(input, format).into_iter();
        let lines: Vec<_> = ends.map(|(line, rest, _)| (line, rest)).collect();
        let expected = match format {
            Format::Csv => [3, 4, 5],
            _ => [1, 3, 5],
        };
        assert_eq!(lines, expected.map(|line| (line, Taken)), "{input:?}");
    }
}
