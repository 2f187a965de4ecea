//! Notes: everything on stderr, like errors with hints, warnings and the summary.
//! Where results are JSON, each note is a line of JSON with one of the keys `note`,
//! `warning`, `retry`, `progress`, `error` and `summary`.
//!
//! A failed write to stderr (the terminal was closed) is ignored: the job goes on.

use std::fmt::Display;
use std::io::Write;
use std::iter;

use serde::Serialize;
use serde_json::json;

use super::summary::{NOTHING_TO_DO, Summary};
use super::text::{self, sanitise};
use super::wrap::{fitted, folded};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;
use crate::job::Retry;
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

/// What is at the other end of stderr.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StderrTraits {
    /// Text may have colours.
    pub(crate) has_color: bool,
    /// A person sees it at once.
    pub(crate) is_terminal: bool,
    /// Characters beyond ASCII are shown.
    pub(crate) is_unicode: bool,
    /// Its width at this moment; None if it has none.
    pub(crate) columns: fn() -> Option<usize>,
}

/// Something that shows plain text.
impl Default for StderrTraits {
    fn default() -> Self {
        Self {
            has_color: false,
            is_terminal: false,
            is_unicode: false,
            columns: || None,
        }
    }
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
            let text = scrub(text);
            match self.format {
                Format::Json => self.json_line("note", &text),
                Format::Text => self.folded(&sanitise(&text), 2),
            }
        }
    }

    /// Writes something that people may overlook, with a label.
    pub(crate) fn remark(&mut self, text: &str) {
        match self.format {
            Format::Json => self.info(text),
            Format::Text if self.quiet => {}
            Format::Text => self.folded(&format!("note: {}", sanitise(&scrub(text))), 6),
        }
    }

    /// Writes that a request will be sent again.
    pub(crate) fn retry(&mut self, retry: &Retry) {
        let Retry {
            number,
            max,
            delay,
            why,
        } = retry;
        if self.quiet {
            return;
        }
        match self.format {
            Format::Json => {
                let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
                let why = scrub(why);
                let retry = json!({ "Retry": number, "Of": max, "DelayMs": delay, "Why": why });
                self.json_line("retry", &retry);
            }
            Format::Text => {
                let seconds = delay.as_secs_f64();
                self.info(&format!("retry {number} of {max} in {seconds:.1} s: {why}"));
            }
        }
    }

    /// Writes how far the job is.
    pub(crate) fn progress(&mut self, progress: &(impl Serialize + Display)) {
        if self.quiet {
            return;
        }
        match self.format {
            Format::Json => self.json_line("progress", progress),
            Format::Text => self.info(&format!("progress: {progress}")),
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
            self.warn_always(text);
        }
    }

    /// Writes a warning, also with `quiet`: without it, a success would say more than
    /// what is known, or a hint would speak of rows that are not shown.
    pub(crate) fn warn_always(&mut self, text: &str) {
        let text = scrub(text);
        match self.format {
            Format::Json => self.json_line("warning", &text),
            Format::Text => {
                let color = text::YELLOW.bold();
                self.folded(&format!("{color}warning:{color:#} {}", sanitise(&text)), 9);
            }
        }
    }

    /// Writes information for `-v`. Without it, the text is not made.
    pub(crate) fn detail(&mut self, text: impl Display) {
        if self.verbose > 0 {
            self.info(&text.to_string());
        }
    }

    /// Writes information for `-vv`.
    pub(crate) fn more_detail(&mut self, text: &str) {
        if self.verbose > 1 {
            self.info(text);
        }
    }

    /// On a terminal, a blank line between texts that people read.
    pub(crate) fn blank_line(&mut self) {
        if self.shows.is_terminal && self.format == Format::Text && !self.quiet {
            self.line("");
        }
    }

    /// Asks a question; the answer is typed on the same line. With `quiet`, too,
    /// because the program waits for it. Text also where notes are JSON: it is
    /// asked only where a person reads it.
    pub(crate) fn ask(&mut self, question: &str) {
        let question = self.fitted(question);
        self.write(&question);
        self.write(" ");
    }

    /// The lines that [`Notes::ask`] would write.
    pub(crate) fn lines_of_question(&self, question: &str) -> usize {
        self.fitted(question).lines().count()
    }

    fn fitted(&self, question: &str) -> String {
        let lines: Vec<_> = question.lines().map(sanitise).collect();
        let question = lines.join("\n");
        match (self.shows.columns)() {
            Some(columns) => fitted(&question, columns).into_owned(),
            None => question,
        }
    }

    /// Asks a question as one JSON line; the answer is typed on the next one.
    pub(crate) fn ask_json(&mut self, question: &serde_json::Value) {
        self.line(&question.to_string());
    }

    /// Ends the line of a question that was not answered.
    pub(crate) fn end_question(&mut self) {
        if self.format == Format::Text {
            self.line("");
        }
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
            Format::Json => {
                if summary.is_nothing_to_do() {
                    self.json_line("note", NOTHING_TO_DO);
                }
                self.line(&summary.json());
            }
            Format::Text if self.shows.is_terminal && summary.is_bulk() => {
                self.line(&summary.table(self.shows.is_unicode));
            }
            Format::Text => self.folded(&summary.text(), 2),
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
            let (label, indent) = if depth == 0 {
                ("error:", 7)
            } else {
                ("  caused by:", 4)
            };
            let mut lines = text.lines().map(sanitise);
            let first = lines.next().unwrap_or_default();
            self.folded(&format!("{color}{label}{color:#} {first}"), indent);
            for line in lines {
                self.folded(&format!("  {line}"), 4);
            }
        }
        let color = text::HINT;
        for line in hint.lines() {
            self.folded(&format!("{color}hint:{color:#} {}", sanitise(line)), 6);
        }
    }

    /// A line of text in the width of the terminal.
    fn folded(&mut self, text: &str, indent: usize) {
        let columns = (self.shows.columns)();
        self.line(&folded(text, columns, indent));
    }

    /// A line of JSON with one key.
    fn json_line(&mut self, key: &str, value: &(impl Serialize + ?Sized)) {
        self.line(&json!({ key: value }).to_string());
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
