//! What is said when a job has ended: the error with its hint where not all is
//! as asked, then the counts.

use std::io::Write;

use super::watch::Watch;
use crate::api::codes::{self, Class};
use crate::config::{Setting, Settings};
use crate::exit::Exit;
use crate::job::{Outcome, Said, Tally};
use crate::output::Summary;
use crate::room::Action;

/// A job at its end.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) tally: &'a Tally,
    pub(super) exit: Exit,
    pub(super) settings: &'a Settings,
}

impl Report<'_> {
    /// Says it.
    pub(super) fn say<O: Write, E: Write>(
        &self,
        elapsed: std::time::Duration,
        lost: Option<&std::io::Error>,
        watch: &mut Watch<O, E>,
    ) {
        if self.exit != Exit::Done {
            let said = watch.first_failure.as_ref().map(|(_, said)| said);
            let causes: Vec<String> = lost.map(ToString::to_string).into_iter().collect();
            let hint = self.hint(said);
            watch
                .notes
                .error(self.exit, &self.message(said), &causes, hint.as_deref());
        }
        if self.tally.perhaps_removed > 0 {
            watch.notes.say(&format!(
                "note: {} members were found absent one by one after a request for all of them \
                 was answered so; that request may have removed some",
                self.tally.perhaps_removed
            ));
        }
        watch.notes.summary(&Summary {
            action: Action::Kick,
            tally: self.tally,
            elapsed,
            exit: self.exit,
        });
    }

    fn message(&self, said: Option<&Said>) -> String {
        let reason = said.map(words).unwrap_or_default();
        let of = self.tally.total();
        let open = self.tally.count(Outcome::Unknown) + self.tally.count(Outcome::Unsent);
        match self.exit {
            Exit::Credentials => format!("the service rejected the credentials: {reason}"),
            Exit::Refused => format!("nobody was removed: {reason}"),
            Exit::Unreachable => format!("{open} of {of} members are not settled: {reason}"),
            Exit::Partial => {
                let ok = self.tally.count(Outcome::Done) + self.tally.count(Outcome::Gone);
                format!("only {ok} of {of} members were removed: {reason}")
            }
            Exit::Interrupted(signal) => {
                format!(
                    "stopped by {}: {open} of {of} members are not settled",
                    signal.name()
                )
            }
            Exit::Record => "results could not be written; the job was stopped".into(),
            Exit::Done | Exit::Usage | Exit::Config => reason,
        }
    }

    fn hint(&self, said: Option<&Said>) -> Option<String> {
        let again = "run the same command again with --ignore-absent";
        match self.exit {
            Exit::Unreachable | Exit::Interrupted(_) => Some(again.into()),
            Exit::Record => Some(format!(
                "free some space or write somewhere else, then {again}"
            )),
            _ => {
                let row = codes::row(said?.error_code()?)?;
                let mut hint = row.remedy.to_owned();
                if row.class == Class::Credentials
                    && let Some(sources) = two_sources(self.settings)
                {
                    hint.push('\n');
                    hint.push_str(&sources);
                }
                Some(hint)
            }
        }
    }
}

/// An SDKAppID from one place and a key from another are the commonest mix-up.
fn two_sources(settings: &Settings) -> Option<String> {
    let Setting { source: app, .. } = &settings.sdkappid;
    let Setting { source: key, .. } = &settings.credential;
    let differ = !app.is_beside(key);
    differ.then(|| format!("the SDKAppID comes from {app}, the key from {key}"))
}

/// The code in our words, and the service's own.
fn words(said: &Said) -> String {
    match said {
        Said::Nothing(why) => why.clone(),
        Said::Answer {
            error_code,
            error_info,
            ..
        } => match codes::row(*error_code) {
            Some(row) if error_info.is_empty() => format!("{error_code}, {}", row.meaning),
            Some(row) => format!("{error_code}, {} ({error_info})", row.meaning),
            None => format!("{error_code} ({error_info})"),
        },
    }
}
