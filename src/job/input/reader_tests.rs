//! Lines, their numbers and limits.

use super::*;

fn read_all(input: &[u8]) -> Vec<String> {
    let mut reader = LineReader::new(input);
    let mut found = Vec::new();
    while let Some(line) = reader.next_text() {
        found.push(match line {
            Ok((number, text)) => format!("{number}={}", text.len()),
            Err(bad) => bad.to_string(),
        });
    }
    found
}

#[test]
fn lines_are_numbered_whatever_ends_them() {
    assert_eq!(read_all(b"a\r\n\nbcd"), ["1=1", "2=0", "3=3"]);
    assert_eq!(read_all(b"a\n"), ["1=1"]);
    assert_eq!(read_all(b"\xef\xbb\xbfa\n\xef\xbb\xbf"), ["1=1", "2=3"]);
}

#[test]
fn the_first_character_is_found_and_its_line_stays_whole() {
    for (input, first, rest) in [
        (&b""[..], None, &[][..]),
        (b"\n \n", None, &["3=0"][..0]),
        (b"\xef\xbb\xbf\n \n\t {x\ny", Some(b'{'), &["3=4", "4=1"]),
        (b" a\n", Some(b'a'), &["1=2"]),
    ] {
        let mut reader = LineReader::new(input);
        assert_eq!(reader.first_character().expect("read"), first);
        let mut lines = Vec::new();
        while let Some(line) = reader.next_text() {
            let (number, text) = line.expect("text");
            lines.push(format!("{number}={}", text.len()));
        }
        assert_eq!(lines, rest, "{input:?}");
    }
}

#[test]
fn the_likelier_encoding_is_found_by_the_bytes() {
    for (bytes, latin) in [
        (&b"user1,m\xfcller\n"[..], true),
        (b"caf\xe9", true),
        (b"user1,\xb9\xe3\xb8\xe6\n", false),
        (b"\xd3\xc3\xbb\xa7", false),
    ] {
        let found =
            matches!(text(bytes), Err(RowProblem::NotUtf8 { is_latin }) if is_latin == latin);
        assert!(found, "{bytes:?}");
    }
}

#[test]
fn an_input_without_line_ends_ends_at_once() {
    let mut reader = LineReader::new(io::repeat(0));
    let bad = reader.next_text().expect("a line").expect_err("endless");
    assert!(bad.ends_list(false));
    assert_eq!(bad.to_string(), "1: has more than 16384 KiB without an end");
}

#[test]
fn the_limit_is_exact_and_does_not_count_the_line_end() {
    for end in ["", "\n", "\r\n"] {
        let exact = format!("{}{end}", "x".repeat(MAX_BYTES));
        assert_eq!(read_all(exact.as_bytes()), ["1=65536"], "{end:?}");
        let over = format!("{}{end}", "x".repeat(MAX_BYTES + 1));
        assert_eq!(
            read_all(over.as_bytes()),
            ["1: has more than 64 KiB"],
            "{end:?}"
        );
    }
}

#[test]
fn what_follows_a_long_line_is_read() {
    for extra in [1, 2, 3, BUFFER, BUFFER + 1, 5 * BUFFER] {
        let input = format!("{}\nab\n", "x".repeat(MAX_BYTES + extra));
        assert_eq!(
            read_all(input.as_bytes()),
            ["1: has more than 64 KiB", "2=2"]
        );
    }
}
