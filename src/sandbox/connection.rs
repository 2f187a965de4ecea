//! One connection from its first byte to its end, in its own thread.
//!
//! Waits here (latency, slow faults) hold up nobody else: connections that
//! wait at the same time are answered at the same time.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use super::auth::Request;
use super::http::{Broken, Incoming, Received};
use super::reply::{AfterReply, Reply};
use super::service::Service;

/// How long the rest of a refused request is listened to, so that its sender
/// meets the refusal and not a reset.
const DRAIN_LIMIT: Duration = Duration::from_millis(200);

/// A socket that the server also holds, to end it when it stops.
#[derive(Debug, Clone)]
pub(super) struct Socket(pub(super) Arc<TcpStream>);

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

/// What a connection needs to know.
pub(super) struct Connection<'a> {
    pub(super) service: &'a Service,
    /// Counted from 1, for the log.
    pub(super) number: u64,
    /// The bare socket, below any TLS.
    pub(super) socket: Socket,
    /// Before every answer.
    pub(super) latency: Duration,
}

impl Connection<'_> {
    /// Serves requests that come over `stream` until either side ends it.
    pub(super) fn run(&self, stream: &mut (impl Read + Write)) {
        let mut incoming = Incoming::default();
        let mut after = AfterReply::Keep;
        while after == AfterReply::Keep || after == AfterReply::CloseAtNext {
            after = match incoming.next(stream) {
                Ok(received) if after == AfterReply::Keep => self.answer(stream, &received),
                Ok(received) => {
                    self.service.ignore(self.number, &request(&received));
                    AfterReply::Close
                }
                Err(Broken::Connection) => AfterReply::Close,
                Err(Broken::Request(why)) => self.refuse(stream, why),
            };
        }
        if after == AfterReply::Reset {
            // With no time to linger, closing throws away what is unsent and
            // answers with RST. Where that fails, a plain close must do.
            let _ = set_socket_linger(&*self.socket.0, Some(Duration::ZERO));
        }
    }

    fn answer(&self, stream: &mut impl Write, received: &Received) -> AfterReply {
        let request = request(received);
        let keep_alive = received.keep_alive;
        let reply = self.service.serve(self.number, &request, keep_alive);
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

fn request(received: &Received) -> Request<'_> {
    Request {
        method: &received.method,
        target: &received.target,
        body: &received.body,
    }
}

/// A client that has gone away ends the connection, nothing else.
fn write(stream: &mut impl Write, reply: &Reply) -> AfterReply {
    let written = stream.write_all(&reply.bytes);
    match written.and_then(|()| stream.flush()) {
        Ok(()) => reply.after,
        Err(_) => AfterReply::Close,
    }
}
