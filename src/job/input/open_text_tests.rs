//! A quote in a feed that is not closed in its line: which of the lines after it are
//! taken as rows.

use std::io::{self, Read};

use proptest::prelude::*;

use super::super::{Columns, Format, Layout, Pause, Rows};

/// One byte at a time, with a pause before each line.
struct Slow<'a> {
    bytes: &'a [u8],
    has_paused: bool,
}

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !std::mem::replace(&mut self.has_paused, true) {
            return Err(Pause.into());
        }
        let most = into.len().min(1);
        let count = self.bytes.read(&mut into[..most])?;
        self.has_paused = into.first() != Some(&b'\n');
        Ok(count)
    }
}

fn rows_of(input: impl Read, layout: Layout) -> Vec<String> {
    let mut parts = Vec::new();
    for row in Rows::live(input, layout) {
        parts.push(match row {
            Ok(row) => format!("{}={}", row.line, row.user),
            Err(bad) => bad.to_string(),
        });
    }
    parts
}

/// Good rows as `LINE=USER`, bad ones as they are reported.
#[track_caller]
fn feed_as(input: &str, layout: &Layout) -> Vec<String> {
    let rows = rows_of(input.as_bytes(), layout.clone());
    let slow = Slow {
        bytes: input.as_bytes(),
        has_paused: true,
    };
    assert_eq!(rows, rows_of(slow, layout.clone()), "{input:?}");
    rows
}

/// The rows of a csv, which are those of its tsv and of its lines with CRLF, too.
#[track_caller]
fn feed(input: &str) -> Vec<String> {
    let rows = feed_as(input, &Layout::of(Some(Format::Csv)));
    let crlf = input.replace('\n', "\r\n");
    assert_eq!(rows, feed_as(&crlf, &Layout::of(Some(Format::Csv))));
    let tsv = input.replace(',', "\t");
    assert_eq!(rows, feed_as(&tsv, &Layout::of(Some(Format::Tsv))));
    rows
}

fn open(line: u64) -> String {
    format!(
        "{line}: a quote is opened here and not closed in this line: with --stream a row is one line"
    )
}

fn part(line: u64, quote: u64) -> String {
    format!(
        "{line}: may be part of the row whose quote is opened in line {quote}, and is not taken"
    )
}

/// The bad row of line 2, whose lines up to `last` are not taken, and the row after it.
#[track_caller]
fn check_not_taken(input: &str, last: u64) {
    let mut expected = vec![open(2)];
    expected.extend((3..=last).map(|line| part(line, 2)));
    expected.push(format!("{}=last", last + 1));
    assert_eq!(feed(input), expected, "{input:?}");
}

#[test]
fn a_line_of_a_quoted_text_of_a_feed_is_not_taken_as_a_row() {
    for (text, last) in [
        ("u1,\"hello\nbob, spam\n\"", 4),
        ("u1,\"hello\nbob,spam\"", 3),
        ("u1,\"\nbob,spam\n\"", 4),
        ("u1,\"hello\nbob,spam\nann,spam\nthe end\"", 5),
        // Plain words.
        ("u1,\"hello\nthere\nbye\"", 4),
        // Quotes that are written twice.
        ("u1,\"hello\nbob,\"\"spam\"\"\nann,x\n\"", 5),
        ("u1,\"hello\nbob,\"\"\nann,x\n\"", 5),
        ("u1,\"hello\nbob,x\"\"\"", 3),
        ("u1,\"\"\"hello\nbob,x\n\"", 4),
        // The quote of the name.
        ("\"u1\nbob,spam\n\",x", 4),
    ] {
        check_not_taken(&format!("user,reason\n{text}\nlast,x\n"), last);
    }
}

#[test]
fn a_quote_that_is_closed_inside_of_a_later_line_ends_what_is_not_taken() {
    for (text, last) in [
        ("u1,\"a\nbob,b,c\nend\",n", 4),
        ("u1,\"a\nbob,b,c\nend\",\"n\"", 4),
        // The next cell has several lines, too.
        ("u1,\"a\nbob,b,c\nend\",\"n\nann,b,c\n\"", 6),
        ("\"u1\",\"a\nbob,b,c\",", 3),
    ] {
        check_not_taken(&format!("user,reason,note\n{text}\nlast,x,y\n"), last);
    }
}

#[test]
fn blank_lines_of_a_quoted_text_are_not_reported() {
    assert_eq!(
        feed("user,reason\nu1,\"a\n\nbob,spam\n\n\"\nu2,x\n"),
        [open(2), part(4, 2), part(6, 2), "7=u2".into()]
    );
}

#[test]
fn columns_of_a_flag_and_a_row_whose_quote_is_open_come_first() {
    let layout = Layout {
        columns: Some(Columns::parse("user,reason").expect("columns")),
        ..Layout::of(Some(Format::Csv))
    };
    assert_eq!(
        feed_as("u1,\"a\nbob, spam\n\"\nu2,x\n", &layout),
        [open(1), part(2, 1), part(3, 1), "4=u2".into()]
    );
}

#[test]
fn a_header_whose_quote_is_open_ends_the_feed() {
    assert_eq!(feed("user,\"reason\nu1,x\n\"\nu2,y\n"), [open(1)]);
}

/// The text would have text after its closing quote, and the line is a row by itself.
#[test]
fn a_row_with_a_quoted_cell_shows_that_the_quote_before_it_was_a_stray_one() {
    for (row, user) in [
        ("u3,\"say hi\"", "u3"),
        ("\"u3\",\"x\"", "u3"),
        ("\"u3\",x", "u3"),
        ("u3,\"say \"\"hi\"\"\"", "u3"),
    ] {
        assert_eq!(
            feed(&format!(
                "user,reason\nu1,\"5 inch\nu2,c\n{row}\nu4,\"\"\nu5,x\n"
            )),
            [
                open(2),
                part(3, 2),
                format!("4={user}"),
                "5=u4".into(),
                "6=u5".into()
            ],
            "{row}"
        );
    }
    // These are no rows by themselves.
    for line in [
        "he said \"hi\" to us",
        "a b,\"x\"",
        "x,y,\"z\"",
        "u3,\"x\"y",
    ] {
        let rows = feed(&format!(
            "user,reason\nu1,\"5 inch\n{line}\nu2,c\n\"\nu4,x\n"
        ));
        let expected = [open(2), part(3, 2), part(4, 2), part(5, 2), "6=u4".into()];
        assert_eq!(rows, expected, "{line}");
    }
}

#[test]
fn each_of_two_rows_whose_quotes_are_open_is_a_bad_row_of_its_own() {
    assert_eq!(
        feed("user,reason\nu1,\"a\nu2,\"b\nu3,x\n\"\nu4,y\n"),
        [open(2), open(3), part(4, 3), part(5, 3), "6=u4".into()]
    );
    assert_eq!(
        feed("user,reason\nu1,\"a\nu2,x\nu3,\"\nbob,x\n\"\nu4,y\n"),
        [
            open(2),
            part(3, 2),
            open(4),
            part(5, 4),
            part(6, 4),
            "7=u4".into()
        ]
    );
    // The first is closed.
    assert_eq!(
        feed("user,reason\nu1,\"a\nb\"\nu2,\"b\nu3,x\"\nu4,y\n"),
        [open(2), part(3, 2), open(4), part(5, 4), "6=u4".into()]
    );
}

#[test]
fn a_stray_quote_costs_the_lines_of_at_most_1000_bytes() {
    let line = "user1,spam\n";
    let input = format!("user,reason\nu1,\"5 inch\n{}", line.repeat(200));
    let rows = feed_as(&input, &Layout::of(Some(Format::Csv)));
    let not_taken = 1000 / line.len();
    assert_eq!(rows.len(), 201);
    assert_eq!(rows[0], open(2));
    for (at, row) in rows[1..].iter().enumerate() {
        let line = at as u64 + 3;
        let expected = if at < not_taken {
            part(line, 2)
        } else {
            format!("{line}=user1")
        };
        assert_eq!(row, &expected);
    }
}

#[test]
fn no_line_of_a_text_as_long_as_a_reason_may_be_is_taken() {
    // A quote that is written twice is one byte.
    for line in ["\n", "bob,\"\"x\"\"\n", "b,x\n", "bob, spam and more\n"] {
        let bytes = line.replace("\"\"", "\"").len();
        let count = 1000 / bytes;
        let input = format!(
            "user,reason\nu1,\"{}\"\nlast,x\n",
            format!("\n{line}").repeat(1) + &line.repeat(count - 2)
        );
        let rows = feed_as(&input, &Layout::of(Some(Format::Csv)));
        let taken: Vec<_> = rows.iter().filter(|row| row.contains('=')).collect();
        let last = input.lines().count();
        assert_eq!(taken, [&format!("{last}=last")], "{line:?}");
    }
}

/// A long text in one line is not counted: nothing of it can be a row.
#[test]
fn a_long_first_line_does_not_make_the_next_one_a_row() {
    let long = "x".repeat(2000);
    check_not_taken(
        &format!("user,reason\nu1,\"{long}\nbob,spam\n\"\nlast,x\n"),
        4,
    );
}

#[test]
fn a_line_that_is_too_long_ends_what_is_not_taken() {
    let long = "x".repeat(70_000);
    let rows = feed_as(
        &format!("user,reason\nu1,\"a\n{long}\nu2,x\n"),
        &Layout::of(Some(Format::Csv)),
    );
    assert_eq!(
        rows,
        [open(2), "3: has more than 64 KiB".into(), "4=u2".to_owned()]
    );
}

/// Whoever does not write quotes twice may write several lines as well.
#[test]
fn text_after_a_closing_quote_opens_a_text_unless_another_quote_closes_it() {
    let bad = "2: has text after a closing quote".to_owned();
    for line in ["u1,\"he said \"hi\" to", "u1,\"he said \"hello"] {
        assert_eq!(
            feed(&format!("user,reason\n{line}\nbob, spam\n\"\nu2,x\n")),
            [bad.clone(), part(3, 2), part(4, 2), "5=u2".into()],
            "{line}"
        );
    }
    for line in ["u1,\"say \"hi\"\"", "\"u1\" ,x", "u1,\"a\" ", "\"u\"1\",x"] {
        let rows = feed(&format!("user,reason\n{line}\nu2,x\n"));
        assert_eq!(rows, [bad.clone(), "3=u2".into()], "{line}");
    }
}

proptest! {
    /// Whatever a text is that RFC 4180 allows, as long as a reason may be; whether another
    /// row has a stray quote or not.
    #[test]
    fn no_name_of_a_text_of_a_feed_is_taken_for_a_row(
        records in prop::collection::vec(
            (prop::collection::vec(0_usize..8, 0..12), 0_usize..4),
            1..8,
        ),
    ) {
        let pieces = ["bob,", "\n", "x", "\"", " ", "bob,x\nbob,", "\"x\"", ","];
        let mut input = "user,reason\n".to_owned();
        for (at, (text, kind)) in records.iter().enumerate() {
            let text: String = text.iter().map(|piece| pieces[*piece]).collect();
            let reason = match kind {
                0 => "plain".to_owned(),
                1 => "\"5 inch".to_owned(),
                _ => format!("\"{}\"", text.replace('"', "\"\"")),
            };
            input.push_str(&["u", &at.to_string(), ",", &reason, "\n"].concat());
        }
        for row in Rows::live(input.as_bytes(), Layout::of(Some(Format::Csv))).flatten() {
            prop_assert!(row.user.as_str() != "bob", "{row:?} of {input:?}");
        }
    }
}
