//! Where requests go: scheme, host and port, nothing else.
//!
//! Plain http is for loopback only: the query string of every request is a
//! secret, and off this machine it must be encrypted.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;
use ureq::http::uri::Authority;

use super::Region;

/// A base URL without path: `https://host`, `http://127.0.0.1:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    https: bool,
    authority: String,
    host: String,
}

/// Why a text is not an [`Endpoint`]; none carries any part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL.
    #[error("is not a URL like https://HOST[:PORT]")]
    Malformed,
    /// ftp, ws, …
    #[error("has a scheme other than https (or http, for loopback)")]
    Scheme,
    /// The key must not travel in the clear.
    #[error("is plain http off loopback: the signature in the URL would travel unencrypted")]
    PlainHttp,
    /// A path, query, fragment or user name.
    #[error("has more than scheme, host and port")]
    MoreThanHost,
}

impl Endpoint {
    /// Takes `https://HOST[:PORT]`, and `http://` where the host is loopback.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let uri: Uri = text.parse().map_err(|_| EndpointError::Malformed)?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) => return Err(EndpointError::Scheme),
            None => return Err(EndpointError::Malformed),
        };
        let authority = uri.authority().ok_or(EndpointError::Malformed)?;
        let has_path = !matches!(uri.path(), "" | "/");
        if has_path || uri.query().is_some() || text.contains(['@', '#']) {
            return Err(EndpointError::MoreThanHost);
        }
        if authority.host().is_empty() || !has_whole_port(authority) {
            return Err(EndpointError::Malformed);
        }
        let endpoint = Self {
            https,
            authority: authority.as_str().to_owned(),
            host: authority.host().trim_matches(['[', ']']).to_owned(),
        };
        if https || endpoint.is_loopback() {
            Ok(endpoint)
        } else {
            Err(EndpointError::PlainHttp)
        }
    }

    /// Whether requests are encrypted.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Host name or address, without port and brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Host and, where given, port, as in the URL.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether requests stay on this machine.
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }
}

impl From<Region> for Endpoint {
    fn from(region: Region) -> Self {
        let host = region.domain().to_owned();
        Self {
            https: true,
            authority: host.clone(),
            host,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

/// No port at all, or a number from 1 to 65535 after the colon.
pub(super) fn has_whole_port(authority: &Authority) -> bool {
    let text = authority.as_str();
    let behind_user = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    let after_host = &behind_user[authority.host().len()..];
    after_host.is_empty() || authority.port_u16().is_some_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_http_on_loopback_only() {
        for good in [
            "https://adminapisgp.im.qcloud.com",
            "https://example.com:8443/",
            "http://127.0.0.1:80",
            "http://127.9.9.9",
            "http://[::1]:8080",
            "http://localhost:1",
        ] {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        assert_eq!(
            Endpoint::parse("http://example.com"),
            Err(EndpointError::PlainHttp)
        );
        assert_eq!(
            Endpoint::parse("http://127.0.0.1.evil.com"),
            Err(EndpointError::PlainHttp)
        );
    }

    #[test]
    fn nothing_but_scheme_host_and_port() {
        for more in [
            "https://h/v4",
            "https://h?x=1",
            "https://u:p@h",
            "https://h/#f",
        ] {
            assert_eq!(
                Endpoint::parse(more),
                Err(EndpointError::MoreThanHost),
                "{more}"
            );
        }
        for broken in [
            "",
            "example.com",
            "https://",
            "https://h:x",
            "https://h:",
            "https://h:0",
        ] {
            assert!(Endpoint::parse(broken).is_err(), "{broken}");
        }
        assert_eq!(Endpoint::parse("ftp://h"), Err(EndpointError::Scheme));
    }
}
