//! Tests of proxies and time limits.

use super::*;

#[test]
fn it_is_shown_without_user_and_password() {
    for (text, shown) in [
        ("http://canary:canary@proxy.corp:3128", "proxy.corp:3128"),
        ("proxy.corp:81", "proxy.corp:81"),
        ("https://proxy.corp", "proxy.corp:443"),
        (
            "socks5://canary:canary@proxy.corp",
            "socks5://proxy.corp:1080",
        ),
        ("SOCKS5H://10.0.0.1:9050", "socks5h://10.0.0.1:9050"),
        (" socks5h://[::1]:1\n", "socks5h://[::1]:1"),
    ] {
        let proxy = Proxy::parse(text).expect(text);
        assert_eq!(proxy.to_string(), shown);
        assert_eq!(format!("{proxy:?}"), format!("Proxy({shown})"));
    }
}

#[test]
fn only_socks5_looks_the_name_up_here() {
    for (text, here) in [("socks5://h", true), ("socks5h://h", false), ("h:1", false)] {
        assert_eq!(
            Proxy::parse(text).expect(text).needs_address(),
            here,
            "{text}"
        );
    }
}

#[test]
fn other_kinds_and_nonsense_are_refused() {
    for text in ["socks://h:1", "socks4://h:1", "SOCKS4A://u:p@h:1"] {
        assert_eq!(Proxy::parse(text), Err(ProxyError::OldSocks), "{text}");
    }
    for text in ["socks5://u@h:1", "socks5h://u:@h:1"] {
        assert_eq!(Proxy::parse(text), Err(ProxyError::NoPassword), "{text}");
    }
    for other in ["ftp://h:1", "socks6://h:1", "htp://h:1", "http//://h"] {
        assert_eq!(
            Proxy::parse(other),
            Err(ProxyError::UnknownScheme),
            "{other}"
        );
    }
    for broken in [
        "http://",
        "http://h:x",
        "http://u:p@h:",
        "h:0",
        "h:65536",
        "socks5://",
        "socks5://h:x",
    ] {
        assert_eq!(Proxy::parse(broken), Err(ProxyError::Malformed), "{broken}");
    }
}
