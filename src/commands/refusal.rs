//! Describes an answer that refused a request, and collects its hints: the
//! remedy of its code, and what the settings of this run suggest.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::api::codes;
use crate::api::{Answer, Region, contradiction};
use crate::config::Settings;
use crate::output::sanitise;

/// A smaller difference of the clocks does not make a signature invalid.
const TOLERATED_SKEW: Duration = Duration::from_secs(60);

/// How far this machine's clock is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockSkew {
    /// It is ahead of the service.
    Ahead(Duration),
    /// It is behind the service.
    Behind(Duration),
}

impl ClockSkew {
    /// The skew by an answer's `Date`; None if it is small or there is no `Date`.
    pub(super) fn of_answer(answer: &Answer, here: SystemTime) -> Option<Self> {
        answer
            .server_time
            .and_then(|service| Self::between(here, service))
    }

    /// None if the difference is small.
    pub(super) fn between(here: SystemTime, service: SystemTime) -> Option<Self> {
        let skew = match here.duration_since(service) {
            Ok(ahead) => Self::Ahead(ahead),
            Err(behind) => Self::Behind(behind.duration()),
        };
        let (Self::Ahead(by) | Self::Behind(by)) = skew;
        (by > TOLERATED_SKEW).then_some(skew)
    }

    fn hint(self) -> String {
        format!("{self}: correct it")
    }
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (by, which) = match self {
            Self::Ahead(by) => (by, "ahead of"),
            Self::Behind(by) => (by, "behind"),
        };
        let by = humantime::format_duration(Duration::from_secs(by.as_secs()));
        write!(f, "this machine's clock is {by} {which} the service's")
    }
}

/// The answer in words, with the RequestId, which the service's support needs.
pub(super) fn describe_answer(answer: &Answer) -> String {
    let status = answer.action_status.as_deref();
    let words = describe_code(answer.error_code, status, &answer.error_info);
    match &answer.request_id {
        Some(id) => format!("{words}; RequestId {id}"),
        None => words,
    }
}

/// Whether a code means that the app is in another region or does not exist.
pub(super) fn is_region_code(code: i64) -> bool {
    matches!(code, 60_026 | 70_016 | 70_020)
}

/// The code with its meaning, and the service's own words if they add something.
pub(super) fn describe_code(code: i64, status: Option<&str>, info: &str) -> String {
    let info = sanitise(info.trim());
    let (meaning, _) = codes::meaning_and_remedy(code);
    match codes::row(code) {
        None if code == 0 => contradiction(&sanitise(status.unwrap_or_default())),
        None if info.is_empty() => format!("{code}, {meaning}"),
        None => format!("{code} ({info})"),
        Some(_) if meaning.contains(&*info) => format!("{code}, {meaning}"),
        Some(_) => format!("{code}, {meaning} ({info})"),
    }
}

/// Hints for a code that refused a request, the most specific first; at least one.
pub(super) fn hints(code: i64, settings: &Settings, skew: Option<ClockSkew>) -> Vec<String> {
    if code == 0 {
        return vec!["something else may have answered: check --endpoint and the proxy".into()];
    }
    let mut hints = Vec::new();
    if codes::is_expired_signature(code) {
        hints.extend(skew.map(ClockSkew::hint));
    }
    if is_region_code(code) {
        hints.extend(likely_region(settings));
    }
    let (_, remedy) = codes::meaning_and_remedy(code);
    hints.push(remedy.to_owned());
    if codes::class(code).rejects_credentials() {
        hints.extend(mixed_sources(settings));
    }
    hints
}

/// A hint to the region that the vendor's console guesses from the size of the
/// SDKAppID.
fn likely_region(settings: &Settings) -> Option<String> {
    let likely = Region::guess(settings.sdkappid.value);
    let differs = settings.destination.region != Some(likely)
        && !settings.destination.endpoint.value.is_loopback();
    let name = likely.name();
    differs.then(|| format!("judging by the SDKAppID's size, try --region {name}"))
}

/// A hint that SDKAppID and credential come from different sources. This is the
/// most frequent cause of a mismatch.
fn mixed_sources(settings: &Settings) -> Option<String> {
    let (app, credential) = (&settings.sdkappid.source, &settings.credential.source);
    let differ = !app.is_same_place(credential);
    differ.then(|| format!("the SDKAppID comes from {app}, the key or UserSig from {credential}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn a_skew_of_up_to_a_minute_is_tolerated() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(ClockSkew::between(at(1000), at(1060)), None);
        let ahead = ClockSkew::between(at(9000), at(1800)).expect("two hours");
        assert!(ahead.hint().contains("2h ahead of"));
        let behind = ClockSkew::between(at(1000), at(1100)).expect("100 seconds");
        assert!(behind.hint().contains("1m 40s behind"));
    }
}
