//! How the service is reached: time limits, the proxy between, and the certificate
//! authorities that are trusted.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use ureq::tls::Certificate;
use ureq::{ProxyProtocol, Timeout};

use super::endpoint::has_valid_port;
use crate::clock::GivenDuration;

/// How to reach the service.
#[derive(Debug, Clone)]
pub struct Transport {
    /// Limit of a whole call, from the look-up to the last byte of the answer.
    pub timeout: GivenDuration,
    /// Limit of the look-up and of the connection, each.
    pub connect_timeout: GivenDuration,
    /// Number of calls at the same time; as many connections are kept open.
    pub connections: usize,
    /// The trusted certificate authorities.
    pub roots: Roots,
    /// The proxy, if there is one.
    pub proxy: Option<Proxy>,
}

impl Transport {
    /// The limit that was exceeded before anything was sent. The limit of the whole
    /// call may be the shorter one.
    pub(super) fn connect_limit(&self, which: Timeout) -> &GivenDuration {
        match which {
            Timeout::Global => &self.timeout,
            _ => self.shorter_limit(),
        }
    }

    /// The limit of a look-up or a connection.
    pub(super) fn shorter_limit(&self) -> &GivenDuration {
        if self.connect_timeout.time() < self.timeout.time() {
            return &self.connect_timeout;
        }
        &self.timeout
    }

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
            timeout: Self::TIMEOUT.into(),
            connect_timeout: Self::CONNECT_TIMEOUT.into(),
            connections: 1,
            roots: Roots::Bundled,
            proxy: None,
        }
    }
}

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
    #[error("is not a proxy URL of a kind that roomctl has: http, https, socks5 or socks5h")]
    UnknownScheme,
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
        let kinds = ["http", "https", "socks5", "socks5h"];
        if scheme.is_some() && !kinds.into_iter().any(is) {
            return Err(ProxyError::UnknownScheme);
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

/// What is missing between this machine and the service: the connection to the
/// proxy, or the one through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFailure {
    /// There is no connection to the proxy.
    Unreachable,
    /// The proxy wants a user name and a password, or does not accept the ones
    /// that it got.
    Login,
    /// The proxy does not connect to the service.
    NoTunnel,
    /// What answers is not such a proxy.
    OtherKind,
}

impl ProxyFailure {
    /// What the user can do.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Unreachable => {
                "check that the proxy runs, and its address in HTTPS_PROXY or ALL_PROXY; NO_PROXY names hosts to reach without a proxy"
            }
            Self::Login => {
                "give the proxy's user and password, special characters percent-encoded: HTTPS_PROXY=SCHEME://USER:PASSWORD@HOST:PORT"
            }
            Self::NoTunnel => {
                "let the proxy's operator allow this host and port; or name the host in NO_PROXY to reach it without the proxy"
            }
            Self::OtherKind => {
                "check the kind and the port of the proxy in HTTPS_PROXY or ALL_PROXY: http://, https://, socks5:// or socks5h://; and that the proxy runs"
            }
        }
    }

    /// By the status of the answer to `CONNECT`; None if it is not HTTP.
    pub(super) fn of_status(status: Option<u16>) -> Self {
        match status {
            Some(407) => Self::Login,
            Some(_) => Self::NoTunnel,
            None => Self::OtherKind,
        }
    }

    /// By the HTTP library's words: a SOCKS proxy's answers have no type. Errors of
    /// the system have a number.
    pub(super) fn of_socks(why: &io::Error) -> Self {
        match (why.kind(), why.to_string().as_str()) {
            _ if why.raw_os_error().is_some() => Self::Unreachable,
            (io::ErrorKind::PermissionDenied, _)
            | (_, "no acceptable auth methods" | "unknown auth method") => Self::Login,
            (io::ErrorKind::Other, _) => Self::NoTunnel,
            _ => Self::OtherKind,
        }
    }
}

/// Folders that distributions fill together with a bundle in them.
const CERT_FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// The trusted certificate authorities.
#[derive(Debug, Clone)]
pub enum Roots {
    /// Those compiled into the program.
    Bundled,
    /// The bundled ones and these.
    BundledAnd(Vec<Certificate<'static>>),
    /// Those of the operating system.
    System(SystemRoots),
}

/// The authorities of the operating system. They are read when TLS first needs
/// them; clones share them, so they are read once.
#[derive(Clone)]
pub struct SystemRoots {
    places: Option<CertPlaces>,
    store: Arc<OnceLock<CertStore>>,
}

/// Where certificates are, if not in the system's usual place.
#[derive(Clone)]
struct CertPlaces {
    file: Option<PathBuf>,
    folders: Vec<PathBuf>,
    read_file: FileReader,
}

/// Reads a file that the usual reader found no certificate in, or says why there is
/// none and what helps.
pub(crate) type FileReader = fn(&Path) -> Result<Vec<Certificate<'static>>, String>;

#[derive(Default)]
struct CertStore {
    certificates: Vec<Certificate<'static>>,
    /// What went wrong, for a store without certificates.
    problems: Vec<String>,
    /// The file of `SSL_CERT_FILE` has no certificate.
    is_file_bad: bool,
}

/// The store has no root certificates. A type of its own, because it travels
/// through the HTTP library as `Error::Other`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no root certificates")]
pub(super) struct NoRootsError {
    pub(super) why: String,
    pub(super) is_file_bad: bool,
}

impl Roots {
    /// The roots for the verifier. One that it cannot use is ignored.
    pub(super) fn store(&self) -> RootCertStore {
        let bundled = webpki_roots::TLS_SERVER_ROOTS;
        let (bundled, more): (_, &[Certificate]) = match self {
            Self::Bundled => (bundled, &[]),
            Self::BundledAnd(more) => (bundled, more),
            Self::System(system) => (&[][..], &system.store().certificates),
        };
        let mut store = RootCertStore {
            roots: bundled.to_vec(),
        };
        let more = more.iter().map(|one| CertificateDer::from(one.der()));
        store.add_parsable_certificates(more);
        store
    }

    /// Why there is no root certificate at all; None if there is one.
    pub(super) fn missing(&self) -> Option<NoRootsError> {
        let Self::System(system) = self else {
            return None;
        };
        let store = system.store();
        store.certificates.is_empty().then(|| NoRootsError {
            why: store.problems.join("; "),
            is_file_bad: store.is_file_bad,
        })
    }
}

impl SystemRoots {
    /// The authorities in a file and in folders, for `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR`.
    pub(crate) fn of_places(
        file: Option<PathBuf>,
        folders: Vec<PathBuf>,
        read_file: FileReader,
    ) -> Self {
        Self {
            places: Some(CertPlaces {
                file,
                folders,
                read_file,
            }),
            store: Arc::default(),
        }
    }

    /// The authorities in the system's usual place.
    pub(crate) fn usual() -> Self {
        Self {
            places: None,
            store: Arc::default(),
        }
    }

    /// Whether variables say where they are.
    pub(super) fn are_named(&self) -> bool {
        self.places.is_some()
    }

    fn store(&self) -> &CertStore {
        self.store.get_or_init(|| match &self.places {
            Some(CertPlaces {
                file,
                folders,
                read_file,
            }) => {
                let mut of_file = read_certificates(file.as_deref(), &[]);
                if let (true, Some(file)) = (of_file.certificates.is_empty(), file) {
                    match read_file(file) {
                        Ok(certificates) => of_file.certificates = certificates,
                        Err(why) => (of_file.problems, of_file.is_file_bad) = (vec![why], true),
                    }
                }
                let folders: Vec<_> = folders
                    .iter()
                    .filter(|folder| {
                        of_file.certificates.is_empty() || !has_bundle(folder, file.as_deref())
                    })
                    .cloned()
                    .collect();
                of_file.and(read_certificates(None, &folders))
            }
            None => read_usual_roots(),
        })
    }
}

impl fmt::Debug for SystemRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemRoots")
    }
}

impl CertStore {
    fn and(mut self, more: Self) -> Self {
        self.certificates.extend(more.certificates);
        self.problems.extend(more.problems);
        self
    }
}

/// Whether this is a folder of the system and the file is the bundle in it, which
/// has all its certificates.
fn has_bundle(folder: &Path, file: Option<&Path>) -> bool {
    let parent = file.and_then(Path::parent);
    parent == Some(folder) && CERT_FOLDERS.iter().any(|known| folder == Path::new(known))
}

/// All certificates of the file and of the folders.
fn read_certificates(file: Option<&Path>, folders: &[PathBuf]) -> CertStore {
    let file = file.map(|file| rustls_native_certs::load_certs_from_paths(Some(file), None));
    let folders = folders
        .iter()
        .map(|folder| rustls_native_certs::load_certs_from_paths(None, Some(folder)));
    let mut store = CertStore::default();
    for found in file.into_iter().chain(folders) {
        let certificates = found.certs.iter();
        let certificates = certificates.map(|der| Certificate::from_der(der).to_owned());
        store.certificates.extend(certificates);
        let problems = found.errors.iter().map(ToString::to_string);
        store.problems.extend(problems);
    }
    store
}

/// The bundle of the system, or else its folders. A folder usually has the
/// bundle's certificates again, a file each; to read both takes three times as
/// long.
#[cfg(not(target_os = "macos"))]
fn read_usual_roots() -> CertStore {
    let found = openssl_probe::probe();
    let store = read_certificates(found.cert_file.as_deref(), &[]);
    if store.certificates.is_empty() {
        return read_certificates(None, &found.cert_dir);
    }
    store
}

#[cfg(target_os = "macos")]
fn read_usual_roots() -> CertStore {
    let found = rustls_native_certs::load_native_certs();
    let certificates = found.certs.iter();
    CertStore {
        certificates: certificates
            .map(|der| Certificate::from_der(der).to_owned())
            .collect(),
        problems: found.errors.iter().map(ToString::to_string).collect(),
        is_file_bad: false,
    }
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
