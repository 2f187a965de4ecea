//! Ports at which nobody answers, each in its way.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

/// Lives as long as the port is to stay as it is.
pub(crate) struct Deaf {
    address: SocketAddr,
    _kept: (Option<OwnedFd>, Vec<TcpStream>),
}

impl Deaf {
    /// Nobody listens: a connection is refused.
    pub(crate) fn refusing() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::at(address, None, Vec::new())
    }

    /// Connections come about, by the kernel's doing, and nobody reads.
    pub(crate) fn mute() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::at(address, Some(listener.into()), Vec::new())
    }

    /// Full up: no connection comes about, and none is refused.
    pub(crate) fn full() -> Self {
        let listener = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
        bind(&listener, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a port");
        listen(&listener, 0).expect("a listener");
        let address = getsockname(&listener).expect("an address");
        let address = SocketAddr::try_from(address).expect("an address of the internet");
        let limit = Duration::from_millis(200);
        let waiting = (0..8).map_while(|_| TcpStream::connect_timeout(&address, limit).ok());
        let waiting = waiting.collect();
        Self::at(address, Some(listener), waiting)
    }

    fn at(address: SocketAddr, listener: Option<OwnedFd>, waiting: Vec<TcpStream>) -> Self {
        Self {
            address,
            _kept: (listener, waiting),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn endpoint(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }
}
