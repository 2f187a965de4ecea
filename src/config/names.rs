//! The names of every setting: its flag, its variable, its profile key.
//!
//! One table, because errors, hints, provenance and help name all three. Values
//! are handled elsewhere.

/// Where a setting may come from; what has none of a kind cannot come from it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SettingSpec {
    pub(super) flag: Option<&'static str>,
    pub(super) variable: Option<&'static str>,
    pub(super) key: Option<&'static str>,
    /// Its value must appear nowhere.
    pub(super) is_secret: bool,
}

macro_rules! names {
    ($($constant:ident = $flag:expr, $variable:expr, $key:expr $(, $secret:ident)?;)*) => {
        /// Every setting, in the order of the contract.
        pub(super) const ALL: &[&SettingSpec] = &[$(&$constant),*];
    $(
        pub(super) const $constant: SettingSpec = SettingSpec {
            flag: $flag,
            variable: $variable,
            key: $key,
            is_secret: names!(@ $($secret)?),
        };
    )*};
    (@ secret) => { true };
    (@) => { false };
}

names! {
    PROFILE = Some("--profile"), Some("ROOMCTL_PROFILE"), None;
    CONFIG = Some("--config"), Some("ROOMCTL_CONFIG"), None;
    SDKAPPID = Some("--sdkappid"), Some("ROOMCTL_SDKAPPID"), Some("sdkappid");
    IDENTIFIER = Some("--identifier"), Some("ROOMCTL_IDENTIFIER"), Some("identifier");
    SECRET_KEY = Some("--secret-key"), Some("ROOMCTL_SECRET_KEY"), Some("secret_key"), secret;
    SECRET_KEY_FILE = Some("--secret-key-file"), Some("ROOMCTL_SECRET_KEY_FILE"), Some("secret_key_file");
    SECRET_KEY_COMMAND = None, None, Some("secret_key_command");
    USERSIG = Some("--usersig"), Some("ROOMCTL_USERSIG"), Some("usersig"), secret;
    USERSIG_FILE = Some("--usersig-file"), Some("ROOMCTL_USERSIG_FILE"), Some("usersig_file");
    REGION = Some("--region"), Some("ROOMCTL_REGION"), Some("region");
    ENDPOINT = Some("--endpoint"), Some("ROOMCTL_ENDPOINT"), Some("endpoint");
    CA_FILE = Some("--ca-file"), Some("ROOMCTL_CA_FILE"), Some("ca_file");
    TLS_ROOTS = Some("--tls-roots"), Some("ROOMCTL_TLS_ROOTS"), Some("tls_roots");
    EXPIRE = Some("--expire"), Some("ROOMCTL_EXPIRE"), Some("expire");
    TIMEOUT = Some("--timeout"), Some("ROOMCTL_TIMEOUT"), Some("timeout");
    CONNECT_TIMEOUT = Some("--connect-timeout"), Some("ROOMCTL_CONNECT_TIMEOUT"), Some("connect_timeout");
    OUTPUT = Some("--output"), Some("ROOMCTL_OUTPUT"), Some("output");
    AUDIT = Some("--audit"), Some("ROOMCTL_AUDIT"), Some("audit");
    COLOR = Some("--color"), Some("ROOMCTL_COLOR"), None;
}

/// The variables that settings come from, each with its flag and its profile
/// key where there is one.
pub fn variables() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    let named = |name: &&SettingSpec| Some((name.variable?, name.flag?, name.key));
    ALL.iter().filter_map(named)
}

impl SettingSpec {
    /// Every place the setting can be given in, as a hint lists them.
    pub(super) fn places(&self) -> String {
        let key = self.key.map(|key| format!("`{key}` in a profile"));
        let named = [self.flag, self.variable].map(|name| name.map(str::to_owned));
        let places: Vec<String> = named.into_iter().chain([key]).flatten().collect();
        match places.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_names_flag_variable_and_profile_key() {
        assert_eq!(
            SDKAPPID.places(),
            "--sdkappid, ROOMCTL_SDKAPPID or `sdkappid` in a profile"
        );
        assert_eq!(
            SECRET_KEY_COMMAND.places(),
            "`secret_key_command` in a profile"
        );
    }
}
