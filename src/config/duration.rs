//! Settings that are lengths of time: `500ms`, `10s`, `24h`.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::error::Problem;
use super::layers::Layers;
use super::names::{CONNECT_TIMEOUT, EXPIRE, SettingSpec, TIMEOUT};
use super::source::Setting;
use crate::api::Transport;
use crate::secret::scrub;

/// Nothing can hang: an hour for one try is as good as for ever.
const TIMEOUTS: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(3600);

/// The service takes at most 50 years (api.md, section 2; a year of 365.25
/// days, so that `50y` is one of them). Under a minute, one slow request or a
/// clock that is slightly off is enough for 70001.
const LIFETIMES: RangeInclusive<Duration> =
    Duration::from_secs(60)..=Duration::from_secs(1_577_880_000);

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Lifetime of a signature, cut to whole seconds.
pub(super) fn expire(layers: &Layers) -> Result<Setting<Duration>, Problem> {
    let setting = within(layers, &EXPIRE, &LIFETIMES, DAY)?;
    let value = Duration::from_secs(setting.value.as_secs());
    Ok(Setting { value, ..setting })
}

/// Longest wait for one try.
pub(super) fn timeout(layers: &Layers) -> Result<Setting<Duration>, Problem> {
    within(layers, &TIMEOUT, &TIMEOUTS, Transport::TIMEOUT)
}

/// Longest wait for a connection.
pub(super) fn connect_timeout(layers: &Layers) -> Result<Setting<Duration>, Problem> {
    within(
        layers,
        &CONNECT_TIMEOUT,
        &TIMEOUTS,
        Transport::CONNECT_TIMEOUT,
    )
}

/// A length of time as it can be given: in the largest unit that is whole.
pub fn format_duration(time: Duration) -> String {
    const UNITS: [(u128, &str); 4] = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "m"),
        (1000, "s"),
    ];
    let millis = time.as_millis();
    let whole = UNITS
        .into_iter()
        .find(|(unit, _)| millis >= *unit && millis.is_multiple_of(*unit));
    let (unit, name) = whole.unwrap_or((1, "ms"));
    format!("{}{name}", millis / unit)
}

fn within(
    layers: &Layers,
    name: &'static SettingSpec,
    limits: &RangeInclusive<Duration>,
    default: Duration,
) -> Result<Setting<Duration>, Problem> {
    let Some(raw) = layers.one(name) else {
        return Ok(Setting::built_in(default));
    };
    let text = raw.text()?;
    let parsed = humantime::parse_duration(text).map_err(|why| {
        let why = format!(
            "{:?} is no duration: {}",
            scrub(text),
            scrub(&why.to_string())
        );
        raw.problem(why)
            .hint("write a number with its unit: 500ms, 10s, 5m, 24h, 7d")
    })?;
    if limits.contains(&parsed) {
        return Ok(raw.setting(parsed));
    }
    let [least, most] = [limits.start(), limits.end()].map(|limit| format_duration(*limit));
    Err(raw
        .problem(format!("{text:?} is not between {least} and {most}"))
        .hint(format!("give a time between {least} and {most}")))
}
