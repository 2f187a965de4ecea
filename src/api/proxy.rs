//! An HTTP proxy in between, by CONNECT. It may carry a password, so it is
//! shown as host and port only.

use std::fmt;

use super::endpoint::has_whole_port;

/// A proxy that can be used: `http://[USER:PASSWORD@]HOST[:PORT]`, or `https`.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(ureq::Proxy);

/// Why a text is not a [`Proxy`]; no variant carries any part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// Not a URL.
    #[error("is not a proxy's URL like http://HOST:PORT")]
    Malformed,
    /// SOCKS.
    #[error("is not an HTTP proxy; others are not supported")]
    NotHttp,
}

impl Proxy {
    /// Takes a proxy's URL; without a scheme it is `http`.
    pub fn parse(text: &str) -> Result<Self, ProxyError> {
        let proxy = ureq::Proxy::new(text.trim()).map_err(|_| ProxyError::Malformed)?;
        match proxy.protocol() {
            ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https => {}
            _ => return Err(ProxyError::NotHttp),
        }
        // The library takes the default port for one that it cannot read.
        match proxy.uri().authority() {
            Some(authority) if has_whole_port(authority) => Ok(Self(proxy)),
            _ => Err(ProxyError::Malformed),
        }
    }

    /// Its name or address.
    pub(super) fn host(&self) -> &str {
        self.0.host()
    }

    pub(super) fn inner(&self) -> &ureq::Proxy {
        &self.0
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.host(), self.0.port())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_without_user_and_password() {
        let proxy = Proxy::parse("http://canary:canary@proxy.corp:3128").expect("a proxy");
        assert_eq!(
            format!("{proxy} {proxy:?}"),
            "proxy.corp:3128 Proxy(proxy.corp:3128)"
        );
        assert_eq!(
            Proxy::parse("proxy.corp:81").expect("a proxy").to_string(),
            "proxy.corp:81"
        );
    }

    #[test]
    fn socks_and_nonsense_are_refused() {
        assert_eq!(Proxy::parse("socks5://h:1"), Err(ProxyError::NotHttp));
        for broken in ["http://", "http://h:x", "http://u:p@h:", "h:0", "h:65536"] {
            assert_eq!(Proxy::parse(broken), Err(ProxyError::Malformed), "{broken}");
        }
    }
}
