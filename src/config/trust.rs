//! The root certificates that are trusted: those that are built in, the system's, or
//! a file of them in PEM. The file is read as other tools write it, or refused with
//! the command that converts it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, RootCertStore};
use ureq::tls::{Certificate, PemItem, parse_pem};

use super::choice::{Choice, TlsRoots};
use super::env::Env;
use super::file::{self, FileError};
use super::layers::Layers;
use super::table::{CA_FILE, TLS_ROOTS};
use super::value::{RawValue, Setting, Source};
use crate::api::{Roots, SystemRoots};
use crate::clock::unix_seconds;
use crate::error::Problem;
use crate::exit::Exit;
use crate::input_file;

/// The variables of OpenSSL for a file and for folders of root certificates. Where
/// an administrator has set one, the bundled roots are not meant.
const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
const SSL_CERT_DIR: &str = "SSL_CERT_DIR";

/// The certificates that are trusted.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    pub(crate) tls_roots: Setting<TlsRoots>,
    /// In addition to the bundled roots.
    pub(crate) ca_file: Option<Setting<CaFile>>,
    system: SystemRoots,
    /// The variable that says where the system's roots are, and its value.
    system_place: Option<(&'static str, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct CaFile {
    pub(crate) path: PathBuf,
    /// At least one.
    pub(crate) certificates: Vec<Certificate<'static>>,
}

impl Trust {
    /// The default roots and no CA file.
    pub(super) fn built_in() -> Result<Self, Problem> {
        Ok(Self::without_ca_file(
            RawValue::built_in(&TLS_ROOTS).choice()?,
            &Env::default(),
        ))
    }

    fn without_ca_file(tls_roots: Setting<TlsRoots>, env: &Env) -> Self {
        let file = env.get_os(SSL_CERT_FILE);
        let folders = env.get_os(SSL_CERT_DIR);
        let set = file.map(|value| (SSL_CERT_FILE, value));
        let set = set.or_else(|| folders.map(|value| (SSL_CERT_DIR, value)));
        let split = folders.map(|folders| std::env::split_paths(folders).collect());
        let system = match set {
            Some(_) => SystemRoots::of_places(
                file.map(PathBuf::from),
                split.unwrap_or_default(),
                read_named_file,
            ),
            None => SystemRoots::usual(),
        };
        Self {
            tls_roots,
            ca_file: None,
            system,
            system_place: set.map(|(name, value)| (name, value.to_string_lossy().into_owned())),
        }
    }

    /// The trusted certificates and their source, for `doctor`.
    pub(crate) fn describe(&self) -> String {
        let whose = match (self.tls_roots.value, &self.system_place) {
            (TlsRoots::Bundled, _) => "the bundled roots".to_owned(),
            (TlsRoots::System, None) => "the system's roots".to_owned(),
            (TlsRoots::System, Some((variable, place))) => {
                format!("the system's roots ({variable} is {place})")
            }
        };
        let more = self.ca_file.as_ref().map_or(String::new(), |file| {
            let (count, path) = (file.value.certificates.len(), file.value.path.display());
            format!("; and {count} from {path}, {}", file.source)
        });
        format!("{whose}, {}{more}", self.tls_roots.source)
    }

    /// `bundled` or `system`.
    pub(crate) fn roots_name(&self) -> &'static str {
        self.tls_roots.value.name()
    }

    /// The roots as the client takes them.
    pub(crate) fn roots(&self) -> Roots {
        match (&self.ca_file, self.tls_roots.value) {
            (Some(file), _) => Roots::BundledAnd(file.value.certificates.clone()),
            (None, TlsRoots::Bundled) => Roots::Bundled,
            (None, TlsRoots::System) => Roots::System(self.system.clone()),
        }
    }
}

/// TLS roots and CA file. They exclude each other, because the TLS library
/// trusts either the system's store or a list of certificates.
///
/// The system's roots are the default where a variable names them.
pub(super) fn trust(layers: &Layers, env: &Env) -> Result<Trust, Problem> {
    let given: Option<Setting<TlsRoots>> = layers
        .raw_value(&TLS_ROOTS)
        .map(|raw| raw.choice())
        .transpose()?;
    let Some(raw) = layers.raw_value(&CA_FILE) else {
        let tls_roots = match (given, named_by_variable(env)) {
            (Some(given), _) => given,
            (None, Some(named)) => named,
            (None, None) => RawValue::built_in(&TLS_ROOTS).choice()?,
        };
        return Ok(Trust::without_ca_file(tls_roots, env));
    };
    let tls_roots = match given {
        Some(given) if given.value == TlsRoots::System => {
            return Err(excluded(&raw, &given.source));
        }
        Some(given) => given,
        None => RawValue::built_in(&TLS_ROOTS).choice()?,
    };
    let path = raw.path(env)?;
    let certificates = read_ca_file(&path, raw.name()).map_err(|unusable| {
        let shown = file::display_path(&path);
        let message = format!("{}: {shown} {}", raw.label(), unusable.why);
        Problem::config(message, unusable.hint)
    })?;
    Ok(Trust {
        ca_file: Some(raw.setting(CaFile { path, certificates })),
        ..Trust::without_ca_file(tls_roots, env)
    })
}

fn named_by_variable(env: &Env) -> Option<Setting<TlsRoots>> {
    let mut names = [SSL_CERT_FILE, SSL_CERT_DIR].into_iter();
    let name = names.find(|name| env.get_os(name).is_some())?;
    Some(Setting {
        value: TlsRoots::System,
        source: Source::Env(name),
    })
}

fn excluded(ca_file: &RawValue, tls_roots: &Source) -> Problem {
    let is_flag = |source: &Source| matches!(source, Source::Flag(_));
    let exit = if is_flag(&ca_file.source) || is_flag(tls_roots) {
        Exit::Usage
    } else {
        Exit::Config
    };
    let message = format!(
        "a CA file ({}) cannot be used with the system's root certificates ({tls_roots})",
        ca_file.source
    );
    let hint = "remove the CA file, or give --tls-roots bundled; or add the certificate to the system's own store";
    Problem::new(exit, message, hint)
}

/// Most bytes of a CA file. All public roots of the world have a quarter.
const MAX_CA_BYTES: u64 = 1024 * 1024;

/// How blocks of PEM begin and end; the label is in between.
const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// Why a file cannot be used, and what to do. The contents are not repeated: it
/// may be a private key.
#[derive(Debug)]
struct Unusable {
    why: String,
    hint: String,
}

/// The file of `SSL_CERT_FILE`, in which the TLS library found nothing.
fn read_named_file(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    read_ca_file(path, SSL_CERT_FILE).map_err(|Unusable { why, hint }| {
        let shown = file::display_path(path);
        format!("{SSL_CERT_FILE}: {shown} {why}: {hint}")
    })
}

/// The certificates of the file; at least one.
fn read_ca_file(path: &Path, role: &'static str) -> Result<Vec<Certificate<'static>>, Unusable> {
    let word = file::shell_quoted(path);
    let bytes = input_file::open(path, role)
        .map_err(FileError::from)
        .and_then(|file| file::bytes(file, MAX_CA_BYTES))
        .map_err(|error| {
            let remedy = error.remedy(&word);
            let hint = match &error {
                FileError::Unreadable(why) if input_file::is_read_already(why) => remedy,
                _ => format!("{remedy}; {GIVE_PEM}"),
            };
            Unusable::new(error.to_string(), hint)
        })?;
    parse_ca_file(&bytes, &word)
}

const GIVE_PEM: &str = "give the authority's file with -----BEGIN CERTIFICATE----- in it";

/// `word` is the file's name for a shell.
fn parse_ca_file(bytes: &[u8], word: &str) -> Result<Vec<Certificate<'static>>, Unusable> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(binary(bytes, word));
    };
    let text = plain_pem(text);
    let labels: Vec<&str> = text.lines().filter_map(label).collect();
    if let Some(other_form) = labels.iter().find_map(|label| other_form(label, word)) {
        return Err(other_form);
    }
    if !labels.contains(&"CERTIFICATE") {
        let why = labels
            .first()
            .map_or("has no PEM certificate in it", |label| instead(label));
        return Err(Unusable::new(why, GIVE_PEM));
    }
    let certificates = parse(&text).map_err(|why| Unusable::new(why, copy_again(word)))?;
    let is_useless = |one| is_of_a_server(one, &certificates);
    if certificates.iter().all(is_useless) {
        let why = "has the certificate of a server, not that of the authority that issued it";
        let hint = format!(
            "openssl x509 -in {word} -noout -issuer names the authority: give its certificate"
        );
        return Err(Unusable::new(why, hint));
    }
    Ok(certificates)
}

/// At least one certificate, or what is wrong with the text.
fn parse(pem: &str) -> Result<Vec<Certificate<'static>>, String> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem.as_bytes()) {
        match item {
            Ok(PemItem::Certificate(certificate)) if is_usable(&certificate) => {
                certificates.push(certificate);
            }
            Ok(PemItem::Certificate(_)) => {
                let nth = certificates.len() + 1;
                return Err(format!(
                    "has a certificate (number {nth}) that cannot be read"
                ));
            }
            Err(_) => return Err("has a damaged PEM block".into()),
            // A key beside the certificate is not needed.
            Ok(_) => {}
        }
    }
    if certificates.is_empty() {
        return Err("has a PEM certificate that does not end".into());
    }
    Ok(certificates)
}

impl Unusable {
    fn new(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            hint: hint.into(),
        }
    }
}

fn copy_again(word: &str) -> String {
    format!(
        "copy it again, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----; openssl x509 -in {word} -noout -subject checks it"
    )
}

/// PEM as the parser takes it: no byte-order marks, no blanks around a line, each
/// block on lines of its own, escaped line ends (as in JSON) as line ends, and
/// OpenSSL's old label for a certificate replaced.
fn plain_pem(text: &str) -> String {
    let text = text.replace('\u{feff}', "");
    let text = text
        .replace("\\r", "")
        .replace("\\n", "\n")
        .replace('\r', "\n");
    // cat a.pem b.pem, where a.pem has no line end
    let text = text.replace("----------BEGIN ", "-----\n-----BEGIN ");
    let lines = text
        .lines()
        .map(|line| line.trim().trim_matches(['"', '\'']));
    let lines: Vec<&str> = lines.collect();
    lines
        .join("\n")
        .replace(" X509 CERTIFICATE-----", " CERTIFICATE-----")
        + "\n"
}

/// The label of a line that begins a block.
fn label(line: &str) -> Option<&str> {
    line.strip_prefix(BEGIN)?.strip_suffix(DASHES)
}

/// Certificates in a form that OpenSSL converts.
fn other_form(label: &str, word: &str) -> Option<Unusable> {
    let (why, command) = match label {
        "TRUSTED CERTIFICATE" => (
            "has a TRUSTED CERTIFICATE, OpenSSL's own form",
            format!("openssl x509 -in {word} -out NEW.pem"),
        ),
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => (
            "has certificates in PKCS #7",
            format!("openssl pkcs7 -print_certs -in {word} -out NEW.pem"),
        ),
        _ => return None,
    };
    let hint = format!("{command} converts it: give NEW.pem");
    Some(Unusable::new(why, hint))
}

/// What a file without a certificate has instead.
fn instead(label: &str) -> &'static str {
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            "has a certificate request (CSR), not a certificate"
        }
        "X509 CRL" => "has a revocation list, not a certificate",
        _ if label.ends_with("PRIVATE KEY") => "has a private key, not a certificate",
        _ if label.ends_with("PUBLIC KEY") => "has a public key, not a certificate",
        _ => "has no PEM certificate in it, only other PEM blocks",
    }
}

/// A file that is not UTF-8.
fn binary(bytes: &[u8], word: &str) -> Unusable {
    let (why, hint) = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => (
            "is UTF-16 text",
            format!("iconv -f UTF-16 -t UTF-8 {word} > NEW.pem converts it: give NEW.pem"),
        ),
        [0x30, ..] if is_usable(&Certificate::from_der(bytes)) => (
            "is a certificate in DER, not in PEM",
            format!("openssl x509 -inform der -in {word} -out NEW.pem converts it: give NEW.pem"),
        ),
        [0x30, ..] => (
            "is binary (PKCS #12 or PKCS #7?) and has no PEM certificate in it",
            format!(
                "openssl pkcs12 -in {word} -cacerts -nokeys -out NEW.pem, or openssl pkcs7 -inform der -print_certs -in {word} -out NEW.pem, converts it: give NEW.pem"
            ),
        ),
        _ => (
            "is binary and has no PEM certificate in it",
            GIVE_PEM.to_owned(),
        ),
    };
    Unusable::new(why, hint)
}

/// The TLS library would skip a certificate that it cannot use, without a
/// report.
fn is_usable(certificate: &Certificate) -> bool {
    let der = CertificateDer::from(certificate.der());
    RootCertStore::empty().add(der).is_ok()
}

/// Whether this is a server's certificate that none of `all` has issued, so that
/// it makes no server trusted. The verifier reports another error for an authority
/// or for a server that signed its own certificate.
fn is_of_a_server(certificate: &Certificate, all: &[Certificate]) -> bool {
    let mut roots = RootCertStore::empty();
    let all = all.iter().map(|one| CertificateDer::from(one.der()));
    roots.add_parsable_certificates(all);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    let (Ok(verifier), Ok(name)) = (verifier, ServerName::try_from("name.invalid")) else {
        return false;
    };
    let der = CertificateDer::from(certificate.der());
    let now = Duration::from_secs(unix_seconds(SystemTime::now()));
    let now = UnixTime::since_unix_epoch(now);
    let found = verifier.verify_server_cert(&der, &[], &name, &[], now);
    let not_issued = [
        CertificateError::UnknownIssuer,
        CertificateError::BadSignature,
    ];
    found.is_err_and(|error| not_issued.map(rustls::Error::from).contains(&error))
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
