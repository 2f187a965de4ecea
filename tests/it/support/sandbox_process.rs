//! `roomctl sandbox` as users run it: a process of its own, found through the
//! file of `--env-file`.

use std::fs;
use std::path::PathBuf;
use std::thread;

use rustix::process::Signal;

use super::{Done, Home, Roomctl, Running, any, wait_until};

/// A sandbox that listens.
pub(crate) struct SandboxProcess {
    running: Option<Running>,
    pub(crate) env_file: PathBuf,
    /// The variables of the file, unquoted.
    pub(crate) variables: Vec<(String, String)>,
}

impl SandboxProcess {
    /// Started with these words.
    pub(crate) fn with(words: &str) -> Self {
        Self::from(Roomctl::new("sandbox").args(words).stderr(any()))
    }

    /// This run with `--env-file` added.
    pub(crate) fn from(sandbox: Roomctl) -> Self {
        let home = Home::new();
        let env_file = home.path().join("box.env");
        let sandbox = sandbox.home(&home).arg("--env-file").arg(&env_file);
        let mut running = sandbox.stdout(any()).start();
        wait_until("the sandbox listens", || {
            env_file.exists() || running.is_over()
        });
        assert!(env_file.exists(), "it ended early: {}", running.ends(0));
        let text = fs::read_to_string(&env_file).expect("the file");
        Self {
            running: Some(running),
            env_file,
            variables: text.lines().map(assignment).collect(),
        }
    }

    /// The value of a variable, by its name without `ROOMCTL_`.
    pub(crate) fn value(&self, name: &str) -> &str {
        let name = format!("ROOMCTL_{name}");
        let found = self.variables.iter().find(|(given, _)| *given == name);
        found.map_or_else(|| panic!("no {name}"), |(_, value)| value)
    }

    /// `roomctl` with these words and the file's variables only.
    pub(crate) fn roomctl(&self, words: &str) -> Roomctl {
        let run = Roomctl::new(words).secret(self.value("SECRET_KEY"));
        let set = |run: Roomctl, (name, value): &(String, String)| run.env(name, value);
        self.variables.iter().fold(run, set)
    }

    /// Ends it with a signal, which is exit 0.
    pub(crate) fn ends(mut self, signal: Signal) -> Done {
        let running = self.running.take().expect("it runs");
        running.signal(signal);
        running.ends(0)
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.signal(Signal::INT);
            // A failed test needs no second failure.
            if !thread::panicking() {
                running.ends(0);
            }
        }
    }
}

fn assignment(line: &str) -> (String, String) {
    let set = line.strip_prefix("export ").expect("an export line");
    let (name, value) = set.split_once('=').expect("an assignment");
    let words = shlex::split(value).expect("one word");
    assert_eq!(words.len(), 1, "{line}");
    (name.to_owned(), words[0].clone())
}
