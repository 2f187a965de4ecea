//! Runs a job: connects client, engine, records and listener, and reports the
//! end.

use std::io::{self, IsTerminal};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;

use super::everyone::Incomplete;
use super::feed_lines::FeedLines;
use super::listener::{JobListener, JobSize};
use super::options::{Options, ServiceCall};
use super::records::{Records, Resumed};
use super::report::Report;
use super::resume_command;
use crate::api::{Answer, Client, Error as NoAnswer};
use crate::clock::{Clock, GivenDuration, SystemClock};
use crate::commands::Context;
use crate::commands::reading::ReadingEnd;
use crate::commands::session::Session;
use crate::config::CheckRoom;
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt;
use crate::job::{
    self, Batch, Budget, Engine, EngineOptions, Event, JobChannel, Plan, ReadCall, Request,
    RetryWith, RoomRead, Stop, Tally,
};

/// A job that is ready to run.
pub(super) struct Job {
    pub(super) engine: Engine,
    /// With `--rate-scope`: where the slots come from.
    pub(super) budget: Option<Box<dyn Budget>>,
    pub(super) channel: JobChannel,
    pub(super) records: Records,
    /// Members that earlier runs settled.
    pub(super) settled_before: Tally,
    pub(super) size: JobSize,
    pub(super) lists: ListsRead,
    /// Of a live feed.
    pub(super) feed: Option<FeedLines>,
}

/// What is known of the lists of `--all`; nothing for other jobs.
#[derive(Debug, Default)]
pub(super) struct ListsRead {
    /// Which lists are not complete.
    pub(super) incomplete: Option<Incomplete>,
    pub(super) reading: Option<ReadingEnd>,
}

/// Runs a plan from which the members that earlier runs settled are removed.
pub(super) fn run_plan(
    plan: Plan,
    resumed: Resumed,
    lists: ListsRead,
    budget: Option<Box<dyn Budget>>,
    options: &Options,
    session: &Session,
    context: &Context,
) -> Result<Exit, Error> {
    let (members, requests) = (plan.members() as u64, plan.requests());
    // The columns of a terminal; a long list need not be read for a pipe.
    let longest = io::stdout().is_terminal().then(|| longest_names(&plan));
    let rooms = plan.all_rooms();
    let mut engine_options = engine_options(options, members, session);
    if let Some(began) = lists.reading.as_ref().and_then(|reading| reading.began) {
        // The deadline counts from the first request, which read a list.
        let passed = context.clock.now().wall.duration_since(began.wall);
        let passed = passed.unwrap_or_default();
        engine_options.deadline = engine_options.deadline.map(|it| it.saturating_sub(passed));
    }
    let mut engine = Engine::new(plan, engine_options, Box::new(rand::random::<f64>));
    if options.verify {
        engine.verify_at_end();
    }
    let job = Job {
        engine,
        budget,
        channel: JobChannel::new(),
        records: resumed.records,
        settled_before: resumed.settled_before,
        size: JobSize {
            members: Some(members),
            requests,
            longest,
            rooms,
        },
        lists,
        feed: None,
    };
    run(job, options, session, context)
}

/// The timeline of `--rate-scope`, if slots are shared. Nothing is reserved yet.
pub(super) fn open_budget(
    options: &Options,
    session: &Session,
    context: &Context,
) -> Result<Option<Box<dyn Budget>>, Error> {
    let scope = &options.limits.rate_scope.value;
    let name = session.timeline(options.call.action());
    let transport = session.transport(1);
    let mut budget = job::open_budget(scope, &name, &context.env, &transport)?;
    // Without lists of the service nothing is sent before the first slot is reserved.
    if let Some(budget) = budget.as_mut().filter(|_| options.everyone.is_some()) {
        budget.view()?;
    }
    Ok(budget)
}

/// The length of the longest room and that of the longest user.
fn longest_names(plan: &Plan) -> (usize, usize) {
    let names = plan.members_in_order();
    names.fold((0, 0), |(longest_room, longest_user), (room, user)| {
        (longest_room.max(room.len()), longest_user.max(user.len()))
    })
}

/// The engine's limits for a job of so many members.
pub(super) fn engine_options(options: &Options, members: u64, session: &Session) -> EngineOptions {
    let limits = &options.limits;
    EngineOptions {
        rate: limits.rate.value,
        concurrency: limits.concurrency.value as usize,
        retries: limits.retries.value,
        can_renew_signature: session.can_renew_signature(),
        // Its list was just read.
        check_room: match options.everyone {
            Some(_) => CheckRoom::Never,
            None => limits.check_room.value,
        },
        deadline: limits.deadline.as_ref().map(GivenDuration::time),
        max_failures: limits.max_failures.map(|most| most.limit_for(members)),
    }
}

/// Runs the job to its end and reports it.
pub(super) fn run(
    mut job: Job,
    options: &Options,
    session: &Session,
    context: &Context,
) -> Result<Exit, Error> {
    let client = session.client(options.limits.concurrency.value as usize)?;
    let stop_handle = job.channel.stop_handle();
    let stop_at = move |signal| stop_handle.stop(Stop::Signal(signal));
    match &job.lists.reading {
        Some(reading) => reading.signals.pass_to(stop_at),
        None => interrupt::on_signal(stop_at).context("cannot watch for signals")?,
    }
    if let Some(budget) = job.budget {
        let clock = context.clock;
        let read_clock = Box::new(move || clock.now().mono);
        let report = job.channel.pace_reporter();
        job.engine.share_rate(budget, read_clock, report)?;
    }
    job.records.prepare()?;
    // A live feed has new rows in every run, so there is nothing to resume.
    let is_resumable = job.records.has_journal() && job.size.members.is_some();
    let how_to_resume = is_resumable.then(|| resume_command::how_to_resume(&context.argv));
    let endpoint = client.endpoint();
    let mut listener = JobListener::new(options, job.size, job.records, endpoint, context);
    let (clock, call) = (&context.clock, options.call);
    let mut engine = job.engine;
    // A deadline may pass, and a person sees at once that a signal has arrived.
    let may_wait = options.limits.deadline.is_none() && !io::stderr().is_terminal();
    let sends_first = job.size.requests == 1 && may_wait;
    let start = clock.now().mono;
    let result = run_engine(
        &mut engine,
        job.channel,
        call,
        &client,
        sends_first,
        &mut listener,
        clock,
    );
    let elapsed = clock.now().mono.saturating_sub(start);
    let read_for = job
        .lists
        .reading
        .map_or(Duration::ZERO, |reading| reading.took);
    let elapsed = elapsed + read_for;
    let not_written = result.and(listener.finish_records()).err();
    let stop = match not_written {
        Some(_) => Some(Stop::RecordLost),
        None => engine.stop(),
    };
    let mut tally = engine.tally().clone();
    if let Some(lost) = job.size.members.map(|planned| tally.add_lost(planned))
        && lost > 0
    {
        listener.display.notes_without_bar().warn(&format!(
            "{lost} members have no outcome, because of a defect of roomctl: they count as \
             unknown, and --failed-to lacks them"
        ));
    }
    let all_runs = tally.with_members_of(&job.settled_before);
    let feed = job.feed.map(|lines| lines.at_end(engine.rows_taken()));
    let has_rows_left = feed.is_some_and(|feed| feed.left.is_some());
    let exit = match all_runs.exit(call.action(), stop, options.ignore_absent) {
        // A feed with a wrong header, or that is not a list.
        Exit::Refused if stop.is_none() && has_rows_left && tally.requests == 0 => Exit::Usage,
        exit => exit,
    };
    let verification = listener.verification.as_ref();
    let verified_exit = verification.map_or(exit, |verification| verification.exit(exit));
    let report = Report {
        action: call.action(),
        tally: &tally,
        incomplete: job.lists.incomplete,
        is_everyone: options.everyone.is_some(),
        all_runs: &all_runs,
        how_to_resume,
        ignore_absent: options.ignore_absent,
        feed,
        exit,
        verified_exit,
        stop,
        settings: &session.settings,
        elapsed,
    };
    report.print(not_written.as_ref(), &mut listener);
    Ok(report.final_exit())
}

/// Runs the engine until every member is settled. Fails if a record or a result
/// could not be written.
fn run_engine(
    engine: &mut Engine,
    channel: JobChannel,
    call: ServiceCall,
    client: &Client,
    sends_first: bool,
    listener: &mut JobListener,
    clock: &SystemClock,
) -> io::Result<()> {
    let send = |request: &Request| {
        let now = clock.now().wall;
        match request {
            Request::Batch(batch) => send(call, client, batch, now),
            Request::Read(read) => send_read(client, read, now),
        }
    };
    let tick = listener.display.interval();
    let mut on_event = |event: &Event<'_>| {
        // Here and not in `send`: no other request may be signed in between.
        let tries = match event {
            Event::Starting(batch) => Some(&batch.tries),
            Event::Reading(read) => Some(&read.tries),
            _ => None,
        };
        if tries.is_some_and(|tries| tries.retry_with == RetryWith::NewSignature) {
            client.renew_signature();
        }
        listener.on(event, clock.now().wall)
    };
    let sends_first = sends_first && tick.is_none();
    job::run(
        engine,
        clock,
        channel,
        &send,
        tick,
        sends_first,
        &mut on_event,
    )
}

/// Sends one request that reads a room.
fn send_read(client: &Client, read: &RoomRead, now: SystemTime) -> Result<Answer, NoAnswer> {
    let new_connection = read.tries.retry_with == RetryWith::NewConnection;
    match &read.call {
        ReadCall::Info => client.room_info_answer(&read.room, now, new_connection),
        ReadCall::Page(next) => client.member_list_answer(&read.room, next, now, new_connection),
    }
}

/// Sends one batch.
fn send(
    call: ServiceCall,
    client: &Client,
    batch: &Batch,
    now: SystemTime,
) -> Result<Answer, NoAnswer> {
    let new_connection = batch.tries.retry_with == RetryWith::NewConnection;
    let (room, members, reason) = (&batch.room, &batch.members, &batch.reason);
    match call {
        ServiceCall::Kick => client.kick_user_out(room, members, reason, now, new_connection),
        ServiceCall::Ban { seconds } => {
            client.ban_room_member(room, members, reason, seconds, now, new_connection)
        }
        ServiceCall::Unban => client.unban_room_member(room, members, now, new_connection),
    }
}
