//! Every way not to get through is told in words of its own, with the address
//! concerned and never with the query.

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

/// What one try comes to: the outcome, and what the result and the error say.
fn told(kick: Roomctl) -> (String, String) {
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
fn a_name_without_an_address() {
    let (outcome, words) = told(kick("https://name.invalid"));
    assert_eq!(outcome, "unsent");
    assert!(
        words.starts_with("cannot resolve name.invalid: "),
        "{words}"
    );
}

#[test]
fn a_refused_connection() {
    let deaf = DeadPort::refusing();
    let (outcome, words) = told(kick(&deaf.endpoint("http")));
    assert_eq!(outcome, "unsent");
    let start = format!("cannot connect to {}: ", deaf.address());
    assert!(
        words.starts_with(&start) && words.contains("refused"),
        "{words}"
    );
}

#[test]
fn a_connection_is_said_to_have_waited_as_long_as_it_did() {
    let deaf = DeadPort::full();
    let (_, words) = told(kick(&deaf.endpoint("http")).args("--timeout 300ms"));
    assert!(words.contains("after 300ms"), "{words}");
}

#[test]
fn a_connection_that_does_not_come_about() {
    let deaf = DeadPort::full();
    let (outcome, words) = told(kick(&deaf.endpoint("http")).args("--connect-timeout 300ms"));
    assert_eq!(outcome, "unsent");
    assert!(words.contains("connect timed out"), "{words}");
    assert!(
        words.contains(&deaf.address().to_string()) && words.contains("300ms"),
        "{words}"
    );
}

#[test]
fn a_handshake_that_hangs() {
    let deaf = DeadPort::silent();
    for (limits, said) in [
        ("--connect-timeout 300ms", "300ms"),
        ("--timeout 400ms --connect-timeout 400ms", "400ms"),
        ("--timeout 200ms", "200ms"),
    ] {
        let (outcome, words) = told(kick(&deaf.endpoint("https")).args(limits));
        assert_eq!(outcome, "unsent");
        for part in ["TLS with 127.0.0.1", "handshake timed out", said] {
            assert!(words.contains(part), "{limits}: {words}");
        }
    }
}

#[test]
fn a_sandbox_slow_to_shake_hands() {
    let sandbox = Sandbox::untouched_with(Options {
        tls: true,
        faults: vec!["connect:1h=1".parse().expect("a fault")],
        ..Options::default()
    });
    let home = Home::new();
    let file = home.file("ca.pem", sandbox.ca_pem());
    let kick = sandbox.kick(KICK).arg("--ca-file").arg(file);
    let (outcome, words) = told(kick.args("--connect-timeout 200ms"));
    assert_eq!(outcome, "unsent");
    assert!(words.contains("handshake timed out"), "{words}");
}

#[test]
fn no_answer_within_the_limit() {
    let deaf = DeadPort::silent();
    let (outcome, words) = told(kick(&deaf.endpoint("http")).args("--timeout 300ms"));
    assert_eq!(outcome, "unknown");
    assert!(words.contains("no answer within 300ms"), "{words}");
    assert!(words.contains(&deaf.address().to_string()), "{words}");
}

#[test]
fn an_answer_that_does_not_end_within_the_limit() {
    let sandbox = Sandbox::failing("slow:1h=1");
    let (outcome, words) = told(sandbox.kick(KICK).args("--timeout 300ms"));
    assert_eq!(outcome, "unknown");
    assert!(words.contains("no answer within 300ms"), "{words}");
    let server = Server::answering([Reply::stalling(
        "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{\"Err",
    )]);
    let (outcome, words) = told(server.kick(KICK).args("--timeout 300ms"));
    assert_eq!(outcome, "unknown");
    assert!(words.contains("not complete within 300ms"), "{words}");
    let address = server.address().to_string();
    assert!(words.contains(&address), "{words}");
}

#[test]
fn a_connection_lost_after_sending() {
    let server = Server::answering([Reply::raw("")]);
    let (outcome, words) = told(server.kick(KICK));
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
        assert_eq!(told(kick).0, "unknown", "{spelt}");
    }
}

#[test]
fn none_is_told_like_another() {
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
    .map(|endpoint| told(kick(endpoint).args(limits)).1)
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
fn each_retry_says_the_same() {
    let deaf = DeadPort::refusing();
    let kick = Roomctl::new("kick -r r -u u -m spam --retries 1 --sdkappid 7 --identifier a");
    let kick = kick.env("ROOMCTL_SECRET_KEY", KEY).arg("--endpoint");
    let kick = kick.arg(deaf.endpoint("http"));
    let told = has(["retry 1 of 1 in 0.", "cannot connect to 127.0.0.1:"]);
    kick.stdout(any()).stderr(told).exits(5);
}
