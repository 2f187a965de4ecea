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
mod options;
mod params;
mod request;
mod rooms;
mod server;
mod service;
mod state;

#[cfg(test)]
mod wire_tests;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::clock::unix_seconds;

pub use calls::AbsentMode;
pub use fault::{Fault, FaultError, FaultKind};
pub(crate) use options::DEMO_ROOM;
pub use options::Options;

use crate::secret::SecretKey;
use auth::Account;
use server::{ConnectionOptions, Server, Tls};
use service::Service;

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
        inner.log.as_ref().is_some_and(service::Log::has_failed)
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
