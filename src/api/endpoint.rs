//! Where requests go: region or endpoint.
//!
//! Plain http is accepted for loopback only: the query string of every request
//! is a secret and must be encrypted on any network.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;
use ureq::http::uri::Authority;

/// The path of every call; the name of the call follows.
const SERVICE_PATH: &str = "/v4/room_engine_http_srv/";

/// A data centre of the service. An SDKAppID exists in one of
/// them only; a wrong region is the most frequent mistake of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// The default: the only one that the document of the kick call names.
    Singapore,
    /// Mainland China.
    China,
    /// United States.
    Usa,
    /// Indonesia.
    Jakarta,
    /// South Korea.
    Seoul,
    /// Japan.
    Tokyo,
    /// Germany.
    Frankfurt,
    /// Saudi Arabia.
    Riyadh,
}

impl Region {
    /// All regions, the default first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Singapore,
        Self::China,
        Self::Usa,
        Self::Jakarta,
        Self::Seoul,
        Self::Tokyo,
        Self::Frankfurt,
        Self::Riyadh,
    ];

    /// The value of `--region`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Singapore => "singapore",
            Self::China => "china",
            Self::Usa => "usa",
            Self::Jakarta => "jakarta",
            Self::Seoul => "seoul",
            Self::Tokyo => "tokyo",
            Self::Frankfurt => "frankfurt",
            Self::Riyadh => "riyadh",
        }
    }

    /// The host name of its API.
    pub(crate) fn domain(self) -> &'static str {
        match self {
            Self::Singapore => "adminapisgp.im.qcloud.com",
            Self::China => "console.tim.qq.com",
            Self::Usa => "adminapiusa.im.qcloud.com",
            Self::Jakarta => "adminapiidn.im.qcloud.com",
            Self::Seoul => "adminapikr.im.qcloud.com",
            Self::Tokyo => "adminapijpn.im.qcloud.com",
            Self::Frankfurt => "adminapiger.im.qcloud.com",
            Self::Riyadh => "adminapiksa.im.qcloud.com",
        }
    }

    /// The vendor's console guesses the region from the number. Good enough for a
    /// hint, not for a default.
    pub(crate) fn guess(sdkappid: u32) -> Self {
        if sdkappid < 1_400_000_000 {
            Self::Singapore
        } else {
            Self::China
        }
    }
}

/// A base URL without path: `https://host`, `http://127.0.0.1:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    https: bool,
    authority: String,
    host: String,
}

/// Why a text is not an [`Endpoint`]. No variant contains any part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL.
    #[error("is not a URL like https://HOST[:PORT]")]
    Malformed,
    /// Neither https nor http.
    #[error("has a scheme other than https (or http, for loopback)")]
    Scheme,
    /// Plain http to another machine.
    #[error("is plain http to another machine: the signature in the URL would be sent unencrypted")]
    PlainHttp,
    /// A path, a query, a fragment or a user name.
    #[error("has more than scheme, host and port")]
    MoreThanHost,
}

impl Endpoint {
    /// Accepts `https://HOST[:PORT]`, and `http://HOST[:PORT]` for a loopback host.
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
        if authority.host().is_empty() || !has_valid_port(authority) {
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

    /// A server that is not the service. Its connection carries no signature, so it may
    /// be without TLS to any host. `host` is a name or an IP address.
    #[cfg(feature = "redis")]
    pub(super) fn of_other_server(host: &str, port: u16, tls: bool) -> Self {
        let authority = if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        };
        Self {
            https: tls,
            authority,
            host: host.to_owned(),
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        self.https
    }

    /// Host name or IP address, without port and brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Host and port (if given) as in the URL.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// The port of the connection, also if the URL has none.
    pub(crate) fn port(&self) -> u16 {
        let authority = self.authority.parse::<Authority>();
        let given = authority.ok().and_then(|authority| authority.port_u16());
        given.unwrap_or(if self.https { 443 } else { 80 })
    }

    pub(crate) fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }

    /// The request line of a call for logs, without the secret query string.
    pub(crate) fn redacted_request(&self, call: &str) -> String {
        format!("POST {}?[redacted]", self.call_url(call))
    }

    /// The URL of a call, without a query string.
    pub(super) fn call_url(&self, call: &str) -> String {
        format!("{self}{SERVICE_PATH}{call}")
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
    fn https_anywhere_http_on_loopback_only() {
        for good in [
            "https://adminapisgp.im.qcloud.com",
            "https://example.com:8443/",
            "http://127.0.0.1:80",
            "http://127.9.9.9",
            "http://[::1]:8080",
            "http://[::ffff:127.0.0.1]:8080",
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
