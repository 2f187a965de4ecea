//! Every way in which a small journal can be cut or changed by one byte.

use std::fs;

use super::tests::*;
use super::*;
use crate::job::outcome::{LastAnswer, Outcome, Settled};

/// An undamaged journal of two rooms, and the offsets where its lines end.
fn undamaged() -> (Vec<u8>, Vec<usize>) {
    let lines = [
        record::header(scope(APP), at(0)),
        record::intent(2, &author(), &batch("r", "a", 1), at(1)),
        record::settled(3, &author(), &outcome("r", "a", Outcome::Done, 1)),
        record::intent(4, &author(), &batch("s", "b", 1), at(2)),
        record::settled(5, &author(), &outcome("s", "b", Outcome::Refused, 1)),
    ];
    let mut bytes = Vec::new();
    let ends = lines.iter().map(|line| {
        bytes.extend(line);
        bytes.len()
    });
    let ends = ends.collect();
    (bytes, ends)
}

fn statuses(history: &History) -> [MemberStatus; 2] {
    [status(history, "r", "a"), status(history, "s", "b")]
}

/// The statuses after each number of lines.
const AFTER: [[MemberStatus; 2]; 6] = {
    let removed = MemberStatus::Settled(Outcome::Done);
    [
        [MemberStatus::Open, MemberStatus::Open],
        [MemberStatus::Open, MemberStatus::Open],
        [MemberStatus::InDoubt, MemberStatus::Open],
        [removed, MemberStatus::Open],
        [removed, MemberStatus::InDoubt],
        [removed, MemberStatus::Open],
    ]
};

#[test]
fn torn_at_any_byte_the_whole_records_count_and_the_journal_goes_on() {
    let (bytes, ends) = undamaged();
    let (_folder, path) = place();
    for cut in 1..=bytes.len() {
        fs::write(&path, &bytes[..cut]).expect("written");
        let mut opened = open(&path);
        let lines = ends.iter().filter(|end| **end <= cut).count();
        let whole = ends[..lines].last().copied().unwrap_or_default();
        assert_eq!(opened.torn_bytes, (cut - whole) as u64, "cut at {cut}");
        assert_eq!(statuses(&opened.history), AFTER[lines], "cut at {cut}");

        let later = outcome("t", "c", Outcome::Done, 1);
        opened.journal.write_settled(&later).expect("kept");
        drop(opened);
        let again = open(&path);
        assert_eq!(again.torn_bytes, 0, "nothing is glued to a torn record");
        let settled = status(&again.history, "t", "c");
        assert_eq!(settled, MemberStatus::Settled(Outcome::Done));
        assert_eq!(statuses(&again.history), AFTER[lines]);
    }
}

#[test]
fn zeros_after_a_power_cut_are_a_torn_record() {
    let (mut bytes, _) = undamaged();
    let (_folder, path) = place();
    let whole = bytes.len();
    for zeros in [1, 4096, 5_000_000] {
        bytes.resize(whole + zeros, 0);
        fs::write(&path, &bytes).expect("written");
        let opened = open(&path);
        assert_eq!(opened.torn_bytes, zeros as u64);
        assert_eq!(statuses(&opened.history), AFTER[5]);
        let there = fs::metadata(&path).expect("there").len();
        assert_eq!(there, whole as u64);
    }
}

/// Each byte in turn, changed in several ways. Every change is found, with its line,
/// except one: without its line feed, the last record counts as torn. Its member
/// is then in doubt and processed again.
#[test]
fn a_changed_byte_is_found_or_costs_a_repeat() {
    let (undamaged, ends) = undamaged();
    let changes = [|b: u8| b ^ 1, |b| b ^ 0x20, |b| b ^ 0x80, |_| b'\n', |_| 0];
    for at in 0..undamaged.len() {
        for change in changes {
            let mut bytes = undamaged.clone();
            bytes[at] = change(bytes[at]);
            if bytes == undamaged {
                continue;
            }
            let replayed = replay::replay(&*bytes, scope(APP), SystemTime::UNIX_EPOCH);
            if at == undamaged.len() - 1 {
                let replayed = replayed.expect("as if torn");
                assert_eq!(replayed.whole, ends[3] as u64);
                assert_eq!(statuses(&replayed.history), AFTER[4]);
                continue;
            }
            let line = ends.iter().filter(|end| **end <= at).count() as u64 + 1;
            match replayed.expect_err("found") {
                JournalErrorKind::Damaged { line: found, .. }
                | JournalErrorKind::Edited { line: found, .. } => {
                    assert_eq!(found, line, "byte {at}");
                }
                JournalErrorKind::NotAJournal => assert_eq!(line, 1, "byte {at}"),
                other => panic!("byte {at}: {other}"),
            }
        }
    }
}

#[test]
fn lines_lost_glued_or_doubled() {
    let (undamaged, ends) = undamaged();
    let line = |n: usize| &undamaged[if n == 0 { 0 } else { ends[n - 1] }..ends[n]];
    let damage = |parts: &[&[u8]]| {
        let whole = replay::replay(&*parts.concat(), scope(APP), at(9));
        whole.expect_err("damage").to_string()
    };
    let headless = [line(1), line(2)];
    assert_eq!(damage(&headless), "not a roomctl journal");
    let glued = [line(0), &line(1)[..40], line(2), line(3)];
    assert_eq!(damage(&glued), "line 2 is damaged: the checksum is wrong");
    let two_heads = [line(0), line(1), line(0)];
    assert!(damage(&two_heads).starts_with("line 3 is damaged: record 1 stands here"));
    let empty_line = [line(0), b"\n", line(1)];
    assert!(damage(&empty_line).starts_with("line 2 is damaged"));
    let carriage_return = [line(0), &line(1)[..line(1).len() - 1], b"\r\n"];
    assert!(damage(&carriage_return).starts_with("line 2 is damaged"));
    let long = vec![b'x'; 5_000_000];
    let too_long = [line(0), &long, b"\n", line(1)];
    assert!(damage(&too_long).starts_with("line 2 is damaged: the line is too long"));
}

/// Every line but the first, missing, doubled or swapped with another.
#[test]
fn lines_that_are_missing_doubled_or_out_of_order_are_found() {
    let (undamaged, ends) = undamaged();
    let line = |n: usize| &undamaged[if n == 0 { 0 } else { ends[n - 1] }..ends[n]];
    let check = |order: &[usize], first_wrong: Option<usize>| {
        let bytes: Vec<u8> = order.iter().flat_map(|n| line(*n)).copied().collect();
        match replay::replay(&*bytes, scope(APP), at(9)) {
            Ok(replayed) => assert_eq!((first_wrong, replayed.records), (None, order.len() as u64)),
            Err(JournalErrorKind::Damaged { line, why }) => {
                assert_eq!(
                    first_wrong.map(|n| n as u64),
                    Some(line),
                    "{order:?}: {why}"
                );
            }
            Err(other) => panic!("{order:?}: {other}"),
        }
    };
    let whole: Vec<usize> = (0..ends.len()).collect();
    check(&whole, None);
    for at in 1..whole.len() {
        let mut order = whole.clone();
        order.remove(at);
        let is_last = at == order.len();
        check(&order, (!is_last).then_some(at + 1));

        let mut order = whole.clone();
        order.insert(at, at);
        check(&order, Some(at + 2));

        for other in at + 1..whole.len() {
            let mut order = whole.clone();
            order.swap(at, other);
            check(&order, Some(at + 1));
        }
    }
}

/// A line as the version before wrote it.
fn without_sequence(line: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(line).expect("UTF-8");
    let (body, _) = text.split_once(",\"Sequence\"").expect("numbered");
    let sum = crc32fast::hash(body.as_bytes());
    format!("{body},\"Crc32\":\"{sum:08x}\"}}\n").into_bytes()
}

#[test]
fn records_without_numbers_are_read_and_continued() {
    let (undamaged, ends) = undamaged();
    let line = |n: usize| &undamaged[if n == 0 { 0 } else { ends[n - 1] }..ends[n]];
    let (_folder, path) = place();
    for old in 0..=ends.len() {
        // Old records first, and new ones after them.
        let lines = (0..ends.len()).map(|n| {
            if n < old {
                without_sequence(line(n))
            } else {
                line(n).to_vec()
            }
        });
        let lines: Vec<Vec<u8>> = lines.collect();
        fs::write(&path, lines.concat()).expect("written");
        let mut opened = open(&path);
        assert_eq!(statuses(&opened.history), AFTER[5]);
        let later = outcome("t", "c", Outcome::Done, 1);
        opened.journal.write_settled(&later).expect("kept");
        drop(opened);
        let text = fs::read_to_string(&path).expect("read");
        assert!(text.contains(",\"Sequence\":6,"), "{text}");
        drop(open(&path));
        // A line missing before a record with a number is found.
        let damaged = text.split_inclusive('\n').enumerate();
        let damaged: String = damaged.filter(|(n, _)| *n != 2).map(|(_, l)| l).collect();
        let kind = replay::replay(damaged.as_bytes(), scope(APP), at(9)).expect_err("missing");
        assert!(matches!(kind, JournalErrorKind::Damaged { .. }), "{kind}");
    }
}

#[test]
fn unknown_records_with_a_valid_checksum_are_damage() {
    let (undamaged, ends) = undamaged();
    for body in [
        "{\"Record\":\"other\"",
        "{\"Record\":1",
        "[1",
        "{\"Record\":\"intent\",\"Action\":\"kick\",\"RoomId\":\"r\",\"Attempts\":1",
        "{\"Record\":\"intent\",\"Action\":\"pat\",\"RoomId\":\"r\",\
         \"MemberList_Account\":[\"a\"],\"Attempts\":1",
        "{\"Record\":\"settled\",\"Action\":\"kick\",\"RoomId\":\"r\",\
         \"MemberList_Account\":[\"a\"],\"Attempts\":1,\"Outcome\":\"fine\",\
         \"Time\":\"2026-02-25T06:13:21Z\"",
        "{\"Record\":\"settled\",\"Action\":\"kick\",\"RoomId\":\"r\",\
         \"MemberList_Account\":[\"a\"],\"Attempts\":1,\"Outcome\":\"removed\",\"Time\":\"now\"",
    ] {
        let sum = crc32fast::hash(body.as_bytes());
        let line = format!("{body},\"Crc32\":\"{sum:08x}\"}}\n");
        let bytes = [&undamaged[..ends[0]], line.as_bytes()].concat();
        let kind = replay::replay(&*bytes, scope(APP), at(9)).expect_err("unknown");
        assert!(
            matches!(kind, JournalErrorKind::Damaged { line: 2, .. }),
            "{body}"
        );
    }
}

/// The longest answer has 1 MiB, of which each byte that is not UTF-8 becomes a
/// character of three.
#[test]
fn a_record_with_the_longest_answer_is_read() {
    let error_info = "\u{fffd}".repeat(1024 * 1024);
    let last_answer = LastAnswer::Answer {
        action_status: None,
        error_code: 100_006,
        error_info,
        request_id: None,
    };
    let settled = Settled {
        last_answer,
        ..outcome("r", "a", Outcome::Done, 1)
    };
    let lines = [
        record::header(scope(APP), at(0)),
        record::settled(2, &author(), &settled),
    ];
    let replayed = replay::replay(&*lines.concat(), scope(APP), at(9)).expect("a journal");
    assert_eq!(replayed.records, 2);
    assert_eq!(statuses(&replayed.history)[0], AFTER[3][0]);
}

#[test]
fn the_line_after_one_that_is_too_long_keeps_its_number() {
    let lines = [
        record::header(scope(APP), at(0)),
        ["x".repeat(5 << 20).as_bytes(), b"\n"].concat(),
        record::settled(3, &author(), &outcome("r", "a", Outcome::Done, 1)),
    ];
    let bytes = lines.concat();
    let mut reader = RecordReader::new(&*bytes);
    assert!(matches!(reader.next(), Ok(Entry::Nothing)));
    assert!(matches!(reader.next(), Ok(Entry::Nothing)));
    let damaged: Vec<_> = reader.take_damaged().map(|(line, _)| line).collect();
    assert_eq!(damaged, [2]);
    assert!(matches!(
        reader.next(),
        Ok(Entry::Outcome(_, Outcome::Done))
    ));
    assert_eq!(reader.take_damaged().count(), 0);
    assert!(matches!(reader.next(), Ok(Entry::End)));
}

#[test]
fn white_space_that_an_editor_left_is_named() {
    for (line, what) in [
        (&b"{}\n"[..], None),
        (b"{}\r\n", Some("ends in CR and LF")),
        (b"{} \n", Some("ends in blanks")),
        (b"\n", Some("is blank")),
        (b"\r\n", Some("is blank")),
    ] {
        assert_eq!(
            replay::edited(line, line.trim_ascii_end()),
            what,
            "{line:?}"
        );
    }
}
