//! A server with scripted answers, byte for byte, that keeps the requests. For
//! answers that the sandbox is too strict to give.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::authority;
use super::{Authority, HANG, KEY, Roomctl, SDKAPPID};

/// One answer, after which the connection is closed.
#[derive(Clone)]
pub(crate) struct Reply {
    bytes: Vec<u8>,
    gate: Option<Gate>,
    stalls: bool,
}

/// Delays answers until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

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
    is_called: bool,
}

/// What came in so far.
type RequestLog = (Mutex<Vec<Request>>, Condvar);

impl Reply {
    /// 200 with this JSON, as the service sends it.
    pub(crate) fn json(body: &str) -> Self {
        Self::http("200 OK", "Content-Type: application/json\r\n", body)
    }

    /// Any HTTP; each of `headers` ends with CRLF.
    pub(crate) fn http(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::raw(format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    /// Any bytes.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            gate: None,
            stalls: false,
        }
    }

    /// These bytes, and then neither data nor an end.
    pub(crate) fn stalling(bytes: &str) -> Self {
        Self {
            stalls: true,
            ..Self::raw(bytes)
        }
    }

    /// Not before the gate is open.
    pub(crate) fn held_by(self, gate: &Gate) -> Self {
        let gate = Some(gate.clone());
        Self { gate, ..self }
    }
}

impl Gate {
    pub(crate) fn open(&self) {
        *lock(&self.0.0) = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let opened = self
            .0
            .1
            .wait_timeout_while(lock(&self.0.0), HANG, |open| !*open);
        drop(opened.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Server {
    /// Gives these answers, one per request; the last one is repeated.
    pub(crate) fn answering<const N: usize>(replies: [Reply; N]) -> Self {
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

    fn start<const N: usize, S: Read + Write>(
        scheme: &'static str,
        replies: [Reply; N],
        wrap: impl Fn(TcpStream) -> io::Result<S> + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::<RequestLog>::default();
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, replies, wrap) = (Arc::clone(&seen), replies.clone(), wrap.clone());
                // Clients may close the connection at any time.
                thread::spawn(move || serve(wrap(stream)?, &seen, &replies));
            }
        });
        Self {
            address,
            scheme,
            requests,
            is_called: true,
        }
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

fn serve(stream: impl Read + Write, seen: &RequestLog, replies: &[Reply]) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
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
    reader.get_mut().write_all(&reply.bytes)?;
    reader.get_mut().flush()?;
    if reply.stalls {
        // Until the client closes the connection.
        io::copy(&mut reader, &mut io::sink())?;
    }
    Ok(())
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
