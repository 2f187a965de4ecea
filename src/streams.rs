//! The process's own stdout and stderr, coloured or not, and what goes there
//! outside of any command: help, version, panics.

use std::io::{self, ErrorKind, IsTerminal, Stderr, Stdout, Write};

use anstream::{AutoStream, ColorChoice};
use rustix::fs::fstat;

use crate::config::{ColorWhen, Format};
use crate::exit::Exit;
use crate::output::{Notes, Results};
use crate::secret::scrub;

/// How results and notes are to look.
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
    /// A terminal, if there is one, can move its cursor.
    pub(crate) can_draw: bool,
    /// The locale has characters beyond ASCII.
    pub(crate) is_unicode: bool,
}

/// Stdout without a buffer: every text is one write, whether or not it ends
/// with a line.
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

/// Results on stdout.
pub(crate) fn results(style: OutputStyle) -> Results<UnbufferedStdout> {
    let is_terminal = io::stdout().is_terminal();
    let has_color = choice_of_results(style, is_terminal) == ColorChoice::Always;
    let results = Results::new(UnbufferedStdout, style.format).with_color(has_color);
    results.on_terminal(is_terminal)
}

/// Whether stdout and stderr are the same terminal, as far as their names tell.
pub(crate) fn are_one_terminal() -> bool {
    let (out, err) = (io::stdout(), io::stderr());
    let device = |stat: rustix::fs::Stat| stat.st_rdev;
    let [of_out, of_err] = [fstat(&out), fstat(&err)].map(|stat| stat.map(device));
    out.is_terminal() && err.is_terminal() && of_out.is_ok() && of_out == of_err
}

/// Notes on stderr.
pub(crate) fn notes(style: OutputStyle) -> Notes<AutoStream<Stderr>> {
    let stderr = io::stderr();
    let is_terminal = stderr.is_terminal();
    let stream = AutoStream::new(stderr, choice(style.color, is_terminal));
    let notes = Notes::new(stream, style.format, style.quiet, style.verbose);
    notes.on_terminal(is_terminal, style.is_unicode)
}

/// Stdout with colours as asked.
pub(crate) fn stdout(style: OutputStyle) -> AutoStream<Stdout> {
    let stdout = io::stdout();
    let choice = choice_of_results(style, stdout.is_terminal());
    AutoStream::new(stdout, choice)
}

/// Whole lines to stdout; a reader who has left is no error.
pub(crate) fn print(style: OutputStyle, text: &str) -> io::Result<()> {
    print_part(style, text).map(drop)
}

/// The same for what a program reads, as it is: shells part words by characters
/// that a stream with colours would take out.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    UnbufferedStdout.write_all(bytes).or_else(unless_closed)
}

/// [`print`] for a part of a whole: whether anybody reads what follows.
pub(crate) fn print_part(style: OutputStyle, text: &str) -> io::Result<bool> {
    let mut out = stdout(style);
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Ok(()) => Ok(true),
        Err(why) => unless_closed(why).map(|()| false),
    }
}

/// Help or version: on stdout where it was asked for, else on stderr.
pub(crate) fn show(asked: &clap::Error, style: OutputStyle) -> io::Result<Exit> {
    let text = asked.render().ansi().to_string();
    let shown = if asked.use_stderr() {
        let stderr = io::stderr();
        let choice = choice(style.color, stderr.is_terminal());
        AutoStream::new(stderr, choice).write_all(text.as_bytes())
    } else {
        // It is text, whatever the results are to be.
        let format = Format::Text;
        print(OutputStyle { format, ..style }, &text)
    };
    shown.or_else(unless_closed).map(|()| Exit::Done)
}

fn unless_closed(why: io::Error) -> io::Result<()> {
    if why.kind() == ErrorKind::BrokenPipe {
        Ok(())
    } else {
        Err(why)
    }
}

/// JSON has no colours to take out, and with them would go whatever looks like
/// them in the service's own words.
fn choice_of_results(style: OutputStyle, terminal: bool) -> ColorChoice {
    match style.format {
        Format::Json => ColorChoice::Always,
        Format::Text => choice(style.color, terminal),
    }
}

fn choice(when: ColorWhen, terminal: bool) -> ColorChoice {
    match when {
        ColorWhen::Always => ColorChoice::Always,
        ColorWhen::Auto if terminal => ColorChoice::Always,
        ColorWhen::Auto | ColorWhen::Never => ColorChoice::Never,
    }
}

/// A panic is a defect: said in one line, without a backtrace, and with the
/// same net for secrets as every error.
pub(crate) fn report_panics_without_secrets() {
    std::panic::set_hook(Box::new(|panic| {
        let text = scrub(&panic.to_string().replace('\n', " "));
        let _ = writeln!(
            io::stderr(),
            "error: a defect in roomctl, please report it: {text}"
        );
    }));
}
