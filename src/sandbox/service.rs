//! The pure parts put together behind one lock: state, faults, log, counters.
//!
//! Under the lock an arrival gets its time, takes effect and is logged, so
//! that arrivals, effects and log lines have one order. Waiting and writing
//! happen outside it, in the connection's own thread.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::clock::{Clock, Now, SystemClock};

use super::answer::{Answer, Refusal};
use super::auth::Request;
use super::fault::FaultKind;
use super::log::{Line, Log, Subject};
use super::random::Faults;
use super::reply::{self, Reply};
use super::state::State;

/// What all connections share.
pub(super) struct Service {
    clock: SystemClock,
    requests: AtomicU64,
    inner: Mutex<Inner>,
}

/// What is changed by requests.
pub(super) struct Inner {
    pub(super) state: State,
    faults: Faults,
    pub(super) log: Option<Log>,
    /// Only where asked for: a sandbox may run for weeks.
    pub(super) arrivals: Option<Vec<u64>>,
}

impl Service {
    pub(super) fn new(state: State, faults: Faults, log: Option<Log>, remember: bool) -> Self {
        Self {
            clock: SystemClock::start(),
            requests: AtomicU64::new(0),
            inner: Mutex::new(Inner {
                state,
                faults,
                log,
                arrivals: remember.then(Vec::new),
            }),
        }
    }

    /// A request's effect, now, and the reply to it.
    pub(super) fn serve(&self, connection: u64, request: &Request, keep_alive: bool) -> Reply {
        let mut inner = self.lock();
        let now = self.arrived(&mut inner);
        let fault = inner.faults.for_request();
        let answer = inner.take_effect(now, request, fault.as_ref());
        inner.log(now, connection, request, fault.as_ref(), &answer);
        drop(inner);
        match fault {
            None => reply::plain(&answer, now.wall, keep_alive),
            Some(fault) => reply::with_fault(&fault, &answer, now.wall, keep_alive),
        }
    }

    /// A request on a connection that [`FaultKind::Close`] has ended: seen by
    /// the log, by nobody else.
    pub(super) fn ignore(&self, connection: u64, request: &Request) {
        let mut inner = self.lock();
        let now = self.arrived(&mut inner);
        let fault = Some(&FaultKind::Drop);
        inner.log(now, connection, request, fault, &Answer::default());
    }

    /// The reply to what is no request.
    pub(super) fn malformed(&self, connection: u64, why: &str) -> Reply {
        let mut inner = self.lock();
        let now = self.arrived(&mut inner);
        let answer = Answer::of(Err(Refusal::new(60_002, why)), String::new);
        let nothing = Request {
            method: "",
            target: "",
            body: b"",
        };
        inner.log(now, connection, &nothing, None, &answer);
        drop(inner);
        reply::plain(&answer, now.wall, false)
    }

    /// How long a new connection waits before it is read.
    pub(super) fn connect_delay(&self) -> Option<Duration> {
        self.lock().faults.for_connection()
    }

    /// Requests so far, whatever became of them.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// This moment by the clock that requests are judged by.
    pub(super) fn now(&self) -> Now {
        self.clock.now()
    }

    /// A panic elsewhere must not end the service of everybody else.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be called under the lock: arrivals are in the order of their times.
    fn arrived(&self, inner: &mut Inner) -> Now {
        let now = self.clock.now();
        self.requests.fetch_add(1, Ordering::Relaxed);
        if let Some(arrivals) = &mut inner.arrivals {
            arrivals.push(nanos(now));
        }
        now
    }
}

impl Inner {
    fn take_effect(&mut self, now: Now, request: &Request, fault: Option<&FaultKind>) -> Answer {
        match fault {
            Some(FaultKind::Code(code)) => self.state.fail(now, request, *code),
            // A gateway that fails never asks the service.
            Some(FaultKind::Drop | FaultKind::Html | FaultKind::Http502 | FaultKind::Http429) => {
                Answer::default()
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
        let subject = Subject::of(request);
        log.write(&Line {
            arrival_ns: nanos(now),
            connection,
            command: subject.command,
            room_id: subject.room,
            members: subject.members,
            answer: readable(fault, answer),
            fault: fault.map(ToString::to_string),
            removed: &answer.removed,
        });
    }
}

/// The code, unless the fault keeps it from the client.
fn readable(fault: Option<&FaultKind>, answer: &Answer) -> Value {
    match fault {
        None
        | Some(
            FaultKind::Code(_) | FaultKind::Slow(_) | FaultKind::Close | FaultKind::Connect(_),
        ) => answer.code.into(),
        Some(unreadable) => unreadable.to_string().into(),
    }
}

fn nanos(now: Now) -> u64 {
    u64::try_from(now.mono.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::{target, world};
    use super::*;

    const BODY: &[u8] = br#"{"RoomId":"r","MemberList_Account":["a"],"Reason":"m"}"#;

    fn service(fault: &str) -> Service {
        let faults = vec![fault.parse().expect("a fault")];
        let faults = Faults::new(faults, 1).expect("fits");
        Service::new(world(200), faults, None, true)
    }

    /// How many are left in the room after one kick under `fault`.
    fn left_after(fault: &str) -> usize {
        let service = service(fault);
        let target = target("kick_user_out");
        let request = Request {
            method: "POST",
            target: &target,
            body: BODY,
        };
        service.serve(1, &request, true);
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
        let request = Request {
            method: "GET",
            target: "/",
            body: b"",
        };
        service.serve(1, &request, true);
        service.ignore(1, &request);
        service.malformed(1, "why");
        assert_eq!(service.requests(), 3);
        let arrivals = service.lock().arrivals.clone().expect("remembered");
        assert!(arrivals.is_sorted() && arrivals.len() == 3);
    }
}
