//! `--rate-scope redis://…`: several machines share one app's rate, with a real Redis
//! server. Each runner has a HOME of its own, so only the server connects them.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::support::{Done, FarServer, RedisServer, Runners, Sandbox, any, wait_until};

const RUNNERS: usize = 4;

/// The service's limit, in requests per second.
const LIMIT: usize = 200;

/// A wrong pace is wrong every time; a machine that stalls for a moment moves some
/// requests into the next second.
const ATTEMPTS: usize = 3;

/// Runs `check` until it returns true, at most so often.
#[track_caller]
fn one_of_some(check: impl Fn() -> Result<(), String>) {
    let results: Vec<_> = (0..ATTEMPTS)
        .map(|_| check())
        .scan(false, |is_over, result| {
            let was_over = std::mem::replace(is_over, *is_over || result.is_ok());
            (!was_over).then_some(result)
        })
        .collect();
    assert!(results.iter().any(Result::is_ok), "{results:?}");
}

fn within_limit(runners: &Runners) -> Result<(), String> {
    let peak = runners.peak();
    let is_within = peak <= LIMIT;
    is_within.then_some(()).ok_or(format!("{peak} in a second"))
}

#[test]
fn four_machines_stay_within_the_limit_together_with_equal_shares() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    one_of_some(|| {
        let runners = Runners::new(RUNNERS, 250);
        runners.all_end(runners.start(RUNNERS, &server.url()));
        within_limit(&runners)?;
        let shares = runners.shares();
        let mean = shares.iter().sum::<usize>() / shares.len();
        let is_fair = |share: &usize| share.abs_diff(mean) * 5 <= mean;
        let all_fair = shares.len() == RUNNERS && shares.iter().all(is_fair);
        all_fair.then_some(()).ok_or(format!("{shares:?}"))
    });
}

/// Three round trips take longer than the limit of one answer.
#[test]
fn a_far_server_can_be_used_for_the_first_time() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let far = FarServer::new(&server, Duration::from_millis(220));
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("--room room-test --user user1 -m spam");
    let kick = kick.env("ROOMCTL_RATE_SCOPE", far.url()).stdout(any());
    kick.stderr(any()).exits(0);
    assert_eq!(sandbox.members("room-test").len(), 99);
}

/// The bound of the other tests is not one that holds anyway.
#[test]
fn without_a_shared_rate_four_machines_exceed_the_limit() {
    let runners = Runners::new(RUNNERS, 200);
    runners.all_end(runners.start(RUNNERS, "process"));
    assert!(runners.peak() > LIMIT * 3 / 2, "{}", runners.peak());
}

#[test]
fn one_machine_alone_reaches_the_full_rate() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    one_of_some(|| {
        let run = |scope: &str| {
            let runners = Runners::new(1, 600);
            runners.all_end(runners.start(1, scope));
            within_limit(&runners).map(|()| runners.steady_rate())
        };
        // What a busy machine takes away, it takes from both.
        let (alone, shared) = (run("process")?, run(&server.url())?);
        let is_full = shared * 100 >= alone * 95;
        is_full
            .then_some(())
            .ok_or(format!("{shared} per second, and {alone} without a server"))
    });
}

#[test]
fn a_killed_machine_holds_nobody_up() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    one_of_some(|| {
        let runners = Runners::new(RUNNERS, 200);
        let mut running = runners.start(RUNNERS, &server.url());
        runners.sandbox.wait_for(200);
        running.remove(0).killed();
        runners.all_end(running);
        within_limit(&runners)
    });
}

/// All runners of a job in whose middle `fault` happens: they end with exit 0, never
/// exceed the limit, and warn once if they notice.
fn survive(server: &mut RedisServer, warns: bool, fault: impl Fn(&mut RedisServer)) {
    let mut peaks = Vec::new();
    while peaks.len() < ATTEMPTS && peaks.last().is_none_or(|peak| *peak > LIMIT) {
        let runners = Runners::new(RUNNERS, 150);
        let running = runners.start(RUNNERS, &server.url());
        runners.sandbox.wait_for(150);
        fault(server);
        let done = runners.all_end(running);
        let count = |words: &str| -> Vec<usize> {
            let count = |done: &Done| done.stderr.matches(words).count();
            done.iter().map(count).collect()
        };
        // One that had sent its last request does not notice.
        for counts in [count("{\"warning\""), count("is reached again")] {
            assert!(counts.iter().all(|count| *count <= 1), "{done:?}");
            let noticed = counts.iter().sum::<usize>();
            assert_eq!(noticed > 1, warns, "{counts:?} {done:?}");
        }
        peaks.push(runners.peak());
    }
    assert!(peaks.last().is_some_and(|peak| *peak <= LIMIT), "{peaks:?}");
}

#[test]
fn a_flush_in_the_middle_of_a_job_starts_no_burst() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    survive(&mut server, false, |server| {
        server.command("FLUSHALL");
        server.command("SCRIPT FLUSH");
        thread::sleep(Duration::from_millis(300));
        server.command("FLUSHALL");
    });
}

#[test]
fn a_restart_in_the_middle_of_a_job_slows_it_to_a_tenth_until_the_server_is_back() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    survive(&mut server, true, |server| {
        server.end();
        thread::sleep(Duration::from_millis(1500));
        server.start_again();
    });
}

#[test]
fn a_server_that_is_stopped_for_a_while_holds_nobody_up() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    survive(&mut server, true, |server| {
        server.signal(Signal::STOP);
        thread::sleep(Duration::from_millis(2500));
        server.signal(Signal::CONT);
    });
}

#[test]
fn a_server_that_is_paused_holds_nobody_up() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    survive(&mut server, true, |server| {
        server.command("CLIENT PAUSE 2000 ALL");
    });
}

#[test]
fn a_server_that_stays_away_lets_the_job_end_at_a_tenth() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let runners = Runners::new(1, 60);
    let running = runners.start(1, &server.url());
    runners.sandbox.wait_for(30);
    server.end();
    for done in runners.all_end(running) {
        for words in ["shared rate", "refused", "continuing at 19 a second"] {
            assert!(done.stderr.contains(words), "{done}");
        }
        assert_eq!(done.stderr.matches("warning").count(), 1, "{done}");
    }
}

#[test]
fn a_machine_that_is_stopped_for_a_while_does_not_use_its_old_slots() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    one_of_some(|| {
        let runners = Runners::new(RUNNERS, 200);
        let running = runners.start(RUNNERS, &server.url());
        runners.sandbox.wait_for(200);
        for signal in [Signal::STOP, Signal::CONT] {
            running[0].signal(signal);
            thread::sleep(Duration::from_millis(1200));
        }
        wait_until("most are removed", || runners.sandbox.log().len() >= 500);
        runners.all_end(running);
        within_limit(&runners)
    });
}
