//! Names to addresses, remembered.
//!
//! The HTTP library would look a name up for every request, pooled connection
//! or not, on a thread of its own each time. Here an address is remembered for
//! a minute, or until a connection to it fails; an address written as such is
//! not looked up at all.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How long an address is believed.
const TTL: Duration = Duration::from_secs(60);

/// Most addresses that the HTTP library takes of one name.
const MAX_ADDRESSES: usize = 16;

/// A failed look-up, so that it can be told from other failures; the host's
/// name and the system's words.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub(super) struct Unresolved {
    pub(super) host: String,
    pub(super) why: String,
}

/// A resolver with a memory; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct CachingResolver(Arc<Mutex<HashMap<String, CachedAddresses>>>);

#[derive(Debug)]
struct CachedAddresses {
    addresses: Vec<SocketAddr>,
    since: Instant,
}

impl CachingResolver {
    /// Forgets everything: a connection failed, perhaps because the service
    /// has moved.
    pub(super) fn forget(&self) {
        self.memory().clear();
    }

    /// Every address that is tried for this URL's host, in their order.
    pub(super) fn addresses(
        &self,
        uri: &Uri,
        limit: Duration,
    ) -> Result<Vec<SocketAddr>, Unresolved> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(no_such_host(uri));
        };
        let name =
            DefaultResolver::host_and_port(scheme, authority).ok_or_else(|| no_such_host(uri))?;
        let mut addresses = match (name.parse(), self.remembered(&name)) {
            (Ok(address), _) => vec![address],
            (Err(_), Some(addresses)) => addresses,
            (Err(_), None) => self.look_up(&name, limit)?,
        };
        addresses.truncate(MAX_ADDRESSES);
        Ok(addresses)
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<String, CachedAddresses>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, name: &str) -> Option<Vec<SocketAddr>> {
        let memory = self.memory();
        let known = memory
            .get(name)
            .filter(|known| known.since.elapsed() < TTL)?;
        Some(known.addresses.clone())
    }

    fn look_up(&self, name: &str, limit: Duration) -> Result<Vec<SocketAddr>, Unresolved> {
        let unresolved = |why| Unresolved {
            host: host_of(name),
            why,
        };
        let addresses =
            look_up_with_limit(limit, name.to_owned()).map_err(|e| unresolved(e.to_string()))?;
        if addresses.is_empty() {
            return Err(unresolved("the name has no address".into()));
        }
        let known = CachedAddresses {
            addresses: addresses.clone(),
            since: Instant::now(),
        };
        self.memory().insert(name.to_owned(), known);
        Ok(addresses)
    }
}

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = self
            .addresses(uri, *timeout.after)
            .map_err(|failed| ureq::Error::Other(Box::new(failed)))?;
        let family = config.ip_family();
        let mut resolved = self.empty();
        for address in family
            .keep_wanted(addresses.into_iter())
            .take(MAX_ADDRESSES)
        {
            resolved.push(address);
        }
        Ok(resolved)
    }
}

/// The system's look-up cannot be broken off; past the limit its thread is left
/// behind until the system gives up.
fn look_up_with_limit(limit: Duration, name: String) -> io::Result<Vec<SocketAddr>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("resolve".into())
        .spawn(move || {
            let found = name.to_socket_addrs().map(Iterator::collect);
            // The receiver is gone when the limit has passed.
            let _ = sender.send(found);
        })?;
    receiver
        .recv_timeout(limit)
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn no_such_host(uri: &Uri) -> Unresolved {
    Unresolved {
        host: uri.host().unwrap_or_default().to_owned(),
        why: "no such host".into(),
    }
}

fn host_of(name: &str) -> String {
    name.rsplit_once(':')
        .map_or(name, |(host, _)| host)
        .to_owned()
}
