//! How far a long job is: a bar on a terminal that can draw one, a line every ten
//! seconds elsewhere. Here is what they show; [`super::display`] writes it.
//!
//! The bar is our own code, about 90 lines, and not the crate `indicatif`: that
//! writes the bar apart from the results, which flickers when both are on the same
//! terminal.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::text::plural;
use crate::error::grouped;
use crate::job::Tally;

/// What is shown.
#[derive(Debug)]
pub(crate) enum Progress {
    /// Nothing.
    Hidden,
    /// A bar on stderr.
    Bar(Bar),
    /// Lines on stderr.
    Lines(ProgressLines),
}

/// A bar as it was at the last tick.
#[derive(Debug)]
pub(crate) struct Bar {
    /// Members of the job; None for a live feed.
    total: Option<u64>,
    is_unicode: bool,
    /// None before the first tick, when nothing is shown.
    state: Option<BarState>,
}

#[derive(Debug)]
struct BarState {
    /// Members that were processed.
    done: u64,
    retries: u64,
    rate: Rate,
    at: SystemTime,
}

/// What lines of progress remember.
#[derive(Debug)]
pub(crate) struct ProgressLines {
    /// Members of the job; None for a live feed.
    total: Option<u64>,
    /// Members that were processed at the last line.
    done: u64,
}

/// How far a job is: one line. The keys are those of `-o json`.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ProgressLine {
    /// Members that were processed.
    done: u64,
    /// Members of the job; None for a live feed.
    total: Option<u64>,
    /// Members processed in each of the last seconds.
    per_second: u64,
    retries: u64,
    /// None while it is unknown.
    eta_seconds: Option<u64>,
}

/// How far the reading of lists is, before a job: one line.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReadingLine {
    /// The room whose list is read.
    #[serde(rename = "Reading")]
    pub(crate) room: String,
    /// Its number, from 1.
    #[serde(rename = "Room")]
    pub(crate) number: usize,
    pub(crate) rooms: usize,
    /// Pages and names of its list so far.
    pub(crate) pages: usize,
    pub(crate) names: usize,
}

/// `room lobby, 2 of 25: 12 pages, 600 names`
impl fmt::Display for ReadingLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "room {}", self.room)?;
        if self.rooms > 1 {
            write!(f, ", {} of {}", grouped(self.number), grouped(self.rooms))?;
        }
        let (pages, names) = (self.pages as u64, self.names as u64);
        let (pages, names) = (
            plural(pages, "page", "pages"),
            plural(names, "name", "names"),
        );
        write!(f, ": {pages}, {names} read")
    }
}

/// How often a bar moves, and so how long results may wait for it.
const BAR_TICK: Duration = Duration::from_millis(100);

/// How often a line is written.
const LINE_TICK: Duration = Duration::from_secs(10);

/// Columns of the bar itself.
const BAR_WIDTH: u64 = 24;

impl Progress {
    /// A bar over so many members; None for a live feed.
    pub(crate) fn new_bar(total: Option<u64>, is_unicode: bool) -> Self {
        Self::Bar(Bar {
            total,
            is_unicode,
            state: None,
        })
    }

    /// A line every ten seconds over so many members; None for a live feed.
    pub(crate) fn new_lines(total: Option<u64>) -> Self {
        Self::Lines(ProgressLines { total, done: 0 })
    }

    /// How often [`Progress::tick`] is to be called.
    pub(crate) fn interval(&self) -> Option<Duration> {
        match self {
            Self::Hidden => None,
            Self::Bar(_) => Some(BAR_TICK),
            Self::Lines(_) => Some(LINE_TICK),
        }
    }

    /// Whether it is a bar, shown or not.
    pub(crate) fn is_bar(&self) -> bool {
        matches!(self, Self::Bar(_))
    }

    /// Moves the bar, or returns the line to write.
    pub(crate) fn tick(&mut self, tally: &Tally, now: SystemTime) -> Option<ProgressLine> {
        match self {
            Self::Hidden => None,
            Self::Bar(bar) => {
                bar.tick(tally, now);
                None
            }
            Self::Lines(lines) => Some(lines.next(tally)),
        }
    }

    /// The bar's text for so many columns; None while no bar is shown.
    pub(super) fn bar_text(&self, columns: u16) -> Option<String> {
        match self {
            Self::Bar(bar) => Some(bar.text(bar.state.as_ref()?, columns)),
            Self::Hidden | Self::Lines(_) => None,
        }
    }
}

impl Bar {
    fn tick(&mut self, tally: &Tally, now: SystemTime) {
        let done = tally.processed();
        let state = self.state.get_or_insert_with(|| BarState {
            done: 0,
            retries: 0,
            rate: Rate::default(),
            // The first tick comes one interval after the start.
            at: now.checked_sub(BAR_TICK).unwrap_or(now),
        });
        let took = now.duration_since(state.at).unwrap_or_default();
        state.rate.add(done.saturating_sub(state.done), took);
        (state.done, state.retries, state.at) = (done, tally.retries, now);
    }

    /// The more columns, the more parts. The widest line of each, with six-digit
    /// figures, decides.
    fn text(&self, state: &BarState, columns: u16) -> String {
        let (done, rate) = (state.done, state.rate.per_second());
        let retries = plural(state.retries, "retry", "retries");
        let Some(total) = self.total else {
            return match columns {
                46.. => format!("{done} {rate:.0}/s {retries}"),
                _ => format!("{done} {rate:.0}/s"),
            };
        };
        let eta = eta(done, total, rate);
        match columns {
            70.. => {
                let bar = self.drawn(done, total);
                format!("{bar} {done}/{total} {rate:.0}/s {retries} ETA {eta}")
            }
            46.. => format!("{done}/{total} {rate:.0}/s {retries} ETA {eta}"),
            _ => format!("{done}/{total} {rate:.0}/s ETA {eta}"),
        }
    }

    fn drawn(&self, done: u64, total: u64) -> String {
        let [full, empty] = if self.is_unicode {
            ['█', '░']
        } else {
            ['#', '-']
        };
        let filled = (done * BAR_WIDTH).checked_div(total).unwrap_or(BAR_WIDTH);
        let cell = |at| if at < filled { full } else { empty };
        (0..BAR_WIDTH).map(cell).collect()
    }
}

/// How long it will take; unknown before the first result.
fn eta(done: u64, total: u64, rate: f64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "no job has 2^52 members")]
    let left = Duration::try_from_secs_f64(total.saturating_sub(done) as f64 / rate);
    match left {
        Ok(left) if done > 0 => {
            humantime::format_duration(Duration::from_secs(left.as_secs())).to_string()
        }
        _ => "unknown".into(),
    }
}

/// Members a second: the average of all time at the start, later of the last
/// 15 s or so.
#[derive(Debug, Default)]
struct Rate {
    /// Members a second, each moment weighted less the longer it is past.
    weighted: f64,
    /// The sum of the weights; 1 after a long time.
    weights: f64,
}

/// Seconds after which a moment has a third of its weight.
const MEMORY: f64 = 15.0;

impl Rate {
    /// So many members in this time.
    fn add(&mut self, members: u64, took: Duration) {
        // A process that was stopped for an hour was not slow for an hour.
        let seconds = took.as_secs_f64().min(1.0);
        if seconds == 0.0 {
            return;
        }
        // Nearly exp(-seconds / MEMORY), which would load the library of mathematics
        // at every start.
        let kept = MEMORY / (MEMORY + seconds);
        #[allow(clippy::cast_precision_loss, reason = "no job has 2^52 members")]
        let now = members as f64 / seconds;
        self.weighted = self.weighted * kept + now * (1.0 - kept);
        self.weights = self.weights * kept + (1.0 - kept);
    }

    fn per_second(&self) -> f64 {
        if self.weights == 0.0 {
            return 0.0;
        }
        self.weighted / self.weights
    }
}

impl ProgressLines {
    fn next(&mut self, tally: &Tally) -> ProgressLine {
        let done = tally.processed();
        let rate = done.saturating_sub(self.done) / LINE_TICK.as_secs();
        self.done = done;
        let left = self.total.map(|total| total.saturating_sub(done));
        let eta = left.and_then(|left| left.checked_div(rate));
        ProgressLine {
            done,
            total: self.total,
            per_second: rate,
            retries: tally.retries,
            // After a stop the rest is never processed.
            eta_seconds: eta.filter(|_| tally.given_up == 0),
        }
    }
}

/// For people.
impl fmt::Display for ProgressLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [done, rate] = [self.done, self.per_second].map(grouped);
        let retries = plural(self.retries, "retry", "retries");
        let Some(total) = self.total else {
            return write!(f, "{done} members, {rate}/s, {retries}");
        };
        let total = grouped(total);
        write!(f, "{done} of {total} members, {rate}/s, {retries}, ETA ")?;
        match self.eta_seconds {
            Some(left) => humantime::format_duration(Duration::from_secs(left)).fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn line(progress: &mut Progress, tally: &Tally) -> String {
        progress.tick(tally, START).expect("a line").to_string()
    }

    #[test]
    fn a_line_has_done_total_rate_retries_and_eta() {
        let mut progress = Progress::new_lines(Some(100));
        assert_eq!(
            line(&mut progress, &Tally::default()),
            "0 of 100 members, 0/s, 0 retries, ETA unknown"
        );
        assert_eq!(progress.interval(), Some(Duration::from_secs(10)));
    }

    #[test]
    fn members_that_a_stop_left_unsent_are_not_done_and_end_the_eta() {
        let mut progress = Progress::new_lines(Some(2000));
        let mut tally = Tally::with_counts([50, 0, 0, 0, 0, 0]);
        let first = line(&mut progress, &tally);
        assert!(first.ends_with("members, 5/s, 0 retries, ETA 6m 30s"));
        tally = Tally::with_counts([50, 0, 0, 0, 1950, 0]);
        tally.given_up = 1950;
        assert_eq!(
            line(&mut progress, &tally),
            "50 of 2,000 members, 0/s, 0 retries, ETA unknown"
        );
    }

    #[test]
    fn hidden_progress_has_no_interval() {
        assert_eq!(Progress::Hidden.interval(), None);
    }

    /// A bar after so many seconds at ten members in a tenth of a second.
    fn moved(total: Option<u64>, seconds: u64) -> Progress {
        let mut bar = Progress::new_bar(total, false);
        for tick in 1..=seconds * 10 {
            let tally = Tally::with_counts([tick * 10, 0, 0, 0, 0, 0]);
            let now = START + BAR_TICK * u32::try_from(tick).expect("few");
            assert_eq!(bar.tick(&tally, now), None);
        }
        bar
    }

    #[test]
    fn a_bar_has_the_parts_that_its_columns_have_room_for() {
        let bar = moved(Some(2000), 10);
        let text = |columns| bar.bar_text(columns).expect("shown");
        let figures = "1000/2000 100/s 0 retries ETA 10s";
        assert_eq!(text(79), format!("############------------ {figures}"));
        assert_eq!(text(69), figures);
        assert_eq!(text(45), "1000/2000 100/s ETA 10s");
        let feed = moved(None, 10);
        assert_eq!(feed.bar_text(79).expect("shown"), "1000 100/s 0 retries");
        assert_eq!(feed.bar_text(45).expect("shown"), "1000 100/s");
    }

    #[test]
    fn a_bar_is_shown_from_its_first_tick_on_and_its_eta_after_the_first_result() {
        let mut bar = Progress::new_bar(Some(20), true);
        assert_eq!(bar.bar_text(79), None);
        bar.tick(&Tally::default(), START);
        assert_eq!(
            bar.bar_text(79).expect("shown"),
            "░░░░░░░░░░░░░░░░░░░░░░░░ 0/20 0/s 0 retries ETA unknown"
        );
    }

    #[test]
    fn the_rate_follows_a_change_and_forgets_a_pause_of_the_process() {
        let mut rate = Rate::default();
        let mut add = |members, seconds| {
            for _ in 0..seconds * 10 {
                rate.add(members, BAR_TICK);
            }
            rate.per_second()
        };
        assert!((add(19, 60) - 190.0).abs() < 1e-6);
        let slower = add(1, 60);
        assert!((10.0..15.0).contains(&slower), "{slower}");
        rate.add(1, Duration::from_secs(3600));
        assert!(rate.per_second() > 9.0);
        rate.add(1, Duration::ZERO);
        assert!(rate.per_second().is_finite());
    }
}
