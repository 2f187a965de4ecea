//! Ports that do not answer: refusing, silent, or full; and one that must not
//! be connected to.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::thread;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

/// The port stays in this state while this value lives.
pub(crate) struct DeadPort {
    address: SocketAddr,
    _kept: (OwnedFd, Vec<TcpStream>),
}

impl DeadPort {
    /// Connections are refused. The port is bound, so that no other test gets
    /// it.
    pub(crate) fn refusing() -> Self {
        let (holder, address) = bound();
        Self::at(address, holder, Vec::new())
    }

    /// The kernel accepts connections, but nothing reads from them.
    pub(crate) fn silent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::at(address, listener.into(), Vec::new())
    }

    /// The backlog is full: connections are neither accepted nor refused.
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

/// A bound socket that does not listen yet.
fn bound() -> (OwnedFd, SocketAddr) {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
    bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a port");
    let address = getsockname(&socket).expect("an address");
    let address = SocketAddr::try_from(address).expect("an address of the internet");
    (socket, address)
}

/// A port that must not be connected to.
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
