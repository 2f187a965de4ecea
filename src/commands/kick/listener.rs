//! Listens to the engine: turns events into records, results, notes and
//! progress, and remembers what the report at the end needs. Records are written
//! before anything is printed.

use std::io::{self, IsTerminal};
use std::mem;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::failure::FailureDetails;
use super::limits::MAX_CONCURRENCY;
use super::options::{Options, ShowProgress};
use super::records::Records;
use super::verify::VerifiedRooms;
use crate::api::codes;
use crate::api::{Answer, Endpoint, Error};
use crate::commands::Context;
use crate::commands::refusal::ClockSkew;
use crate::config::Format;
use crate::file_name::{display_path, shell_quoted};
use crate::job::{
    Batch, Event, InRoom, LastAnswer, ListCheck, ListenerError, Outcome, RateChange, Retry,
    RoomRead, Settled, SkippedRow, Stop,
};
use crate::output::{Display, Latencies, MemberTable, Progress, plural};
use crate::room::{Action, RoomId, UserId};
use crate::stdio::{Stderr, Stdout};
use crate::streams::{self, OutputStyle};

/// The listener of one job.
#[derive(Debug)]
pub(super) struct JobListener {
    records: Records,
    pub(super) display: Display<Stdout, Stderr>,
    /// Then each retry is reported at once.
    pub(super) is_one_request: bool,
    action: Action,
    /// Where requests go, for `-v`.
    endpoint: Endpoint,
    ignore_absent: bool,
    /// `--rate`.
    rate: u32,
    /// `--concurrency`.
    concurrency: u32,
    pub(super) failure: FailureDetails,
    /// With `--verify`.
    pub(super) verification: Option<VerifiedRooms>,
    /// The file of `--failed-to`.
    pub(super) failed_to: Option<PathBuf>,
    journal: Option<PathBuf>,
    unsent_rows: UnsentRows,
    /// How long the service took to answer.
    pub(super) latencies: Latencies,
}

/// The members that a stop left unsent. On a terminal, a row for each would scroll
/// away the rows that matter.
#[derive(Debug, Default)]
struct UnsentRows {
    are_hidden: bool,
    is_stopped: bool,
    hidden: usize,
}

/// How much a job has to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct JobSize {
    /// None for a live feed.
    pub(super) members: Option<u64>,
    /// [`usize::MAX`] for a live feed.
    pub(super) requests: usize,
    /// The length of the longest room and of the longest user, if it is known.
    pub(super) longest: Option<(usize, usize)>,
    /// Also those in which earlier runs settled every member.
    pub(super) rooms: usize,
}

/// On a terminal, the members of a longer job are not all listed.
const MAX_LISTED: u64 = 20;

impl JobListener {
    pub(super) fn new(
        options: &Options,
        size: JobSize,
        records: Records,
        endpoint: &Endpoint,
        context: &Context,
    ) -> Self {
        let progress = progress(options.progress, size, context.style);
        // With `-v` nothing is buffered for the bar: it is hidden for every
        // request anyway, and each result follows the notes on its own request.
        let is_buffered =
            progress.is_bar() && context.style.verbose == 0 && streams::are_one_terminal();
        let is_terminal = io::stdout().is_terminal();
        let results = context.results().buffered(is_buffered);
        let is_long = size.members.is_none_or(|members| members > MAX_LISTED);
        let is_list = !options.lists.is_empty() || options.everyone.is_some();
        let is_verbose = context.style.verbose > 0;
        let results = if is_terminal && (is_long || is_list) {
            let table = MemberTable::new(size.longest).ignoring_absent(options.ignore_absent);
            let table = table.with_success(is_verbose || !is_long);
            results.aligned(table)
        } else if is_list {
            results.line_per_member()
        } else {
            results
        };
        let action = options.call.action();
        let is_text = context.style.format == Format::Text;
        Self {
            unsent_rows: UnsentRows {
                are_hidden: is_terminal && is_text && is_long && !is_verbose,
                ..UnsentRows::default()
            },
            journal: records.journal_path().map(Path::to_owned),
            failed_to: records.failed_to_path.clone(),
            records,
            display: Display::new(results, context.notes(), progress, is_terminal),
            is_one_request: size.requests == 1,
            action,
            verification: options
                .verify
                .then(|| VerifiedRooms::new(action, size.rooms)),
            endpoint: endpoint.clone(),
            ignore_absent: options.ignore_absent,
            rate: options.limits.rate.value,
            concurrency: options.limits.concurrency.value,
            failure: FailureDetails::default(),
            latencies: Latencies::default(),
        }
    }

    /// Handles one event that happened at `now`.
    ///
    /// # Errors
    /// A record or a result could not be written, or the reader of the results
    /// has closed them.
    pub(super) fn on(&mut self, event: &Event<'_>, now: SystemTime) -> Result<(), ListenerError> {
        match event {
            Event::Starting(batch) => {
                let written = self.records.write_intent(batch, now);
                written.map_err(ListenerError::NotWritten)?;
                self.report_request(batch);
            }
            Event::Reading(read) => self.report_read(read),
            Event::RoomNote(note) => self.display.write_note(|notes| notes.detail(note)),
            Event::Answered { result, took } => self.answered(result, *took, now),
            Event::Retry(retry) => self.report_retry(retry),
            Event::BadRow(why) => {
                let first = &mut self.failure.bad_row;
                first.get_or_insert_with(|| (*why).to_owned());
                // An error of this row, so it is shown with -q, too.
                self.display.write_note(|notes| notes.warn_always(why));
            }
            Event::SkippedRow(SkippedRow::Protected(row)) => {
                self.display
                    .write_note(|notes| notes.info(&format!("skipped: {row}")));
            }
            // As the bad row they belong to.
            Event::SkippedRow(SkippedRow::Lines(lines)) => {
                self.display.write_note(|notes| notes.warn_always(lines));
            }
            Event::HeldByConcurrency => self.report_held(),
            Event::RateChange(change) => self.report_rate(change),
            Event::Verifying => self.verifying(),
            Event::InRoom(found) => return self.in_room(found, now),
            Event::RoomVerified(room, check) => self.report_room(room, check),
            Event::Tick(tally) => return self.display.tick(tally, now),
            Event::Closing { stop, in_flight } => return self.closing(*stop, *in_flight),
            Event::Settled(settled) => return self.settled(settled),
        }
        Ok(())
    }

    /// Completes the records. Each is tried, also if another failed.
    pub(super) fn finish_records(&mut self) -> io::Result<()> {
        let records = mem::take(&mut self.records);
        let marks = self.verification.as_ref();
        match marks.filter(|verification| verification.has_marks()) {
            Some(marks) => records.finish(Some(&|room, user| marks.is_marked(room, user))),
            None => records.finish(None),
        }
    }

    fn report_request(&mut self, batch: &Batch) {
        if !self.display.is_verbose() {
            return;
        }
        let request = self.endpoint.redacted_request(self.action.api_call());
        let room = &batch.room;
        let members = plural(batch.members.len(), "member", "members");
        let reason = batch.reason.text().unwrap_or("-");
        let names: Vec<&str> = batch.members.iter().map(UserId::as_str).collect();
        self.display.write_note(|notes| {
            notes.detail(format_args!("> {request} room {room}, {members}"));
            notes.more_detail(&format!(">   {}; reason: {reason}", names.join(", ")));
        });
    }

    fn report_read(&mut self, read: &RoomRead) {
        if self.display.is_verbose() {
            let request = self.endpoint.redacted_request(read.call.name());
            let room = &read.room;
            self.display
                .write_note(|notes| notes.detail(format_args!("> {request} room {room}")));
        }
    }

    fn answered(&mut self, result: &Result<Answer, Error>, took: Duration, now: SystemTime) {
        match result {
            Err(error) => self.failure.no_answer(error),
            Ok(answer) => {
                self.latencies.add(took);
                if answer.class().rejects_credentials() {
                    self.failure.rejection = Some(LastAnswer::of(answer));
                }
                if codes::is_expired_signature(answer.error_code) {
                    self.failure.skew = ClockSkew::of_answer(answer, now);
                }
            }
        }
        if self.display.is_verbose() {
            let text = match result {
                Err(error) => error.to_string(),
                Ok(answer) => {
                    let request_id = answer.request_id.as_deref().unwrap_or("-");
                    let Answer {
                        action_status,
                        error_code,
                        error_info,
                        ..
                    } = answer;
                    let status = action_status.as_deref().unwrap_or("-");
                    format!("{status} {error_code} {error_info} {request_id}")
                }
            };
            self.display.write_note(|notes| {
                notes.detail(format_args!("< {text} ({} ms)", took.as_millis()));
            });
        }
    }

    fn report_retry(&mut self, retry: &Retry) {
        if self.is_one_request || self.display.is_verbose() {
            self.display.write_note(|notes| notes.retry(retry));
        }
    }

    fn report_held(&mut self) {
        let (rate, most) = (self.rate, self.concurrency);
        let remedy = if most < MAX_CONCURRENCY {
            format!("; a higher limit is faster, up to --concurrency {MAX_CONCURRENCY}")
        } else {
            String::new()
        };
        self.display.write_note(|notes| {
            notes.info(&format!(
                "held below --rate {rate} by --concurrency {most}: the answers take long{remedy}"
            ));
        });
    }

    fn report_rate(&mut self, change: &RateChange) {
        self.display.write_note(|notes| match change {
            RateChange::Lost { why, rate } => notes.warn(&format!(
                "the shared rate cannot be reached: {why}; continuing at {rate} a second"
            )),
            RateChange::Note(note) => notes.detail(note),
            RateChange::Back => notes.info("the shared rate is reached again"),
        });
    }

    /// The bar is removed, and results are no longer buffered for it. After
    /// Ctrl-C the wait for requests in flight is explained.
    fn closing(&mut self, stop: Option<Stop>, in_flight: usize) -> Result<(), ListenerError> {
        if stop == Some(Stop::Credentials) {
            // It may be the answer to a read of a member list, which settles nobody.
            let rejection = self.failure.rejection.take();
            self.failure.answer = rejection.or(self.failure.answer.take());
        }
        self.unsent_rows.is_stopped = stop.is_some();
        let shown = self.display.close();
        if let (Some(Stop::Signal(signal)), 1..) = (stop, in_flight) {
            let requests = plural(in_flight, "request", "requests");
            self.display.notes_without_bar().info_on_terminal(&format!(
                "{}: waiting for {requests} in flight; another one stops at once",
                signal.name()
            ));
        }
        shown
    }

    /// How many members have no rows, and where they are.
    pub(super) fn unlisted_in_words(&self) -> Option<String> {
        let members = self.unsent_rows.hidden;
        let place = match (&self.failed_to, &self.journal) {
            (Some(path), _) => format!("{} has them (--failed-to)", display_path(path)),
            (None, Some(path)) => {
                let path = shell_quoted(path);
                format!("roomctl journal show {path} --outcome unsent lists them")
            }
            (None, None) => "-v lists all, --failed-to FILE writes them to a file".into(),
        };
        let verb = if members == 1 { "is" } else { "are" };
        let members = plural(members as u64, "unsent member", "unsent members");
        (self.unsent_rows.hidden > 0).then(|| format!("{members} {verb} not listed: {place}"))
    }

    fn verifying(&mut self) {
        if let Some(verification) = &mut self.verification {
            verification.begin();
        }
        let notes = self.display.notes_without_bar();
        notes.info_on_terminal("reading the member list of each room once more (--verify)");
    }

    fn in_room(&mut self, found: &InRoom, now: SystemTime) -> Result<(), ListenerError> {
        let verification = self.verification.as_mut();
        let new = verification.map(|verification| verification.found(found));
        let (Some(new), Some(file)) = (new, self.records.failed_to.as_mut()) else {
            return Ok(());
        };
        // Lines that a pipe has got cannot be marked any more.
        let members = if file.is_draft() { &new } else { found };
        if members.members.is_empty() {
            return Ok(());
        }
        let added = file.add_in_room(members, self.action, now);
        added.map_err(ListenerError::NotWritten)
    }

    fn report_room(&mut self, room: &RoomId, check: &ListCheck) {
        let verification = self.verification.as_mut();
        let warnings = verification.map(|verification| verification.add_room(room, check));
        let warnings = warnings.unwrap_or_default();
        let notes = self.display.notes_without_bar();
        if let Some(warning) = warnings.in_room {
            notes.warn(&warning);
        }
        if let Some(warning) = warnings.not_verified {
            notes.warn_always(&warning);
        }
    }

    /// Records come first; the result is printed also if a record failed.
    fn settled(&mut self, settled: &Settled) -> Result<(), ListenerError> {
        let is_success = settled
            .outcome
            .is_success(settled.action, self.ignore_absent);
        let written = self.records.write_settled(settled, is_success);
        if !is_success {
            self.failure.add(settled);
            if let Some(verification) = &mut self.verification {
                verification.not_removed(settled, self.failed_to.is_some());
            }
        }
        let shown = if self.unsent_rows.hide(settled) {
            Ok(())
        } else {
            self.display.settled(settled)
        };
        written.map_err(ListenerError::NotWritten).and(shown)
    }
}

impl UnsentRows {
    /// Whether these members get no rows. Counts them.
    fn hide(&mut self, settled: &Settled) -> bool {
        let is_left = self.is_stopped && settled.outcome == Outcome::Unsent;
        let is_hidden = self.are_hidden && is_left;
        if is_hidden {
            self.hidden += settled.members.len();
        }
        is_hidden
    }
}

/// A bar on a terminal that can draw one, else lines. A job of one request has
/// neither unless it is asked for, and a quiet job never has. With JSON there are
/// only lines, and only if they are asked for.
fn progress(show: ShowProgress, size: JobSize, style: OutputStyle) -> Progress {
    let is_shown = match show {
        ShowProgress::Never => false,
        ShowProgress::Always => true,
        ShowProgress::Auto => size.requests > 1 && style.format == Format::Text,
    };
    if style.quiet || !is_shown {
        Progress::Hidden
    } else if style.format == Format::Text && io::stderr().is_terminal() && style.can_draw {
        Progress::new_bar(size.members, style.is_unicode)
    } else {
        Progress::new_lines(size.members)
    }
}
