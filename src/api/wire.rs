//! Requests and answers with the vendor's names (api.md, sections 1 and 3).

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::codes::{self, Class};

/// The body of `kick_user_out`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KickUserOut<'a> {
    pub(super) room_id: &'a str,
    /// 1 to 20.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<&'a str>,
    /// Mandatory; at most 1000 bytes.
    pub(super) reason: &'a str,
}

/// The body of `ban_room_member`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BanRoomMember<'a> {
    pub(super) room_id: &'a str,
    /// 1 to 20.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<&'a str>,
    /// Seconds, at least 1.
    pub(super) duration: u32,
    /// Mandatory; at most 1000 bytes.
    pub(super) reason: &'a str,
}

/// The body of `unban_room_member`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UnbanRoomMember<'a> {
    pub(super) room_id: &'a str,
    /// 1 to 20.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<&'a str>,
}

/// The body of `get_room_member_list`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetRoomMemberList<'a> {
    pub(super) room_id: &'a str,
    /// Largest number of members on the page.
    pub(super) count: u32,
    /// Empty for the first page, then the value of the previous page.
    pub(super) next: &'a str,
}

/// The body of `get_banned_member_list`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetBannedMemberList<'a> {
    pub(super) room_id: &'a str,
    /// Largest number of bans on the page; at most 100.
    pub(super) limit: u32,
    /// 0 for the first page, then the value of the previous page.
    pub(super) offset: u64,
}

/// The body of `get_room_info`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetRoomInfo<'a> {
    pub(super) room_id: &'a str,
}

/// An answer of the service. `ErrorCode` is mandatory: a JSON text without it is
/// not from the service. The rest may be missing (errors of the gateway have no
/// `RequestId`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Answer {
    /// "OK" or "FAIL".
    #[serde(default)]
    pub action_status: String,
    /// 0 is success.
    pub error_code: i64,
    /// The service's own text.
    #[serde(default)]
    pub error_info: String,
    /// The service's support asks for it.
    #[serde(default)]
    pub request_id: Option<String>,
    /// The payload of queries; null without one.
    #[serde(default)]
    pub response: Value,
    /// From the HTTP header of the same name.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
    /// The service's clock, from the HTTP header `Date`.
    #[serde(skip)]
    pub server_time: Option<SystemTime>,
}

impl Answer {
    /// What a job does next. Success needs both code 0 and "OK"; a 0 without "OK"
    /// contradicts itself, so the request may or may not have taken effect.
    pub(crate) fn class(&self) -> Class {
        match (self.error_code, self.action_status.as_str()) {
            (0, "OK") => Class::Done,
            (0, _) => Class::Doubt,
            (code, _) => codes::class(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> Answer {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn success_needs_code_0_and_status_ok() {
        assert_eq!(
            answer(r#"{"ErrorCode":0,"ActionStatus":"OK"}"#).class(),
            Class::Done
        );
        assert_eq!(
            answer(r#"{"ErrorCode":0,"ActionStatus":"FAIL"}"#).class(),
            Class::Doubt
        );
        assert_eq!(answer(r#"{"ErrorCode":0}"#).class(), Class::Doubt);
        assert_eq!(
            answer(r#"{"ErrorCode":100001,"ActionStatus":"OK"}"#).class(),
            Class::Retry
        );
    }

    #[test]
    fn unknown_and_missing_keys_are_accepted() {
        let sparse = answer(r#"{"ErrorCode":60010,"More":{"x":1}}"#);
        assert_eq!(sparse.request_id, None);
        assert!(serde_json::from_str::<Answer>(r#"{"ActionStatus":"OK"}"#).is_err());
    }
}
