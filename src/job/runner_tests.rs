//! The runner with an engine and without a network.

use std::thread;

use super::*;
use crate::clock::SystemClock;
use crate::config::CheckRoom;
use crate::interrupt::Signal;
use crate::job::{EngineOptions, Outcome, Plan, Stop};
use crate::room::Action;

/// A job of one request, without retries.
fn engine() -> Engine {
    let mut plan = Plan::new(Action::Kick);
    plan.add(
        &RoomId::parse("r").expect("a room"),
        &UserId::parse("u").expect("a user"),
        &Reason::parse("spam").expect("a reason"),
    );
    let options = EngineOptions {
        rate: 200,
        concurrency: 8,
        retries: 0,
        deadline: None,
        max_failures: None,
        can_renew_signature: false,
        check_room: CheckRoom::Never,
    };
    Engine::new(plan, options, Box::new(|| 0.5))
}

fn run_with(engine: &mut Engine, channel: JobChannel, send: &SendFn<'_>, sends_here: bool) {
    let runner = Runner {
        clock: &SystemClock::start(),
        channel,
        send,
        tick: None,
        sends_first_on_this_thread: sends_here,
    };
    assert!(runner.run(engine, &mut |_| Ok(())).is_ok());
}

#[test]
fn a_job_of_one_request_needs_no_other_thread() {
    for sends_here in [true, false] {
        let here = thread::current().id();
        let send = |_: &Request| {
            assert_eq!(thread::current().id() == here, sends_here);
            Ok(Answer::of_code(0))
        };
        let mut engine = engine();
        run_with(&mut engine, JobChannel::new(), &send, sends_here);
        assert_eq!(engine.tally().count(Outcome::Done), 1);
    }
}

#[test]
fn a_signal_while_this_thread_sends_stops_the_job_after_the_answer() {
    let (mut engine, channel) = (engine(), JobChannel::new());
    let (stop, why) = (channel.stop_handle(), Stop::Signal(Signal::Int));
    let send = |_: &Request| {
        stop.stop(why);
        Ok(Answer::of_code(0))
    };
    run_with(&mut engine, channel, &send, true);
    assert_eq!(engine.stop(), Some(why));
    assert_eq!(engine.tally().count(Outcome::Done), 1);
}

#[test]
fn a_signal_before_the_first_request_leaves_it_unsent() {
    let (mut engine, channel) = (engine(), JobChannel::new());
    channel.stop_handle().stop(Stop::Signal(Signal::Term));
    let send = |_: &Request| panic!("nothing is sent");
    run_with(&mut engine, channel, &send, false);
    assert_eq!(engine.tally().count(Outcome::Unsent), 1);
    assert_eq!(engine.tally().requests, 0);
}

#[test]
fn a_panic_while_this_thread_sends_is_unknown() {
    let mut engine = engine();
    run_with(
        &mut engine,
        JobChannel::new(),
        &|_| panic!("of a test"),
        true,
    );
    assert_eq!(engine.tally().count(Outcome::Unknown), 1);
}
