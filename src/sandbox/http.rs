//! HTTP/1.1 as far as the sandbox reads it: requests with a Content-Length.
//!
//! Head and body may arrive in any number of pieces (clients send them as two
//! writes), and several requests in one. Both are bounded, so that no client
//! can make the sandbox grow.

use std::io::{self, Read, Write};

/// Longest request line with headers; a signed URL has some 400 bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Longest body; twenty members and a reason make some 2000 bytes.
const MAX_BODY: usize = 1024 * 1024;

const MAX_HEADERS: usize = 64;

/// A request, whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) body: Vec<u8>,
    /// Whether the client wants to go on with this connection.
    pub(super) keep_alive: bool,
}

/// Why there is no request.
#[derive(Debug)]
pub(super) enum Broken {
    /// The connection ended or stayed silent too long.
    Connection,
    /// What came is no request that the sandbox takes.
    Request(&'static str),
}

/// What of a connection has been read and not been used.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    pending: Vec<u8>,
}

struct Head {
    received: Received,
    bytes: usize,
    content_length: usize,
    expects_continue: bool,
}

impl Incoming {
    /// The next request; an end before it is `Broken::Connection`.
    pub(super) fn next(&mut self, stream: &mut (impl Read + Write)) -> Result<Received, Broken> {
        let head = loop {
            match parse(&self.pending).map_err(Broken::Request)? {
                Some(head) => break head,
                None if self.pending.len() > MAX_HEAD => {
                    return Err(Broken::Request("the head is longer than 16 KiB"));
                }
                None => self.read_more(stream)?,
            }
        };
        let end = head.bytes + head.content_length;
        if head.expects_continue && self.pending.len() < end {
            let told = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
            told.and_then(|()| stream.flush()).map_err(gone)?;
        }
        while self.pending.len() < end {
            self.read_more(stream)?;
        }
        let mut received = head.received;
        received.body = self.pending[head.bytes..end].to_vec();
        self.pending.drain(..end);
        // One large request must not cost its memory for hours.
        self.pending.shrink_to(MAX_HEAD);
        Ok(received)
    }

    fn read_more(&mut self, stream: &mut impl Read) -> Result<(), Broken> {
        let mut chunk = [0; 4096];
        loop {
            match stream.read(&mut chunk) {
                Ok(0) => return Err(Broken::Connection),
                Ok(count) => {
                    self.pending.extend_from_slice(&chunk[..count]);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(gone(error)),
            }
        }
    }
}

fn gone(_: io::Error) -> Broken {
    Broken::Connection
}

/// The head, if all of it is there.
fn parse(bytes: &[u8]) -> Result<Option<Head>, &'static str> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err("this is not an HTTP request"),
    };
    if length > MAX_HEAD {
        return Err("the head is longer than 16 KiB");
    }
    let (Some(method), Some(target)) = (request.method, request.path) else {
        return Err("this is not an HTTP request");
    };
    let is = |name, wanted: &str| {
        header(request.headers, name).is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    };
    if header(request.headers, "transfer-encoding").is_some() {
        return Err("chunked bodies are not taken: send a Content-Length");
    }
    Ok(Some(Head {
        received: Received {
            method: method.to_owned(),
            target: target.to_owned(),
            body: Vec::new(),
            keep_alive: request.version == Some(1) && !is("connection", "close"),
        },
        bytes: length,
        content_length: content_length(request.headers)?,
        expects_continue: is("expect", "100-continue"),
    }))
}

fn header<'a>(headers: &'a [httparse::Header<'_>], name: &str) -> Option<&'a str> {
    let found = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name));
    found.and_then(|header| std::str::from_utf8(header.value).ok())
}

/// No Content-Length is no body (RFC 9112, section 6.3); two of them are an
/// attack on somebody.
fn content_length(headers: &[httparse::Header<'_>]) -> Result<usize, &'static str> {
    let name = "content-length";
    let all = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name));
    if all.count() > 1 {
        return Err("more than one Content-Length");
    }
    let Some(text) = header(headers, name) else {
        return Ok(0);
    };
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(length) if digits && length <= MAX_BODY => Ok(length),
        Ok(_) if digits => Err("the body is longer than 1 MiB"),
        _ => Err("the Content-Length is not a number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// A peer that sends its pieces one read at a time.
    struct Pieces(VecDeque<Vec<u8>>, Vec<u8>);

    impl Pieces {
        fn new<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Self {
            let pieces = pieces.into_iter().map(|piece| piece.as_bytes().to_vec());
            Self(pieces.collect(), Vec::new())
        }
    }

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(mut piece) = self.0.pop_front() else {
                return Ok(0);
            };
            let count = piece.len().min(buffer.len());
            buffer[..count].copy_from_slice(&piece[..count]);
            if count < piece.len() {
                self.0.push_front(piece.split_off(count));
            }
            Ok(count)
        }
    }

    impl Write for Pieces {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            self.1.write(buffer)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn why(text: &str) -> &'static str {
        match Incoming::default().next(&mut Pieces::new([text])) {
            Err(Broken::Request(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    const POST: &str = "POST /a?b=c HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc";

    #[test]
    fn a_request_may_come_byte_by_byte() {
        let pieces = POST.split_inclusive(|_| true);
        let received = Incoming::default()
            .next(&mut Pieces::new(pieces))
            .expect("whole");
        assert_eq!((&*received.method, &*received.target), ("POST", "/a?b=c"));
        assert!(received.body == b"abc" && received.keep_alive);
    }

    #[test]
    fn two_requests_may_come_at_once() {
        let both = format!("{POST}{}", POST.replace("abc", "xyz"));
        let mut peer = Pieces::new([&*both]);
        let mut incoming = Incoming::default();
        assert_eq!(incoming.next(&mut peer).expect("first").body, b"abc");
        assert_eq!(incoming.next(&mut peer).expect("second").body, b"xyz");
        assert!(matches!(incoming.next(&mut peer), Err(Broken::Connection)));
    }

    #[test]
    fn connection_close_and_old_clients_end_it() {
        let close = POST.replace("host: x", "Connection: Close");
        for text in [close, POST.replace("HTTP/1.1", "HTTP/1.0")] {
            let received = Incoming::default().next(&mut Pieces::new([&*text]));
            assert!(!received.expect("whole").keep_alive);
        }
    }

    #[test]
    fn what_is_too_long_or_no_request_is_refused() {
        assert_eq!(
            why("SSH-2.0-OpenSSH\r\n\r\n"),
            "this is not an HTTP request"
        );
        let long = format!("POST /{} HTTP/1.1\r\n", "a".repeat(MAX_HEAD));
        assert_eq!(why(&long), "the head is longer than 16 KiB");
        assert_eq!(
            why(&format!("{long}\r\n")),
            "the head is longer than 16 KiB"
        );
        let big = POST.replace(": 3", ": 1048577");
        assert_eq!(why(&big), "the body is longer than 1 MiB");
        assert!(why(&POST.replace(": 3", ": +3")).contains("not a number"));
        assert!(why(&POST.replace("host: x", "Content-Length: 3")).contains("more than one"));
        assert!(why(&POST.replace("host: x", "Transfer-Encoding: chunked")).contains("chunked"));
    }

    #[test]
    fn who_waits_for_100_is_told_to_go_on() {
        let text = POST.replace("host: x", "expect: 100-continue");
        let (head, body) = text.split_at(text.len() - 3);
        let mut peer = Pieces::new([head, body]);
        assert!(Incoming::default().next(&mut peer).is_ok());
        assert_eq!(peer.1, b"HTTP/1.1 100 Continue\r\n\r\n");
    }
}
