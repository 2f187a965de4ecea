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
        "htps://canary:canary@h:1",
        "ftp://canary@h:1",
        "http://canary:x@h:p",
    ] {
        let env = Env::from_pairs([("HTTPS_PROXY", text)]);
        let endpoint = Endpoint::parse("https://h.com").expect("an endpoint");
        let problem = proxy(&endpoint, &env).expect_err(text);
        assert!(problem.message.starts_with("HTTPS_PROXY: "));
        assert!(!format!("{problem:?}").contains("canary"));
    }
}

#[test]
fn blanks_and_quotes_around_a_proxy_are_ignored_and_the_scheme_may_be_missing() {
    for text in [
        "\"http://p:3128\"",
        " http://p:3128/ \n",
        "'p:3128'",
        "HTTP://p:3128",
        "` http://p:3128 `",
    ] {
        let found = chosen("https://api.corp.com", &[("HTTPS_PROXY", text)]);
        assert_eq!(found.as_deref(), Some("p:3128"), "{text}");
    }
}

#[test]
fn an_entry_of_no_proxy_that_matches_nothing_is_named() {
    let warning = |list| no_proxy_warning(&Env::from_pairs([("NO_PROXY", list)]));
    assert_eq!(warning("corp.com, 10.0.0.0/8"), None);
    let text = warning("corp.com,10.*").expect("a warning");
    assert!(
        text.starts_with("NO_PROXY: \"10.*\" matches nothing"),
        "{text}"
    );
    let text = warning("1.*,2.*,3.*,4.*,5.*").expect("a warning");
    assert!(
        text.contains("\"3.*\" and 2 more") && !text.contains("4.*"),
        "{text}"
    );
    let key = "5bd2850f".repeat(8);
    let text = warning(&format!("{key}.7")).expect("a warning");
    assert!(!text.contains(&key), "{text}");
}
