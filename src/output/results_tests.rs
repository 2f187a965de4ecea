//! What is written for a batch, in each layout, and when.

use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::job::LastAnswer;
use crate::room::{Reason, RoomId};

fn settled(last_answer: LastAnswer) -> Settled {
    let user = |name| UserId::parse(name).expect("user");
    Settled {
        last_failure: None,
        action: Action::Kick,
        room: RoomId::parse("r").expect("room"),
        members: vec![user("a"), user("b c")],
        reason: Reason::parse("x").expect("reason"),
        outcome: Outcome::Refused,
        last_answer,
        attempts: 1,
        elapsed: Duration::ZERO,
        time: UNIX_EPOCH,
    }
}

/// What a terminal is after it was closed.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(Errno::IO.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_terminal_is_a_closed_reader_and_a_broken_disk_is_not() {
    let write = |is_terminal| {
        let mut results = Results::new(Gone, Format::Json).on_terminal(is_terminal);
        results.settled(&settled(LastAnswer::NoAnswer("x".into())))
    };
    assert!(matches!(write(true), Err(ListenerError::OutputClosed)));
    assert!(matches!(write(false), Err(ListenerError::NotWritten(_))));
}

/// What is written, without colours, as on a pipe.
fn written(mut results: Results<Vec<u8>>, last_answer: LastAnswer) -> String {
    results.settled(&settled(last_answer)).expect("written");
    String::from_utf8(results.out).expect("UTF-8")
}

fn results(format: Format) -> Results<Vec<u8>> {
    Results::new(Vec::new(), format)
}

#[test]
fn members_of_a_list_get_a_line_each() {
    let last_answer = LastAnswer::Answer {
        action_status: Some("FAIL".into()),
        error_code: 100_006,
        error_info: "not\tpermitted\u{202e}\n".into(),
        request_id: Some("Id-1".into()),
    };
    assert_eq!(
        written(results(Format::Text).line_per_member(), last_answer),
        "refused\tr\ta\t100006\tId-1\tFAIL\tnot\\tpermitted\\u{202e}\\n\n\
         refused\tr\tb c\t100006\tId-1\tFAIL\tnot\\tpermitted\\u{202e}\\n\n"
    );
}

#[test]
fn null_and_empty_are_a_dash() {
    let last_answer = LastAnswer::NoAnswer(String::new());
    let line = written(results(Format::Text).line_per_member(), last_answer);
    assert!(line.starts_with("refused\tr\ta\t-\t-\t-\t-\n"), "{line}");
}

#[test]
fn json_is_the_same_for_a_list() {
    let last_answer = || LastAnswer::NoAnswer("not sent".into());
    let json = written(results(Format::Json), last_answer());
    assert_eq!(
        written(results(Format::Json).line_per_member(), last_answer()),
        json
    );
    assert!(json.contains("\"MemberList_Account\":[\"a\",\"b c\"]"));
}

/// Each write by itself.
#[derive(Default)]
struct Writes(Vec<String>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn buffered_results_are_one_write_with_what_is_around_them() {
    let mut results = Results::new(Writes::default(), Format::Json).buffered(true);
    for _ in 0..2 {
        let settled = settled(LastAnswer::NoAnswer("x".into()));
        results.settled(&settled).expect("kept");
    }
    assert!(results.has_buffered() && results.out.0.is_empty());
    results.flush("<", ">").expect("written");
    let [write] = results.out.0.as_slice() else {
        panic!("{:?}", results.out.0);
    };
    assert!(write.starts_with('<') && write.ends_with("}\n>"), "{write}");
    assert_eq!(write.lines().count(), 3);
    results.stop_buffering().expect("nothing to write");
    results
        .settled(&settled(LastAnswer::NoAnswer("x".into())))
        .expect("written");
    assert_eq!(results.out.0.len(), 2);
}

#[test]
fn colours_are_there_only_where_they_are_wanted() {
    let none = || LastAnswer::NoAnswer("x".into());
    assert!(!written(results(Format::Text), none()).contains('\x1b'));
    let colored = results(Format::Text).with_color(true);
    assert!(written(colored, none()).starts_with("\x1b[31mrefused\x1b[0m"));
}
