//! `roomctl kick`: from flags to outcomes. One member is a plan of one: the
//! same engine, the same retries, the same exit codes as a long list.

mod dry_run;
mod input;
mod report;
mod watch;

use std::path::PathBuf;

use anyhow::Context as _;

use super::Context;
use super::connect::{self, Link};
use crate::clock::Clock;
use crate::config::{ConnectionArgs, Mode, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::job::{self, Anew, Batch, Core, Inbox, Plan, Policy, Stop};
use crate::output::Progress;
use crate::{interrupt, streams};
use report::Report;
use watch::{Seen, Watch};

/// Requests started per second; leaves a little of the service's 200 to others.
const DEFAULT_RATE: u32 = 190;

/// Enough for a hiccup of some seconds.
const DEFAULT_RETRIES: u32 = 5;

/// Most requests in flight.
const CONCURRENCY: usize = 64;

/// Remove members from a room; they may join again at once
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Room to remove from; repeatable, then each user is removed from each
    #[arg(short, long, value_name = "ROOM")]
    room: Vec<String>,
    /// Member to remove; repeatable
    #[arg(short, long, value_name = "USER")]
    user: Vec<String>,
    /// Why, as the members see it; at most 1000 bytes
    #[arg(short = 'm', long, value_name = "TEXT")]
    reason: Option<String>,
    /// File with the reason, - for stdin
    #[arg(long, value_name = "FILE")]
    reason_file: Option<PathBuf>,
    /// A member who was not in the room counts as success
    #[arg(long)]
    ignore_absent: bool,
    /// Show the plan and send nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Requests started per second, 1 to 200, retries included [default: 190]
    #[arg(long, value_name = "N", help_heading = "Pace and retries")]
    rate: Option<String>,
    /// Times a failed request is sent again [default: 5]
    #[arg(long, value_name = "N", help_heading = "Pace and retries")]
    retries: Option<String>,
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

const EXAMPLES: &str = "\
Examples:
  roomctl kick --room room-test --user user1 --reason spam
  roomctl kick -r room-test -u user1 -u user2 -m spam --dry-run

Exit codes: 0 as asked, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 6 partial, 7 output lost, 129/130/143 interrupted.";

/// Runs the command.
pub(crate) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    mut args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    let connection = connection.merge(std::mem::take(&mut args.connection))?;
    let output = output.merge(std::mem::take(&mut args.output))?;
    let input = input::read(&args, &mut context.stdin)?;
    let mode = if args.dry_run {
        Mode::DryRun
    } else {
        Mode::Real
    };
    let link = connect::prepare(&connection, &output, mode, context)?;
    let reason = input::reason(&input, &link)?;
    let plan = input::plan(&input, &reason);
    input::spare_the_caller(&input, link.identifier())?;
    let least = job::least_time(input.rate, plan.requests());
    link.outlives(least, &context.clock)?;
    if args.dry_run {
        return dry_run::show(&plan, least, &link, context.look);
    }
    let policy = Policy {
        rate: input.rate,
        concurrency: CONCURRENCY,
        retries: input.retries,
        can_resign: link.can_resign(),
        deadline: None,
        max_failures: None,
    };
    execute(plan, policy, &link, args.ignore_absent, context)
}

/// Runs the plan to its end, whatever that is.
fn execute(
    plan: Plan,
    policy: Policy,
    link: &Link,
    ignore_absent: bool,
    context: &Context,
) -> Result<Exit, Error> {
    let client = link.client(policy.concurrency)?;
    let inbox = Inbox::new();
    let stopper = inbox.stopper();
    interrupt::watch(move |signal| stopper.stop(Stop::Signal(signal)))
        .context("cannot watch for signals")
        .map_err(Error::System)?;
    let mut watch = Watch {
        results: streams::results(context.look),
        notes: streams::notes(context.look),
        progress: Progress::Hidden,
        failed_to: None,
        says_retries: plan.requests() == 1,
        endpoint: client.endpoint().to_string(),
        ignore_absent,
        seen: Seen::default(),
    };
    let clock = &context.clock;
    let begun = clock.now().mono;
    let send = |batch: &Batch| {
        if batch.anew == Anew::Signature {
            client.renew_signature();
        }
        let fresh = batch.anew == Anew::Connection;
        let (room, members, reason) = (&batch.room, &batch.members, &batch.reason);
        client.kick_user_out(room, members, reason, clock.now().wall, fresh)
    };
    let mut core = Core::new(plan, policy, Box::new(rand::random::<f64>));
    let ran = job::run(&mut core, clock, inbox, &send, None, &mut |event| {
        watch.on(event)
    });
    let elapsed = clock.now().mono.saturating_sub(begun);
    let (tally, stop) = (core.tally(), core.stop());
    let exit = tally.exit(stop, ignore_absent);
    let report = Report {
        tally,
        exit,
        settings: &link.settings,
        elapsed,
    };
    report.say(ran.err().as_ref(), &mut watch);
    Ok(exit)
}
