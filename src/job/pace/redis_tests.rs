//! Tests of the timeline on a real Redis server.

use std::thread;

use ::redis::cmd;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::exit::Exit;
use crate::job::pace::timeline::Timeline;
use crate::redis::test_server::RedisServer;

fn url(server: &RedisServer) -> RedisUrl {
    RedisUrl::parse(&server.url()).expect("a URL")
}

fn name(action: &'static str) -> TimelineName {
    TimelineName {
        sdkappid: 1_400_000_001,
        endpoint: "https://h.test".into(),
        action,
    }
}

fn timeline(server: &RedisServer) -> RedisTimeline {
    RedisTimeline::new(url(server), &name("kick"), &Transport::default())
}

fn want(slots: u32) -> Want {
    Want { slots, rate: 100.0 }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The script on a clock that the test sets.
struct OnTestClock {
    connection: Connection,
    script: Script,
    seen: i64,
}

/// A time that the test's clock begins with, in microseconds since 1970.
const BEGIN: u64 = 1_800_000_000_000_000;

impl OnTestClock {
    fn new(server: &RedisServer) -> Self {
        let script = SCRIPT.replace("redis.call('TIME')", "{ ARGV[7], ARGV[8] }");
        assert_ne!(script, SCRIPT);
        Self {
            connection: Connection::new(url(server), &Transport::default()),
            script: Script::new(&script),
            seen: 0,
        }
    }

    /// `now` is since [`BEGIN`]. Another key is another timeline.
    fn call(&mut self, key: u32, now: Duration, first: [String; 2], age: &str) -> Answer {
        let [slots, rate] = first;
        let now = Duration::from_micros(BEGIN) + now;
        let arguments = [
            slots,
            rate,
            "1000000000".into(),
            self.seen.to_string(),
            age.to_owned(),
            "0".into(),
            now.as_secs().to_string(),
            now.subsec_micros().to_string(),
        ];
        let key = format!("key{key}");
        let numbers: Vec<i64> = self
            .connection
            .run(&self.script, &key, &arguments)
            .expect("an answer");
        let most = arguments[0].parse().expect("a number");
        Answer::of(&numbers, most).expect("the script's numbers")
    }

    fn reserve(&mut self, key: u32, now: Duration, want: Want) -> Answer {
        let first = [want.slots.to_string(), want.rate.to_string()];
        let answer = self.call(key, now, first, "-1");
        self.seen = answer.next;
        answer
    }

    fn slow_down(&mut self, key: u32, now: Duration, age: Duration) {
        let none = ["0".to_owned(), "0".to_owned()];
        self.call(key, now, none, &age.as_micros().to_string());
    }
}

/// What happens on a timeline: milliseconds since the event before, and a reservation
/// or the age of a slowed request.
#[derive(Debug, Clone)]
enum Event {
    Reserve(u64, Want),
    SlowDown(u64, u64),
}

/// Together they reserve less than [`most_ahead`](super::super::shared_timeline::most_ahead), beyond
/// which a state cannot be true: there the script waits, for the sake of those who still
/// have slots, and the timeline in memory has nobody to wait for.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let rate = prop_oneof![Just(200.0), Just(190.0), 10.0..200.0_f64];
    let reserve = (0..3000_u64, 1..4_u32, rate)
        .prop_map(|(pause, slots, rate)| Event::Reserve(pause, Want { slots, rate }));
    let slow_down = (0..3000_u64, 0..3000_u64).prop_map(|(pause, age)| Event::SlowDown(pause, age));
    prop::collection::vec(prop_oneof![4 => reserve, 1 => slow_down], 1..30)
}

#[test]
fn the_script_has_the_rules_of_the_timeline() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut script = OnTestClock::new(&server);
    let mut key = 0;
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(100)
    };
    let check = |events: Vec<Event>| {
        let mut timeline = Timeline::default();
        (key, script.seen) = (key + 1, 0);
        let (mut now, mut slots) = (Duration::ZERO, 0);
        for event in events {
            match event {
                Event::Reserve(pause, want) => {
                    now += ms(pause);
                    slots += want.slots;
                    // Steps are rounded up to whole microseconds.
                    let tolerance = Duration::from_micros(u64::from(slots) + 1);
                    let rule = timeline.reserve(now, want);
                    let lease = script.reserve(key, now, want).lease;
                    prop_assert_eq!(lease.slots, rule.slots);
                    prop_assert!(lease.step.abs_diff(rule.step) <= Duration::from_micros(3));
                    prop_assert!(lease.first.abs_diff(rule.first) <= tolerance);
                    prop_assert!(lease.step + Duration::from_nanos(1) >= rule.step);
                }
                Event::SlowDown(pause, age) => {
                    now += ms(pause);
                    timeline.slow_down(now, now.saturating_sub(ms(age)));
                    script.slow_down(key, now, ms(age).min(now));
                }
            }
        }
        Ok(())
    };
    let mut runner = TestRunner::new(config);
    let check = std::cell::RefCell::new(check);
    let done = runner.run(&events(), |events| (check.borrow_mut())(events));
    done.expect("the same rules");
}

#[test]
fn the_clock_of_the_server_may_be_set_back_or_ahead() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut script = OnTestClock::new(&server);
    let minute = Duration::from_secs(60);
    let mut first = |now| script.reserve(0, now, want(10)).lease.first;
    assert_eq!(first(minute), ms(0));
    assert_eq!(first(minute + ms(10)), ms(90));
    assert_eq!(first(2 * minute), ms(0));
    // Another server with another clock: nobody starts until the old slots are over.
    assert_eq!(first(minute), ms(1500));
    assert_eq!(first(minute + ms(10)), ms(1590));
}

#[test]
fn sharers_alternate_on_one_timeline_per_app_endpoint_and_action() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (mut one, mut other) = (timeline(&server), timeline(&server));
    let first = one.reserve(want(5)).expect("a lease");
    assert_eq!((first.first, first.step, first.slots), (ms(0), ms(10), 5));
    let second = other.reserve(want(5)).expect("a lease");
    assert!(second.first > ms(20), "{second:?}");
    let mut ban = RedisTimeline::new(url(&server), &name("ban"), &Transport::default());
    assert_eq!(ban.reserve(want(1)).expect("a lease").first, ms(0));
    assert_eq!(server.command("DBSIZE"), ":2");
    let key = "roomctl:rate:{1400000001:https://h.test:kick}";
    assert_eq!(server.command(&format!("EXISTS {key}")), ":1");
    let expiry = server.command(&format!("PTTL {key}"));
    let expiry: i64 = expiry.trim_start_matches(':').parse().expect("a number");
    assert!((59_000..=61_000).contains(&expiry), "{expiry}");
}

#[test]
fn a_lease_is_short_where_slots_are_rare() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut timeline = timeline(&server);
    let span = timeline.lease_span();
    let lease = timeline
        .reserve(Want {
            slots: 60,
            rate: 200.0,
        })
        .expect("a lease");
    assert!(lease.step * lease.slots <= span, "{lease:?}");
    let rare = Want {
        slots: 60,
        rate: 2.0,
    };
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut timeline = RedisTimeline::new(url(&server), &name("kick"), &Transport::default());
    assert_eq!(timeline.reserve(rare).expect("a lease").slots, 1);
}

#[test]
fn all_leases_span_what_the_farthest_sharer_needs() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (mut near, mut far) = (timeline(&server), timeline(&server));
    far.call_time = Some(ms(60));
    let all = Want {
        slots: 60,
        rate: 200.0,
    };
    assert!(near.reserve(all).expect("a lease").slots < 10);
    let slots = far.reserve(all).expect("a lease").slots;
    assert_eq!(near.reserve(all).expect("a lease").slots, slots);
    assert!(slots > 30 && near.lease_span() == ms(180), "{slots}");
}

#[test]
fn a_call_on_a_new_connection_does_not_show_how_long_calls_take() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut timeline = timeline(&server);
    timeline.reserve(want(1)).expect("a lease");
    assert_eq!(timeline.call_time, None);
    timeline.reserve(want(1)).expect("a lease");
    assert!(timeline.call_time.is_some());
}

#[test]
fn the_shortest_call_counts_and_each_call_an_eighth_more() {
    assert_eq!(remembered(None, ms(80)), ms(80));
    assert_eq!(remembered(Some(ms(80)), ms(200)), ms(90));
    assert_eq!(remembered(Some(ms(80)), ms(7)), ms(7));
}

#[test]
fn a_view_reserves_nothing_and_shows_what_slows() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (mut one, mut other) = (timeline(&server), timeline(&server));
    let empty = one.view().expect("a view");
    assert_eq!(
        (empty.rate, empty.ahead, empty.is_slowed),
        (None, ms(0), false)
    );
    assert_eq!(server.command("DBSIZE"), ":0");
    one.reserve(want(5)).expect("a lease");
    let view = one.view().expect("a view");
    assert_eq!((view.rate, view.is_slowed), (Some(100.0), false));
    assert!(view.ahead > ms(20) && view.ahead <= ms(50), "{view:?}");
    one.slow_down(ms(1)).expect("an answer");
    let view = other.view().expect("a view");
    assert!(view.is_slowed && view.rate < Some(52.0), "{view:?}");
    let lease = other.reserve(want(1)).expect("a lease");
    assert!(lease.step > ms(19) && lease.step <= ms(20), "{lease:?}");
}

#[test]
fn the_server_says_its_version() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let facts = timeline(&server).server().expect("facts");
    assert!(
        facts.version.starts_with("Redis ") && facts.round_trip > ms(0),
        "{facts:?}"
    );
    assert_eq!(
        version("redis_version:7.2.4\r\nvalkey_version:8.0.1\r\n"),
        "Valkey 8.0.1"
    );
    assert_eq!(server.command("DBSIZE"), ":0");
}

#[test]
fn after_a_flush_nobody_starts_until_all_leases_are_over() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let (mut one, mut other) = (timeline(&server), timeline(&server));
    one.reserve(want(5)).expect("a lease");
    other.reserve(want(5)).expect("a lease");
    for flush in ["FLUSHALL", "SCRIPT FLUSH"] {
        server.command(flush);
    }
    let lease = one.reserve(want(5)).expect("a lease");
    assert!(lease.first > ms(1400), "{lease:?}");
    let lease = other.reserve(want(5)).expect("a lease");
    assert!(
        lease.first > ms(1400) && lease.first < ms(1600),
        "{lease:?}"
    );
    // A new sharer knows nothing of the loss.
    let lease = timeline(&server).reserve(want(5)).expect("a lease");
    assert!(lease.first > ms(1400), "{lease:?}");
}

#[test]
fn after_an_outage_nobody_starts_until_all_have_noticed_its_end() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let (mut one, mut other) = (timeline(&server), timeline(&server));
    one.reserve(want(1)).expect("a lease");
    server.end();
    for _ in 0..2 {
        let problem = one.reserve(want(1)).expect_err("it is down");
        assert_eq!(problem.exit, Exit::Unreachable);
    }
    server.start_again();
    let lease = one.reserve(want(1)).expect("a lease");
    assert!(lease.first > ms(1400), "{lease:?}");
    // One that was cut off alone does not delay the others.
    other.is_out_of_reach = true;
    let lease = other.reserve(want(1)).expect("a lease");
    assert!(
        lease.first > ms(1400) && lease.first < ms(1520),
        "{lease:?}"
    );
}

#[test]
fn the_key_of_another_program_is_not_touched() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    server.command("SET roomctl:rate:{1400000001:https://h.test:kick} x");
    let problem = timeline(&server).reserve(want(1)).expect_err("a text");
    assert_eq!(problem.exit, Exit::Config);
    assert!(problem.message.contains("WRONGTYPE"), "{problem:?}");
    assert!(problem.hint.contains("another database"), "{problem:?}");
}

#[test]
fn a_rate_that_nobody_can_have_asked_for_does_not_count() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let key = "roomctl:rate:{1400000001:https://h.test:kick}";
    for fields in ["rate 1e-30", "rate 1e9", "slowed_to -1", "slowed_to 1e-30"] {
        server.command(&format!(
            "HSET {key} rate_until 99999999999999999 slowed_at 0 slowed_to 95 {fields}"
        ));
        let lease = timeline(&server).reserve(want(1)).expect("a lease");
        assert_eq!(lease.step, ms(10), "{fields}");
        server.command("FLUSHALL");
    }
}

#[test]
fn a_user_with_only_the_documented_rights_can_share() {
    let rights = "~roomctl:rate:* +eval +evalsha +script|load +time +hmget +hset +pexpire";
    let mut options = vec!["--user", "me", "on", ">pw"];
    options.extend(rights.split(' '));
    let Some(server) = RedisServer::start_with(&options, None) else {
        return;
    };
    let url = format!("redis://me:pw@127.0.0.1:{}", server.port());
    let url = RedisUrl::parse(&url).expect("a URL");
    let mut timeline = RedisTimeline::new(url.clone(), &name("kick"), &Transport::default());
    timeline.reserve(want(1)).expect("a lease");
    timeline.view().expect("a view");
    assert_eq!(timeline.server().expect("facts").version, "");
    let mut connection = Connection::new(url.clone(), &Transport::default());
    let refused = connection.query::<()>(cmd("SET").arg("a").arg("b"));
    let hint = refused.expect_err("no right").problem(&url).hint;
    assert!(hint.contains(rights), "{hint}");
}

#[test]
fn a_replica_and_a_full_server_are_noticed_by_a_view() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut timeline = timeline(&server);
    timeline.view().expect("a view");
    server.command("REPLICAOF 127.0.0.1 1");
    let problem = timeline.view().expect_err("a replica");
    assert!(problem.message.contains("READONLY"), "{problem:?}");
    server.command("REPLICAOF NO ONE");
    server.command("CONFIG SET maxmemory 1");
    let problem = timeline.reserve(want(1)).expect_err("no memory");
    assert!(problem.message.contains("OOM"), "{problem:?}");
}

#[test]
fn a_paused_server_is_out_of_reach_and_comes_back() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut timeline = timeline(&server);
    timeline.reserve(want(1)).expect("a lease");
    server.command("CLIENT PAUSE 800 ALL");
    let problem = timeline.reserve(want(1)).expect_err("no answer");
    assert!(
        problem.message.contains("no answer within 500ms"),
        "{problem:?}"
    );
    thread::sleep(ms(400));
    timeline.reserve(want(1)).expect("a lease");
}
