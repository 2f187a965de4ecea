//! What goes over the wire for one answer, and how a fault spoils it.
//!
//! A decision, not an action: `connection` waits, writes and ends as told.

use std::time::{Duration, SystemTime};

use super::answer::Answer;
use super::fault::FaultKind;
use super::response::ResponseHead;

/// What a connection does after its request has been judged.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// To be written in one piece; may be nothing.
    pub(super) bytes: Vec<u8>,
    /// To let go by first, beyond the latency that all requests have.
    pub(super) delay: Duration,
    /// And afterwards.
    pub(super) after: AfterReply,
}

/// How a connection goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterReply {
    /// The next request is served.
    Keep,
    /// The connection is closed; TLS gets no farewell either, as from a
    /// gateway that has lost interest.
    Close,
    /// The next request is read and meets the end.
    CloseAtNext,
    /// The connection is reset.
    Reset,
}

const JSON: ResponseHead<'static> = ResponseHead {
    status: "200 OK",
    content_type: "application/json",
    more: "",
    closing: false,
};

const PAGE: &[u8] = b"<!DOCTYPE html><html><body><h1>Not the page you wanted</h1></body></html>\n";

/// The reply that carries `answer` unharmed.
pub(super) fn plain(answer: &Answer, wall: SystemTime, keep_alive: bool) -> Reply {
    let head = ResponseHead {
        closing: !keep_alive,
        ..JSON
    };
    let after = if keep_alive {
        AfterReply::Keep
    } else {
        AfterReply::Close
    };
    Reply::new(head.with_body(wall, &answer.to_json()), after)
}

/// The reply under a fault. `answer` is what the service would say; faults that
/// let nothing take effect do not look at it.
pub(super) fn with_fault(
    fault: &FaultKind,
    answer: &Answer,
    wall: SystemTime,
    keep_alive: bool,
) -> Reply {
    let plain = || plain(answer, wall, keep_alive);
    let page = |head: ResponseHead<'_>| Reply {
        bytes: head.with_body(wall, PAGE),
        ..plain()
    };
    match fault {
        FaultKind::Slow(time) => Reply {
            delay: *time,
            ..plain()
        },
        FaultKind::Close if keep_alive => Reply {
            after: AfterReply::CloseAtNext,
            ..plain()
        },
        // Who wants no further request gets the end that was asked for.
        FaultKind::Close | FaultKind::Code(_) | FaultKind::Connect(_) => plain(),
        FaultKind::Truncate => truncated(answer, wall),
        FaultKind::Reset => Reply::new(Vec::new(), AfterReply::Reset),
        FaultKind::Drop => Reply::new(Vec::new(), AfterReply::Close),
        FaultKind::Html => page(html("200 OK", "", keep_alive)),
        FaultKind::Http502 => page(html("502 Bad Gateway", "", keep_alive)),
        FaultKind::Http429 => {
            let head = html("429 Too Many Requests", "Retry-After: 1\r\n", keep_alive);
            page(head)
        }
    }
}

impl Reply {
    fn new(bytes: Vec<u8>, after: AfterReply) -> Self {
        Self {
            bytes,
            delay: Duration::ZERO,
            after,
        }
    }
}

/// The head promises the whole body; half of it comes.
fn truncated(answer: &Answer, wall: SystemTime) -> Reply {
    let body = answer.to_json();
    let mut bytes = JSON.with_body(wall, &body);
    bytes.truncate(bytes.len() - body.len().div_ceil(2));
    Reply::new(bytes, AfterReply::Close)
}

fn html<'a>(status: &'a str, more: &'a str, keep_alive: bool) -> ResponseHead<'a> {
    ResponseHead {
        status,
        content_type: "text/html",
        more,
        closing: !keep_alive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn reply(fault: &FaultKind) -> (String, Reply) {
        let reply = with_fault(fault, &Answer::default(), UNIX_EPOCH, true);
        (String::from_utf8_lossy(&reply.bytes).into_owned(), reply)
    }

    #[test]
    fn codes_slowness_and_close_leave_the_answer_whole() {
        let whole = plain(&Answer::default(), UNIX_EPOCH, true);
        assert_eq!(reply(&FaultKind::Code(1)).1, whole);
        let (_, slow) = reply(&FaultKind::Slow(Duration::from_secs(4)));
        assert_eq!((slow.bytes, slow.delay.as_secs()), (whole.bytes.clone(), 4));
        let (text, close) = reply(&FaultKind::Close);
        assert_eq!(
            (close.bytes, close.after),
            (whole.bytes, AfterReply::CloseAtNext)
        );
        assert!(text.contains("Connection: keep-alive"));
    }

    #[test]
    fn cut_connections_say_nothing() {
        assert_eq!(
            reply(&FaultKind::Reset).1,
            Reply::new(Vec::new(), AfterReply::Reset)
        );
        assert_eq!(
            reply(&FaultKind::Drop).1,
            Reply::new(Vec::new(), AfterReply::Close)
        );
    }

    #[test]
    fn a_truncated_body_is_shorter_than_its_head_says() {
        let (text, reply) = reply(&FaultKind::Truncate);
        let (head, body) = text.split_once("\r\n\r\n").expect("a whole head");
        let whole = Answer::default().to_json().len();
        assert!(head.contains(&format!("Content-Length: {whole}")));
        assert!(!body.is_empty() && body.len() < whole);
        assert_eq!(reply.after, AfterReply::Close);
    }

    #[test]
    fn pages_are_html_with_their_status() {
        assert!(reply(&FaultKind::Html).0.starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(
            reply(&FaultKind::Html)
                .0
                .contains("Content-Type: text/html\r\n")
        );
        assert!(reply(&FaultKind::Http502).0.starts_with("HTTP/1.1 502 "));
        let (text, _) = reply(&FaultKind::Http429);
        assert!(text.starts_with("HTTP/1.1 429 ") && text.contains("\r\nRetry-After: 1\r\n"));
    }

    #[test]
    fn an_end_that_the_client_asked_for_is_announced() {
        let reply = plain(&Answer::default(), UNIX_EPOCH, false);
        assert_eq!(reply.after, AfterReply::Close);
        assert!(String::from_utf8_lossy(&reply.bytes).contains("Connection: close"));
    }
}
