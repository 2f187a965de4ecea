//! A run at a terminal of its own: somebody who reads questions and types answers.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::pty::Pty;
use super::{HANG, Home};

/// stdin, stdout and stderr are the terminal.
pub(crate) struct TerminalSession {
    child: Child,
    keyboard: File,
    /// Held open, so that it can be looked at when the run is over.
    terminal: Pty,
    screen: Receiver<Vec<u8>>,
    shown: String,
}

impl TerminalSession {
    pub(crate) fn run(words: &str, home: &Home) -> Self {
        let terminal = Pty::open();
        let child = Command::new(env!("CARGO_BIN_EXE_roomctl"))
            .args(words.split_whitespace())
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path())
            .stdin(terminal.stdin())
            .stdout(terminal.stdin())
            .stderr(terminal.stdin())
            .spawn()
            .expect("the binary starts");
        let (keyboard, mut reader) = (terminal.front(), terminal.front());
        let (send, screen) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            keyboard,
            terminal,
            screen,
            shown: String::new(),
        }
    }

    /// Reads until this is on the screen.
    pub(crate) fn waits_for(&mut self, question: &str) {
        let start = Instant::now();
        while !self.shown.contains(question) {
            self.read();
            assert!(start.elapsed() < HANG, "{question} in {}", self.shown);
        }
    }

    /// Types a line when this is asked.
    pub(crate) fn answer(&mut self, question: &str, text: &str) {
        self.waits_for(question);
        let line = format!("{text}\n");
        self.keyboard.write_all(line.as_bytes()).expect("typed");
        self.keyboard.flush().expect("typed");
    }

    /// Whether the terminal shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        self.terminal.echoes()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// What was shown, and the exit code; none for an end by a signal.
    pub(crate) fn ends(self) -> (String, Option<i32>) {
        self.finish(|terminal| assert!(terminal.echoes()))
    }

    /// As [`Self::ends`], with a look at the terminal that is left.
    pub(crate) fn finish(mut self, look: impl Fn(&Self)) -> (String, Option<i32>) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            if start.elapsed() > HANG {
                self.child.kill().expect("it runs");
                panic!("it hangs: {}", self.shown);
            }
            self.read();
        };
        self.read();
        look(&self);
        (self.shown, status.code())
    }

    fn read(&mut self) {
        while let Ok(bytes) = self.screen.recv_timeout(Duration::from_millis(50)) {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}
