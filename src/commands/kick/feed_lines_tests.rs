//! Which rows are left, by what the job has taken.

use super::*;

fn left_after(lines: &FeedLines, taken: u64) -> Option<u64> {
    lines.left(taken).map(|left| left.after)
}

/// Adds a row of whole lines.
fn add(lines: &FeedLines, first: u64, last: u64, messages: usize) {
    add_row(lines, first, last, LineRest::Taken, messages);
}

fn add_row(lines: &FeedLines, first: u64, last: u64, rest: LineRest, messages: usize) {
    lines.add(first, RowEnd { rest, ..end(last) }, messages);
}

/// Of a value whose last line has nothing after it.
fn end(line: u64) -> RowEnd {
    RowEnd {
        line,
        rest: LineRest::Taken,
        is_in_array: false,
        inside: None,
    }
}

#[test]
fn a_row_counts_when_all_its_messages_were_taken() {
    let lines = FeedLines::default();
    assert_eq!(left_after(&lines, 0), Some(0));
    add(&lines, 2, 2, 1);
    add(&lines, 5, 5, 3);
    let after = (0..=4).map(|taken| left_after(&lines, taken));
    let expected = [0, 2, 2, 2, 5].map(Some);
    assert_eq!(after.collect::<Vec<_>>(), expected);
    lines.end();
    assert_eq!(left_after(&lines, 3), Some(2));
    assert_eq!(left_after(&lines, 4), None);
}

#[test]
fn of_a_long_feed_only_the_last_lines_are_kept() {
    let lines = FeedLines::default();
    (1..=100_000).for_each(|line| add(&lines, line, line, 1));
    assert_eq!(left_after(&lines, 99_500), Some(99_500));
    assert_eq!(lines.lock().rows.len(), KEPT);
}

#[test]
fn a_row_of_several_lines_counts_with_its_last_one() {
    let lines = FeedLines::default();
    add(&lines, 1, 3, 1);
    assert_eq!(left_after(&lines, 1), Some(3));
    add(&lines, 4, 6, 1);
    assert_eq!(left_after(&lines, 1), Some(3));
    // It begins in the last line of the row before it.
    add(&lines, 6, 8, 1);
    assert_eq!(left_after(&lines, 2), Some(3));
    assert_eq!(left_after(&lines, 3), Some(8));
    add(&lines, 1, 1, 1);
    assert_eq!(left_after(&lines, 4), Some(8), "lines never go back");
}

#[test]
fn what_follows_a_row_in_its_line_is_left_as_well() {
    let lines = FeedLines::default();
    let left = |taken| lines.left(taken).map(RowsLeft::message).expect("some");
    add_row(&lines, 1, 1, LineRest::Blank, 1);
    assert_eq!(left(1), "the rows after line 1 of the feed were not read");
    add_row(&lines, 2, 3, LineRest::Open, 1);
    let rest = "the rest of line 3 of the feed and the rows after it were not read";
    assert_eq!(left(2), rest);
    // The next row begins in the same line, then in a later one.
    add_row(&lines, 3, 3, LineRest::Open, 1);
    let all = "the rows after line 1 of the feed were not all read";
    assert_eq!(left(2), all);
    add_row(&lines, 4, 4, LineRest::Blank, 1);
    assert_eq!(left(3), "the rows after line 3 of the feed were not read");
}

/// Its other members have not been handed to the job yet.
#[test]
fn a_value_counts_when_its_reader_has_gone_on() {
    let lines = FeedLines::default();
    let left = |taken| lines.left(taken).map(RowsLeft::message).expect("some");
    lines.set_parsing(true);
    assert_eq!(left(0), "no row of the feed was read");
    add_row(&lines, 1, 3, LineRest::Blank, 1);
    assert_eq!(left(1), "the rows of the feed were not all read");
    lines.set_parsing(false);
    assert_eq!(left(1), "the rows after line 3 of the feed were not read");
    lines.set_parsing(true);
    add_row(&lines, 4, 6, LineRest::Open, 1);
    let mixed = "the rows after line 3 of the feed were not all read";
    assert_eq!(left(2), mixed);
    add_row(&lines, 7, 7, LineRest::Taken, 1);
    assert_eq!(left(3), "the rows after line 7 of the feed were not read");
}

#[test]
fn a_bad_value_counts_at_once_and_a_bad_member_with_its_value() {
    let lines = FeedLines::default();
    lines.set_parsing(true);
    let end = |line| RowEnd {
        rest: LineRest::Blank,
        ..end(line)
    };
    lines.add_bad_value(1, end(4));
    let left = |taken| lines.left(taken).map(RowsLeft::message).expect("some");
    assert_eq!(left(1), "the rows after line 4 of the feed were not read");
    lines.add_bad(5, end(6));
    let mixed = "the rows after line 4 of the feed were not all read";
    assert_eq!(left(2), mixed);
}

/// Its lines would be rows of the next feed.
#[test]
fn a_broken_value_counts_when_its_lines_have_been_skipped() {
    let lines = FeedLines::default();
    add(&lines, 1, 2, 1);
    lines.add_open(2, end(4));
    assert_eq!(left_after(&lines, 2), Some(0), "it begins in line 2");
    lines.add_part(end(7), false);
    assert_eq!(left_after(&lines, 2), Some(0));
    assert_eq!(left_after(&lines, 3), Some(7));
    lines.add_open(9, end(9));
    assert_eq!(left_after(&lines, 4), Some(7));
    lines.add_part(end(10), false);
    assert_eq!(left_after(&lines, 4), Some(7));
    assert_eq!(left_after(&lines, 5), Some(10));
    // No line belongs to it.
    lines.add_open(12, end(12));
    add(&lines, 13, 13, 1);
    assert_eq!(left_after(&lines, 6), Some(12));
}

/// Each of its lines is reported when it has been read.
#[test]
fn a_quoted_text_counts_when_its_last_line_has_been_read() {
    let lines = FeedLines::default();
    add(&lines, 1, 1, 1);
    lines.add_open(2, end(2));
    lines.add_part(end(3), true);
    lines.add_part(end(4), true);
    assert_eq!(left_after(&lines, 3), Some(1));
    assert_eq!(left_after(&lines, 4), Some(1));
    lines.add_part(end(5), false);
    let after = (1..=5).map(|taken| left_after(&lines, taken));
    let expected = [1, 1, 1, 1, 5].map(Some);
    assert_eq!(after.collect::<Vec<_>>(), expected);
    // Where the next row shows that the quote was a stray one.
    lines.add_open(6, end(6));
    lines.add_part(end(7), true);
    assert_eq!(left_after(&lines, 7), Some(5));
    add(&lines, 8, 8, 1);
    assert_eq!(left_after(&lines, 7), Some(7));
}

#[test]
fn a_problem_where_nothing_was_read_leaves_its_line() {
    let lines = FeedLines::default();
    add(&lines, 1, 2, 1);
    add(&lines, 3, 2, 1);
    assert_eq!(left_after(&lines, 2), Some(2));
    add(&lines, 3, 3, 1);
    assert_eq!(left_after(&lines, 2), Some(2));
}

/// Values before it may be parts of it, and nothing after its beginning was read.
#[test]
fn an_array_that_is_not_read_on_leaves_its_broken_value() {
    let lines = FeedLines::default();
    let end = |line| RowEnd {
        is_in_array: true,
        ..end(line)
    };
    lines.add(2, end(2), 1);
    lines.add(3, end(5), 1);
    lines.add_array_end(3, end(8));
    let left = lines.left(3).expect("some");
    assert_eq!((left.after, left.broken), (2, Some(3)));
    assert!(!left.has_bad_row_before());
    let before = lines.left(2).expect("some");
    assert_eq!((before.after, before.broken), (2, None));
}

/// Its names would be rows of the next feed, without the room of the value.
#[test]
fn a_job_that_leaves_values_inside_of_a_broken_one_leaves_that_as_well() {
    let lines = FeedLines::default();
    let end = |line, inside| RowEnd {
        inside,
        ..end(line)
    };
    add(&lines, 1, 1, 1);
    lines.add_open(2, end(2, None));
    lines.add_bad(3, end(3, Some(2)));
    lines.add(4, end(4, Some(2)), 1);
    let after = |taken| left_after(&lines, taken).expect("some");
    assert_eq!([2, 3, 4].map(after), [1, 1, 1]);
    lines.add_bad(5, end(5, Some(2)));
    assert_eq!([4, 5].map(after), [1, 1]);
    add(&lines, 6, 6, 1);
    assert_eq!([4, 5, 6].map(after), [1, 5, 6]);
}
