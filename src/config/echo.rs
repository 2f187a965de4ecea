//! A terminal that does not show what is typed, for as long as a secret is asked
//! for. It shows again however that ends: by the answer, a panic, a signal.

use std::io::{self, Stdin};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::interrupt;

/// Restores the terminal when dropped.
pub(super) struct NoEcho {
    stdin: Stdin,
    before: Termios,
}

impl NoEcho {
    /// Stops the echo of standard input, which must be a terminal.
    pub(super) fn begin() -> io::Result<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin)?;
        let restored = before.clone();
        // First: a signal that comes in between finds everything in place.
        interrupt::before_exit_by_signal(move || {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &restored);
        })?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO;
        // The line's end is shown, so that what follows stands on the next line.
        silent.local_modes |= LocalModes::ECHONL;
        tcsetattr(&stdin, OptionalActions::Now, &silent)?;
        Ok(Self { stdin, before })
    }
}

impl Drop for NoEcho {
    fn drop(&mut self) {
        // A terminal that went away needs no mending.
        let _ = tcsetattr(&self.stdin, OptionalActions::Now, &self.before);
    }
}
