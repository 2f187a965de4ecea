//! The terminal as the progress bar's library is to see it: a bar that leaves
//! nothing behind and does not flicker.
//!
//! Every picture is one write. The cursor stays behind the bar's last character
//! with room for the `^C` that a terminal echoes: were the line full, the echo
//! would wrap, and the bar above it could not be cleared any more.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::TermLike;
use rustix::termios::tcgetwinsize;

/// Columns that are left free at the right: an echoed `^C`, and one more, as
/// terminals wrap when the last one is written.
const FREE: u16 = 3;

/// Where a terminal does not tell.
const USUAL: u16 = 80;

/// Stderr, written to by whole pictures.
#[derive(Debug, Default)]
pub(super) struct Screen {
    picture: Mutex<String>,
}

/// Columns that a bar may use.
pub(super) fn columns() -> u16 {
    let size = tcgetwinsize(io::stderr());
    let columns = size.map_or(0, |size| size.ws_col);
    let columns = if columns == 0 { USUAL } else { columns };
    columns.saturating_sub(FREE).max(1)
}

/// What a terminal that knows it draws as one; others ignore it.
pub(super) fn at_once<T>(draw: impl FnOnce() -> T) -> T {
    let say = |text: &str| {
        // A terminal that went away is told nothing.
        let _ = io::stderr().write_all(text.as_bytes());
    };
    say("\x1b[?2026h");
    let drawn = draw();
    say("\x1b[?2026l");
    drawn
}

impl Screen {
    fn picture(&self) -> MutexGuard<'_, String> {
        self.picture.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, text: &str) {
        self.picture().push_str(text);
    }

    fn moved(&self, by: usize, to: char) {
        if by > 0 {
            self.add(&format!("\x1b[{by}{to}"));
        }
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        columns()
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'A');
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'B');
        Ok(())
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'C');
        Ok(())
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'D');
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(&format!("{text}\n"));
        Ok(())
    }

    /// Without the blanks by which the library fills a line: the line is clear
    /// already, and they would be wrapped when the window becomes narrower.
    fn write_str(&self, text: &str) -> io::Result<()> {
        if !text.trim_start_matches(' ').is_empty() {
            self.add(text);
        }
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.add("\r\x1b[2K");
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let picture = std::mem::take(&mut *self.picture());
        if picture.is_empty() {
            return Ok(());
        }
        io::stderr().write_all(picture.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_no_blanks_at_its_end() {
        let screen = Screen::default();
        screen.clear_line().expect("kept");
        screen.write_str("bar 1/2").expect("kept");
        screen.write_str("     ").expect("kept");
        screen.move_cursor_up(0).expect("kept");
        assert_eq!(*screen.picture(), "\r\x1b[2Kbar 1/2");
    }
}
