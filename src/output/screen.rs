//! The bar's one line on the terminal: what its library draws is kept here
//! until it is written, and where it is written nothing of it stays behind.
//!
//! The cursor rests at the line's first column. However the terminal folds the
//! line when its window becomes narrower, all of it is then at the cursor and
//! below, where [`CLEAR_BAR`] clears it; and an echoed `^C` makes it no longer.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indicatif::TermLike;
use rustix::termios::tcgetwinsize;

/// Where a terminal does not tell.
const USUAL: u16 = 80;

/// Takes the bar away. From the second column on, as tmux keeps in its history
/// what is cleared from the very first one of the window.
pub(super) const CLEAR_BAR: &str = "\r \x1b[J\r";

/// Around a line that is not to be folded: a window is narrower for a while
/// before the terminal tells.
const NO_WRAP: [&str; 2] = ["\x1b[?7l", "\x1b[?7h"];

/// What a terminal that knows them draws as one; others ignore them.
const SYNCHRONIZED: [&str; 2] = ["\x1b[?2026h", "\x1b[?2026l"];

/// The line that was drawn last.
#[derive(Debug, Default, Clone)]
pub(super) struct Screen {
    line: Arc<Mutex<String>>,
}

/// Columns that a bar may use: terminals wrap when the last one is written.
pub(super) fn columns() -> u16 {
    let size = tcgetwinsize(io::stderr());
    let columns = size.map_or(0, |size| size.ws_col);
    let columns = if columns == 0 { USUAL } else { columns };
    columns.saturating_sub(1).max(1)
}

/// A terminal that went away is told nothing.
pub(super) fn write(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

impl Screen {
    /// What goes before a text that is written where the line is, and what goes
    /// behind it to have the line below.
    pub(super) fn around(&self) -> [String; 2] {
        let ([begin, end], [unfolded, folded]) = (SYNCHRONIZED, NO_WRAP);
        // All its characters are one column wide.
        let line: String = self.line().chars().take(columns().into()).collect();
        let line = format!("{unfolded}{line}\r{folded}{end}");
        [format!("{begin}{CLEAR_BAR}"), line]
    }

    fn line(&self) -> MutexGuard<'_, String> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// There is only one line, so the cursor never leaves it.
impl TermLike for Screen {
    fn width(&self) -> u16 {
        columns()
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)
    }

    /// Without the blanks by which the library fills a line: it is clear
    /// already.
    fn write_str(&self, text: &str) -> io::Result<()> {
        if !text.trim_start_matches(' ').is_empty() {
            self.line().push_str(text);
        }
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.line().clear();
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(screen: &Screen, line: &str) {
        screen.clear_line().expect("kept");
        screen.write_str(line).expect("kept");
        screen.write_str("     ").expect("kept");
        screen.move_cursor_up(0).expect("kept");
        screen.flush().expect("kept");
    }

    #[test]
    fn only_the_last_line_is_written_with_no_blanks_at_its_end() {
        let screen = Screen::default();
        draw(&screen, "bar 1/2");
        draw(&screen, "bar 2/2");
        let [before, behind] = screen.around();
        assert_eq!(before, "\x1b[?2026h\r \x1b[J\r");
        assert_eq!(behind, "\x1b[?7lbar 2/2\r\x1b[?7h\x1b[?2026l");
    }

    #[test]
    fn no_line_is_longer_than_the_terminal_is_wide() {
        let screen = Screen::default();
        draw(&screen, &"#".repeat(1000));
        let [_, behind] = screen.around();
        assert_eq!(behind.matches('#').count(), usize::from(columns()));
    }
}
