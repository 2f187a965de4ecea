//! What a signature says, in the contract's names: the keys that all three
//! verbs print.

use std::time::Duration;

use serde::Serialize;

use crate::clock::rfc3339;
use crate::usersig::Claims;

/// The part that every answer has.
#[derive(Debug, Serialize)]
pub(super) struct ClaimFields {
    #[serde(rename = "SDKAppID")]
    pub(super) sdkappid: u32,
    #[serde(rename = "Identifier")]
    pub(super) identifier: String,
    /// Null beyond the year 9999.
    #[serde(rename = "Issued")]
    pub(super) issued: Option<String>,
    #[serde(rename = "Expires")]
    pub(super) expires: Option<String>,
}

impl ClaimFields {
    pub(super) fn of(claims: &Claims) -> Self {
        Self {
            sdkappid: claims.sdkappid,
            identifier: claims.identifier.clone(),
            issued: rfc3339(claims.time),
            expires: rfc3339(claims.expires_at()),
        }
    }
}

/// A time as text, also where it has no text.
pub(super) fn or_after_9999(text: Option<&str>) -> &str {
    text.unwrap_or("after the year 9999")
}

/// A length of time for people; nobody wants the seconds of a year.
pub(super) fn rounded_duration(seconds: u64) -> String {
    let unit = match seconds {
        0..3600 => 1,
        3600..86_400 => 60,
        _ => 3600,
    };
    let rounded = Duration::from_secs(seconds / unit * unit);
    humantime::format_duration(rounded).to_string()
}

/// The life that is left in seconds; negative where it is over.
pub(super) fn seconds_left(claims: &Claims, now_unix: u64) -> i64 {
    let signed = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    signed(claims.expires_at()).saturating_sub(signed(now_unix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_has_no_more_digits_than_people_want() {
        assert_eq!(rounded_duration(59), "59s");
        assert_eq!(rounded_duration(86_399), "23h 59m");
        assert_eq!(rounded_duration(86_400 + 3_661), "1day 1h");
    }
}
