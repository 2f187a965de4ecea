//! How far a long job is: a bar on a terminal, a line every ten seconds
//! elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::screen::{self, CLEAR_BAR, Screen};
use crate::job::Tally;

/// What is shown.
#[derive(Debug)]
pub enum Progress {
    /// Nothing.
    Hidden,
    /// A bar on stderr.
    Bar(Bar),
    /// Lines on stderr.
    Lines(ProgressLines),
}

/// A bar, and what it looks like now.
#[derive(Debug)]
pub struct Bar {
    drawn: ProgressBar,
    screen: Screen,
    /// The terminal has seen it.
    is_shown: bool,
    /// There is an end.
    is_bounded: bool,
    is_unicode: bool,
}

/// How much of it the terminal has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BarWidth {
    UnbufferedStdout,
    /// Without the bar itself.
    Figures,
    /// Only how far it is, and how long it will take.
    Least,
}

/// What lines need to remember.
#[derive(Debug)]
pub struct ProgressLines {
    /// Members of the job; None for a live feed.
    total: Option<u64>,
    settled: u64,
}

/// How often a bar moves, and so how long results may wait for it.
const BAR_TICK: Duration = Duration::from_millis(100);

/// How often a line is said.
const LINE_TICK: Duration = Duration::from_secs(10);

impl Progress {
    /// A bar over so many members; None for a live feed.
    pub fn bar(total: Option<u64>, is_unicode: bool) -> Self {
        let screen = Screen::default();
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        Self::Bar(Bar {
            drawn: ProgressBar::with_draw_target(total, target),
            screen,
            is_shown: false,
            is_bounded: total.is_some(),
            is_unicode,
        })
    }

    /// A line now and then over so many members; None for a live feed.
    pub fn lines(total: Option<u64>) -> Self {
        Self::Lines(ProgressLines { total, settled: 0 })
    }

    /// How often [`Progress::tick`] is to be called.
    pub fn interval(&self) -> Option<Duration> {
        match self {
            Self::Hidden => None,
            Self::Bar(_) => Some(BAR_TICK),
            Self::Lines(_) => Some(LINE_TICK),
        }
    }

    /// Whether it is a bar, which results and notes must not write into.
    pub fn is_bar(&self) -> bool {
        matches!(self, Self::Bar(_))
    }

    /// Moves the bar, for whoever shows it next, or returns the line to say.
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

    /// What goes before and behind a text on the bar's terminal, so that the
    /// bar is below it; nothing where there is no bar yet.
    pub fn around(&self) -> [String; 2] {
        match self {
            Self::Bar(bar) if bar.is_shown => bar.around(),
            _ => [const { String::new() }; 2],
        }
    }

    /// Runs `write` with the bar out of the way.
    pub fn with_bar_hidden<T>(&self, write: impl FnOnce() -> T) -> T {
        let [before, behind] = self.around();
        screen::write(&before);
        let written = write();
        screen::write(&behind);
        written
    }

    /// Shows the bar as it is now.
    pub fn show(&self) {
        screen::write(&self.around().concat());
    }

    /// Takes a bar away for good.
    pub fn clear(&mut self) {
        if let Self::Bar(bar) = self {
            if bar.is_shown {
                screen::write(CLEAR_BAR);
            }
            *self = Self::Hidden;
        }
    }
}

impl Bar {
    fn move_to(&mut self, tally: &Tally) {
        self.is_shown = true;
        self.drawn.set_position(tally.tried());
        self.drawn.set_message(retries(tally.retries));
    }

    /// In the shape for which the terminal has room at this moment.
    fn around(&self) -> [String; 2] {
        let width = BarWidth::of(screen::columns());
        let style = width.style(self.is_bounded, self.is_unicode);
        self.drawn.set_style(style);
        self.drawn.force_draw();
        self.screen.around()
    }
}

impl BarWidth {
    /// The widest line of each, with six-digit figures, is what decides.
    fn of(columns: u16) -> Self {
        match columns {
            70.. => Self::UnbufferedStdout,
            46.. => Self::Figures,
            _ => Self::Least,
        }
    }

    fn style(self, is_bounded: bool, is_unicode: bool) -> ProgressStyle {
        let template = match (self, is_bounded) {
            (Self::UnbufferedStdout, true) => "{bar:24} {pos}/{len} {rate} {msg} ETA {eta}",
            (Self::Figures, true) => "{pos}/{len} {rate} {msg} ETA {eta}",
            (Self::Least, true) => "{pos}/{len} {rate} ETA {eta}",
            (Self::UnbufferedStdout | Self::Figures, false) => "{pos} {rate} {msg}",
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

impl ProgressLines {
    fn next(&mut self, tally: &Tally) -> String {
        let settled = tally.tried();
        let rate = settled.saturating_sub(self.settled) / LINE_TICK.as_secs();
        self.settled = settled;
        let retries = retries(tally.retries);
        let Some(total) = self.total else {
            return format!("progress: {settled} members, {rate}/s, {retries}");
        };
        let left = total.saturating_sub(settled).checked_div(rate);
        // What a stop has left to do is never done.
        let left = left.filter(|_| tally.given_up == 0);
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
    fn members_that_a_stop_left_unsent_are_not_done_and_end_the_eta() {
        let mut progress = Progress::lines(Some(2000));
        let mut tally = Tally::with_counts([50, 0, 0, 0, 0, 0]);
        let line = progress.tick(&tally).expect("a line");
        assert!(line.ends_with("members, 5/s, 0 retries, ETA 6m 30s"));
        tally = Tally::with_counts([50, 0, 0, 0, 1950, 0]);
        tally.given_up = 1950;
        assert_eq!(
            progress.tick(&tally).expect("a line"),
            "progress: 50 of 2000 members, 0/s, 0 retries, ETA unknown"
        );
    }

    #[test]
    fn hidden_asks_for_no_tick() {
        assert_eq!(Progress::Hidden.interval(), None);
    }
}
