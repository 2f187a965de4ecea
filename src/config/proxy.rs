//! The proxy of the environment, as other programs understand it: never for
//! loopback, not for the hosts of `NO_PROXY`.

use super::env::Env;
use super::error::Problem;
use super::source::{Setting, Source};
use crate::api::{Endpoint, Proxy};

/// Endpoints off loopback are always https, so `HTTP_PROXY` has no say. The
/// lower-case spelling is the older one and goes first, as in curl.
const PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The proxy for this endpoint, if there is one.
pub(super) fn proxy(endpoint: &Endpoint, env: &Env) -> Result<Option<Setting<Proxy>>, Problem> {
    let first = |names: &[&'static str]| {
        names
            .iter()
            .find_map(|name| Some((*name, env.get_os(name)?)))
    };
    let Some((name, text)) = first(&PROXY) else {
        return Ok(None);
    };
    let spared = first(&NO_PROXY).and_then(|(_, hosts)| hosts.to_str());
    if endpoint.is_loopback() || spared.is_some_and(|hosts| names_host(hosts, endpoint)) {
        return Ok(None);
    }
    let unusable = |why: String| {
        let hint = format!("set {name} to http://HOST:PORT, or unset it");
        Problem::config(format!("{name}: {why}")).hint(hint)
    };
    let text = text
        .to_str()
        .ok_or_else(|| unusable("is not UTF-8".into()))?;
    let value = Proxy::parse(text).map_err(|why| unusable(why.to_string()))?;
    Ok(Some(Setting {
        value,
        source: Source::Env(name),
    }))
}

/// Whether a list like `localhost, .corp.com,10.0.0.1:443` has the endpoint's
/// host: itself, a domain above it, or `*`.
fn names_host(list: &str, endpoint: &Endpoint) -> bool {
    let host = endpoint.host().to_ascii_lowercase();
    let authority = endpoint.authority().to_ascii_lowercase();
    let entries = list
        .split([',', ' ', '\t'])
        .filter(|entry| !entry.is_empty());
    entries.map(str::to_ascii_lowercase).any(|entry| {
        let domain = entry.trim_start_matches('*').trim_start_matches('.');
        entry == "*"
            || authority == domain
            || host == domain
            || (!domain.is_empty() && host.ends_with(&format!(".{domain}")))
    })
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            chosen("https://api.corp.com", &proxy),
            Some("p:3128".into())
        );
        assert_eq!(chosen("http://127.0.0.1:8080", &proxy), None);
        assert_eq!(chosen("https://localhost", &proxy), None);
        assert_eq!(
            chosen("https://api.corp.com", &[("HTTP_PROXY", "http://p:1")]),
            None
        );
        assert_eq!(chosen("https://api.corp.com", &[("HTTPS_PROXY", "")]), None);
    }

    #[test]
    fn no_proxy_is_read_with_blanks_domains_and_ports() {
        let spared = |list| {
            let pairs = [("https_proxy", "p:1"), ("NO_PROXY", list)];
            chosen("https://api.corp.com:8443", &pairs).is_none()
        };
        for list in [
            "x, api.corp.com",
            "corp.com",
            ".corp.com",
            "*.corp.com",
            "*",
            "API.CORP.COM:8443",
        ] {
            assert!(spared(list), "{list}");
        }
        for list in ["", "x.corp.com", "orp.com", "api.corp.com:1", "127.0.0.1"] {
            assert!(!spared(list), "{list}");
        }
    }

    #[test]
    fn an_unusable_proxy_is_named_and_its_value_is_not() {
        let env = Env::from_pairs([("HTTPS_PROXY", "socks5://canary:canary@h:1")]);
        let endpoint = Endpoint::parse("https://h.com").expect("an endpoint");
        let problem = proxy(&endpoint, &env).expect_err("socks");
        assert!(problem.message.starts_with("HTTPS_PROXY: "));
        assert!(!format!("{problem:?}").contains("canary"));
    }
}
