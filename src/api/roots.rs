//! The trusted certificate authorities: those compiled into the program, of a file, or
//! of the operating system.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use ureq::tls::Certificate;

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
#[path = "roots_tests.rs"]
mod tests;
