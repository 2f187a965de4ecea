//! One standard input, for one reader: `--secret-key-file -` and `--from -`
//! cannot both have it.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal, Read};

use super::echo::NoEcho;
use super::error::{Error, Problem};
use super::value::SecretText;

/// Standard input until somebody claims it.
pub struct StdinClaim {
    input: Option<Box<dyn Read + Send>>,
    is_terminal: bool,
    claimant: &'static str,
}

impl StdinClaim {
    /// This process's own.
    pub fn from_process() -> Self {
        let stdin = std::io::stdin();
        let is_terminal = stdin.is_terminal();
        Self::new(stdin, is_terminal)
    }

    /// Any other; `is_terminal` says whether a person would have to type.
    pub fn new(input: impl Read + Send + 'static, is_terminal: bool) -> Self {
        Self {
            input: Some(Box::new(input)),
            is_terminal,
            claimant: "",
        }
    }

    /// Hands the input to `claimant`, a flag or a variable by name. Exit 2 when
    /// another has it, or when it is a terminal, where waiting for somebody to
    /// type a key or a list looks like hanging.
    pub fn claim(&mut self, claimant: &'static str) -> Result<Box<dyn Read + Send>, Error> {
        if self.is_terminal {
            let message = format!("{claimant} -: standard input is a terminal");
            let hint = format!("pipe or redirect something into it, or give {claimant} a file");
            return Err(Problem::usage(message).hint(hint).into());
        }
        let Some(input) = self.input.take() else {
            let first = self.claimant;
            let message = format!("{first} - and {claimant} - both want standard input");
            return Err(Problem::usage(message)
                .hint("give one of them a file")
                .into());
        };
        self.claimant = claimant;
        Ok(input)
    }

    /// Whether a person sits there.
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// The next line that a person types, without the blanks around it; at most
    /// as much as an answer has. Empty at the end of input.
    pub fn answer(&mut self) -> String {
        const MOST: usize = 1000;
        let mut line = Vec::new();
        let mut byte = [0];
        // Byte by byte: what stands behind the line is not for us.
        while let Some(input) = &mut self.input
            && line.len() < MOST
            && matches!(input.read(&mut byte), Ok(1))
            && byte != *b"\n"
        {
            line.extend(byte);
        }
        String::from_utf8_lossy(&line).trim().to_owned()
    }
}

impl StdinClaim {
    /// As [`StdinClaim::answer`], for a secret: the terminal does not show it,
    /// from before `ask` puts the question. None for an empty answer; an error,
    /// and no question, where the terminal cannot be told so.
    pub fn answer_unseen(&mut self, ask: impl FnOnce()) -> io::Result<Option<SecretText>> {
        let _no_echo = NoEcho::begin()?;
        ask();
        let answer = OsString::from(self.answer());
        Ok((!answer.is_empty()).then(|| SecretText::from(answer)))
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
        assert_eq!(error.exit(), Exit::Usage);
        assert_eq!(
            error.to_string(),
            "--secret-key-file - and --from - both want standard input"
        );
    }

    #[test]
    fn an_answer_is_one_line() {
        let mut stdin = StdinClaim::new(&b" yes\r\nmore"[..], true);
        assert_eq!(stdin.answer(), "yes");
        assert_eq!(stdin.answer(), "more");
        assert_eq!(stdin.answer(), "");
    }

    #[test]
    fn a_terminal_is_not_waited_for() {
        let mut stdin = StdinClaim::new(std::io::empty(), true);
        let error = stdin.claim("--from").err().expect("terminal");
        assert_eq!(error.exit(), Exit::Usage);
    }
}
