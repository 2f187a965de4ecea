//! The clock of a job: monotonic time and wall time.
//!
//! Pacing, retries and timeouts use monotonic time. A `UserSig`'s age and
//! `--deadline` use wall time, because monotonic time stops while the machine is
//! suspended. Code below the commands gets the time as an argument.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One moment, read from both clocks at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since the clock was made; never goes back.
    pub mono: Duration,
    /// Wall time; may jump.
    pub wall: SystemTime,
}

/// The machine's clocks, or virtual time in tests.
pub trait Clock: Sync {
    /// The current time.
    fn now(&self) -> Now;
}

/// The machine's clocks. A copy has the same zero.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose monotonic reading starts at zero.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        Now {
            mono: self.start.elapsed(),
            wall: SystemTime::now(),
        }
    }
}

/// A duration as it was given: messages show it in these units, `24h` and not `1d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenDuration {
    time: Duration,
    text: Arc<str>,
}

impl GivenDuration {
    /// Reads `500ms`, `10s`, `24h`, `1h 30m`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let time = parse_duration(text)?;
        let text = text.into();
        Some(Self { time, text })
    }

    /// How long it is.
    pub fn time(&self) -> Duration {
        self.time
    }
}

/// Reads `500ms`, `10s`, `24h`, `1h 30m`. `1M`, a month for the library, is hardly meant:
/// one who writes it means minutes.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let has_month = text.contains('M');
    humantime::parse_duration(text).ok().filter(|_| !has_month)
}

impl From<Duration> for GivenDuration {
    fn from(time: Duration) -> Self {
        let text = format!("{time:?}").into();
        Self { time, text }
    }
}

impl fmt::Display for GivenDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Unix seconds as UTC, `2026-03-01T02:11:09Z`. None after the year 9999, for
/// which the format has no digits.
pub(crate) fn rfc3339(unix: u64) -> Option<String> {
    let time = UNIX_EPOCH + Duration::from_secs(unix.min(YEAR_10000 - 1));
    (unix < YEAR_10000).then(|| rfc3339_of(time))
}

const YEAR_10000: u64 = 253_402_300_800;

/// Wall time as UTC, `2026-03-01T02:11:09Z`.
pub(crate) fn rfc3339_of(wall: SystemTime) -> String {
    humantime::format_rfc3339_seconds(printable_time(wall)).to_string()
}

/// The nearest time that the usual formats have digits for: the years 1970 to
/// 9999. A machine without a battery may start long before.
pub(crate) fn printable_time(wall: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(unix_seconds(wall).min(YEAR_10000 - 1))
}

/// Whole seconds since 1970; zero for times before it.
pub fn unix_seconds(wall: SystemTime) -> u64 {
    wall.duration_since(UNIX_EPOCH)
        .map_or(0, |age| age.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_has_a_time_to_write() {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(rfc3339_of(before), "1970-01-01T00:00:00Z");
        let half = UNIX_EPOCH - Duration::from_millis(1);
        assert_eq!(rfc3339_of(half), "1970-01-01T00:00:00Z");
        let after = UNIX_EPOCH + Duration::from_secs(YEAR_10000);
        assert_eq!(rfc3339_of(after), "9999-12-31T23:59:59Z");
        assert_eq!(rfc3339(YEAR_10000), None);
        assert_eq!(unix_seconds(before), 0);
    }
}
