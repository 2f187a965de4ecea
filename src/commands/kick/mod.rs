//! `roomctl kick`, `ban` and `unban`: from flags and lists to outcomes. A single
//! member is a plan with one member: the same engine, retries and exit codes as a long
//! list. The three differ in their flags ([`args`]), in the request that is sent
//! ([`execute`]), and in what counts as success, which the engine knows.
//!
//! Lowest layer first: [`args`], [`limits`], [`flag_names`] and [`row_rules`],
//! [`list_counts`], [`room_member_list`], [`everyone`], [`options`], [`audit`],
//! [`already_settled`], [`records`]; then
//! [`selection`], [`resume_command`], [`listing`], [`presence`], [`plan_words`], [`plan_view`],
//! [`confirm`], [`verify`], [`failure`], [`listener`], [`feed_lines`], [`report`]; then
//! [`execute`] and [`stream`].

mod already_settled;
mod args;
mod audit;
mod confirm;
mod everyone;
mod execute;
mod failure;
mod feed_lines;
mod flag_names;
mod limits;
mod list_counts;
mod listener;
mod listing;
mod options;
mod plan_view;
mod plan_words;
mod presence;
mod records;
mod report;
mod resume_command;
mod room_member_list;
mod row_rules;
mod selection;
mod stream;
#[cfg(test)]
mod testing;
mod verify;

use std::time::Duration;

use clap::{Args as _, Command, FromArgMatches};

use super::Context;
use super::reading::ReadingEnd;
use super::session::{LoadedConfig, Session, read_config};
use crate::config::Access;
use crate::error::{Error, Problems};
use crate::exit::Exit;
use crate::job::{self, journal::History};
use crate::room::Action;
use args::{Args, ReasonArgs};
pub(crate) use args::{BanArgs, KickArgs, UnbanArgs};
pub(super) use audit::check_audit;
use execute::PlannedJob;
use listing::Listing;
use options::Options;
use plan_view::PlanView;
use presence::Presence;
use records::RecordPaths;
use row_rules::{REASON_HINT, ROOM_HINT};
use selection::Selection;

/// Runs the command.
pub(crate) fn run(args: impl Into<Args>, context: &mut Context) -> Result<Exit, Error> {
    let args = args.into();
    let mut problems = Problems::default();
    let config = read_config(context);
    let options = Options::from_args(&args, config.known(), context, &mut problems);
    let paths = RecordPaths::from_args(&args, &config, context, &mut problems);
    if options.is_stream {
        return stream::run(&options, &paths, &config, problems, context);
    }

    options.warn_of_unusual_users(&mut context.notes());
    let mut selection = selection::select(&options, &mut context.stdin, &mut problems);
    config.reject(problems, context)?;
    selection.report_rows(&mut context.notes());
    if selection.has_nothing_to_do(&options) {
        config.reject_wrong_flags(context)?;
        return end_without_members(&selection, None, &paths, context);
    }

    let is_offline =
        options.dry_run && options.everyone.is_none() && !presence::is_wanted(&options);
    let session = config.open_session(Access::of(is_offline), context)?;
    options.report_sources(&mut context.notes());
    paths.report_sources(&mut context.notes());
    let timeline = execute::open_timeline(&options, &session, context)?;
    let (mut opened, mut reading) = (None, None);
    if let Some(everyone) = &options.everyone {
        session.check_signature_outlives(Duration::ZERO, &context.clock)?;
        let listed = match listing::read(everyone, &options, &paths, &session, context)? {
            Listing::Ready(listed) => *listed,
            Listing::Ended(exit) => return Ok(exit),
        };
        selection = listed.selection;
        if selection.has_nothing_to_do(&options) {
            return end_without_members(&selection, Some(&listed.reading), &paths, context);
        }
        opened = Some((listed.records, listed.history));
        reading = Some(listed.reading);
    }
    for (reason, _) in selection.plan.reasons_in_order() {
        session.check_reason(reason)?;
    }
    if options.dry_run {
        let history = opened.map(|(_, history)| history);
        return dry_run(selection, history, &paths, &options, &session, context);
    }

    let resumed = paths.open_and_skip_settled(&mut selection.plan, opened, &session, context)?;
    let least_time = job::least_time(options.limits.rate.value, selection.plan.requests());
    session.check_signature_outlives(least_time, &context.clock)?;
    let view = PlanView {
        selection: &selection,
        options: &options,
        session: &session,
        least_time,
        in_journal: resumed.in_journal.as_deref(),
        presence: None,
    };
    confirm::confirm(&view, context)?;
    selection::report_duplicates(&selection.plan, &mut context.notes());
    let job = PlannedJob {
        selection,
        resumed,
        reading,
        timeline,
    };
    execute::run_plan(job, &options, &session, context)
}

/// Shows the plan instead of running it. `history` is None if the journal was not read.
fn dry_run(
    mut selection: Selection,
    history: Option<History>,
    paths: &RecordPaths,
    options: &Options,
    session: &Session,
    context: &Context,
) -> Result<Exit, Error> {
    let in_journal =
        paths.skip_settled_for_dry_run(&mut selection.plan, history, session, context)?;
    session.check_signature_outlives(Duration::ZERO, &context.clock)?;
    let plan = &selection.plan;
    let presence = Presence::read(plan, options, session, context)?;
    let presence = presence.as_ref();
    let requests = presence.map_or_else(|| plan.requests(), |rooms| rooms.requests(plan));
    let least_time = job::least_time(options.limits.rate.value, requests);
    session.check_signature_outlives(least_time, &context.clock)?;
    let view = PlanView {
        selection: &selection,
        options,
        session,
        least_time,
        in_journal: in_journal.as_deref(),
        presence,
    };
    confirm::dry_run(&view, context)
}

/// There is nothing to do, unless a list of the service is not complete.
fn end_without_members(
    selection: &Selection,
    reading: Option<&ReadingEnd>,
    paths: &RecordPaths,
    context: &Context,
) -> Result<Exit, Error> {
    paths.empty_failed_to()?;
    let mut notes = context.notes();
    if let Some(lists) = &selection.member_lists {
        lists.report_skipped(&mut notes);
        lists.require_complete()?;
    }
    let action = selection.plan.action;
    Ok(report::nothing_to_do(action, reading, &mut notes))
}

/// Adds the problems of a command line that does not run, because the parser found
/// others. Returns the flags that are missing, with placeholders.
pub(crate) fn check(
    args: impl Into<Args>,
    context: &mut Context,
    problems: &mut Problems,
) -> Vec<&'static str> {
    let mut args = args.into();
    let lacks_value = |flag: &&str| context.flags.connection.lacks_value(flag);
    if lacks_value(&"--reason-file") {
        args.reason = ReasonArgs {
            reason: Some("TEXT".into()),
            reason_file: None,
        };
    }
    let lacks_layout = ["--format", "--columns", "--delimiter"]
        .iter()
        .any(lacks_value);
    if lacks_layout {
        args.list.assume_table(&args.from);
    }
    let config = read_config(context);
    let mut options = Options::from_args(&args, config.known(), context, problems);
    RecordPaths::from_args(&args, &config, context, problems);
    // A pipe may not end soon, and a feed never ends.
    options
        .lists
        .retain(|list| list.path.as_os_str() != "-" && !lacks_layout);
    if !options.is_stream {
        selection::select(&options, &mut context.stdin, problems);
    }
    config.add_problems(context, problems);
    missing_flags(&args, problems)
}

/// The problems that a kick of one member has with the values that environment and
/// profile give to a job. Those of the connection are not among them, nor that of the
/// rate's scope, nor whether the audit file can be written.
pub(super) fn check_job_settings(
    config: &LoadedConfig,
    context: &mut Context,
) -> Result<(), Error> {
    let line = ["kick", "--room=r", "--user=u", "--rate-scope=process"];
    let words = KickArgs::augment_args(Command::new("roomctl")).try_get_matches_from(line);
    let typed = words.and_then(|words| KickArgs::from_arg_matches(&words));
    let args = Args::from(typed.expect("flags of kick"));
    let mut problems = Problems::default();
    Options::from_args(&args, Some(config), context, &mut problems);
    RecordPaths::from_args(&args, config, context, &mut problems);
    problems.into_result()
}

/// What must be added to the command line, with placeholders.
fn missing_flags(args: &Args, problems: &Problems) -> Vec<&'static str> {
    let has_list = !args.from.is_empty();
    let is_everyone = everyone::flag_of(args).is_some();
    let needs_room = args.room.is_empty() && !has_list || problems.has_hint(ROOM_HINT);
    let needs_user = args.user.is_empty() && !has_list && !is_everyone;
    let is_ban = args.action == Action::Ban;
    let flags = [
        (needs_room, "--room ROOM"),
        (needs_user, "--user USER"),
        (is_ban && args.ban_length.is_none(), "--for DURATION"),
        (problems.has_hint(REASON_HINT), "--reason TEXT"),
    ];
    let missing = flags.into_iter().filter(|(is_missing, _)| *is_missing);
    missing.map(|(_, flag)| flag).collect()
}
