//! The counts at the end of a job, on stderr: a line of JSON, a line of text, or a
//! table at most 40 columns wide for a long job on a terminal.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::latencies::Latencies;
use super::text::{outcome_color, plural};
use crate::error::grouped;
use crate::exit::Exit;
use crate::job::{Outcome, Tally};
use crate::room::Action;

/// Columns of the histogram of latencies.
const HISTOGRAM_COLUMNS: usize = 12;

/// Bars of growing height.
const ASCII: [char; 8] = ['.', '.', ':', ':', '|', '|', '#', '#'];
const UNICODE: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Of a job without members.
pub(super) const NOTHING_TO_DO: &str = "nothing to do";

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
    /// With `--verify`.
    pub(crate) verified: Option<VerifiedCounts>,
}

/// What `--verify` found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VerifiedCounts {
    /// Members of the job that are in their rooms.
    pub(crate) in_room: u64,
    /// Rooms whose lists are complete.
    pub(crate) rooms: u64,
    /// All other rooms.
    pub(crate) not_verified: u64,
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
        if let Some(verified) = self.verified {
            counts.insert("InRoom".into(), Value::from(verified.in_room));
            counts.insert("RoomsVerified".into(), Value::from(verified.rooms));
            counts.insert(
                "RoomsNotVerified".into(),
                Value::from(verified.not_verified),
            );
        }
        json!({ "summary": counts, "ExitCode": self.exit.code() }).to_string()
    }

    /// Whether a table is clearer than a line: after more than one request, not
    /// counting retries.
    pub(crate) fn is_bulk(&self) -> bool {
        self.tally.requests - self.tally.retries > 1 && !self.is_nothing_to_do()
    }

    /// There was no member, also where lists were read.
    pub(crate) fn is_nothing_to_do(&self) -> bool {
        let is_success = self.exit == Exit::Done && self.verified.is_none();
        self.tally.total() == 0 && (self.tally.requests == 0 || is_success)
    }

    /// One line for people, without its end. Only outcomes that occurred are in it.
    pub(crate) fn text(&self) -> String {
        let occurred = Outcome::ALL
            .into_iter()
            .filter(|o| self.tally.count(*o) > 0);
        let counts: Vec<String> = occurred
            .map(|o| format!("{} {}", grouped(self.tally.count(o)), o.name(self.action)))
            .collect();
        let counts = match (counts.is_empty(), self.tally.requests) {
            (true, 0) => return NOTHING_TO_DO.into(),
            (true, _) if self.is_nothing_to_do() => NOTHING_TO_DO.to_owned(),
            // The list of a room could not be read.
            (true, _) if self.exit != Exit::Done && self.verified.is_none() => {
                format!("nobody was {}", self.action.success_word())
            }
            // Only rooms were read.
            (true, _) => "nobody left to process".to_owned(),
            (false, _) => counts.join(", "),
        };
        format!(
            "{counts}; {}, {}, {:.2} s",
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
            let count = grouped(count);
            let _ = writeln!(text, "{color}{name:<9}{color:#} {count:>9}  {share}");
        }
        let word = if tally.retries == 1 {
            "retry"
        } else {
            "retries"
        };
        let retries = format!("{} {word}", grouped(tally.retries));
        row(&mut text, "requests", &grouped(tally.requests), &retries);
        let rate = rate(tally.requests, self.elapsed);
        row(&mut text, "time", &time(self.elapsed), &rate);
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
        format!("{name:<9} {value:>9}  {more}").trim_end()
    );
}

/// In seconds up to ten minutes, then also in minutes and hours.
fn time(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        ..600 => format!("{:.2} s", elapsed.as_secs_f64()),
        seconds => humantime::format_duration(Duration::from_secs(seconds)).to_string(),
    }
}

/// 100 % and 0 % only where they are exact: three of a million are not 0 %.
#[allow(clippy::cast_precision_loss, reason = "no job has 2^52 members")]
fn percent(count: u64, total: u64) -> String {
    let share = count as f64 * 100.0 / total as f64;
    let share = if count == total || count == 0 {
        share
    } else {
        share.clamp(0.1, 99.9)
    };
    format!("{share:>5.1} %")
}

/// Nothing for a job of less than half a second: the rate would be meaningless.
#[allow(clippy::cast_precision_loss, reason = "no job has 2^52 requests")]
fn rate(requests: u64, elapsed: Duration) -> String {
    if elapsed < Duration::from_millis(500) {
        return String::new();
    }
    let rate = format!("{:.0}", requests as f64 / elapsed.as_secs_f64());
    let word = if rate == "1" { "request" } else { "requests" };
    format!("{rate} {word}/s")
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

/// In milliseconds up to 10 s, then in seconds: three digits, because percentiles
/// are exact to 1 %.
fn shown(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    let (figure, unit) = if seconds < 9.9995 {
        (seconds * 1e3, "ms")
    } else {
        (seconds, "s")
    };
    match figure {
        ..9.995 => format!("{figure:.2} {unit}"),
        ..99.95 => format!("{figure:.1} {unit}"),
        _ => format!("{figure:.0} {unit}"),
    }
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
            verified: None,
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
    fn only_all_members_are_100_percent() {
        let shares = [(1, 1_000_000), (999_999, 1_000_000), (1, 1), (1, 3)];
        let shown = shares.map(|(count, total)| percent(count, total));
        assert_eq!(shown, ["  0.1 %", " 99.9 %", "100.0 %", " 33.3 %"]);
    }

    #[test]
    fn latencies_are_a_histogram_and_two_quantiles() {
        let text = table(&[10, 10, 10, 10, 40], false);
        assert_eq!(
            text,
            "requests    123,456  12,345 retries\ntime        11m 40s  176 requests/s\n\
             latency   10.0 ms #          . 40.0 ms\n          p50 10.0 ms, p99 40.0 ms"
        );
        assert!(table(&[10, 10, 10, 10, 40], true).contains("10.0 ms █"));
    }

    #[test]
    fn without_answers_there_is_no_histogram() {
        assert!(!table(&[], true).contains("latency"));
    }
}
