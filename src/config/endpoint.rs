//! Where requests go: region or endpoint.

use super::choice::Choice;
use super::env::Env;
use super::layers::Layers;
use super::table::{ENDPOINT, Group, REGION};
use super::value::{RawValue, Setting, Source};
use crate::api::{Endpoint, Region};
use crate::error::Problem;
use crate::secret::scrub;

/// Set by `roomctl sandbox -- COMMAND`. Any value counts, because it is safer to
/// stay on this machine.
const SANDBOX: &str = "ROOMCTL_SANDBOX";

/// Where requests go.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    pub(crate) endpoint: Setting<Endpoint>,
    /// The region of the endpoint, unless a URL was given.
    pub(crate) region: Option<Region>,
}

/// Region and endpoint are one value: the highest place that has either counts,
/// and in it the endpoint before the region.
pub(super) fn destination(layers: &Layers, env: &Env) -> Result<Destination, Problem> {
    let values = layers.highest(&[Group::Destination]);
    let endpoint = values.iter().find(|raw| *raw.spec == ENDPOINT);
    let destination = match (endpoint, values.first()) {
        (Some(raw), _) => Destination {
            endpoint: raw.setting(parse_endpoint(raw)?),
            region: None,
        },
        (None, Some(raw)) => of_region(raw.choice()?),
        (None, None) => of_region(RawValue::built_in(&REGION).choice()?),
    };
    check_sandbox(&destination.endpoint, env)?;
    Ok(destination)
}

fn parse_endpoint(raw: &RawValue) -> Result<Endpoint, Problem> {
    let text = raw.text()?;
    Endpoint::parse(text).map_err(|why| {
        let form =
            "an endpoint is https://HOST or https://HOST:PORT; plain http is for 127.0.0.1 only";
        let hint = match probable_endpoint(text) {
            Some(probable) => format!("did you mean {probable}?\n{form}"),
            None => form.to_owned(),
        };
        raw.problem(why, hint)
    })
}

/// What a text without a scheme, or with a path or a query, probably means: the
/// name of a region, or the host in it. None if that could be a secret.
fn probable_endpoint(text: &str) -> Option<String> {
    if let Some(region) = Region::named(text) {
        return Some(format!("--region {}", region.name()));
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let host = rest.split(['/', '?', '#']).next()?;
    let parse = |scheme: &str| Endpoint::parse(&format!("{scheme}://{host}")).ok();
    let is_loopback = |endpoint: &Endpoint| endpoint.is_loopback();
    let local = if scheme == "https" {
        None
    } else {
        parse("http")
    };
    let endpoint = local.filter(is_loopback).or_else(|| parse("https"))?;
    let is_host = endpoint.host().contains(['.', ':']) || endpoint.is_loopback();
    let shown = endpoint.to_string();
    (is_host && !text.contains('@') && scrub(&shown) == shown).then_some(shown)
}

fn of_region(region: Setting<Region>) -> Destination {
    Destination {
        endpoint: Setting {
            value: Endpoint::from(region.value),
            source: region.source,
        },
        region: Some(region.value),
    }
}

/// Inside `roomctl sandbox -- COMMAND` no setting may lead to the real service.
fn check_sandbox(endpoint: &Setting<Endpoint>, env: &Env) -> Result<(), Problem> {
    if env.get_os(SANDBOX).is_none() || endpoint.value.is_loopback() {
        return Ok(());
    }
    let Setting { value, source } = endpoint;
    let message = format!("{SANDBOX} is set, and {value} ({source}) is not on this machine");
    let hint = match source {
        Source::BuiltIn => {
            "set ROOMCTL_ENDPOINT to what the sandbox printed; for the real service, unset ROOMCTL_SANDBOX"
        }
        _ => "remove that region or endpoint; for the real service, unset ROOMCTL_SANDBOX",
    };
    Err(Problem::config(message, hint))
}
