//! Turns the engine's events into results, notes, and what the closing report
//! needs to remember.

use std::io::Write;
use std::time::{Duration, SystemTime};

use crate::api::{Answer, Error, codes};
use crate::commands::advice::Skew;
use crate::job::{Batch, Event, Outcome, Retry, Said, Settled, SinkError};
use crate::output::{Notes, Results};
use crate::room::UserId;

/// A listener to one job.
#[derive(Debug)]
pub(super) struct Watch<O, E> {
    pub(super) results: Results<O>,
    pub(super) notes: Notes<E>,
    /// A job of one request says each retry at once.
    pub(super) says_retries: bool,
    /// Where requests go, for `-v`.
    pub(super) endpoint: String,
    pub(super) ignore_absent: bool,
    /// What was said of the first member whose outcome is not as asked.
    pub(super) first_failure: Option<Said>,
    /// The latest request without an answer of the service.
    pub(super) last_error: Option<Error>,
    /// How far the clocks differ, when the service called a signature expired.
    pub(super) skew: Option<Skew>,
}

impl<O: Write, E: Write> Watch<O, E> {
    /// Takes in one event.
    pub(super) fn on(&mut self, event: &Event<'_>) -> Result<(), SinkError> {
        match event {
            Event::Starting(batch) => self.starting(batch),
            Event::Answered { result, took, .. } => self.answered(result, *took),
            Event::Retry(retry) => self.retry(retry),
            Event::Settled(settled) => return self.settled(settled),
            Event::BadRow(why) => self.notes.warn(why),
            Event::Tick(_) => {}
        }
        Ok(())
    }

    fn starting(&mut self, batch: &Batch) {
        if !self.notes.is_verbose() {
            return;
        }
        let url = format!("{}/v4/room_engine_http_srv/kick_user_out", self.endpoint);
        let Batch {
            room,
            members,
            reason,
            ..
        } = batch;
        let count = members.len();
        self.notes.detail(&format!(
            "> POST {url}?[redacted] room {room}, {count} members"
        ));
        let names: Vec<&str> = members.iter().map(UserId::as_str).collect();
        self.notes
            .more_detail(&format!(">   {}; reason: {reason}", names.join(", ")));
    }

    fn answered(&mut self, result: &Result<Answer, Error>, took: Duration) {
        if let Err(error) = result {
            self.last_error = Some(error.clone());
        }
        if let Ok(answer) = result
            && answer.error_code == codes::SIGNATURE_EXPIRED
            && let Some(service) = answer.server_time
        {
            self.skew = Skew::between(SystemTime::now(), service);
        }
        if self.notes.is_verbose() {
            let said = match result {
                Err(error) => error.to_string(),
                Ok(Answer {
                    action_status,
                    error_code,
                    error_info,
                    request_id,
                    ..
                }) => {
                    let request_id = request_id.as_deref().unwrap_or("-");
                    format!("{action_status} {error_code} {error_info} {request_id}")
                }
            };
            self.notes
                .detail(&format!("< {said} ({} ms)", took.as_millis()));
        }
    }

    fn retry(&mut self, retry: &Retry) {
        if self.says_retries || self.notes.is_verbose() {
            let Retry {
                number,
                of,
                delay,
                why,
            } = retry;
            let wait = delay.as_secs_f64();
            self.notes
                .say(&format!("retry {number} of {of} in {wait:.1} s: {why}"));
        }
    }

    fn settled(&mut self, settled: &Settled) -> Result<(), SinkError> {
        let is_as_asked = match settled.outcome {
            Outcome::Done | Outcome::Gone => true,
            Outcome::Absent => self.ignore_absent,
            Outcome::Refused | Outcome::Unknown | Outcome::Unsent => false,
        };
        if !is_as_asked && self.first_failure.is_none() {
            self.first_failure = Some(settled.said.clone());
        }
        self.results.settled(settled)
    }
}
