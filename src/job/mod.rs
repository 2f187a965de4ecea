//! The engine: takes a plan, sends it at the service's pace, and settles every
//! member. Knows no HTTP and no command line; sending and telling are functions
//! that it is given.
//!
//! The policies are pure (`plan`, `pace`, `retry`, `split`, `tally`); `core`
//! decides with them; `shell` acts.

mod batch;
mod batches;
mod core;
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
mod shell;
mod split;
mod stop;
mod supply;
mod tally;
mod texts;

pub use batch::{Anew, Batch};
pub use core::{Core, Input, News, Next, Policy};
pub use event::{Event, Retry, SinkError};
pub use inbox::{Feeder, Inbox, Stopper};
pub use outcome::{Fields, Outcome, Said, Settled};
pub use pace::{Pace, USUAL_RATE, least_time};
pub use plan::Plan;
pub use pool::Send;
pub use protect::{Glob, GlobFault};
pub use resume::Past;
pub use retry::{USUAL_RETRIES, delay as retry_delay};
pub use shell::{OnEvent, run};
pub use stop::Stop;
pub use tally::Tally;
