//! How far a long job is: a bar on a terminal, a line every ten seconds
//! elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::job::Tally;

/// What is shown.
#[derive(Debug)]
pub enum Progress {
    /// Nothing.
    Hidden,
    /// A bar on stderr.
    Bar(ProgressBar),
    /// Lines on stderr.
    Lines(Lines),
}

/// What lines need to remember.
#[derive(Debug)]
pub struct Lines {
    /// Members of the job; None for a live feed.
    total: Option<u64>,
    settled: u64,
}

/// How often a bar moves without a result.
const BAR_TICK: Duration = Duration::from_millis(250);

/// How often a line is said.
const LINE_TICK: Duration = Duration::from_secs(10);

impl Progress {
    /// A bar over so many members; None for a live feed. Lines where the
    /// terminal can only be written to from left to right.
    pub fn bar(total: Option<u64>) -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(10);
        if target.is_hidden() {
            return Self::lines(total);
        }
        let bar = ProgressBar::with_draw_target(total, target);
        let template = match total {
            Some(_) => "{bar:24} {pos}/{len} {rate} {msg} ETA {eta}",
            None => "{spinner} {pos} {rate} {msg}",
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("rate", rate));
        Self::Bar(bar)
    }

    /// A line now and then over so many members; None for a live feed.
    pub fn lines(total: Option<u64>) -> Self {
        Self::Lines(Lines { total, settled: 0 })
    }

    /// How often [`Progress::tick`] is to be called.
    pub fn interval(&self) -> Option<Duration> {
        match self {
            Self::Hidden => None,
            Self::Bar(_) => Some(BAR_TICK),
            Self::Lines(_) => Some(LINE_TICK),
        }
    }

    /// Moves the bar, or returns the line to say.
    pub fn tick(&mut self, tally: &Tally) -> Option<String> {
        match self {
            Self::Hidden => None,
            Self::Bar(bar) => {
                bar.set_message(retries(tally.retries));
                bar.set_position(tally.total());
                None
            }
            Self::Lines(lines) => Some(lines.next(tally)),
        }
    }

    /// Runs `write` with the bar out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self {
            Self::Bar(bar) => bar.suspend(write),
            _ => write(),
        }
    }

    /// Leaves nothing behind.
    pub fn end(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    fn next(&mut self, tally: &Tally) -> String {
        let settled = tally.total();
        let rate = settled.saturating_sub(self.settled) / LINE_TICK.as_secs();
        self.settled = settled;
        let retries = retries(tally.retries);
        let Some(total) = self.total else {
            return format!("progress: {settled} members, {rate}/s, {retries}");
        };
        let left = total.saturating_sub(settled).checked_div(rate);
        let eta = left.map_or("unknown".into(), |seconds| {
            humantime::format_duration(Duration::from_secs(seconds)).to_string()
        });
        format!("progress: {settled} of {total} members, {rate}/s, {retries}, ETA {eta}")
    }
}

/// Members a second; the library's own figure has four decimals.
fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    // The library ignores it, too.
    let _ = write!(out, "{:.0}/s", state.per_sec());
}

fn retries(count: u64) -> String {
    if count == 1 {
        "1 retry".into()
    } else {
        format!("{count} retries")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_done_total_rate_retries_and_eta() {
        let mut progress = Progress::lines(Some(100));
        let line = progress.tick(&Tally::default()).expect("a line");
        assert_eq!(
            line,
            "progress: 0 of 100 members, 0/s, 0 retries, ETA unknown"
        );
        assert_eq!(progress.interval(), Some(Duration::from_secs(10)));
    }

    #[test]
    fn hidden_asks_for_no_tick() {
        assert_eq!(Progress::Hidden.interval(), None);
    }
}
