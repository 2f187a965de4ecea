//! SIGINT, SIGTERM and SIGHUP: the first lets requests in flight finish, the
//! second ends the run at once; one that was ignored at the start stays
//! ignored.

use predicates::BoxPredicate;
use rustix::process::Signal;

use crate::support::{Gate, OK, Reply, Roomctl, Running, Server, any, has};

/// Half a minute of work, of which the test waits for the first second.
fn kick(server: &Server) -> Roomctl {
    let kick = server.kick("-u x -m spam -o json --rate 1 --timeout 10m");
    kick.many("-r", "r", 30)
}

/// The same, while its first answer waits at the gate.
fn begun(stderr: BoxPredicate<str>) -> (Gate, Server, Running) {
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK).held_by(&gate)]);
    let running = kick(&server).stdout(any()).stderr(stderr).start();
    server.wait_for(1);
    (gate, server, running)
}

const ALL: [(Signal, i32, &str); 3] = [
    (Signal::HUP, 129, "SIGHUP"),
    (Signal::INT, 130, "SIGINT"),
    (Signal::TERM, 143, "SIGTERM"),
];

#[test]
fn what_is_in_flight_finishes_and_the_rest_is_unsent() {
    for (signal, code, name) in ALL {
        let (gate, server, running) = begun(has([name]));
        running.signal(signal);
        gate.open();
        let done = running.ends(code);
        let error = done.error().expect("an error");
        assert_eq!(
            (&error["ExitCode"], &error["error"]["kind"]),
            (&code.into(), &"interrupted".into())
        );
        let hint = error["error"]["hint"].as_str().expect("how to continue");
        assert!(hint.contains("--ignore-absent"), "{hint}");
        let (summary, sent) = (done.summary(), server.requests().len());
        assert_eq!(summary["ExitCode"], code);
        assert_eq!(summary["summary"]["removed"], sent);
        assert_eq!(summary["summary"]["unsent"], 30 - sent);
        assert!(sent < 30);
        assert_eq!(done.results().len(), 30, "every member is reported");
    }
}

#[test]
fn a_signal_ends_the_wait_for_a_retry() {
    let busy = Reply::http("429 Too Many Requests", "Retry-After: 60\r\n", "");
    let server = Server::answering([busy]);
    let running = kick(&server).stdout(any()).stderr(any()).start();
    server.wait_for(1);
    running.signal(Signal::TERM);
    let done = running.ends(143);
    assert_eq!(done.summary()["summary"]["unsent"], 30);
}

#[test]
fn a_signal_sent_twice_at_once_counts_as_one() {
    for (signal, code, name) in ALL {
        let (gate, _server, running) = begun(has([name]));
        // timeout signals its child, then its group. At the same moment they
        // would be one.
        running.signal(signal);
        std::thread::sleep(std::time::Duration::from_millis(5));
        running.signal(signal);
        gate.open();
        let done = running.ends(code);
        assert_eq!(done.results().len(), 30, "every member is reported");
    }
}

#[test]
fn a_second_signal_stops_at_once() {
    for (signal, code, _) in ALL {
        let (gate, _server, running) = begun(any());
        // The gate is closed, so only the second signal can end the run.
        running.signal_until_end(signal, code);
        gate.open();
    }
}

/// It is sent by the main thread, which waits for the answer.
#[test]
fn a_second_signal_stops_a_single_request_at_once() {
    for (signal, code, _) in ALL {
        let gate = Gate::default();
        let server = Server::answering([Reply::json(OK).held_by(&gate)]);
        let kick = server.kick("-r r -u x -m spam -o json --timeout 10m");
        let running = kick.stdout(any()).stderr(any()).start();
        server.wait_for(1);
        running.signal_until_end(signal, code);
        gate.open();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_hangup_that_was_ignored_at_the_start_stays_ignored() {
    let gate = Gate::default();
    let server = Server::answering([Reply::json(OK).held_by(&gate)]);
    let kick = server.kick("-r a -r b -u x -m spam -o json --rate 1 --timeout 10m");
    let kick = kick.in_shell("trap '' HUP; exec \"$0\" \"$@\"");
    let running = kick.stdout(any()).stderr(any()).start();
    server.wait_for(1);
    running.signal(Signal::HUP);
    gate.open();
    let done = running.ends(0);
    assert_eq!(done.summary()["summary"]["removed"], 2);
}
