//! The counts at the end of a job, on stderr: a line of JSON, a line of text, or a
//! table at most 40 columns wide for a long job on a terminal.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::results::outcome_color;
use super::text::plural;
use crate::exit::Exit;
use crate::job::{Outcome, Tally};
use crate::room::Action;

/// Columns of the histogram of latencies.
const HISTOGRAM_COLUMNS: usize = 12;

/// Bars of growing height.
const ASCII: [char; 8] = ['.', '.', ':', ':', '|', '|', '#', '#'];
const UNICODE: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A job at its end.
#[derive(Debug)]
pub(crate) struct Summary<'a> {
    pub(crate) action: Action,
    pub(crate) tally: &'a Tally,
    /// How long answers took.
    pub(crate) latencies: Option<&'a Latencies>,
    /// From the first request to the last outcome.
    pub(crate) elapsed: Duration,
    pub(crate) exit: Exit,
}

impl Summary<'_> {
    /// One line of JSON, without its end.
    pub(crate) fn json(&self) -> String {
        let mut counts = Map::new();
        for outcome in Outcome::ALL {
            let count = self.tally.count(outcome);
            counts.insert(outcome.name(self.action).to_owned(), Value::from(count));
        }
        counts.insert("Requests".into(), Value::from(self.tally.requests));
        counts.insert("Retries".into(), Value::from(self.tally.retries));
        let elapsed = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        counts.insert("ElapsedMs".into(), Value::from(elapsed));
        json!({ "summary": counts, "ExitCode": self.exit.code() }).to_string()
    }

    /// Whether a table is clearer than a line: after more than one request, not
    /// counting retries.
    pub(crate) fn is_bulk(&self) -> bool {
        self.tally.requests - self.tally.retries > 1
    }

    /// One line for people, without its end. Only outcomes that occurred are in it.
    pub(crate) fn text(&self) -> String {
        let occurred = Outcome::ALL
            .into_iter()
            .filter(|o| self.tally.count(*o) > 0);
        let counts: Vec<String> = occurred
            .map(|o| format!("{} {}", self.tally.count(o), o.name(self.action)))
            .collect();
        if counts.is_empty() {
            return "nothing to do".into();
        }
        format!(
            "{}; {}, {}, {:.2} s",
            counts.join(", "),
            plural(self.tally.requests, "request", "requests"),
            plural(self.tally.retries, "retry", "retries"),
            self.elapsed.as_secs_f64(),
        )
    }

    /// A line per outcome that occurred, then requests, time and latencies;
    /// without the last line's end.
    pub(crate) fn table(&self, is_unicode: bool) -> String {
        let mut text = String::new();
        let tally = self.tally;
        for outcome in Outcome::ALL.into_iter().filter(|o| tally.count(*o) > 0) {
            let (count, color) = (tally.count(outcome), outcome_color(outcome));
            let name = outcome.name(self.action);
            let share = percent(count, tally.total());
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{color}{name:<9}{color:#} {count:>8}  {share}");
        }
        let retries = plural(tally.retries, "retry", "retries");
        row(&mut text, "requests", &tally.requests.to_string(), &retries);
        let seconds = self.elapsed.as_secs_f64();
        let rate = rate(tally.requests, self.elapsed);
        row(&mut text, "time", &format!("{seconds:.2} s"), &rate);
        if let Some(lines) = self.latencies.and_then(|took| latency(took, is_unicode)) {
            text += &lines;
        }
        text.trim_end().to_owned()
    }
}

fn row(text: &mut String, name: &str, value: &str, more: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{}",
        format!("{name:<9} {value:>8}  {more}").trim_end()
    );
}

#[allow(clippy::cast_precision_loss, reason = "no job has 2^52 members")]
fn percent(count: u64, total: u64) -> String {
    format!("{:>5.1} %", count as f64 * 100.0 / total as f64)
}

/// Nothing for a job of less than half a second: the rate would be meaningless.
#[allow(clippy::cast_precision_loss, reason = "no job has 2^52 requests")]
fn rate(requests: u64, elapsed: Duration) -> String {
    if elapsed < Duration::from_millis(500) {
        return String::new();
    }
    format!("{:.0} requests/s", requests as f64 / elapsed.as_secs_f64())
}

/// A histogram between the shortest and the longest latency, and two quantiles
/// below it.
fn latency(took: &Latencies, is_unicode: bool) -> Option<String> {
    let (shortest, longest) = took.range()?;
    let ([half, nearly], bars) = (
        [took.quantile(0.5)?, took.quantile(0.99)?].map(shown),
        bars(&took.histogram(HISTOGRAM_COLUMNS), is_unicode),
    );
    let picture = format!("{} {bars} {}", shown(shortest), shown(longest));
    Some(format!(
        "{:<9} {picture}\n{:<9} p50 {half}, p99 {nearly}\n",
        "latency", ""
    ))
}

/// The highest part is a full bar; an empty one is a blank.
fn bars(parts: &[u64], is_unicode: bool) -> String {
    let heights = if is_unicode { UNICODE } else { ASCII };
    let highest = parts.iter().copied().max().unwrap_or(0).max(1);
    let most = heights.len() as u64 - 1;
    let bar = |count: &u64| match count {
        0 => ' ',
        count => {
            let at = usize::try_from(count * most / highest).unwrap_or(0);
            heights[at]
        }
    };
    parts.iter().map(bar).collect()
}

/// In milliseconds up to 10 s, then in seconds.
fn shown(took: Duration) -> String {
    let millis = took.as_secs_f64() * 1e3;
    match millis {
        ..0.95 => "<1 ms".into(),
        ..9999.5 => format!("{millis:.0} ms"),
        _ => format!("{:.0} s", took.as_secs_f64()),
    }
}

/// The upper end of the first bucket, in microseconds.
const FIRST_BUCKET: f64 = 100.0;

/// The upper end of a bucket divided by that of the one before it.
const BUCKET_RATIO: f64 = 1.1;

/// Enough for six hours. Longer latencies are in the last bucket.
const BUCKETS: usize = 202;

/// How long answers took. Latencies are counted in buckets, each a tenth wider than
/// the one before it, so that memory does not grow with the number of answers.
#[derive(Debug, Clone)]
pub(crate) struct Latencies {
    buckets: [u64; BUCKETS],
    shortest: Duration,
    longest: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            buckets: [0; BUCKETS],
            shortest: Duration::MAX,
            longest: Duration::ZERO,
        }
    }
}

impl Latencies {
    /// Counts one latency.
    pub(crate) fn add(&mut self, took: Duration) {
        self.buckets[bucket(took)] += 1;
        self.shortest = self.shortest.min(took);
        self.longest = self.longest.max(took);
    }

    /// How many latencies were counted.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The shortest and the longest, if any was counted.
    pub(crate) fn range(&self) -> Option<(Duration, Duration)> {
        (self.count() > 0).then_some((self.shortest, self.longest))
    }

    /// The latency that this share of the answers did not exceed; at most a tenth
    /// too long.
    pub(crate) fn quantile(&self, share: f64) -> Option<Duration> {
        let (shortest, longest) = self.range()?;
        #[allow(clippy::cast_precision_loss, reason = "no job has 2^52 answers")]
        let wanted = self.count() as f64 * share;
        let mut so_far = 0;
        let at = self.buckets.iter().position(|count| {
            so_far += count;
            #[allow(clippy::cast_precision_loss, reason = "as above")]
            let reached = so_far as f64 >= wanted;
            reached && so_far > 0
        });
        Some(upper_end(at?).clamp(shortest, longest))
    }

    /// The counts of a histogram with so many columns, on a logarithmic scale.
    pub(crate) fn histogram(&self, parts: usize) -> Vec<u64> {
        let Some((shortest, longest)) = self.range() else {
            return Vec::new();
        };
        let (first, end) = (bucket(shortest), bucket(longest) + 1);
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
    let steps = (took.as_secs_f64() * 1e6 / FIRST_BUCKET)
        .log(BUCKET_RATIO)
        .ceil();
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
    Duration::from_secs_f64(FIRST_BUCKET * BUCKET_RATIO.powi(steps) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(millis: &[u64], is_unicode: bool) -> String {
        let mut took = Latencies::default();
        for ms in millis {
            took.add(Duration::from_millis(*ms));
        }
        let mut tally = Tally::default();
        (tally.requests, tally.retries) = (123_456, 12_345);
        let summary = Summary {
            action: Action::Kick,
            tally: &tally,
            latencies: Some(&took),
            elapsed: Duration::from_secs(700),
            exit: Exit::Done,
        };
        summary.table(is_unicode)
    }

    #[test]
    fn the_table_fits_40_columns() {
        let text = table(&[1, 2, 3, 5, 8, 13, 21, 34, 55, 890, 100_000], true);
        for line in text.lines() {
            assert!(line.chars().count() <= 40, "{line}");
        }
    }

    #[test]
    fn latencies_are_a_histogram_and_two_quantiles() {
        let text = table(&[10, 10, 10, 10, 40], false);
        assert_eq!(
            text,
            "requests    123456  12345 retries\ntime      700.00 s  176 requests/s\n\
             latency   10 ms #          . 40 ms\n          p50 11 ms, p99 40 ms"
        );
        assert!(table(&[10, 10, 10, 10, 40], true).contains("10 ms █"));
    }

    #[test]
    fn without_answers_there_is_no_histogram() {
        assert!(!table(&[], true).contains("latency"));
    }

    fn latencies_of(millis: impl Iterator<Item = u64>) -> Latencies {
        let mut latencies = Latencies::default();
        millis.for_each(|ms| latencies.add(Duration::from_millis(ms)));
        latencies
    }

    #[test]
    fn a_quantile_is_at_most_a_tenth_too_long() {
        let latencies = latencies_of(1..=1000);
        for (share, true_ms) in [(0.5, 500.0), (0.9, 900.0), (0.99, 990.0), (1.0, 1000.0)] {
            let found = latencies.quantile(share).expect("some").as_secs_f64() * 1e3;
            assert!(
                (true_ms..=true_ms * BUCKET_RATIO).contains(&found),
                "{share}: {found}"
            );
        }
    }

    #[test]
    fn without_latencies_there_is_no_quantile_and_one_latency_is_its_own() {
        assert_eq!(Latencies::default().quantile(0.5), None);
        assert_eq!(Latencies::default().range(), None);
        let one = latencies_of([31].into_iter());
        assert_eq!(one.quantile(0.5), Some(Duration::from_millis(31)));
        assert_eq!(one.histogram(8), [1]);
    }

    #[test]
    fn a_histogram_counts_every_latency() {
        let latencies = latencies_of((1..=500).chain([60_000]));
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
