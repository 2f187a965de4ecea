//! Each fault as a client sees it.

use std::io::{self, Read, Write};

use super::{ask, connect, kick, members, sandbox};

#[test]
fn reset_cuts_after_the_effect() {
    let sandbox = sandbox("reset=1");
    let error = ask(&mut connect(&sandbox), &kick(&sandbox, "a")).expect_err("cut");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(members(&sandbox), ["b", "c"]);
}

#[test]
fn drop_cuts_before_the_effect() {
    let sandbox = sandbox("drop=1");
    let error = ask(&mut connect(&sandbox), &kick(&sandbox, "a")).expect_err("cut");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    assert_eq!(members(&sandbox), ["a", "b", "c"]);
}

#[test]
fn truncate_cuts_within_the_body_after_the_effect() {
    let sandbox = sandbox("truncate=1");
    let mut stream = connect(&sandbox);
    stream
        .write_all(kick(&sandbox, "a").as_bytes())
        .expect("sent");
    let mut all = String::new();
    stream.read_to_string(&mut all).expect("an orderly end");
    let (_, body) = all.split_once("\r\n\r\n").expect("a whole head");
    assert!(body.starts_with('{') && !body.ends_with('}'));
    assert_eq!(members(&sandbox), ["b", "c"]);
}

#[test]
fn gateway_faults_answer_without_effect_and_keep_the_connection() {
    for (fault, expected) in [
        ("http502=1", "HTTP/1.1 502 Bad Gateway"),
        ("http429=1", "HTTP/1.1 429 Too Many Requests"),
        ("html=1", "HTTP/1.1 200 OK"),
    ] {
        let sandbox = sandbox(fault);
        let mut stream = connect(&sandbox);
        for _ in 0..2 {
            let (status, body) = ask(&mut stream, &kick(&sandbox, "a")).expect("answer");
            assert_eq!(status, expected);
            assert!(body.starts_with("<!DOCTYPE html>"));
        }
        assert_eq!(members(&sandbox).len(), 3);
    }
}

#[test]
fn an_error_code_is_answered_without_effect() {
    let sandbox = sandbox("100001=1");
    let (_, body) = ask(&mut connect(&sandbox), &kick(&sandbox, "a")).expect("answer");
    assert!(body.contains("\"ErrorCode\":100001") && body.contains("\"FAIL\""));
    assert_eq!(members(&sandbox).len(), 3);
}

#[test]
fn close_ends_the_connection_at_its_next_request() {
    let sandbox = sandbox("close=1");
    let mut stream = connect(&sandbox);
    assert!(ask(&mut stream, &kick(&sandbox, "a")).is_ok());
    assert!(ask(&mut stream, &kick(&sandbox, "b")).is_err());
    assert_eq!(members(&sandbox), ["b", "c"], "the second had no effect");
    assert_eq!(sandbox.requests(), 2);
}

#[test]
fn slow_and_connect_answer_later_and_take_effect_at_once() {
    let sandbox = sandbox("slow:50ms=1 connect:10ms=1");
    let mut stream = connect(&sandbox);
    let (_, body) = ask(&mut stream, &kick(&sandbox, "a")).expect("answer");
    assert!(body.contains("\"ErrorCode\":0"));
    assert_eq!(members(&sandbox), ["b", "c"]);
}
