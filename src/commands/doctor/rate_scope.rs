//! The check of a shared rate: whether its timeline can be used, and in which state it
//! is. Nothing is reserved. Without `--rate-scope` there is no such check.

use serde_json::json;

use super::checklist::failed_with;
use super::network;
use super::settings::{place, source_data};
use crate::commands::Context;
use crate::config::{CheckedSettings, RateScope, Setting, Source, scope_warning};
use crate::error::Problem;
use crate::job::{self, ServerFacts, TimelineName, TimelineView};
use crate::output::{Check, Status};
use crate::room::Action;

const NAME: &str = "rate_scope";

/// The check, if a scope is set. `scope` is an error if its value is wrong.
pub(super) fn check(
    scope: &Result<Setting<RateScope>, Problem>,
    checked: &CheckedSettings,
    context: &Context,
) -> Option<Check> {
    let scope = match scope {
        Ok(scope) if matches!(scope.value, RateScope::Process) => return None,
        Ok(scope) => scope,
        Err(problem) => return Some(failed_with(NAME, problem)),
    };
    let (Ok(app), Ok(destination), Some(transport)) = (
        &checked.sdkappid,
        &checked.destination,
        network::transport(checked),
    ) else {
        let why = "needs sdkappid, endpoint, proxy, timeouts";
        return Some(Check::new(NAME, Status::Skip, why));
    };
    let name = TimelineName {
        sdkappid: app.value,
        endpoint: destination.endpoint.value.to_string(),
        action: Action::Kick.name(),
    };
    let opened = job::open_timeline(&scope.value, &name, &context.env, &transport);
    let mut timeline = match opened {
        Ok(timeline) => timeline?,
        Err(problem) => return Some(failed_with(NAME, &problem)),
    };
    let view = match timeline.view() {
        Ok(view) => view,
        Err(problem) => return Some(failed_with(NAME, &problem)),
    };
    let server = timeline.server();
    let check = found(&view, server.as_ref(), scope);
    Some(match server {
        Some(server) => check.with_duration(server.round_trip),
        None => check,
    })
}

fn found(view: &TimelineView, server: Option<&ServerFacts>, scope: &Setting<RateScope>) -> Check {
    let state = match (view.rate, view.is_slowed) {
        (None, _) => "not in use".to_owned(),
        (Some(rate), false) => format!("in use at {} a second", rounded(rate)),
        (Some(rate), true) => format!(
            "in use, slowed down to {} a second by answers of the service",
            rounded(rate)
        ),
    };
    let version = server.map(|server| server.version.as_str());
    let version = version.filter(|version| !version.is_empty());
    let by = version.map_or(String::new(), |version| format!(" ({version})"));
    let Setting { value, source } = scope;
    let kind = match value {
        RateScope::Process => "process",
        RateScope::Host => "host",
        RateScope::Redis(_) => "redis",
    };
    let from = match source {
        Source::BuiltIn => String::new(),
        source => format!(", {}", place(source)),
    };
    let data = json!({
        "Scope": kind,
        "Place": view.place,
        "Server": version,
        "RequestsPerSecond": view.rate.map(rounded),
        "Slowed": view.is_slowed,
        "ReservedAheadMs": view.ahead.as_millis(),
        "Source": source_data(source),
    });
    let warning = scope_warning(scope);
    let status = warning.as_ref().map_or(Status::Ok, |_| Status::Warn);
    let check = Check::new(NAME, status, format!("{}{by}, {state}{from}", view.place));
    check.with_remedy(warning).with_data(data)
}

/// To a tenth.
fn rounded(rate: f64) -> f64 {
    (rate * 10.0).round() / 10.0
}
