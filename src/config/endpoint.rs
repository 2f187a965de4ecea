//! Where requests go: region or endpoint, and the proxy of the environment, as other
//! programs read it.
//!
//! `NO_PROXY` is read as Go and curl read it. What people put around a name (quotes, a
//! scheme, a path) is ignored. Other entries match nothing and are reported, because
//! their hosts would silently be reached through the proxy.

use std::ffi::OsStr;
use std::net::IpAddr;

use super::choice::Choice;
use super::env::Env;
use super::layers::Layers;
use super::pasted::trimmed;
use super::table::{ENDPOINT, Group, REGION};
use super::value::{RawValue, Setting, Source};
use crate::api::{Endpoint, Proxy, ProxyError, Region};
use crate::error::{Error, Problem, Problems};
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
pub(super) fn destination(layers: &Layers, env: &Env) -> Result<Destination, Error> {
    let values = layers.highest(&[Group::Destination]);
    let endpoint = values.iter().find(|raw| *raw.spec == ENDPOINT);
    let destination = match (endpoint, values.first()) {
        (Some(raw), _) => {
            // The region does not count, but a wrong word that was typed is not ignored.
            let mut problems = Problems::default();
            let endpoint = problems.ok_or_collect(parse_endpoint(raw));
            let is_typed = |raw: &&RawValue| matches!(raw.source, Source::Flag(_));
            let regions = values.iter().filter(|raw| *raw.spec == REGION);
            for region in regions.filter(is_typed) {
                problems.ok_or_collect(region.choice::<Region>());
            }
            problems.into_result()?;
            Destination {
                endpoint: raw.setting(endpoint.expect("its problem was reported")),
                region: None,
            }
        }
        (None, Some(raw)) => of_region(raw.choice()?),
        (None, None) => of_region(RawValue::built_in(&REGION).choice()?),
    };
    check_sandbox(&destination.endpoint, env)?;
    Ok(destination)
}

fn parse_endpoint(raw: &RawValue) -> Result<Endpoint, Problem> {
    let text = raw.text()?;
    let form = "an endpoint is https://HOST or https://HOST:PORT; plain http is for 127.0.0.1 only";
    let endpoint = Endpoint::parse(text).map_err(|why| {
        let hint = match probable_endpoint(text) {
            Some(probable) => format!("did you mean {probable}?\n{form}"),
            None => form.to_owned(),
        };
        raw.problem(why, hint)
    })?;
    // The name would be sent to a name server, and shown.
    if has_secret(endpoint.host()) {
        return Err(raw.problem(SECRET_HOST, form));
    }
    Ok(endpoint)
}

const SECRET_HOST: &str = "has what looks like a secret in place of the host";

fn has_secret(host: &str) -> bool {
    scrub(host) != host
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
    if has_secret(&value.to_string()) {
        return Err(unusable(name, SECRET_HOST, ""));
    }
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

/// The entries of a list.
#[derive(Debug, Default)]
struct NoProxy {
    entries: Vec<Entry>,
    /// Entries that are none of the forms.
    unknown: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Entry {
    /// `*`
    All(Option<u16>),
    /// A name, which also means its subdomains, with or without a leading dot. In
    /// lower case, without dots around it.
    Domain(String, Option<u16>),
    /// An address in any spelling.
    Address(IpAddr, Option<u16>),
    /// The addresses with these first bits.
    Range(IpAddr, u32),
}

impl NoProxy {
    /// Entries are separated by commas or blanks; semicolons and bars are other
    /// programs' separators.
    fn parse(list: &str) -> Self {
        let mut parsed = Self::default();
        let is_separator = |c: char| matches!(c, ',' | ';' | '|') || c.is_whitespace();
        for text in list.split(is_separator) {
            let text = text.trim_matches(['"', '\'', '`']);
            match Entry::parse(text) {
                _ if text.is_empty() => {}
                Some(entry) => parsed.entries.push(entry),
                None => parsed.unknown.push(scrub(text)),
            }
        }
        parsed
    }

    /// Whether the list names this host: a name or an IP address without brackets.
    /// `port` is the one of the connection. A name is never looked up to compare its
    /// address.
    fn names(&self, host: &str, port: u16) -> bool {
        let host = address(host).map_or_else(|| Host::Name(canonical_name(host)), Host::Address);
        self.entries.iter().any(|entry| host.is_in(entry, port))
    }

    /// The entries that match nothing.
    fn unknown(&self) -> &[String] {
        &self.unknown
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        let (text, is_url) = match text.split_once("://") {
            Some((_, rest)) => (rest.rsplit_once('@').map_or(rest, |(_, host)| host), true),
            None => (text, false),
        };
        let in_brackets = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some((network, prefix)) = range(in_brackets.unwrap_or(text)) {
            return Some(Self::Range(network, prefix));
        }
        let (authority, path) = text.split_once('/').unwrap_or((text, ""));
        // A prefix length that is none.
        if !is_url && !path.is_empty() && address(authority).is_some() {
            return None;
        }
        let (host, port) = split_port(authority);
        let port = match port {
            Some(digits) => Some(digits.parse().ok().filter(|port| *port > 0)?),
            None => None,
        };
        if host == "*" {
            return Some(Self::All(port));
        }
        if let Some(address) = address(host) {
            return Some(Self::Address(address, port));
        }
        let name = canonical_name(host.strip_prefix('*').unwrap_or(host));
        let name = name.trim_start_matches('.');
        is_name(name).then(|| Self::Domain(name.to_owned(), port))
    }
}

/// What entries are compared with.
enum Host {
    Address(IpAddr),
    /// In lower case, without a dot at the end.
    Name(String),
}

impl Host {
    fn is_in(&self, entry: &Entry, port: u16) -> bool {
        let is_port = |named: &Option<u16>| named.is_none_or(|named| named == port);
        match (entry, self) {
            (Entry::All(named), _) => is_port(named),
            (Entry::Domain(domain, named), Self::Name(host)) => {
                is_port(named) && is_domain_of(domain, host)
            }
            (Entry::Address(address, named), Self::Address(host)) => {
                is_port(named) && address == host
            }
            (Entry::Range(network, prefix), Self::Address(host)) => {
                network.is_ipv4() == host.is_ipv4()
                    && first_bits(*network, *prefix) == first_bits(*host, *prefix)
            }
            _ => false,
        }
    }
}

/// Lower case, without the dot at the end that makes a name absolute.
fn canonical_name(text: &str) -> String {
    text.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether this can be the name of a host. Its last part is not a number; else it is
/// the start of an address, or an address with leading zeros.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let mut bytes = label.bytes();
        !label.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
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

/// Whether `host` is this domain or in it.
fn is_domain_of(domain: &str, host: &str) -> bool {
    let rest = host.strip_suffix(domain);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "no_proxy_tests.rs"]
mod no_proxy_tests;
