//! The proxy between this machine and the service.

use std::fmt;

use ureq::ProxyProtocol;
use ureq::http::uri::Authority;

/// A proxy: `http://[USER:PASSWORD@]HOST[:PORT]`, the same with `https`,
/// `socks5` (names are looked up on this machine) or `socks5h` (by the proxy). It
/// may contain a password, so only kind, host and port are printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(ureq::Proxy);

/// Why a text is not a [`Proxy`]. No variant contains any part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyError {
    #[error("is not a proxy URL like http://HOST:PORT")]
    Malformed,
    /// `socks://` means version 4 for some programs and 5 for others.
    #[error("is a SOCKS proxy of version 4 or of no version; only version 5 is supported")]
    OldSocks,
    #[error("has a user name without a password, which SOCKS5 does not allow")]
    NoPassword,
}

impl Proxy {
    /// Without a scheme it is `http`.
    pub(crate) fn parse(text: &str) -> Result<Self, ProxyError> {
        let text = text.trim();
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        let is = |name: &str| scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(name));
        if ["socks", "socks4", "socks4a"].into_iter().any(is) {
            return Err(ProxyError::OldSocks);
        }
        let proxy = ureq::Proxy::new(text).map_err(|_| ProxyError::Malformed)?;
        // The library uses the default port in place of an invalid one.
        match proxy.uri().authority() {
            Some(authority) if has_valid_port(authority) && !proxy.host().is_empty() => {}
            _ => return Err(ProxyError::Malformed),
        }
        let proxy = Self(proxy);
        let password = proxy.0.password().unwrap_or_default();
        if proxy.is_socks() && proxy.0.username().is_some() && password.is_empty() {
            return Err(ProxyError::NoPassword);
        }
        Ok(proxy)
    }

    /// Host name or IP address.
    pub(super) fn host(&self) -> &str {
        self.0.host()
    }

    pub(super) fn inner(&self) -> &ureq::Proxy {
        &self.0
    }

    /// Whether the connection to the proxy itself is encrypted.
    pub(super) fn is_https(&self) -> bool {
        self.0.protocol() == ProxyProtocol::Https
    }

    pub(super) fn is_socks(&self) -> bool {
        matches!(
            self.0.protocol(),
            ProxyProtocol::Socks5 | ProxyProtocol::Socks5h
        )
    }

    /// Whether the name of the service is looked up on this machine.
    pub(super) fn needs_address(&self) -> bool {
        self.0.resolve_target()
    }
}

/// `HOST:PORT` for an HTTP proxy; with `socks5://` or `socks5h://` for others.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.0.protocol() {
            ProxyProtocol::Socks5 => "socks5://",
            ProxyProtocol::Socks5h => "socks5h://",
            _ => "",
        };
        write!(f, "{scheme}{}:{}", self.0.host(), self.0.port())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// Whether there is no port, or one from 1 to 65535.
pub(super) fn has_valid_port(authority: &Authority) -> bool {
    let text = authority.as_str();
    let without_user = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    let after_host = &without_user[authority.host().len()..];
    after_host.is_empty() || authority.port_u16().is_some_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
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
        for broken in [
            "http://",
            "http://h:x",
            "http://u:p@h:",
            "h:0",
            "h:65536",
            "ftp://h:1",
            "socks5://",
            "socks5://h:x",
            "socks6://h:1",
        ] {
            assert_eq!(Proxy::parse(broken), Err(ProxyError::Malformed), "{broken}");
        }
    }
}
