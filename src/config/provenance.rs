//! Where every value came from, for `-v` and the hint of a `creds` failure.

use super::choice::Choice;
use super::duration;
use super::file::display_path;
use super::settings::{Credential, Settings};
use super::signature::rfc3339;
use super::source::{Setting, Source};

/// One line of `-v`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The setting, by its profile key where it has one.
    pub name: &'static str,
    /// The value as it may be shown: of a secret only its kind.
    pub value: String,
    /// Where it came from.
    pub source: Source,
}

/// All settings, in the order of the contract.
pub fn provenance(settings: &Settings) -> Vec<Provenance> {
    let mut lines = vec![
        line("sdkappid", &settings.sdkappid, u32::to_string),
        line("identifier", &settings.identifier, ToString::to_string),
        line("credential", &settings.credential, kind),
        line("endpoint", &settings.endpoint, ToString::to_string),
        line("tls_roots", &settings.tls_roots, |roots| {
            roots.name().into()
        }),
        line("expire", &settings.expire, |age| {
            duration::format_duration(*age)
        }),
        line("timeout", &settings.timeout, |wait| {
            duration::format_duration(*wait)
        }),
        line("connect_timeout", &settings.connect_timeout, |wait| {
            duration::format_duration(*wait)
        }),
    ];
    let proxy = settings.proxy.as_ref();
    lines.extend(proxy.map(|proxy| line("proxy", proxy, ToString::to_string)));
    let ca_file = settings.ca_file.as_ref();
    lines.extend(ca_file.map(|file| line("ca_file", file, |file| display_path(&file.path))));
    lines
}

pub(super) fn line<T>(
    name: &'static str,
    setting: &Setting<T>,
    show: impl FnOnce(&T) -> String,
) -> Provenance {
    Provenance {
        name,
        value: show(&setting.value),
        source: setting.source.clone(),
    }
}

pub(super) fn kind(credential: &Credential) -> String {
    match credential {
        Credential::Key(key) => {
            format!("secret key, {} characters", key.expose().chars().count())
        }
        Credential::KeyCommand(command) => {
            format!("secret key, to be printed by {}", command.program())
        }
        Credential::UserSig { claims, .. } => {
            format!("ready-made UserSig, until {}", rfc3339(claims.expires_at()))
        }
    }
}
