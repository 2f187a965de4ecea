//! Where requests go: region or endpoint, and the proxy of the environment, as other
//! programs read it.

use std::ffi::OsStr;

use super::choice::Choice;
use super::env::Env;
use super::layers::Layers;
use super::no_proxy::NoProxy;
use super::pasted::trimmed;
use super::table::{ENDPOINT, Group, REGION};
use super::value::{RawValue, Setting, Source};
use crate::api::{Endpoint, Proxy, ProxyError, Region};
use crate::error::Problem;
use crate::secret::scrub;

/// Set by the variables of `roomctl sandbox`. Any value counts, because it is safer
/// to stay on this machine.
pub(crate) const SANDBOX_VARIABLE: &str = "ROOMCTL_SANDBOX";

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

/// With the variables of `roomctl sandbox` no setting may lead to the real service.
fn check_sandbox(endpoint: &Setting<Endpoint>, env: &Env) -> Result<(), Problem> {
    if env.get_os(SANDBOX_VARIABLE).is_none() || endpoint.value.is_loopback() {
        return Ok(());
    }
    let Setting { value, source } = endpoint;
    let message =
        format!("{SANDBOX_VARIABLE} is set, and {value} ({source}) is not on this machine");
    let hint = match source {
        Source::BuiltIn => {
            "set ROOMCTL_ENDPOINT to what the sandbox printed; for the real service, unset ROOMCTL_SANDBOX"
        }
        _ => "remove that region or endpoint; for the real service, unset ROOMCTL_SANDBOX",
    };
    Err(Problem::config(message, hint))
}

/// Endpoints that are not loopback are always https, so `HTTP_PROXY` does not
/// count. The older spelling in lower case goes first, as in curl.
const PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The proxy for this endpoint: none for loopback and for the hosts of
/// `NO_PROXY`.
pub(super) fn proxy(endpoint: &Endpoint, env: &Env) -> Result<Option<Setting<Proxy>>, Problem> {
    let Some((name, text)) = first_of(&PROXY, env) else {
        return Ok(None);
    };
    let is_listed =
        no_proxy(env).is_some_and(|(_, list)| list.names(endpoint.host(), endpoint.port()));
    if endpoint.is_loopback() || is_listed {
        return Ok(None);
    }
    let malformed = "is not UTF-8".to_owned();
    let text = text
        .to_str()
        .ok_or_else(|| unusable(name, &malformed, ""))?;
    let value = Proxy::parse(unquoted(text)).map_err(|why| {
        let first = match why {
            ProxyError::OldSocks => "if the proxy supports version 5: ",
            ProxyError::UnknownScheme | ProxyError::NoPassword | ProxyError::Malformed => "",
        };
        unusable(name, &why.to_string(), first)
    })?;
    Ok(Some(Setting {
        value,
        source: Source::Env(name),
    }))
}

/// Where a proxy is used: the entries of `NO_PROXY` that match nothing, because one
/// of them may mean this endpoint.
pub(super) fn no_proxy_warning(env: &Env) -> Option<String> {
    const SHOWN: usize = 3;
    let (name, list) = no_proxy(env)?;
    let unknown = list.unknown();
    let more = match unknown.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown: Vec<String> = unknown
        .iter()
        .take(SHOWN)
        .map(|text| format!("{text:?}"))
        .collect();
    (!unknown.is_empty()).then(|| {
        format!(
            "{name}: {}{more} matches nothing, so a proxy is used: write a name, .suffix, IP \
             address or range like 10.0.0.0/8",
            shown.join(", ")
        )
    })
}

fn no_proxy(env: &Env) -> Option<(&'static str, NoProxy)> {
    let (name, list) = first_of(&NO_PROXY, env)?;
    Some((name, NoProxy::parse(&list.to_string_lossy())))
}

/// The first of these variables that is set.
fn first_of<'a>(names: &[&'static str], env: &'a Env) -> Option<(&'static str, &'a OsStr)> {
    names
        .iter()
        .find_map(|name| Some((*name, env.get_os(name)?)))
}

/// Without blanks and quotes around it: a proxy's URL has neither.
fn unquoted(text: &str) -> &str {
    trimmed(trimmed(text).trim_matches(['"', '\'', '`']))
}

fn unusable(name: &str, why: &str, first: &str) -> Problem {
    let hint = format!(
        "{first}set {name} to http://HOST:PORT or socks5h://HOST:PORT (after ://, USER:PASSWORD@ is allowed), or unset it"
    );
    Problem::config(format!("{name}: {why}"), hint)
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
