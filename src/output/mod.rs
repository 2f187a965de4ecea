//! What people and scripts see: results on stdout, everything else on stderr,
//! each as text or JSON. The engine emits data; here it becomes bytes. Nothing in
//! here decides anything.

mod audit;
mod check;
mod display;
mod failed_to;
mod latencies;
mod member_table;
mod notes;
mod progress;
mod results;
mod summary;
mod text;
mod wrap;

pub(crate) use audit::{Audit, AuditState};
pub(crate) use check::{Check, Status};
pub(crate) use display::{Display, StatusLine};
pub(crate) use failed_to::{FailedTo, IsInRoom};
pub(crate) use latencies::Latencies;
pub(crate) use member_table::MemberTable;
pub(crate) use notes::{Notes, StderrTraits};
pub(crate) use progress::{Progress, ReadingLine};
pub(crate) use results::Results;
pub(crate) use summary::{Summary, VerifiedCounts};
pub(crate) use text::{aligned, colored, escape_json, plural, sanitise, tabs};
pub(crate) use wrap::{filled, fitted, refilled};
