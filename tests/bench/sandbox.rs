//! How many kicks a second the sandbox answers: it must not be slower than the
//! service's 200 a second.
//!
//! Over kept connections on loopback, in literal HTTP, without roomctl's own
//! client. Bounded in count and in time. Prints a figure. Checks only the answers,
//! not the speed: each must be a success, and at the end the room must have lost
//! as many members.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant, SystemTime};

use roomctl::clock::unix_seconds;
use roomctl::sandbox::{Options, Sandbox};
use roomctl::usersig::{Claims, sign};

const CONNECTIONS: usize = 8;
const KICKS_EACH: usize = 2_500;
const LIMIT: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let sandbox = Sandbox::start(Options {
        limit: u32::MAX,
        ..Options::default().room("r", (0..CONNECTIONS * KICKS_EACH).map(member))
    });
    let sandbox = sandbox.expect("a port");
    let begin = Instant::now();
    let answered = run(&sandbox, begin + LIMIT);
    let took = begin.elapsed();
    let answered = match answered {
        Ok(answered) => answered,
        Err(wrong) => return say(&format!("sandbox: {wrong}"), ExitCode::FAILURE),
    };
    let left = sandbox.members("r").map_or(0, |members| members.len());
    if left + answered != CONNECTIONS * KICKS_EACH {
        let wrong = format!("sandbox: {answered} answered as removed, and {left} are left");
        return say(&wrong, ExitCode::FAILURE);
    }
    let rate = answered as u128 * 1_000_000 / took.as_micros().max(1);
    let figure = format!(
        "sandbox: {answered} kicks over {CONNECTIONS} connections in {:.2} s, {rate} a second",
        took.as_secs_f64()
    );
    say(&figure, ExitCode::SUCCESS)
}

fn member(number: usize) -> String {
    format!("u{number}")
}

/// The number of answers within the time, or the first wrong answer.
fn run(sandbox: &Sandbox, until: Instant) -> Result<usize, String> {
    let head = head(sandbox);
    thread::scope(|scope| {
        let clients = (0..CONNECTIONS).map(|nth| {
            let (head, first) = (&head, nth * KICKS_EACH);
            scope.spawn(move || client(sandbox, head, first, until))
        });
        let clients: Vec<_> = clients.collect();
        let counts = clients.into_iter().map(ScopedJoinHandle::join);
        counts.map(|count| count.expect("no panic")).sum()
    })
}

/// The kicks of one connection, in sequence.
fn client(sandbox: &Sandbox, head: &str, first: usize, until: Instant) -> Result<usize, String> {
    let authority = sandbox.endpoint().replace("http://", "");
    let stream = TcpStream::connect(authority);
    let mut stream = stream.map_err(|why| why.to_string())?;
    stream.set_nodelay(true).map_err(|why| why.to_string())?;
    let mut answered = 0;
    for number in first..first + KICKS_EACH {
        if Instant::now() >= until {
            break;
        }
        let name = member(number);
        let answer = ask(&mut stream, head, &name).map_err(|why| why.to_string())?;
        if !answer.contains(r#""ErrorCode":0,"#) {
            return Err(format!("{name}: {answer}"));
        }
        answered += 1;
    }
    Ok(answered)
}

/// The head of a request up to its length.
fn head(sandbox: &Sandbox) -> String {
    let (app, who) = (sandbox.sdkappid(), sandbox.identifier());
    let claims = Claims {
        identifier: who.into(),
        sdkappid: app,
        time: unix_seconds(SystemTime::now()),
        expire: 3600,
        userbuf: None,
    };
    let sig = sign(&claims, sandbox.secret_key());
    format!(
        "POST /v4/room_engine_http_srv/kick_user_out?sdkappid={app}&identifier={who}&usersig={}\
         &random=1&contenttype=json HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ",
        sig.expose()
    )
}

/// Head and body of the answer.
fn ask(stream: &mut TcpStream, head: &str, member: &str) -> io::Result<String> {
    let body = format!(r#"{{"RoomId":"r","MemberList_Account":["{member}"],"Reason":"m"}}"#);
    let request = format!("{head}{}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    // The answer is one JSON object, so its closing brace is the end.
    while answer.last() != Some(&b'}') {
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => answer.extend_from_slice(&chunk[..count]),
        }
    }
    String::from_utf8(answer).map_err(io::Error::other)
}

fn say(text: &str, exit: ExitCode) -> ExitCode {
    let _ = writeln!(io::stdout(), "{text}");
    exit
}
