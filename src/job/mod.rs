//! The engine: takes a plan, sends it at the service's pace, and settles every
//! member. Knows no HTTP and no command line; sending and telling are functions
//! that it is given.
//!
//! The policies are pure (`plan`, `pace`, `retry`, `split`, `tally`); `core`
//! decides with them; `shell` acts.

mod batch;
mod core;
#[cfg(test)]
mod core_tests;
mod event;
pub mod input;
mod outcome;
mod pace;
mod plan;
mod protect;
mod retry;
mod shell;
mod split;
mod stop;
mod tally;
mod texts;
#[cfg(test)]
mod virtual_time;

pub use batch::Batch;
pub use core::{Core, Input, News, Next, Policy};
pub use event::{Event, Retry, SinkError};
pub use outcome::{Outcome, Said, Settled};
pub use pace::{Pace, least_time};
pub use plan::Plan;
pub use protect::{Glob, GlobFault};
pub use shell::{Inbox, OnEvent, Send, Stopper, run};
pub use stop::Stop;
pub use tally::Tally;
