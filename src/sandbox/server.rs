//! The listener on loopback: accepts connections, serves each in its own thread,
//! and ends them all when it is dropped.
//!
//! Threads with small stacks instead of an event loop: faults must delay, cut and
//! reset single sockets, and a rehearsal has tens of connections, not thousands. A
//! waiting connection (latency, slow faults) does not delay the others.
//!
//! For TLS it makes a certificate authority at the start, and a certificate for
//! loopback that this signs. Only clients that get the authority's PEM
//! (`ROOMCTL_CA_FILE`) trust it. Its key never leaves the process.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustix::net::sockopt::set_socket_linger;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::answer::{AfterReply, Reply};
use super::request::{ReadError, Request, RequestReader};
use super::service::Service;

/// More connections than these are closed at once.
const MAX_CONNECTIONS: usize = 1024;

/// Enough for a TLS handshake in a debug build. The default of 2 MiB for each
/// connection is too much.
const STACK_BYTES: usize = 512 * 1024;

/// Pause after a failed accept, so that the loop does not spin when there are no
/// file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// How long the rest of a refused request is read, so that its sender gets the
/// refusal and not a reset.
const DRAIN_LIMIT: Duration = Duration::from_millis(200);

/// Limit of the connection that wakes the acceptor at the end.
const WAKE_LIMIT: Duration = Duration::from_secs(1);

pub(super) struct ConnectionOptions {
    /// Delay of every answer.
    pub(super) latency: Duration,
    /// A connection that is idle for this time is closed.
    pub(super) idle: Duration,
    /// `None` for plain http.
    pub(super) tls: Option<Arc<ServerConfig>>,
}

/// A running listener. Dropping it ends it and all its connections.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    service: Arc<Service>,
    options: ConnectionOptions,
    stopping: AtomicBool,
    open: Mutex<OpenConnections>,
}

/// The open connections.
#[derive(Default)]
struct OpenConnections {
    accepted: u64,
    sockets: HashMap<u64, Arc<TcpStream>>,
}

impl Server {
    /// Listens on 127.0.0.1 (port 0 is any free one) and serves in the background.
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

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Only a connection wakes a blocked accept.
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
    fn open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for the connection; `None` if there are too many.
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

/// Starts a thread for the connection. If that fails, dropping the socket closes
/// it.
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

/// Removes the connection from the open ones when it is dropped, also in a panic.
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

/// A socket that the server also has, to close it at the end.
#[derive(Debug, Clone)]
struct Socket(Arc<TcpStream>);

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        (&*self.0).write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One connection.
struct Connection<'a> {
    service: &'a Service,
    /// From 1, for the log.
    number: u64,
    /// The socket below TLS.
    socket: Socket,
    /// Delay of every answer.
    latency: Duration,
}

impl Connection<'_> {
    /// Serves the requests on `stream` until one side ends it.
    fn run(&self, stream: &mut (impl Read + Write)) {
        let mut reader = RequestReader::default();
        let mut after = AfterReply::Keep;
        while after == AfterReply::Keep || after == AfterReply::CloseAtNext {
            after = match reader.next(stream) {
                Ok(request) if after == AfterReply::Keep => self.answer(stream, &request),
                Ok(request) => {
                    self.service.ignore(self.number, &request);
                    AfterReply::Close
                }
                Err(ReadError::Connection) => AfterReply::Close,
                Err(ReadError::Malformed(why)) => self.refuse(stream, why),
            };
        }
        if after == AfterReply::Reset {
            // Without linger time, closing drops unsent bytes and sends RST. If the
            // option cannot be set, a normal close is good enough.
            let _ = set_socket_linger(&*self.socket.0, Some(Duration::ZERO));
        }
    }

    fn answer(&self, stream: &mut impl Write, request: &Request) -> AfterReply {
        let reply = self.service.serve(self.number, request);
        let wait = self.latency + reply.delay;
        if !wait.is_zero() {
            thread::sleep(wait);
        }
        write(stream, &reply)
    }

    fn refuse(&self, stream: &mut (impl Read + Write), why: &str) -> AfterReply {
        let reply = self.service.malformed(self.number, why);
        let after = write(stream, &reply);
        let socket = &self.socket.0;
        let _ = socket.shutdown(Shutdown::Write);
        let _ = socket.set_read_timeout(Some(DRAIN_LIMIT));
        let mut rest = Socket(Arc::clone(socket)).take(1 << 20);
        let _ = io::copy(&mut rest, &mut io::sink());
        after
    }
}

/// A failed write ends the connection, nothing else.
fn write(stream: &mut impl Write, reply: &Reply) -> AfterReply {
    let written = stream.write_all(&reply.bytes);
    match written.and_then(|()| stream.flush()) {
        Ok(()) => reply.after,
        Err(_) => AfterReply::Close,
    }
}

/// The names in the certificate.
const CERTIFICATE_NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

/// A new certificate authority and the configuration with its certificate.
pub(super) struct Tls {
    pub(super) config: Arc<ServerConfig>,
    /// The authority's certificate.
    pub(super) ca_pem: String,
}

impl Tls {
    /// Makes a new authority and one certificate.
    pub(super) fn generate() -> io::Result<Self> {
        let (ca_pem, chain, key) = certificates().map_err(io::Error::other)?;
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(io::Error::other)?;
        Ok(Self {
            config: Arc::new(config),
            ca_pem,
        })
    }
}

type Certificates = (String, Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn certificates() -> Result<Certificates, rcgen::Error> {
    let ca_key = KeyPair::generate()?;
    let ca = ca_params()?;
    let ca_pem = ca.self_signed(&ca_key)?.pem();
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate()?;
    let certificate = leaf_params()?.signed_by(&key, &issuer)?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    Ok((ca_pem, vec![certificate.der().clone()], key))
}

fn ca_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    set_name(&mut params, "roomctl sandbox authority");
    Ok(params)
}

fn leaf_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(CERTIFICATE_NAMES.map(String::from))?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    set_name(&mut params, "roomctl sandbox");
    Ok(params)
}

fn set_name(params: &mut CertificateParams, name: &str) {
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
}
