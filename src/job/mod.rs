//! Jobs: from rows to settled members, at the service's pace. It uses no
//! HTTP and no command line; the caller passes the functions that send and listen.
//!
//! Bottom up, each file using only those before it:
//!
//! - `outcome`, `batch`, `event`: what happens to members, what is
//!   counted, and what is reported.
//! - [`input`], [`journal`]: lists that are read, and the record of what was sent.
//! - `string_pool`, `plan`, `planned`, `feed`: where batches come from, a list that
//!   is known as a whole or a live feed.
//! - `pace`, `split`, `room_list`, `reading_budget`, `glob`: pure rules.
//! - `engine`: the state machine that decides with all of these.
//! - `runner`: threads, the channel and the clock; it does what the engine decides.

mod batch;
mod engine;
mod event;
mod feed;
mod glob;
pub mod input;
pub mod journal;
mod outcome;
mod pace;
mod plan;
mod planned;
mod reading_budget;
mod room_list;
mod runner;
mod split;
mod string_pool;

pub use batch::Batch;
pub(crate) use batch::RetryWith;
pub(crate) use engine::{Engine, EngineOptions};

pub(crate) use event::{Event, InRoom, ListCheck, ListenerError, Retry, SkippedRow};
pub(crate) use glob::{Glob, GlobError};
pub use outcome::{LastAnswer, Outcome, Settled};
pub(crate) use outcome::{Stop, Tally};
pub(crate) use pace::{
    DEFAULT_RATE, DEFAULT_RETRIES, Pace, RateChange, ServerFacts, SharedTimeline, TimelineName,
    TimelineView, least_time, open_timeline, retry_delay,
};
pub use plan::Plan;
pub(crate) use plan::{ResumeSummary, RoomMembers};
pub use planned::PlannedBatches;
pub(crate) use room_list::{ReadCall, Request, RoomRead, check_complete, check_names};
pub(crate) use runner::{JobChannel, RowSender, Runner};
