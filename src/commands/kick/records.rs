//! What is kept of a job: the journal, which earlier runs' outcomes come from,
//! and the audit. Both are written before anything is shown.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Args;
use super::faults::Faults;
use super::file_conflicts::{self, is_one_file};
use crate::commands::Context;
use crate::commands::session::Session;
use crate::config::{self, Profile, Setting};
use crate::error::{Error, Problem};
use crate::exit::Exit;
use crate::job::journal::{self, Author, History, Journal, JournalOwner, OpenedJournal};
use crate::job::{Batch, Plan, ResumeSummary, Settled};
use crate::output::Audit;
use crate::room::Action;

/// Where records go, and whether earlier ones count.
#[derive(Debug)]
pub(super) struct RecordPaths {
    action: Action,
    journal: Option<PathBuf>,
    again: bool,
    audit: Option<Setting<PathBuf>>,
}

/// The records of one run, open.
#[derive(Debug, Default)]
pub(super) struct Records {
    journal: Option<(PathBuf, Journal)>,
    audit: Option<(PathBuf, Audit)>,
}

impl RecordPaths {
    /// As flags, environment and profile say.
    pub(super) fn of(
        args: &Args,
        profile: Option<&Profile>,
        context: &Context,
        faults: &mut Faults,
    ) -> Result<Self, Error> {
        let flag = args.audit.as_deref().map(Path::as_os_str);
        let audit = config::audit(flag, &context.env, profile)?;
        let paths = Self {
            action: args.verb.action,
            journal: args.journal.clone(),
            again: args.again,
            audit,
        };
        paths.check(args, faults);
        let audit = paths.audit.as_ref().map(|audit| audit.value.as_path());
        let written = [
            ("--journal", paths.journal.as_deref()),
            ("--audit", audit),
            ("--failed-to", args.failed_to.as_deref()),
        ];
        let settings = config::files(&context.flags.connection, &context.env, profile);
        file_conflicts::check(written, args, &settings, faults);
        Ok(paths)
    }

    fn check(&self, args: &Args, faults: &mut Faults) {
        let Some(journal) = self.journal.as_deref() else {
            if self.again {
                faults.push_with(
                    "--again asks those anew whom a journal calls settled, and there is none",
                    "give --journal FILE, or leave --again out",
                );
            }
            return;
        };
        if journal.as_os_str().is_empty() || journal == OsStr::new("-") {
            faults.push_with(
                "--journal: a journal is a file, to be read again by the next run",
                "--journal FILE",
            );
        }
        if self.again && args.stream {
            faults.push_with(
                "--again says nothing with --stream: a live feed's rows are all asked about",
                "leave --again out",
            );
        }
    }

    /// Where the audit goes, for `-v`.
    pub(super) fn say(&self, context: &Context) {
        if let Some(Setting { value, source }) = &self.audit {
            let said = format!("audit: {} ({source})", value.display());
            context.notes().detail(&said);
        }
    }

    /// Takes out of the plan what earlier runs settled, writing nothing.
    pub(super) fn look(&self, plan: &mut Plan, session: &Session) -> Result<(), Error> {
        if let Some(path) = &self.journal {
            let history = journal::read_history(path, journal_owner(session))?;
            plan.resume(&history, self.again);
        }
        Ok(())
    }

    /// Opens everything; takes out of the plan what earlier runs settled, and
    /// says so.
    pub(super) fn resume(
        &self,
        plan: &mut Plan,
        session: &Session,
        context: &Context,
    ) -> Result<(Records, ResumeSummary), Error> {
        let (records, history) = self.open(session, context)?;
        let all = plan.members();
        let past = plan.resume(&history, self.again);
        if let Some(path) = &self.journal {
            let mut notes = context.notes();
            if let Some(said) = skipped(&past, all, path, &history) {
                notes.info(&said);
            }
            if past.in_doubt > 0 {
                notes.detail(&format!(
                    "{} of {all} were asked about before, and no answer was kept: they are \
                     asked about again",
                    past.in_doubt
                ));
            }
        }
        Ok((records, past))
    }

    /// Opens everything, and gives what the journal knows.
    pub(super) fn open(
        &self,
        session: &Session,
        context: &Context,
    ) -> Result<(Records, History), Error> {
        let settings = &session.settings;
        let sdkappid = settings.sdkappid.value;
        let identifier = &settings.identifier.value;
        let mut records = Records::default();
        let mut known = History::default();
        if let Some(path) = &self.journal {
            let author = Author {
                owner: journal_owner(session),
                action: self.action,
                identifier: identifier.to_string(),
                profile: settings.profile.as_ref().map(|p| p.name().to_owned()),
            };
            let OpenedJournal {
                journal,
                history,
                torn,
            } = Journal::open(path, author, SystemTime::now())?;
            if torn > 0 {
                context.notes().warn(&format!(
                    "{}: the last record was not written to its end; its {torn} bytes are cut off",
                    path.display()
                ));
            }
            records.journal = Some((path.clone(), journal));
            known = history;
        }
        if let Some(Setting { value: path, .. }) = &self.audit {
            let audit = Audit::open(path, sdkappid, identifier);
            let audit = audit.map_err(|why| {
                let message = format!("cannot append to the audit {}", path.display());
                let hint = "give --audit a file that can be written";
                Error::from(Problem::new(Exit::Record, message, hint).caused_by(why))
            })?;
            if let Some((journal, _)) = &records.journal
                && is_one_file(journal, path)
            {
                let message = "--journal and --audit are the same file, by another name";
                return Err(Error::usage(message, "give each a file of its own"));
            }
            records.audit = Some((path.clone(), audit));
        }
        Ok((records, known))
    }
}

fn journal_owner(session: &Session) -> JournalOwner {
    JournalOwner {
        sdkappid: session.settings.sdkappid.value,
        is_rehearsal: session.settings.endpoint.value.is_loopback(),
    }
}

/// `298 of 300 already settled in FILE, last at TIME; --again asks them too`
fn skipped(past: &ResumeSummary, all: usize, path: &Path, history: &History) -> Option<String> {
    let settled = past.settled.total();
    let last = history.last_settled().filter(|_| settled > 0)?;
    Some(format!(
        "{settled} of {all} already settled in {}, last at {}; --again asks them too",
        path.display(),
        humantime::format_rfc3339_seconds(last)
    ))
}

impl Records {
    /// Whether the next run knows what this one did.
    pub(super) fn has_journal(&self) -> bool {
        self.journal.is_some()
    }

    /// A request is about to leave; unless this is `Ok` it must not.
    pub(super) fn starting(&mut self, batch: &Batch, now: SystemTime) -> io::Result<()> {
        match &mut self.journal {
            Some((path, journal)) => journal
                .write_intent(batch, now)
                .map_err(lost("journal", path)),
            None => Ok(()),
        }
    }

    /// Members reached their outcome. Each record is tried, whatever became of
    /// the other.
    pub(super) fn settled(&mut self, settled: &Settled) -> io::Result<()> {
        let in_journal = match &mut self.journal {
            Some((path, journal)) => journal
                .write_settled(settled)
                .map_err(lost("journal", path)),
            None => Ok(()),
        };
        let in_audit = match &mut self.audit {
            Some((path, audit)) => audit.add(settled).map_err(lost("audit", path)),
            None => Ok(()),
        };
        in_journal.and(in_audit)
    }

    /// Waits until the journal is on disk.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.journal {
            Some((path, journal)) => journal.finish().map_err(lost("journal", &path)),
            None => Ok(()),
        }
    }
}

/// The same error, saying which record it is about.
fn lost(what: &str, path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |why| io::Error::new(why.kind(), format!("{what} {}: {why}", path.display()))
}
