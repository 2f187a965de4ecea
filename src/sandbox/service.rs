//! State, faults, log and counters under one lock.
//!
//! Under the lock a request gets its arrival time, takes effect and is logged, so
//! that arrivals, effects and log lines have the same order. Delays and writes
//! happen outside it, in the connection's own thread.
//!
//! The log has one JSON line per request, written at its arrival. `ArrivalNs` counts
//! from the sandbox's start with a monotonic clock, so rates can be computed from it.
//! A line does not contain the query string, which is a secret.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, Refusal, Reply, reply_with_fault, reply_without_fault};
use super::auth::call_of;
use super::calls::Call;
use super::fault::{FaultKind, FaultSource};
use super::request::Request;
use super::state::State;
use crate::clock::{Clock, Now, SystemClock};

/// Shared by all connections.
pub(super) struct Service {
    clock: SystemClock,
    requests: AtomicU64,
    inner: Mutex<Inner>,
}

/// The part that requests change.
pub(super) struct Inner {
    pub(super) state: State,
    faults: FaultSource,
    pub(super) log: Option<Log>,
    /// `None` unless wanted: a sandbox may run for weeks.
    pub(super) arrivals: Option<Vec<u64>>,
}

impl Service {
    pub(super) fn new(
        state: State,
        faults: FaultSource,
        log: Option<Log>,
        keep_arrivals: bool,
    ) -> Self {
        Self {
            clock: SystemClock::start(),
            requests: AtomicU64::new(0),
            inner: Mutex::new(Inner {
                state,
                faults,
                log,
                arrivals: keep_arrivals.then(Vec::new),
            }),
        }
    }

    /// Lets the request take effect and returns the reply to it.
    pub(super) fn serve(&self, connection: u64, request: &Request) -> Reply {
        let mut inner = self.lock();
        let now = self.record_arrival(&mut inner);
        let fault = inner.draw_fault(request);
        let answer = inner.take_effect(now, request, fault.as_ref());
        inner.log(now, connection, request, fault.as_ref(), &answer);
        drop(inner);
        match fault {
            None => reply_without_fault(&answer, now.wall, request.keep_alive),
            Some(fault) => reply_with_fault(&fault, &answer, now.wall, request.keep_alive),
        }
    }

    /// Logs a request on a connection that [`FaultKind::Close`] has ended. It has no
    /// effect and no answer.
    pub(super) fn ignore(&self, connection: u64, request: &Request) {
        let mut inner = self.lock();
        let now = self.record_arrival(&mut inner);
        let fault = Some(&FaultKind::Drop);
        inner.log(now, connection, request, fault, &Answer::default());
    }

    /// The reply to a request that could not be read.
    pub(super) fn malformed(&self, connection: u64, why: &str) -> Reply {
        let mut inner = self.lock();
        let now = self.record_arrival(&mut inner);
        let answer = Answer::of(Err(Refusal::new(60_002, why)), String::new);
        inner.log(now, connection, &Request::default(), None, &answer);
        drop(inner);
        reply_without_fault(&answer, now.wall, false)
    }

    /// How long a new connection waits before its first read.
    pub(super) fn connect_delay(&self) -> Option<Duration> {
        self.lock().faults.draw_for_connection()
    }

    /// Number of requests so far, whatever the answers were.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(super) fn now(&self) -> Now {
        self.clock.now()
    }

    /// A panic in one connection must not end the others.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an arrival. It takes the lock's content, so that arrivals are in the
    /// order of their times.
    fn record_arrival(&self, inner: &mut Inner) -> Now {
        let now = self.clock.now();
        self.requests.fetch_add(1, Ordering::Relaxed);
        if let Some(arrivals) = &mut inner.arrivals {
            arrivals.push(nanos(now));
        }
        now
    }
}

impl Inner {
    fn draw_fault(&mut self, request: &Request) -> Option<FaultKind> {
        let fault = self.faults.draw_for_request();
        let is_list = call_of(&request.target) == Some(Call::Members);
        fault.or_else(|| is_list.then(|| self.faults.draw_for_list()).flatten())
    }

    fn take_effect(&mut self, now: Now, request: &Request, fault: Option<&FaultKind>) -> Answer {
        match fault {
            Some(FaultKind::Code(code)) => self.state.fail(now, request, *code),
            // A failing gateway does not forward the request.
            Some(FaultKind::Drop | FaultKind::Html | FaultKind::Http502 | FaultKind::Http429) => {
                Answer::default()
            }
            Some(fault @ (FaultKind::ListShort | FaultKind::ListLoop)) => {
                let mut answer = self.state.handle(now, request);
                answer.spoil_list(fault);
                answer
            }
            _ => self.state.handle(now, request),
        }
    }

    fn log(
        &mut self,
        now: Now,
        connection: u64,
        request: &Request,
        fault: Option<&FaultKind>,
        answer: &Answer,
    ) {
        let Some(log) = &mut self.log else {
            return;
        };
        let subject = LoggedRequest::of(request);
        log.write(&LogLine {
            arrival_ns: nanos(now),
            connection,
            command: subject.call,
            room_id: subject.room,
            members: subject.members,
            answer: logged_answer(fault, answer),
            fault: fault.map(ToString::to_string),
            removed: &answer.removed,
        });
    }
}

/// The code of the answer, or the fault if the client gets no code.
fn logged_answer(fault: Option<&FaultKind>, answer: &Answer) -> Value {
    match fault {
        None
        | Some(
            FaultKind::Code(_)
            | FaultKind::Slow(_)
            | FaultKind::Close
            | FaultKind::Connect(_)
            | FaultKind::ListShort
            | FaultKind::ListLoop,
        ) => answer.code.into(),
        Some(unreadable) => unreadable.to_string().into(),
    }
}

fn nanos(now: Now) -> u64 {
    u64::try_from(now.mono.as_nanos()).unwrap_or(u64::MAX)
}

/// Writes the lines. Each is one write and flushed at once, so that a reader never
/// sees half a line and a killed process loses none.
pub(super) struct Log {
    sink: Box<dyn Write + Send>,
    /// After a failed write nothing more is written: a log with a gap would look
    /// complete.
    failed: bool,
}

/// One line of the log.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LogLine<'a> {
    /// Since the start of the sandbox.
    pub(super) arrival_ns: u64,
    /// Number of the connection, from 1.
    pub(super) connection: u64,
    /// `None` if the path names no call.
    pub(super) command: Option<&'static str>,
    /// From the body; `None` if it has none.
    pub(super) room_id: Option<String>,
    /// From the body.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<String>,
    /// The code that the client gets, or the name of the fault that hides it.
    pub(super) answer: Value,
    /// The injected fault.
    pub(super) fault: Option<String>,
    /// The members that the request removed.
    pub(super) removed: &'a [String],
}

/// What the log contains about a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LoggedRequest {
    pub(super) call: Option<&'static str>,
    pub(super) room: Option<String>,
    pub(super) members: Vec<String>,
}

impl Log {
    pub(super) fn new(sink: Box<dyn Write + Send>) -> Self {
        Self {
            sink,
            failed: false,
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn write(&mut self, line: &LogLine<'_>) {
        if !self.failed {
            self.failed = self.try_write(line).is_err();
        }
    }

    fn try_write(&mut self, line: &LogLine<'_>) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.sink.write_all(&bytes)?;
        self.sink.flush()
    }
}

impl LoggedRequest {
    /// Reads it without checks: refused and dropped requests are logged, too.
    pub(super) fn of(request: &Request) -> Self {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let members = body["MemberList_Account"].as_array();
        let texts = members.into_iter().flatten().filter_map(Value::as_str);
        Self {
            call: call_of(&request.target).map(Call::name),
            room: body["RoomId"].as_str().map(ToOwned::to_owned),
            members: texts.map(ToOwned::to_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Sender, channel};

    use super::super::state::tests::{request, world};

    const BODY: &[u8] = br#"{"RoomId":"r","MemberList_Account":["a"],"Reason":"m"}"#;

    fn service(fault: &str) -> Service {
        let faults = vec![fault.parse().expect("a fault")];
        let faults = FaultSource::new(faults, 1).expect("fits");
        Service::new(world(200), faults, None, true)
    }

    /// How many members are in the room after one kick with `fault`.
    fn left_after(fault: &str) -> usize {
        let service = service(fault);
        service.serve(1, &request("kick_user_out", BODY));
        let inner = service.lock();
        inner.state.rooms.get("r").expect("room").len()
    }

    #[test]
    fn faults_after_the_effect_remove() {
        for fault in [
            "reset=1",
            "truncate=1",
            "slow:1s=1",
            "close=1",
            "connect:1s=1",
        ] {
            assert_eq!(left_after(fault), 0, "{fault}");
        }
    }

    #[test]
    fn faults_before_the_effect_remove_nobody() {
        for fault in ["drop=1", "html=1", "http502=1", "http429=1", "100001=1"] {
            assert_eq!(left_after(fault), 1, "{fault}");
        }
    }

    #[test]
    fn every_arrival_is_counted_and_in_order() {
        let service = service("100001=0");
        let request = Request::default();
        service.serve(1, &request);
        service.ignore(1, &request);
        service.malformed(1, "why");
        assert_eq!(service.requests(), 3);
        let arrivals = service.lock().arrivals.clone().expect("remembered");
        assert!(arrivals.is_sorted() && arrivals.len() == 3);
    }

    struct Lines(Sender<Vec<u8>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let sent = self.0.send(bytes.to_vec());
            sent.map(|()| bytes.len())
                .map_err(|_| io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn line(removed: &[String]) -> LogLine<'_> {
        LogLine {
            arrival_ns: 5,
            connection: 1,
            command: Some("kick_user_out"),
            room_id: Some("r".into()),
            members: vec!["a".into()],
            answer: 0.into(),
            fault: None,
            removed,
        }
    }

    #[test]
    fn each_request_is_one_line_in_one_write() {
        let (sender, lines) = channel();
        let mut log = Log::new(Box::new(Lines(sender)));
        log.write(&line(&["a".into()]));
        assert_eq!(
            lines.recv().expect("a line"),
            b"{\"ArrivalNs\":5,\"Connection\":1,\"Command\":\"kick_user_out\",\"RoomId\":\"r\",\
              \"MemberList_Account\":[\"a\"],\"Answer\":0,\"Fault\":null,\"Removed\":[\"a\"]}\n"
        );
        drop(lines);
        assert!(!log.has_failed());
        log.write(&line(&[]));
        assert!(log.has_failed());
    }

    #[test]
    fn the_subject_is_read_from_any_request() {
        let subject = |target: &str, body: &[u8]| {
            LoggedRequest::of(&Request {
                target: target.into(),
                body: body.into(),
                ..Request::default()
            })
        };
        let path = "/v4/room_engine_http_srv/kick_user_out?usersig=canary";
        let whole = subject(path, br#"{"RoomId":"r","MemberList_Account":["a",7]}"#);
        assert_eq!(whole.call, Some("kick_user_out"));
        assert_eq!(
            (whole.room.as_deref(), whole.members),
            (Some("r"), vec!["a".to_owned()])
        );
        assert_eq!(subject("/", b"[1"), LoggedRequest::default());
    }
}
