//! Where requests go and how: region, endpoint, proxy, time-outs and roots.
//!
//! Plain http is accepted for loopback only: the query string of every request
//! is a secret and must be encrypted on any network.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use ureq::http::Uri;
use ureq::http::uri::Authority;
use ureq::tls::Certificate;

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

    pub(crate) fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
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

/// An HTTP proxy, used by CONNECT: `http://[USER:PASSWORD@]HOST[:PORT]`, or the
/// same with `https`. It may contain a password, so only host and port are
/// printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(ureq::Proxy);

/// Why a text is not a [`Proxy`]. No variant contains any part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyError {
    #[error("is not a proxy URL like http://HOST:PORT")]
    Malformed,
    #[error("is not an HTTP proxy: other kinds are not supported")]
    NotHttp,
}

impl Proxy {
    /// Without a scheme it is `http`.
    pub(crate) fn parse(text: &str) -> Result<Self, ProxyError> {
        let proxy = ureq::Proxy::new(text.trim()).map_err(|_| ProxyError::Malformed)?;
        match proxy.protocol() {
            ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https => {}
            _ => return Err(ProxyError::NotHttp),
        }
        // The library uses the default port in place of an invalid one.
        match proxy.uri().authority() {
            Some(authority) if has_valid_port(authority) => Ok(Self(proxy)),
            _ => Err(ProxyError::Malformed),
        }
    }

    /// Host name or IP address.
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

/// How to reach the service.
#[derive(Debug, Clone)]
pub struct Transport {
    /// Limit of a whole call, from the look-up to the last byte of the answer.
    pub timeout: Duration,
    /// Limit of the look-up and of the connection, each.
    pub connect_timeout: Duration,
    /// Number of calls at the same time; as many connections are kept open.
    pub connections: usize,
    /// The trusted certificate authorities.
    pub roots: Roots,
    /// The proxy, if there is one.
    pub proxy: Option<Proxy>,
}

impl Transport {
    /// The service gives up on its own backend after 3 s, by its documents;
    /// the rest is for a slow network.
    pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

    /// Enough for a handshake half way round the world with lost packets.
    pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
}

/// One call at a time, without a proxy, with the bundled roots.
impl Default for Transport {
    fn default() -> Self {
        Self {
            timeout: Self::TIMEOUT,
            connect_timeout: Self::CONNECT_TIMEOUT,
            connections: 1,
            roots: Roots::Bundled,
            proxy: None,
        }
    }
}

/// The trusted certificate authorities.
#[derive(Debug, Clone)]
pub enum Roots {
    /// Those compiled into the program.
    Bundled,
    /// The bundled ones and these.
    BundledAnd(Vec<Certificate<'static>>),
    /// Those of the operating system.
    System,
}

/// Whether there is no port, or one from 1 to 65535.
fn has_valid_port(authority: &Authority) -> bool {
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
