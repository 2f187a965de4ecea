//! Where the command's own values came from, for `-v`.

use super::execute::Limits;
use super::order::Order;
use super::reason::Usual;
use super::records::Places;
use super::rules::Rules;
use crate::commands::Context;
use crate::config::Setting;
use crate::streams;

/// Says it, a line a value.
pub(super) fn say(
    limits: &Limits,
    max_members: Option<&Setting<u32>>,
    rules: &Rules,
    places: &Places,
    context: &Context,
) {
    let mut notes = streams::notes(context.style);
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
    if let Order::Ban(seconds) = limits.order {
        notes.detail(&format!("for: {seconds} s (flag --for)"));
    }
    if let Usual::Reason(reason) = &rules.usual {
        notes.detail(&format!("reason: {} ({})", reason.value, reason.source));
    }
    for (glob, source) in rules.protected() {
        notes.detail(&format!("protect: {glob} ({source})"));
    }
    places.say(context);
}
