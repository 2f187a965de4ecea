//! Turns the engine's events into results, notes, progress, and what the
//! closing report needs to remember.

use std::io::{self, Write};
use std::mem;
use std::time::{Duration, SystemTime};

use super::records::Records;
use crate::api::codes::{self, Class};
use crate::api::{Answer, Endpoint, Error};
use crate::commands::refusal::ClockSkew;
use crate::job::{Batch, Event, LastAnswer, ListenerError, Retry, Settled, Stop};
use crate::output::{Display, FailedTo, Latencies, plural};
use crate::room::{Action, RoomId, UserId};

/// A listener to one job.
#[derive(Debug)]
pub(super) struct JobListener<O, E> {
    pub(super) display: Display<O, E>,
    pub(super) failed_to: Option<FailedTo>,
    pub(super) records: Records,
    /// A job of one request says each retry at once.
    pub(super) says_retries: bool,
    pub(super) action: Action,
    /// Where requests go, for `-v`.
    pub(super) endpoint: Endpoint,
    pub(super) ignore_absent: bool,
    pub(super) first: FirstFailure,
    /// How long the service took to answer.
    pub(super) latencies: Latencies,
}

/// What the closing report tells of.
#[derive(Debug, Default)]
pub(super) struct FirstFailure {
    /// The most telling word about a member whose outcome is not as asked:
    /// about credentials, else the first.
    pub(super) failure: Option<LastAnswer>,
    /// The room of the first such member.
    pub(super) room: Option<RoomId>,
    /// The first row of a live feed that could not be used.
    pub(super) bad_row: Option<String>,
    /// The latest request without an answer of the service.
    pub(super) error: Option<Error>,
    /// How far the clocks differ, when the service called a signature expired.
    pub(super) skew: Option<ClockSkew>,
}

impl<O: Write, E: Write> JobListener<O, E> {
    /// Takes in one event of this moment; the records come first.
    pub(super) fn on(&mut self, event: &Event<'_>, now: SystemTime) -> Result<(), ListenerError> {
        match event {
            Event::Starting(batch) => {
                let kept = self.records.starting(batch, now);
                kept.map_err(ListenerError::NotWritten)?;
                self.starting(batch);
            }
            Event::Answered { result, took } => self.answered(result, *took, now),
            Event::Retry(retry) => self.retry(retry),
            Event::BadRow(why) => {
                self.first.bad_row.get_or_insert_with(|| (*why).to_owned());
                self.display.note(|notes| notes.warn(why));
            }
            Event::SkippedRow(said) => self
                .display
                .note(|notes| notes.info(&format!("skipped: {said}"))),
            Event::Tick(tally) => return self.display.tick(tally, now),
            Event::Closing { stop, in_flight } => return self.close(*stop, *in_flight),
            Event::Settled(settled) => {
                let kept = self
                    .records
                    .settled(settled)
                    .map_err(ListenerError::NotWritten);
                // Who reads the results learns of it all the same.
                let shown = self.settled(settled);
                return kept.and(shown);
            }
        }
        Ok(())
    }

    /// Closes what is kept, each whatever became of the other.
    pub(super) fn keep(&mut self) -> io::Result<()> {
        let records = mem::take(&mut self.records).finish();
        let failed_to = self.failed_to.take();
        let failed_to = failed_to.map_or(Ok(()), FailedTo::finish);
        records.and(failed_to)
    }

    fn starting(&mut self, batch: &Batch) {
        if !self.display.is_verbose() {
            return;
        }
        let request = self.endpoint.redacted_request(self.action.api_call());
        let (room, count) = (&batch.room, batch.members.len());
        let members = plural(count, "member", "members");
        let reason = batch.reason.text().unwrap_or("-");
        let names: Vec<&str> = batch.members.iter().map(UserId::as_str).collect();
        self.display.note(|notes| {
            notes.detail(&format!("> {request} room {room}, {members}"));
            notes.more_detail(&format!(">   {}; reason: {reason}", names.join(", ")));
        });
    }

    fn answered(&mut self, result: &Result<Answer, Error>, took: Duration, now: SystemTime) {
        if result.is_ok() {
            self.latencies.add(took);
        }
        match result {
            Err(error) => self.first.error = Some(error.clone()),
            Ok(answer) if answer.error_code == codes::SIGNATURE_EXPIRED => {
                self.first.skew = ClockSkew::of_answer(answer, now);
            }
            Ok(_) => {}
        }
        if self.display.is_verbose() {
            let said = match result {
                Err(error) => error.to_string(),
                Ok(answer) => {
                    let request_id = answer.request_id.as_deref().unwrap_or("-");
                    let Answer {
                        action_status,
                        error_code,
                        error_info,
                        ..
                    } = answer;
                    format!("{action_status} {error_code} {error_info} {request_id}")
                }
            };
            self.display
                .note(|notes| notes.detail(&format!("< {said} ({} ms)", took.as_millis())));
        }
    }

    fn retry(&mut self, retry: &Retry) {
        if self.says_retries || self.display.is_verbose() {
            let Retry {
                number,
                max,
                delay,
                why,
            } = retry;
            let wait = delay.as_secs_f64();
            self.display.note(|notes| {
                notes.info(&format!("retry {number} of {max} in {wait:.1} s: {why}"));
            });
        }
    }

    /// Without the bar from here on, nothing waits for it. Whoever pressed Ctrl-C
    /// is not to wonder why nothing happens.
    fn close(&mut self, stop: Option<Stop>, in_flight: usize) -> Result<(), ListenerError> {
        let shown = self.display.close();
        if let (Some(Stop::Signal(signal)), 1..) = (stop, in_flight) {
            let requests = plural(in_flight, "request", "requests");
            let name = signal.name();
            self.display.note(|notes| {
                notes.info_on_terminal(&format!(
                    "{name}: waiting for {requests} in flight; once more leaves at once"
                ));
            });
        }
        shown
    }

    fn settled(&mut self, settled: &Settled) -> Result<(), ListenerError> {
        let is_success = settled
            .outcome
            .is_success(settled.action, self.ignore_absent);
        if !is_success {
            self.first.failed(settled);
        }
        // Each is told, whatever became of the other.
        let kept = match &mut self.failed_to {
            Some(failed_to) if !is_success => {
                failed_to.add(settled).map_err(ListenerError::NotWritten)
            }
            _ => Ok(()),
        };
        let shown = self.display.settled(settled);
        kept.and(shown)
    }
}

impl FirstFailure {
    fn failed(&mut self, settled: &Settled) {
        let said = &settled.last_answer;
        self.room.get_or_insert_with(|| settled.room.clone());
        let of_credentials = |said: &LastAnswer| {
            let class = said.error_code().map(codes::class);
            class == Some(Class::Credentials)
        };
        let is_telling = match &self.failure {
            None => true,
            Some(first) => of_credentials(said) && !of_credentials(first),
        };
        if is_telling {
            self.failure = Some(said.clone());
        }
    }
}
