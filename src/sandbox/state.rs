//! The sandbox's world as a pure machine: a request and the time go in, an
//! answer comes out.
//!
//! No socket, no clock, no file: `service` brings those. The order of checks
//! is the gate, the frequency, the body, the parameters, the room, the members.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::clock::{Now, unix_seconds};

use super::answer::{Answer, Granted, Refusal};
use super::auth::{self, Account, Request};
use super::calls::{self, Absent, CallContext, Command};
use super::limit::RateWindow;
use super::rooms::Rooms;

/// Everything the sandbox knows.
#[derive(Debug)]
pub(super) struct State {
    account: Account,
    absent: Absent,
    limit: u32,
    /// Per call: the documented 200 a second are each call's own.
    frequency: BTreeMap<Command, RateWindow>,
    ids: StdRng,
    answered: u64,
    pub(super) rooms: Rooms,
}

impl State {
    /// A world with these rooms; `seed` decides the `RequestId`s.
    pub(super) fn new(
        account: Account,
        rooms: Rooms,
        absent: Absent,
        limit: u32,
        seed: u64,
    ) -> Self {
        Self {
            account,
            absent,
            limit,
            frequency: BTreeMap::new(),
            ids: StdRng::seed_from_u64(seed),
            answered: 0,
            rooms,
        }
    }

    /// The answer; what was asked has been done when it returns.
    pub(super) fn handle(&mut self, now: Now, request: &Request) -> Answer {
        let verdict = self.admit(now, request).and_then(|command| {
            let mut context = CallContext {
                rooms: &mut self.rooms,
                absent: self.absent,
                owner: &self.account.identifier,
                now: unix_seconds(now.wall),
            };
            calls::run(command, &mut context, request.body)
        });
        self.answer(verdict)
    }

    /// The answer of a service that fails with `code`: the gate still refuses
    /// what it must and the call counts, but nothing is done.
    pub(super) fn fail(&mut self, now: Now, request: &Request, code: u32) -> Answer {
        let verdict = self.admit(now, request);
        self.answer(verdict.and_then(|_| Err(Refusal::new(code, "as the sandbox was told"))))
    }

    fn admit(&mut self, now: Now, request: &Request) -> Result<Command, Refusal> {
        let command = auth::authorize(&self.account, unix_seconds(now.wall), request)?;
        let limit = self.limit;
        let frequency = self.frequency.entry(command);
        let frequency = frequency.or_insert_with(|| RateWindow::new(limit));
        if frequency.admit(now.mono) {
            Ok(command)
        } else {
            let info = format!("{} is called too often", command.name());
            Err(Refusal::new(60_007, info))
        }
    }

    fn answer(&mut self, verdict: Result<Granted, Refusal>) -> Answer {
        self.answered += 1;
        let (ids, sequence) = (&mut self.ids, self.answered);
        Answer::of(verdict, || {
            format!("Id-{:032x}-O-Seq-{sequence}", ids.random::<u128>())
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::secret::SecretKey;
    use crate::usersig::{Claims, sign};
    use std::time::{Duration, UNIX_EPOCH};

    const BODY: &[u8] = br#"{"RoomId":"r","MemberList_Account":["a"],"Reason":"m"}"#;

    pub(in crate::sandbox) fn account() -> Account {
        Account {
            sdkappid: 14,
            identifier: "admin".into(),
            secret_key: SecretKey::new("key"),
        }
    }

    /// A target that the gate of [`account`] lets in around [`at`] zero.
    pub(in crate::sandbox) fn target(command: &str) -> String {
        let claims = Claims {
            identifier: "admin".into(),
            sdkappid: 14,
            time: 1_000,
            expire: u64::from(u32::MAX),
            userbuf: None,
        };
        let sig = sign(&claims, &SecretKey::new("key"));
        let sig = sig.expose();
        format!(
            "/v4/room_engine_http_srv/{command}?sdkappid=14&identifier=admin&usersig={sig}&random=1&contenttype=json"
        )
    }

    pub(in crate::sandbox) fn world(limit: u32) -> State {
        let mut rooms = Rooms::default();
        rooms.open("r", 0).join("a", 0);
        State::new(account(), rooms, Absent::Atomic, limit, 7)
    }

    fn at(millis: u64) -> Now {
        Now {
            mono: Duration::from_millis(millis),
            wall: UNIX_EPOCH + Duration::from_secs(1_000),
        }
    }

    fn code(state: &mut State, millis: u64, command: &str, body: &[u8]) -> u32 {
        let target = target(command);
        let request = Request {
            method: "POST",
            target: &target,
            body,
        };
        state.handle(at(millis), &request).code
    }

    #[test]
    fn a_kick_is_done_when_it_is_answered() {
        let mut state = world(200);
        assert_eq!(code(&mut state, 0, "kick_user_out", BODY), 0);
        assert_eq!(
            state.rooms.get("r").map(super::super::rooms::Room::len),
            Some(0)
        );
        assert_eq!(code(&mut state, 1, "kick_user_out", BODY), 100_005);
    }

    #[test]
    fn request_ids_have_the_documented_shape_and_differ() {
        let mut state = world(200);
        let target = target("get_room_info");
        let request = Request {
            method: "POST",
            target: &target,
            body: br#"{"RoomId":"r"}"#,
        };
        let mut id = || state.handle(at(0), &request).request_id.expect("an id");
        let (first, second) = (id(), id());
        let hex = first
            .strip_prefix("Id-")
            .and_then(|rest| rest.strip_suffix("-O-Seq-1"));
        let hex = hex.expect("Id-…-O-Seq-1");
        assert!(hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        assert!(second.ends_with("-O-Seq-2") && !second.contains(hex));
    }

    #[test]
    fn each_call_has_its_own_frequency() {
        let mut state = world(1);
        let info: &[u8] = br#"{"RoomId":"r"}"#;
        assert_eq!(code(&mut state, 0, "kick_user_out", BODY), 0);
        assert_eq!(code(&mut state, 999, "kick_user_out", BODY), 60_007);
        assert_eq!(code(&mut state, 999, "get_room_info", info), 0);
        assert_eq!(code(&mut state, 1_000, "kick_user_out", BODY), 100_005);
    }

    #[test]
    fn frequency_comes_after_the_gate_and_before_the_body() {
        let mut state = world(1);
        assert_eq!(code(&mut state, 0, "no_such_call", BODY), 60_009);
        assert_eq!(code(&mut state, 0, "kick_user_out", b""), 60_003);
        assert_eq!(code(&mut state, 0, "kick_user_out", b""), 60_007);
    }

    #[test]
    fn a_failure_by_order_does_nothing_but_counts() {
        let mut state = world(1);
        let good = target("kick_user_out");
        let mut request = Request {
            method: "POST",
            target: &good,
            body: BODY,
        };
        let answer = state.fail(at(0), &request, 100_001);
        assert_eq!((answer.code, answer.removed.len()), (100_001, 0));
        assert_eq!(
            state.rooms.get("r").map(super::super::rooms::Room::len),
            Some(1)
        );
        assert_eq!(state.fail(at(1), &request, 100_001).code, 60_007);
        request.method = "GET";
        assert_eq!(state.fail(at(1), &request, 100_001).code, 60_002);
    }
}
