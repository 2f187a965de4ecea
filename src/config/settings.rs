//! The settings that commands get: checked, each with its source.

use std::fmt;

use super::choice::Choice;
use super::credential::Credential;
use super::endpoint::Destination;
use super::file::display_path;
use super::profile::Profile;
use super::trust::Trust;
use super::value::{Setting, Source};
use crate::api::Proxy;
use crate::clock::GivenDuration;
use crate::room::UserId;
use crate::secret::SecretKey;

/// All that a client needs, checked.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The app.
    pub(crate) sdkappid: Setting<u32>,
    /// The calling account.
    pub(crate) identifier: Setting<UserId>,
    pub(crate) credential: Setting<Credential>,
    pub(crate) destination: Destination,
    pub(crate) proxy: Option<Setting<Proxy>>,
    pub(crate) trust: Trust,
    pub(crate) timeouts: Timeouts,
    /// The profile in use, for the settings of the command.
    pub(crate) profile: Option<Profile>,
    pub(crate) warnings: Vec<String>,
}

/// The settings that are durations.
#[derive(Debug, Clone)]
pub(crate) struct Timeouts {
    /// Lifetime of the signatures made here, of which whole seconds count.
    pub(crate) expire: Setting<GivenDuration>,
    /// Longest wait for one try of a request.
    pub(crate) timeout: Setting<GivenDuration>,
    /// Longest wait for a connection.
    pub(crate) connect_timeout: Setting<GivenDuration>,
}

/// What signatures are made and checked with offline.
#[derive(Debug, Clone)]
pub(crate) struct SigningSettings {
    pub(crate) sdkappid: Setting<u32>,
    pub(crate) identifier: Setting<UserId>,
    pub(crate) key: SecretKey,
    /// Lifetime of a signature, of which whole seconds count.
    pub(crate) expire: Setting<GivenDuration>,
    pub(crate) warnings: Vec<String>,
    pub(crate) setting_lines: Vec<SettingLine>,
}

/// A line of `-v`: a value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingLine {
    /// The profile key, or another name if the setting has none.
    pub(crate) name: &'static str,
    /// Only the kind of a secret.
    pub(crate) value: String,
    pub(crate) source: Source,
}

impl Settings {
    /// Every value and its source, in the order of the table.
    pub(crate) fn setting_lines(&self) -> Vec<SettingLine> {
        let Timeouts {
            expire,
            timeout,
            connect_timeout,
        } = &self.timeouts;
        let mut lines = vec![
            line("sdkappid", &self.sdkappid, u32::to_string),
            line("identifier", &self.identifier, ToString::to_string),
            line("credential", &self.credential, Credential::describe),
            line("endpoint", &self.destination.endpoint, ToString::to_string),
            line("tls_roots", &self.trust.tls_roots, |roots| {
                roots.name().into()
            }),
            line("expire", expire, GivenDuration::to_string),
            line("timeout", timeout, GivenDuration::to_string),
            line("connect_timeout", connect_timeout, GivenDuration::to_string),
        ];
        let proxy = self.proxy.as_ref();
        lines.extend(proxy.map(|proxy| line("proxy", proxy, ToString::to_string)));
        let ca_file = self.trust.ca_file.as_ref();
        lines.extend(ca_file.map(|file| line("ca_file", file, |file| display_path(&file.path))));
        lines
    }
}

impl fmt::Display for SettingLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.name, self.value, self.source)
    }
}

pub(super) fn line<T>(
    name: &'static str,
    setting: &Setting<T>,
    show: impl FnOnce(&T) -> String,
) -> SettingLine {
    SettingLine {
        name,
        value: show(&setting.value),
        source: setting.source.clone(),
    }
}
