//! The audit file of a job is opened before the first request; `doctor` finds out
//! whether that would succeed.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::commands::Context;
use crate::commands::session::Session;
use crate::error::{Error, Problem, is_no_space};
use crate::exit::Exit;
use crate::file_name::display_path;
use crate::output::{Audit, AuditState};

pub(super) fn open(path: &Path, session: &Session, context: &Context) -> Result<Audit, Error> {
    let settings = &session.settings;
    let (sdkappid, identifier) = (settings.sdkappid.value, &settings.identifier.value);
    let is_rehearsal = settings.destination.endpoint.value.is_loopback();
    let opened = Audit::open(path, sdkappid, identifier, is_rehearsal);
    let audit = opened.map_err(|why| not_writable(path, why))?;
    if audit.is_held() {
        context.notes().info(&format!(
            "audit {}: another program holds its lock; lines are appended without it",
            display_path(path)
        ));
    }
    if audit.is_torn() {
        context.notes().warn(&format!(
            "audit {}: the last line is incomplete; it stays, and the next line begins after it",
            display_path(path)
        ));
    }
    Ok(audit)
}

/// The problem that a kick would have with the file. Leaves no new file.
pub(in crate::commands) fn check_audit(path: &Path) -> Result<AuditState, Problem> {
    let name = "set ROOMCTL_AUDIT, or audit in the profile, to";
    Audit::check(path).map_err(|why| problem(path, why, name))
}

pub(super) fn not_writable(path: &Path, why: io::Error) -> Problem {
    problem(path, why, "give --audit")
}

/// `name`: how another file is named.
fn problem(path: &Path, why: io::Error, name: &str) -> Problem {
    let message = format_args!("cannot append to the audit {}", display_path(path));
    let hint = match why.kind() {
        ErrorKind::InvalidData => format!("{name} a file of its own"),
        kind if is_no_space(kind) => format!("free some space, or {name} a file on another disk"),
        _ => format!("{name} a file that can be written"),
    };
    Problem::new(Exit::Record, message, hint).caused_by(why)
}
