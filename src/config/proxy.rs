//! The proxy of the environment, as other programs read it.

use super::env::Env;
use super::no_proxy;
use super::value::{Setting, Source};
use crate::api::{Endpoint, Proxy, ProxyError};
use crate::error::Problem;

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
        no_proxy::contains(&list.to_string_lossy(), endpoint.host(), endpoint.port())
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
}
