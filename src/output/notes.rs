//! Notes: everything on stderr for people, like errors with hints, warnings and
//! the summary.
//!
//! A failed write to stderr (the terminal was closed) is ignored: the job goes on.

use std::io::Write;
use std::iter;

use serde_json::json;

use super::summary::Summary;
use super::text::{self, sanitise};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;
use crate::secret::scrub;

/// Writes notes.
#[derive(Debug)]
pub(crate) struct Notes<W> {
    err: W,
    format: Format,
    quiet: bool,
    verbose: u8,
    shows: StderrTraits,
}

/// What is at the other end of stderr. By default something that shows plain
/// text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StderrTraits {
    /// Text may have colours.
    pub(crate) has_color: bool,
    /// A person sees it at once.
    pub(crate) is_terminal: bool,
    /// Characters beyond ASCII are shown.
    pub(crate) is_unicode: bool,
}

impl<W: Write> Notes<W> {
    /// Notes to `err`. With `quiet` only errors are written; `verbose` is how
    /// often `-v` was given.
    pub(crate) fn new(err: W, format: Format, quiet: bool, verbose: u8) -> Self {
        Self {
            err,
            format,
            quiet,
            verbose,
            shows: StderrTraits::default(),
        }
    }

    /// Sets what the other end of `err` can show.
    #[must_use]
    pub(crate) fn with_traits(mut self, traits: StderrTraits) -> Self {
        self.shows = traits;
        self
    }

    /// Writes information.
    pub(crate) fn info(&mut self, text: &str) {
        if !self.quiet {
            self.line(&sanitise(&scrub(text)));
        }
    }

    /// Writes information that is useful only on a terminal.
    pub(crate) fn info_on_terminal(&mut self, text: &str) {
        if self.shows.is_terminal {
            self.info(text);
        }
    }

    /// Writes a warning.
    pub(crate) fn warn(&mut self, text: &str) {
        if !self.quiet {
            let color = text::YELLOW.bold();
            self.line(&format!(
                "{color}warning:{color:#} {}",
                sanitise(&scrub(text))
            ));
        }
    }

    /// Writes information for `-v`.
    pub(crate) fn detail(&mut self, text: &str) {
        if self.verbose > 0 {
            self.info(text);
        }
    }

    /// Writes information for `-vv`.
    pub(crate) fn more_detail(&mut self, text: &str) {
        if self.verbose > 1 {
            self.info(text);
        }
    }

    /// Asks a question; the answer is typed on the same line. With `quiet`, too,
    /// because the program waits for it.
    pub(crate) fn ask(&mut self, question: &str) {
        let lines: Vec<_> = question.lines().map(sanitise).collect();
        self.write(&format!("{} ", lines.join("\n")));
    }

    /// Whether [`Notes::detail`] writes anything.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose > 0 && !self.quiet
    }

    /// Writes the counts at the end of a job.
    pub(crate) fn summary(&mut self, summary: &Summary<'_>) {
        if self.quiet {
            return;
        }
        match self.format {
            Format::Json => self.line(&summary.json()),
            Format::Text if self.shows.is_terminal && summary.is_bulk() => {
                self.line(&summary.table(self.shows.is_unicode));
            }
            Format::Text => self.line(&summary.text()),
        }
    }

    /// Writes an error, its causes and what to do next, also with `quiet`. Secrets
    /// are removed from every text.
    pub(crate) fn error(&mut self, error: &Error) {
        let causes = error.causes().iter().cloned();
        let chain = iter::once(error.to_string()).chain(causes);
        let chain: Vec<String> = chain.map(|text| scrub(&text)).collect();
        let hint = scrub(&error.hint());
        match self.format {
            Format::Json => self.line(&error_json(error.exit(), &chain, &hint)),
            Format::Text => self.error_text(&chain, &hint),
        }
    }

    fn error_text(&mut self, chain: &[String], hint: &str) {
        let color = text::RED.bold();
        for (depth, text) in chain.iter().enumerate() {
            let label = if depth == 0 { "error:" } else { "  caused by:" };
            let lines: Vec<_> = text.lines().map(sanitise).collect();
            self.line(&format!("{color}{label}{color:#} {}", lines.join("\n  ")));
        }
        let color = text::HINT;
        for line in hint.lines() {
            self.line(&format!("{color}hint:{color:#} {}", sanitise(line)));
        }
    }

    fn line(&mut self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    fn write(&mut self, text: &str) {
        let text = match self.format {
            Format::Json => text::escape_json(text),
            Format::Text => text.into(),
        };
        let text = text::colored(&text, self.shows.has_color);
        let _ = self.err.write_all(text.as_bytes());
    }
}

fn error_json(exit: Exit, chain: &[String], hint: &str) -> String {
    let hint = Some(hint).filter(|hint| !hint.is_empty());
    let error = json!({ "kind": exit.kind(), "message": chain.join(": "), "hint": hint });
    json!({ "error": error, "ExitCode": exit.code() }).to_string()
}
