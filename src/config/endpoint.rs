//! Where requests go and over which connection: region or endpoint, proxy, and
//! the root certificates that are trusted.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, PemItem, parse_pem};

use super::choice::{Choice, TlsRoots};
use super::env::Env;
use super::file::{self, FileError};
use super::layers::Layers;
use super::table::{CA_FILE, ENDPOINT, Group, REGION, TLS_ROOTS};
use super::value::{RawValue, Setting, Source};
use crate::api::{Endpoint, Proxy, Region, Roots};
use crate::error::Problem;
use crate::exit::Exit;
use crate::secret::scrub;

/// Set by `roomctl sandbox -- COMMAND`. Any value counts, because it is safer to
/// stay on this machine.
const SANDBOX: &str = "ROOMCTL_SANDBOX";

/// Endpoints that are not loopback are always https, so `HTTP_PROXY` does not
/// count. The older spelling in lower case goes first, as in curl.
const PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Most bytes of a CA file. All public roots of the world have a quarter.
const MAX_CA_BYTES: u64 = 1024 * 1024;

/// Where requests go.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    pub(crate) endpoint: Setting<Endpoint>,
    /// The region of the endpoint, unless a URL was given.
    pub(crate) region: Option<Region>,
}

/// The certificates that are trusted.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    pub(crate) tls_roots: Setting<TlsRoots>,
    /// In addition to the bundled roots.
    pub(crate) ca_file: Option<Setting<CaFile>>,
}

#[derive(Debug, Clone)]
pub(crate) struct CaFile {
    pub(crate) path: PathBuf,
    /// At least one.
    pub(crate) certificates: Vec<Certificate<'static>>,
}

/// Region and endpoint are one value: the highest place that has either counts,
/// and in it the endpoint before the region.
pub(super) fn destination(layers: &Layers, env: &Env) -> Result<Destination, Problem> {
    let values = layers.highest(&[Group::Destination]);
    let endpoint = values.iter().find(|raw| *raw.spec == ENDPOINT);
    let destination = match (endpoint, values.first()) {
        (Some(raw), _) => Destination {
            endpoint: raw.setting(parse_endpoint(raw)?),
            region: None,
        },
        (None, Some(raw)) => of_region(raw.choice()?),
        (None, None) => of_region(RawValue::built_in(&REGION).choice()?),
    };
    check_sandbox(&destination.endpoint, env)?;
    Ok(destination)
}

fn parse_endpoint(raw: &RawValue) -> Result<Endpoint, Problem> {
    let text = raw.text()?;
    Endpoint::parse(text).map_err(|why| {
        let form =
            "an endpoint is https://HOST or https://HOST:PORT; plain http is for 127.0.0.1 only";
        let hint = match probable_endpoint(text) {
            Some(probable) => format!("did you mean {probable}?\n{form}"),
            None => form.to_owned(),
        };
        raw.problem(why, hint)
    })
}

/// What a text without a scheme, or with a path or a query, probably means: the
/// name of a region, or the host in it. None if that could be a secret.
fn probable_endpoint(text: &str) -> Option<String> {
    if let Some(region) = Region::named(text) {
        return Some(format!("--region {}", region.name()));
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let host = rest.split(['/', '?', '#']).next()?;
    let parse = |scheme: &str| Endpoint::parse(&format!("{scheme}://{host}")).ok();
    let is_loopback = |endpoint: &Endpoint| endpoint.is_loopback();
    let local = if scheme == "https" {
        None
    } else {
        parse("http")
    };
    let endpoint = local.filter(is_loopback).or_else(|| parse("https"))?;
    let is_host = endpoint.host().contains(['.', ':']) || endpoint.is_loopback();
    let shown = endpoint.to_string();
    (is_host && !text.contains('@') && scrub(&shown) == shown).then_some(shown)
}

fn of_region(region: Setting<Region>) -> Destination {
    Destination {
        endpoint: Setting {
            value: Endpoint::from(region.value),
            source: region.source,
        },
        region: Some(region.value),
    }
}

/// Inside `roomctl sandbox -- COMMAND` no setting may lead to the real service.
fn check_sandbox(endpoint: &Setting<Endpoint>, env: &Env) -> Result<(), Problem> {
    if env.get_os(SANDBOX).is_none() || endpoint.value.is_loopback() {
        return Ok(());
    }
    let Setting { value, source } = endpoint;
    let message = format!("{SANDBOX} is set, and {value} ({source}) is not on this machine");
    let hint = match source {
        Source::BuiltIn => {
            "set ROOMCTL_ENDPOINT to what the sandbox printed; for the real service, unset ROOMCTL_SANDBOX"
        }
        _ => "remove that region or endpoint; for the real service, unset ROOMCTL_SANDBOX",
    };
    Err(Problem::config(message, hint))
}

/// The proxy of the environment for this endpoint, as other programs read it:
/// none for loopback and for the hosts of `NO_PROXY`.
pub(super) fn proxy(endpoint: &Endpoint, env: &Env) -> Result<Option<Setting<Proxy>>, Problem> {
    let first = |names: &[&'static str]| {
        names
            .iter()
            .find_map(|name| Some((*name, env.get_os(name)?)))
    };
    let Some((name, text)) = first(&PROXY) else {
        return Ok(None);
    };
    let direct = first(&NO_PROXY).and_then(|(_, hosts)| hosts.to_str());
    if endpoint.is_loopback() || direct.is_some_and(|hosts| names_host(hosts, endpoint)) {
        return Ok(None);
    }
    let unusable = |why: String| {
        let hint = format!("set {name} to http://HOST:PORT, or unset it");
        Problem::config(format!("{name}: {why}"), hint)
    };
    let text = text
        .to_str()
        .ok_or_else(|| unusable("is not UTF-8".into()))?;
    let value = Proxy::parse(text).map_err(|why| unusable(why.to_string()))?;
    Ok(Some(Setting {
        value,
        source: Source::Env(name),
    }))
}

/// Whether a list like `localhost, .corp.com,10.0.0.1:443` names the endpoint's
/// host: the host itself, a domain above it, or `*`.
fn names_host(list: &str, endpoint: &Endpoint) -> bool {
    let host = endpoint.host().to_ascii_lowercase();
    let authority = endpoint.authority().to_ascii_lowercase();
    let entries = list
        .split([',', ' ', '\t'])
        .filter(|entry| !entry.is_empty());
    entries.map(str::to_ascii_lowercase).any(|entry| {
        let domain = entry.trim_start_matches('*').trim_start_matches('.');
        entry == "*"
            || authority == domain
            || host == domain
            || (!domain.is_empty() && host.ends_with(&format!(".{domain}")))
    })
}

impl Trust {
    /// The default roots and no CA file.
    pub(super) fn built_in() -> Result<Self, Problem> {
        Ok(Self {
            tls_roots: RawValue::built_in(&TLS_ROOTS).choice()?,
            ca_file: None,
        })
    }

    /// The trusted certificates and their source, for `doctor`.
    pub(crate) fn describe(&self) -> String {
        let whose = match self.tls_roots.value {
            TlsRoots::Bundled => "the bundled roots",
            TlsRoots::System => "the system's roots",
        };
        let more = self.ca_file.as_ref().map_or(String::new(), |file| {
            let (count, path) = (file.value.certificates.len(), file.value.path.display());
            format!("; and {count} from {path}, {}", file.source)
        });
        format!("{whose}, {}{more}", self.tls_roots.source)
    }

    /// The roots as the client takes them.
    pub(crate) fn roots(&self) -> Roots {
        match (&self.ca_file, self.tls_roots.value) {
            (Some(file), _) => Roots::BundledAnd(file.value.certificates.clone()),
            (None, TlsRoots::Bundled) => Roots::Bundled,
            (None, TlsRoots::System) => Roots::System,
        }
    }
}

/// TLS roots and CA file. They exclude each other, because the TLS library
/// trusts either the system's store or a list of certificates.
pub(super) fn trust(layers: &Layers, env: &Env) -> Result<Trust, Problem> {
    let tls_roots: Setting<TlsRoots> = layers.value(&TLS_ROOTS).choice()?;
    let Some(raw) = layers.raw_value(&CA_FILE) else {
        return Ok(Trust {
            tls_roots,
            ca_file: None,
        });
    };
    if tls_roots.value == TlsRoots::System {
        return Err(excluded(&raw, &tls_roots.source));
    }
    let path = raw.path(env)?;
    let certificates = certificates(&path).map_err(|why| {
        let message = format!("{}: {} {why}", raw.label(), file::display_path(&path));
        Problem::config(
            message,
            "give a file with -----BEGIN CERTIFICATE----- in it",
        )
    })?;
    let ca_file = raw.setting(CaFile { path, certificates });
    Ok(Trust {
        tls_roots,
        ca_file: Some(ca_file),
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

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let open = || File::open(path).map_err(FileError::from);
    let pem = open().and_then(|file| file::bytes(file, MAX_CA_BYTES));
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

/// The TLS library would skip a certificate that it cannot use, without a
/// report.
fn is_usable(certificate: &Certificate) -> bool {
    let der = CertificateDer::from(certificate.der());
    RootCertStore::empty().add(der).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(endpoint: &str, pairs: &[(&str, &str)]) -> Option<String> {
        let endpoint = Endpoint::parse(endpoint).expect("an endpoint");
        let env = Env::from_pairs(pairs.iter().copied());
        let found = proxy(&endpoint, &env).expect("usable");
        found.map(|setting| setting.value.to_string())
    }

    #[test]
    fn https_proxy_is_honoured_and_never_for_loopback() {
        let proxy = [("HTTPS_PROXY", "http://p:3128")];
        assert_eq!(
            chosen("https://api.corp.com", &proxy),
            Some("p:3128".into())
        );
        assert_eq!(chosen("http://127.0.0.1:8080", &proxy), None);
        assert_eq!(chosen("https://localhost", &proxy), None);
        assert_eq!(
            chosen("https://api.corp.com", &[("HTTP_PROXY", "http://p:1")]),
            None
        );
        assert_eq!(chosen("https://api.corp.com", &[("HTTPS_PROXY", "")]), None);
    }

    #[test]
    fn no_proxy_is_read_with_blanks_domains_and_ports() {
        let direct = |list| {
            let pairs = [("https_proxy", "p:1"), ("NO_PROXY", list)];
            chosen("https://api.corp.com:8443", &pairs).is_none()
        };
        for list in [
            "x, api.corp.com",
            "corp.com",
            ".corp.com",
            "*.corp.com",
            "*",
            "API.CORP.COM:8443",
        ] {
            assert!(direct(list), "{list}");
        }
        for list in ["", "x.corp.com", "orp.com", "api.corp.com:1", "127.0.0.1"] {
            assert!(!direct(list), "{list}");
        }
    }

    #[test]
    fn an_unusable_proxy_is_named_and_its_value_is_not() {
        let env = Env::from_pairs([("HTTPS_PROXY", "socks5://canary:canary@h:1")]);
        let endpoint = Endpoint::parse("https://h.com").expect("an endpoint");
        let problem = proxy(&endpoint, &env).expect_err("socks");
        assert!(problem.message.starts_with("HTTPS_PROXY: "));
        assert!(!format!("{problem:?}").contains("canary"));
    }
}
