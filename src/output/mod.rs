//! What people and scripts see: results on stdout, everything else on stderr,
//! each as text or JSON.
//!
//! The engine emits data; here, at the edge, it becomes bytes. Nothing in here
//! decides anything.

mod audit;
mod check;
mod failed_to;
mod latencies;
mod notes;
mod outlet;
mod progress;
mod replaced;
mod results;
mod sanitise;
mod screen;
mod style;
mod summary;
mod summary_table;
mod table;

pub use audit::Audit;
pub use check::{Check, Mark};
pub use failed_to::FailedTo;
pub use latencies::Latencies;
pub use notes::Notes;
pub use progress::Progress;
pub use replaced::Replaced;
pub use results::Results;
pub use sanitise::sanitise;
pub use summary::Summary;
pub use table::{aligned, tabs};
