//! `--rate-scope`: who shares the rate of one app.
//!
//! The URL of a Redis may contain a password, which is a secret like the key. So a
//! wrong value is never repeated in a message.

use std::fmt;

use super::choice::nearest;
use super::env::Env;
use super::layers::Layers;
use super::profile::Profile;
use super::table::RATE_SCOPE;
use super::value::{Flags, RawValue, SecretText, Setting, Source};
use crate::error::Problem;
use crate::redis::{RedisUrl, RedisUrlError};

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

const VALUES: &str =
    "process, host, redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], rediss://… (TLS)";

impl RateScope {
    /// The error says what is wrong with it as the URL of a Redis.
    pub(crate) fn parse(text: &str) -> Result<Self, RedisUrlError> {
        match text.to_ascii_lowercase().as_str() {
            "process" => Ok(Self::Process),
            "host" => Ok(Self::Host),
            _ => RedisUrl::parse(text).map(Self::Redis),
        }
    }

    pub(crate) fn has_password(&self) -> bool {
        matches!(self, Self::Redis(url) if url.password.is_some())
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
        Ok(scope) => Ok(raw.setting(scope)),
        Err(RedisUrlError::Scheme) => Err(raw.problem(
            "is neither process, host nor the URL of a Redis",
            hint(text),
        )),
        Err(why) => Err(raw.problem(format!("the URL {why}"), why.remedy())),
    }
}

fn hint(text: &str) -> String {
    let words = ["process", "host", "redis", "rediss"];
    // What begins a URL may be a misspelt scheme; what follows may be a password.
    let word = text.split("://").next().unwrap_or_default();
    match nearest(word, words) {
        Some(scheme @ ("redis" | "rediss")) => {
            format!("write {scheme}://HOST[:PORT]; or process, or host")
        }
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
            Ok(RateScope::Redis(url)) => url,
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
        let password = |url: &RedisUrl| url.password.as_ref().map(|one| one.expose().to_owned());
        assert_eq!(url.user.as_deref(), Some("me"));
        assert_eq!(password(&url).as_deref(), Some("p@ss"));
        let plain = redis("redis://[::1]");
        assert_eq!(
            (plain.host.as_str(), plain.port, plain.database),
            ("::1", 6379, 0)
        );
        assert_eq!(plain.to_string(), "redis://[::1]:6379/0");
        assert_eq!(
            password(&redis("redis://:a/b@c@h")).as_deref(),
            Some("a/b@c")
        );
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
            assert!(RateScope::parse(bad).is_err(), "{bad}");
        }
        assert!(matches!(RateScope::parse("HOST"), Ok(RateScope::Host)));
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
