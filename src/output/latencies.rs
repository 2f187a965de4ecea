//! How long answers took. Latencies are counted in buckets, each a tenth wider than
//! the one before it, so that memory does not grow with the number of answers.

use std::time::Duration;

/// The upper end of the first bucket, in microseconds.
const FIRST: f64 = 100.0;

/// The upper end of a bucket divided by that of the one before it.
const STEP: f64 = 1.1;

/// Enough for six hours. Longer latencies are in the last bucket.
const BUCKETS: usize = 202;

/// Counts of latencies.
#[derive(Debug, Clone)]
pub(crate) struct Latencies {
    buckets: [u64; BUCKETS],
    least: Duration,
    most: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            buckets: [0; BUCKETS],
            least: Duration::MAX,
            most: Duration::ZERO,
        }
    }
}

impl Latencies {
    /// Counts one latency.
    pub(crate) fn add(&mut self, took: Duration) {
        self.buckets[bucket(took)] += 1;
        self.least = self.least.min(took);
        self.most = self.most.max(took);
    }

    /// How many latencies were counted.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The shortest and the longest, if any was counted.
    pub(crate) fn range(&self) -> Option<(Duration, Duration)> {
        (self.count() > 0).then_some((self.least, self.most))
    }

    /// The latency that this share of the answers did not exceed; at most a tenth
    /// too long.
    pub(crate) fn quantile(&self, share: f64) -> Option<Duration> {
        let (least, most) = self.range()?;
        #[allow(clippy::cast_precision_loss, reason = "no job has 2^52 answers")]
        let wanted = self.count() as f64 * share;
        let mut so_far = 0;
        let at = self.buckets.iter().position(|count| {
            so_far += count;
            #[allow(clippy::cast_precision_loss, reason = "as above")]
            let reached = so_far as f64 >= wanted;
            reached && so_far > 0
        });
        Some(upper_end(at?).clamp(least, most))
    }

    /// The counts of a histogram with so many columns, on a logarithmic scale.
    pub(crate) fn histogram(&self, parts: usize) -> Vec<u64> {
        let Some((least, most)) = self.range() else {
            return Vec::new();
        };
        let (first, end) = (bucket(least), bucket(most) + 1);
        let span = end - first;
        let parts = parts.min(span);
        let mut counts = vec![0; parts];
        for at in first..end {
            counts[(at - first) * parts / span] += self.buckets[at];
        }
        counts
    }
}

fn bucket(took: Duration) -> usize {
    let steps = (took.as_secs_f64() * 1e6 / FIRST).log(STEP).ceil();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is within the buckets"
    )]
    let at = steps.clamp(0.0, 1e6) as usize;
    at.min(BUCKETS - 1)
}

fn upper_end(bucket: usize) -> Duration {
    let steps = i32::try_from(bucket).unwrap_or(i32::MAX);
    Duration::from_secs_f64(FIRST * STEP.powi(steps) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millis: impl Iterator<Item = u64>) -> Latencies {
        let mut latencies = Latencies::default();
        millis.for_each(|ms| latencies.add(Duration::from_millis(ms)));
        latencies
    }

    #[test]
    fn a_quantile_is_at_most_a_tenth_too_long() {
        let latencies = of(1..=1000);
        for (share, true_ms) in [(0.5, 500.0), (0.9, 900.0), (0.99, 990.0), (1.0, 1000.0)] {
            let found = latencies.quantile(share).expect("some").as_secs_f64() * 1e3;
            assert!(
                (true_ms..=true_ms * STEP).contains(&found),
                "{share}: {found}"
            );
        }
    }

    #[test]
    fn nothing_has_no_quantile_and_one_is_its_own() {
        assert_eq!(Latencies::default().quantile(0.5), None);
        assert_eq!(Latencies::default().range(), None);
        let one = of([31].into_iter());
        assert_eq!(one.quantile(0.5), Some(Duration::from_millis(31)));
        assert_eq!(one.histogram(8), [1]);
    }

    #[test]
    fn parts_hold_everything_whatever_their_number() {
        let latencies = of((1..=500).chain([60_000]));
        for parts in [1, 5, 12, 1000] {
            let counts = latencies.histogram(parts);
            assert_eq!(counts.iter().sum::<u64>(), 501, "{parts}");
            assert!(counts.len() <= parts);
        }
    }

    #[test]
    fn no_time_is_too_short_or_too_long() {
        let mut latencies = Latencies::default();
        for took in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            latencies.add(took);
        }
        assert_eq!(latencies.count(), 3);
        assert_eq!(latencies.quantile(1.0), Some(upper_end(BUCKETS - 1)));
    }
}
