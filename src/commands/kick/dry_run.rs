//! `--dry-run`: the plan, and nothing sent.

use std::time::Duration;

use serde::Serialize;

use crate::commands::session::Session;
use crate::config::{Format, provenance};
use crate::error::Error;
use crate::exit::Exit;
use crate::job::Plan;
use crate::output::sanitise;
use crate::streams::OutputStyle;

/// The plan in numbers; the names are the contract's.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Numbers {
    rooms: usize,
    members: usize,
    duplicates: usize,
    requests: usize,
    least_seconds: f64,
}

/// Prints the plan on stdout.
pub(super) fn show(
    plan: &Plan,
    least: Duration,
    session: &Session,
    style: OutputStyle,
) -> Result<Exit, Error> {
    let numbers = Numbers {
        rooms: plan.rooms(),
        members: plan.members(),
        duplicates: plan.duplicates(),
        requests: plan.requests(),
        least_seconds: rounded(least),
    };
    let text = match style.format {
        Format::Json => serde_json::to_string(&numbers).expect("numbers serialise") + "\n",
        Format::Text => text(&numbers, session),
    };
    style.print(&text)?;
    Ok(Exit::Done)
}

fn text(numbers: &Numbers, session: &Session) -> String {
    let Numbers {
        rooms,
        members,
        duplicates,
        requests,
        least_seconds,
    } = numbers;
    let mut lines = vec![
        format!("rooms:      {rooms}"),
        format!("members:    {members}"),
        format!("duplicates: {duplicates}"),
        format!("requests:   {requests}"),
        format!("least time: {least_seconds} s"),
    ];
    for setting in provenance(&session.settings).into_iter().take(4) {
        let shown = format!("{}: {} ({})", setting.name, setting.value, setting.source);
        lines.push(sanitise(&shown).into_owned());
    }
    lines.push("dry run: nothing was sent".into());
    lines.join("\n") + "\n"
}

/// To the millisecond; more digits would be a promise that nobody keeps.
fn rounded(least: Duration) -> f64 {
    (least.as_secs_f64() * 1000.0).round() / 1000.0
}
