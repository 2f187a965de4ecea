//! The sandbox over real sockets, with literal HTTP.
//!
//! The client is not used, so that a mistake on both sides is found.

mod faults;
mod tls;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use super::{Options, Sandbox};
use crate::clock::unix_seconds;
use crate::usersig::{Claims, sign};

fn sandbox(fault: &str) -> Sandbox {
    let faults = fault
        .split_whitespace()
        .map(|text| text.parse().expect(text));
    let options = Options {
        faults: faults.collect(),
        keep_arrivals: true,
        seed: Some(1),
        ..Options::default()
    };
    Sandbox::start(options.room("r", ["a", "b", "c"])).expect("a port")
}

fn connect(sandbox: &Sandbox) -> TcpStream {
    let stream = TcpStream::connect(sandbox.server.address()).expect("listening");
    let limit = Some(Duration::from_secs(20));
    stream.set_read_timeout(limit).expect("a time limit");
    stream
}

/// Head and body of a call.
fn call(sandbox: &Sandbox, command: &str, body: &str) -> (String, String) {
    let claims = Claims {
        identifier: sandbox.identifier().into(),
        sdkappid: sandbox.sdkappid(),
        time: unix_seconds(SystemTime::now()),
        expire: 60,
        userbuf: None,
    };
    let sig = sign(&claims, sandbox.secret_key());
    let head = format!(
        "POST /v4/room_engine_http_srv/{command}?sdkappid=1400000001&identifier=administrator&usersig={}&random=4294967295&contenttype=json HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        sig.expose(),
        body.len()
    );
    (head, body.to_owned())
}

fn kick(sandbox: &Sandbox, member: &str) -> String {
    let body = format!(r#"{{"RoomId":"r","MemberList_Account":["{member}"],"Reason":"m"}}"#);
    let (head, body) = call(sandbox, "kick_user_out", &body);
    head + &body
}

/// Status line and body of the next response. An end before its last byte is
/// `UnexpectedEof`.
fn response(stream: &mut impl Read) -> io::Result<(String, String)> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("ASCII");
    let length = head.split("Content-Length: ").nth(1).expect("a length");
    let length = length.lines().next().expect("a line").parse();
    let mut body = vec![0; length.expect("a number")];
    stream.read_exact(&mut body)?;
    let status = head.lines().next().expect("a line").to_owned();
    Ok((status, String::from_utf8(body).expect("UTF-8")))
}

fn ask(stream: &mut (impl Read + Write), request: &str) -> io::Result<(String, String)> {
    stream.write_all(request.as_bytes())?;
    response(stream)
}

fn members(sandbox: &Sandbox) -> Vec<String> {
    sandbox.members("r").expect("room")
}

#[test]
fn one_connection_serves_many_requests() {
    let sandbox = sandbox("");
    let mut stream = connect(&sandbox);
    for member in ["a", "b"] {
        let (status, body) = ask(&mut stream, &kick(&sandbox, member)).expect("answer");
        assert_eq!(status, "HTTP/1.1 200 OK");
        assert!(
            body.starts_with(
                r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-"#
            )
        );
    }
    let (status, body) = ask(&mut stream, &kick(&sandbox, "a")).expect("answer");
    assert!(status.contains("200") && body.contains("\"ErrorCode\":100005"));
    assert_eq!(members(&sandbox), ["c"]);
    assert_eq!((sandbox.requests(), sandbox.arrivals().len()), (3, 3));
}

#[test]
fn head_and_body_may_come_in_separate_writes() {
    let sandbox = sandbox("");
    let mut stream = connect(&sandbox);
    let request = kick(&sandbox, "a");
    let (head, body) = request.split_at(request.len() - 10);
    stream.write_all(head.as_bytes()).expect("head");
    std::thread::sleep(Duration::from_millis(20));
    let (_, answer) = ask(&mut stream, body).expect("answer");
    assert!(answer.contains("\"ErrorCode\":0"));
}

#[test]
fn a_malformed_request_is_60002_and_the_end() {
    let sandbox = sandbox("");
    let mut stream = connect(&sandbox);
    let (status, body) = ask(&mut stream, "SSH-2.0-OpenSSH_9.9\r\n").expect("answer");
    assert!(
        status.contains("200") && body.contains("\"ErrorCode\":60002"),
        "{body}"
    );
    assert_eq!(stream.read(&mut [0]).expect("the end"), 0);
}

#[test]
fn an_idle_connection_is_closed() {
    let options = Options {
        idle: Duration::from_millis(10),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).expect("a port");
    assert_eq!(connect(&sandbox).read(&mut [0]).expect("the end"), 0);
}

#[test]
fn connections_do_not_wait_for_each_other() {
    let sandbox = sandbox("slow:1h=1");
    let mut streams = [connect(&sandbox), connect(&sandbox), connect(&sandbox)];
    for (stream, member) in streams.iter_mut().zip(["a", "b", "c"]) {
        stream
            .write_all(kick(&sandbox, member).as_bytes())
            .expect("sent");
    }
    // All three take effect, although none is answered. A hang fails the run.
    while !members(&sandbox).is_empty() {
        std::thread::yield_now();
    }
}

#[test]
fn the_rate_limit_covers_all_connections() {
    let options = Options {
        limit: 5,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options.room("r", ["a"])).expect("a port");
    let answers: Vec<_> = (0..20)
        .map(|_| {
            ask(&mut connect(&sandbox), &kick(&sandbox, "x"))
                .expect("answer")
                .1
        })
        .collect();
    let passed = answers.iter().filter(|body| body.contains("100005"));
    let refused = answers.iter().filter(|body| body.contains("60007"));
    let passed = passed.count();
    assert!(passed >= 5 && passed + refused.count() == 20);
}

#[test]
fn rooms_can_be_changed_while_it_runs() {
    let sandbox = sandbox("");
    assert_eq!(sandbox.join("r", &["z", "a"]), 2);
    assert_eq!(members(&sandbox), ["a", "b", "c", "z"]);
    assert!(sandbox.members("s").is_none());
    assert_eq!(
        sandbox.members("room-test").map(|demo| demo.len()),
        Some(100)
    );
}

#[test]
fn dropping_it_ends_all_connections() {
    let sandbox = sandbox("");
    let address = sandbox.server.address();
    let mut stream = connect(&sandbox);
    assert!(ask(&mut stream, &kick(&sandbox, "a")).is_ok());
    drop(sandbox);
    assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)));
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn deep_nesting_gets_an_answer() {
    let sandbox = sandbox("");
    let mut stream = connect(&sandbox);
    for depth in [126, 100_000] {
        let body = format!("{{\"RoomId\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let (head, body) = call(&sandbox, "get_room_info", &body);
        let (_, answer) = ask(&mut stream, &(head + &body)).expect("answer");
        assert!(
            answer.contains("100002") || answer.contains("60003"),
            "{answer}"
        );
    }
}

#[test]
fn a_ban_over_http_takes_effect() {
    let sandbox = sandbox("");
    let body = r#"{"RoomId":"r","MemberList_Account":["a"],"Reason":"m","Duration":600}"#;
    let (head, body) = call(&sandbox, "ban_room_member", body);
    let (_, answer) = ask(&mut connect(&sandbox), &(head + &body)).expect("answer");
    assert!(answer.contains("\"ErrorCode\":0"));
    let mut inner = sandbox.service.lock();
    let bans = inner.state.rooms.get_mut("r").expect("room").bans(0);
    assert_eq!(bans.keys().collect::<Vec<_>>(), ["a"]);
    drop(inner);
    assert_eq!(sandbox.join("r", &["a"]), 0, "banned");
}

#[test]
fn a_sandbox_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&sandbox(""));
}
