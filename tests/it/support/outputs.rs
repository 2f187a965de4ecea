//! What a run printed, and what its outputs must hold.
//!
//! Every run is also checked for what holds for all runs: no secret that the test
//! knows is shown, no query string, no panic.

use std::process::Output;

use predicates::BoxPredicate;
use predicates::prelude::*;
use serde_json::Value;

/// What its outputs must hold.
#[derive(Default)]
pub(super) struct Checks {
    pub(super) stdout: Vec<BoxPredicate<str>>,
    pub(super) stderr: Vec<BoxPredicate<str>>,
    pub(super) secrets: Vec<String>,
    /// Every line of stderr is an object with a known key.
    pub(super) is_json: bool,
}

/// The keys of an object on stderr; besides them there is only `ExitCode`.
const KEYS: [&str; 6] = ["error", "note", "progress", "retry", "summary", "warning"];

/// A run that ended as expected.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
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
