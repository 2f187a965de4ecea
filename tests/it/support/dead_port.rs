//! Ports at which nobody answers, each in its way.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::thread;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

/// Lives as long as the port is to stay as it is.
pub(crate) struct DeadPort {
    address: SocketAddr,
    _kept: (OwnedFd, Vec<TcpStream>),
}

impl DeadPort {
    /// Nobody listens: a connection is refused. The port is held, lest another
    /// test gets it.
    pub(crate) fn refusing() -> Self {
        let (holder, address) = bound();
        Self::at(address, holder, Vec::new())
    }

    /// Connections come about, by the kernel's doing, and nobody reads.
    pub(crate) fn silent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::at(address, listener.into(), Vec::new())
    }

    /// Full up: no connection comes about, and none is refused.
    pub(crate) fn full() -> Self {
        let (listener, address) = bound();
        listen(&listener, 0).expect("a listener");
        let limit = Duration::from_millis(200);
        let waiting = (0..8).map_while(|_| TcpStream::connect_timeout(&address, limit).ok());
        let waiting = waiting.collect();
        Self::at(address, listener, waiting)
    }

    fn at(address: SocketAddr, listener: OwnedFd, waiting: Vec<TcpStream>) -> Self {
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

/// A socket with a port of its own, at which it does not listen yet.
fn bound() -> (OwnedFd, SocketAddr) {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
    bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a port");
    let address = getsockname(&socket).expect("an address");
    let address = SocketAddr::try_from(address).expect("an address of the internet");
    (socket, address)
}

/// A port that nobody may even connect to.
pub(crate) struct UntouchedPort(TcpListener);

impl UntouchedPort {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        Self(listener)
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }
}

impl Drop for UntouchedPort {
    fn drop(&mut self) {
        if !thread::panicking() {
            assert!(self.0.accept().is_err(), "somebody connected");
        }
    }
}
