//! The environment, read once and handed in.
//!
//! The only place of the product that reads variables. An empty variable is
//! unset, as everywhere in the contract. Values are never printed: some of
//! them are keys.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use super::error::{Error, Problem};

/// Variables by name.
#[derive(Clone, Default)]
pub struct Env(BTreeMap<OsString, OsString>);

impl Env {
    /// This process's own.
    pub fn from_process() -> Self {
        #[allow(clippy::disallowed_methods, reason = "this is the one place")]
        let variables = std::env::vars_os();
        Self(variables.collect())
    }

    /// These and no others.
    pub fn from_pairs<N: Into<OsString>, V: Into<OsString>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let owned = |(name, value): (N, V)| (name.into(), value.into());
        Self(pairs.into_iter().map(owned).collect())
    }

    /// The variable's text; exit 3 naming it when that is not UTF-8.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Error> {
        let not_utf8 = || Error::from(Problem::config(format!("{name}: is not UTF-8")));
        self.get_os(name)
            .map(|value| value.to_str().ok_or_else(not_utf8))
            .transpose()
    }

    /// The variable as the system has it; file names need not be UTF-8.
    pub fn get_os(&self, name: &str) -> Option<&OsStr> {
        let value = self.0.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value.as_os_str())
    }

    /// `HOME`, where it is set.
    pub fn home(&self) -> Option<&Path> {
        self.get_os("HOME").map(Path::new)
    }

    /// Whether a terminal, if there is one, can move its cursor.
    pub fn can_draw(&self) -> bool {
        self.get_os("TERM").is_some_and(|term| term != "dumb")
    }

    /// Whether the locale has characters beyond ASCII, and the terminal, too.
    pub fn is_unicode(&self) -> bool {
        let mut locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
        let locale = locale.find_map(|name| self.get_os(name));
        let locale = locale.map(|name| name.to_string_lossy().to_ascii_lowercase());
        self.can_draw()
            && locale.is_some_and(|name| name.contains("utf-8") || name.contains("utf8"))
    }

    /// The directory for configuration: `XDG_CONFIG_HOME`, else `~/.config`.
    /// The specification says that a relative one is to be ignored.
    pub(super) fn config_home(&self) -> Option<PathBuf> {
        let xdg = self.get_os("XDG_CONFIG_HOME").map(PathBuf::from);
        xdg.filter(|path| path.is_absolute())
            .or_else(|| Some(self.home()?.join(".config")))
    }

    /// `path` with a leading `~` or `~/` replaced; None when that needs a HOME
    /// and there is none.
    pub(super) fn expand(&self, path: &Path) -> Option<PathBuf> {
        match path.strip_prefix("~") {
            Ok(rest) if rest.as_os_str().is_empty() => self.home().map(Path::to_owned),
            Ok(rest) => Some(self.home()?.join(rest)),
            Err(_) => Some(path.to_owned()),
        }
    }
}

/// How many, never which values.
impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Env({} variables)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn an_empty_variable_is_unset() {
        let env = Env::from_pairs([("ROOMCTL_REGION", ""), ("ROOMCTL_TIMEOUT", "1s")]);
        assert_eq!(env.get("ROOMCTL_REGION"), Ok(None));
        assert_eq!(env.get("ROOMCTL_TIMEOUT"), Ok(Some("1s")));
        assert_eq!(env.home(), None);
    }

    #[test]
    fn a_variable_that_is_not_utf8_is_named_and_not_shown() {
        let env = Env::from_pairs([("ROOMCTL_REGION", OsString::from_vec(vec![0xff, b'x']))]);
        let error = env.get("ROOMCTL_REGION").expect_err("not UTF-8");
        assert_eq!(error.to_string(), "ROOMCTL_REGION: is not UTF-8");
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
