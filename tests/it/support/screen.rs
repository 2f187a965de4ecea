//! A run in a real terminal: tmux draws it, and its screen is read back.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{HANG, Home};

/// A terminal of so many columns and 24 lines, in which one command runs.
pub(crate) struct Screen {
    home: Home,
}

/// What is shown when the command has ended.
const END: &str = "(ended)";

impl Screen {
    /// Runs the command; with `is_silent` its stdout goes to /dev/null.
    pub(super) fn start(command: &Command, home: Home, columns: u16, is_silent: bool) -> Self {
        let quoted = |text: &std::ffi::OsStr| {
            let text = text.to_str().expect("UTF-8");
            shlex::try_quote(text).expect("no NUL").into_owned()
        };
        let variables = command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        let variables =
            variables.map(|(name, value)| format!("{}={}", quoted(name), quoted(value)));
        let words = command.get_args().map(quoted);
        let program = quoted(command.get_program());
        let line: Vec<String> = variables.chain([program]).chain(words).collect();
        let stdout = if is_silent { "> /dev/null" } else { "" };
        // The shell and the command after it ignore an interrupt for the
        // command.
        let script = format!(
            "trap : INT; env -i TERM=\"$TERM\" LANG=C.UTF-8 {} {stdout}; trap '' INT; echo '{END}'; exec sleep 600",
            line.join(" ")
        );
        let screen = Self { home };
        let columns = columns.to_string();
        let size = ["-x", &columns, "-y", "24"];
        screen.tmux(&[&["new-session", "-d"], &size[..], &["sh", "-c", &script]].concat());
        screen
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-f", "/dev/null", "-u"])
            .args(arguments)
            .env("TMUX_TMPDIR", self.home.path())
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm-256color")
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .expect("tmux starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tmux {arguments:?}: {stderr}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The lines that are shown, with their colours or without.
    fn shown(&self, has_colours: bool) -> String {
        let colours: &[&str] = if has_colours { &["-e"] } else { &[] };
        self.tmux(&[&["capture-pane", "-p"], colours].concat())
    }

    /// Waits until this is shown.
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(|shown| shown.contains(text));
    }

    /// Waits until the screen is so.
    pub(crate) fn wait_until(&self, is_so: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            let shown = self.shown(false);
            if is_so(&shown) {
                return;
            }
            assert!(start.elapsed() < HANG, "it never is, but\n{shown}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Resizes the window.
    pub(crate) fn becomes(&self, columns: u16) {
        self.tmux(&["resize-window", "-x", &columns.to_string(), "-y", "24"]);
    }

    /// What is shown at this moment.
    pub(crate) fn shown_now(&self) -> String {
        self.shown(false)
    }

    pub(crate) fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// The screens from now to the end of the command, with their colours: one
    /// every `pause_ms` milliseconds if it differs from the one before.
    pub(crate) fn frames_to_the_end(&self, pause_ms: u64) -> Vec<String> {
        let start = Instant::now();
        let mut frames: Vec<String> = Vec::new();
        loop {
            let shown = self.shown(true);
            if shown.contains(END) {
                frames.push(self.at_the_end(true));
                return frames;
            }
            if !shown.trim().is_empty() && frames.last() != Some(&shown) {
                frames.push(shown);
            }
            assert!(start.elapsed() < HANG, "it never ends: {frames:?}");
            thread::sleep(Duration::from_millis(pause_ms));
        }
    }

    /// The screen when the command has ended.
    pub(crate) fn at_the_end(&self, has_colours: bool) -> String {
        self.wait_for(END);
        let shown = self.shown(has_colours);
        let lines = shown.lines().take_while(|line| !line.contains(END));
        let whole: Vec<&str> = lines.map(str::trim_end).collect();
        whole.join("\n") + "\n"
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let mut end = Command::new("tmux");
        end.arg("kill-server").env("TMUX_TMPDIR", self.home.path());
        // It may have ended by itself.
        let _ = end.stderr(Stdio::null()).status();
    }
}
