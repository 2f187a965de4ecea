//! A run in the background, for signals and for readers that leave.

use std::process::{Child, Output};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::roomctl::Checks;
use super::terminal::Terminal;
use super::{Done, HANG, Home};

/// Ends within the limit or fails the test.
#[must_use = "a run is judged by `ends`"]
pub(crate) struct Running {
    pid: Pid,
    output: Receiver<Output>,
    /// What came out, once it is over.
    over: Option<Output>,
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
            over: None,
            checks,
            _kept: kept,
        }
    }

    /// Sends a signal, once. Who has ended meanwhile gets none, and its exit
    /// code will tell.
    pub(crate) fn signal(&self, signal: Signal) {
        let _ = kill_process(self.pid, signal);
    }

    /// Sends a signal again and again until the run is over: signals of one
    /// kind melt into one while the first is not yet delivered.
    pub(crate) fn signal_until_end(mut self, signal: Signal, code: i32) -> Done {
        for _ in 0..600 {
            // Fails when it has ended meanwhile, which is what we are after.
            let _ = kill_process(self.pid, signal);
            if self.is_over_within(Duration::from_millis(100)) {
                break;
            }
        }
        self.ends(code)
    }

    /// Whether it has ended by now.
    pub(crate) fn is_over(&mut self) -> bool {
        self.is_over_within(Duration::ZERO)
    }

    fn is_over_within(&mut self, limit: Duration) -> bool {
        if self.over.is_none() {
            self.over = self.output.recv_timeout(limit).ok();
        }
        self.over.is_some()
    }

    /// Ends it where it stands, as `kill -9` does, and waits until it is gone.
    pub(crate) fn killed(self) {
        let (code, done) = self.kill_or_end();
        assert_eq!(code, None, "it ended by itself: {done}");
    }

    /// The same for a run that may have ended meanwhile: its exit code, none
    /// where the signal ended it, and what it had said by then.
    pub(crate) fn kill_or_end(mut self) -> (Option<i32>, Done) {
        if !self.is_over() {
            // Fails when it ends at this very moment, which is as well.
            let _ = kill_process(self.pid, Signal::KILL);
        }
        assert!(self.is_over_within(HANG), "it is not gone");
        let output = self.over.take().expect("it is gone");
        let code = output.status.code();
        (code, self.checks.read(&output))
    }

    /// Waits for its end, whatever that is.
    pub(crate) fn ended(mut self) -> (Option<i32>, Done) {
        assert!(self.is_over_within(HANG), "it hangs");
        self.kill_or_end()
    }

    /// Waits for its end and checks everything.
    pub(crate) fn ends(mut self, code: i32) -> Done {
        assert!(self.is_over_within(HANG), "it hangs");
        let output = self.over.as_ref().expect("it is over");
        self.checks.judge(output, code)
    }
}

impl Drop for Running {
    /// Nothing outlives its test, whatever becomes of that.
    fn drop(&mut self) {
        let reported = self.over.take().map_or_else(|| self.output.try_recv(), Ok);
        if matches!(reported, Err(TryRecvError::Empty)) {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}
