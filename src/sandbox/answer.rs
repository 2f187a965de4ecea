//! An answer of the sandbox: the result of a call, the JSON envelope, the HTTP
//! response, and what a fault changes in it.
//!
//! The JSON is written from the service's documents and shares no types
//! with the client: a mistake in shared types would be on both sides, and no test
//! would find it. Nothing here waits or writes; `server` carries a [`Reply`] out.

use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::Value;

use super::fault::FaultKind;
use crate::clock::printable_time;

/// The answer to one request.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// 0 is success.
    pub(super) code: u32,
    /// Empty on success.
    pub(super) info: String,
    /// `None` for refusals of the gateway.
    pub(super) request_id: Option<String>,
    /// The payload of calls that have one.
    pub(super) response: Option<Value>,
    /// The members that this request removed from the room.
    pub(super) removed: Vec<String>,
}

/// Why a call is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The service's code.
    pub(super) code: u32,
    /// Names the parameter, if one is wrong.
    pub(super) info: String,
    /// The members that were removed in spite of it, with `AbsentMode::Partial`.
    pub(super) removed: Vec<String>,
}

/// What a successful call returns.
#[derive(Debug, Default)]
pub(super) struct CallOutput {
    /// The payload, if the call has one.
    pub(super) response: Option<Value>,
    /// The members that it removed from the room.
    pub(super) removed: Vec<String>,
}

impl Refusal {
    /// A refusal without an effect.
    pub(super) fn new(code: u32, info: impl Into<String>) -> Self {
        Self {
            code,
            info: info.into(),
            removed: Vec::new(),
        }
    }

    /// The same refusal of a call that has removed these members.
    pub(super) fn after_removing(self, removed: Vec<String>) -> Self {
        Self { removed, ..self }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    error_code: u32,
    error_info: &'a str,
    action_status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<&'a Value>,
}

impl Answer {
    /// The answer to a call with this result. Refusals of the gateway (60xxx, 70xxx)
    /// have no `RequestId`: the documents allow that, so clients must be tested with
    /// it.
    pub(super) fn of(result: Result<CallOutput, Refusal>, id: impl FnOnce() -> String) -> Self {
        match result {
            Ok(output) => Self {
                request_id: Some(id()),
                response: output.response,
                removed: output.removed,
                ..Self::default()
            },
            Err(refusal) => Self {
                code: refusal.code,
                request_id: (!is_gateway(refusal.code)).then(id),
                info: refusal.info,
                response: None,
                removed: refusal.removed,
            },
        }
    }

    /// Changes a page of a member list. A refusal stays as it is.
    pub(super) fn spoil_list(&mut self, fault: &FaultKind) {
        let Some(page) = &mut self.response else {
            return;
        };
        match fault {
            FaultKind::ListShort => {
                if let Some(members) = page["MemberList"].as_array_mut() {
                    members.truncate(members.len() / 2);
                }
                page["Next"] = "".into();
            }
            // The page after join number 0 is the first one.
            FaultKind::ListLoop => page["Next"] = "0".into(),
            _ => {}
        }
    }

    /// The body of the response.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let envelope = Envelope {
            error_code: self.code,
            error_info: &self.info,
            action_status: if self.code == 0 { "OK" } else { "FAIL" },
            request_id: self.request_id.as_deref(),
            response: self.response.as_ref(),
        };
        serde_json::to_vec(&envelope).expect("texts and numbers serialise")
    }
}

fn is_gateway(code: u32) -> bool {
    matches!(code, 60_000..=79_999)
}

/// What a connection does with the answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// The whole response, for one write; may be empty.
    pub(super) bytes: Vec<u8>,
    /// To wait before, in addition to the latency of every request.
    pub(super) delay: Duration,
    pub(super) after: AfterReply,
}

/// How a connection continues after a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterReply {
    /// It serves the next request.
    Keep,
    /// It is closed, without a `close_notify` of TLS, as many gateways do.
    Close,
    /// It reads the next request and is then closed.
    CloseAtNext,
    /// It is reset.
    Reset,
}

const JSON: ResponseHead<'static> = ResponseHead {
    status: "200 OK",
    content_type: "application/json",
    more: "",
    closing: false,
};

const PAGE: &[u8] = b"<!DOCTYPE html><html><body><h1>Not the page you wanted</h1></body></html>\n";

/// The reply without a fault.
pub(super) fn reply_without_fault(answer: &Answer, wall: SystemTime, keep_alive: bool) -> Reply {
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

/// The reply with a fault. `answer` is the service's; faults that prevent the
/// request's effect ignore it.
pub(super) fn reply_with_fault(
    fault: &FaultKind,
    answer: &Answer,
    wall: SystemTime,
    keep_alive: bool,
) -> Reply {
    let plain = || reply_without_fault(answer, wall, keep_alive);
    let page = |head: ResponseHead<'_>| Reply {
        bytes: head.with_body(wall, PAGE),
        ..plain()
    };
    match fault {
        FaultKind::Slow(time) => Reply {
            delay: time.time(),
            ..plain()
        },
        FaultKind::Close if keep_alive => Reply {
            after: AfterReply::CloseAtNext,
            ..plain()
        },
        // A client that asked for the end of the connection gets it anyway.
        FaultKind::Close
        | FaultKind::Code(_)
        | FaultKind::Connect(_)
        | FaultKind::ListShort
        | FaultKind::ListLoop => plain(),
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

/// The head announces the whole body; half of it follows.
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

/// The status line and headers of a response.
#[derive(Debug, Clone, Copy)]
struct ResponseHead<'a> {
    /// Code and reason phrase.
    status: &'a str,
    content_type: &'a str,
    /// More header lines, each ended by CR LF.
    more: &'a str,
    /// Whether to send `Connection: close`.
    closing: bool,
}

impl ResponseHead<'_> {
    /// Head and body in one buffer, so that one write sends both.
    fn with_body(self, wall: SystemTime, body: &[u8]) -> Vec<u8> {
        let Self {
            status,
            content_type,
            more,
            closing,
        } = self;
        let connection = if closing { "close" } else { "keep-alive" };
        let mut bytes = format!(
            "HTTP/1.1 {status}\r\nServer: roomctl-sandbox\r\nDate: {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n{more}Connection: {connection}\r\n\r\n",
            httpdate::fmt_http_date(printable_time(wall)),
            body.len(),
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn json(result: Result<CallOutput, Refusal>) -> String {
        let answer = Answer::of(result, || "Id-0-O-Seq-1".into());
        String::from_utf8(answer.to_json()).expect("UTF-8")
    }

    #[test]
    fn success_is_the_documented_envelope() {
        assert_eq!(
            json(Ok(CallOutput::default())),
            r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-0-O-Seq-1"}"#
        );
    }

    #[test]
    fn payloads_are_nested_in_response() {
        let output = CallOutput {
            response: Some(serde_json::json!({"Next": ""})),
            ..CallOutput::default()
        };
        assert!(json(Ok(output)).ends_with(r#","Response":{"Next":""}}"#));
    }

    #[test]
    fn only_the_room_service_sends_request_ids() {
        let room = json(Err(Refusal::new(100_004, "no room")));
        let gateway = json(Err(Refusal::new(60_007, "too fast")));
        let sig = json(Err(Refusal::new(70_001, "expired")));
        assert!(room.contains("RequestId") && room.contains(r#""ActionStatus":"FAIL""#));
        assert!(!gateway.contains("RequestId") && !sig.contains("RequestId"));
    }

    fn reply(fault: &FaultKind) -> (String, Reply) {
        let reply = reply_with_fault(fault, &Answer::default(), UNIX_EPOCH, true);
        (String::from_utf8_lossy(&reply.bytes).into_owned(), reply)
    }

    #[test]
    fn codes_slow_and_close_do_not_change_the_answer() {
        let whole = reply_without_fault(&Answer::default(), UNIX_EPOCH, true);
        assert_eq!(reply(&FaultKind::Code(1)).1, whole);
        let (_, slow) = reply(&FaultKind::Slow(Duration::from_secs(4).into()));
        assert_eq!((slow.bytes, slow.delay.as_secs()), (whole.bytes.clone(), 4));
        let (text, close) = reply(&FaultKind::Close);
        assert_eq!(
            (close.bytes, close.after),
            (whole.bytes, AfterReply::CloseAtNext)
        );
        assert!(text.contains("Connection: keep-alive"));
    }

    #[test]
    fn cut_connections_send_nothing() {
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
    fn a_truncated_body_is_shorter_than_its_content_length() {
        let (text, reply) = reply(&FaultKind::Truncate);
        let (head, body) = text.split_once("\r\n\r\n").expect("a whole head");
        let whole = Answer::default().to_json().len();
        assert!(head.contains(&format!("Content-Length: {whole}")));
        assert!(!body.is_empty() && body.len() < whole);
        assert_eq!(reply.after, AfterReply::Close);
    }

    #[test]
    fn html_pages_have_their_status() {
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
    fn a_client_that_closes_gets_connection_close() {
        // A clock before 1970 has a Date as well.
        let wall = UNIX_EPOCH - Duration::from_secs(1);
        let reply = reply_without_fault(&Answer::default(), wall, false);
        assert_eq!(reply.after, AfterReply::Close);
        assert!(String::from_utf8_lossy(&reply.bytes).contains("Connection: close"));
    }

    #[test]
    fn responses_have_their_length_and_date() {
        let head = ResponseHead {
            status: "200 OK",
            content_type: "application/json",
            more: "",
            closing: false,
        };
        let wall = UNIX_EPOCH + Duration::from_secs(784_111_777);
        let text = String::from_utf8(head.with_body(wall, b"{}")).expect("ASCII");
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with("\r\n\r\n{}"));
        assert!(text.contains("\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
        assert!(text.contains("\r\nContent-Length: 2\r\nConnection: keep-alive\r\n"));
    }
}
