//! A server with scripted answers, byte for byte, that keeps the requests. For
//! answers that the sandbox is too strict to give.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::authority;
use super::reply::{Reply, Then};
use super::{Authority, HANG, KEY, Roomctl, SDKAPPID};

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Names in lower case, in the order sent.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    /// The body as JSON.
    pub(crate) fn json_body(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}

/// A running server.
pub(crate) struct Server {
    address: SocketAddr,
    scheme: &'static str,
    requests: Arc<RequestLog>,
    /// Bytes of answers that were written.
    written: Arc<AtomicU64>,
    is_called: bool,
}

/// What came in so far.
type RequestLog = (Mutex<Vec<Request>>, Condvar);

impl Server {
    /// Gives these answers, one per request; the last one is repeated.
    pub(crate) fn answering<const N: usize>(replies: [Reply; N]) -> Self {
        Self::start("http", replies, Ok)
    }

    /// The same with any number of answers.
    pub(crate) fn answering_all(replies: Vec<Reply>) -> Self {
        Self::start("http", replies, Ok)
    }

    /// The same over TLS, with a certificate for `names`.
    pub(crate) fn secure<const N: usize>(
        authority: &Authority,
        names: &[&str],
        replies: [Reply; N],
    ) -> Self {
        Self::with_tls(authority.server(names), replies)
    }

    /// Over TLS on 127.0.0.1, with a certificate that is valid from the beginning
    /// of one year to that of another.
    pub(crate) fn secure_in_years(
        authority: &Authority,
        from: i32,
        until: i32,
        reply: Reply,
    ) -> Self {
        let config = authority.server_in_years(&["127.0.0.1"], from, until);
        Self::with_tls(config, [reply])
    }

    /// Over TLS on 127.0.0.1, with a certificate that it signed itself and that is
    /// marked as an authority or not; and the certificate in PEM.
    pub(crate) fn self_signed(is_authority: bool, reply: Reply) -> (Self, String) {
        let (pem, config) = authority::self_signed(&["127.0.0.1"], is_authority);
        (Self::with_tls(config, [reply]), pem)
    }

    fn with_tls<const N: usize>(config: Arc<ServerConfig>, replies: [Reply; N]) -> Self {
        Self::start("https", replies, move |stream| {
            let tls = ServerConnection::new(Arc::clone(&config)).map_err(io::Error::other)?;
            Ok(StreamOwned::new(tls, stream))
        })
    }

    fn start<S: Read + Write>(
        scheme: &'static str,
        replies: impl Into<Arc<[Reply]>>,
        wrap: impl Fn(TcpStream) -> io::Result<S> + Clone + Send + 'static,
    ) -> Self {
        let replies = replies.into();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::<RequestLog>::default();
        let written = Arc::<AtomicU64>::default();
        let (seen, count) = (Arc::clone(&requests), Arc::clone(&written));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, count) = (Arc::clone(&seen), Arc::clone(&count));
                let (replies, wrap) = (Arc::clone(&replies), wrap.clone());
                // Clients may close the connection at any time.
                thread::spawn(move || serve(wrap(stream)?, &seen, &replies, &count));
            }
        });
        Self {
            address,
            scheme,
            requests,
            written,
            is_called: true,
        }
    }

    /// The bytes of answers that clients or their sockets have taken so far.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// `roomctl kick` against it, by variables.
    pub(crate) fn kick(&self, words: &str) -> Roomctl {
        self.roomctl("kick").args(words)
    }

    /// `roomctl` with these words against it.
    pub(crate) fn roomctl(&self, words: &str) -> Roomctl {
        Roomctl::new(words)
            .env("ROOMCTL_ENDPOINT", self.endpoint())
            .env("ROOMCTL_SDKAPPID", SDKAPPID.to_string())
            .env("ROOMCTL_IDENTIFIER", "administrator")
            .env("ROOMCTL_SECRET_KEY", KEY)
            .secret(KEY)
    }

    /// Checks that it got no request.
    pub(crate) fn got_no_request(mut self) {
        assert_eq!(self.requests().len(), 0);
        self.is_called = false;
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        lock(&self.requests.0).clone()
    }

    /// Waits until this number of requests has come.
    pub(crate) fn wait_for(&self, count: usize) {
        let seen = lock(&self.requests.0);
        let waited = self
            .requests
            .1
            .wait_timeout_while(seen, HANG, |seen| seen.len() < count);
        let (seen, _) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(
            seen.len() >= count,
            "{} of {count} requests came",
            seen.len()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !thread::panicking() {
            let requests = self.requests().len();
            assert_eq!(requests > 0, self.is_called, "{requests} requests came");
        }
    }
}

fn serve(
    stream: impl Read + Write,
    seen: &RequestLog,
    replies: &[Reply],
    written: &AtomicU64,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader)?;
        let number = {
            let mut seen = lock(&seen.0);
            seen.push(request);
            seen.len() - 1
        };
        seen.1.notify_all();
        let reply = &replies[number.min(replies.len() - 1)];
        if let Some(gate) = &reply.gate {
            gate.pass();
        }
        let mut write = |bytes: &[u8]| {
            reader.get_mut().write_all(bytes)?;
            reader.get_mut().flush()?;
            written.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            Ok::<_, io::Error>(())
        };
        write(&reply.bytes)?;
        match &reply.then {
            Then::Close => return Ok(()),
            Then::Keep => {}
            Then::Repeat(bytes) => loop {
                write(bytes)?;
            },
            Then::Drip(bytes, pause) => {
                for byte in bytes {
                    thread::sleep(*pause);
                    write(&[*byte])?;
                }
                return Ok(());
            }
            Then::Stall => {
                // Until the client closes the connection.
                io::copy(&mut reader, &mut io::sink())?;
                return Ok(());
            }
        }
    }
}

pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Request> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut words = first.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next(), words.next());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Request {
        method: method.ok_or(io::ErrorKind::UnexpectedEof)?,
        target: target.ok_or(io::ErrorKind::UnexpectedEof)?,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
