//! How long to wait before a request is sent again.

use std::time::Duration;

/// Built-in value of `--retries`: enough for an interruption of some seconds.
pub(crate) const DEFAULT_RETRIES: u32 = 5;

/// Longest delay before the first retry. It doubles with every retry.
const FIRST_RETRY: Duration = Duration::from_millis(200);

/// Longest delay before any retry.
const LONGEST_RETRY: Duration = Duration::from_secs(10);

/// Longest `Retry-After` that is respected, because an operator is waiting.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The delay before retry number `retry`, counted from 1. `jitter` is a random
/// number from 0 to 1 that picks from the whole span (full jitter), so that
/// clients that failed together do not retry together. `retry_after` is the delay
/// that the service asks for.
pub(crate) fn retry_delay(retry: u32, retry_after: Option<Duration>, jitter: f64) -> Duration {
    let doublings = retry.saturating_sub(1).min(16);
    let span = (FIRST_RETRY * 2_u32.pow(doublings)).min(LONGEST_RETRY);
    let jittered = span.mul_f64(jitter.clamp(0.0, 1.0));
    jittered.max(retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_retry_delay_doubles_from_200_ms_to_10_s() {
        let longest = |retry| retry_delay(retry, None, 1.0).as_millis();
        assert_eq!(
            [1, 2, 3, 6, 7, 40].map(longest),
            [200, 400, 800, 6400, 10_000, 10_000]
        );
        assert_eq!(retry_delay(5, None, 0.0), Duration::ZERO);
    }

    #[test]
    fn retry_after_is_respected_up_to_a_minute() {
        let after = |seconds| retry_delay(1, Some(Duration::from_secs(seconds)), 0.5).as_secs();
        assert_eq!((after(3), after(600)), (3, 60));
    }
}
