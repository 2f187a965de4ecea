//! The engine: takes a plan, sends it at the service's pace, and settles every
//! member. Knows no HTTP and no command line; sending and telling are functions
//! that it is given.
//!
//! The policies are pure (`plan`, `pace`, `retry`, `split`, `tally`); `engine`
//! decides with them; `runner` acts.

mod batch;
mod batches;
mod engine;
mod event;
mod feed;
mod inbox;
pub mod input;
pub mod journal;
mod outcome;
mod pace;
mod plan;
mod pool;
mod protect;
mod resume;
mod retry;
mod runner;
mod split;
mod stop;
mod string_pool;
mod supply;
mod tally;

pub use batch::{Batch, RetryWith};
pub use engine::{Engine, Input, News, Next, Policy};
pub use event::{Event, ListenerError, Retry};
pub use inbox::{Feeder, Inbox, Stopper};
pub use outcome::{AnswerFields, LastAnswer, Outcome, Settled};
pub use pace::{DEFAULT_RATE, Pace, least_time};
pub use plan::Plan;
pub use pool::Send;
pub use protect::{Glob, GlobError};
pub use resume::ResumeSummary;
pub use retry::{DEFAULT_RETRIES, delay as retry_delay};
pub use runner::{Listener, run};
pub use stop::Stop;
pub use tally::Tally;
