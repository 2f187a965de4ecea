//! A connection to a Redis server, which keeps the pace of several machines
//! (`--rate-scope redis://…`); `crate::job::pace` has the script that runs there.
//!
//! The crate `redis` encodes commands, decodes answers and knows the server's errors.
//! The connection itself is the one that the service gets (`api::Dialer`): the crate's
//! own TLS reads the system's certificates also where `--tls-roots` or `--ca-file` say
//! otherwise, and its look-up of names has no limit.
//!
//! Bottom up: `url`, `failure`, `connection`.

#[cfg(feature = "redis")]
mod connection;
#[cfg(feature = "redis")]
mod failure;
#[cfg(all(test, feature = "redis"))]
pub(crate) mod test_server;
mod url;

#[cfg(feature = "redis")]
pub(crate) use connection::Connection;
#[cfg(feature = "redis")]
pub(crate) use failure::Failure;
pub(crate) use url::{RedisUrl, RedisUrlError};
