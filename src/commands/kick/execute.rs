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
use super::selection::Selection;
use crate::api::{Answer, Client, Error as SendError};
use crate::clock::{Clock, GivenDuration, SystemClock};
use crate::commands::Context;
use crate::commands::reading::ReadingEnd;
use crate::commands::session::Session;
use crate::config::CheckRoom;
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt;
use crate::job::{
    self, Batch, Engine, EngineOptions, Event, JobChannel, Plan, ReadCall, Request, RetryWith,
    RoomRead, Runner, SharedTimeline, Stop, Tally,
};

/// A job that is ready to run.
pub(super) struct Job {
    pub(super) engine: Engine,
    /// With `--rate-scope`: where the slots come from.
    pub(super) timeline: Option<Box<dyn SharedTimeline>>,
    pub(super) channel: JobChannel,
    pub(super) records: Records,
    /// Members that earlier runs settled.
    pub(super) settled_before: Tally,
    pub(super) size: JobSize,
    /// Which lists of `--all` are not complete.
    pub(super) incomplete: Option<Incomplete>,
    /// Of the lists of `--all`.
    pub(super) reading: Option<ReadingEnd>,
    /// Of a live feed.
    pub(super) feed: Option<FeedLines>,
}

/// A plan without the members that earlier runs settled, and what it needs to run.
pub(super) struct PlannedJob {
    pub(super) selection: Selection,
    pub(super) resumed: Resumed,
    /// Of the lists of `--all`.
    pub(super) reading: Option<ReadingEnd>,
    pub(super) timeline: Option<Box<dyn SharedTimeline>>,
}

/// Runs a plan.
pub(super) fn run_plan(
    job: PlannedJob,
    options: &Options,
    session: &Session,
    context: &Context,
) -> Result<Exit, Error> {
    let PlannedJob {
        selection,
        resumed,
        reading,
        timeline,
    } = job;
    let Selection {
        plan, member_lists, ..
    } = selection;
    let (members, requests) = (plan.members() as u64, plan.requests());
    // Only a table on a terminal needs them; for a pipe the plan is not scanned.
    let longest = io::stdout().is_terminal().then(|| longest_names(&plan));
    let rooms = plan.all_room_count();
    let mut engine_options = engine_options(options, members, session);
    if let Some(began) = reading.as_ref().and_then(|reading| reading.began) {
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
        timeline,
        channel: JobChannel::new(),
        records: resumed.records,
        settled_before: resumed.settled_before,
        size: JobSize {
            members: Some(members),
            requests,
            longest,
            rooms,
        },
        incomplete: member_lists.and_then(|lists| lists.incomplete()),
        reading,
        feed: None,
    };
    run(job, options, session, context)
}

/// The timeline of `--rate-scope`, if slots are shared; none for a dry run. Nothing is
/// reserved yet.
pub(super) fn open_timeline(
    options: &Options,
    session: &Session,
    context: &Context,
) -> Result<Option<Box<dyn SharedTimeline>>, Error> {
    if options.dry_run {
        return Ok(None);
    }
    let scope = &options.limits.rate_scope.value;
    let name = session.timeline(options.call.action());
    let transport = session.transport(1);
    let mut timeline = job::open_timeline(scope, &name, &context.env, &transport)?;
    // --all reads member lists before the first slot. The shared rate is checked now, so
    // that nothing is sent if it cannot be used.
    if let Some(timeline) = timeline.as_mut().filter(|_| options.everyone.is_some()) {
        timeline.view()?;
    }
    Ok(timeline)
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
    job.watch_signals()?;
    job.share_rate(context.clock)?;
    job.records.prepare()?;
    // A live feed has new rows in every run, so there is nothing to resume.
    let is_resumable = job.records.has_journal() && job.size.members.is_some();
    let how_to_resume = is_resumable.then(|| resume_command::how_to_resume(&context.argv));
    let endpoint = client.endpoint();
    let mut listener = JobListener::new(options, job.size, job.records, endpoint, context);
    let mut engine = job.engine;
    let start = context.clock.now().mono;
    let result = run_engine(
        &mut engine,
        job.channel,
        &client,
        &mut listener,
        options,
        context,
    );
    let elapsed = context.clock.now().mono.saturating_sub(start);
    let read_for = job.reading.as_ref().map_or(Duration::ZERO, |it| it.took);
    let not_written = result.and(listener.finish_records()).err();
    let stop = match not_written {
        Some(_) => Some(Stop::RecordLost),
        None => engine.stop(),
    };
    let mut tally = engine.tally().clone();
    if let Some(reading) = &job.reading {
        tally.requests += reading.requests;
        tally.retries += reading.retries;
    }
    if let Some(lost) = job.size.members.map(|planned| tally.add_lost(planned))
        && lost > 0
    {
        listener.display.notes_without_bar().warn(&format!(
            "{lost} members have no outcome, because of a defect of roomctl: they count as \
             unknown, and --failed-to lacks them"
        ));
    }
    let report = Report {
        action: options.call.action(),
        tally: &tally,
        all_runs: &tally.with_members_of(&job.settled_before),
        how_to_resume,
        ignore_absent: options.ignore_absent,
        feed: job.feed.map(|lines| lines.at_end(engine.rows_taken())),
        incomplete: job.incomplete,
        is_everyone: options.everyone.is_some(),
        verification: listener.verification.take(),
        stop,
        settings: &session.settings,
        elapsed: elapsed + read_for,
    };
    report.print(not_written.as_ref(), &mut listener);
    Ok(report.exit_code())
}

impl Job {
    /// A signal stops the job. The reading of lists has watched for them already.
    fn watch_signals(&self) -> Result<(), Error> {
        let stop_handle = self.channel.stop_handle();
        let stop_at = move |signal| stop_handle.stop(Stop::Signal(signal));
        match &self.reading {
            Some(reading) => reading.signals.pass_to(stop_at),
            None => interrupt::on_signal(stop_at).context("cannot watch for signals")?,
        }
        Ok(())
    }

    /// Shares the pace with other processes, if `--rate-scope` says so.
    fn share_rate(&mut self, clock: SystemClock) -> Result<(), Error> {
        if let Some(timeline) = self.timeline.take() {
            let read_clock = Box::new(move || clock.now().mono);
            let report = self.channel.pace_reporter();
            self.engine.share_rate(timeline, read_clock, report)?;
        }
        Ok(())
    }
}

/// Runs the engine until every member is settled. Fails if a record or a result
/// could not be written.
fn run_engine(
    engine: &mut Engine,
    channel: JobChannel,
    client: &Client,
    listener: &mut JobListener,
    options: &Options,
    context: &Context,
) -> io::Result<()> {
    let clock = &context.clock;
    let send = |request: &Request| {
        let now = clock.now().wall;
        match request {
            Request::Batch(batch) => send(options.call, client, batch, now),
            Request::Read(read) => send_read(client, read, now),
        }
    };
    let tick = listener.display.interval();
    // A deadline may pass, and a person sees at once that a signal has arrived.
    let may_wait = options.limits.deadline.is_none() && !io::stderr().is_terminal();
    let runner = Runner {
        clock,
        channel,
        send: &send,
        tick,
        sends_first_on_this_thread: listener.is_one_request && may_wait && tick.is_none(),
    };
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
    runner.run(engine, &mut on_event)
}

/// Sends one request that reads a room.
fn send_read(client: &Client, read: &RoomRead, now: SystemTime) -> Result<Answer, SendError> {
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
) -> Result<Answer, SendError> {
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
