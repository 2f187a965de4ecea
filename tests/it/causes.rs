//! What the error at the end of a job names as its cause, and the remedy that fits:
//! by outcome, not by the first answer.

use crate::support::{Done, OK, Reply, Sandbox, Server, any, fail, lines};

fn error_of(done: &Done) -> (String, String) {
    let error = done.error().expect("an error");
    let text = |key: &str| error["error"][key].as_str().expect("a text").to_owned();
    (text("message"), text("hint"))
}

const ABSENT: &str = "--ignore-absent counts";

/// Requests with one member each, so that no answer is split.
const ONE_EACH: &str =
    "-r a -r b -r c -r d -u x -m spam -o json --concurrency 1 --retries 0 --check-room never";

fn answered(codes: [i64; 4], flags: &str, exit: i32) -> (String, String) {
    let replies = codes.map(|code| match code {
        0 => Reply::json(OK),
        code => Reply::json(&fail(code)),
    });
    let server = Server::answering(replies);
    let kick = server.kick(ONE_EACH).args(flags);
    error_of(&kick.stdout(any()).stderr(any()).exits(exit))
}

#[test]
fn refused_and_absent_members_are_named_apart_with_their_counts() {
    let (message, hint) = answered([100_005, 100_002, 100_005, 0], "", 6);
    assert!(
        message.starts_with("only 1 of 4 members were removed: 1 refused: 100002, "),
        "{message}"
    );
    assert!(message.ends_with("; 2 absent"), "{message}");
    assert_eq!(hint, "fix the room, the user or the reason");
}

#[test]
fn the_most_frequent_code_is_named() {
    let (message, hint) = answered([100_004, 100_006, 100_006, 0], "", 6);
    let expected = "only 1 of 4 members were removed: most often 100006, ";
    assert!(message.starts_with(expected), "{message}");
    assert!(hint.contains("protected"), "{hint}");
}

#[test]
fn ignore_absent_is_the_remedy_only_where_absence_is_all_that_is_wrong() {
    let (message, hint) = answered([0, 100_005, 100_005, 0], "", 6);
    assert!(
        message.contains("100005, not a member of the room"),
        "{message}"
    );
    assert!(hint.contains(ABSENT), "{hint}");
    let (_, hint) = answered([100_005, 100_005, 100_004, 100_005], "", 1);
    assert!(!hint.contains("--ignore-absent"), "{hint}");
    let (message, hint) = answered([100_005, 100_005, 100_001, 100_005], "", 5);
    assert!(message.ends_with("; 3 absent"), "{message}");
    assert!(!hint.contains("counts"), "{hint}");
}

#[test]
fn a_stop_by_max_failures_names_the_refusal_and_its_own_remedy_first() {
    let (message, hint) = answered([100_005, 100_002, 0, 0], "--max-failures 1", 6);
    let expected = "stopped by --max-failures: 1 of 4 members were refused: 100002, ";
    assert!(
        message.starts_with(expected) && message.ends_with("; 1 absent"),
        "{message}"
    );
    let first = hint.lines().next().expect("a hint");
    assert!(first.contains("--max-failures"), "{hint}");
    assert!(
        !hint.contains(ABSENT) && hint.contains("fix the room"),
        "{hint}"
    );
}

/// The batch that is split when the time is over was answered 100005 as a whole.
#[test]
fn a_stop_by_the_deadline_has_the_remedy_of_the_deadline() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -m spam -o json --check-room never --from -");
    let list = lines("nobody", 0..40);
    let kick = kick.args("--rate 2 --deadline 1s").stdin(list);
    let (message, hint) = error_of(&kick.stdout(any()).stderr(any()).exits(5));
    assert!(message.starts_with("stopped by --deadline; "), "{message}");
    assert!(hint.starts_with("run the same command again"), "{hint}");
    assert!(!hint.contains("counts"), "{hint}");
}

/// Of a refusal, a lost answer and a gateway's page, only the last answer of the
/// members that stay unknown is named.
#[test]
fn another_server_is_suspected_only_where_its_answer_was_the_last() {
    let page = || Reply::http("502 Bad Gateway", "", "<html>");
    for (last, is_hint) in [(Reply::raw(""), false), (page(), true)] {
        let server = Server::answering([Reply::json(&fail(100_002)), last, Reply::json(OK)]);
        let kick = server.kick(ONE_EACH).stdout(any()).stderr(any());
        let (message, hint) = error_of(&kick.exits(5));
        assert!(message.contains("; 1 refused: 100002, "), "{message}");
        assert_eq!(hint.contains("something else answered"), is_hint, "{hint}");
    }
}
