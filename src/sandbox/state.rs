//! The state of the service as a pure machine: a request and the time go in, an
//! answer comes out.
//!
//! It has no socket, clock or file: `service` has those. The order of checks is
//! gateway, rate, body, parameters, room, members.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::clock::{Now, unix_seconds};

use super::answer::{Answer, CallOutput, Refusal};
use super::auth::{self, Account};
use super::calls::{self, AbsentMode, Call, CallContext};
use super::request::Request;
use super::rooms::Rooms;

const WINDOW: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct State {
    account: Account,
    absent: AbsentMode,
    limit: u32,
    /// One per call: by the documents each call has its own 200 requests a second.
    rates: BTreeMap<Call, RateWindow>,
    ids: StdRng,
    answered: u64,
    pub(super) rooms: Rooms,
}

impl State {
    /// `seed` decides the `RequestId`s.
    pub(super) fn new(
        account: Account,
        rooms: Rooms,
        absent: AbsentMode,
        limit: u32,
        seed: u64,
    ) -> Self {
        Self {
            account,
            absent,
            limit,
            rates: BTreeMap::new(),
            ids: StdRng::seed_from_u64(seed),
            answered: 0,
            rooms,
        }
    }

    /// Makes the call and returns the answer to it.
    pub(super) fn handle(&mut self, now: Now, request: &Request) -> Answer {
        let result = self.admit(now, request).and_then(|call| {
            let mut context = CallContext {
                rooms: &mut self.rooms,
                absent: self.absent,
                owner: &self.account.identifier,
                now: unix_seconds(now.wall),
            };
            calls::run(call, &mut context, &request.body)
        });
        self.answer(result)
    }

    /// The answer of a service that fails with `code`. Gateway and rate are checked
    /// as usual, but the call has no effect.
    pub(super) fn fail(&mut self, now: Now, request: &Request, code: u32) -> Answer {
        let result = self.admit(now, request);
        self.answer(result.and_then(|_| Err(Refusal::new(code, "injected by the sandbox"))))
    }

    fn admit(&mut self, now: Now, request: &Request) -> Result<Call, Refusal> {
        let call = auth::authorize(&self.account, unix_seconds(now.wall), request)?;
        let limit = self.limit;
        let rate = self.rates.entry(call);
        let rate = rate.or_insert_with(|| RateWindow::new(limit));
        if rate.admit(now.mono) {
            Ok(call)
        } else {
            let info = format!("{} is called too often", call.name());
            Err(Refusal::new(60_007, info))
        }
    }

    fn answer(&mut self, result: Result<CallOutput, Refusal>) -> Answer {
        self.answered += 1;
        let (ids, sequence) = (&mut self.ids, self.answered);
        Answer::of(result, || {
            format!("Id-{:032x}-O-Seq-{sequence}", ids.random::<u128>())
        })
    }
}

/// The rate limit: so many requests of one call in any second.
///
/// The window slides: 200 at the end of one calendar second and 200 at the start of
/// the next are too many. Refused calls do not count, so a client that sends too
/// fast still gets its 200.
#[derive(Debug)]
struct RateWindow {
    limit: usize,
    /// The admitted arrivals of the last second; at most `limit`.
    admitted: VecDeque<Duration>,
}

impl RateWindow {
    fn new(limit: u32) -> Self {
        Self {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            admitted: VecDeque::new(),
        }
    }

    /// Whether a call at `at` (monotonic) is within the limit. Counts it if so.
    fn admit(&mut self, at: Duration) -> bool {
        let is_old = |first: &Duration| at.saturating_sub(*first) >= WINDOW;
        while self.admitted.front().is_some_and(is_old) {
            self.admitted.pop_front();
        }
        let admits = self.admitted.len() < self.limit;
        if admits {
            self.admitted.push_back(at);
        }
        admits
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::secret::SecretKey;
    use crate::usersig::{Claims, sign};
    use std::time::{Duration, UNIX_EPOCH};

    const BODY: &[u8] = br#"{"RoomId":"r","MemberList_Account":["a"],"Reason":"m"}"#;

    fn account() -> Account {
        Account {
            sdkappid: 14,
            identifier: "admin".into(),
            secret_key: SecretKey::new("key"),
        }
    }

    fn target(call: &str) -> String {
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
            "/v4/room_engine_http_srv/{call}?sdkappid=14&identifier=admin&usersig={sig}&random=1&contenttype=json"
        )
    }

    /// A request that [`account`] may make around [`at`] zero.
    pub(in crate::sandbox) fn request(call: &str, body: &[u8]) -> Request {
        Request {
            method: "POST".into(),
            target: target(call),
            body: body.to_owned(),
            keep_alive: true,
        }
    }

    pub(in crate::sandbox) fn world(limit: u32) -> State {
        let mut rooms = Rooms::default();
        rooms.get_or_create("r", 0).join("a", 0);
        State::new(account(), rooms, AbsentMode::Atomic, limit, 7)
    }

    fn at(millis: u64) -> Now {
        Now {
            mono: Duration::from_millis(millis),
            wall: UNIX_EPOCH + Duration::from_secs(1_000),
        }
    }

    fn code(state: &mut State, millis: u64, call: &str, body: &[u8]) -> u32 {
        state.handle(at(millis), &request(call, body)).code
    }

    #[test]
    fn a_kick_has_its_effect_when_it_is_answered() {
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
        let request = request("get_room_info", br#"{"RoomId":"r"}"#);
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
    fn each_call_has_its_own_rate() {
        let mut state = world(1);
        let info: &[u8] = br#"{"RoomId":"r"}"#;
        assert_eq!(code(&mut state, 0, "kick_user_out", BODY), 0);
        assert_eq!(code(&mut state, 999, "kick_user_out", BODY), 60_007);
        assert_eq!(code(&mut state, 999, "get_room_info", info), 0);
        assert_eq!(code(&mut state, 1_000, "kick_user_out", BODY), 100_005);
    }

    #[test]
    fn the_rate_is_checked_after_the_gateway_and_before_the_body() {
        let mut state = world(1);
        assert_eq!(code(&mut state, 0, "no_such_call", BODY), 60_009);
        assert_eq!(code(&mut state, 0, "kick_user_out", b""), 60_003);
        assert_eq!(code(&mut state, 0, "kick_user_out", b""), 60_007);
    }

    #[test]
    fn an_injected_failure_has_no_effect_but_counts() {
        let mut state = world(1);
        let mut request = request("kick_user_out", BODY);
        let answer = state.fail(at(0), &request, 100_001);
        assert_eq!((answer.code, answer.removed.len()), (100_001, 0));
        assert_eq!(
            state.rooms.get("r").map(super::super::rooms::Room::len),
            Some(1)
        );
        assert_eq!(state.fail(at(1), &request, 100_001).code, 60_007);
        request.method = "GET".into();
        assert_eq!(state.fail(at(1), &request, 100_001).code, 60_002);
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_rate_window_slides() {
        let mut limit = RateWindow::new(2);
        assert!(limit.admit(ms(900)) && limit.admit(ms(950)));
        assert!(!limit.admit(ms(1_100)), "two within 200 ms");
        assert!(!limit.admit(ms(1_899)));
        assert!(limit.admit(ms(1_900)), "the first is a second old");
        assert!(!limit.admit(ms(1_949)));
    }

    #[test]
    fn refused_calls_do_not_count() {
        let mut limit = RateWindow::new(1);
        assert!(limit.admit(ms(0)));
        assert!((1..1_000).all(|at| !limit.admit(ms(at))));
        assert!(limit.admit(ms(1_000)));
    }

    #[test]
    fn any_200_in_a_second_pass_and_the_201st_does_not() {
        let mut limit = RateWindow::new(200);
        assert!((0..200).all(|at| limit.admit(ms(at))));
        assert!(!limit.admit(ms(200)));
        assert_eq!(limit.admitted.len(), 200);
    }
}
