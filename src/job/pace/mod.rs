//! When the next request may start.
//!
//! The engine asks a [`Pace`] and never waits for anything else. By itself a pace is
//! that of this process (`local`). With `--rate-scope` it also reserves its slots from
//! a timeline that all processes of one app share; then a request starts when both
//! allow it.
//!
//! Bottom up:
//!
//! - `local`: the pace of one process: `--rate`, ramp, slow-down. `retry`: delays of
//!   retries.
//! - `shared_timeline`: what a shared timeline must do, and its name. `timeline`: its rules.
//!   `host`: one in a file of this machine. `redis`: one on a Redis server. `fake`: one
//!   in memory, for tests.
//! - `leases`: the slots that this process has reserved. `sharer`: the thread that
//!   reserves them.

#[cfg(test)]
mod fake;
mod host;
mod host_text;
mod leases;
mod local;
#[cfg(feature = "redis")]
mod redis;
mod retry;
mod shared_timeline;
mod sharer;
mod timeline;

use std::time::Duration;

pub(crate) use local::{DEFAULT_RATE, HeldBack, least_time};
pub(crate) use retry::{DEFAULT_RETRIES, retry_delay};
pub(crate) use shared_timeline::{ServerFacts, SharedTimeline, TimelineName, TimelineView};
pub(crate) use sharer::{PaceNews, ReadClock, ReportNews};

use crate::api::Transport;
use crate::config::{Env, RateScope};
use crate::error::Problem;
use crate::redis::RedisUrl;
use host::{HostClock, HostTimeline};
use local::LocalPace;
use sharer::Sharer;

/// A job continues at this part of `--rate` while the timeline cannot be reached: ten
/// such processes stay below the limit together.
const PART_ALONE: f64 = 10.0;

/// Opens the timeline of a scope; None for this process alone. Nothing is reserved. Of
/// `transport` the roots and the limit of a connection count, for a Redis.
///
/// # Errors
/// It cannot be used (exit 3) or not be reached (exit 5).
pub(crate) fn open_timeline(
    scope: &RateScope,
    name: &TimelineName,
    env: &Env,
    transport: &Transport,
) -> Result<Option<Box<dyn SharedTimeline>>, Problem> {
    match scope {
        RateScope::Process => Ok(None),
        RateScope::Host => {
            let timeline = HostTimeline::open(name, env, HostClock::of_system())?;
            Ok(Some(Box::new(timeline)))
        }
        RateScope::Redis(url) => on_redis(url, name, transport).map(Some),
    }
}

#[cfg(feature = "redis")]
#[allow(clippy::unnecessary_wraps, reason = "without the feature it fails")]
fn on_redis(
    url: &RedisUrl,
    name: &TimelineName,
    transport: &Transport,
) -> Result<Box<dyn SharedTimeline>, Problem> {
    let timeline = redis::RedisTimeline::new(url.clone(), name, transport);
    Ok(Box::new(timeline))
}

#[cfg(not(feature = "redis"))]
fn on_redis(
    url: &RedisUrl,
    _: &TimelineName,
    _: &Transport,
) -> Result<Box<dyn SharedTimeline>, Problem> {
    Err(Problem::config(
        format!("--rate-scope {url}: this roomctl was built without Redis"),
        "build it with cargo build --release --features redis; or give --rate-scope host or process",
    ))
}

/// When the next request of a job may start.
#[derive(Debug)]
pub(crate) struct Pace {
    local: LocalPace,
    /// With `--rate-scope`.
    sharer: Option<Box<Sharer>>,
}

/// What happened to the shared rate in the middle of a job.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RateChange {
    /// The timeline cannot be reached: why, and the rate at which this process goes on,
    /// in requests per second.
    Lost { why: String, rate: f64 },
    /// It is reached again.
    Back,
    /// For `-v`.
    Note(String),
}

impl Pace {
    /// The pace of this process alone. `rate` in requests per second; `requests` is
    /// the size of the job.
    pub(crate) fn new(rate: u32, requests: usize) -> Self {
        Self {
            local: LocalPace::new(rate, requests),
            sharer: None,
        }
    }

    /// Reserves slots from now on, the first one at once. `report` gets the news, which
    /// must be passed to [`Pace::on`].
    ///
    /// # Errors
    /// The timeline cannot be used or reached.
    pub(crate) fn share(
        &mut self,
        timeline: Box<dyn SharedTimeline>,
        clock: ReadClock,
        report: ReportNews,
    ) -> Result<(), Problem> {
        let rate = self.local.rate_alone(Duration::ZERO);
        let sharer = Sharer::start(timeline, rate, clock, report)?;
        self.sharer = Some(Box::new(sharer));
        Ok(())
    }

    /// When the next request may start, as a monotonic reading. A time in the past
    /// means now. Where slots are shared, the caller asks again at that time: it may
    /// have become later, or earlier when [`Pace::on`] was called. `is_ready` if a
    /// request could start now but for the pace: only then slots are reserved.
    pub(crate) fn next_slot(&mut self, now: Duration, is_ready: bool) -> Duration {
        let Some(sharer) = &mut self.sharer else {
            return self.local.next_slot();
        };
        let (start, want) = sharer.leases.next_start(now, &self.local, is_ready);
        if let Some(want) = want {
            sharer.reserve(want);
        }
        start
    }

    /// Takes the next slot for a request that starts now.
    pub(crate) fn take_slot(&mut self, now: Duration) {
        if let Some(sharer) = &mut self.sharer {
            sharer.leases.take(now);
        }
        self.local.take_slot(now);
    }

    /// Starts nothing before this time.
    pub(crate) fn hold(&mut self, until: Duration) {
        self.local.hold(until);
    }

    /// Slows down because the service throttled a request that started at `started`;
    /// the other sharers as well.
    pub(crate) fn slow_down(&mut self, now: Duration, started: Duration) {
        let is_due = self.local.slow_down(now, started);
        if let Some(sharer) = self.sharer.as_mut().filter(|_| is_due) {
            sharer.slow_down(started);
        }
    }

    /// What the thread of the shared pace has reported. Returns what is new for the
    /// user.
    pub(crate) fn on(&mut self, now: Duration, news: PaceNews) -> Option<RateChange> {
        let sharer = self.sharer.as_mut()?;
        match news {
            PaceNews::Leased(lease, at, span) => sharer.leases.add(lease, at, span).then(|| {
                self.local.limit_to_part(1.0);
                RateChange::Back
            }),
            PaceNews::Note(note) => Some(RateChange::Note(note)),
            PaceNews::Failed(why) => sharer.leases.fail(now).then(|| RateChange::Lost {
                why,
                rate: self.local.limit_to_part(PART_ALONE),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::fake::FakeTimeline;
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn shared(timeline: &FakeTimeline) -> (Pace, mpsc::Receiver<PaceNews>) {
        let (sender, news) = mpsc::channel();
        let mut pace = Pace::new(100, 1);
        let report = move |news| drop(sender.send(news));
        pace.share(
            Box::new(timeline.clone()),
            Box::new(|| ms(0)),
            std::sync::Arc::new(report),
        )
        .expect("it is up");
        (pace, news)
    }

    #[test]
    fn the_first_slot_is_reserved_before_the_job_and_the_others_by_a_thread() {
        let timeline = FakeTimeline::default();
        let (mut pace, news) = shared(&timeline);
        assert_eq!(timeline.shared().calls, 1);
        assert_eq!(pace.next_slot(ms(1), true), ms(0));
        pace.take_slot(ms(1));
        assert!(
            pace.next_slot(ms(12), false) <= ms(12),
            "the engine waits for answers"
        );
        assert_eq!(timeline.shared().calls, 1, "so nothing is reserved");
        assert!(
            pace.next_slot(ms(12), true) > ms(12),
            "a lease is under way"
        );
        let lease = news.recv().expect("the thread's answer");
        assert_eq!(pace.on(ms(12), lease), None);
        assert_eq!(pace.next_slot(ms(12), true), ms(10));
    }

    #[test]
    fn a_refusal_slows_the_shared_timeline_and_a_loss_says_why() {
        let timeline = FakeTimeline::default();
        let (mut pace, news) = shared(&timeline);
        pace.slow_down(ms(100), ms(50));
        pace.take_slot(ms(200));
        pace.next_slot(ms(300), true);
        // The thread makes one call after the other.
        let lease = news.recv().expect("an answer");
        assert!(matches!(lease, PaceNews::Leased(..)), "{lease:?}");
        assert!(timeline.shared().timeline.slowed.is_some());
        pace.on(ms(300), lease);
        timeline.shared().is_down = true;
        pace.slow_down(ms(2000), ms(1900));
        let lost = news.recv().expect("an answer");
        assert!(matches!(&lost, PaceNews::Failed(why) if why == "it is down"));
    }

    #[test]
    fn a_timeline_that_is_down_at_the_start_is_an_error() {
        let timeline = FakeTimeline::default();
        timeline.shared().is_down = true;
        let mut pace = Pace::new(100, 1);
        let report = std::sync::Arc::new(|_| {});
        let problem = pace.share(Box::new(timeline), Box::new(|| ms(0)), report);
        assert_eq!(problem.expect_err("down").exit.code(), 5);
    }

    #[test]
    fn a_hold_starts_nothing_before_its_end() {
        let mut pace = Pace::new(100, 1);
        pace.hold(ms(500));
        assert_eq!(pace.next_slot(ms(0), true), ms(500));
        pace.hold(ms(200));
        assert_eq!(
            pace.next_slot(ms(0), true),
            ms(500),
            "the longer one counts"
        );
    }

    #[test]
    fn each_scope_opens_its_own_timeline() {
        let home = tempfile::tempdir().expect("a folder");
        let env = Env::from_pairs([("XDG_STATE_HOME", home.path())]);
        let name = TimelineName {
            sdkappid: 1_400_000_001,
            endpoint: "https://h.test".into(),
            action: "kick",
        };
        let open = |scope| open_timeline(&scope, &name, &env, &Transport::default());
        let place = |scope| {
            let mut timeline = open(scope).expect("usable").expect("a timeline");
            timeline.view().map(|view| view.place)
        };
        assert!(open(RateScope::Process).expect("usable").is_none());
        let file = place(RateScope::Host).expect("readable");
        assert!(file.contains(&home.path().display().to_string()), "{file}");
        if !cfg!(feature = "redis") {
            return;
        }
        // Opening does not connect, and nobody listens there.
        let url = RedisUrl::parse("redis://127.0.0.1:1").expect("a URL");
        let problem = place(RateScope::Redis(url)).expect_err("nobody listens");
        assert_eq!(problem.exit.code(), 5);
    }

    #[test]
    fn a_loss_is_reported_once_and_the_return_as_well() {
        let (mut pace, _news) = shared(&FakeTimeline::default());
        let failed = || PaceNews::Failed("it is down".into());
        let lost = pace.on(ms(100), failed());
        let why = "it is down".to_owned();
        assert_eq!(lost, Some(RateChange::Lost { why, rate: 10.0 }));
        assert_eq!(pace.on(ms(1200), failed()), None);
        pace.take_slot(ms(2000));
        assert_eq!(
            pace.next_slot(ms(2000), true),
            ms(2080),
            "a tenth of the rate"
        );
        let lease = shared_timeline::Lease {
            first: ms(0),
            step: ms(10),
            slots: 1,
        };
        assert_eq!(
            pace.on(ms(2500), PaceNews::Leased(lease, ms(2500), ms(50))),
            Some(RateChange::Back)
        );
    }
}
