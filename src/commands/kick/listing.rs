//! `--all` and `--match` before there is a plan. First what is local: journal, audit and
//! the file of `--failed-to` are opened, and the journal locked. Then the lists are
//! read. If one cannot be read, the command ends, and nobody is removed.

use std::io::{self, IsTerminal};

use super::everyone::{AGAIN_HINT, Everyone, ListSource};
use super::options::{Options, ShowProgress};
use super::records::{RecordPaths, Records};
use super::resume_command;
use super::selection::{self, Selection};
use crate::commands::Context;
use crate::commands::reading::{Reading, ReadingEnd, ReadingOptions, ShowReading};
use crate::commands::session::Session;
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;
use crate::file_name::display_path;
use crate::job::Tally;
use crate::job::journal::History;
use crate::output::Summary;
use crate::streams::OutputStyle;

/// How the reading of the lists ended.
#[derive(Debug)]
pub(super) enum Listing {
    Ready(Box<Listed>),
    /// The command has ended with this code, which is reported.
    Ended(Exit),
}

/// What is ready when the lists are read.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) selection: Selection,
    /// Nothing is open in a dry run.
    pub(super) records: Records,
    pub(super) history: History,
    pub(super) reading: ReadingEnd,
}

/// Opens the records and reads the lists.
pub(super) fn read(
    everyone: &Everyone,
    options: &Options,
    paths: &RecordPaths,
    session: &Session,
    context: &Context,
) -> Result<Listing, Error> {
    let (mut records, history) = if options.dry_run {
        (Records::default(), paths.read_history(session)?)
    } else {
        paths.open(session, context)?
    };
    records.open_failed_to()?;
    let rules = &options.row_rules;
    let rooms = rules.rooms.as_deref().unwrap_or_default();
    let in_doubt = paths.in_doubt(&history, rooms)?;
    let reading = reading_options(options, rooms.len(), Some(&records), context);
    let reading = Reading::begin(reading, context)?;
    let source = ListSource {
        session,
        context,
        reading: &reading,
        in_doubt: &in_doubt,
    };
    let lists = everyone.read(options.call.action(), rules, &options.limits, &source);
    reading.hide();
    let selection = match lists {
        Ok(lists) => selection::select_listed(lists, options)?,
        Err(error) if options.dry_run || !is_of_reading(error.exit()) => return Err(error),
        Err(error) => {
            let ended = end_without_lists(&error, options, records, &reading, context);
            return ended.map(Listing::Ended);
        }
    };
    let counts = selection.member_lists.as_ref().map(|lists| &lists.counts);
    if let Some(text) = counts.and_then(|counts| everyone.nobody_matches(counts)) {
        context.notes().info(&text);
    }
    records.drop_draft();
    Ok(Listing::Ready(Box::new(Listed {
        selection,
        records,
        history,
        reading: reading.end()?,
    })))
}

/// Whether the service, the deadline or a signal ended the reading; else nothing was
/// sent.
fn is_of_reading(exit: Exit) -> bool {
    !matches!(exit, Exit::Usage | Exit::Config)
}

/// Reports the error and the counts. The file of `--failed-to` has no members then: what
/// an earlier run wrote to it is not of this one.
fn end_without_lists(
    error: &Error,
    options: &Options,
    records: Records,
    reading: &Reading<'_>,
    context: &Context,
) -> Result<Exit, Error> {
    let mut notes = context.notes();
    notes.error(error);
    if let Some(path) = &records.failed_to_path {
        let path = display_path(path);
        notes.info(&format!("--failed-to {path} is empty: no member is known"));
    }
    records
        .finish(None)
        .map_err(|why| Error::not_written(&why))?;
    let (requests, retries) = reading.requests();
    let mut tally = Tally::default();
    (tally.requests, tally.retries) = (requests, retries);
    notes.summary(&Summary {
        action: options.call.action(),
        tally: &tally,
        latencies: None,
        elapsed: reading.elapsed(),
        exit: error.exit(),
        verified: None,
    });
    Ok(error.exit())
}

/// What the reading of so many lists obeys and shows. `records` are None where the next
/// run has nothing to continue.
pub(super) fn reading_options(
    options: &Options,
    rooms: usize,
    records: Option<&Records>,
    context: &Context,
) -> ReadingOptions {
    let has_journal = records.is_some_and(Records::has_journal);
    let again = if has_journal {
        resume_command::how_to_resume(&context.argv)
    } else {
        AGAIN_HINT.to_owned()
    };
    ReadingOptions {
        deadline: options.limits.deadline.clone(),
        shows: shows(options.progress, context.style),
        rooms,
        undone: options.call.action().success_word(),
        again,
    }
}

/// As the progress of a job, but the number of requests is not known.
fn shows(show: ShowProgress, style: OutputStyle) -> ShowReading {
    let is_shown = match show {
        ShowProgress::Never => false,
        ShowProgress::Always => true,
        ShowProgress::Auto => style.format == Format::Text,
    };
    if style.quiet || !is_shown {
        ShowReading::Nothing
    } else if style.format == Format::Text && io::stderr().is_terminal() && style.can_draw {
        ShowReading::Status
    } else {
        ShowReading::Lines
    }
}
