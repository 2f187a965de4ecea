//! The binary with an empty environment, a HOME of its own and an empty stdin.
//! Both outputs must be empty unless the test expects something.
//!
//! Every run also checks what holds for all runs: no secret that the test knows
//! is shown, no query string, no panic.

use std::ffi::OsString;
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use predicates::BoxPredicate;
use predicates::prelude::*;
use serde_json::Value;

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

/// What its outputs must hold.
#[derive(Default)]
pub(super) struct Checks {
    stdout: Vec<BoxPredicate<str>>,
    stderr: Vec<BoxPredicate<str>>,
    secrets: Vec<String>,
    /// Every line of stderr is an object with a known key.
    is_json: bool,
}

/// The keys of an object on stderr; besides them there is only `ExitCode`.
const KEYS: [&str; 6] = ["error", "note", "progress", "retry", "summary", "warning"];

/// A run that ended as expected.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
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

impl Checks {
    /// The outputs, after the checks that hold for every run.
    pub(super) fn read(&self, output: &Output) -> Done {
        let done = Done {
            stdout: String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8"),
        };
        for text in [&done.stdout, &done.stderr] {
            for secret in &self.secrets {
                assert!(!shows(text, secret), "a secret is shown: {done}");
            }
            assert!(!text.contains("&usersig="), "a query is shown: {done}");
            assert!(!text.contains("panicked"), "{done}");
        }
        if self.is_json {
            for line in done.stderr.lines() {
                let parsed: Option<Value> = serde_json::from_str(line).ok();
                let object = parsed.as_ref().and_then(Value::as_object);
                let keys = object.map(|object| object.keys().filter(|key| *key != "ExitCode"));
                let keys: Vec<_> = keys
                    .unwrap_or_else(|| panic!("{line} is text: {done}"))
                    .collect();
                let is_known = keys.len() == 1 && KEYS.contains(&keys[0].as_str());
                assert!(is_known, "{line} is not known: {done}");
            }
        }
        done
    }

    pub(super) fn check(&self, output: &Output, code: i32) -> Done {
        let done = self.read(output);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{:?} {done}",
            output.status
        );
        expect("stdout", &self.stdout, &done.stdout, &done);
        expect("stderr", &self.stderr, &done.stderr, &done);
        done
    }
}

/// Whether any 24 characters of the secret are in the text.
fn shows(text: &str, secret: &str) -> bool {
    let part = secret.len().min(24);
    let mut parts = secret.as_bytes().windows(part.max(1));
    parts.any(|part| {
        text.as_bytes()
            .windows(part.len())
            .any(|found| found == part)
    })
}

fn expect(name: &str, expected: &[BoxPredicate<str>], text: &str, done: &Done) {
    if expected.is_empty() {
        assert!(text.is_empty(), "{name} is to be empty: {done}");
    }
    for holds in expected {
        let case = holds.find_case(false, text);
        assert!(case.is_none(), "{name} is not as expected: {holds}\n{done}");
    }
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { stdout, stderr } = self;
        write!(f, "\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---")
    }
}

impl Done {
    /// The results of `-o json`; every line of stdout is an object.
    pub(crate) fn results(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).expect("a line of JSON");
        let results: Vec<Value> = self.stdout.lines().map(parse).collect();
        assert!(results.iter().all(Value::is_object), "{self}");
        results
    }

    /// The only result.
    pub(crate) fn result(&self) -> Value {
        let mut results = self.results();
        assert_eq!(results.len(), 1, "one result: {self}");
        results.remove(0)
    }

    /// The line of stderr that holds this key, with its `ExitCode`.
    fn line_with(&self, key: &str) -> Option<Value> {
        let lines = self.stderr.lines();
        let mut objects = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
        objects.find(|object| object.get(key).is_some())
    }

    /// Room, name and outcome of every member, in the order of the results.
    pub(crate) fn members(&self) -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let mut all = Vec::new();
        for result in self.results() {
            for member in result["MemberList_Account"].as_array().expect("names") {
                all.push((
                    text(&result["RoomId"]),
                    text(member),
                    text(&result["Outcome"]),
                ));
            }
        }
        all
    }

    /// This count of the summary.
    pub(crate) fn count(&self, name: &str) -> u64 {
        let summary = self.summary();
        summary["summary"][name].as_u64().expect(name)
    }

    /// The closing line of `-o json`.
    pub(crate) fn summary(&self) -> Value {
        self.line_with("summary").expect("a summary on stderr")
    }

    /// The error line of `-o json`, if there is one.
    pub(crate) fn error(&self) -> Option<Value> {
        self.line_with("error")
    }
}
