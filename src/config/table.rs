//! The table of settings: one row per setting.
//!
//! All code about settings reads it: the flags of the connection, the
//! environment, profiles (reading and writing), precedence, contradictions, help and the
//! page roomctl.toml(5). A new setting is a row, a field of [`super::Settings`], its use.

use super::choice::{self, CheckRoom, ColorWhen, ConfirmBy, Format, TlsRoots};
pub(crate) use super::setting_spec::{Group, Kind, SettingSpec};
use crate::api::Region;
use crate::room::MAX_RATE;

/// A row with what most rows have in common.
const ROW: SettingSpec = SettingSpec {
    flag: None,
    variable: None,
    key: None,
    kind: Kind::Text,
    group: Group::Job,
    value_name: "",
    default: None,
    help: "",
    key_help: None,
};

macro_rules! settings {
    ($($name:ident { $($field:ident: $value:expr),* $(,)? })*) => {
        /// Every setting, in the order of help and of documents.
        pub(crate) const SETTINGS: &[&SettingSpec] = &[$(&$name),*];
        $(pub(crate) const $name: SettingSpec = SettingSpec { $($field: $value,)* ..ROW };)*
    };
}

settings! {
    PROFILE {
        flag: Some("--profile"),
        variable: Some("ROOMCTL_PROFILE"),
        group: Group::Profile,
        value_name: "NAME",
        help: "Profile to use",
    }
    CONFIG {
        flag: Some("--config"),
        variable: Some("ROOMCTL_CONFIG"),
        kind: Kind::File,
        group: Group::ConfigFile,
        value_name: "FILE",
        default: Some("$XDG_CONFIG_HOME/roomctl/config.toml"),
        help: "Configuration file",
    }
    SDKAPPID {
        flag: Some("--sdkappid"),
        variable: Some("ROOMCTL_SDKAPPID"),
        key: Some("sdkappid"),
        kind: Kind::Integer,
        group: Group::Account,
        value_name: "N",
        help: "SDKAppID of the app",
    }
    IDENTIFIER {
        flag: Some("--identifier"),
        variable: Some("ROOMCTL_IDENTIFIER"),
        key: Some("identifier"),
        group: Group::Account,
        value_name: "ID",
        help: "The calling account, an App administrator",
    }
    SECRET_KEY {
        flag: Some("--secret-key"),
        variable: Some("ROOMCTL_SECRET_KEY"),
        key: Some("secret_key"),
        kind: Kind::Secret,
        group: Group::Key,
        value_name: "KEY",
        help: "The app's secret key; other users see it in the process list, so prefer --secret-key-file",
        key_help: Some("The app's secret key; better in a file of its own"),
    }
    SECRET_KEY_FILE {
        flag: Some("--secret-key-file"),
        variable: Some("ROOMCTL_SECRET_KEY_FILE"),
        key: Some("secret_key_file"),
        kind: Kind::File,
        group: Group::Key,
        value_name: "FILE",
        help: "File with the secret key, - for stdin",
    }
    SECRET_KEY_COMMAND {
        key: Some("secret_key_command"),
        kind: Kind::Program,
        group: Group::Key,
        key_help: Some(
            "A program that prints the secret key on stdout, and its arguments. It is run \
             without a shell, for at most 30 seconds, and does not find the key in its \
             environment. A dry run does not run it, unless it reads member lists"
        ),
    }
    USERSIG {
        flag: Some("--usersig"),
        variable: Some("ROOMCTL_USERSIG"),
        key: Some("usersig"),
        kind: Kind::Secret,
        group: Group::UserSig,
        value_name: "SIG",
        help: "A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file",
        key_help: Some("A ready-made UserSig in place of the key"),
    }
    USERSIG_FILE {
        flag: Some("--usersig-file"),
        variable: Some("ROOMCTL_USERSIG_FILE"),
        key: Some("usersig_file"),
        kind: Kind::File,
        group: Group::UserSig,
        value_name: "FILE",
        help: "File with a ready-made UserSig, - for stdin",
    }
    REGION {
        flag: Some("--region"),
        variable: Some("ROOMCTL_REGION"),
        key: Some("region"),
        kind: Kind::Choice(choice::names::<Region>),
        group: Group::Destination,
        value_name: "REGION",
        default: Some("singapore"),
        help: "Data centre of the app",
    }
    ENDPOINT {
        flag: Some("--endpoint"),
        variable: Some("ROOMCTL_ENDPOINT"),
        key: Some("endpoint"),
        kind: Kind::Url,
        group: Group::Destination,
        value_name: "URL",
        help: "Base URL in place of the region's",
    }
    CA_FILE {
        flag: Some("--ca-file"),
        variable: Some("ROOMCTL_CA_FILE"),
        key: Some("ca_file"),
        kind: Kind::File,
        group: Group::Trust,
        value_name: "FILE",
        help: "PEM certificates to trust in addition to the built-in ones",
    }
    TLS_ROOTS {
        flag: Some("--tls-roots"),
        variable: Some("ROOMCTL_TLS_ROOTS"),
        key: Some("tls_roots"),
        kind: Kind::Choice(choice::names::<TlsRoots>),
        group: Group::Trust,
        value_name: "ROOTS",
        default: Some("bundled"),
        help: "Root certificates to trust; system is for networks that re-sign TLS",
    }
    EXPIRE {
        flag: Some("--expire"),
        variable: Some("ROOMCTL_EXPIRE"),
        key: Some("expire"),
        kind: Kind::Duration,
        group: Group::Lifetime,
        value_name: "DURATION",
        default: Some("24h"),
        help: "Lifetime of each UserSig made here",
    }
    TIMEOUT {
        flag: Some("--timeout"),
        variable: Some("ROOMCTL_TIMEOUT"),
        key: Some("timeout"),
        kind: Kind::Duration,
        group: Group::Timeouts,
        value_name: "DURATION",
        default: Some("10s"),
        help: "Longest wait for one try of a request",
    }
    CONNECT_TIMEOUT {
        flag: Some("--connect-timeout"),
        variable: Some("ROOMCTL_CONNECT_TIMEOUT"),
        key: Some("connect_timeout"),
        kind: Kind::Duration,
        group: Group::Timeouts,
        value_name: "DURATION",
        default: Some("5s"),
        help: "Longest wait for a connection",
    }
    SANDBOX {
        flag: Some("--sandbox"),
        kind: Kind::Switch,
        group: Group::Sandbox,
        help: "Run against a sandbox inside this process, with a demo room; needs no credentials",
    }
    OUTPUT {
        flag: Some("--output"),
        variable: Some("ROOMCTL_OUTPUT"),
        key: Some("output"),
        kind: Kind::Choice(choice::names::<Format>),
        group: Group::Output,
        value_name: "FORMAT",
        default: Some("text"),
    }
    REASON {
        flag: Some("--reason"),
        key: Some("reason"),
    }
    RATE {
        flag: Some("--rate"),
        key: Some("rate"),
        kind: Kind::Count(1, MAX_RATE),
        key_help: Some("Requests started per second, retries included [default: 190]"),
    }
    RATE_SCOPE {
        flag: Some("--rate-scope"),
        variable: Some("ROOMCTL_RATE_SCOPE"),
        key: Some("rate_scope"),
        kind: Kind::Scope,
        value_name: "SCOPE",
        default: Some("process"),
    }
    MAX_MEMBERS {
        flag: Some("--max-members"),
        key: Some("max_members"),
        kind: Kind::Count(0, u32::MAX),
    }
    PROTECT {
        flag: Some("--protect"),
        key: Some("protect"),
        kind: Kind::List,
        key_help: Some(
            "UserIDs that match one of these patterns (* and ? are wildcards) are never kicked or \
             banned"
        ),
    }
    CONFIRM {
        key: Some("confirm"),
        kind: Kind::Choice(choice::names::<ConfirmBy>),
        key_help: Some(
            "name asks to type the profile's name before kick, ban and unban, for any number of \
             members. As every question, only where stdin and stderr are terminals, and not with \
             --yes or --stream"
        ),
    }
    CHECK_ROOM {
        flag: Some("--check-room"),
        key: Some("check_room"),
        kind: Kind::Choice(choice::names::<CheckRoom>),
        value_name: "WHEN",
        default: Some("auto"),
    }
    AUDIT {
        flag: Some("--audit"),
        variable: Some("ROOMCTL_AUDIT"),
        key: Some("audit"),
        kind: Kind::File,
        value_name: "FILE",
        key_help: Some(
            "The file to which each outcome is appended: who removed which member, when and why"
        ),
    }
    COLOR {
        flag: Some("--color"),
        variable: Some("ROOMCTL_COLOR"),
        kind: Kind::Choice(choice::names::<ColorWhen>),
        group: Group::Output,
        value_name: "WHEN",
        default: Some("auto"),
    }
}

/// The rows of these groups.
pub(crate) fn of_groups(groups: &[Group]) -> impl Iterator<Item = &'static SettingSpec> {
    let is_in = |spec: &&SettingSpec| groups.contains(&spec.group);
    SETTINGS.iter().copied().filter(is_in)
}

/// Whether the value of this flag must not be shown.
pub(crate) fn is_secret_flag(flag: &str) -> bool {
    let mut named = SETTINGS.iter().filter(|spec| spec.flag == Some(flag));
    named.any(|spec| matches!(spec.kind, Kind::Secret))
}

/// The rows that a profile can have, each with its key.
pub(crate) fn profile_keys() -> impl Iterator<Item = (&'static str, &'static SettingSpec)> {
    SETTINGS.iter().filter_map(|spec| Some((spec.key?, *spec)))
}

/// The settings that have a variable: variable, flag, profile key.
pub(crate) fn variables() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)>
{
    let named = |spec: &&SettingSpec| Some((spec.variable?, spec.flag?, spec.key));
    SETTINGS.iter().filter_map(named)
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
