//! The library's sandbox in the test's own process, with its log. A test that
//! ends without one request to it has tested nothing, and fails.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use roomctl::clock::unix_seconds;
use roomctl::sandbox::Options;
use roomctl::usersig::{Claims, sign};
use serde_json::Value;

use super::{Roomctl, wait_until};

/// A running sandbox.
pub(crate) struct Sandbox {
    inner: roomctl::sandbox::Sandbox,
    log: Log,
    is_called: bool,
}

impl Sandbox {
    /// As users get it: `room-test` with `user1` to `user100`.
    pub(crate) fn demo() -> Self {
        Self::with(Options::default())
    }

    /// With a fault like `100001=1` and a fixed seed.
    pub(crate) fn failing(fault: &str) -> Self {
        Self::with(Options {
            faults: vec![fault.parse().expect("a fault")],
            seed: Some(1),
            ..Options::default()
        })
    }

    /// A room `r` with 2000 members; answers take this number of milliseconds.
    pub(crate) fn crowd(latency: u64) -> Self {
        let names = (0..2000).map(|n| format!("u{n}"));
        let options = Options {
            latency: Duration::from_millis(latency),
            ..Options::default()
        };
        Self::with(options.room("r", names))
    }

    pub(crate) fn with(options: Options) -> Self {
        let log = Log::default();
        let options = Options {
            log: Some(Box::new(log.clone())),
            ..options
        };
        Self {
            inner: roomctl::sandbox::Sandbox::start(options).expect("a port"),
            log,
            is_called: true,
        }
    }

    /// A sandbox that must get no request.
    pub(crate) fn untouched() -> Self {
        Self::untouched_with(Options::default())
    }

    /// The same with these options.
    pub(crate) fn untouched_with(options: Options) -> Self {
        let mut sandbox = Self::with(options);
        sandbox.is_called = false;
        sandbox
    }

    /// `roomctl kick` with these words and everything it needs in variables.
    pub(crate) fn kick(&self, words: &str) -> Roomctl {
        self.roomctl("kick").args(words)
    }

    /// `roomctl` with these words and everything it needs in variables.
    pub(crate) fn roomctl(&self, words: &str) -> Roomctl {
        Roomctl::new(words)
            .env("ROOMCTL_ENDPOINT", self.endpoint())
            .env("ROOMCTL_SDKAPPID", self.inner.sdkappid().to_string())
            .env("ROOMCTL_IDENTIFIER", self.inner.identifier())
            .env("ROOMCTL_SECRET_KEY", self.key())
            .secret(self.key())
    }

    pub(crate) fn endpoint(&self) -> String {
        self.inner.endpoint()
    }

    pub(crate) fn sdkappid(&self) -> u32 {
        self.inner.sdkappid()
    }

    pub(crate) fn key(&self) -> &str {
        self.inner.secret_key().expose()
    }

    /// A signature of its administrator, valid for this number of seconds.
    pub(crate) fn usersig(&self, expire: u64) -> String {
        let claims = Claims {
            identifier: self.inner.identifier().into(),
            sdkappid: self.sdkappid(),
            time: unix_seconds(SystemTime::now()),
            expire,
            userbuf: None,
        };
        sign(&claims, self.inner.secret_key()).expose().to_owned()
    }

    pub(crate) fn ca_pem(&self) -> &str {
        self.inner.ca_pem().expect("started with TLS")
    }

    pub(crate) fn members(&self, room: &str) -> Vec<String> {
        self.inner.members(room).expect("such a room")
    }

    /// Adds a member; creates the room if it does not exist.
    pub(crate) fn join(&self, room: &str, member: &str) {
        assert_eq!(self.inner.join(room, &[member]), 1);
    }

    /// The log's lines so far, one per request.
    pub(crate) fn log(&self) -> Vec<Value> {
        let bytes = self.log.lock().clone();
        let lines = bytes.split(|byte| *byte == b'\n').filter(|l| !l.is_empty());
        lines
            .map(|line| serde_json::from_slice(line).expect("a line of JSON"))
            .collect()
    }

    /// Waits until this number of requests has been answered.
    pub(crate) fn wait_for(&self, count: usize) {
        let what = format!("{count} requests came");
        wait_until(&what, || self.log().len() >= count);
    }

    /// When each request arrived, in nanoseconds; with `keep_arrivals` only.
    pub(crate) fn arrivals(&self) -> Vec<u64> {
        self.inner.arrivals()
    }

    /// Every (room, member) that was removed, by the log.
    pub(crate) fn removed(&self) -> HashSet<(String, String)> {
        let pairs = |line: &Value| {
            let room = line["RoomId"].as_str().unwrap_or_default().to_owned();
            let names = line["Removed"].as_array().cloned().unwrap_or_default();
            let pair = move |name: Value| (room.clone(), name.as_str().expect("a name").to_owned());
            names.into_iter().map(pair)
        };
        self.log().iter().flat_map(pairs).collect()
    }

    /// Whether this member is in this room.
    pub(crate) fn has(&self, room: &str, member: &str) -> bool {
        let members = self.inner.members(room).unwrap_or_default();
        members.iter().any(|name| name == member)
    }

    /// Waits until this holds.
    pub(crate) fn wait_until(&self, holds: impl Fn(&Self) -> bool) {
        wait_until("the sandbox is so", || holds(self));
    }

    /// How many members each request named.
    pub(crate) fn batches(&self) -> Vec<usize> {
        let members = |line: &Value| line["MemberList_Account"].as_array().map_or(0, Vec::len);
        self.log().iter().map(members).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let requests = self.inner.requests();
            assert_eq!(requests > 0, self.is_called, "{requests} requests came");
        }
    }
}

/// A shared buffer.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
