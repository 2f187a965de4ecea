//! Requests and answers with the names of the vendor's documents.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

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

/// An answer of the service. `ErrorCode` alone is mandatory: a JSON text without
/// an integer there is not from the service. The other fields may be missing
/// (errors of the gateway have no `RequestId`) or have any type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// "OK" or "FAIL"; None if it is missing or null.
    pub action_status: Option<String>,
    /// 0 is success.
    pub error_code: i64,
    /// The service's own text; empty if it is missing or null.
    pub error_info: String,
    /// The service's support asks for it.
    pub request_id: Option<String>,
    /// The payload of queries; null without one.
    pub response: Value,
    /// From the HTTP header of the same name.
    pub retry_after: Option<Duration>,
    /// The service's clock, from the HTTP header `Date`.
    pub server_time: Option<SystemTime>,
}

/// `ActionStatus` of a success.
const OK: &str = "OK";

impl Answer {
    /// An answer with this code and nothing else.
    #[cfg(test)]
    pub(crate) fn of_code(error_code: i64) -> Self {
        Self {
            action_status: None,
            error_code,
            error_info: String::new(),
            request_id: None,
            response: serde_json::Value::Null,
            retry_after: None,
            server_time: None,
        }
    }

    /// Reads a body. A field of another type than documented is kept as its JSON
    /// text: it must not make a success or a refusal unknown.
    pub(super) fn parse(json: &str) -> Result<Self, serde_json::Error> {
        let fields: Fields<'_> = serde_json::from_str(json)?;
        Ok(Self {
            action_status: fields.action_status,
            error_code: fields.error_code,
            error_info: fields.error_info.and_then(text_of).unwrap_or_default(),
            request_id: fields.request_id.and_then(text_of),
            // A Response that is too deep has no list that could be read.
            response: fields
                .response
                .and_then(|raw| serde_json::from_str(raw.get()).ok())
                .unwrap_or_default(),
            retry_after: None,
            server_time: None,
        })
    }

    /// What a job does next. `ErrorCode` decides. A 0 with another `ActionStatus`
    /// than "OK" contradicts itself, so the request may or may not have taken
    /// effect. Some documented answers have no `ActionStatus` at all.
    pub(crate) fn class(&self) -> Class {
        match (self.error_code, self.action_status.as_deref()) {
            (0, Some(OK) | None) => Class::Done,
            (0, Some(_)) => Class::Doubt,
            (code, _) => codes::class(code),
        }
    }

    /// The code and what it means, for a short message; the service's own words
    /// where the documents have none.
    pub(crate) fn reason(&self) -> String {
        let code = self.error_code;
        let info = self.error_info.trim();
        let (meaning, _) = codes::meaning_and_remedy(code);
        match &self.action_status {
            Some(status) if code == 0 => contradiction(status),
            _ if codes::row(code).is_none() && !info.is_empty() => format!("{code} {info}"),
            _ => format!("{code} {meaning}"),
        }
    }
}

/// What is wrong with a code 0 whose status is not "OK".
pub(crate) fn contradiction(status: &str) -> String {
    format!("the answer contradicts itself: ErrorCode 0, ActionStatus {status:?}")
}

/// The top level of an answer, its values unread.
struct Fields<'a> {
    action_status: Option<String>,
    error_code: i64,
    error_info: Option<&'a RawValue>,
    request_id: Option<&'a RawValue>,
    response: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Key {
    ActionStatus,
    ErrorCode,
    ErrorInfo,
    RequestId,
    Response,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

/// Not derived, because a derived one refuses a field that occurs twice and
/// accepts an array in place of an object.
struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an ErrorCode")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut code, mut status) = (None, None);
        let (mut error_info, mut request_id, mut response) = (None, None, None);
        while let Some(key) = map.next_key()? {
            match key {
                Key::ErrorCode => {
                    let value = integer(map.next_value()?)?;
                    if code.replace(value).is_some_and(|other| other != value) {
                        return Err(A::Error::custom("two different ErrorCodes"));
                    }
                }
                Key::ActionStatus => {
                    // Of two, the one that contradicts a success.
                    let value = text_of(map.next_value()?);
                    if matches!(status.as_deref(), None | Some(OK)) && value.is_some() {
                        status = value;
                    }
                }
                Key::ErrorInfo => error_info = map.next_value()?,
                Key::RequestId => request_id = map.next_value()?,
                Key::Response => response = map.next_value()?,
                Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Fields {
            action_status: status,
            error_code: code.ok_or_else(|| A::Error::missing_field("ErrorCode"))?,
            error_info,
            request_id,
            response,
        })
    }
}

/// `70009`, but neither `70009.0` nor `"70009"`.
fn integer<E: serde::de::Error>(raw: &RawValue) -> Result<i64, E> {
    let value = raw.get().parse();
    value.map_err(|_| E::custom("ErrorCode is not an integer"))
}

/// A string's content, or the JSON text of a value that is not a string; None for
/// null.
fn text_of(raw: &RawValue) -> Option<String> {
    match raw.get() {
        "null" => None,
        text => serde_json::from_str(text)
            .ok()
            .or_else(|| Some(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> Answer {
        Answer::parse(json).expect(json)
    }

    #[test]
    fn error_code_0_is_success_unless_the_status_contradicts() {
        for (json, class) in [
            (r#"{"ErrorCode":0,"ActionStatus":"OK"}"#, Class::Done),
            (r#"{"ErrorCode":0,"ErrorInfo":""}"#, Class::Done),
            (r#"{"ErrorCode":0,"ActionStatus":null}"#, Class::Done),
            (r#"{"ErrorCode":-0}"#, Class::Done),
            (
                r#"{"ErrorCode":0,"ErrorCode":0,"ActionStatus":"OK","ActionStatus":"OK"}"#,
                Class::Done,
            ),
            (r#"{"ErrorCode":0,"ActionStatus":"FAIL"}"#, Class::Doubt),
            (r#"{"ErrorCode":0,"ActionStatus":"ok"}"#, Class::Doubt),
            (r#"{"ErrorCode":0,"ActionStatus":""}"#, Class::Doubt),
            (r#"{"ErrorCode":0,"ActionStatus":true}"#, Class::Doubt),
            (r#"{"ErrorCode":0,"ActionStatus":["OK"]}"#, Class::Doubt),
            (
                r#"{"ErrorCode":0,"ActionStatus":"FAIL","ActionStatus":"OK"}"#,
                Class::Doubt,
            ),
            (
                r#"{"ErrorCode":0,"ActionStatus":"OK","ActionStatus":"FAIL"}"#,
                Class::Doubt,
            ),
            (r#"{"ErrorCode":100001,"ActionStatus":"OK"}"#, Class::Retry),
            (
                r#"{"ErrorCode":70009,"ErrorInfo":null}"#,
                Class::Credentials,
            ),
            (r#"{"ErrorCode":4294967296}"#, Class::Never),
        ] {
            assert_eq!(answer(json).class(), class, "{json}");
        }
    }

    #[test]
    fn the_reason_is_our_meaning_the_services_words_or_the_contradiction() {
        for (json, reason) in [
            (
                r#"{"ErrorCode":0,"ActionStatus":"FAIL","ErrorInfo":"x"}"#,
                "the answer contradicts itself: ErrorCode 0, ActionStatus \"FAIL\"",
            ),
            (
                r#"{"ErrorCode":123456,"ActionStatus":"FAIL","ErrorInfo":" its words\n"}"#,
                "123456 its words",
            ),
        ] {
            assert_eq!(answer(json).reason(), reason);
        }
        let ours = |code: i64| format!("{code} {}", codes::meaning_and_remedy(code).0);
        for (code, info) in [(100_005, "its words"), (123_456, " "), (0, "")] {
            let answer = answer(&format!(r#"{{"ErrorCode":{code},"ErrorInfo":"{info}"}}"#));
            assert_eq!(answer.reason(), ours(code));
        }
    }

    #[test]
    fn what_is_not_an_object_is_said_to_lack_one() {
        let error = Answer::parse("[0]").expect_err("no object").to_string();
        assert!(error.contains("an object with an ErrorCode"), "{error}");
    }

    #[test]
    fn without_an_integer_error_code_it_is_not_an_answer() {
        for json in [
            "{}",
            r#"{"ActionStatus":"OK"}"#,
            r#"{"ErrorCode":null}"#,
            r#"{"ErrorCode":"0"}"#,
            r#"{"ErrorCode":0.0}"#,
            r#"{"ErrorCode":0e0}"#,
            r#"{"ErrorCode":70009.0}"#,
            r#"{"ErrorCode":false}"#,
            r#"{"ErrorCode":[0]}"#,
            r#"{"ErrorCode":{"Code":0}}"#,
            r#"{"ErrorCode":99999999999999999999}"#,
            r#"{"ErrorCode":0,"ErrorCode":70009}"#,
            r#"{"errorCode":0}"#,
            r#"{"Response":{"ErrorCode":0}}"#,
            r#"[{"ErrorCode":0}]"#,
            r#"["OK",0,"",null,null]"#,
            r#"{"ErrorCode":0}{"ErrorCode":0}"#,
            r#"{"ErrorCode":0},"#,
            r#"{"ErrorCode":0"#,
            r"{'ErrorCode':0}",
        ] {
            assert!(Answer::parse(json).is_err(), "{json}");
        }
    }

    #[test]
    fn side_fields_of_any_type_are_texts_and_change_nothing() {
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        for (value, info, id) in [
            ("null", "", None),
            ("7", "7", Some("7")),
            ("1e400", "1e400", Some("1e400")),
            ("123456789012345678901", "123456789012345678901", None),
            ("false", "false", Some("false")),
            (r#"{"a": [1]}"#, r#"{"a": [1]}"#, Some(r#"{"a": [1]}"#)),
            (r#""\u00e9\n""#, "\u{e9}\n", Some("\u{e9}\n")),
            // A lone surrogate is not a text.
            (r#""\ud800""#, r#""\ud800""#, None),
            (deep.as_str(), deep.as_str(), None),
        ] {
            let json = format!(
                r#"{{"ErrorCode":70009,"ErrorInfo":{value},"RequestId":{value},"ErrorDisplay":{value},"Response":{value}}}"#
            );
            let answer = answer(&json);
            assert_eq!(answer.class(), Class::Credentials);
            assert_eq!(answer.error_info, info);
            if id.is_some() || value == "null" {
                assert_eq!(answer.request_id.as_deref(), id);
            }
        }
    }

    #[test]
    fn unknown_and_missing_keys_are_accepted() {
        let sparse = answer(r#"{"ErrorCode":60010,"More":{"x":1}}"#);
        assert_eq!((sparse.request_id, sparse.action_status), (None, None));
        assert_eq!(sparse.response, Value::Null);
    }
}
