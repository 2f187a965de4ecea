//! `--rate-scope`: who shares the rate of one app.
//!
//! The URL of a Redis may contain a password, which is a secret like the key. So a
//! wrong value is never repeated in a message.

use std::fmt;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};

use super::choice::nearest;
use super::env::Env;
use super::layers::Layers;
use super::profile::Profile;
use super::table::RATE_SCOPE;
use super::value::{Flags, RawValue, SecretText, Setting, Source};
use crate::error::Problem;

/// Where the slots of requests come from.
#[derive(Debug, Clone)]
pub(crate) enum RateScope {
    /// This process alone.
    Process,
    /// All processes of this user on this machine.
    Host,
    /// All processes that use this Redis.
    Redis(RedisUrl),
}

/// A Redis, with what is needed to log in. User and password are decoded.
#[derive(Clone)]
pub(crate) struct RedisUrl {
    /// `rediss`: with TLS.
    pub(crate) is_tls: bool,
    /// Without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The number of the database.
    pub(crate) database: u32,
    /// Empty if none is given.
    pub(crate) user: SecretString,
    /// Empty if none is given.
    pub(crate) password: SecretString,
}

/// Redis listens there unless it is told otherwise.
const DEFAULT_PORT: u16 = 6379;

const VALUES: &str =
    "process, host, redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], rediss://… (TLS)";

impl RateScope {
    /// None if it is none of them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "process" => Some(Self::Process),
            "host" => Some(Self::Host),
            _ => RedisUrl::parse(text).map(Self::Redis),
        }
    }

    /// Whether the value has a password in it, or a user name, which people mistake
    /// for the password's place.
    pub(crate) fn has_password(&self) -> bool {
        matches!(self, Self::Redis(url) if url.has_login())
    }
}

/// Without a password.
impl fmt::Display for RateScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process => f.write_str("process"),
            Self::Host => f.write_str("host"),
            Self::Redis(url) => write!(f, "{url}"),
        }
    }
}

impl RedisUrl {
    /// A password may have any characters but white space, encoded with `%` or not:
    /// the last `@` ends it.
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let is_tls = match scheme.to_ascii_lowercase().as_str() {
            "redis" => false,
            "rediss" => true,
            _ => return None,
        };
        let (login, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        let (host, port) = split_port(authority)?;
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-._:%".contains(c);
        let is_good = !host.is_empty() && host.chars().all(is_host);
        let is_good = is_good && !login.contains(char::is_whitespace);
        let database = match database {
            "" => 0,
            number => number.parse().ok()?,
        };
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        is_good.then(|| {
            Some(Self {
                is_tls,
                host: host.to_owned(),
                port,
                database,
                user: decoded(user)?,
                password: decoded(password)?,
            })
        })?
    }

    fn has_login(&self) -> bool {
        let texts = [&self.user, &self.password];
        texts.iter().any(|text| !text.expose_secret().is_empty())
    }
}

/// Host without brackets, and port.
fn split_port(authority: &str) -> Option<(&str, u16)> {
    let port = |text: &str| text.parse().ok().filter(|port| *port > 0);
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(text) => Some((host, port(text)?)),
            None => rest.is_empty().then_some((host, DEFAULT_PORT)),
        };
    }
    match authority.split_once(':') {
        Some((host, text)) => Some((host, port(text)?)),
        None => Some((authority, DEFAULT_PORT)),
    }
}

fn decoded(text: &str) -> Option<SecretString> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(SecretString::from(decoded.into_owned()))
}

/// Without user and password.
impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls { "rediss" } else { "redis" };
        let login = if self.has_login() { "[redacted]@" } else { "" };
        let (host, port) = (&self.host, self.port);
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.clone()
        };
        write!(f, "{scheme}://{login}{host}:{port}/{}", self.database)
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisUrl({self})")
    }
}

/// The scope of the flag, the variable or the profile, else this process.
pub(crate) fn rate_scope(
    flag: Option<&SecretText>,
    env: &Env,
    profile: Option<&Profile>,
) -> Result<Setting<RateScope>, Problem> {
    let mut flags = Flags::default();
    if let Some(text) = flag {
        flags.set(&RATE_SCOPE, text.clone());
    }
    let Some(raw) = Layers::new(&flags, env, profile).raw_value(&RATE_SCOPE) else {
        return Ok(Setting::built_in(RateScope::Process));
    };
    parse(&raw)
}

/// The value of a flag, a variable or a profile.
fn parse(raw: &RawValue) -> Result<Setting<RateScope>, Problem> {
    let text = raw.text()?;
    match RateScope::parse(text) {
        Some(scope) => Ok(raw.setting(scope)),
        None => Err(raw.problem(
            "is neither process, host nor the URL of a Redis",
            hint(text),
        )),
    }
}

fn hint(text: &str) -> String {
    let words = ["process", "host", "redis", "rediss"];
    // What begins a URL may be a misspelt scheme; what follows may be a password.
    let word = text.split("://").next().unwrap_or_default();
    match nearest(word, words) {
        Some("redis") => "write redis://HOST[:PORT], with the special characters of a password \
                          as %XX; or process, or host"
            .into(),
        Some("rediss") => "write rediss://HOST[:PORT], with the special characters of a \
                           password as %XX; or process, or host"
            .into(),
        Some(near) => format!("did you mean {near}? There are: {VALUES}"),
        None => format!("there are: {VALUES}"),
    }
}

/// The warning about a password that other users of the machine can see.
pub(crate) fn scope_warning(scope: &Setting<RateScope>) -> Option<String> {
    let is_visible = matches!(scope.source, Source::Flag(_)) && scope.value.has_password();
    is_visible.then(|| {
        "--rate-scope: others can see the password on a command line (ps, the shell's history); \
         use ROOMCTL_RATE_SCOPE or rate_scope in a profile"
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redis(text: &str) -> RedisUrl {
        match RateScope::parse(text) {
            Some(RateScope::Redis(url)) => url,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_url_has_host_port_database_and_login() {
        let url = redis("rediss://me:p%40ss@cache.example:7000/3");
        assert!(url.is_tls);
        assert_eq!(
            (url.host.as_str(), url.port, url.database),
            ("cache.example", 7000, 3)
        );
        assert_eq!(url.user.expose_secret(), "me");
        assert_eq!(url.password.expose_secret(), "p@ss");
        let plain = redis("redis://[::1]");
        assert_eq!(
            (plain.host.as_str(), plain.port, plain.database),
            ("::1", 6379, 0)
        );
        assert_eq!(plain.to_string(), "redis://[::1]:6379/0");
        assert_eq!(redis("redis://:a/b@c@h").password.expose_secret(), "a/b@c");
    }

    #[test]
    fn what_is_not_a_scope_is_refused() {
        for bad in [
            "",
            "hots",
            "redis",
            "redis://",
            "redis:// x",
            "redis://h:0",
            "redis://h:x",
            "redis://h/x",
            "http://h",
            "redis://h:1:2",
            "redis://[::1",
            "redis://a b@h",
        ] {
            assert!(RateScope::parse(bad).is_none(), "{bad}");
        }
        assert!(matches!(RateScope::parse("HOST"), Some(RateScope::Host)));
    }

    #[test]
    fn no_message_shows_a_password() {
        for text in [
            "redis://u:canary@h:0",
            "canary",
            "redis://canary@h/x",
            "reds://u:canary@h",
            "redis://u:canary@",
        ] {
            let flag = SecretText::from(text);
            let problem = rate_scope(Some(&flag), &Env::default(), None).expect_err("wrong");
            assert!(!format!("{problem:?}").contains("canary"), "{problem:?}");
            assert_eq!(problem.exit.code(), 2);
        }
        let scope = RateScope::parse("redis://u:canary@h").expect("good");
        let shown = format!("{scope} {scope:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(scope.to_string(), "redis://[redacted]@h:6379/0");
    }

    #[test]
    fn a_wrong_word_gets_a_suggestion() {
        let flag = SecretText::from("hots");
        let problem = rate_scope(Some(&flag), &Env::default(), None).expect_err("wrong");
        assert!(
            problem.hint.starts_with("did you mean host?"),
            "{problem:?}"
        );
        let env = Env::from_pairs([("ROOMCTL_RATE_SCOPE", "machine")]);
        let problem = rate_scope(None, &env, None).expect_err("wrong");
        assert_eq!(problem.exit.code(), 3);
        assert!(
            problem.hint.starts_with("there are: process, host"),
            "{problem:?}"
        );
    }

    #[test]
    fn a_password_on_the_command_line_is_warned_of() {
        let of = |text: &str| {
            let flag = SecretText::from(text);
            scope_warning(&rate_scope(Some(&flag), &Env::default(), None).expect("good"))
        };
        assert!(
            of("redis://:pw@h")
                .expect("a warning")
                .starts_with("--rate-scope: ")
        );
        assert_eq!((of("redis://h"), of("host")), (None, None));
        let env = Env::from_pairs([("ROOMCTL_RATE_SCOPE", "redis://:pw@h")]);
        assert_eq!(
            scope_warning(&rate_scope(None, &env, None).expect("good")),
            None
        );
    }
}
