//! The certificate authorities that are trusted.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ureq::tls::{Certificate, RootCerts};

/// Folders that distributions fill together with a bundle in them.
const SYSTEM_FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

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
    store: Arc<OnceLock<Store>>,
}

/// Where certificates are, if not in the system's usual place.
#[derive(Clone)]
struct CertPlaces {
    file: Option<PathBuf>,
    folders: Vec<PathBuf>,
}

struct Store {
    certificates: Vec<Certificate<'static>>,
    /// What went wrong, for a store without certificates.
    problems: Vec<String>,
}

impl Roots {
    /// The roots as the HTTP library takes them. `is_used`: whether any connection
    /// has TLS; the system's roots are not read for one that has none.
    pub(super) fn for_library(&self, is_used: bool) -> RootCerts {
        match self {
            Self::Bundled => RootCerts::WebPki,
            Self::System(system) if is_used => system.store().certificates.clone().into(),
            Self::System(_) => Vec::<Certificate<'static>>::new().into(),
            Self::BundledAnd(more) => {
                let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
                let bundled = bundled.map(|der| Certificate::from_der(der).to_owned());
                let all: Vec<_> = bundled.chain(more.iter().cloned()).collect();
                all.into()
            }
        }
    }

    /// Why there is no root certificate at all; None if there is one.
    pub(super) fn missing(&self) -> Option<String> {
        match self {
            Self::System(system) if system.store().certificates.is_empty() => {
                Some(system.store().problems.join("; "))
            }
            _ => None,
        }
    }
}

impl SystemRoots {
    /// The authorities in a file and in folders, for `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR`.
    pub(crate) fn of_places(file: Option<PathBuf>, folders: Vec<PathBuf>) -> Self {
        Self {
            places: Some(CertPlaces { file, folders }),
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

    fn store(&self) -> &Store {
        self.store.get_or_init(|| match &self.places {
            Some(CertPlaces { file, folders }) => {
                let of_file = read(file.as_deref(), &[]);
                let folders: Vec<_> = folders
                    .iter()
                    .filter(|folder| {
                        of_file.certificates.is_empty() || !has_bundle(folder, file.as_deref())
                    })
                    .cloned()
                    .collect();
                of_file.and(read(None, &folders))
            }
            None => read_usual(),
        })
    }
}

impl fmt::Debug for SystemRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemRoots")
    }
}

impl Store {
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
    parent == Some(folder)
        && SYSTEM_FOLDERS
            .iter()
            .any(|known| folder == Path::new(known))
}

/// All certificates of the file and of the folders.
fn read(file: Option<&Path>, folders: &[PathBuf]) -> Store {
    let file = file.map(|file| rustls_native_certs::load_certs_from_paths(Some(file), None));
    let folders = folders
        .iter()
        .map(|folder| rustls_native_certs::load_certs_from_paths(None, Some(folder)));
    let mut store = Store {
        certificates: Vec::new(),
        problems: Vec::new(),
    };
    for found in file.into_iter().chain(folders) {
        let certificates = found.certs.iter();
        let certificates = certificates.map(|der| Certificate::from_der(der).to_owned());
        store.certificates.extend(certificates);
        store
            .problems
            .extend(found.errors.iter().map(ToString::to_string));
    }
    store
}

/// The bundle of the system, or else its folders. A folder usually has the
/// bundle's certificates again, a file each; to read both takes three times as
/// long.
#[cfg(not(target_os = "macos"))]
fn read_usual() -> Store {
    let found = openssl_probe::probe();
    let store = read(found.cert_file.as_deref(), &[]);
    if store.certificates.is_empty() {
        return read(None, &found.cert_dir);
    }
    store
}

#[cfg(target_os = "macos")]
fn read_usual() -> Store {
    let found = rustls_native_certs::load_native_certs();
    let certificates = found.certs.iter();
    Store {
        certificates: certificates
            .map(|der| Certificate::from_der(der).to_owned())
            .collect(),
        problems: found.errors.iter().map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_without_certificates_is_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "").expect("a file");
        let missing = folder.path().join("missing.pem");
        for (file, folders, reported) in [
            (Some(empty), vec![], ""),
            (Some(missing), vec![], "missing.pem"),
            (None, vec!["/nowhere/certs".into()], "/nowhere/certs"),
            (None, vec![], ""),
        ] {
            let roots = Roots::System(SystemRoots::of_places(file, folders));
            let why = roots.missing().expect("no certificate");
            assert!(why.contains(reported), "{why}");
        }
        assert_eq!(Roots::Bundled.missing(), None);
    }

    #[test]
    fn clones_share_what_was_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let roots = SystemRoots::of_places(None, vec![folder.path().to_owned()]);
        let shared = Roots::System(roots.clone());
        assert!(shared.missing().is_some());
        let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS.first();
        let pem = to_pem(bundled.expect("a certificate"));
        std::fs::write(folder.path().join("ca.pem"), pem).expect("a file");
        assert!(Roots::System(roots).missing().is_some(), "read once");
        let again = SystemRoots::of_places(None, vec![folder.path().to_owned()]);
        assert_eq!(Roots::System(again).missing(), None);
    }

    #[test]
    fn a_folder_is_skipped_only_if_it_is_the_systems_and_has_the_bundle() {
        for (folder, file, skipped) in [
            (
                "/etc/ssl/certs",
                Some("/etc/ssl/certs/ca-certificates.crt"),
                true,
            ),
            (
                "/etc/ssl/certs/",
                Some("/etc/ssl/certs/ca-certificates.crt"),
                true,
            ),
            ("/etc/ssl/certs", Some("/etc/ssl/ca.pem"), false),
            ("/etc/ssl/certs", None, false),
            ("/opt/certs", Some("/opt/certs/ca.pem"), false),
        ] {
            let found = has_bundle(Path::new(folder), file.map(Path::new));
            assert_eq!(found, skipped, "{folder} {file:?}");
        }
    }

    fn to_pem(der: &[u8]) -> String {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    }
}
