//! Runs a job to its end: client, engine and listener are introduced to each
//! other here.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use super::Args;
use super::flags::{Flags, List};
use super::limits::{MaxFailures, ShowProgress};
use super::report::Report;
use super::rules::Rules;
use super::watch::{Seen, Watch};
use super::{gather, live};
use crate::clock::Clock;
use crate::commands::Context;
use crate::commands::connect::Link;
use crate::error::Error;
use crate::exit::Exit;
use crate::job::{self, Anew, Batch, Core, Inbox, Plan, Policy, Stop};
use crate::output::{FailedTo, Progress};
use crate::room::Action;
use crate::{interrupt, streams};

/// Enough for a hiccup of some seconds.
const DEFAULT_RETRIES: u32 = 5;

/// Most requests in flight: 190 a second at a third of a second each.
const DEFAULT_CONCURRENCY: u32 = 64;

/// How far the job may go, and what is told on the way.
#[derive(Debug)]
pub(super) struct Limits {
    rate: u32,
    retries: u32,
    concurrency: usize,
    deadline: Option<Duration>,
    max_failures: Option<MaxFailures>,
    progress: ShowProgress,
    failed_to: Option<PathBuf>,
    ignore_absent: bool,
    is_list: bool,
}

impl Limits {
    /// As the flags say.
    pub(super) fn of(args: &Args, flags: &Flags, rate: u32) -> Self {
        Self {
            rate,
            retries: flags.retries.unwrap_or(DEFAULT_RETRIES),
            concurrency: flags.concurrency.unwrap_or(DEFAULT_CONCURRENCY) as usize,
            deadline: flags.deadline,
            max_failures: flags.max_failures,
            progress: flags.progress,
            failed_to: args.failed_to.clone(),
            ignore_absent: args.ignore_absent,
            is_list: !args.from.is_empty(),
        }
    }

    fn policy(&self, members: usize, link: &Link) -> Policy {
        Policy {
            rate: self.rate,
            concurrency: self.concurrency,
            retries: self.retries,
            can_resign: link.can_resign(),
            deadline: self.deadline,
            max_failures: self.max_failures.map(|most| most.of(members as u64)),
        }
    }

    /// A bar on a terminal, lines elsewhere; a job of one request has neither
    /// unless it is asked for.
    fn progress(&self, total: Option<u64>, requests: usize) -> Progress {
        let is_wanted = match self.progress {
            ShowProgress::Never => false,
            ShowProgress::Always => true,
            ShowProgress::Auto => requests > 1,
        };
        match (is_wanted, std::io::stderr().is_terminal()) {
            (false, _) => Progress::Hidden,
            (true, true) => Progress::bar(total),
            (true, false) => Progress::lines(total),
        }
    }
}

/// Runs a plan.
pub(super) fn plan(
    plan: Plan,
    limits: &Limits,
    link: &Link,
    context: &Context,
) -> Result<Exit, Error> {
    let (members, requests) = (plan.members(), plan.requests());
    let policy = limits.policy(members, link);
    let core = Core::new(plan, policy, Box::new(rand::random::<f64>));
    let progress = limits.progress(Some(members as u64), requests);
    run(
        core,
        Inbox::new(),
        limits,
        progress,
        requests == 1,
        link,
        context,
    )
}

/// Sends the rows of a live feed as they arrive.
pub(super) fn live(
    list: &List,
    rules: Rules,
    limits: &Limits,
    link: &Link,
    context: &mut Context,
) -> Result<Exit, Error> {
    let input = gather::open(list, &mut context.stdin)?;
    let mut inbox = Inbox::new();
    live::start(input, list, rules, inbox.feeder())?;
    let policy = limits.policy(0, link);
    let core = Core::live(Action::Kick, policy, Box::new(rand::random::<f64>));
    let progress = limits.progress(None, usize::MAX);
    run(core, inbox, limits, progress, false, link, context)
}

fn run(
    mut core: Core,
    inbox: Inbox,
    limits: &Limits,
    progress: Progress,
    says_retries: bool,
    link: &Link,
    context: &Context,
) -> Result<Exit, Error> {
    let client = link.client(limits.concurrency)?;
    let stopper = inbox.stopper();
    interrupt::watch(move |signal| stopper.stop(Stop::Signal(signal)))
        .context("cannot watch for signals")
        .map_err(Error::System)?;
    let failed_to = limits.failed_to.as_deref().map(FailedTo::open).transpose();
    let results = streams::results(context.look);
    let mut watch = Watch {
        results: if limits.is_list {
            results.by_member()
        } else {
            results
        },
        notes: streams::notes(context.look),
        progress: if context.look.quiet {
            Progress::Hidden
        } else {
            progress
        },
        failed_to: failed_to.map_err(Error::Record)?,
        says_retries,
        endpoint: client.endpoint().to_string(),
        ignore_absent: limits.ignore_absent,
        seen: Seen::default(),
    };
    let clock = &context.clock;
    let send = |batch: &Batch| {
        if batch.anew == Anew::Signature {
            client.renew_signature();
        }
        let fresh = batch.anew == Anew::Connection;
        let (room, members, reason) = (&batch.room, &batch.members, &batch.reason);
        client.kick_user_out(room, members, reason, clock.now().wall, fresh)
    };
    let begun = clock.now().mono;
    let tick = watch.progress.interval();
    let ran = job::run(&mut core, clock, inbox, &send, tick, &mut |event| {
        watch.on(event)
    });
    let elapsed = clock.now().mono.saturating_sub(begun);
    watch.progress.end();
    let kept = watch.failed_to.take().map_or(Ok(()), FailedTo::finish);
    let lost = ran.and(kept).err();
    let stop = core.stop();
    let stop = if lost.is_some() {
        Some(Stop::RecordLost)
    } else {
        stop
    };
    let exit = core.tally().exit(stop, limits.ignore_absent);
    let report = Report {
        tally: core.tally(),
        exit,
        settings: &link.settings,
        elapsed,
    };
    report.say(lost.as_ref(), &mut watch);
    Ok(exit)
}
