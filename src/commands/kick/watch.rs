//! Turns the engine's events into results, notes, and what the closing report
//! needs to remember.

use std::io::Write;
use std::time::Duration;

use crate::job::{Event, Outcome, Said, SinkError};
use crate::output::{Notes, Results};

/// A listener to one job.
#[derive(Debug)]
pub(super) struct Watch<O, E> {
    pub(super) results: Results<O>,
    pub(super) notes: Notes<E>,
    /// A job of one request says each retry at once.
    pub(super) says_retries: bool,
    /// Where requests go, for `-v`.
    pub(super) endpoint: String,
    /// The first outcome that was not as asked, and what was said of it.
    pub(super) first_failure: Option<(Outcome, Said)>,
    pub(super) ignore_absent: bool,
}

impl<O: Write, E: Write> Watch<O, E> {
    /// Takes in one event.
    pub(super) fn on(&mut self, event: &Event<'_>) -> Result<(), SinkError> {
        match event {
            Event::Starting(batch) => {
                if self.notes.is_verbose() {
                    let (room, members) = (&batch.room, batch.members.len());
                    self.notes.detail(&format!(
                        "> POST {}/v4/room_engine_http_srv/kick_user_out?[redacted] \
                         {members} of {room}",
                        self.endpoint,
                    ));
                }
                Ok(())
            }
            Event::Answered { result, took, .. } => {
                if self.notes.is_verbose() {
                    let ms = took.as_millis();
                    self.notes.detail(&match result {
                        Ok(answer) => format!(
                            "< {} {} {} {} in {ms} ms",
                            answer.action_status,
                            answer.error_code,
                            answer.error_info,
                            answer.request_id.as_deref().unwrap_or("-"),
                        ),
                        Err(error) => format!("< {error} in {ms} ms"),
                    });
                }
                Ok(())
            }
            Event::Retry(retry) => {
                if self.says_retries || self.notes.is_verbose() {
                    let (number, of, why) = (retry.number, retry.of, &retry.why);
                    let wait = seconds(retry.delay);
                    self.notes
                        .say(&format!("retry {number} of {of} in {wait} s: {why}"));
                }
                Ok(())
            }
            Event::Settled(settled) => {
                let as_asked = match settled.outcome {
                    Outcome::Done | Outcome::Gone => true,
                    Outcome::Absent => self.ignore_absent,
                    _ => false,
                };
                if !as_asked && self.first_failure.is_none() {
                    self.first_failure = Some((settled.outcome, settled.said.clone()));
                }
                self.results.settled(settled)
            }
        }
    }
}

fn seconds(delay: Duration) -> String {
    format!("{:.1}", delay.as_secs_f64())
}
