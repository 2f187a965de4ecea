//! Why a TLS handshake failed: each cause with its own words and remedy.

use crate::clock::GivenDuration;
use std::io;

use rustls::{CertificateError, InvalidMessage};

use super::roots::{NoRootsError, Roots};
use super::transport::Transport;
use crate::clock::rfc3339;

/// Why a TLS handshake failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFailure {
    /// The handshake took too long.
    #[error("the handshake timed out after {limit}")]
    TimedOut {
        /// The limit that was exceeded.
        limit: GivenDuration,
    },
    /// This system has no root certificates.
    #[error("there are no root certificates {}{}", place_of_roots(*.is_file_bad), in_brackets(.why))]
    NoRoots {
        /// What could not be read; may be empty.
        why: String,
        /// The file that `SSL_CERT_FILE` names has none.
        is_file_bad: bool,
    },
    /// The certificate's issuer is not trusted.
    #[error("the certificate is not trusted ({why})")]
    NotTrusted {
        /// The verifier's message.
        why: String,
        /// The roots that were trusted, for the remedy.
        roots: RootsKind,
    },
    /// The certificate is not valid any more, by this machine's clock.
    #[error("the certificate expired at {}, but this machine's clock shows {}", time(*.not_after), time(*.now))]
    Expired {
        /// End of the certificate's validity, in Unix seconds.
        not_after: u64,
        /// This machine's clock, in Unix seconds.
        now: u64,
    },
    /// The certificate is not valid yet, by this machine's clock.
    #[error("the certificate is not valid before {}, but this machine's clock shows {}", time(*.not_before), time(*.now))]
    NotYetValid {
        /// Begin of the certificate's validity, in Unix seconds.
        not_before: u64,
        /// This machine's clock, in Unix seconds.
        now: u64,
    },
    /// The certificate has another name.
    #[error("the certificate is not valid for this name, only for {}", .names.join(", "))]
    WrongName {
        /// Names and addresses in the certificate.
        names: Vec<String>,
    },
    /// The server presents the certificate of an authority, usually one that it
    /// signed itself and that was given as CA file.
    #[error("the server presents the certificate of an authority as its own (CaUsedAsEndEntity)")]
    AuthorityAsServer,
    /// The other end does not speak TLS.
    #[error("the other end does not speak TLS ({why})")]
    NotTls {
        /// The TLS library's message.
        why: String,
    },
    /// The connection ended during the handshake.
    #[error("the connection was closed during the handshake ({why})")]
    Closed {
        /// The system's message.
        why: String,
    },
    /// Any other cause.
    #[error("{why}")]
    Other {
        /// The TLS library's message.
        why: String,
    },
}

/// Which [`Roots`] were trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootsKind {
    /// The bundled ones.
    Bundled,
    /// The bundled ones and a CA file.
    BundledAnd,
    /// The system's, in the usual place.
    System,
    /// The system's, in the place that `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
    Named,
}

impl From<&Roots> for RootsKind {
    fn from(roots: &Roots) -> Self {
        match roots {
            Roots::Bundled => Self::Bundled,
            Roots::BundledAnd(_) => Self::BundledAnd,
            Roots::System(system) if system.are_named() => Self::Named,
            Roots::System(_) => Self::System,
        }
    }
}

fn place_of_roots(is_file_bad: bool) -> &'static str {
    if is_file_bad {
        "in the file that SSL_CERT_FILE names"
    } else {
        "on this system"
    }
}

impl TlsFailure {
    /// Whether the certificate is out of its time, by this machine's clock.
    pub(crate) fn is_out_of_time(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::NotYetValid { .. })
    }

    /// What the user can do. `peer` is the other end.
    pub(super) fn remedy(&self, peer: &str) -> String {
        match self {
            Self::TimedOut { .. } => {
                "check the network: a firewall may hold TLS back; a slow network may need a longer --connect-timeout".into()
            }
            Self::NoRoots { is_file_bad: true, .. } => {
                "correct SSL_CERT_FILE (the package ca-certificates has the usual file), or unset it; or give --tls-roots bundled: the certificates in roomctl are trusted then".into()
            }
            Self::NoRoots { .. } => {
                "remove --tls-roots system or give --tls-roots bundled; or install the package ca-certificates; or correct SSL_CERT_FILE and SSL_CERT_DIR, or unset them".into()
            }
            Self::NotTrusted { roots, .. } => not_trusted(*roots).into(),
            Self::Expired { .. } => format!(
                "check this machine's clock first (roomctl doctor compares it with the service's); if it is right, the certificate of {peer} must be renewed there"
            ),
            Self::NotYetValid { .. } => {
                "set this machine's clock first (timedatectl set-ntp true keeps it right); roomctl doctor compares it with the service's".into()
            }
            Self::WrongName { .. } => format!(
                "check the host name in --endpoint; if it is right, something else answers in place of {peer}: a proxy or a captive portal"
            ),
            Self::AuthorityAsServer => "a server's certificate can be its own --ca-file only if it is not marked as an authority: make it with openssl req -x509 -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:NAME; or let the authority issue another one for the server".into(),
            Self::NotTls { .. } if peer.starts_with("proxy ") => {
                "write http:// in place of https:// in HTTPS_PROXY or ALL_PROXY, as the proxy does not speak TLS (or check its port)".into()
            }
            Self::NotTls { .. } => {
                "check the port in --endpoint: it is not one for https; also check the proxy (HTTPS_PROXY)".into()
            }
            Self::Closed { .. } => {
                "check the endpoint and its port; a firewall or a proxy may refuse this host name (HTTPS_PROXY, NO_PROXY)".into()
            }
            Self::Other { .. } => {
                "check what answers at the endpoint; if the network re-signs TLS: use --tls-roots system, or --ca-file with its certificate".into()
            }
        }
    }

    /// From the HTTP library's error of a handshake.
    pub(super) fn of(error: &ureq::Error, transport: &Transport) -> Self {
        let roots = &transport.roots;
        match error {
            ureq::Error::Timeout(which) => Self::TimedOut {
                limit: transport.connect_limit(*which).clone(),
            },
            ureq::Error::Io(why) => match rustls_error(why) {
                Some(error) => Self::of_rustls(error, roots),
                None if is_disconnect(why.kind()) => Self::Closed {
                    why: why.to_string(),
                },
                None => Self::Other {
                    why: why.to_string(),
                },
            },
            ureq::Error::Rustls(why) => Self::of_rustls(why, roots),
            ureq::Error::Tls(why) => Self::Other { why: (*why).into() },
            ureq::Error::Other(why) => why
                .downcast_ref::<NoRootsError>()
                .map_or_else(Self::of_unknown, Self::from),
            _ => Self::of_unknown(),
        }
    }

    fn of_unknown() -> Self {
        Self::Other {
            why: "the handshake failed".into(),
        }
    }

    /// Whether this error of the system is one of the TLS library.
    pub(super) fn is_tls_error(why: &io::Error) -> bool {
        rustls_error(why).is_some()
    }

    /// From the TLS library's error.
    fn of_rustls(error: &rustls::Error, roots: &Roots) -> Self {
        let why = error.to_string();
        match error {
            rustls::Error::InvalidCertificate(certificate) => {
                of_certificate(certificate, why, roots.into())
            }
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                Self::NotTls { why }
            }
            _ => Self::Other { why },
        }
    }
}

/// The handshake's error travels inside an error of the system.
fn rustls_error(why: &io::Error) -> Option<&rustls::Error> {
    why.get_ref()?.downcast_ref()
}

/// Whether the other end closed the connection.
pub(super) fn is_disconnect(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

fn of_certificate(error: &CertificateError, why: String, roots: RootsKind) -> TlsFailure {
    match error {
        // The second one: a trusted authority has the issuer's name and another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            TlsFailure::NotTrusted { why, roots }
        }
        CertificateError::ExpiredContext { time, not_after } => TlsFailure::Expired {
            not_after: not_after.as_secs(),
            now: time.as_secs(),
        },
        CertificateError::NotValidYetContext { time, not_before } => TlsFailure::NotYetValid {
            not_before: not_before.as_secs(),
            now: time.as_secs(),
        },
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            TlsFailure::WrongName {
                names: presented.iter().map(|name| plain_name(name)).collect(),
            }
        }
        CertificateError::NotValidForNameContext { .. } | CertificateError::NotValidForName => {
            TlsFailure::WrongName {
                names: vec!["no name at all (it has no subjectAltName)".into()],
            }
        }
        // The verifier's own error type is not public.
        _ if why.contains("CaUsedAsEndEntity") => TlsFailure::AuthorityAsServer,
        _ => TlsFailure::Other { why },
    }
}

fn not_trusted(roots: RootsKind) -> &'static str {
    match roots {
        RootsKind::Bundled => {
            "if the network re-signs TLS: use --tls-roots system, or --ca-file with its certificate"
        }
        RootsKind::BundledAnd => {
            "the CA file needs the certificate of the authority that issued the server's (openssl s_client -showcerts -connect HOST:443 shows the chain); or use --tls-roots system without a CA file"
        }
        RootsKind::System => {
            "add the issuing authority's certificate to the system's store (update-ca-certificates), or give it as --ca-file with --tls-roots bundled"
        }
        RootsKind::Named => {
            "only the roots of SSL_CERT_FILE and SSL_CERT_DIR were trusted: add the issuing authority's certificate there; or give --tls-roots bundled, if needed with --ca-file"
        }
    }
}

/// `DnsName("a.test")` and `IpAddress(127.0.0.1)` as `a.test` and `127.0.0.1`.
fn plain_name(presented: &str) -> String {
    let inner = presented
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(presented).trim_matches('"').to_owned()
}

fn time(unix: u64) -> String {
    rfc3339(unix).unwrap_or_else(|| "a time after the year 9999".into())
}

fn in_brackets(why: &str) -> String {
    if why.is_empty() {
        return String::new();
    }
    format!(" ({why})")
}

/// For callers that have no error of the TLS library.
impl From<&NoRootsError> for TlsFailure {
    fn from(error: &NoRootsError) -> Self {
        Self::NoRoots {
            why: error.why.clone(),
            is_file_bad: error.is_file_bad,
        }
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::UnixTime;

    use super::*;

    fn certificate(error: CertificateError) -> TlsFailure {
        TlsFailure::of_rustls(&error.into(), &Roots::Bundled)
    }

    #[test]
    fn times_are_dates_and_the_clock_is_named_first() {
        let at = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let expired = certificate(CertificateError::ExpiredContext {
            time: at(1_800_000_000),
            not_after: at(1_700_000_000),
        });
        let early = certificate(CertificateError::NotValidYetContext {
            time: at(1_700_000_000),
            not_before: at(1_800_000_000),
        });
        for failure in [expired, early] {
            let remedy = failure.remedy("h.test");
            let first = remedy.split([';', '(']).next().expect("words");
            assert!(first.contains("this machine's clock first"), "{remedy}");
        }
        let expired = certificate(CertificateError::ExpiredContext {
            time: at(u64::MAX),
            not_after: at(0),
        });
        let words = expired.to_string();
        assert!(words.contains("1970-01-01T00:00:00Z"), "{words}");
        assert!(words.contains("after the year 9999"), "{words}");
    }

    #[test]
    fn names_in_the_certificate_are_listed() {
        for (presented, shown) in [
            (
                vec!["DnsName(\"a.test\")", "IpAddress(10.0.0.1)"],
                "a.test, 10.0.0.1",
            ),
            (vec!["*.b.test"], "*.b.test"),
            (vec![], "no subjectAltName"),
        ] {
            let error = CertificateError::NotValidForNameContext {
                expected: "h.test".try_into().expect("a name"),
                presented: presented.into_iter().map(str::to_owned).collect(),
            };
            let words = certificate(error).to_string();
            assert!(words.contains(shown), "{words}");
        }
    }

    #[test]
    fn each_kind_of_roots_has_its_own_remedy() {
        let kinds = [
            RootsKind::Bundled,
            RootsKind::BundledAnd,
            RootsKind::System,
            RootsKind::Named,
        ];
        let mut remedies = kinds.map(not_trusted).to_vec();
        remedies.dedup();
        assert_eq!(remedies.len(), 4);
    }
}
