//! Where requests go: region or endpoint, and the proxy of the environment, as other
//! programs read it.

use std::net::IpAddr;

use super::choice::Choice;
use super::env::Env;
use super::layers::Layers;
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
    let first = |names: &[&'static str]| {
        names
            .iter()
            .find_map(|name| Some((*name, env.get_os(name)?)))
    };
    let Some((name, text)) = first(&PROXY) else {
        return Ok(None);
    };
    let is_listed = first(&NO_PROXY).is_some_and(|(_, list)| {
        is_in_no_proxy(&list.to_string_lossy(), endpoint.host(), endpoint.port())
    });
    if endpoint.is_loopback() || is_listed {
        return Ok(None);
    }
    let malformed = "is not UTF-8".to_owned();
    let text = text
        .to_str()
        .ok_or_else(|| unusable(name, &malformed, ""))?;
    let value = Proxy::parse(text).map_err(|why| {
        let first = match why {
            ProxyError::OldSocks => "if the proxy supports version 5: ",
            ProxyError::NoPassword | ProxyError::Malformed => "",
        };
        unusable(name, &why.to_string(), first)
    })?;
    Ok(Some(Setting {
        value,
        source: Source::Env(name),
    }))
}

fn unusable(name: &str, why: &str, first: &str) -> Problem {
    let hint = format!(
        "{first}set {name} to http://HOST:PORT or socks5h://HOST:PORT (after ://, USER:PASSWORD@ is allowed), or unset it"
    );
    Problem::config(format!("{name}: {why}"), hint)
}

/// Whether the list names this host. `host` is a name or an IP address without
/// brackets; `port` is the one of the connection.
///
/// Entries are separated by commas or blanks. An entry is `*`, a name (which
/// also means its subdomains, with or without a leading dot), an IP address in
/// any spelling, or a range of addresses like `10.0.0.0/8`. A name or an address
/// may have a port. Other entries match nothing. A name is never looked up to
/// compare its address.
fn is_in_no_proxy(list: &str, host: &str, port: u16) -> bool {
    let host = Host::of(host);
    list.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|entry| !entry.is_empty())
        .any(|entry| host.is_in(entry, port))
}

/// What entries are compared with.
enum Host {
    Address(IpAddr),
    /// In lower case, without a dot at the end.
    Name(String),
}

impl Host {
    fn of(text: &str) -> Self {
        address(text).map_or_else(|| Self::Name(canonical_name(text)), Self::Address)
    }

    fn is_in(&self, entry: &str, port: u16) -> bool {
        if let (Self::Address(address), Some((network, prefix))) = (self, range(entry)) {
            return first_bits(*address, prefix) == first_bits(network, prefix)
                && address.is_ipv4() == network.is_ipv4();
        }
        let (named, named_port) = split_port(entry);
        if named_port.is_some_and(|named| named.parse() != Ok(port)) {
            return false;
        }
        if named == "*" {
            return true;
        }
        match (self, Self::of(named)) {
            (Self::Address(host), Self::Address(named)) => *host == named,
            (Self::Name(host), Self::Name(named)) => is_domain_of(&named, host),
            _ => false,
        }
    }
}

/// Lower case, without the dot at the end that makes a name absolute.
fn canonical_name(text: &str) -> String {
    text.trim_end_matches('.').to_ascii_lowercase()
}

/// An address with or without brackets and zone. An IPv4 address inside an IPv6
/// address is an IPv4 address.
fn address(text: &str) -> Option<IpAddr> {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let text = inner.unwrap_or(text);
    let without_zone = text.split_once('%').map_or(text, |(address, _)| address);
    let address: IpAddr = without_zone.parse().ok()?;
    Some(address.to_canonical())
}

/// Host and port of an entry. The colons of a bare IPv6 address are not a port.
fn split_port(entry: &str) -> (&str, Option<&str>) {
    match entry.rsplit_once(':') {
        Some((host, port)) if address(entry).is_none() && !host.is_empty() => (host, Some(port)),
        _ => (entry, None),
    }
}

/// Network and prefix length of an entry like `fd00::/8`.
fn range(entry: &str) -> Option<(IpAddr, u32)> {
    let (text, prefix) = entry.split_once('/')?;
    let network = address(text)?;
    let is_mapped = network.is_ipv4() && text.contains(':');
    let prefix: u32 = prefix.parse().ok()?;
    let prefix = if is_mapped {
        prefix.checked_sub(96)?
    } else {
        prefix
    };
    let longest = if network.is_ipv4() { 32 } else { 128 };
    (prefix <= longest).then_some((network, prefix))
}

/// The first `count` bits, the rest 0. `count` is at most the address's length.
fn first_bits(address: IpAddr, count: u32) -> u128 {
    let (bits, length) = match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    bits.checked_shr(length - count.min(length)).unwrap_or(0)
}

/// Whether `host` is this domain or in it. `.corp.com` and `*.corp.com` are the
/// domain `corp.com`.
fn is_domain_of(domain: &str, host: &str) -> bool {
    let domain = domain.strip_prefix('*').unwrap_or(domain);
    let domain = domain.trim_start_matches('.');
    match host.strip_suffix(domain) {
        Some(rest) => !domain.is_empty() && (rest.is_empty() || rest.ends_with('.')),
        None => false,
    }
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
