//! A run in the background, for signals and for readers that leave.

use std::process::{Child, Output};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::roomctl::{Checks, HANG};
use super::terminal::Terminal;
use super::{Done, Home};

/// Ends within the limit or fails the test.
#[must_use = "a run is judged by `ends`"]
pub(crate) struct Running {
    pid: Pid,
    output: Receiver<Output>,
    checks: Checks,
    /// Removed when the run is over.
    _kept: (Home, Option<Terminal>),
}

impl Running {
    pub(super) fn new(child: Child, checks: Checks, kept: (Home, Option<Terminal>)) -> Self {
        let pid = Pid::from_child(&child);
        let (send, output) = channel();
        thread::spawn(move || send.send(child.wait_with_output().expect("it ends")));
        Self {
            pid,
            output,
            checks,
            _kept: kept,
        }
    }

    /// Sends a signal, once.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("it runs");
    }

    /// Sends a signal again and again until the run is over: signals of one
    /// kind melt into one while the first is not yet delivered.
    pub(crate) fn insist(self, signal: Signal, code: i32) -> Done {
        for _ in 0..600 {
            // Fails when it has ended meanwhile, which is what we are after.
            let _ = kill_process(self.pid, signal);
            match self.output.recv_timeout(Duration::from_millis(100)) {
                Ok(output) => return self.checks.judge(&output, code),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.ends(code)
    }

    /// Ends it where it stands, as `kill -9` does, and waits until it is gone.
    pub(crate) fn killed(self) {
        self.signal(Signal::KILL);
        let output = self.output.recv_timeout(HANG).expect("it is gone");
        assert_eq!(output.status.code(), None, "it ended by itself");
    }

    /// Waits for its end and checks everything.
    pub(crate) fn ends(self, code: i32) -> Done {
        let Ok(output) = self.output.recv_timeout(HANG) else {
            let _ = kill_process(self.pid, Signal::KILL);
            panic!("it hangs");
        };
        self.checks.judge(&output, code)
    }
}
