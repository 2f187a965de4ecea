//! How far a long job is: a bar on a terminal, a line every ten seconds
//! elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::screen::{self, Screen};
use crate::job::Tally;

/// What is shown.
#[derive(Debug)]
pub enum Progress {
    /// Nothing.
    Hidden,
    /// A bar on stderr.
    Bar(Bar),
    /// Lines on stderr.
    Lines(Lines),
}

/// A bar, and what it looks like now.
#[derive(Debug)]
pub struct Bar {
    drawn: ProgressBar,
    /// There is an end.
    is_bounded: bool,
    is_unicode: bool,
    shape: Shape,
}

/// How much of it the terminal has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Whole,
    /// Without the bar itself.
    Figures,
    /// Only how far it is, and how long it will take.
    Least,
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
    /// A bar over so many members; None for a live feed.
    pub fn bar(total: Option<u64>, is_unicode: bool) -> Self {
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(Screen::default()), 10);
        let shape = Shape::of(screen::columns());
        let is_bounded = total.is_some();
        let drawn = ProgressBar::with_draw_target(total, target);
        drawn.set_style(shape.style(is_bounded, is_unicode));
        Self::Bar(Bar {
            drawn,
            is_bounded,
            is_unicode,
            shape,
        })
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
                bar.move_to(tally);
                None
            }
            Self::Lines(lines) => Some(lines.next(tally)),
        }
    }

    /// Runs `write` with the bar out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self {
            Self::Bar(Bar { drawn, .. }) => screen::at_once(|| drawn.suspend(write)),
            _ => write(),
        }
    }

    /// Leaves nothing behind.
    pub fn end(&mut self) {
        if let Self::Bar(Bar { drawn, .. }) = self {
            drawn.finish_and_clear();
        }
    }
}

impl Bar {
    fn move_to(&mut self, tally: &Tally) {
        let shape = Shape::of(screen::columns());
        if shape != self.shape {
            self.shape = shape;
            let style = shape.style(self.is_bounded, self.is_unicode);
            self.drawn.set_style(style);
        }
        self.drawn.set_message(retries(tally.retries));
        self.drawn.set_position(tally.total());
    }
}

impl Shape {
    /// The widest line of each, with six-digit figures, is what decides.
    fn of(columns: u16) -> Self {
        match columns {
            70.. => Self::Whole,
            46.. => Self::Figures,
            _ => Self::Least,
        }
    }

    fn style(self, is_bounded: bool, is_unicode: bool) -> ProgressStyle {
        let template = match (self, is_bounded) {
            (Self::Whole, true) => "{bar:24} {pos}/{len} {rate} {msg} ETA {eta}",
            (Self::Figures, true) => "{pos}/{len} {rate} {msg} ETA {eta}",
            (Self::Least, true) => "{pos}/{len} {rate} ETA {eta}",
            (Self::Whole | Self::Figures, false) => "{pos} {rate} {msg}",
            (Self::Least, false) => "{pos} {rate}",
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let characters = if is_unicode { "█░" } else { "#-" };
        style
            .progress_chars(characters)
            .with_key("rate", rate)
            .with_key("eta", eta)
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

/// How long it will take; nobody knows before the first result.
fn eta(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    let left = Duration::from_secs(state.eta().as_secs());
    // The library ignores it, too.
    let _ = match state.pos() {
        0 => write!(out, "unknown"),
        _ => write!(out, "{}", humantime::format_duration(left)),
    };
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
