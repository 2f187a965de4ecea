//! `roomctl kick`: from flags and lists to outcomes. One member is a plan of
//! one: the same engine, the same retries, the same exit codes as a long list.

mod again;
mod args;
mod confirm;
mod dry_run;
mod execute;
mod faults;
mod flags;
mod gather;
#[cfg(test)]
mod gather_tests;
mod guard;
mod limits;
mod live;
mod reason;
mod records;
mod report;
mod rules;
#[cfg(test)]
mod testing;
mod watch;

use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use super::Context;
use super::connect;
use crate::config::{Mode, Profile, Setting, Source};
use crate::error::Error;
use crate::exit::Exit;
use crate::job::{self, Plan, Tally};
use crate::output::{FailedTo, Summary};
use crate::room::Action;
use crate::streams;
pub(crate) use args::Args;
use execute::Limits;
use faults::Faults;
use flags::Flags;
use gather::{Gathered, Skipped};
use guard::Guard;
use reason::Usual;
use records::Places;
use rules::Rules;

/// Requests started per second; leaves a little of the service's 200 to others.
const DEFAULT_RATE: u32 = 190;

/// Runs the command.
pub(crate) fn run(
    connection: crate::config::ConnectionArgs,
    output: crate::config::OutputArgs,
    mut args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    let connection = connection.merge(std::mem::take(&mut args.connection))?;
    let output = output.merge(std::mem::take(&mut args.output))?;
    let mut faults = Faults::default();
    let flags = flags::check(&args, &mut context.stdin, &mut faults);
    let ground = match connect::ground(&connection, &output, context) {
        Ok(ground) => ground,
        // The command line must be mended anyway.
        Err(error) => return faults.into_result().and(Err(error)),
    };
    let profile = ground.profile();
    let usual = match flags.reason.clone().or(profile) {
        Ok(usual) => usual,
        Err(error) => return faults.into_result().and(Err(error)),
    };
    let guard = Guard::new(&flags.globs, profile, ground.caller(&connection, context));
    let rules = Rules::new(&args, &flags, usual, guard);
    let places = match Places::of(&args, profile, context, &mut faults) {
        Ok(places) => places,
        Err(error) => return faults.into_result().and(Err(error)),
    };
    if args.stream {
        let rate = rate(&flags, profile);
        faults.into_result()?;
        let link = ground.link(&connection, Mode::Real, context)?;
        say_provenance(&rate, None, &rules.usual, context);
        places.say(context);
        let limits = Limits::of(&args, &flags, rate.value);
        let (records, _) = places.open(&link, context)?;
        return execute::live(&flags.lists[0], rules, records, &limits, &link, context);
    }
    let stdin = &mut context.stdin;
    let Gathered { mut plan, skipped } = gather::gather(&rules, &flags, stdin, &mut faults);
    let max_members = highest(flags.max_members, "--max-members", profile, "max_members");
    within(&plan, max_members.as_ref(), &mut faults);
    faults.into_result()?;
    say_skipped(&skipped, context);
    if plan.members() == 0 && !args.dry_run {
        return nothing_to_do(args.failed_to.as_deref(), context);
    }
    let rate = rate(&flags, profile);
    let mode = if args.dry_run {
        Mode::DryRun
    } else {
        Mode::Real
    };
    let link = ground.link(&connection, mode, context)?;
    say_provenance(&rate, max_members.as_ref(), &rules.usual, context);
    places.say(context);
    if args.dry_run {
        places.look(&mut plan, &link)?;
        let least = job::least_time(rate.value, plan.requests());
        link.outlives(least, &context.clock)?;
        return dry_run::show(&plan, least, &link, context.look);
    }
    let kept = places.resume(&mut plan, &link, context)?;
    let least = job::least_time(rate.value, plan.requests());
    link.outlives(least, &context.clock)?;
    confirm(&plan, least, args.yes, context)?;
    let limits = Limits::of(&args, &flags, rate.value);
    execute::plan(plan, kept, &limits, &link, context)
}

fn rate(flags: &Flags, profile: Option<&Profile>) -> Setting<u32> {
    let given = highest(flags.rate, "--rate", profile, "rate");
    given.unwrap_or(Setting {
        value: DEFAULT_RATE,
        source: Source::BuiltIn,
    })
}

/// The flag's number, or else the profile's.
fn highest(
    flag: Option<u32>,
    name: &'static str,
    profile: Option<&Profile>,
    key: &str,
) -> Option<Setting<u32>> {
    let given = flag.map(|value| Setting {
        value,
        source: Source::Flag(name),
    });
    given.or_else(|| profile?.number(key))
}

/// Nobody removes more than they meant to.
fn within(plan: &Plan, most: Option<&Setting<u32>>, faults: &mut Faults) {
    let Some(Setting { value, source }) = most else {
        return;
    };
    let members = plan.members();
    if members as u64 > u64::from(*value) {
        faults.push_with(
            format_args!("the plan has {members} members; max_members is {value} ({source})"),
            "if that is right, give a larger --max-members",
        );
    }
}

/// Names who was left out.
fn say_skipped(skipped: &Skipped, context: &Context) {
    let mut notes = streams::notes(context.look);
    for row in &skipped.shown {
        notes.say(&format!("skipped: {row}"));
    }
    let more = skipped.count - skipped.shown.len();
    if more > 0 {
        notes.say(&format!("skipped: {more} more"));
    }
}

/// Nobody is left to remove, and so nobody who was not removed.
fn nothing_to_do(failed_to: Option<&Path>, context: &Context) -> Result<Exit, Error> {
    let emptied = failed_to.map_or(Ok(()), |path| FailedTo::open(path)?.finish());
    emptied.map_err(Error::Record)?;
    let exit = Exit::Done;
    streams::notes(context.look).summary(&Summary {
        action: Action::Kick,
        tally: &Tally::default(),
        elapsed: Duration::ZERO,
        exit,
    });
    Ok(exit)
}

/// Where the command's own values came from, for `-v`.
fn say_provenance(
    rate: &Setting<u32>,
    max_members: Option<&Setting<u32>>,
    usual: &Usual,
    context: &Context,
) {
    let mut notes = streams::notes(context.look);
    notes.detail(&format!("rate: {} ({})", rate.value, rate.source));
    if let Some(most) = max_members {
        notes.detail(&format!("max_members: {} ({})", most.value, most.source));
    }
    if let Usual::Reason(reason) = usual {
        notes.detail(&format!("reason: {} ({})", reason.value, reason.source));
    }
}

/// Asks, where there is somebody to ask.
fn confirm(plan: &Plan, least: Duration, yes: bool, context: &mut Context) -> Result<(), Error> {
    let stderr_is_terminal = std::io::stderr().is_terminal();
    if !confirm::is_due(plan, yes, &context.stdin, stderr_is_terminal) {
        return Ok(());
    }
    let mut notes = streams::notes(context.look);
    confirm::ask(plan, least, &mut context.stdin, &mut notes)
}
