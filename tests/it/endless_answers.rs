//! Answers without an end, cut and slow ones, and bytes that nobody asked for: time and
//! memory stay bounded, and no member counts as removed without an answer of its own.

use std::io::Write;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use crate::hostile_server::{HEAD, check, kick, outcomes, row, with};
use crate::support::{KEY, OK, Reply, Roomctl, Server, any};

/// The limit of each request here. A run is never measured against it.
const LIMIT: &str = "--timeout 2s";

/// Most bytes of one answer that are taken, those in the buffers of sockets included;
/// 4 MB measured.
const MOST_TAKEN: u64 = 32 * 1024 * 1024;

/// Most memory of a run with all of these answers at once, in KiB; 16,000 measured.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 64_000;

/// The start of an answer, and what follows it again and again.
type Endless = (String, Vec<u8>);

fn endless(start: impl Into<String>, repeated: &str) -> Endless {
    let repeated = repeated.repeat(64 * 1024 / repeated.len());
    (start.into(), repeated.into_bytes())
}

/// Answers that are larger than an answer may be.
fn too_large() -> Vec<Endless> {
    let body = format!("{HEAD}\r\n");
    let sized = format!("{HEAD}Content-Length: 9000000000000000000\r\n\r\n");
    let chunked = format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n");
    let chunk = format!("100\r\n{}\r\n", "x".repeat(0x100));
    let whole_chunk = format!("{chunked}{:x}\r\n{OK}\r\n", OK.len());
    vec![
        endless(&body, "x"),
        endless(&body, " "),
        endless(format!("{body}{OK}"), "\n"),
        endless(format!("{body}{{\"A\":"), "["),
        endless(sized, "x"),
        endless(&chunked, &chunk),
        endless(&chunked, "1"),
        endless(format!("{chunked}1;"), "extension="),
        endless(whole_chunk, "0"),
        endless(HEAD, "X: y\r\n"),
        endless(format!("{HEAD}X: "), "y"),
        endless("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/", "y"),
        endless("", "\r\n"),
        endless("", "\0"),
    ]
}

/// Answers in many small parts, each of which is read and forgotten.
fn never_complete() -> Vec<Endless> {
    let chunked = format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n");
    vec![
        endless(
            format!("{chunked}{:x}\r\n{OK}\r\n0\r\n", OK.len()),
            "X: y\r\n",
        ),
        endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
        endless("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
    ]
}

/// All of them at once in one job. Returns the bytes that were taken.
fn all_end_unknown(rows: &[Endless]) -> u64 {
    let reply = |(start, repeated): &Endless| Reply::endless(start, repeated.clone());
    let server = Server::answering_all(rows.iter().map(reply).collect());
    let running = kick(&server, rows.len(), LIMIT).start();
    #[cfg(target_os = "linux")]
    let (code, done) = {
        let (code, done, peak) = running.ended_with_peak();
        assert!(peak < MOST_MEMORY, "{peak} KiB");
        (code, done)
    };
    #[cfg(not(target_os = "linux"))]
    let (code, done) = running.ended();
    assert_eq!(code, Some(5), "{done}");
    let outcomes = outcomes(&server, &done);
    assert_eq!(outcomes.len(), rows.len());
    for (number, outcome) in outcomes {
        assert_eq!(outcome, "unknown", "{:?}", rows[number].0);
    }
    server.written()
}

#[test]
fn of_an_answer_that_is_too_large_only_the_beginning_is_taken() {
    let rows = too_large();
    let taken = all_end_unknown(&rows);
    assert!(taken < MOST_TAKEN * rows.len() as u64, "{taken} bytes");
}

#[test]
fn an_answer_that_never_completes_ends_at_the_timeout_in_bounded_memory() {
    all_end_unknown(&never_complete());
}

#[test]
fn an_answer_of_one_byte_at_a_time_ends_at_the_timeout() {
    let pause = Duration::from_millis(100);
    let whole = format!("{HEAD}Content-Length: {}\r\n\r\n{OK}", OK.len());
    let (head, body) = whole.split_at(whole.len() - OK.len());
    let replies = [
        Reply::dripping("", &whole, pause),
        Reply::dripping(head, body, pause),
        Reply::dripping(&whole[..whole.len() - 1], "", pause),
        Reply::stalling(&whole[..whole.len() - 1]),
        Reply::stalling(head),
        Reply::stalling(""),
    ];
    let rooms = replies.len();
    let server = Server::answering(replies);
    let done = kick(&server, rooms, LIMIT).exits(5);
    let outcomes = outcomes(&server, &done);
    assert_eq!(outcomes.len(), rooms);
    for (number, outcome) in outcomes {
        assert_eq!(outcome, "unknown", "answer {number}");
    }
}

#[test]
fn a_slow_answer_within_the_timeout_counts() {
    let whole = format!("{HEAD}Content-Length: {}\r\n\r\n{OK}", OK.len());
    let reply = Reply::dripping(&whole[..whole.len() - 5], "", Duration::ZERO);
    let slow = Reply::dripping(
        &whole[..whole.len() - 5],
        &whole[whole.len() - 5..],
        Duration::from_millis(50),
    );
    let server = Server::answering([slow, reply]);
    let done = kick(&server, 1, "--timeout 30s").exits(0);
    assert_eq!(outcomes(&server, &done)[&0], "removed");
}

/// A second answer in the first one's packet, or just after it, is not an answer to the
/// next request, which comes on the same connection if it is kept.
#[test]
fn an_answer_that_came_before_its_request_is_not_taken_for_one() {
    let answer = format!("{HEAD}Content-Length: {}\r\n\r\n{OK}", OK.len());
    let chunked = format!(
        "{HEAD}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{OK}\r\n0\r\n\r\n",
        OK.len()
    );
    for first in [&answer, &chunked] {
        for more in [answer.as_str(), "\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
            let both = format!("{first}{more}");
            let server = Server::answering([Reply::keeping(both), Reply::raw("")]);
            let done = kick(&server, 2, "--concurrency 1").exits(5);
            let outcomes = outcomes(&server, &done);
            assert_eq!(outcomes[&0], "removed", "{more:?} {done}");
            assert_eq!(outcomes[&1], "unknown", "{more:?} {done}");
        }
    }
}

#[test]
fn an_answer_that_comes_late_is_not_taken_for_the_next_one() {
    // Too late for the first request, at once for the second.
    let answer = format!("{HEAD}Content-Length: {}\r\n\r\n{OK}", OK.len());
    let late = Reply::dripping("", &answer, Duration::from_millis(20));
    let server = Server::answering([late, Reply::raw("")]);
    let done = kick(&server, 2, "--concurrency 1 --timeout 300ms").exits(5);
    for (number, outcome) in outcomes(&server, &done) {
        assert_eq!(outcome, "unknown", "answer {number}");
    }
}

#[test]
fn a_connection_closed_at_any_byte_of_an_answer_is_unknown() {
    let length = format!("Content-Length: {}\r\n", OK.len());
    let chunks = format!("{:x}\r\n{OK}\r\n0\r\n\r\n", OK.len());
    for whole in [
        with(&length, OK),
        with("", OK),
        with("Transfer-Encoding: chunked\r\n", &chunks),
    ] {
        let end = whole.find('}').expect("JSON") + 1;
        // Nothing of the answer is missing after its last bracket.
        let cuts = (0..end).map(|cut| (cut, false));
        let cuts = cuts.chain([(whole.len(), true)]);
        let rows = cuts.map(|(cut, is_success)| {
            row(
                &format!("{cut} bytes of {whole:?}"),
                &whole[..cut],
                is_success,
            )
        });
        check(&rows.collect::<Vec<_>>());
    }
}

/// Nothing of the request was sent before the handshake.
#[test]
fn a_tls_handshake_without_an_end_is_unsent() {
    let records = [&b"\x16\x03\x03\x40\x00"[..], &[2; 0x4000]].concat();
    for repeated in [
        vec![0; 0x1_0000],
        records,
        b"\x15\x03\x03\x00\x02\x01\x00".repeat(9000),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                // Until the client closes the connection.
                while client.write_all(&repeated).is_ok() {}
            }
        });
        let kick = Roomctl::new("kick -r r -u u -m spam -o json --retries 0 --sdkappid 7");
        let kick = kick.args("--identifier a --endpoint");
        let kick = kick.arg(format!("https://{address}")).args(LIMIT);
        let kick = kick.env("ROOMCTL_SECRET_KEY", KEY).secret(KEY);
        let done = kick.stdout(any()).stderr(any()).exits(5);
        assert_eq!(done.result()["Outcome"], "unsent", "{done}");
    }
}
