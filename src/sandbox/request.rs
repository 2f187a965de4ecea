//! Reads HTTP/1.1 requests with a Content-Length.
//!
//! Head and body may arrive in any number of pieces, and several requests in one.
//! Both have a limit, so that no client can fill the memory.

use std::io::{self, Read, Write};

/// Longest request line with headers. A signed URL has about 400 bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Longest body. Twenty members and a reason have about 2000 bytes.
const MAX_BODY: usize = 1024 * 1024;

const MAX_HEADERS: usize = 64;

/// A complete request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) body: Vec<u8>,
    /// Whether the client keeps the connection open.
    pub(super) keep_alive: bool,
}

/// Why no request could be read.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The connection ended, or was idle for too long.
    Connection,
    /// The sandbox cannot read this request, for this reason.
    Malformed(&'static str),
}

/// The bytes that were read from a connection and are not used yet.
#[derive(Debug, Default)]
pub(super) struct RequestReader {
    pending: Vec<u8>,
}

struct Head {
    request: Request,
    bytes: usize,
    content_length: usize,
    expects_continue: bool,
}

impl RequestReader {
    /// The next request. An end of the connection before it is
    /// `ReadError::Connection`.
    pub(super) fn next(&mut self, stream: &mut (impl Read + Write)) -> Result<Request, ReadError> {
        let head = loop {
            match parse(&self.pending).map_err(ReadError::Malformed)? {
                Some(head) => break head,
                None if self.pending.len() > MAX_HEAD => {
                    return Err(ReadError::Malformed("the head is longer than 16 KiB"));
                }
                None => self.read_more(stream)?,
            }
        };
        let end = head.bytes + head.content_length;
        if head.expects_continue && self.pending.len() < end {
            let sent = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
            sent.and_then(|()| stream.flush()).map_err(gone)?;
        }
        while self.pending.len() < end {
            self.read_more(stream)?;
        }
        let mut request = head.request;
        request.body = self.pending[head.bytes..end].to_vec();
        self.pending.drain(..end);
        // Frees the memory of a large request.
        self.pending.shrink_to(MAX_HEAD);
        Ok(request)
    }

    fn read_more(&mut self, stream: &mut impl Read) -> Result<(), ReadError> {
        let mut chunk = [0; 4096];
        loop {
            match stream.read(&mut chunk) {
                Ok(0) => return Err(ReadError::Connection),
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

fn gone(_: io::Error) -> ReadError {
    ReadError::Connection
}

/// The head, if it is complete.
fn parse(bytes: &[u8]) -> Result<Option<Head>, &'static str> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err("this is not an HTTP request"),
    };
    if length > MAX_HEAD {
        return Err("the head is longer than 16 KiB");
    }
    let (Some(method), Some(target)) = (parsed.method, parsed.path) else {
        return Err("this is not an HTTP request");
    };
    let is = |name, wanted: &str| {
        header(parsed.headers, name).is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    };
    if header(parsed.headers, "transfer-encoding").is_some() {
        return Err("chunked bodies are not supported: send a Content-Length");
    }
    Ok(Some(Head {
        request: Request {
            method: method.to_owned(),
            target: target.to_owned(),
            body: Vec::new(),
            keep_alive: parsed.version == Some(1) && !is("connection", "close"),
        },
        bytes: length,
        content_length: content_length(parsed.headers)?,
        expects_continue: is("expect", "100-continue"),
    }))
}

fn header<'a>(headers: &'a [httparse::Header<'_>], name: &str) -> Option<&'a str> {
    let found = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name));
    found.and_then(|header| std::str::from_utf8(header.value).ok())
}

/// Without Content-Length there is no body (RFC 9112, section 6.3). Two of them are
/// refused: they are used for request smuggling.
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
        match RequestReader::default().next(&mut Pieces::new([text])) {
            Err(ReadError::Malformed(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    const POST: &str = "POST /a?b=c HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc";

    #[test]
    fn a_request_may_come_byte_by_byte() {
        let pieces = POST.split_inclusive(|_| true);
        let request = RequestReader::default()
            .next(&mut Pieces::new(pieces))
            .expect("whole");
        assert_eq!((&*request.method, &*request.target), ("POST", "/a?b=c"));
        assert!(request.body == b"abc" && request.keep_alive);
    }

    #[test]
    fn two_requests_may_come_at_once() {
        let both = format!("{POST}{}", POST.replace("abc", "xyz"));
        let mut peer = Pieces::new([&*both]);
        let mut incoming = RequestReader::default();
        assert_eq!(incoming.next(&mut peer).expect("first").body, b"abc");
        assert_eq!(incoming.next(&mut peer).expect("second").body, b"xyz");
        assert!(matches!(
            incoming.next(&mut peer),
            Err(ReadError::Connection)
        ));
    }

    #[test]
    fn connection_close_and_old_clients_end_it() {
        let close = POST.replace("host: x", "Connection: Close");
        for text in [close, POST.replace("HTTP/1.1", "HTTP/1.0")] {
            let request = RequestReader::default().next(&mut Pieces::new([&*text]));
            assert!(!request.expect("whole").keep_alive);
        }
    }

    #[test]
    fn too_long_and_malformed_requests_are_refused() {
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
    fn a_client_that_expects_100_continue_gets_it() {
        let text = POST.replace("host: x", "expect: 100-continue");
        let (head, body) = text.split_at(text.len() - 3);
        let mut peer = Pieces::new([head, body]);
        assert!(RequestReader::default().next(&mut peer).is_ok());
        assert_eq!(peer.1, b"HTTP/1.1 100 Continue\r\n\r\n");
    }
}
