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

/// A batch that is split, the first member alone removed, and the last replies for the
/// second one alone.
fn split_then(last: Vec<Reply>, flags: &str) -> Done {
    let mut replies = vec![Reply::json(&fail(100_005)), Reply::json(OK)];
    replies.extend(last);
    let server = Server::answering_all(replies);
    let kick = server.kick("-r r -u r1 -u t1 -m spam --concurrency 1 --timeout 300ms");
    let kick = kick.args("--check-room never").args(flags);
    kick.stdout(any()).stderr(any()).exits(5)
}

#[test]
fn the_failure_of_the_last_try_is_named_and_not_the_answer_to_a_larger_request() {
    let stall = || Reply::stalling("");
    let html = || Reply::http("200 OK", "Content-Type: text/html\r\n", "<html>x</html>");
    let failures = [(stall(), "no answer within 300ms"), (html(), "a web page")];
    for (reply, why) in failures {
        let done = split_then(vec![reply], "--retries 0 -o json");
        let (message, hint) = error_of(&done);
        let expected = "1 of 2 members are not settled: ";
        assert!(
            message.starts_with(expected) && message.contains(why),
            "{message}"
        );
        assert!(!message.contains("100005"), "{message}");
        // As without a split.
        let alone = Server::answering([match why {
            "a web page" => html(),
            _ => stall(),
        }]);
        let alone = alone.kick("-r r -u t1 -m spam --timeout 300ms --retries 0 -o json");
        let (_, remedy) = error_of(&alone.stdout(any()).stderr(any()).exits(5));
        let remedy = remedy.lines().next().expect("a remedy");
        assert!(hint.contains(remedy), "{remedy:?} is not in {hint:?}");
        // The codes of a result are those of the last answer.
        let unknown = done
            .results()
            .into_iter()
            .find(|it| it["Outcome"] == "unknown");
        let unknown = unknown.expect("a result");
        assert_eq!(unknown["ErrorCode"], 100_005, "{unknown}");
    }
    let text = split_then(vec![stall()], "--retries 0").stdout;
    assert!(
        text.contains("whether t1 has left r; last try: no answer within 300ms"),
        "{text}"
    );
}

#[test]
fn a_time_out_after_an_answer_that_is_retried_is_the_cause() {
    let server = Server::answering([Reply::json(&fail(100_001)), Reply::stalling("")]);
    let kick = server.kick("-r r -u a -m spam --timeout 300ms --retries 1 -o json");
    let (message, _) = error_of(&kick.stdout(any()).stderr(any()).exits(5));
    let expected = "perhaps not removed: no answer within 300ms";
    assert!(message.starts_with(expected), "{message}");

    let server = Server::answering([Reply::stalling(""), Reply::json(&fail(100_001))]);
    let kick = server.kick("-r r -u a -m spam --timeout 300ms --retries 1 -o json");
    let (message, _) = error_of(&kick.stdout(any()).stderr(any()).exits(5));
    assert!(
        message.starts_with("perhaps not removed: 100001"),
        "{message}"
    );
}
