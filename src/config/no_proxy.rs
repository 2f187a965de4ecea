//! `NO_PROXY`: the hosts that are reached without a proxy, read as Go and curl read
//! it. What people put around a name (quotes, a scheme, a path) is ignored. Other
//! entries match nothing and are reported, because their hosts would silently be
//! reached through the proxy.

use std::net::IpAddr;

use crate::secret::scrub;

/// The entries of a list.
#[derive(Debug, Default)]
pub(super) struct NoProxy {
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
    pub(super) fn parse(list: &str) -> Self {
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
    pub(super) fn names(&self, host: &str, port: u16) -> bool {
        let host = address(host).map_or_else(|| Host::Name(canonical_name(host)), Host::Address);
        self.entries.iter().any(|entry| host.is_in(entry, port))
    }

    /// The entries that match nothing.
    pub(super) fn unknown(&self) -> &[String] {
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

/// Whether this can be the name of a host. The last part of one is no number: that
/// would be the beginning of an address, or one with leading zeros.
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
#[path = "no_proxy_tests.rs"]
mod tests;
