//! A Room Engine on loopback, as strict as the documents: for rehearsals, for
//! CI, and for roomctl's own tests.
//!
//! [`Sandbox::start`] listens on 127.0.0.1 and serves in background threads
//! until the handle is dropped. A request travels `server` (a thread per
//! connection) → `connection` → `http` (bytes to request) → `service` (one
//! lock: arrival, fault, effect, log) → `state` (pure: `gate`, `limit`,
//! `calls`) → `reply` (answer and fault to bytes) and back.
//!
//! It shares no wire types with the client, prints nothing and reads no
//! environment. Where the documents are silent, the module concerned says what
//! was chosen.

mod answer;
mod auth;
mod calls;
mod connection;
mod fault;
mod http;
mod limit;
mod log;
mod options;
mod params;
mod query;
mod random;
mod reply;
mod response;
mod rooms;
mod server;
mod service;
mod state;
mod tls;

#[cfg(test)]
mod wire_tests;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::clock::unix_seconds;

pub use calls::Absent;
pub use fault::{Fault, FaultError, FaultKind};
pub use options::{DEMO_ROOM, Options};

use crate::secret::SecretKey;
use auth::Account;
use server::{ConnectionOptions, Server};
use service::Service;
use tls::Tls;

/// A running sandbox. Dropping it ends it, and every connection with it.
pub struct Sandbox {
    server: Server,
    service: Arc<Service>,
    account: Account,
    ca_pem: Option<String>,
}

impl Sandbox {
    /// Listens and serves. `InvalidInput` where the options could never be
    /// served, else what binding the port says.
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

    /// The base URL: `http://127.0.0.1:PORT`, or `https` with TLS.
    pub fn endpoint(&self) -> String {
        let scheme = if self.ca_pem.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.server.address())
    }

    /// The app to call as.
    pub fn sdkappid(&self) -> u32 {
        self.account.sdkappid
    }

    /// The administrator to call as.
    pub fn identifier(&self) -> &str {
        &self.account.identifier
    }

    /// What to sign with.
    pub fn secret_key(&self) -> &SecretKey {
        &self.account.secret_key
    }

    /// The certificate to trust, in PEM; `None` without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Requests so far; refused, malformed and fault-injected ones count, too.
    pub fn requests(&self) -> u64 {
        self.service.requests()
    }

    /// When each request arrived, in nanoseconds since the start; empty unless
    /// [`Options::remember`] is set.
    pub fn arrivals(&self) -> Vec<u64> {
        let arrivals = self.service.lock().arrivals.clone();
        arrivals.unwrap_or_default()
    }

    /// Whether a line of the log could not be written; none follows it.
    pub fn log_has_failed(&self) -> bool {
        let inner = self.service.lock();
        inner.log.as_ref().is_some_and(log::Log::has_failed)
    }

    /// Who is in the room, in order of joining; `None` when there is no such
    /// room.
    pub fn members(&self, room: &str) -> Option<Vec<String>> {
        let inner = self.service.lock();
        let room = inner.state.rooms.get(room)?;
        Some(room.after(0).map(|(_, name)| name.to_owned()).collect())
    }

    /// Who is kept out of the room and until when (unix seconds), by name;
    /// `None` when there is no such room.
    pub fn bans(&self, room: &str) -> Option<Vec<(String, u64)>> {
        let now = unix_seconds(self.service.now().wall);
        let mut inner = self.service.lock();
        let bans = inner.state.rooms.get_mut(room)?.bans(now);
        Some(
            bans.iter()
                .map(|(name, until)| (name.clone(), *until))
                .collect(),
        )
    }

    /// Lets members join, as their own clients would; the room is made if need
    /// be. Banned ones stay out. How many are in afterwards, of those named.
    pub fn join(&self, room: &str, members: &[&str]) -> usize {
        let now = unix_seconds(self.service.now().wall);
        let mut inner = self.service.lock();
        let room = inner.state.rooms.open(room, now);
        let joined = members.iter().filter(|member| room.join(member, now));
        joined.count()
    }

    /// Dissolves a room; whether it was there.
    pub fn dissolve(&self, room: &str) -> bool {
        self.service.lock().state.rooms.dissolve(room)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sandbox({})", self.endpoint())
    }
}
