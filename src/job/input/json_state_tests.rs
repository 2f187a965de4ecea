//! Broken values in arrays, fragments of values, and feeds that pause.

use std::io::{self, Read};

use super::{Format, Layout, Pause, Rows};

/// A feed that pauses after each of its parts.
struct Parts<'a> {
    parts: Vec<&'a str>,
    has_paused: bool,
}

impl<'a> Parts<'a> {
    fn new(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.reverse();
        Self {
            parts,
            has_paused: true,
        }
    }
}

impl Read for Parts<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.has_paused {
            self.has_paused = true;
            return Err(Pause.into());
        }
        self.has_paused = false;
        let part = self.parts.pop().unwrap_or_default();
        into[..part.len()].copy_from_slice(part.as_bytes());
        Ok(part.len())
    }
}

/// Good rows as `LINE=USER` or `LINE=ROOM/USER`, those before a pause with `…`; what else
/// is reported, as it is.
fn feed(input: impl Read) -> Vec<String> {
    let mut rows = Rows::live(input, Layout::of(Some(Format::Json)));
    let mut found = Vec::new();
    while let Some(row) = rows.next_or_skipped() {
        found.push(match row {
            Ok(row) => {
                let room = row.room.map_or(String::new(), |room| format!("{room}/"));
                let pause = if rows.has_paused() { "…" } else { "" };
                format!("{}={room}{}{pause}", row.line, row.user)
            }
            Err(bad) => bad.to_string(),
        });
    }
    found
}

fn good(rows: &[String]) -> Vec<&String> {
    rows.iter().filter(|row| row.contains('=')).collect()
}

#[test]
fn a_text_is_a_row_when_the_feed_pauses_after_it() {
    for (parts, rows) in [
        (&["\"a\"", "\n\"b\"\n"][..], &["1=a…", "2=b"][..]),
        (&["\"a\" ", " \n\"b\"", "\n"], &["1=a…", "2=b…"]),
        (&["\"a", "\"", " \"b\"\n"], &["1=a…", "1=b"]),
        (&["[\"a\"", ",\"b\"", "]\n"], &["1=a…", "1=b…"]),
        (&["[\n\"a\"", ",\n\"b\"", "\n]\n"], &["2=a…", "3=b…"]),
        (
            &["\"a\"", " {\"Member_Account\":\"b\"}\n"],
            &["1=a…", "1=b"],
        ),
        (&["\"a\"", ""], &["1=a…"]),
        // Objects never wait for more.
        (&["{\"Member_Account\":\"a\"}", "\n"], &["1=a"]),
    ] {
        assert_eq!(feed(Parts::new(parts.iter().copied())), rows, "{parts:?}");
    }
}

/// That text is sent, but no name after it.
#[test]
fn a_text_that_turns_out_to_be_a_fragment_after_a_pause_takes_its_lines_along() {
    for (end, why) in [
        (
            ": [\n\"user1\",\n\"user2\"\n]\n}",
            "a key stands outside of an object",
        ),
        (
            " ,\n\"user1\"\n]\n}",
            "a comma stands between JSON values outside of an array",
        ),
        (",\"user1\"]\n}", "a comma stands between JSON values"),
        ("]\n, \"user1\"\n}", "] closes nothing"),
        ("}, \"user1\"\n", "} closes nothing"),
    ] {
        let end = format!("{end}\n{{\"RoomId\":\"r\",\"Member_Account\":\"y\"}}\n");
        let rows = feed(Parts::new(["\"x\"", &end]));
        assert!(
            rows[1].starts_with("1: ") && rows[1].contains(why),
            "{rows:?}"
        );
        let next = format!("{}=r/y", end.lines().count());
        assert_eq!(good(&rows), ["1=x…", &next], "{end:?}: {rows:?}");
    }
    let rows = feed(Parts::new(["[\"x\"", ": [\n\"user1\"\n]\n]\n"]));
    assert_eq!(good(&rows), ["1=x…"], "{rows:?}");
    let rows = feed(Parts::new(["[\n\"x\"", ": [\n\"user1\"\n]\n]\n"]));
    assert_eq!(good(&rows), ["2=x…"], "{rows:?}");
}

/// Only that row, and what was said about the text.
#[test]
fn pauses_after_anything_else_change_nothing() {
    for input in [
        "{\"Member_Account\":\"a\"}\n[{\"Member_Account\":\"b\"},{\"RoomId\":\"r\",\"MemberList_Account\":[\"c\",\"d\"]}]\n",
        "{\"RoomId\":\"b\" \"MemberList_Account\":[\n\"user1\",\n\"user2\"\n]}\n{\"Member_Account\":\"y\"}\n",
        "\"RoomId\": \"b\",\n\"MemberList_Account\":[\n\"user1\"]}\n{\"Member_Account\":\"y\"}\n",
        "{\"Member_Account\":\"a\"},\n\"user1\",\n\"user2\"\n]}\n{\"Member_Account\":\"y\"}\n",
        "[\n{\"Member_Account\":\"a\"},\nnull,\n{\"Member_Account\":\"b\"}\n{\"Member_Account\":\"c\"}\n]\n",
        "[\n{\"Member_Account\":\"a\"}, oops \"user1\"\n]\n",
        "user1\":\n\"user2\"\n}\n{\"Member_Account\":\"y\"}\n",
    ] {
        let whole = feed(input.as_bytes());
        let each_byte = Parts::new(input.split_inclusive(|_| true));
        let slow = feed(each_byte);
        let is_text = |row: &&String| row.ends_with('…');
        let without_texts: Vec<_> = slow.iter().filter(|row| !is_text(row)).collect();
        assert_eq!(without_texts, whole.iter().collect::<Vec<_>>(), "{input:?}");
    }
}

/// What can be wrong with an object of another room, whose names are in texts.
const BROKEN: &[&str] = &[
    // A value without quotes, no colon, a text that is torn.
    "{\"RoomId\":\"o\",\"Member_Account\" oops\n\"user1\",\n\"user2\"]},",
    "{\"RoomId\":\"o\",\"MemberList_Account\":[user_1,\n\"user1\",\n\"user2\"]},",
    "{\"RoomId\":\"o\",\"MemberList_Account\" [\"user1\",\n\"user2\"\n]},",
    "{\"RoomId\":\"o\n\"user1\",\n\"user2\"]},",
    "{\"RoomId\":\"o,\"MemberList_Account\":[\"user1\",\n\"user2\"]},",
    "{RoomId:\"o\",MemberList_Account:[\"user1\",\n\"user2\"]},",
    "{'RoomId':'o','MemberList_Account':['user1',\n\"user2\"]},",
    // Its beginning is missing.
    "\"RoomId\":\"o\",\"MemberList_Account\":[\"user1\",\n\"user2\"]},",
    "RoomId\":\"o\",\"MemberList_Account\":[\"user1\",\n\"user2\"\n]},",
    "list_Account\":[\"user1\",\"user2\"]},",
    "list_Account\":[\"user1\",\n\"user2\"\n]},",
    "list_Account\" : \n[\n\"user1\"\n]\n},",
    "'RoomId':'o','MemberList_Account':['user1',\n\"user2\"\n]},",
    ": \"user1\", \"user2\"},",
    ":\n\"user1\"\n},",
    "oops \"user1\",\n\"user2\"\n]},",
    "oops {\"MemberList_Account\":[\"user1\",\"user2\"],\"RoomId\":\"o\"},",
    "oops {\"MemberList_Account\":[\"user1\",\n\"user2\"\n],\"RoomId\":\"o\"},",
    "null {\"MemberList_Account\":[\"user1\",\"user2\"],\"RoomId\":\"o\"},",
    "\"RoomId\" \"o\" \"MemberList_Account\" [\"user1\",\n\"user2\"]},",
    "\"Member_Account\"\n: \"user1\"},",
    // A bracket too many or too few.
    "{\"RoomId\":\"o\",\"MemberList_Account\":[\"user1\"\n\"user2\"]},",
    "{\"RoomId\":\"o\",[\"user1\",\n\"user2\"]},",
    "{\"RoomId\":\"o\"]\n\"user1\",\n\"user2\"]},",
    "{\"RoomId\":\"o\"}}\n\"user1\",\n\"user2\"]},",
    "{\"RoomId\":\"o\"}\n\"user1\",\n\"user2\"\n]},",
    "{\"RoomId\":\"o\"} \"Member_Account\" \"user1\"},",
    "{\"RoomId\":\"o\"} oops \"user1\",\n\"user2\"\n]},",
    "},\"user1\",\"user2\",",
    "{\"RoomId\":\"o\",\"users\" oops [\n{\"x\":1},\n\"user1\"\n]},",
    // A comment.
    "// \"user1\", \"user2\",",
    "# {\"MemberList_Account\":[\"user1\",\"user2\"],\"RoomId\":\"o\"},",
    "/* {\"MemberList_Account\":[\"user1\",\n\"user2\"\n],\"RoomId\":\"o\"} */",
];

#[test]
fn no_name_of_a_broken_value_in_an_array_is_a_row_without_its_room() {
    let last = "{\"RoomId\":\"r\",\"Member_Account\":\"y\"}";
    for broken in BROKEN {
        for input in [
            format!("[\n{broken}\n{last}\n]\n"),
            format!("[\n\t{{\"RoomId\":\"r\",\"Member_Account\":\"z\"}},\n\t{broken}\n{last}\n]\n"),
            format!("[{broken}\n{last}\n]\n"),
            format!("[\"z\",{broken}\n{last}\n]\n"),
            format!("{}\n{last}\n", broken.trim_end_matches(',')),
            format!("{broken}\n{last}\n"),
        ] {
            let rows = feed(input.as_bytes());
            let good = good(&rows);
            let is_named = good.iter().any(|row| row.contains("=user"));
            assert!(!is_named, "{input:?}: {rows:?}");
            assert!(good.len() < rows.len(), "{input:?}: {rows:?}");
        }
    }
}

#[test]
fn the_next_row_follows_a_broken_array_that_is_a_row() {
    let last = "{\"RoomId\":\"r\",\"Member_Account\":\"y\"}";
    for broken in BROKEN {
        for start in ["", "[", "[\"z\","] {
            let rows = feed(format!("{start}{broken}\n{last}\n").as_bytes());
            let is_last = |row: &String| row.ends_with("=r/y");
            assert!(rows.iter().any(is_last), "{start}{broken:?}: {rows:?}");
        }
    }
}

#[test]
fn an_array_over_many_lines_goes_on_after_faults_that_leave_no_doubt() {
    let object = "{\"Member_Account\":\"a\"}";
    for (fault, rows) in [
        ("\"a\"\n\"b\",", 3),
        ("\"a\",,\n\"b\",", 3),
        ("user1,\n\"b\",", 2),
        ("'user1',\n\"b\",", 2),
        ("null,\n-1.5e+3 ,", 2),
        ("[\"a\"],", 1),
        (&format!("{object}\n{object},"), 3),
        ("{\"Member_Account\":5},", 1),
    ] {
        let found = feed(format!("[\n{fault}\n\"y\"\n]\n\"z\"\n").as_bytes());
        assert_eq!(found.len(), rows + 2, "{fault:?}: {found:?}");
        let last = fault.lines().count() + 2;
        let expected = [format!("{last}=y"), format!("{}=z", last + 2)];
        assert_eq!(found[rows..], expected, "{fault:?}");
    }
}

/// Keys without colons. In a list, where nothing is sent if a row is bad, they are names.
#[test]
fn a_key_alone_is_no_name_in_a_feed() {
    for key in ["RoomId", "Member_Account", "MemberList_Account", "Reason"] {
        let list = format!("\"{key}\"\n\"user1\"\n");
        let rows = feed(list.as_bytes());
        assert_eq!(good(&rows), Vec::<&String>::new(), "{rows:?}");
        assert!(rows[0].contains("a key stands outside of an object"));
        let rows = Rows::new(list.as_bytes(), Layout::of(Some(Format::Json)));
        assert_eq!(rows.flatten().count(), 2);
    }
}

/// Objects of room `o` with the members `u1` and `u2`, as they may be written.
fn feeds_of_objects() -> Vec<String> {
    let mut feeds = Vec::new();
    for object in [
        "{'RoomId':'o','MemberList_Account':['u1','u2'],'Reason':'x'}",
        "{\n  'RoomId': 'o',\n  'MemberList_Account': [\n    'u1',\n    'u2'\n  ],\n  'Reason': 'x'\n}",
        "{\n'Reason':'x',\n'MemberList_Account':[\n'u1',\n'u2'\n],\n'RoomId':'o'\n}",
        "{ 'RoomId' :\n'o'\n,'MemberList_Account'\n:[\n'u1'\n,\n'u2'\n]\n}",
    ] {
        let object = object.replace('\'', "\"");
        let inner = object.replace('\n', "\n  ");
        feeds.push(format!("{object}\n{object}\n"));
        feeds.push(format!("[\n{object},\n{object}\n]\n"));
        feeds.push(format!("[\n  {inner},\n  {inner}\n]\n"));
        feeds.push(format!("[{object},\n{object}]\n"));
        feeds.push(format!("[{object}]\n[{object}]\n"));
    }
    feeds
}

/// The feed, which is ASCII, with each character replaced or missing, or one of `added`
/// before it.
pub(super) fn with_one_wrong_character(feed: &str, added: &[&str]) -> impl Iterator<Item = String> {
    (0..feed.len()).flat_map(move |at| {
        let (start, rest) = feed.split_at(at);
        let replaced = ["{", "}", "[", "]", "\"", ",", ":", "\n", "x", ""].into_iter();
        let replaced = replaced.map(move |by| format!("{start}{by}{}", &rest[1..]));
        let added = added.iter();
        replaced.chain(added.map(move |more| format!("{start}{more}{rest}")))
    })
}

/// A character that is wrong, missing or too much, and a fragment that is lost.
#[test]
fn after_a_fault_of_one_character_no_name_of_an_object_is_a_row_without_its_room() {
    for feed_of_objects in feeds_of_objects() {
        let lost = (0..feed_of_objects.len()).flat_map(|at| {
            let (start, rest) = feed_of_objects.split_at(at);
            let rests = [9, 25].into_iter().filter_map(|length| rest.get(length..));
            rests.map(move |rest| format!("{start}{rest}"))
        });
        let wrong = with_one_wrong_character(&feed_of_objects, &["{", "}", "\""]);
        for input in wrong.chain(lost) {
            let rows = feed(input.as_bytes());
            let is_fault = |row: &&String| !row.contains('=');
            let after = rows.iter().skip_while(|row| !is_fault(row));
            let wrong = after.filter(|row| row.contains("=u"));
            assert_eq!(wrong.count(), 0, "{input:?}: {rows:?}");
        }
    }
}

#[test]
fn after_a_fault_of_one_character_in_a_line_the_next_line_is_read() {
    let object = "{\"RoomId\":\"o\",\"MemberList_Account\":[\"u1\",\"u2\"]}";
    for line in [
        object.to_owned(),
        format!("[{object}]"),
        format!("[{object},{object}]"),
    ] {
        for at in 0..line.len() {
            for by in ["{", "}", "[", "]", "\"", ",", ":", "\n", "x", "\\", "'", ""] {
                for rest in [&line[at..], &line[at + 1..]] {
                    let input = format!("{}{by}{rest}\n{object}\n", &line[..at]);
                    // An array over many lines may end the feed.
                    if input.starts_with("[\n") {
                        continue;
                    }
                    let rows = feed(input.as_bytes());
                    let lines = input.lines().count();
                    let is_read = ["u1", "u2"].iter().all(|user| {
                        let row = format!("{lines}=o/{user}");
                        rows.contains(&row)
                    });
                    assert!(is_read, "{input:?}: {rows:?}");
                }
            }
        }
    }
}

#[test]
fn an_object_that_may_be_a_part_of_a_broken_one_must_name_its_room() {
    let names = "\"MemberList_Account\":[\n\"user1\"\n]\n}";
    let next = "{\"Member_Account\":\"y\"}";
    for broken in [
        "{\n\"RoomId\":\"o\",\n",
        "{\n\"RoomId\":\"o\"\n",
        "{\n\"x\" 1,\n\"RoomId\":\"o\",\n",
    ] {
        let rows = feed(format!("{broken}{{{names}\n{next}\n").as_bytes());
        let line = broken.lines().count() + 1;
        let bad = format!("{line}: names no room, and may be a part of the broken value of line 1");
        assert!(rows.contains(&bad), "{rows:?}");
        assert_eq!(good(&rows), [&format!("{}=y", line + 4)], "{rows:?}");
        let rows = feed(format!("{broken}{{\"RoomId\":\"r\",{names}\n{next}\n").as_bytes());
        assert_eq!(good(&rows).len(), 2, "{rows:?}");
    }
    // A torn line, and a value that ends with its own brackets.
    for broken in ["{\"RoomId\":\"o\",", "{\n\"RoomId\":\"o\" \"x\"\n}"] {
        let rows = feed(format!("{broken}\n{next}\n").as_bytes());
        assert_eq!(good(&rows).len(), 1, "{rows:?}");
    }
}
