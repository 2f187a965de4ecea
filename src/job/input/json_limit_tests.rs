//! JSON that is broken, cut short, too long, or never ends.

use std::fmt::Write as _;
use std::io::{self, Read};

use super::json_tests::{read, rows_of};
use super::{Format, Layout, Rows};

#[test]
fn what_is_cut_short_or_broken_is_never_half_read() {
    for (input, last) in [
        (
            "[\"a\",\"b\"",
            "1: the JSON that begins here is not complete",
        ),
        ("[\"a\",", "1: the JSON that begins here is not complete"),
        (
            "\n[{\"Member_Account\":\"a\"},\n{\"Member_Acc",
            "3: the JSON that begins here is not complete",
        ),
        (
            "{\"Member_Account\":\"a\"",
            "1: the JSON that begins here is not complete",
        ),
        ("\"a\"\n\"b", "2: the JSON that begins here is not complete"),
        (
            "[\"a\",]",
            "1: is not valid JSON inside of an array: a comma stands before ]",
        ),
        (
            "[,\"a\"]",
            "1: is not valid JSON inside of an array: a comma",
        ),
        (
            "[\"a\"\n\"b\"]",
            "2: is not valid JSON inside of an array: there is no comma between two values",
        ),
        (
            "[\"a\",{\"b\" 1},\"c\"]",
            "1: is not valid JSON inside of an array: expected `:`",
        ),
        ("[\"a\"]]", "1: ] is not a JSON object"),
    ] {
        let rows = read(input);
        let found = rows.last().expect("a problem");
        assert!(found.starts_with(last), "{input}: {rows:?}");
    }
}

#[test]
fn a_live_feed_goes_on_after_records_and_commas() {
    let feed = "{\"Record\":\"intent\"}\n{\"Member_Account\":\"a\"},{\"Member_Account\":\"b\"}\n{\"Member\n{\"Member_Account\":\"c\"}\n";
    let rows = rows_of(feed.as_bytes(), true);
    let good: Vec<&String> = rows.iter().filter(|row| row.contains('=')).collect();
    assert_eq!(good, ["2=-/a/-", "2=-/b/-", "4=-/c/-"], "{rows:?}");
    assert_eq!(rows.len(), 6);
}

#[test]
fn one_value_has_at_most_1_mib_and_an_endless_one_ends() {
    let object = |length: usize| {
        let mut text = String::from("{\"Member_Account\":\"a\",\"x\":\"");
        text.extend(std::iter::repeat_n('x', length - text.len() - 2));
        text + "\"}"
    };
    let limit = 1024 * 1024;
    assert_eq!(read(&object(limit)), ["1=-/a/-"]);
    let long = format!("{}\n\"b\"\n{{\"Member_Account\":\"c\"}}", object(limit + 1));
    let too_long = "is a JSON value of more than 1024 KiB";
    assert_eq!(
        read(&long),
        [format!("1: {too_long}").as_str(), "2=-/b/-", "3=-/c/-"]
    );
    let in_array = format!("[\"a\",\n{},\n\"b\"]", object(limit + 1));
    assert_eq!(
        read(&in_array),
        ["1=-/a/-", format!("2: {too_long}").as_str(), "3=-/b/-"]
    );
    for endless in [&b"\0"[..], b"{\"a\":\"", b"[\"", b"x"] {
        let input = endless.chain(io::repeat(endless[0]));
        let rows = rows_of(input, false);
        assert!(rows.len() <= 2, "{rows:?}");
    }
    // Other texts inside of it are not members.
    let mut nested = String::from("{\"users\":[\n");
    for n in 0..100_000 {
        writeln!(nested, "\"user{n}\",").expect("written");
    }
    let rows = read(&(nested + "\"z\"]}\n"));
    assert_eq!(rows, [format!("1: {too_long}")]);
    let mut objects = String::from("{\"users\":[\n");
    for n in 0..100_000 {
        writeln!(objects, "{{\"Member_Account\":\"user{n}\"}},").expect("written");
    }
    let list = objects + "{\"a\":\"}\"}]}\n[\"b\"]\n";
    for is_live in [false, true] {
        let rows = rows_of(list.as_bytes(), is_live);
        assert_eq!(rows, [format!("1: {too_long}"), "100003=-/b/-".into()]);
    }
}

#[test]
fn a_long_array_is_read_value_by_value() {
    let count = 20_000;
    let users: Vec<String> = (0..count).map(|n| format!("user{n}")).collect();
    let rows = rows_of(
        serde_json::to_string(&users).expect("JSON").as_bytes(),
        false,
    );
    assert_eq!(rows.len(), count);
    assert_eq!(rows[count - 1], format!("1=-/user{}/-", count - 1));
    let pretty = serde_json::to_string_pretty(&users).expect("JSON");
    let rows = rows_of(pretty.as_bytes(), false);
    assert_eq!(
        rows[count - 1],
        format!("{}=-/user{}/-", count + 1, count - 1)
    );
}

#[test]
fn an_array_that_never_ends_needs_no_memory_and_its_members_come_at_once() {
    let mut some = Rows::new(
        (&b"[\"a\""[..]).chain(Forever),
        Layout::of(Some(Format::Json)),
    );
    for _ in 0..100_000 {
        assert!(some.next().expect("a row").is_ok());
    }
}

/// `,"b"` again and again.
struct Forever;

impl Read for Forever {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let whole = into.len() / 4 * 4;
        for part in into[..whole].chunks_mut(4) {
            part.copy_from_slice(b",\"b\"");
        }
        Ok(whole)
    }
}
