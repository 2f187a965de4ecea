//! Tests of `NO_PROXY`.

use super::*;

fn direct(list: &str, host: &str) -> bool {
    let (host, port) = match host.rsplit_once('@') {
        Some((host, port)) => (host, port.parse().expect("a port")),
        None => (host, 443),
    };
    NoProxy::parse(list).names(host, port)
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
    ]);
}

#[test]
fn what_people_put_around_a_name_is_ignored() {
    for entry in [
        "\"corp.com\"",
        "'corp.com'",
        "`corp.com`",
        "https://corp.com",
        "https://corp.com/",
        "HTTP://user:word@Corp.Com./path?x=1",
        "corp.com/",
        "corp.com/path",
        "corp.com.",
        "a.test;corp.com",
        "a.test|corp.com",
        "\"a.test,corp.com\"",
        "\"a.test\", \"corp.com\"",
        "https://corp.com:443/",
        "http://[2001:db8::1]:8443/,corp.com",
    ] {
        assert!(direct(entry, "api.corp.com"), "{entry}");
        assert!(!direct(entry, "corp.com.cn"), "{entry}");
        assert!(NoProxy::parse(entry).unknown().is_empty(), "{entry}");
    }
    assert!(!direct("https://corp.com:8443/", "corp.com"));
}

#[test]
fn entries_that_match_nothing_are_known() {
    for entry in [
        "010.0.0.1",
        "10.*",
        "10.",
        "10",
        "10.0.0.1-10.0.0.9",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "fd00::/129",
        "[::1",
        "c*p.com",
        "**",
        ".",
        ":443",
        "corp.com:",
        "corp.com:https",
        "corp.com:0",
        "corp.com:70000",
        "<local>",
        "bücher.example",
        "corp..com",
    ] {
        let list = NoProxy::parse(entry);
        assert_eq!(list.unknown(), [entry], "{:?}", list.entries);
        for host in ["corp.com", "10.0.0.1", "8.0.0.1", "10.0.0.0"] {
            assert!(!list.names(host, 443), "{entry} {host}");
        }
    }
    for list in [
        "",
        " , ;",
        "*",
        "localhost,127.0.0.1,::1,.svc,a_b.test,*.x.test",
        "*:443",
    ] {
        assert!(NoProxy::parse(list).unknown().is_empty(), "{list}");
    }
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
        ("10.0.0.0/", &["10.0.0.0"], &["10.0.0.1"]),
        ("[fd00::]/8", &["fd12::1"], &["fe00::1"]),
        ("[fd00::/8]", &["fd12::1"], &["fe00::1"]),
        ("::ffff:10.0.0.0/8", &[], &["10.0.0.0"]),
        ("x, 10.0.0.0/8 ,y", &["10.1.1.1"], &["11.1.1.1"]),
    ]);
}
