//! A run in the background, for signals and for a closed stdout.

use std::process::{Child, Output};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::outputs::Checks;
use super::terminal::Terminal;
use super::{Done, HANG, Home};

/// A run that ends within the limit or fails the test.
#[must_use = "a run is judged by `ends`"]
pub(crate) struct Running {
    pid: Pid,
    output: Receiver<Output>,
    /// The output, once the run has ended.
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

    /// Sends a signal once. A run that has ended gets none; its exit code shows
    /// it.
    pub(crate) fn signal(&self, signal: Signal) {
        let _ = kill_process(self.pid, signal);
    }

    /// The most bytes of a core dump, as the system reports it for this run.
    #[cfg(target_os = "linux")]
    pub(crate) fn core_limit(&self) -> String {
        let pid = self.pid.as_raw_nonzero();
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("it runs");
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"));
        let words = core.expect("its limit").split_whitespace();
        words.skip(4).take(1).collect()
    }

    /// Sends a signal repeatedly until the run ends: equal signals are merged
    /// while the first is not delivered.
    pub(crate) fn signal_until_end(mut self, signal: Signal, code: i32) -> Done {
        for _ in 0..600 {
            // Fails if the run has ended.
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

    /// Kills the run with SIGKILL and waits for its end.
    pub(crate) fn killed(self) {
        let (code, done) = self.kill_or_end();
        assert_eq!(code, None, "it ended by itself: {done}");
    }

    /// The same for a run that may have ended: its exit code (None if it was
    /// killed) and its outputs so far.
    pub(crate) fn kill_or_end(mut self) -> (Option<i32>, Done) {
        if !self.is_over() {
            // Fails if the run ends at this moment.
            let _ = kill_process(self.pid, Signal::KILL);
        }
        assert!(self.is_over_within(HANG), "it is not gone");
        let output = self.over.take().expect("it is gone");
        let code = output.status.code();
        (code, self.checks.read(&output))
    }

    /// Waits for its end, with any exit code.
    pub(crate) fn ended(mut self) -> (Option<i32>, Done) {
        assert!(self.is_over_within(HANG), "it hangs");
        self.kill_or_end()
    }

    /// Waits for its end; the most memory that it used, in KiB, as far as the system
    /// reports it while it runs.
    #[cfg(target_os = "linux")]
    pub(crate) fn ended_with_peak(mut self) -> (Option<i32>, Done, u64) {
        let (mut peak, begun) = (0, Instant::now());
        let status = format!("/proc/{}/status", self.pid.as_raw_nonzero());
        while !self.is_over_within(Duration::from_millis(5)) {
            assert!(begun.elapsed() < HANG, "it hangs");
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
            peak = peak.max(number.unwrap_or(0));
        }
        let (code, done) = self.kill_or_end();
        (code, done, peak)
    }

    /// Waits for its end and checks everything.
    pub(crate) fn ends(mut self, code: i32) -> Done {
        assert!(self.is_over_within(HANG), "it hangs");
        let output = self.over.as_ref().expect("it is over");
        self.checks.check(output, code)
    }
}

impl Drop for Running {
    /// No run outlives its test, even if the test fails.
    fn drop(&mut self) {
        let reported = self.over.take().map_or_else(|| self.output.try_recv(), Ok);
        if matches!(reported, Err(TryRecvError::Empty)) {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}
