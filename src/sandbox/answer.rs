//! What the sandbox says: the envelope of every answer, and refusals.
//!
//! The shapes are this module's own, written from the documents (api.md,
//! section 1) and not shared with the client: one family of types could be
//! wrong on both sides and still agree.

use serde::Serialize;
use serde_json::Value;

/// The verdict on one request.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// 0, or the code of what was wrong.
    pub(super) code: u32,
    /// What was wrong, in words; empty on success.
    pub(super) info: String,
    /// Absent from what the gateway refused.
    pub(super) request_id: Option<String>,
    /// The payload of calls that have one.
    pub(super) response: Option<Value>,
    /// Members whom this very request took out of the room.
    pub(super) removed: Vec<String>,
}

/// Why a request is not granted, and what it did all the same.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The service's code (api.md, section 5).
    pub(super) code: u32,
    /// What was wrong, naming the parameter.
    pub(super) info: String,
    /// Members removed before the refusal: only `Absent::Partial` has any.
    pub(super) removed: Vec<String>,
}

/// What a granted call yields.
#[derive(Debug, Default)]
pub(super) struct Granted {
    /// The payload, if the call has one.
    pub(super) response: Option<Value>,
    /// Members whom it took out of the room.
    pub(super) removed: Vec<String>,
}

impl Refusal {
    /// A refusal without any effect.
    pub(super) fn new(code: u32, info: impl Into<String>) -> Self {
        Self {
            code,
            info: info.into(),
            removed: Vec::new(),
        }
    }

    /// The same refusal, of a request that had already removed these.
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
    /// The verdict in the envelope's terms; `id` is given only to answers of
    /// the room service: the gateway's (60xxx, 70xxx) may do without, and
    /// clients shall meet that.
    pub(super) fn of(verdict: Result<Granted, Refusal>, id: impl FnOnce() -> String) -> Self {
        match verdict {
            Ok(granted) => Self {
                request_id: Some(id()),
                response: granted.response,
                removed: granted.removed,
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

    /// The body as sent.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn json(verdict: Result<Granted, Refusal>) -> String {
        let answer = Answer::of(verdict, || "Id-0-O-Seq-1".into());
        String::from_utf8(answer.to_json()).expect("UTF-8")
    }

    #[test]
    fn success_is_the_documented_envelope() {
        assert_eq!(
            json(Ok(Granted::default())),
            r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-0-O-Seq-1"}"#
        );
    }

    #[test]
    fn payloads_are_nested_in_response() {
        let granted = Granted {
            response: Some(serde_json::json!({"Next": ""})),
            ..Granted::default()
        };
        assert!(json(Ok(granted)).ends_with(r#","Response":{"Next":""}}"#));
    }

    #[test]
    fn only_the_room_service_gives_request_ids() {
        let room = json(Err(Refusal::new(100_004, "no room")));
        let gate = json(Err(Refusal::new(60_007, "too fast")));
        let sig = json(Err(Refusal::new(70_001, "over")));
        assert!(room.contains("RequestId") && room.contains(r#""ActionStatus":"FAIL""#));
        assert!(!gate.contains("RequestId") && !sig.contains("RequestId"));
    }
}
