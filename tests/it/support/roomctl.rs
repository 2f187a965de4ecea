//! The binary with an empty environment, a HOME of its own and an empty stdin.
//! Both outputs must be empty unless the test expects something.

use std::ffi::OsString;
use std::process::{Child, ChildStdin, Command, Stdio};

use predicates::BoxPredicate;

use super::outputs::{Checks, Done};
use super::{HANG, Home, Running, Screen, Terminal};

/// A run that has not started.
#[must_use = "nothing runs before `exits` or `start`"]
pub(crate) struct Roomctl {
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    home: Home,
    stdin: Vec<u8>,
    terminal: Option<Terminal>,
    shell: Option<String>,
    checks: Checks,
}

impl Roomctl {
    /// Arguments separated by blanks; [`Self::arg`] adds one with blanks.
    pub(crate) fn new(words: &str) -> Self {
        Self {
            args: words.split_whitespace().map(OsString::from).collect(),
            env: Vec::new(),
            home: Home::new(),
            stdin: Vec::new(),
            terminal: None,
            shell: None,
            checks: Checks::default(),
        }
    }

    pub(crate) fn arg(mut self, word: impl Into<OsString>) -> Self {
        self.args.push(word.into());
        self
    }

    pub(crate) fn args(self, words: &str) -> Self {
        words.split_whitespace().fold(self, Self::arg)
    }

    /// `FLAG NAME1 FLAG NAME2 …`, this many.
    pub(crate) fn many(self, flag: &str, name: &str, count: usize) -> Self {
        let add = |all: Self, n: usize| all.arg(flag).arg(format!("{name}{n}"));
        (1..=count).fold(self, add)
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Removes this variable again.
    pub(crate) fn env_remove(mut self, name: &str) -> Self {
        self.env.retain(|(given, _)| given != name);
        self
    }

    pub(crate) fn home(mut self, home: &Home) -> Self {
        self.home = home.clone();
        self
    }

    pub(crate) fn stdin(mut self, content: impl Into<Vec<u8>>) -> Self {
        self.stdin = content.into();
        self
    }

    /// With a terminal as stdin, without input; for [`Self::start`].
    pub(crate) fn at_terminal(mut self) -> Self {
        self.terminal = Some(Terminal::new());
        self
    }

    /// Run by a shell, where `"$0" "$@"` is the command.
    pub(crate) fn in_shell(mut self, script: &str) -> Self {
        self.shell = Some(script.into());
        self
    }

    /// Expects this of stdout; several expectations add up.
    pub(crate) fn stdout(mut self, holds: BoxPredicate<str>) -> Self {
        self.checks.stdout.push(holds);
        self
    }

    /// Expects this of stderr; several expectations add up.
    pub(crate) fn stderr(mut self, holds: BoxPredicate<str>) -> Self {
        self.checks.stderr.push(holds);
        self
    }

    /// Must be on neither output.
    pub(crate) fn secret(mut self, text: impl Into<String>) -> Self {
        self.checks.secrets.push(text.into());
        self
    }

    /// Stderr must be lines of JSON. Where `-o json` is among the arguments, this is
    /// checked anyway.
    pub(crate) fn json(mut self) -> Self {
        self.checks.is_json = true;
        self
    }

    /// Whether the command line or a variable asks for JSON, and stderr is only ours.
    fn asks_for_json(&self) -> bool {
        let words: Vec<_> = self
            .args
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        let format = words
            .iter()
            .position(|word| word.starts_with("-o") || word == "-vo");
        let format = format.map(|at| {
            words[at..]
                .iter()
                .take(2)
                .any(|word| word.ends_with("json"))
        });
        let variable = self.env.iter().rfind(|(name, _)| name == "ROOMCTL_OUTPUT");
        let of_variable = variable.is_some_and(|(_, value)| value == "json");
        let has_command = words.iter().any(|word| word == "--");
        format.unwrap_or(of_variable) && self.shell.is_none() && !has_command
    }

    /// Runs it to its end and checks everything.
    pub(crate) fn exits(self, code: i32) -> Done {
        self.ends(&[code])
    }

    /// The same as [`Self::exits`] with any of these codes.
    pub(crate) fn ends(mut self, codes: &[i32]) -> Done {
        self.checks.is_json |= self.asks_for_json();
        let mut command = assert_cmd::Command::from_std(self.command());
        command.timeout(HANG).write_stdin(self.stdin.clone());
        let output = command.output().expect("the binary starts");
        let code = output.status.code().filter(|code| codes.contains(code));
        self.checks.check(&output, code.unwrap_or(codes[0]))
    }

    /// Runs it in the background.
    pub(crate) fn start(mut self) -> Running {
        self.checks.is_json |= self.asks_for_json();
        let child = self.spawn();
        Running::new(child, self.checks, (self.home, self.terminal))
    }

    /// The same as [`Self::start`] with a closed stdout.
    pub(crate) fn start_unread(self) -> Running {
        let mut child = self.spawn();
        drop(child.stdout.take());
        Running::new(child, self.checks, (self.home, self.terminal))
    }

    /// The same as [`Self::start`] with a stdin to write to while it runs.
    pub(crate) fn start_fed(self) -> (Running, ChildStdin) {
        let mut child = self.spawn_with(Stdio::piped());
        let stdin = child.stdin.take().expect("piped");
        let kept = (self.home, self.terminal);
        (Running::new(child, self.checks, kept), stdin)
    }

    /// The same as [`Self::start`] with this terminal as stdin and stderr.
    pub(crate) fn start_on(self, terminal: &Terminal) -> Running {
        self.start_with(Stdio::piped(), terminal)
    }

    /// The same with this terminal as stdout too.
    pub(crate) fn start_all_on(self, terminal: &Terminal) -> Running {
        self.start_with(terminal.end(), terminal)
    }

    fn start_with(self, stdout: Stdio, terminal: &Terminal) -> Running {
        self.start_between([terminal.end(), stdout, terminal.end()])
    }

    /// In the background with this stdin, stdout and stderr.
    pub(crate) fn start_between(self, [stdin, stdout, stderr]: [Stdio; 3]) -> Running {
        let mut command = self.command();
        let child = command.stdin(stdin).stdout(stdout).stderr(stderr).spawn();
        let child = child.expect("the binary starts");
        Running::new(child, self.checks, (self.home, self.terminal))
    }

    /// In a real terminal with this number of columns; with `is_silent` its
    /// stdout goes to /dev/null.
    pub(crate) fn on_screen(self, columns: u16, is_silent: bool) -> Screen {
        Screen::start(&self.command(), self.home.clone(), columns, is_silent)
    }

    fn spawn(&self) -> Child {
        let terminal = self.terminal.as_ref();
        self.spawn_with(terminal.map_or(Stdio::null(), Terminal::end))
    }

    fn spawn_with(&self, stdin: Stdio) -> Child {
        let mut command = self.command();
        command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().expect("the binary starts")
    }

    fn command(&self) -> Command {
        let binary = env!("CARGO_BIN_EXE_roomctl");
        let mut command = match &self.shell {
            None => Command::new(binary),
            Some(script) => {
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", script, binary]);
                shell
            }
        };
        command
            .env_clear()
            .env("HOME", self.home.path())
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .args(&self.args)
            .current_dir(self.home.path());
        command
    }
}
