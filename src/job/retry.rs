//! How long to wait before a request is sent again. Returns a delay; never
//! sleeps.

use std::time::Duration;

/// Times that a failed request is sent again, unless told: enough for a hiccup
/// of some seconds.
pub const DEFAULT_RETRIES: u32 = 5;

/// Longest first delay.
const FIRST: Duration = Duration::from_millis(200);

/// Longest delay of all.
const LONGEST: Duration = Duration::from_secs(10);

/// Longest `Retry-After` that is honoured: an operator is waiting.
const LONGEST_ASKED: Duration = Duration::from_secs(60);

/// The delay before retry number `retry`, counted from 1. Full jitter: `jitter`,
/// between 0 and 1, picks from the whole span, so that many clients that failed
/// together do not come back together.
pub fn delay(retry: u32, asked: Option<Duration>, jitter: f64) -> Duration {
    let doublings = retry.saturating_sub(1).min(16);
    let span = (FIRST * 2_u32.pow(doublings)).min(LONGEST);
    let jittered = span.mul_f64(jitter.clamp(0.0, 1.0));
    jittered.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_doubles_from_200_ms_to_10_s() {
        let longest = |retry| delay(retry, None, 1.0).as_millis();
        assert_eq!(
            [1, 2, 3, 6, 7, 40].map(longest),
            [200, 400, 800, 6400, 10_000, 10_000]
        );
        assert_eq!(delay(5, None, 0.0), Duration::ZERO);
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_minute() {
        let asked = |seconds| delay(1, Some(Duration::from_secs(seconds)), 0.5).as_secs();
        assert_eq!((asked(3), asked(600)), (3, 60));
    }
}
