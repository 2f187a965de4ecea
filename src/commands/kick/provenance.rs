//! Where the command's own values came from, for `-v`.

use super::execute::Limits;
use super::reason::DefaultReason;
use super::records::RecordPaths;
use super::row_policy::RowPolicy;
use super::service_call::ServiceCall;
use crate::commands::Context;
use crate::config::Setting;

/// Says it, a line a value.
pub(super) fn say(
    limits: &Limits,
    max_members: Option<&Setting<u32>>,
    policy: &RowPolicy,
    paths: &RecordPaths,
    context: &Context,
) {
    let mut notes = context.notes();
    for (name, number) in [
        ("rate", Some(&limits.rate)),
        ("retries", Some(&limits.retries)),
        ("concurrency", Some(&limits.concurrency)),
        ("max_members", max_members),
    ] {
        if let Some(Setting { value, source }) = number {
            notes.detail(&format!("{name}: {value} ({source})"));
        }
    }
    if let ServiceCall::Ban(seconds) = limits.call {
        notes.detail(&format!("for: {seconds} s (flag --for)"));
    }
    if let DefaultReason::Reason(reason) = &policy.default_reason {
        notes.detail(&format!("reason: {} ({})", reason.value, reason.source));
    }
    for (glob, source) in policy.protected() {
        notes.detail(&format!("protect: {glob} ({source})"));
    }
    paths.say(context);
}
