//! The listener on loopback: accepts, counts, starts a thread per connection,
//! and ends them all when it is dropped.
//!
//! Threads with small stacks rather than an event loop: faults need to wait,
//! cut and reset single sockets, and a rehearsal has tens of connections, not
//! thousands.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::connection::{Connection, Socket};
use super::service::Service;

/// Most connections at a time; one more is closed at once.
const MAX_CONNECTIONS: usize = 1024;

/// Enough for a TLS handshake without optimisation; a default stack of 2 MiB
/// each would be wasted.
const STACK_BYTES: usize = 512 * 1024;

/// How long accepting rests after a failure, so that it does not spin while
/// file descriptors are short.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// How long a stop waits to wake the acceptor.
const WAKE_LIMIT: Duration = Duration::from_secs(1);

/// How connections are served.
pub(super) struct ConnectionOptions {
    /// Before every answer.
    pub(super) latency: Duration,
    /// A connection silent for so long is closed.
    pub(super) idle: Duration,
    /// Present where TLS is spoken.
    pub(super) tls: Option<Arc<ServerConfig>>,
}

/// A running listener; dropping it ends it and all its connections.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    service: Arc<Service>,
    options: ConnectionOptions,
    stopping: AtomicBool,
    open: Mutex<Open>,
}

/// The connections that live.
#[derive(Default)]
struct Open {
    accepted: u64,
    sockets: HashMap<u64, Arc<TcpStream>>,
}

impl Server {
    /// Listens on 127.0.0.1 (0 is any free port) and serves in the background.
    pub(super) fn start(
        port: u16,
        service: Arc<Service>,
        options: ConnectionOptions,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            service,
            options,
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let for_acceptor = Arc::clone(&shared);
        let acceptor = thread::Builder::new()
            .name("sandbox-accept".into())
            .stack_size(STACK_BYTES)
            .spawn(move || accept(&listener, &for_acceptor))?;
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // A blocked accept wakes only by a connection.
        let awake = TcpStream::connect_timeout(&self.address, WAKE_LIMIT).is_ok();
        if let Some(acceptor) = self.acceptor.take().filter(|_| awake) {
            let _ = acceptor.join();
        }
        for socket in self.shared.open().sockets.values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for the connection, unless there are too many.
    fn admit(&self, socket: &Arc<TcpStream>) -> Option<u64> {
        let mut open = self.open();
        if open.sockets.len() >= MAX_CONNECTIONS {
            return None;
        }
        open.accepted += 1;
        let number = open.accepted;
        open.sockets.insert(number, Arc::clone(socket));
        Some(number)
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    loop {
        let accepted = listener.accept();
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        match accepted {
            Ok((stream, _)) => start(shared, stream),
            Err(_) => thread::sleep(ACCEPT_PAUSE),
        }
    }
}

/// Gives the connection a thread; where there is none to be had, dropping the
/// socket closes it.
fn start(shared: &Arc<Shared>, stream: TcpStream) {
    let socket = Arc::new(stream);
    let Some(number) = shared.admit(&socket) else {
        return;
    };
    let guard = ConnectionGuard {
        shared: Arc::clone(shared),
        number,
    };
    let thread = thread::Builder::new().name("sandbox-connection".into());
    let thread = thread.stack_size(STACK_BYTES);
    let _ = thread.spawn(move || guard.serve(Socket(socket)));
}

/// A connection's place among the living, given up even by a panic.
struct ConnectionGuard {
    shared: Arc<Shared>,
    number: u64,
}

impl ConnectionGuard {
    fn serve(&self, mut socket: Socket) {
        let Shared {
            service, options, ..
        } = &*self.shared;
        if let Some(delay) = service.connect_delay() {
            thread::sleep(delay);
        }
        if prepare(&socket.0, options.idle).is_err() {
            return;
        }
        let connection = Connection {
            service,
            number: self.number,
            socket: socket.clone(),
            latency: options.latency,
        };
        match &options.tls {
            None => connection.run(&mut socket),
            Some(config) => {
                if let Ok(tls) = ServerConnection::new(Arc::clone(config)) {
                    connection.run(&mut StreamOwned::new(tls, socket));
                }
            }
        }
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.shared.open().sockets.remove(&self.number);
    }
}

fn prepare(socket: &TcpStream, idle: Duration) -> io::Result<()> {
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(idle))?;
    socket.set_write_timeout(Some(idle))
}
