//! A Room Engine on loopback, as strict as the documents: for rehearsals, CI and
//! roomctl's own tests.
//!
//! [`Sandbox::start`] listens on 127.0.0.1 and serves in background threads until the
//! handle is dropped. The path of a request: `server` (a thread per connection) →
//! `request` (bytes to request) → `service` (one lock: arrival, fault, effect, log) →
//! `state` (pure: `auth`, rate, `calls`) → `answer` (answer and fault to bytes) and
//! back.
//!
//! It shares no wire types with the client, prints nothing and reads no environment.
//! Where the documents do not define a behaviour, the module's documentation
//! describes the one that was chosen.

mod answer;
mod auth;
mod calls;
mod fault;
mod params;
mod request;
mod rooms;
mod server;
mod service;
mod state;

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::clock::unix_seconds;
use crate::room::{RoomId, UserId};
use crate::secret::{SecretKey, hex};
use auth::Account;
use fault::FaultSource;
use rooms::Rooms;
use server::{ConnectionOptions, Server, Tls};
use service::{Log, Service};
use state::State;

pub use calls::AbsentMode;
pub use fault::{Fault, FaultError, FaultKind};

/// A running sandbox. Dropping it ends it and all its connections.
pub struct Sandbox {
    server: Server,
    service: Arc<Service>,
    account: Account,
    ca_pem: Option<String>,
}

impl Sandbox {
    /// Listens and serves. The error is `InvalidInput` for options that cannot be
    /// served, else that of binding the port.
    pub fn start(options: Options) -> io::Result<Self> {
        let account = options.account();
        let tls = options.tls.then(Tls::generate).transpose()?;
        let (config, ca_pem) = tls.map(|tls| (tls.config, tls.ca_pem)).unzip();
        let connections = ConnectionOptions {
            latency: options.latency,
            idle: options.idle,
            tls: config,
        };
        let port = options.port;
        let now = unix_seconds(SystemTime::now());
        let service = Arc::new(options.into_service(now)?);
        let server = Server::start(port, Arc::clone(&service), connections)?;
        Ok(Self {
            server,
            service,
            account,
            ca_pem,
        })
    }

    /// `http://127.0.0.1:PORT`, or `https` with TLS.
    pub fn endpoint(&self) -> String {
        let scheme = if self.ca_pem.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.server.address())
    }

    /// The SDKAppID of its only app.
    pub fn sdkappid(&self) -> u32 {
        self.account.sdkappid
    }

    /// Its only administrator.
    pub fn identifier(&self) -> &str {
        &self.account.identifier
    }

    /// The app's secret key.
    pub fn secret_key(&self) -> &SecretKey {
        &self.account.secret_key
    }

    /// The authority's certificate in PEM; `None` without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Number of requests so far, including refused and malformed ones.
    pub fn requests(&self) -> u64 {
        self.service.requests()
    }

    /// Arrival of each request, in nanoseconds since the start; empty unless
    /// [`Options::keep_arrivals`] is set.
    pub fn arrivals(&self) -> Vec<u64> {
        let arrivals = self.service.lock().arrivals.clone();
        arrivals.unwrap_or_default()
    }

    /// Whether a write to the log failed; the log ends there.
    pub(crate) fn log_has_failed(&self) -> bool {
        let inner = self.service.lock();
        inner.log.as_ref().is_some_and(Log::has_failed)
    }

    /// The members of a room in the order of joining; `None` if it does not exist.
    pub fn members(&self, room: &str) -> Option<Vec<String>> {
        let inner = self.service.lock();
        let room = inner.state.rooms.get(room)?;
        Some(
            room.members_after(0)
                .map(|(_, name)| name.to_owned())
                .collect(),
        )
    }

    /// Lets members join; creates the room if it does not exist. Banned ones cannot
    /// join. Returns how many of these members are in the room afterwards.
    pub fn join(&self, room: &str, members: &[&str]) -> usize {
        let now = unix_seconds(self.service.now().wall);
        let mut inner = self.service.lock();
        let room = inner.state.rooms.get_or_create(room, now);
        let joined = members.iter().filter(|member| room.join(member, now));
        joined.count()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sandbox({})", self.endpoint())
    }
}

/// A room that always exists. Its 100 members are replaced if a room of this name is
/// given.
pub(crate) const DEMO_ROOM: &str = "room-test";

const DEMO_MEMBERS: usize = 100;

/// How a sandbox behaves. Start from [`Options::default`].
pub struct Options {
    /// Port on 127.0.0.1; 0 is any free one.
    pub port: u16,
    /// Rooms with their members in the order of joining. A room that is given twice has
    /// the members of both.
    pub rooms: Vec<(String, Vec<String>)>,
    /// Time between the effect of a request and its answer.
    pub latency: Duration,
    /// Requests of one call in any second; 200 in the documents.
    pub limit: u32,
    /// What one absent member does to a batch.
    pub absent: AbsentMode,
    /// The faults to inject.
    pub faults: Vec<Fault>,
    /// Decides which requests get a fault; `None` is a random seed.
    pub seed: Option<u64>,
    /// Whether to use TLS, with a certificate authority of its own.
    pub tls: bool,
    /// The request log.
    pub log: Option<Box<dyn Write + Send>>,
    /// Whether to keep every arrival for [`Sandbox::arrivals`]: eight bytes per
    /// request until the sandbox ends.
    pub keep_arrivals: bool,
    /// A connection that is idle for this time is closed.
    pub idle: Duration,
    /// The only app.
    pub sdkappid: u32,
    /// Its only administrator, who also owns the rooms.
    pub identifier: String,
    /// The app's secret key.
    pub secret_key: SecretKey,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            rooms: Vec::new(),
            latency: Duration::ZERO,
            limit: 200,
            absent: AbsentMode::default(),
            faults: Vec::new(),
            seed: None,
            tls: false,
            log: None,
            keep_arrivals: false,
            idle: Duration::from_secs(60),
            sdkappid: 1_400_000_001,
            identifier: "administrator".into(),
            secret_key: random_key(),
        }
    }
}

impl Options {
    /// Adds a room.
    #[must_use]
    pub fn room<M: Into<String>>(
        mut self,
        name: impl Into<String>,
        members: impl IntoIterator<Item = M>,
    ) -> Self {
        let members = members.into_iter().map(Into::into).collect();
        self.rooms.push((name.into(), members));
        self
    }

    fn account(&self) -> Account {
        Account {
            sdkappid: self.sdkappid,
            identifier: self.identifier.clone(),
            secret_key: self.secret_key.clone(),
        }
    }

    /// The service that these options describe, at `now` (unix seconds).
    fn into_service(self, now: u64) -> io::Result<Service> {
        if self.sdkappid == 0 || UserId::parse(&self.identifier).is_err() {
            return Err(unusable("no request could be signed for this account"));
        }
        if self.limit == 0 || self.idle.is_zero() {
            return Err(unusable(
                "a limit or idle time of zero would refuse every request",
            ));
        }
        let seed = self.seed.unwrap_or_else(rand::random);
        let account = self.account();
        let rooms = create_rooms(self.rooms, now)?;
        let faults = FaultSource::new(self.faults, seed);
        let faults =
            faults.ok_or_else(|| unusable("the shares of the faults add up to more than 100 %"))?;
        let state = State::new(account, rooms, self.absent, self.limit, seed);
        Ok(Service::new(
            state,
            faults,
            self.log.map(Log::new),
            self.keep_arrivals,
        ))
    }
}

/// Checks the names, too: no call could use an invalid room or member.
fn create_rooms(given: Vec<(String, Vec<String>)>, now: u64) -> io::Result<Rooms> {
    let mut rooms = Rooms::default();
    for (name, members) in given {
        RoomId::parse(&name).map_err(|why| unusable(format!("room {name:?} {why}")))?;
        let room = rooms.get_or_create(&name, now);
        for member in members {
            UserId::parse(&member).map_err(|why| unusable(format!("member {member:?} {why}")))?;
            room.join(&member, now);
        }
    }
    if rooms.get(DEMO_ROOM).is_none() {
        let demo = rooms.get_or_create(DEMO_ROOM, now);
        for number in 1..=DEMO_MEMBERS {
            demo.join(&format!("user{number}"), now);
        }
    }
    Ok(rooms)
}

fn unusable(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why.into())
}

/// 64 lower-case hex digits, like every documented key.
fn random_key() -> SecretKey {
    SecretKey::new(hex(&rand::random::<[u8; 32]>()))
}

#[cfg(test)]
mod wire_tests;

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(options: Options) -> String {
        let error = options.into_service(0).err().expect("refused");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        error.to_string()
    }

    fn members(options: Options, room: &str) -> Vec<String> {
        let service = options.into_service(0).expect("usable");
        let inner = service.lock();
        let room = inner.state.rooms.get(room).expect("room");
        room.members_after(0)
            .map(|(_, name)| name.to_owned())
            .collect()
    }

    #[test]
    fn the_demo_room_holds_user1_to_user100() {
        let demo = members(Options::default(), "room-test");
        assert_eq!(demo.len(), 100);
        assert_eq!((&*demo[0], &*demo[99]), ("user1", "user100"));
    }

    #[test]
    fn a_room_of_the_demo_rooms_name_replaces_it() {
        let options = Options::default()
            .room("room-test", ["a"])
            .room("room-test", ["b"]);
        assert_eq!(members(options, "room-test"), ["a", "b"]);
        let options = Options::default().room("other", ["a"]);
        assert_eq!(members(options, "room-test").len(), 100);
    }

    #[test]
    fn keys_have_the_usual_form_and_differ() {
        let (one, other) = (random_key(), random_key());
        assert!(one.has_usual_shape() && one.expose() != other.expose());
    }

    #[test]
    fn options_that_cannot_be_served_are_refused() {
        let default = Options::default;
        assert!(refused(default().room("", ["a"])).contains("is empty"));
        assert!(refused(default().room("r", ["a\tb"])).contains("printable"));
        assert!(
            refused(Options {
                limit: 0,
                ..default()
            })
            .contains("zero")
        );
        assert!(
            refused(Options {
                sdkappid: 0,
                ..default()
            })
            .contains("account")
        );
        let faults = ["reset=60%", "drop=60%"].map(|text| text.parse().expect("a fault"));
        let faults = faults.to_vec();
        assert!(
            refused(Options {
                faults,
                ..default()
            })
            .contains("shares")
        );
    }
}
