//! `NO_PROXY`: the hosts that are reached without a proxy, as Go and curl read
//! the list.

use std::net::IpAddr;

/// Whether the list names this host. `host` is a name or an IP address without
/// brackets; `port` is the one of the connection.
///
/// Entries are separated by commas or blanks. An entry is `*`, a name (which
/// also means its subdomains, with or without a leading dot), an IP address in
/// any spelling, or a range of addresses like `10.0.0.0/8`. A name or an address
/// may have a port. Other entries match nothing. A name is never looked up to
/// compare its address.
pub(super) fn contains(list: &str, host: &str, port: u16) -> bool {
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
mod tests {
    use super::*;

    fn direct(list: &str, host: &str) -> bool {
        let (host, port) = match host.rsplit_once('@') {
            Some((host, port)) => (host, port.parse().expect("a port")),
            None => (host, 443),
        };
        contains(list, host, port)
    }

    /// list, hosts that it names, hosts that it does not name. `@` is a port.
    type Row = (
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
    );

    fn check(rows: &[Row]) {
        for (list, yes, no) in rows {
            for host in *yes {
                assert!(direct(list, host), "{list:?} names {host}");
            }
            for host in *no {
                assert!(!direct(list, host), "{list:?} does not name {host}");
            }
        }
    }

    #[test]
    fn names_and_their_subdomains() {
        check(&[
            (
                "corp.com",
                &["corp.com", "a.corp.com", "a.b.corp.com", "CORP.com."],
                &["xcorp.com", "corp.com.cn", "orp.com"],
            ),
            (".corp.com", &["a.corp.com", "corp.com"], &["xcorp.com"]),
            ("*.corp.com", &["a.corp.com"], &["xcorp.com", "corp.org"]),
            ("Corp.COM.", &["a.corp.com"], &["com"]),
            ("*", &["corp.com", "10.0.0.1", "2001:db8::1"], &[]),
            (
                "a.test,, ,\tcorp.com ,",
                &["a.test", "corp.com"],
                &["b.test"],
            ),
            (
                "a.test corp.com\nb.test",
                &["a.test", "corp.com", "b.test"],
                &["c.test"],
            ),
            ("", &[], &["corp.com"]),
            (" , ", &[], &["corp.com"]),
            (".", &[], &["corp.com", "com"]),
            ("**", &[], &["corp.com"]),
            ("c*p.com", &[], &["corp.com"]),
            ("https://corp.com", &[], &["corp.com"]),
        ]);
    }

    #[test]
    fn an_entry_with_a_port_names_that_port_only() {
        check(&[
            (
                "corp.com:443",
                &["corp.com", "a.corp.com"],
                &["corp.com@8443"],
            ),
            (".corp.com:8443", &["a.corp.com@8443"], &["a.corp.com"]),
            ("10.0.0.1:443", &["10.0.0.1"], &["10.0.0.1@80"]),
            (
                "[2001:db8::1]:8443",
                &["2001:db8::1@8443"],
                &["2001:db8::1"],
            ),
            ("*:443", &["corp.com"], &["corp.com@80"]),
            ("corp.com:https", &[], &["corp.com"]),
            ("corp.com:", &[], &["corp.com"]),
            (":443", &[], &["corp.com"]),
            ("corp.com:0443", &["corp.com"], &[]),
        ]);
    }

    #[test]
    fn an_address_is_compared_in_any_spelling() {
        check(&[
            (
                "10.0.0.1",
                &["10.0.0.1", "::ffff:10.0.0.1", "::ffff:a00:1"],
                &["110.0.0.1", "10.0.0.10"],
            ),
            ("::ffff:10.0.0.1", &["10.0.0.1"], &["10.0.0.2"]),
            (
                "2001:db8::1",
                &["2001:0DB8:0:0:0:0:0:1", "[2001:db8::1]"],
                &["2001:db8::2"],
            ),
            (
                "[2001:0db8:0000::0001]",
                &["2001:db8::1"],
                &["2001:db8::10"],
            ),
            ("fe80::1%eth0", &["fe80::1"], &["fe80::2"]),
            ("0.0.1", &[], &["10.0.0.1"]),
            (".0.0.1", &[], &["10.0.0.1"]),
            ("1", &[], &["10.0.0.1"]),
            ("10.*", &[], &["10.0.0.1"]),
            ("010.0.0.1", &[], &["10.0.0.1", "8.0.0.1"]),
        ]);
    }

    #[test]
    fn a_range_names_the_addresses_in_it() {
        check(&[
            (
                "10.0.0.0/8",
                &["10.0.0.0", "10.255.1.2", "::ffff:10.9.9.9"],
                &["11.0.0.0", "::a00:1", "corp.com"],
            ),
            ("192.168.7.9/24", &["192.168.7.200"], &["192.168.8.1"]),
            (
                "172.16.0.0/12",
                &["172.16.0.1", "172.31.255.255"],
                &["172.32.0.0", "172.15.255.255"],
            ),
            ("10.1.2.3/32", &["10.1.2.3"], &["10.1.2.2"]),
            ("0.0.0.0/0", &["1.2.3.4"], &["2001:db8::1"]),
            ("::/0", &["2001:db8::1"], &["1.2.3.4"]),
            ("fd00::/8", &["fd12:3456::1"], &["fe00::1"]),
            (
                "[2001:db8::]/33",
                &["2001:db8:7fff::1"],
                &["2001:db8:8000::1"],
            ),
            ("2001:db8::1/128", &["2001:db8::1"], &["2001:db8::2"]),
            ("::ffff:10.0.0.0/104", &["10.2.3.4"], &["11.2.3.4"]),
            ("10.0.0.0/33", &[], &["10.0.0.0"]),
            ("10.0.0.0/-1", &[], &["10.0.0.0"]),
            ("10.0.0.0/", &[], &["10.0.0.0"]),
            ("::ffff:10.0.0.0/8", &[], &["10.0.0.0"]),
            ("x, 10.0.0.0/8 ,y", &["10.1.1.1"], &["11.1.1.1"]),
        ]);
    }
}
