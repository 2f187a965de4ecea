//! Runs a job to its end: client, engine and listener are introduced to each
//! other here.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use super::Args;
use super::flags::{Flags, List};
use super::limits::{MaxFailures, ShowProgress};
use super::listener::{FirstFailure, JobListener};
use super::records::Records;
use super::report::Report;
use super::row_policy::RowPolicy;
use super::service_call::ServiceCall;
use super::{gather, highest, live, resume_command};
use crate::clock::Clock;
use crate::commands::session::Session;
use crate::commands::{Context, OutputStyle};
use crate::config::{Profile, Setting, Source};
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt;
use crate::job::{
    self, Batch, Engine, Event, JobChannel, Plan, Policy, ResumeSummary, RetryWith, Stop, Tally,
};
use crate::output::{Display, FailedTo, Latencies, Progress, Results};
use crate::streams::{self, UnbufferedStdout};

/// Most requests in flight: 190 a second at a third of a second each.
const DEFAULT_CONCURRENCY: u32 = 64;

/// How far the job may go, and what is told on the way.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) rate: Setting<u32>,
    pub(super) retries: Setting<u32>,
    pub(super) concurrency: Setting<u32>,
    pub(super) call: ServiceCall,
    deadline: Option<Duration>,
    max_failures: Option<MaxFailures>,
    progress: ShowProgress,
    failed_to: Option<PathBuf>,
    ignore_absent: bool,
    is_list: bool,
}

impl Limits {
    /// As the flags say.
    pub(super) fn of(args: &Args, flags: &Flags, profile: Option<&Profile>) -> Self {
        let rate = highest(flags.rate, "--rate", profile, "rate");
        let or = |given: Option<u32>, flag, default| match given {
            Some(value) => Setting {
                value,
                source: Source::Flag(flag),
            },
            None => Setting {
                value: default,
                source: Source::BuiltIn,
            },
        };
        Self {
            rate: rate.unwrap_or(Setting {
                value: job::DEFAULT_RATE,
                source: Source::BuiltIn,
            }),
            retries: or(flags.retries, "--retries", job::DEFAULT_RETRIES),
            concurrency: or(flags.concurrency, "--concurrency", DEFAULT_CONCURRENCY),
            call: flags.call,
            deadline: flags.deadline,
            max_failures: flags.max_failures,
            progress: flags.progress,
            failed_to: args.failed_to.clone(),
            ignore_absent: args.verb.ignore_absent,
            is_list: !args.from.is_empty(),
        }
    }

    fn policy(&self, members: usize, session: &Session) -> Policy {
        Policy {
            rate: self.rate.value,
            concurrency: self.concurrency.value as usize,
            retries: self.retries.value,
            can_renew_signature: session.can_resign(),
            deadline: self.deadline,
            max_failures: self.max_failures.map(|most| most.of(members as u64)),
        }
    }

    /// With `-v` none waits for the bar: that makes way for every request
    /// anyway, and each result follows what is said of its own.
    fn results(&self, progress: &Progress, context: &Context) -> Results<UnbufferedStdout> {
        let may_wait =
            progress.is_bar() && context.style.verbose == 0 && streams::are_one_terminal();
        let results = context.results().buffered(may_wait);
        if self.is_list {
            results.by_member()
        } else {
            results
        }
    }

    /// A bar on a terminal that can draw one, lines elsewhere; a job of one request has neither
    /// unless it is asked for, and a quiet one has neither at all.
    fn progress(&self, total: Option<u64>, requests: usize, style: OutputStyle) -> Progress {
        let is_wanted = match self.progress {
            _ if style.quiet => false,
            ShowProgress::Never => false,
            ShowProgress::Always => true,
            ShowProgress::Auto => requests > 1,
        };
        match (is_wanted, std::io::stderr().is_terminal()) {
            (false, _) => Progress::Hidden,
            (true, true) if style.can_draw => Progress::bar_over(total, style.is_unicode),
            (true, _) => Progress::lines_over(total),
        }
    }
}

/// A job that is ready to run, and what belongs to it.
struct Job {
    engine: Engine,
    channel: JobChannel,
    records: Records,
    /// Members that earlier runs settled.
    past: Tally,
    progress: Progress,
    /// A job of one request says each retry at once.
    says_retries: bool,
    is_live: bool,
}

/// Runs a plan, or what earlier runs have left of it.
pub(super) fn plan(
    plan: Plan,
    (records, past): (Records, ResumeSummary),
    limits: &Limits,
    session: &Session,
    context: &Context,
) -> Result<Exit, Error> {
    let (members, requests) = (plan.members(), plan.requests());
    let policy = limits.policy(members, session);
    let job = Job {
        engine: Engine::new(plan, policy, Box::new(rand::random::<f64>)),
        channel: JobChannel::new(),
        records,
        past: past.settled,
        progress: limits.progress(Some(members as u64), requests, context.style),
        says_retries: requests == 1,
        is_live: false,
    };
    run(job, limits, session, context)
}

/// Sends the rows of a live feed as they arrive.
pub(super) fn live(
    list: &List,
    policy: RowPolicy,
    records: Records,
    limits: &Limits,
    session: &Session,
    context: &mut Context,
) -> Result<Exit, Error> {
    let input = gather::open(list, &mut context.stdin)?;
    let mut channel = JobChannel::new();
    live::start(input, list, policy, channel.row_sender())?;
    let policy = limits.policy(0, session);
    let job = Job {
        engine: Engine::live(limits.call.action(), policy, Box::new(rand::random::<f64>)),
        channel,
        records,
        past: Tally::default(),
        progress: limits.progress(None, usize::MAX, context.style),
        says_retries: false,
        is_live: true,
    };
    run(job, limits, session, context)
}

fn run(job: Job, limits: &Limits, session: &Session, context: &Context) -> Result<Exit, Error> {
    let action = limits.call.action();
    let client = session.client(limits.concurrency.value as usize)?;
    let stop_handle = job.channel.stop_handle();
    interrupt::on_signal(move |signal| stop_handle.stop(Stop::Signal(signal)))
        .context("cannot watch for signals")
        .map_err(Error::from)?;
    let failed_to = limits.failed_to.as_deref().map(FailedTo::open).transpose();
    // A live feed's rows are new events each time: nothing is continued.
    let is_resumable = job.records.has_journal() && !job.is_live;
    let how_to_resume = is_resumable.then(|| how_to_resume(context));
    let mut listener = JobListener {
        display: Display::new(
            limits.results(&job.progress, context),
            context.notes(),
            job.progress,
            std::io::stdout().is_terminal(),
        ),
        failed_to: failed_to.map_err(|why| Error::results(&why))?,
        records: job.records,
        says_retries: job.says_retries,
        action,
        endpoint: client.endpoint().clone(),
        ignore_absent: limits.ignore_absent,
        first: FirstFailure::default(),
        latencies: Latencies::default(),
    };
    let clock = &context.clock;
    let send = |batch: &Batch| limits.call.send(&client, batch, clock.now().wall);
    let mut engine = job.engine;
    let begun = clock.now().mono;
    let tick = listener.display.interval();
    let mut on_event = |event: &Event<'_>| {
        // Here and not where it is sent: no other request may be signed between.
        if let Event::Starting(batch) = event
            && batch.retry_with == RetryWith::NewSignature
        {
            client.renew_signature();
        }
        listener.on(event, clock.now().wall)
    };
    let ran = job::run(&mut engine, clock, job.channel, &send, tick, &mut on_event);
    let elapsed = clock.now().mono.saturating_sub(begun);
    let lost = ran.and(listener.keep()).err();
    let stop = lost.as_ref().map(|_| Stop::RecordLost).or(engine.stop());
    let whole = engine.tally().with_members_of(&job.past);
    let exit = whole.exit(action, stop, limits.ignore_absent);
    let report = Report {
        action,
        tally: engine.tally(),
        whole: &whole,
        how_to_resume,
        exit,
        stop,
        settings: &session.settings,
        elapsed,
    };
    report.say(lost.as_ref(), &mut listener);
    Ok(exit)
}

/// How the next run goes on, when there is a journal.
fn how_to_resume(context: &Context) -> String {
    match resume_command::command(&context.argv) {
        Some(line) => format!("continue with: {line}"),
        None => "run the same command again, without --again: it continues".into(),
    }
}
