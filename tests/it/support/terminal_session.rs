//! A run in a terminal of its own, in which a person reads questions and types
//! answers.

use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{HANG, Home, Terminal};

/// stdin, stdout and stderr are the terminal.
pub(crate) struct TerminalSession {
    child: Child,
    terminal: Terminal,
}

impl TerminalSession {
    pub(crate) fn run(words: &str, home: &Home) -> Self {
        Self::run_with(words, home, 80, &[])
    }

    /// The same in a terminal of so many columns, and with these variables.
    pub(crate) fn run_with(
        words: &str,
        home: &Home,
        columns: u16,
        variables: &[(&str, &str)],
    ) -> Self {
        let terminal = Terminal::new();
        terminal.resize(columns);
        let child = Command::new(env!("CARGO_BIN_EXE_roomctl"))
            .args(words.split_whitespace())
            .env_clear()
            .env("HOME", home.path())
            .envs(variables.iter().copied())
            .current_dir(home.path())
            .stdin(terminal.end())
            .stdout(terminal.end())
            .stderr(terminal.end())
            .spawn()
            .expect("the binary starts");
        Self { child, terminal }
    }

    /// Waits until this is shown.
    pub(crate) fn waits_for(&self, question: &str) {
        self.terminal.wait_for(question);
    }

    /// Types a line when this is asked.
    pub(crate) fn answer(&self, question: &str, text: &str) {
        self.waits_for(question);
        self.terminal.types(&format!("{text}\n"));
    }

    /// Types Ctrl-D.
    pub(crate) fn ends_input(&self) {
        self.terminal.types("\u{4}");
    }

    /// Whether the terminal shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        self.terminal.echoes()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// What was shown, and the exit code; none for an end by a signal. The
    /// terminal must then show again what is typed.
    pub(crate) fn ends(self) -> (String, Option<i32>) {
        self.finish(|session| assert!(session.echoes()))
    }

    /// The same with another check of the terminal that the run leaves.
    pub(crate) fn finish(mut self, check: impl Fn(&Self)) -> (String, Option<i32>) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            if begun.elapsed() > HANG {
                self.child.kill().expect("it runs");
                panic!("it hangs: {}", self.terminal.shown());
            }
            thread::sleep(Duration::from_millis(5));
        };
        check(&self);
        (self.terminal.shown_at_the_end(), status.code())
    }
}
