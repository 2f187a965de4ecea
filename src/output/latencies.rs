//! How long answers took, counted in memory that does not grow with their number.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Digits of a latency that are kept: together with the middle of a bucket in place
/// of its end, an error of at most 0.4 %.
const DIGITS: u8 = 2;

/// In microseconds: 292,000 years, less than a histogram can hold.
const LONGEST: u64 = u64::MAX / 2;

/// How long answers took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latencies {
    /// In microseconds, at most 60 kB; none before the first answer.
    counts: Option<Histogram<u64>>,
    shortest: Duration,
    longest: Duration,
}

impl Latencies {
    /// Counts one latency.
    pub(crate) fn add(&mut self, took: Duration) {
        let is_first = self.counts.is_none();
        let new = || Histogram::new(DIGITS).expect("the digits are valid");
        let counts = self.counts.get_or_insert_with(new);
        // It grows to every latency up to the longest.
        let _ = counts.record(micros(took));
        if is_first {
            self.shortest = took;
        }
        self.shortest = self.shortest.min(took);
        self.longest = self.longest.max(took);
    }

    /// The shortest and the longest, if any was counted.
    pub(crate) fn range(&self) -> Option<(Duration, Duration)> {
        self.counts.as_ref().map(|_| (self.shortest, self.longest))
    }

    /// The latency that this share of the answers did not exceed.
    pub(crate) fn quantile(&self, share: f64) -> Option<Duration> {
        let counts = self.counts.as_ref()?;
        let found = counts.median_equivalent(counts.value_at_quantile(share));
        Some(Duration::from_micros(found).clamp(self.shortest, self.longest))
    }

    /// The counts of a histogram with so many columns, on a logarithmic scale.
    pub(crate) fn histogram(&self, parts: usize) -> Vec<u64> {
        let Some(counts) = &self.counts else {
            return Vec::new();
        };
        let [first, last] = [self.shortest, self.longest].map(|took| position(micros(took)));
        let span = last - first + 1;
        let parts = parts.min(usize::try_from(span).unwrap_or(parts));
        let mut columns = vec![0; parts];
        for value in counts.iter_recorded() {
            let at = position(value.value_iterated_to()).clamp(first, last) - first;
            let column = at * parts as u64 / span;
            columns[usize::try_from(column).unwrap_or(0)] += value.count_at_value();
        }
        columns
    }
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).map_or(LONGEST, |micros| micros.min(LONGEST))
}

/// The place on a logarithmic scale whose octaves have 64 equal parts.
fn position(micros: u64) -> u64 {
    let micros = micros.max(1);
    let octave = micros.ilog2();
    // From 64 to 127.
    let part = if octave < 6 {
        micros << (6 - octave)
    } else {
        micros >> (octave - 6)
    };
    u64::from(octave) * 64 + part - 64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn latencies_of(all: impl IntoIterator<Item = Duration>) -> Latencies {
        let mut latencies = Latencies::default();
        all.into_iter().for_each(|took| latencies.add(took));
        latencies
    }

    /// From a microsecond to a day, as many short ones as long ones.
    fn latency() -> impl Strategy<Value = Duration> {
        (0_u32..37)
            .prop_flat_map(|octave| (1_u64 << octave..2 << octave).prop_map(Duration::from_micros))
    }

    proptest! {
        #[test]
        fn a_percentile_is_exact_to_one_percent(
            mut all in prop::collection::vec(latency(), 1..500),
            share in prop_oneof![Just(0.5), Just(0.99), Just(1.0), 0.01..1.0],
        ) {
            let found = latencies_of(all.iter().copied()).quantile(share);
            let found = found.expect("some").as_secs_f64();
            all.sort_unstable();
            #[allow(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most 500"
            )]
            let rank = (share * all.len() as f64).ceil() as usize;
            let exact = all[rank.max(1) - 1].as_secs_f64();
            prop_assert!((found - exact).abs() <= exact * 0.01, "{found} for {exact}");
        }

        #[test]
        fn a_histogram_counts_every_latency(
            all in prop::collection::vec(latency(), 1..500),
            parts in 1_usize..100,
        ) {
            let columns = latencies_of(all.iter().copied()).histogram(parts);
            prop_assert_eq!(columns.iter().sum::<u64>(), all.len() as u64);
            prop_assert!(columns.len() <= parts && columns[0] > 0);
        }
    }

    #[test]
    fn equal_latencies_have_that_percentile() {
        let latencies = latencies_of([Duration::from_micros(80_123); 1000]);
        for share in [0.5, 0.99] {
            let found = latencies.quantile(share);
            assert_eq!(found, Some(Duration::from_micros(80_123)));
        }
    }

    #[test]
    fn without_latencies_there_is_no_percentile_and_one_latency_is_its_own() {
        assert_eq!(Latencies::default().quantile(0.5), None);
        assert_eq!(Latencies::default().range(), None);
        let one = latencies_of([Duration::from_millis(31)]);
        assert_eq!(one.quantile(0.5), Some(Duration::from_millis(31)));
        assert_eq!(one.histogram(8), [1]);
    }

    #[test]
    fn no_time_is_too_short_or_too_long() {
        let all = [Duration::ZERO, Duration::from_nanos(1), Duration::MAX];
        let latencies = latencies_of(all);
        assert_eq!(latencies.range(), Some((Duration::ZERO, Duration::MAX)));
        assert_eq!(latencies.histogram(12).iter().sum::<u64>(), 3);
        assert!(latencies.quantile(1.0) > Some(Duration::from_hours(24)));
    }
}
