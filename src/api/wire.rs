//! Requests and answers in the vendor's names (api.md, sections 1 and 3).

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::codes::{self, Class};

/// The body of `kick_user_out`.
#[derive(Debug, Serialize)]
pub(super) struct KickUserOut<'a> {
    /// The room.
    #[serde(rename = "RoomId")]
    pub(super) room_id: &'a str,
    /// 1 to 20 members of it.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<&'a str>,
    /// Mandatory; at most 1000 bytes.
    #[serde(rename = "Reason")]
    pub(super) reason: &'a str,
}

/// The body of `ban_room_member`.
#[derive(Debug, Serialize)]
pub(super) struct BanRoomMember<'a> {
    /// The room.
    #[serde(rename = "RoomId")]
    pub(super) room_id: &'a str,
    /// 1 to 20 members of it.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<&'a str>,
    /// Seconds, at least 1.
    #[serde(rename = "Duration")]
    pub(super) duration: u32,
    /// Mandatory; at most 1000 bytes.
    #[serde(rename = "Reason")]
    pub(super) reason: &'a str,
}

/// The body of `unban_room_member`.
#[derive(Debug, Serialize)]
pub(super) struct UnbanRoomMember<'a> {
    /// The room.
    #[serde(rename = "RoomId")]
    pub(super) room_id: &'a str,
    /// 1 to 20 accounts.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<&'a str>,
}

/// The body of `get_room_member_list`.
#[derive(Debug, Serialize)]
pub(super) struct GetRoomMemberList<'a> {
    /// The room.
    #[serde(rename = "RoomId")]
    pub(super) room_id: &'a str,
    /// Most members on the page.
    #[serde(rename = "Count")]
    pub(super) count: u32,
    /// Empty for the first page, then what the page before said.
    #[serde(rename = "Next")]
    pub(super) next: &'a str,
}

/// The body of `get_banned_member_list`.
#[derive(Debug, Serialize)]
pub(super) struct GetBannedMemberList<'a> {
    /// The room.
    #[serde(rename = "RoomId")]
    pub(super) room_id: &'a str,
    /// Most bans on the page; at most 100.
    #[serde(rename = "Limit")]
    pub(super) limit: u32,
    /// 0 for the first page, then what the page before said.
    #[serde(rename = "Offset")]
    pub(super) offset: u64,
}

/// The body of `get_room_info`.
#[derive(Debug, Serialize)]
pub(super) struct GetRoomInfo<'a> {
    /// The room.
    #[serde(rename = "RoomId")]
    pub(super) room_id: &'a str,
}

/// What the service said. `ErrorCode` must be there, else it was not the
/// service; the rest may be missing (gateway errors bring no `RequestId`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// "OK" or "FAIL".
    #[serde(rename = "ActionStatus", default)]
    pub action_status: String,
    /// 0 is success.
    #[serde(rename = "ErrorCode")]
    pub error_code: i64,
    /// The service's own words.
    #[serde(rename = "ErrorInfo", default)]
    pub error_info: String,
    /// What its support asks for.
    #[serde(rename = "RequestId", default)]
    pub request_id: Option<String>,
    /// The payload of the calls that only look; null without one.
    #[serde(rename = "Response", default)]
    pub response: Value,
    /// From the HTTP header of the same name.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
    /// The service's clock, from the HTTP header `Date`.
    #[serde(skip)]
    pub server_time: Option<SystemTime>,
}

impl Answer {
    /// What a job does next. Success needs both signs of it; a 0 without "OK"
    /// contradicts itself, so nobody knows whether it took effect.
    pub fn class(&self) -> Class {
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
    fn unknown_keys_and_missing_ones_are_no_trouble() {
        let sparse = answer(r#"{"ErrorCode":60010,"More":{"x":1}}"#);
        assert_eq!(sparse.request_id, None);
        assert!(serde_json::from_str::<Answer>(r#"{"ActionStatus":"OK"}"#).is_err());
    }
}
