//! Whose certificates are trusted.

use std::fs::File;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, PemItem, parse_pem};

use super::choice::{self, TlsRoots};
use super::env::Env;
use super::error::Problem;
use super::file::{self, FileError};
use super::layers::Layers;
use super::names::{CA_FILE, TLS_ROOTS};
use super::settings::CaFile;
use super::source::{Setting, Source};
use super::value::RawValue;
use crate::exit::Exit;

/// All public roots of the world have a quarter of this.
const MAX_BYTES: u64 = 1024 * 1024;

/// The roots, and the file of the user's own certificates.
pub(super) type Trust = (Setting<TlsRoots>, Option<Setting<CaFile>>);

/// Both settings; they exclude each other, since the TLS library trusts either
/// the system's store or a list of ours.
pub(super) fn trust(layers: &Layers, env: &Env) -> Result<Trust, Problem> {
    let roots = match layers.one(&TLS_ROOTS) {
        Some(raw) => raw.setting(choice::parse(&raw)?),
        None => Setting::built_in(TlsRoots::Bundled),
    };
    let Some(raw) = layers.one(&CA_FILE) else {
        return Ok((roots, None));
    };
    if roots.value == TlsRoots::System {
        return Err(excluded(&raw, &roots.source));
    }
    let path = raw.path(env)?;
    let certificates = certificates(&path).map_err(|why| {
        let message = format!("{}: {} {why}", raw.label(), file::display_path(&path));
        Problem::config(message).hint("give a file with -----BEGIN CERTIFICATE----- in it")
    })?;
    let ca_file = raw.setting(CaFile { path, certificates });
    Ok((roots, Some(ca_file)))
}

fn excluded(ca_file: &RawValue, roots: &Source) -> Problem {
    let by_flag = [&ca_file.source, roots]
        .iter()
        .any(|source| matches!(source, Source::Flag(_)));
    let exit = if by_flag { Exit::Usage } else { Exit::Config };
    let message = format!(
        "a CA file ({}) cannot be used with the system's root certificates ({roots})",
        ca_file.source
    );
    Problem::new(exit, message)
        .hint("leave the CA file out, or say --tls-roots bundled; the system's own store can take the certificate, too")
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let open = || File::open(path).map_err(FileError::from);
    let pem = open().and_then(|file| file::bytes(file, MAX_BYTES));
    let pem = pem.map_err(|error| error.to_string())?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
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
            Ok(_) => {}
            Err(_) => return Err("has a damaged PEM block".into()),
        }
    }
    if certificates.is_empty() {
        return Err("has no PEM certificate".into());
    }
    Ok(certificates)
}

/// The TLS library would leave out what it cannot use, without a word.
fn is_usable(certificate: &Certificate) -> bool {
    let der = CertificateDer::from(certificate.der());
    RootCertStore::empty().add(der).is_ok()
}
