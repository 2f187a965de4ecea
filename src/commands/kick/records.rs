//! What is recorded of a job: the journal, from which the next run resumes, the
//! audit, and the list of `--failed-to`. Their paths are checked against each
//! other and against the files that are read.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::already_settled::{BanLength, already_settled, warn_of_bans};
use super::args::Args;
use super::{audit, everyone};
use crate::commands::Context;
use crate::commands::file_conflicts::{SAME_FILE_HINT, check_conflicts, files_read, is_same_file};
use crate::commands::session::{LoadedConfig, Session};
use crate::config::{self, Setting};
use crate::error::{Error, Problem, Problems, grouped};
use crate::file_name::{display_path, shell_quoted};
use crate::job::input::Format;
use crate::job::journal::{self, Author, History, Journal, JournalScope, OpenedJournal, SandboxId};
use crate::job::{Batch, Plan, Settled, Tally};
use crate::output::{Audit, FailedTo, IsInRoom, Notes};
use crate::room::{Action, RoomId, UserId};

/// Most bytes of the disk that are reserved for one file. On some systems a "disk"
/// is memory.
const MOST_RESERVED: u64 = 64 * 1024 * 1024;

/// Where records are written, and whether earlier ones count.
#[derive(Debug)]
pub(super) struct RecordPaths {
    action: Action,
    /// Of a ban.
    length: Option<BanLength>,
    journal: Option<PathBuf>,
    /// Members that the journal counts as settled are processed again: with `--again`,
    /// or because a list of the service, which is newer, says that they are back.
    again: bool,
    audit: Option<Setting<PathBuf>>,
    failed_to: Option<PathBuf>,
}

/// The open records of one run.
#[derive(Debug, Default)]
pub(super) struct Records {
    journal: Option<(PathBuf, Journal)>,
    audit: Option<(PathBuf, Audit)>,
    pub(super) failed_to_path: Option<PathBuf>,
    pub(super) failed_to: Option<FailedTo>,
    /// Most bytes that the outcomes of the plan usually take.
    outcome_bytes: u64,
}

/// A job that continues what its journal contains.
#[derive(Debug)]
pub(super) struct Resumed {
    pub(super) records: Records,
    /// Members that earlier runs settled.
    pub(super) settled_before: Tally,
    /// The same in words, if there are any.
    pub(super) in_journal: Option<String>,
}

impl RecordPaths {
    /// Checks the paths of flags, environment and profile. Nothing is opened.
    pub(super) fn from_args(
        args: &Args,
        config: &LoadedConfig,
        context: &Context,
        problems: &mut Problems,
    ) -> Self {
        let profile = config.profile();
        let flag = args.audit.as_deref().map(Path::as_os_str);
        let audit = config::audit_file(flag, &context.env, profile);
        let paths = Self {
            action: args.action,
            length: BanLength::of(args),
            journal: args.journal.clone(),
            again: args.again || everyone::flag_of(args).is_some(),
            audit: problems.ok_or_collect(audit).flatten(),
            failed_to: args.failed_to.clone(),
        };
        paths.check_journal(args, problems);
        if paths.failed_to.as_deref() == Some(Path::new("-")) {
            let hint = "give --failed-to a file";
            problems.push(Problem::usage("--failed-to -: stdout is for results", hint));
        }
        // --from would read it as a table.
        let is_table = |file: &&Path| Format::from_path(file).is_some_and(Format::has_columns);
        if let Some(file) = paths.failed_to.as_deref().filter(is_table) {
            let message = format!("--failed-to {}: is written as json", display_path(file));
            let new = shell_quoted(file.with_extension("ndjson"));
            problems.push(Problem::usage(message, format!("give --failed-to {new}")));
        }
        check_conflicts(
            &paths.files_written(),
            &files_read(args.files_read(), profile, context),
            problems,
        );
        paths
    }

    fn check_journal(&self, args: &Args, problems: &mut Problems) {
        let Some(journal) = self.journal.as_deref() else {
            if args.again {
                problems.push(Problem::usage(
                    "--again processes members that a journal counts as settled, and no journal is given",
                    "give --journal FILE, or remove --again",
                ));
            }
            return;
        };
        if journal.as_os_str().is_empty() || journal == OsStr::new("-") {
            problems.push(Problem::usage(
                "--journal: a journal must be a file, because the next run reads it",
                "give --journal a file",
            ));
        }
        if args.again && args.stream {
            problems.push(Problem::usage(
                "--again does not apply to --stream: every row of a live feed is processed",
                "remove --again",
            ));
        }
    }

    /// The files that are written, with their flags.
    fn files_written(&self) -> Vec<(&'static str, &Path)> {
        let audit = self.audit.as_ref().map(|audit| &audit.value);
        let paths = [
            ("--journal", self.journal.as_ref()),
            ("--audit", audit),
            ("--failed-to", self.failed_to.as_ref()),
        ];
        let given = paths.into_iter();
        given
            .filter_map(|(flag, path)| Some((flag, path?.as_path())))
            .collect()
    }

    /// Reports where the audit's path came from, for `-v`.
    pub(super) fn report_sources<E: Write>(&self, notes: &mut Notes<E>) {
        if let Some(Setting { value, source }) = &self.audit {
            notes.detail(format_args!("audit: {} ({source})", display_path(value)));
        }
    }

    /// What the journal contains. Writes nothing, for a dry run.
    pub(super) fn read_history(&self, session: &Session) -> Result<History, Error> {
        let path = self.journal.as_deref();
        let read =
            path.map(|path| journal::read_history(path, journal_scope(session), SystemTime::now()));
        Ok(read.transpose()?.unwrap_or_default())
    }

    /// The members in these rooms that are in doubt.
    pub(super) fn in_doubt(
        &self,
        history: &History,
        rooms: &[RoomId],
    ) -> Result<Vec<(RoomId, UserId)>, Error> {
        let Some(path) = self.journal.as_deref().filter(|_| history.has_doubt()) else {
            return Ok(Vec::new());
        };
        let members = journal::members_in_doubt(path, self.action)?;
        let valid = members.into_iter().filter_map(|(room, user)| {
            Some((RoomId::parse(&room).ok()?, UserId::parse(&user).ok()?))
        });
        Ok(valid.filter(|(room, _)| rooms.contains(room)).collect())
    }

    /// Removes the members that the journal counts as settled from the plan, and
    /// returns how many in words. Writes nothing.
    pub(super) fn skip_settled_for_dry_run(
        &self,
        plan: &mut Plan,
        history: Option<History>,
        session: &Session,
        context: &Context,
    ) -> Result<Option<String>, Error> {
        let Some(path) = &self.journal else {
            return Ok(None);
        };
        let history = history.map_or_else(|| self.read_history(session), Ok)?;
        let members = plan.members();
        let resumed = plan.skip_settled(&history, self.again);
        warn_of_bans(self.length.as_ref(), &resumed, &mut context.notes());
        Ok(already_settled(
            resumed.settled.total(),
            members,
            path,
            &history,
        ))
    }

    /// Opens journal and audit, unless they are open. Removes the members that the
    /// journal counts as settled from the plan, and reports how many.
    pub(super) fn open_and_skip_settled(
        &self,
        plan: &mut Plan,
        opened: Option<(Records, History)>,
        session: &Session,
        context: &Context,
    ) -> Result<Resumed, Error> {
        let opened = opened.map_or_else(|| self.open(session, context), Ok);
        let (mut records, history) = opened?;
        let members = plan.members();
        let resumed = plan.skip_settled(&history, self.again);
        records.outcome_bytes = plan.most_outcome_bytes();
        let mut in_journal = None;
        if let Some(path) = &self.journal {
            let mut notes = context.notes();
            in_journal = already_settled(resumed.settled.total(), members, path, &history);
            if let Some(text) = &in_journal {
                notes.info(&format!("{text}; --again processes them too"));
            }
            warn_of_bans(self.length.as_ref(), &resumed, &mut notes);
            if resumed.in_doubt > 0 {
                notes.detail(format_args!(
                    "{} of {} were requested before and have no recorded answer: they are \
                     requested again",
                    grouped(resumed.in_doubt),
                    grouped(members)
                ));
            }
        }
        Ok(Resumed {
            records,
            settled_before: resumed.settled,
            in_journal,
        })
    }

    /// Opens journal and audit, and returns what the journal contains.
    pub(super) fn open(
        &self,
        session: &Session,
        context: &Context,
    ) -> Result<(Records, History), Error> {
        let mut records = Records {
            failed_to_path: self.failed_to.clone(),
            ..Records::default()
        };
        let mut history = History::default();
        if let Some(path) = &self.journal {
            let opened = self.open_journal(path, session, context)?;
            warn_if_open_to_others("journal", path, context);
            records.journal = Some((path.clone(), opened.journal));
            history = opened.history;
        }
        if let Some(Setting { value: path, .. }) = &self.audit {
            records.audit = Some((path.clone(), audit::open(path, session, context)?));
            warn_if_open_to_others("audit", path, context);
            if let Some(journal) = &self.journal
                && is_same_file(journal, path)
            {
                let message = "--journal and --audit are the same file, by another name";
                return Err(Error::usage(message, SAME_FILE_HINT));
            }
        }
        Ok((records, history))
    }

    fn open_journal(
        &self,
        path: &Path,
        session: &Session,
        context: &Context,
    ) -> Result<OpenedJournal, Error> {
        let settings = &session.settings;
        let profile = settings.profile.as_ref();
        let author = Author {
            scope: journal_scope(session),
            action: self.action,
            identifier: settings.identifier.value.to_string(),
            profile: profile.map(|profile| profile.name().to_owned()),
            ban_seconds: self.length.as_ref().map(|length| length.seconds),
        };
        let opened = Journal::open(path, author, SystemTime::now())?;
        if opened.torn_bytes > 0 {
            context.notes().warn(&format!(
                "{}: the last record is incomplete; its {} bytes are cut off",
                display_path(path),
                opened.torn_bytes
            ));
        }
        Ok(opened)
    }

    /// Empties the file of `--failed-to`, because there are no members.
    pub(super) fn empty_failed_to(&self) -> Result<(), Error> {
        let path = self.failed_to.as_deref();
        let emptied = path.map_or(Ok(()), |path| FailedTo::open(path)?.finish());
        emptied.map_err(|why| Error::not_written(&why))
    }
}

/// New records are for their owner only, because they hold names. An older one is
/// continued as it is.
fn warn_if_open_to_others(record: &str, path: &Path, context: &Context) {
    if let Some(mode) = config::open_to_others(path) {
        context.notes().warn(&format!(
            "{record} {}: others can read or write it (mode {mode:04o}): chmod 600 {}",
            display_path(path),
            shell_quoted(path)
        ));
    }
}

fn journal_scope(session: &Session) -> JournalScope {
    let settings = &session.settings;
    let endpoint = &settings.destination.endpoint.value;
    let sandbox = || SandboxId::new(settings.credential.value.key(), endpoint.port());
    JournalScope {
        sdkappid: settings.sdkappid.value,
        rehearsal: endpoint.is_loopback().then(sandbox),
    }
}

impl Records {
    /// Opens the file of `--failed-to`, unless it is open: to find out before the first
    /// request that it can be written.
    pub(super) fn open_failed_to(&mut self) -> Result<(), Error> {
        if self.failed_to.is_none() {
            let opened = self.failed_to_path.as_deref().map(FailedTo::open);
            self.failed_to = opened.transpose().map_err(|why| Error::not_written(&why))?;
        }
        Ok(())
    }

    /// For the time of a question, which a signal may end: no temporary file is left.
    pub(super) fn drop_draft(&mut self) {
        self.failed_to.take_if(|file| file.is_draft());
    }

    /// Finds out before the first request of a plan that the file of `--failed-to` can
    /// be written, and that the disk has space for it and for the audit.
    pub(super) fn prepare(&mut self) -> Result<(), Error> {
        let bytes = self.outcome_bytes.min(MOST_RESERVED);
        if let Some((path, audit)) = &self.audit {
            let reserved = audit.reserve(bytes);
            reserved.map_err(|why| audit::not_writable(path, why))?;
        }
        self.open_failed_to()?;
        let file = self.failed_to.as_ref();
        let reserved = file.map_or(Ok(()), |file| file.reserve(bytes));
        reserved.map_err(|why| Error::not_written(&why))
    }

    pub(super) fn journal_path(&self) -> Option<&Path> {
        self.journal.as_ref().map(|(path, _)| path.as_path())
    }

    /// Whether the next run can resume this one.
    pub(super) fn has_journal(&self) -> bool {
        self.journal.is_some()
    }

    /// Writes that a request starts. After an error it must not be sent.
    pub(super) fn write_intent(&mut self, batch: &Batch, now: SystemTime) -> io::Result<()> {
        match &mut self.journal {
            Some((path, journal)) => journal
                .write_intent(batch, now)
                .map_err(not_written("journal", path)),
            None => Ok(()),
        }
    }

    /// Writes an outcome to every record. Each is tried, also if another failed.
    pub(super) fn write_settled(&mut self, settled: &Settled, is_success: bool) -> io::Result<()> {
        let in_journal = match &mut self.journal {
            Some((path, journal)) => journal
                .write_settled(settled)
                .map_err(not_written("journal", path)),
            None => Ok(()),
        };
        let in_audit = match &mut self.audit {
            Some((path, audit)) => audit.add(settled).map_err(not_written("audit", path)),
            None => Ok(()),
        };
        let in_failed_to = match &mut self.failed_to {
            Some(failed_to) if !is_success => failed_to.add(settled),
            _ => Ok(()),
        };
        in_journal.and(in_audit).and(in_failed_to)
    }

    /// Waits until the journal is on disk, and puts the file of `--failed-to` in
    /// its place. There, members for which `is_in_room` holds are marked.
    pub(super) fn finish(self, is_in_room: Option<IsInRoom<'_>>) -> io::Result<()> {
        let in_journal = match self.journal {
            Some((path, journal)) => journal.finish().map_err(not_written("journal", &path)),
            None => Ok(()),
        };
        let Some(mut failed_to) = self.failed_to else {
            return in_journal;
        };
        let marked = is_in_room.map_or(Ok(()), |is_in_room| failed_to.mark_in_room(is_in_room));
        let in_failed_to = failed_to.finish();
        in_journal.and(marked).and(in_failed_to)
    }
}

/// The same error with the record's name.
fn not_written(record: &str, path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |why| {
        io::Error::new(
            why.kind(),
            format!("{record} {}: {why}", display_path(path)),
        )
    }
}
