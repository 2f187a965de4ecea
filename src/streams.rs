//! The process's stdout and stderr: who writes to them, with colour or without,
//! and what is printed outside of any command (help, version, panics).

use std::io::{self, ErrorKind, IsTerminal, Stderr, Write};

use anstream::{AutoStream, ColorChoice};
use rustix::fs::fstat;

use crate::config::{ColorWhen, Format};
use crate::error::Error;
use crate::output::{Notes, Results};
use crate::secret::scrub;

/// How results and notes are printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutputStyle {
    /// Text or JSON.
    pub(crate) format: Format,
    /// When to colour.
    pub(crate) color: ColorWhen,
    /// Only errors on stderr.
    pub(crate) quiet: bool,
    /// How often `-v` was given.
    pub(crate) verbose: u8,
    /// The terminal, if there is one, can move its cursor.
    pub(crate) can_draw: bool,
    /// The locale has characters beyond ASCII.
    pub(crate) is_unicode: bool,
}

/// Stdout without a buffer: every text is one write, also without a line end.
#[derive(Debug)]
pub(crate) struct UnbufferedStdout;

impl Write for UnbufferedStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(io::stdout(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl OutputStyle {
    /// Writes the outcomes of a job to stdout.
    pub(crate) fn results(self) -> Results<UnbufferedStdout> {
        let is_terminal = io::stdout().is_terminal();
        let has_color = self.stdout_choice(is_terminal) == ColorChoice::Always;
        let results = Results::new(UnbufferedStdout, self.format).with_color(has_color);
        results.on_terminal(is_terminal)
    }

    /// Writes notes to stderr.
    pub(crate) fn notes(self) -> Notes<AutoStream<Stderr>> {
        let stderr = io::stderr();
        let is_terminal = stderr.is_terminal();
        let stream = AutoStream::new(stderr, choice(self.color, is_terminal));
        let notes = Notes::new(stream, self.format, self.quiet, self.verbose);
        notes.on_terminal(is_terminal, self.is_unicode)
    }

    /// Prints whole lines on stdout. A closed pipe is not an error.
    pub(crate) fn print(self, text: &str) -> Result<(), Error> {
        self.print_page(text).map(drop)
    }

    /// Prints a part of a long text: whether anybody reads what follows.
    pub(crate) fn print_page(self, text: &str) -> Result<bool, Error> {
        let stdout = io::stdout();
        let choice = self.stdout_choice(stdout.is_terminal());
        let mut out = AutoStream::new(stdout, choice);
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(true),
            Err(why) => unless_closed(&why).map(|()| false),
        }
    }

    /// Prints help or version: on stdout where it was asked for, else on stderr.
    pub(crate) fn print_help(self, help: &clap::Error) -> Result<(), Error> {
        let text = help.render().ansi().to_string();
        if help.use_stderr() {
            let stderr = io::stderr();
            let choice = choice(self.color, stderr.is_terminal());
            let written = AutoStream::new(stderr, choice).write_all(text.as_bytes());
            return written.or_else(|why| unless_closed(&why));
        }
        // Help is text, also where results are JSON.
        let format = Format::Text;
        Self { format, ..self }.print(&text)
    }

    /// JSON keeps its escape sequences: they are not ours, but part of what the
    /// service sent.
    fn stdout_choice(self, is_terminal: bool) -> ColorChoice {
        match self.format {
            Format::Json => ColorChoice::Always,
            Format::Text => choice(self.color, is_terminal),
        }
    }
}

/// Whether stdout and stderr are the same terminal, by their device numbers.
pub(crate) fn are_one_terminal() -> bool {
    let (out, err) = (io::stdout(), io::stderr());
    let device = |stat: rustix::fs::Stat| stat.st_rdev;
    let [of_out, of_err] = [fstat(&out), fstat(&err)].map(|stat| stat.map(device));
    out.is_terminal() && err.is_terminal() && of_out.is_ok() && of_out == of_err
}

/// Prints text for a program, unchanged: shells separate words by characters
/// that [`AutoStream`] would remove.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Error> {
    UnbufferedStdout
        .write_all(bytes)
        .or_else(|why| unless_closed(&why))
}

fn unless_closed(why: &io::Error) -> Result<(), Error> {
    if why.kind() == ErrorKind::BrokenPipe {
        Ok(())
    } else {
        Err(Error::results(why))
    }
}

fn choice(when: ColorWhen, terminal: bool) -> ColorChoice {
    match when {
        ColorWhen::Always => ColorChoice::Always,
        ColorWhen::Auto if terminal => ColorChoice::Always,
        ColorWhen::Auto | ColorWhen::Never => ColorChoice::Never,
    }
}

/// A panic is a defect. It is reported in one line, without a backtrace, and
/// secrets are removed as from every error.
pub(crate) fn report_panics_without_secrets() {
    std::panic::set_hook(Box::new(|panic| {
        let text = scrub(&panic.to_string().replace('\n', " "));
        let _ = writeln!(
            io::stderr(),
            "error: a defect in roomctl, please report it: {text}"
        );
    }));
}
