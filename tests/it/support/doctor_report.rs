//! The checks of `doctor -o json`, and which of them are not ok. A test breaks
//! one check; all others must be ok, or skipped because of it.

use serde_json::Value;

use super::{Done, Roomctl, any};

/// Every check, in the order of the report.
const LINKS: [&str; 16] = [
    "config",
    "sdkappid",
    "identifier",
    "credential",
    "endpoint",
    "trust",
    "proxy",
    "timeouts",
    "signature",
    "resolve",
    "tcp",
    "tls",
    "api",
    "clock",
    "region",
    "latency",
];

/// The checks that are skipped over plain http without a call.
const NO_CALL: [&str; 5] = [
    "skip tls",
    "skip api",
    "skip clock",
    "skip region",
    "skip latency",
];

/// One run of `doctor`.
pub(crate) struct DoctorReport {
    links: Vec<Value>,
    done: Done,
}

impl DoctorReport {
    /// Runs it to its end; its stderr is JSON with the same exit code.
    pub(crate) fn of(doctor: Roomctl, exit: i32) -> Self {
        Self::of_more(doctor, exit, &[])
    }

    /// The same with the link of a shared rate at its end.
    pub(crate) fn of_shared(doctor: Roomctl, exit: i32) -> Self {
        Self::of_more(doctor, exit, &["rate_scope"])
    }

    /// The same with these links at its end.
    pub(crate) fn of_more(doctor: Roomctl, exit: i32, more: &[&str]) -> Self {
        let doctor = doctor.args("-o json").stdout(any()).stderr(any());
        let done = doctor.exits(exit);
        let links = done.results();
        let names: Vec<_> = links.iter().map(|link| link["Check"].as_str()).collect();
        let expected: Vec<_> = LINKS.iter().chain(more).map(|name| Some(*name)).collect();
        assert_eq!(names, expected, "{done}");
        match done.error() {
            Some(error) => assert_eq!(error["ExitCode"], exit, "{done}"),
            None => assert_eq!(exit, 0, "{done}"),
        }
        Self { links, done }
    }

    /// The checks that are not "ok", as `STATUS NAME`, in order.
    pub(crate) fn not_ok(&self) -> Vec<String> {
        let marked = self.links.iter().filter(|link| link["Mark"] != "ok");
        let text = |link: &Value, key: &str| link[key].as_str().expect(key).to_owned();
        marked
            .map(|link| format!("{} {}", text(link, "Mark"), text(link, "Check")))
            .collect()
    }

    /// Exactly these are not "ok".
    #[track_caller]
    pub(crate) fn only<const N: usize>(self, expected: [&str; N]) -> Self {
        assert_eq!(self.not_ok(), expected, "{}", self.done);
        self
    }

    /// Exactly these are not "ok", and those skipped over plain http without a
    /// call.
    #[track_caller]
    pub(crate) fn with_no_call(self, broken: &[&str]) -> Self {
        let expected = [broken, &NO_CALL].concat();
        assert_eq!(self.not_ok(), expected, "{}", self.done);
        self
    }

    /// The finding of this check has each of these parts.
    #[track_caller]
    pub(crate) fn found<const N: usize>(self, name: &str, parts: [&str; N]) -> Self {
        self.says(name, "Found", &parts);
        self
    }

    /// The remedy has each of these parts; if the check failed, the closing
    /// error names it.
    #[track_caller]
    pub(crate) fn helped<const N: usize>(self, name: &str, parts: [&str; N]) -> Self {
        self.says(name, "Remedy", &parts);
        if self.link(name)["Mark"] == "fail" {
            let error = self.done.error().expect("an error");
            let message = error["error"]["message"].as_str().expect("words");
            assert!(message.starts_with("not ready to kick: "), "{message}");
            assert!(message.contains(name), "{message}");
        }
        self
    }

    /// The JSON of one check.
    pub(crate) fn link(&self, name: &str) -> &Value {
        let found = self.links.iter().find(|link| link["Check"] == name);
        found.expect("such a link")
    }

    #[track_caller]
    fn says(&self, name: &str, key: &str, parts: &[&str]) {
        let words = self.link(name)[key].as_str().unwrap_or_default();
        for part in parts {
            assert!(words.contains(part), "{part:?} in {words:?}{}", self.done);
        }
    }
}
