//! What people and scripts see: results on stdout, everything else on stderr,
//! each as text or JSON.
//!
//! The engine emits data; here, at the edge, it becomes bytes. Nothing in here
//! decides anything.

mod atomic_file;
mod audit;
mod check;
mod colors;
mod failed_to;
mod latencies;
mod notes;
mod progress;
mod result_writer;
mod results;
mod sanitise;
mod screen;
mod summary;
mod summary_table;
mod table;

pub use atomic_file::AtomicFile;
pub use audit::Audit;
pub use check::{Check, Status};
pub use failed_to::FailedTo;
pub use latencies::Latencies;
pub use notes::Notes;
pub use progress::Progress;
pub use results::Results;
pub use sanitise::sanitise;
pub use summary::Summary;
pub use table::{aligned, tabs};
