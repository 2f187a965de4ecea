//! `roomctl kick`, `ban` and `unban`: from flags and lists to outcomes. One member
//! is a plan of one: the same engine, the same retries, the same exit codes as a
//! long list. The three differ in [`verbs`] (their flags) and [`service_call`] (what is
//! sent); what counts as success is the engine's knowledge.

mod args;
mod confirm;
mod dry_run;
mod execute;
mod faults;
mod file_conflicts;
mod flags;
mod gather;
#[cfg(test)]
mod gather_tests;
mod limits;
mod listener;
mod live;
mod protection;
mod provenance;
mod reason;
mod records;
mod report;
mod resume_command;
mod row_policy;
mod service_call;
#[cfg(test)]
mod testing;
mod verbs;

use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use super::Context;
use super::session;
use crate::config::{Mode, Profile, Setting, Source};
use crate::error::Error;
use crate::exit::Exit;
use crate::job::{self, Plan, Tally};
use crate::output::{FailedTo, Summary};
use crate::room::Action;
use args::Args;
use execute::Limits;
use faults::Faults;
use gather::Gathered;
use protection::Protection;
use records::RecordPaths;
use row_policy::RowPolicy;
pub(crate) use verbs::{BanArgs, KickArgs, UnbanArgs};

/// Runs the command.
pub(crate) fn run(verb: impl Into<Args>, context: &mut Context) -> Result<Exit, Error> {
    let args: Args = verb.into();
    let action = args.verb.action;
    let mut faults = Faults::default();
    let flags = flags::check(&args, &mut context.stdin, &mut faults);
    let loaded = faults.or_collect(|_| session::load_config(context))?;
    let profile = loaded.profile();
    let default_reason = faults.or_collect(|_| flags.reason.clone().or(profile))?;
    let caller = loaded.caller(context);
    let protection = Protection::of(action, &flags.globs, profile, caller);
    let policy = RowPolicy::new(&args, &flags, default_reason, protection);
    let paths = faults.or_collect(|faults| RecordPaths::of(&args, profile, context, faults))?;
    let limits = Limits::of(&args, &flags, profile);
    if args.stream {
        policy.check_stream_input(&flags, &mut faults);
        faults.into_result()?;
        say_unheeded(profile, context);
        let session = loaded.open_session(Mode::Real, context)?;
        provenance::say(&limits, None, &policy, &paths, context);
        let (records, _) = paths.open(&session, context)?;
        return execute::live(&flags.lists[0], policy, records, &limits, &session, context);
    }
    let stdin = &mut context.stdin;
    let Gathered {
        mut plan,
        skipped,
        headers,
    } = gather::gather(&policy, &flags, stdin, &mut faults);
    let max_members = highest(flags.max_members, "--max-members", profile, "max_members");
    check_max_members(&plan, max_members.as_ref(), &mut faults);
    faults.into_result()?;
    say_skipped(&skipped, context);
    let mut notes = context.notes();
    for said in &headers {
        notes.warn(said);
    }
    if plan.members() == 0 && !args.dry_run {
        return nothing_to_do(action, args.failed_to.as_deref(), context);
    }
    let mode = Mode::of(args.dry_run);
    let session = loaded.open_session(mode, context)?;
    provenance::say(&limits, max_members.as_ref(), &policy, &paths, context);
    let rate = limits.rate.value;
    if args.dry_run {
        paths.look(&mut plan, &session)?;
        let least = job::least_time(rate, plan.requests());
        session.outlives(least, &context.clock)?;
        return dry_run::show(&plan, least, &session, context.style);
    }
    let kept = paths.resume(&mut plan, &session, context)?;
    let least = job::least_time(rate, plan.requests());
    session.outlives(least, &context.clock)?;
    confirm(&plan, least, args.yes, context)?;
    say_duplicates(&plan, context);
    execute::plan(plan, kept, &limits, &session, context)
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
fn check_max_members(plan: &Plan, most: Option<&Setting<u32>>, faults: &mut Faults) {
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

/// A live feed has no plan whose size could be too large.
fn say_unheeded(profile: Option<&Profile>, context: &Context) {
    if let Some(most) = profile.and_then(|profile| profile.number("max_members")) {
        let said = format!("max_members ({}) says nothing to --stream", most.source);
        context.notes().warn(&said);
    }
}

/// Rows that named somebody again, the first of whose rows counts.
fn say_duplicates(plan: &Plan, context: &Context) {
    let count = plan.duplicates();
    if count > 0 {
        let rows = if count == 1 { "row names" } else { "rows name" };
        context.notes().info(&format!(
            "{count} {rows} members again; the first row of each counts"
        ));
    }
}

/// Names who was left out.
fn say_skipped(skipped: &[String], context: &Context) {
    let mut notes = context.notes();
    for row in skipped {
        notes.info(&format!("skipped: {row}"));
    }
}

/// Nobody is left to do it to, and so nobody to whom it was not done.
fn nothing_to_do(
    action: Action,
    failed_to: Option<&Path>,
    context: &Context,
) -> Result<Exit, Error> {
    let emptied = failed_to.map_or(Ok(()), |path| FailedTo::open(path)?.finish());
    emptied.map_err(|why| Error::results(&why))?;
    let exit = Exit::Done;
    context.notes().summary(&Summary {
        action,
        tally: &Tally::default(),
        latencies: None,
        elapsed: Duration::ZERO,
        exit,
    });
    Ok(exit)
}

/// Asks, where there is somebody to ask.
fn confirm(plan: &Plan, least: Duration, yes: bool, context: &mut Context) -> Result<(), Error> {
    let stderr_is_terminal = std::io::stderr().is_terminal();
    if !confirm::is_due(plan, yes, &context.stdin, stderr_is_terminal) {
        return Ok(());
    }
    let mut notes = context.notes();
    confirm::ask(plan, least, &mut context.stdin, &mut notes)
}
