//! Standard input, for one reader: `--secret-key-file -` and `--from -` cannot
//! both read it. Also the questions that a person answers on a terminal.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal, Read};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::value::SecretText;
use crate::error::Problem;
use crate::input_file;
use crate::interrupt;
use crate::secret::forbid_core_dumps;
use crate::stdio::Stdin;

/// Standard input, until a flag claims it.
pub(crate) struct StdinClaim {
    input: Option<Box<dyn Read + Send>>,
    is_terminal: bool,
    is_closed: bool,
    is_of_process: bool,
    claimant: &'static str,
}

impl StdinClaim {
    /// Standard input of this process.
    pub(crate) fn from_process() -> Self {
        let stdin = io::stdin();
        Self {
            is_closed: is_closed(&stdin),
            is_of_process: true,
            ..Self::new(Stdin, stdin.is_terminal())
        }
    }

    /// Another input; `is_terminal` means that a person would have to type.
    pub(crate) fn new(input: impl Read + Send + 'static, is_terminal: bool) -> Self {
        Self {
            input: Some(Box::new(input)),
            is_terminal,
            is_closed: false,
            is_of_process: false,
            claimant: "",
        }
    }

    /// The input, for `claimant`: the name of a flag or a variable. Exit 2 if
    /// another claimed it, or if it is a terminal: waiting there for a key or a
    /// list would look like a hang.
    pub(crate) fn claim(
        &mut self,
        claimant: &'static str,
    ) -> Result<Box<dyn Read + Send>, Problem> {
        if self.is_terminal {
            let message = format!("{claimant} -: standard input is a terminal");
            let hint = format!("pipe or redirect something into it, or give {claimant} a file");
            return Err(Problem::usage(message, hint));
        }
        if self.is_closed {
            let message = format!(
                "{claimant} -: standard input is closed, or is /dev/null opened for reading and writing"
            );
            let hint = format!(
                "pipe or redirect something into it, or give {claimant} a file; for no input at all: < /dev/null"
            );
            return Err(Problem::usage(message, hint));
        }
        let Some(input) = self.input.take() else {
            let first = self.claimant;
            let message = format!("{first} - and {claimant} - both want standard input");
            return Err(Problem::usage(message, "give one of them a file"));
        };
        self.claimant = claimant;
        if self.is_of_process {
            input_file::claim_stdin(claimant).map_err(|why| {
                Problem::usage(format!("{claimant} -: {why}"), input_file::ONE_EACH)
            })?;
        }
        Ok(input)
    }

    /// Whether a flag has claimed it, also by a file's name such as `/dev/stdin`.
    pub(crate) fn is_claimed(&self) -> bool {
        self.input.is_none() || (self.is_of_process && input_file::is_stdin_read())
    }

    /// Whether a person would have to type.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// The next line that a person types, trimmed, at most 1000 bytes. Empty at
    /// the end of input.
    pub(crate) fn read_typed_line(&mut self) -> String {
        self.read_answer().unwrap_or_default()
    }

    /// As [`StdinClaim::read_typed_line`]; None at the end of input.
    pub(crate) fn read_answer(&mut self) -> Option<String> {
        const MOST: usize = 1000;
        let mut line = Vec::new();
        let mut byte = [0];
        let input = self.input.as_mut()?;
        // Byte by byte, to leave what follows the line to other readers.
        while line.len() < MOST {
            match input.read(&mut byte) {
                Ok(1) if byte == *b"\n" => break,
                Ok(1) => line.extend(byte),
                _ if line.is_empty() => return None,
                _ => break,
            }
        }
        Some(String::from_utf8_lossy(&line).trim().to_owned())
    }

    /// As [`StdinClaim::read_answer`], for a secret. Nothing typed is shown while
    /// there is a [`NoEcho`], also what is typed ahead of the next question.
    pub(crate) fn read_secret(&mut self, _: &NoEcho) -> Option<SecretText> {
        forbid_core_dumps();
        let answer = self.read_answer().map(OsString::from);
        answer.map(SecretText::from)
    }
}

impl StdinClaim {
    /// Drops the lines that were pasted together with a secret.
    pub(crate) fn discard_pasted(&mut self, _: &NoEcho) {
        // Terminals pass on a long text in pieces.
        const PAUSE: Timespec = Timespec {
            tv_sec: 0,
            tv_nsec: 50_000_000,
        };
        let is_more = || {
            let stdin = io::stdin();
            let mut ends = [PollFd::new(&stdin, PollFlags::IN)];
            poll(&mut ends, Some(&PAUSE)).is_ok_and(|ready| ready > 0)
        };
        while is_more() && self.read_answer().is_some() {}
    }
}

/// Whether standard input may have been closed when the process started. The standard
/// library then opens `/dev/null` for reading and writing in its place. Python's
/// `subprocess.DEVNULL` and daemons open it so, too, and nothing shows the
/// difference; a shell's `< /dev/null` can only be read.
fn is_closed(stdin: &io::Stdin) -> bool {
    let is_null = match (fstat(stdin), stat("/dev/null")) {
        (Ok(stdin), Ok(null)) => (stdin.st_dev, stdin.st_ino) == (null.st_dev, null.st_ino),
        _ => false,
    };
    is_null && fcntl_getfl(stdin).is_ok_and(|flags| flags.contains(OFlags::RDWR))
}

/// A terminal that does not show what is typed. It shows it again when this is
/// dropped, and after a panic or a signal.
pub(crate) struct NoEcho {
    before: Termios,
}

impl NoEcho {
    /// Stops the echo of standard input, which must be a terminal. If that cannot be
    /// done, no secret may be asked for.
    pub(crate) fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let restored = before.clone();
        // Registered first, for a signal that comes in between.
        interrupt::before_exit_by_signal(move || {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &restored);
        })?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO;
        // The end of the line is shown, so that the next output starts a line.
        silent.local_modes |= LocalModes::ECHONL;
        tcsetattr(io::stdin(), OptionalActions::Now, &silent)?;
        Ok(Self { before })
    }
}

impl Drop for NoEcho {
    fn drop(&mut self) {
        // Fails only when the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

impl fmt::Debug for StdinClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StdinClaim({:?})", self.claimant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn one_input_cannot_be_claimed_twice() {
        let mut stdin = StdinClaim::new(&b"key"[..], false);
        assert!(stdin.claim("--secret-key-file").is_ok());
        let error = stdin.claim("--from").err().expect("taken");
        assert_eq!(error.exit, Exit::Usage);
        assert_eq!(
            error.message,
            "--secret-key-file - and --from - both want standard input"
        );
    }

    #[test]
    fn an_answer_is_one_line() {
        let mut stdin = StdinClaim::new(&b" yes\r\nmore"[..], true);
        assert_eq!(stdin.read_typed_line(), "yes");
        assert_eq!(stdin.read_typed_line(), "more");
        assert_eq!(stdin.read_typed_line(), "");
        assert_eq!(stdin.read_answer(), None);
    }

    #[test]
    fn a_terminal_is_not_waited_for() {
        let mut stdin = StdinClaim::new(std::io::empty(), true);
        let error = stdin.claim("--from").err().expect("terminal");
        assert_eq!(error.exit, Exit::Usage);
    }
}
