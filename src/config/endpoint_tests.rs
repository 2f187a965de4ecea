//! Tests of destinations, proxies and `NO_PROXY`.

use super::*;

fn chosen(endpoint: &str, pairs: &[(&str, &str)]) -> Option<String> {
    let endpoint = Endpoint::parse(endpoint).expect("an endpoint");
    let env = Env::from_pairs(pairs.iter().copied());
    let found = proxy(&endpoint, &env).expect("usable");
    found.map(|setting| setting.value.to_string())
}

#[test]
fn https_proxy_is_honoured_and_never_for_loopback() {
    let proxy = [("HTTPS_PROXY", "http://p:3128")];
    let through = |endpoint| chosen(endpoint, &proxy).is_some();
    assert!(through("https://api.corp.com"));
    for loopback in [
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "https://localhost",
        "https://LOCALHOST:1",
        "https://[::1]",
        "https://[0:0:0:0:0:0:0:1]",
        "https://[::ffff:127.0.0.1]",
    ] {
        assert!(!through(loopback), "{loopback}");
    }
    for other in [("HTTP_PROXY", "http://p:1"), ("HTTPS_PROXY", "")] {
        assert_eq!(chosen("https://api.corp.com", &[other]), None);
    }
}

#[test]
fn the_order_of_the_variables_is_that_of_curl() {
    let mut set: Vec<_> = PROXY
        .iter()
        .zip(["a:1", "b:1", "c:1", "d:1"])
        .map(|(name, value)| (*name, value))
        .collect();
    while let Some((_, value)) = set.first() {
        let found = chosen("https://h.com", &set);
        assert_eq!(found.as_deref(), Some(*value), "{set:?}");
        set.remove(0);
    }
    let proxy = ("https_proxy", "p:1");
    let direct = |pairs: &[_]| chosen("https://h.com", &[&[proxy], pairs].concat()).is_none();
    assert!(direct(&[("no_proxy", "h.com"), ("NO_PROXY", "x")]));
    assert!(!direct(&[("no_proxy", "x"), ("NO_PROXY", "h.com")]));
    assert!(direct(&[("no_proxy", ""), ("NO_PROXY", "h.com")]));
}

#[test]
fn no_proxy_gets_host_and_port_of_the_endpoint() {
    for (endpoint, list, is_direct) in [
        ("https://api.corp.com", "corp.com:443", true),
        ("https://api.corp.com:8443", "corp.com:443", false),
        ("https://api.corp.com:8443", "x, API.CORP.com:8443", true),
        ("https://[2001:DB8::1]", "2001:db8:0::1", true),
        ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443", true),
        ("https://10.1.2.3", "10.0.0.0/8", true),
        ("https://11.1.2.3", "10.0.0.0/8", false),
    ] {
        let pairs = [("https_proxy", "p:1"), ("NO_PROXY", list)];
        assert_eq!(
            chosen(endpoint, &pairs).is_none(),
            is_direct,
            "{endpoint} {list}"
        );
    }
}

#[test]
fn an_unusable_proxy_is_named_and_its_value_is_not() {
    for text in [
        "socks4://canary:canary@h:1",
        "socks5://canary@h:1",
        "http://canary:x@h:p",
    ] {
        let env = Env::from_pairs([("HTTPS_PROXY", text)]);
        let endpoint = Endpoint::parse("https://h.com").expect("an endpoint");
        let problem = proxy(&endpoint, &env).expect_err(text);
        assert!(problem.message.starts_with("HTTPS_PROXY: "));
        assert!(!format!("{problem:?}").contains("canary"));
    }
}

fn direct(list: &str, host: &str) -> bool {
    let (host, port) = match host.rsplit_once('@') {
        Some((host, port)) => (host, port.parse().expect("a port")),
        None => (host, 443),
    };
    is_in_no_proxy(list, host, port)
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
