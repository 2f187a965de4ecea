//! The process's stdout and stderr: their writers, with colour or without,
//! and what is printed outside of any command (help, version, panics).

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::fs::fstat;
use rustix::termios::tcgetwinsize;
use serde_json::json;

use crate::config::{ColorWhen, Format};
use crate::error::Error;
use crate::output::{Notes, Results, StderrTraits, colored, escape_json, fitted};
use crate::secret::scrub;
use crate::stdio::{Stderr, Stdout};

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

impl OutputStyle {
    /// Writes the outcomes of a job to stdout.
    pub(crate) fn results(self) -> Results<Stdout> {
        let is_terminal = io::stdout().is_terminal();
        // JSON has no escape sequences that could be removed.
        let has_color = self.format == Format::Json || has_color(self.color, is_terminal);
        let results = Results::new(Stdout, self.format).with_color(has_color);
        let results = results.on_terminal(is_terminal);
        results.with_columns(|| columns(io::stdout()))
    }

    /// Writes notes to stderr.
    pub(crate) fn notes(self) -> Notes<Stderr> {
        let is_terminal = io::stderr().is_terminal();
        let notes = Notes::new(Stderr, self.format, self.quiet, self.verbose);
        notes.with_traits(StderrTraits {
            has_color: has_color(self.color, is_terminal),
            is_terminal,
            is_unicode: self.is_unicode,
            columns: || columns(io::stderr()),
        })
    }

    /// Prints whole lines on stdout. A closed pipe is not an error.
    pub(crate) fn print(self, text: &str) -> Result<(), Error> {
        self.print_page(text).map(drop)
    }

    /// Prints a part of a long text; on a terminal, lines that are too long are
    /// broken at blanks. Returns false if the reader of stdout has closed it.
    pub(crate) fn print_page(self, text: &str) -> Result<bool, Error> {
        let columns = columns(io::stdout()).filter(|_| self.format == Format::Text);
        let text = columns.map_or(text.into(), |columns| fitted(text, columns));
        let text = match self.format {
            Format::Json => escape_json(&text),
            Format::Text => colored(&text, has_color(self.color, io::stdout().is_terminal())),
        };
        match Stdout.write_all(text.as_bytes()) {
            Ok(()) => Ok(true),
            Err(why) => unless_closed(&why).map(|()| false),
        }
    }

    /// Prints help or version: on stdout where it was asked for, else on stderr.
    pub(crate) fn print_help(self, help: &clap::Error) -> Result<(), Error> {
        let text = help.render().ansi().to_string();
        if help.use_stderr() {
            let text = colored(&text, has_color(self.color, io::stderr().is_terminal()));
            let written = Stderr.write_all(text.as_bytes());
            return written.or_else(|why| unless_closed(&why));
        }
        // Help is text, also where results are JSON.
        let format = Format::Text;
        Self { format, ..self }.print(&text)
    }
}

/// How wide the stream's terminal is; None elsewhere, and where the terminal does not
/// report it.
pub(crate) fn columns(stream: impl AsFd) -> Option<usize> {
    let columns = tcgetwinsize(stream).map_or(0, |size| size.ws_col);
    (columns > 0).then_some(columns.into())
}

/// Whether stdout and stderr are the same terminal, by their device numbers.
pub(crate) fn are_one_terminal() -> bool {
    let (out, err) = (io::stdout(), io::stderr());
    let device = |stat: rustix::fs::Stat| stat.st_rdev;
    let [of_out, of_err] = [fstat(&out), fstat(&err)].map(|stat| stat.map(device));
    out.is_terminal() && err.is_terminal() && of_out.is_ok() && of_out == of_err
}

/// Prints text for a program, unchanged: shells separate words by characters
/// that are removed where there is no colour.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Error> {
    let written = Stdout.write_all(bytes);
    written.or_else(|why| unless_closed(&why))
}

fn unless_closed(why: &io::Error) -> Result<(), Error> {
    if why.kind() == ErrorKind::BrokenPipe {
        Ok(())
    } else {
        Err(Error::stdout(why))
    }
}

fn has_color(when: ColorWhen, is_terminal: bool) -> bool {
    match when {
        ColorWhen::Always => true,
        ColorWhen::Auto => is_terminal,
        ColorWhen::Never => false,
    }
}

/// Whether stderr is JSON, for panics, which know nothing of the context.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// Panics are reported in this format from here on.
pub(crate) fn report_panics_as(format: Format) {
    IS_JSON.store(format == Format::Json, Ordering::Relaxed);
}

/// A panic is a defect. It is reported in one line, without a backtrace, and
/// secrets are removed as from every error.
pub(crate) fn report_panics_without_secrets() {
    std::panic::set_hook(Box::new(|panic| {
        let text = scrub(&panic.to_string().replace('\n', " "));
        let line = if IS_JSON.load(Ordering::Relaxed) {
            panic_json(&text, thread::current().name() == Some("main"))
        } else {
            panic_text(&text)
        };
        let _ = Stderr.write_all(line.as_bytes());
    }));
}

fn panic_text(panic: &str) -> String {
    format!("error: a defect in roomctl, please report it: {panic}\n")
}

/// The program goes on without one of its other threads.
fn panic_json(panic: &str, is_main_thread: bool) -> String {
    let message = format!("a defect in roomctl: {panic}");
    let line = if is_main_thread {
        let hint = "please report it, with the command line but without secrets";
        let error = json!({ "kind": "defect", "message": message, "hint": hint });
        json!({ "error": error, "ExitCode": PANIC_EXIT })
    } else {
        json!({ "warning": format!("{message}; please report it") })
    };
    escape_json(&format!("{line}\n")).into_owned()
}

/// The exit code that Rust gives a program after a panic in its main thread.
const PANIC_EXIT: u8 = 101;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_one_line_of_json() {
        let parse = |is_main_thread| {
            let line = panic_json("at \"x\u{202e}\"", is_main_thread);
            assert!(line.ends_with("}\n") && !line.contains('\u{202e}'));
            serde_json::from_str::<serde_json::Value>(&line).expect("JSON")
        };
        assert_eq!(parse(true)["ExitCode"], 101);
        assert!(parse(false)["warning"].is_string());
    }
}
