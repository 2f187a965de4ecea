//! What a running job shows: results on stdout, notes and progress on stderr.
//! This is the one owner of the bar's line: all else that is written while the
//! bar is on the terminal goes through here.
//!
//! The bar is erased before a text and drawn again below it, both in one write
//! with the text where that is possible: nothing flickers. The cursor rests in
//! the line's first column. So when a window becomes narrower and the terminal
//! folds the line, all of it is at the cursor and below, where [`CLEAR_BAR`]
//! clears it; and an echoed `^C` makes the line no longer.

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use rustix::termios::tcgetwinsize;

use super::notes::Notes;
use super::progress::Progress;
use super::results::Results;
use crate::job::{ListenerError, Settled, Tally};
use crate::stdio::Stderr;

/// Clears the bar. From the second column on, because tmux keeps in its history
/// what is cleared from the very first one of the window.
const CLEAR_BAR: &str = "\r \x1b[J\r";

/// Before and after a line that must not be folded: a window is narrower for a while
/// before the terminal reports it.
const NO_WRAP: [&str; 2] = ["\x1b[?7l", "\x1b[?7h"];

/// Before and after what the terminal draws in one step, if it can; others ignore it.
const SYNCHRONIZED: [&str; 2] = ["\x1b[?2026h", "\x1b[?2026l"];

/// Where the terminal does not report its width.
const DEFAULT_COLUMNS: u16 = 80;

/// Results, notes and progress of one job.
#[derive(Debug)]
pub(crate) struct Display<O, E> {
    results: Results<O>,
    notes: Notes<E>,
    progress: Progress,
    /// Results go to a terminal, most likely the bar's.
    results_on_terminal: bool,
}

/// What is written before and after a text that takes the bar's place.
#[derive(Debug, Default)]
struct BarFrame {
    before: String,
    after: String,
}

impl<O: Write, E: Write> Display<O, E> {
    /// `results_on_terminal` is whether stdout is a terminal.
    pub(crate) fn new(
        results: Results<O>,
        notes: Notes<E>,
        progress: Progress,
        results_on_terminal: bool,
    ) -> Self {
        Self {
            results,
            notes,
            progress,
            results_on_terminal,
        }
    }

    /// How often [`Display::tick`] is to be called.
    pub(crate) fn interval(&self) -> Option<Duration> {
        self.progress.interval()
    }

    /// Whether notes show details.
    pub(crate) fn is_verbose(&self) -> bool {
        self.notes.is_verbose()
    }

    /// Writes notes above the bar.
    pub(crate) fn write_note(&mut self, write: impl FnOnce(&mut Notes<E>)) {
        let frame = self.bar_frame();
        write_to_stderr(&frame.before);
        write(&mut self.notes);
        write_to_stderr(&frame.after);
    }

    /// For after [`Display::close`], when there is no bar.
    pub(crate) fn notes_without_bar(&mut self) -> &mut Notes<E> {
        &mut self.notes
    }

    /// Writes the outcome of a batch above the bar, at once or at the next tick.
    pub(crate) fn settled(&mut self, settled: &Settled) -> Result<(), ListenerError> {
        // Elsewhere than on a terminal, results do not meet the bar.
        if !self.results_on_terminal || self.results.is_buffered() {
            return self.results.settled(settled);
        }
        let frame = self.bar_frame();
        write_to_stderr(&frame.before);
        let written = self.results.settled(settled);
        write_to_stderr(&frame.after);
        written
    }

    /// Moves the bar and writes the results that waited for it, or writes a line
    /// of progress.
    pub(crate) fn tick(&mut self, tally: &Tally, now: SystemTime) -> Result<(), ListenerError> {
        if let Some(line) = self.progress.tick(tally, now) {
            self.notes.progress(&line);
        }
        let BarFrame { before, after } = self.bar_frame();
        if self.results.has_buffered() {
            return self.results.flush(&before, &after);
        }
        write_to_stderr(&(before + &after));
        Ok(())
    }

    /// Separates what follows from the rows of results above it, on the same terminal.
    pub(crate) fn separate(&mut self) {
        if self.results_on_terminal && self.results.has_rows() {
            self.notes.blank_line();
        }
    }

    /// Clears the bar for good; results are written at once from here on.
    pub(crate) fn close(&mut self) -> Result<(), ListenerError> {
        if self.progress.bar_text(columns()).is_some() {
            write_to_stderr(CLEAR_BAR);
        }
        self.progress = Progress::Hidden;
        self.results.stop_buffering()
    }

    /// Nothing while there is no bar.
    fn bar_frame(&self) -> BarFrame {
        let columns = columns();
        self.progress
            .bar_text(columns)
            .map_or_else(BarFrame::default, |bar| bar_frame(&bar, columns))
    }
}

/// A line of text in the bar's place, while there is no job.
#[derive(Debug, Default)]
pub(crate) struct StatusLine {
    is_shown: bool,
}

impl StatusLine {
    /// Shows this text in place of the one before.
    pub(crate) fn show(&mut self, text: &str) {
        let BarFrame { before, after } = bar_frame(text, columns());
        write_to_stderr(&(before + &after));
        self.is_shown = true;
    }

    /// Clears the line, because something else is written.
    pub(crate) fn hide(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            write_to_stderr(CLEAR_BAR);
        }
    }
}

fn bar_frame(bar: &str, columns: u16) -> BarFrame {
    let ([begin, end], [no_wrap, wrap]) = (SYNCHRONIZED, NO_WRAP);
    // All its characters are one column wide.
    let line: String = bar.chars().take(columns.into()).collect();
    BarFrame {
        before: format!("{begin}{CLEAR_BAR}"),
        after: format!("{no_wrap}{line}\r{wrap}{end}"),
    }
}

/// Columns that a bar may use: terminals wrap when the last one is written.
fn columns() -> u16 {
    let size = tcgetwinsize(io::stderr());
    let columns = size.map_or(0, |size| size.ws_col);
    let columns = if columns == 0 {
        DEFAULT_COLUMNS
    } else {
        columns
    };
    columns.saturating_sub(1).max(1)
}

/// A terminal that is closed is not an error.
fn write_to_stderr(text: &str) {
    let _ = Stderr.write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_place_of_the_bar_which_is_drawn_below_it() {
        let BarFrame { before, after } = bar_frame("bar 2/2", 79);
        assert_eq!(before, "\x1b[?2026h\r \x1b[J\r");
        assert_eq!(after, "\x1b[?7lbar 2/2\r\x1b[?7h\x1b[?2026l");
    }

    #[test]
    fn no_line_is_longer_than_the_terminal_is_wide() {
        let BarFrame { after, .. } = bar_frame(&"#".repeat(1000), 79);
        assert_eq!(after.matches('#').count(), 79);
    }
}
