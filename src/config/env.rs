//! The environment, read once and passed on.
//!
//! No other code reads variables. White space around a value is removed, and an
//! empty variable counts as unset. Values are never printed, because some of them are keys.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use super::pasted::trimmed;

/// Variables by name.
#[derive(Clone, Default)]
pub(crate) struct Env(BTreeMap<OsString, OsString>);

impl Env {
    /// The environment of this process.
    pub(crate) fn from_process() -> Self {
        #[allow(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let variables = std::env::vars_os();
        Self(variables.collect())
    }

    /// Only these variables.
    pub(crate) fn from_pairs<N: Into<OsString>, V: Into<OsString>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let owned = |(name, value): (N, V)| (name.into(), value.into());
        Self(pairs.into_iter().map(owned).collect())
    }

    /// The variable as the system has it, because file names need not be UTF-8,
    /// but without white space around it.
    pub(crate) fn get_os(&self, name: &str) -> Option<&OsStr> {
        let value = self.0.get(OsStr::new(name))?;
        let value = value
            .to_str()
            .map_or(value.as_os_str(), |text| OsStr::new(trimmed(text)));
        (!value.is_empty()).then_some(value)
    }

    /// `HOME`, if it is set to a whole path.
    pub(crate) fn home(&self) -> Option<&Path> {
        let home = self.get_os("HOME").map(Path::new);
        home.filter(|home| home.is_absolute())
    }

    /// `HOME`, if it is set to something that depends on the current folder.
    pub(crate) fn relative_home(&self) -> Option<&Path> {
        let home = self.get_os("HOME").map(Path::new);
        home.filter(|home| home.is_relative())
    }

    /// Whether a terminal, if there is one, can move its cursor.
    pub(crate) fn can_draw(&self) -> bool {
        self.get_os("TERM").is_some_and(|term| term != "dumb")
    }

    /// Whether locale and terminal have characters beyond ASCII.
    pub(crate) fn is_unicode(&self) -> bool {
        let mut locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
        let locale = locale.find_map(|name| self.get_os(name));
        let locale = locale.map(|name| name.to_string_lossy().to_ascii_lowercase());
        self.can_draw()
            && locale.is_some_and(|name| name.contains("utf-8") || name.contains("utf8"))
    }

    /// The folder for configuration: `XDG_CONFIG_HOME`, else `~/.config`. A
    /// relative one is ignored, as the XDG specification demands.
    pub(crate) fn config_home(&self) -> Option<PathBuf> {
        let xdg = self.get_os("XDG_CONFIG_HOME").map(PathBuf::from);
        xdg.filter(|path| path.is_absolute())
            .or_else(|| Some(self.home()?.join(".config")))
    }

    /// The folder for what programs remember: `XDG_STATE_HOME`, else `~/.local/state`.
    /// A relative one is ignored as well.
    pub(crate) fn state_home(&self) -> Option<PathBuf> {
        let xdg = self.get_os("XDG_STATE_HOME").map(PathBuf::from);
        xdg.filter(|path| path.is_absolute())
            .or_else(|| Some(self.home()?.join(".local/state")))
    }

    /// `path` with a leading `~` or `~/` replaced; None if that needs HOME and
    /// HOME is not set.
    pub(crate) fn expand(&self, path: &Path) -> Option<PathBuf> {
        match path.strip_prefix("~") {
            Ok(rest) if rest.as_os_str().is_empty() => self.home().map(Path::to_owned),
            Ok(rest) => Some(self.home()?.join(rest)),
            Err(_) => Some(path.to_owned()),
        }
    }
}

/// The number of variables, never their values.
impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Env({} variables)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_unset() {
        let env = Env::from_pairs([("ROOMCTL_REGION", ""), ("ROOMCTL_TIMEOUT", " 1s\r\n")]);
        assert_eq!(env.get_os("ROOMCTL_REGION"), None);
        let blanks = Env::from_pairs([("ROOMCTL_REGION", " \u{a0}\u{feff}\n")]);
        assert_eq!(blanks.get_os("ROOMCTL_REGION"), None);
        assert_eq!(env.get_os("ROOMCTL_TIMEOUT"), Some(OsStr::new("1s")));
        assert_eq!(env.home(), None);
    }

    #[test]
    fn a_relative_home_is_not_used() {
        let env = Env::from_pairs([("HOME", "h")]);
        assert_eq!((env.home(), env.config_home()), (None, None));
        assert_eq!(env.relative_home(), Some(Path::new("h")));
        assert_eq!(env.expand(Path::new("~/k")), None);
    }

    #[test]
    fn debug_shows_no_value() {
        let env = Env::from_pairs([("ROOMCTL_SECRET_KEY", "canary")]);
        assert_eq!(format!("{env:?}"), "Env(1 variables)");
    }

    #[test]
    fn a_relative_xdg_config_home_is_ignored() {
        let home = ("HOME", "/h");
        let config_home = |xdg| Env::from_pairs([home, ("XDG_CONFIG_HOME", xdg)]).config_home();
        assert_eq!(config_home("/x"), Some("/x".into()));
        assert_eq!(config_home("x"), Some("/h/.config".into()));
        assert_eq!(config_home(""), Some("/h/.config".into()));
        assert_eq!(Env::default().config_home(), None);
    }

    #[test]
    fn a_tilde_is_the_home_and_only_in_front() {
        let env = Env::from_pairs([("HOME", "/h")]);
        let expand = |path: &str| env.expand(Path::new(path));
        assert_eq!(expand("~/k"), Some("/h/k".into()));
        assert_eq!(expand("~"), Some("/h".into()));
        assert_eq!(expand("a/~/k"), Some("a/~/k".into()));
        assert_eq!(expand("~other/k"), Some("~other/k".into()));
        assert_eq!(Env::default().expand(Path::new("~/k")), None);
    }
}
