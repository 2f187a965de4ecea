//! The root certificates that are trusted.

use std::path::PathBuf;

use ureq::tls::Certificate;

use super::ca_file;
use super::choice::TlsRoots;
use super::env::Env;
use super::file;
use super::layers::Layers;
use super::table::{CA_FILE, TLS_ROOTS};
use super::value::{RawValue, Setting, Source};
use crate::api::{Roots, SystemRoots};
use crate::error::Problem;
use crate::exit::Exit;

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
            Some(_) => SystemRoots::of_places(file.map(PathBuf::from), split.unwrap_or_default()),
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
    let certificates = ca_file::read(&path).map_err(|unusable| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::value::Flags;

    fn chosen(pairs: &[(&str, &str)]) -> (TlsRoots, Source) {
        let (flags, env) = (Flags::default(), Env::from_pairs(pairs.iter().copied()));
        let trust = trust(&Layers::new(&flags, &env, None), &env).expect("usable");
        (trust.tls_roots.value, trust.tls_roots.source)
    }

    #[test]
    fn a_variable_that_names_the_systems_roots_chooses_them() {
        let (system, bundled) = (TlsRoots::System, TlsRoots::Bundled);
        let (file, folder) = (("SSL_CERT_FILE", "/f"), ("SSL_CERT_DIR", "/d:/e"));
        for (pairs, roots, source) in [
            (vec![], bundled, Source::BuiltIn),
            (vec![file], system, Source::Env("SSL_CERT_FILE")),
            (vec![folder], system, Source::Env("SSL_CERT_DIR")),
            (vec![folder, file], system, Source::Env("SSL_CERT_FILE")),
            (vec![("SSL_CERT_FILE", "")], bundled, Source::BuiltIn),
            (
                vec![file, ("ROOMCTL_TLS_ROOTS", "bundled")],
                bundled,
                Source::Env("ROOMCTL_TLS_ROOTS"),
            ),
            (
                vec![file, ("ROOMCTL_TLS_ROOTS", "system")],
                system,
                Source::Env("ROOMCTL_TLS_ROOTS"),
            ),
        ] {
            assert_eq!(chosen(&pairs), (roots, source), "{pairs:?}");
        }
    }

    #[test]
    fn the_place_of_the_systems_roots_is_described() {
        let env = Env::from_pairs([("SSL_CERT_DIR", "/d")]);
        let (flags, roots) = (Flags::default(), "the system's roots (SSL_CERT_DIR is /d)");
        let trust = trust(&Layers::new(&flags, &env, None), &env).expect("usable");
        assert_eq!(
            trust.describe(),
            format!("{roots}, environment SSL_CERT_DIR")
        );
    }
}
