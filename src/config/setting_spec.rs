//! What is known about a setting before it has a value: where it can be given, what it
//! holds, what it belongs to. [`super::table`] has one of these for each setting.

/// A row: where the setting can be given, what it holds, what it belongs to.
#[derive(Debug)]
pub(crate) struct SettingSpec {
    /// With its dashes.
    pub(crate) flag: Option<&'static str>,
    pub(crate) variable: Option<&'static str>,
    /// Key of a profile.
    pub(crate) key: Option<&'static str>,
    pub(crate) kind: Kind,
    pub(crate) group: Group,
    /// The placeholder of the value in help.
    pub(crate) value_name: &'static str,
    /// The built-in value, as a user would write it.
    pub(crate) default: Option<&'static str>,
    /// Help of the flag; variable and default are added. Empty if a command defines it.
    pub(crate) help: &'static str,
    /// Meaning of the profile key, if it differs from the help of the flag.
    pub(crate) key_help: Option<&'static str>,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// A text that must not be shown.
    Secret,
    /// A URL; a wrong one may have a password in it.
    Url,
    /// A word, or a URL that may have a password in it.
    Scope,
    /// The name of a file.
    File,
    /// A number and its unit: `10s`.
    Duration,
    /// One of these words.
    Choice(fn() -> Vec<&'static str>),
    /// A number whose range is checked where it is used.
    Integer,
    /// A number from the first to the second.
    Count(u32, u32),
    /// Texts of printable ASCII, none of them empty.
    List,
    /// A program and its arguments.
    Program,
    /// A flag without a value.
    Switch,
}

/// Settings that are used together. A command names the groups that it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Which profile.
    Profile,
    /// Which configuration file.
    ConfigFile,
    /// The app and the calling account.
    Account,
    /// The secret key. One value together with [`Group::UserSig`].
    Key,
    /// A ready-made signature.
    UserSig,
    /// Region or endpoint: one value.
    Destination,
    /// TLS certificates.
    Trust,
    /// Lifetime of the signatures that are made.
    Lifetime,
    /// Limits of a request.
    Timeouts,
    /// The in-process sandbox.
    Sandbox,
    /// How results are printed.
    Output,
    /// Settings of kick, ban and unban.
    Job,
}

/// Rows are the same setting when they share the flag and the key.
impl PartialEq for SettingSpec {
    fn eq(&self, other: &Self) -> bool {
        (self.flag, self.key) == (other.flag, other.key)
    }
}

impl SettingSpec {
    /// The rows whose flags [`super::ConnectionArgs`] defines.
    pub(crate) fn is_connection(&self) -> bool {
        !matches!(self.group, Group::Output | Group::Job)
    }

    /// Whether this is the name of a file with a key or a signature.
    pub(crate) fn is_secret_file(&self) -> bool {
        let is_secret = matches!(self.group, Group::Key | Group::UserSig);
        is_secret && matches!(self.kind, Kind::File)
    }

    /// Every place where the setting can be given, for a hint; `profile` is
    /// `a profile`, or `profile NAME` where one is chosen.
    pub(crate) fn places(&self, profile: &str) -> String {
        let key = self.key.map(|key| format!("`{key}` in {profile}"));
        let named = [self.flag, self.variable].map(|name| name.map(str::to_owned));
        let places: Vec<String> = named.into_iter().chain([key]).flatten().collect();
        match places.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        }
    }

    /// The help of the flag: meaning, variable and default. Every start builds it
    /// for all rows, so it is joined and not formatted: a tenth of the cost.
    pub(crate) fn flag_help(&self) -> String {
        let mut text = String::with_capacity(160);
        text.push_str(self.help);
        for (label, value) in [("env", self.variable), ("default", self.default)] {
            if let Some(value) = value {
                text.extend([" [", label, ": ", value, "]"]);
            }
        }
        text
    }

    /// The hint about a wrong value: how to write the key in a profile.
    pub(crate) fn example(&self) -> String {
        let value = match self.kind {
            Kind::Duration => "\"10s\"",
            Kind::Integer => "1400000000",
            Kind::Count(..) => "100",
            Kind::List => "[\"host-*\"]",
            Kind::Program => "[\"PROGRAM\", \"ARGUMENT\"]",
            _ => "\"…\"",
        };
        format!("write {} = {value}", self.key.unwrap_or_default())
    }
}

impl Kind {
    /// What a profile holds for it, with the article.
    pub(crate) fn in_toml(self) -> String {
        match self {
            Self::Duration => "a string with a duration and its unit".into(),
            Self::Integer => "a number without quotes".into(),
            Self::Count(least, most) => format!("a number from {least} to {most}, without quotes"),
            Self::List => "an array of strings of printable ASCII, none of them empty".into(),
            Self::Program => "an array of strings, the program first".into(),
            _ => "a string".into(),
        }
    }
}
