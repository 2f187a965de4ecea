//! Each way in which a connection can fail has its own message, with the
//! address and without the query.

use roomctl::sandbox::Options;

use crate::support::{DeadPort, Done, Home, KEY, Reply, Roomctl, Sandbox, Server};
use crate::support::{any, has};

const KICK: &str = "-r room-test -u user1 -m spam --retries 0 -o json -v";

/// A kick to this endpoint.
fn kick(endpoint: &str) -> Roomctl {
    Roomctl::new("kick")
        .args(KICK)
        .args("--sdkappid 7 --identifier a --endpoint")
        .arg(endpoint)
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY)
}

/// The outcome of a single try, and the texts of result and error.
fn reported(kick: Roomctl) -> (String, String) {
    let done: Done = kick.stdout(any()).stderr(any()).exits(5);
    let result = done.result();
    let words = result["ErrorInfo"].as_str().expect("words").to_owned();
    let error = done.error().expect("an error");
    let message = error["error"]["message"].as_str().expect("a message");
    assert!(message.contains(&words), "{message}");
    assert!(error["error"]["hint"].is_string(), "{error}");
    (
        result["Outcome"].as_str().expect("an outcome").into(),
        words,
    )
}

#[test]
fn a_name_that_does_not_resolve() {
    let (outcome, words) = reported(kick("https://name.invalid"));
    assert_eq!(outcome, "unsent");
    assert!(
        words.starts_with("cannot resolve name.invalid: "),
        "{words}"
    );
}

#[test]
fn a_refused_connection() {
    let dead_port = DeadPort::refusing();
    let (outcome, words) = reported(kick(&dead_port.endpoint("http")));
    assert_eq!(outcome, "unsent");
    let start = format!("cannot connect to {}: ", dead_port.address());
    assert!(
        words.starts_with(&start) && words.contains("refused"),
        "{words}"
    );
}

#[test]
fn the_error_of_a_connection_names_the_time_it_waited() {
    let dead_port = DeadPort::full();
    let (_, words) = reported(kick(&dead_port.endpoint("http")).args("--timeout 300ms"));
    assert!(words.contains("after 300ms"), "{words}");
}

#[test]
fn a_connection_that_times_out() {
    let dead_port = DeadPort::full();
    let (outcome, words) =
        reported(kick(&dead_port.endpoint("http")).args("--connect-timeout 300ms"));
    assert_eq!(outcome, "unsent");
    assert!(words.contains("connect timed out"), "{words}");
    assert!(
        words.contains(&dead_port.address().to_string()) && words.contains("300ms"),
        "{words}"
    );
}

#[test]
fn a_tls_handshake_that_times_out() {
    let dead_port = DeadPort::silent();
    for (limits, text) in [
        ("--connect-timeout 300ms", "300ms"),
        ("--timeout 400ms --connect-timeout 400ms", "400ms"),
        ("--timeout 200ms", "200ms"),
    ] {
        let (outcome, words) = reported(kick(&dead_port.endpoint("https")).args(limits));
        assert_eq!(outcome, "unsent");
        for part in ["TLS with 127.0.0.1", "handshake timed out", text] {
            assert!(words.contains(part), "{limits}: {words}");
        }
    }
}

#[test]
fn a_sandbox_with_a_slow_handshake() {
    let sandbox = Sandbox::untouched_with(Options {
        tls: true,
        faults: vec!["connect:1h=1".parse().expect("a fault")],
        ..Options::default()
    });
    let home = Home::new();
    let file = home.file("ca.pem", sandbox.ca_pem());
    let kick = sandbox.kick(KICK).arg("--ca-file").arg(file);
    let (outcome, words) = reported(kick.args("--connect-timeout 200ms"));
    assert_eq!(outcome, "unsent");
    assert!(words.contains("handshake timed out"), "{words}");
}

#[test]
fn no_answer_within_the_timeout() {
    let dead_port = DeadPort::silent();
    let (outcome, words) = reported(kick(&dead_port.endpoint("http")).args("--timeout 300ms"));
    assert_eq!(outcome, "unknown");
    assert!(words.contains("no answer within 300ms"), "{words}");
    assert!(words.contains(&dead_port.address().to_string()), "{words}");
}

#[test]
fn an_answer_that_does_not_end_within_the_timeout() {
    let sandbox = Sandbox::failing("slow:1h=1");
    let (outcome, words) = reported(sandbox.kick(KICK).args("--timeout 300ms"));
    assert_eq!(outcome, "unknown");
    assert!(words.contains("no answer within 300ms"), "{words}");
    let server = Server::answering([Reply::stalling(
        "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{\"Err",
    )]);
    let (outcome, words) = reported(server.kick(KICK).args("--timeout 300ms"));
    assert_eq!(outcome, "unknown");
    assert!(words.contains("not complete within 300ms"), "{words}");
    let address = server.address().to_string();
    assert!(words.contains(&address), "{words}");
}

#[test]
fn a_connection_lost_after_sending() {
    let server = Server::answering([Reply::raw("")]);
    let (outcome, words) = reported(server.kick(KICK));
    assert_eq!(outcome, "unknown");
    assert!(words.contains("connection lost"), "{words}");
    assert!(words.contains(&server.address().to_string()), "{words}");
}

#[test]
fn however_the_endpoint_is_spelt_a_lost_answer_is_unknown() {
    for spelt in [
        "http://LOCALHOST:",
        "http://LocalHost:",
        "http://127.0.0.1:0",
    ] {
        let server = Server::answering([Reply::raw("")]);
        let port = server.address().port().to_string();
        let endpoint = format!("{spelt}{port}");
        let kick = server.kick(KICK).env("ROOMCTL_ENDPOINT", endpoint);
        assert_eq!(reported(kick).0, "unknown", "{spelt}");
    }
}

#[test]
fn each_error_has_its_own_message() {
    let (mute, full, refusing) = (DeadPort::silent(), DeadPort::full(), DeadPort::refusing());
    let limits = "--timeout 300ms --connect-timeout 200ms";
    let mut all: Vec<String> = [
        "https://name.invalid".to_owned(),
        refusing.endpoint("http"),
        full.endpoint("http"),
        mute.endpoint("https"),
        mute.endpoint("http"),
    ]
    .iter()
    .map(|endpoint| reported(kick(endpoint).args(limits)).1)
    .map(|words| {
        words
            .split([' ', ':'])
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    })
    .collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 5, "{all:?}");
}

#[test]
fn each_retry_reports_the_same_error() {
    let dead_port = DeadPort::refusing();
    let kick = Roomctl::new("kick -r r -u u -m spam --retries 1 --sdkappid 7 --identifier a");
    let kick = kick.env("ROOMCTL_SECRET_KEY", KEY).arg("--endpoint");
    let kick = kick.arg(dead_port.endpoint("http"));
    let reported = has(["retry 1 of 1 in 0.", "cannot connect to 127.0.0.1:"]);
    kick.stdout(any()).stderr(reported).exits(5);
}
