//! The flags of the contract's section 2, raw.
//!
//! Nothing is parsed here: no value parser can fail on a secret or echo one,
//! and clap reads no variable (house rule 13). [`super::resolve`] does both.
//! The flags may stand before and after the command: two structs, merged.

use std::ffi::{OsStr, OsString};
use std::marker::PhantomData;

use clap::builder::{OsStringValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command, ValueHint};

use super::choice::{self, Choice, ColorWhen, Format, TlsRoots};
use super::error::{Error, Problem, Problems};
use super::value::{FlagSource, RawData, SecretText};
use crate::api::Region;

/// Who calls, where to, and how patiently.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Connection")]
#[allow(
    clippy::doc_markdown,
    reason = "clap prints these comments as they are"
)]
pub struct ConnectionArgs {
    /// Profile to take what is not given otherwise [env: ROOMCTL_PROFILE]
    #[arg(long, hide_short_help = true, value_name = "NAME")]
    pub profile: Option<OsString>,
    /// Configuration file [env: ROOMCTL_CONFIG]
    /// [default: $XDG_CONFIG_HOME/roomctl/config.toml]
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<OsString>,
    /// The app [env: ROOMCTL_SDKAPPID]
    #[arg(long, hide_short_help = true, value_name = "N")]
    pub sdkappid: Option<OsString>,
    /// The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]
    #[arg(long, hide_short_help = true, value_name = "ID")]
    pub identifier: Option<OsString>,
    /// The app's secret key; others see it in the process list, so prefer
    /// --secret-key-file [env: ROOMCTL_SECRET_KEY]
    #[arg(long, hide_short_help = true, value_name = "KEY", value_parser = secret(), allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub secret_key: Option<SecretText>,
    /// File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub secret_key_file: Option<OsString>,
    /// A ready-made signature in place of the key; others see it in the process
    /// list, so prefer --usersig-file [env: ROOMCTL_USERSIG]
    #[arg(long, hide_short_help = true, value_name = "SIG", value_parser = secret(), allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub usersig: Option<SecretText>,
    /// File with a ready-made signature, - for stdin [env: ROOMCTL_USERSIG_FILE]
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub usersig_file: Option<OsString>,
    /// Data centre the app lives in [env: ROOMCTL_REGION] [default: singapore]
    #[arg(long, hide_short_help = true, value_name = "REGION", value_parser = OneOf::<Region>::new())]
    pub region: Option<OsString>,
    /// Base URL in place of the region's [env: ROOMCTL_ENDPOINT]
    #[arg(long, hide_short_help = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub endpoint: Option<OsString>,
    /// PEM certificates to trust beside the built-in ones [env: ROOMCTL_CA_FILE]
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca_file: Option<OsString>,
    /// Root certificates to trust; system is for networks that re-sign TLS
    /// [env: ROOMCTL_TLS_ROOTS] [default: bundled]
    #[arg(long, hide_short_help = true, value_name = "ROOTS", value_parser = OneOf::<TlsRoots>::new())]
    pub tls_roots: Option<OsString>,
    /// Lifetime of each signature made here [env: ROOMCTL_EXPIRE] [default: 24h]
    #[arg(long, hide_short_help = true, value_name = "DURATION")]
    pub expire: Option<OsString>,
    /// Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]
    #[arg(long, hide_short_help = true, value_name = "DURATION")]
    pub timeout: Option<OsString>,
    /// Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]
    #[arg(long, hide_short_help = true, value_name = "DURATION")]
    pub connect_timeout: Option<OsString>,
    /// Run against a sandbox inside this process, with a demo room; needs no
    /// credentials
    #[arg(long, hide_short_help = true)]
    pub sandbox: bool,
}

/// What is shown, and how.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Output")]
#[allow(
    clippy::doc_markdown,
    reason = "clap prints these comments as they are"
)]
pub struct OutputArgs {
    /// How to print results
    ///
    /// json is one object a line; errors and the summary on stderr are JSON,
    /// too. [env: ROOMCTL_OUTPUT] [default: text]
    #[arg(short, long, value_name = "FORMAT", value_parser = OneOf::<Format>::new())]
    pub output: Option<OsString>,
    /// When to use colour [env: ROOMCTL_COLOR] [default: auto]
    #[arg(long, hide_short_help = true, value_name = "WHEN", value_parser = OneOf::<ColorWhen>::new())]
    pub color: Option<OsString>,
    /// Only errors on stderr; stdout is untouched
    #[arg(short, long, hide_short_help = true)]
    pub quiet: bool,
    /// Say on stderr where every value came from, and each request (redacted)
    #[arg(short, long, hide_short_help = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// Takes whatever stands there: it cannot fail, so it cannot echo. That needs
/// `allow_hyphen_values`, too: a PEM block starts with dashes, and clap would
/// repeat it as an unknown flag.
pub(crate) fn secret() -> impl TypedValueParser<Value = SecretText> {
    OsStringValueParser::new().map(SecretText::from)
}

/// Tells help and completion what can be given, and accepts everything: what is
/// wrong with a value is said by [`super::resolve`], together with all else.
#[derive(Clone)]
struct OneOf<T>(PhantomData<T>);

impl<T> OneOf<T> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Choice> TypedValueParser for OneOf<T> {
    type Value = OsString;

    fn parse_ref(
        &self,
        _: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<OsString, clap::Error> {
        Ok(value.to_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(choice::names::<T>().map(PossibleValue::new)))
    }
}

/// The flags with a value, once for all that goes over them.
macro_rules! with_values {
    ($each:ident) => {
        $each! {
            profile "--profile", config "--config", sdkappid "--sdkappid",
            identifier "--identifier", secret_key "--secret-key",
            secret_key_file "--secret-key-file", usersig "--usersig",
            usersig_file "--usersig-file", region "--region", endpoint "--endpoint",
            ca_file "--ca-file", tls_roots "--tls-roots", expire "--expire",
            timeout "--timeout", connect_timeout "--connect-timeout"
        }
    };
}

impl ConnectionArgs {
    /// One struct of the flags before the command and those after it; the same
    /// flag in both places is exit 2.
    pub fn merge(self, later: Self) -> Result<Self, Error> {
        let mut twice = Problems::default();
        macro_rules! merged {
            ($($field:ident $flag:literal),*) => { Self {
                $($field: either(self.$field, later.$field, $flag, &mut twice),)*
                sandbox: either_switch(self.sandbox, later.sandbox, "--sandbox", &mut twice),
            } };
        }
        let merged = with_values!(merged);
        twice.into_result().map(|()| merged)
    }

    /// A flag that was given, for commands that have no use for any.
    pub fn first_given(&self) -> Option<&'static str> {
        self.first_given_besides(&[])
    }

    /// A flag that was given and is none of these.
    pub fn first_given_besides(&self, useful: &[&str]) -> Option<&'static str> {
        macro_rules! first {
            ($($field:ident $flag:literal),*) => {
                [$((self.$field.is_some(), $flag),)* (self.sandbox, "--sandbox")]
            };
        }
        let flags = with_values!(first);
        flags
            .into_iter()
            .find(|(given, flag)| *given && !useful.contains(flag))
            .map(|(_, flag)| flag)
    }
}

impl FlagSource for ConnectionArgs {
    fn value(&self, flag: &str) -> Option<RawData> {
        macro_rules! value {
            ($($field:ident $flag:literal),*) => { match flag {
                $($flag => self.$field.clone().map(RawData::from),)*
                _ => None,
            } };
        }
        with_values!(value)
    }
}

impl OutputArgs {
    /// As [`ConnectionArgs::merge`]; `-v` before and after the command add up.
    pub fn merge(self, later: Self) -> Result<Self, Error> {
        let mut twice = Problems::default();
        let merged = Self {
            output: either(self.output, later.output, "--output", &mut twice),
            color: either(self.color, later.color, "--color", &mut twice),
            quiet: either_switch(self.quiet, later.quiet, "--quiet", &mut twice),
            verbose: self.verbose.saturating_add(later.verbose),
        };
        twice.into_result().map(|()| merged)
    }
}

impl FlagSource for OutputArgs {
    fn value(&self, flag: &str) -> Option<RawData> {
        match flag {
            "--output" => self.output.clone().map(RawData::from),
            "--color" => self.color.clone().map(RawData::from),
            _ => None,
        }
    }
}

fn either<T>(
    first: Option<T>,
    later: Option<T>,
    flag: &'static str,
    twice: &mut Problems,
) -> Option<T> {
    if first.is_some() && later.is_some() {
        twice.push(given_twice(flag));
    }
    first.or(later)
}

fn either_switch(first: bool, later: bool, flag: &'static str, twice: &mut Problems) -> bool {
    if first && later {
        twice.push(given_twice(flag));
    }
    first || later
}

fn given_twice(flag: &str) -> Problem {
    Problem::usage(format!(
        "{flag} is given twice, before and after the command"
    ))
    .hint(format!("leave one {flag} out"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::exit::Exit;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        connection: ConnectionArgs,
        #[command(flatten)]
        output: OutputArgs,
    }

    fn line(words: &[&str]) -> Line {
        let argv = ["roomctl"].iter().chain(words);
        Line::try_parse_from(argv).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn flags_may_stand_on_either_side_of_the_command() {
        let before = line(&["--region", "usa", "-v"]);
        let after = line(&["--sdkappid", "1", "-vv", "-q"]);
        let merged = before.connection.merge(after.connection).expect("no clash");
        assert_eq!(merged.first_given(), Some("--sdkappid"));
        assert_eq!(merged.region, Some("usa".into()));
        let output = before.output.merge(after.output).expect("no clash");
        assert_eq!((output.verbose, output.quiet), (3, true));
    }

    #[test]
    fn a_flag_on_both_sides_is_exit_2_naming_it() {
        let flags = || line(&["--sandbox", "--region", "usa"]).connection;
        let error = flags().merge(flags()).expect_err("twice");
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.to_string().contains("--region is given twice"));
        assert!(error.to_string().contains("--sandbox is given twice"));
    }

    #[test]
    fn nothing_given_is_nothing_to_refuse() {
        assert_eq!(ConnectionArgs::default().first_given(), None);
    }

    #[test]
    fn secrets_are_not_in_debug_and_no_value_is_refused_by_clap() {
        let args = line(&[
            "--secret-key",
            "canary",
            "--usersig",
            "canary",
            "--region",
            "mars",
        ]);
        assert!(!format!("{:?}", args.connection).contains("canary"));
        assert_eq!(args.connection.region, Some("mars".into()));
    }

    #[test]
    fn help_names_every_variable() {
        let help = ConnectionArgs::augment_args(Command::new("x").term_width(200));
        let help = OutputArgs::augment_args(help)
            .render_long_help()
            .to_string();
        for variable in [
            "PROFILE",
            "CONFIG",
            "SDKAPPID",
            "IDENTIFIER",
            "SECRET_KEY",
            "SECRET_KEY_FILE",
            "USERSIG",
            "USERSIG_FILE",
            "REGION",
            "ENDPOINT",
            "CA_FILE",
            "TLS_ROOTS",
            "EXPIRE",
            "TIMEOUT",
            "CONNECT_TIMEOUT",
            "OUTPUT",
            "COLOR",
        ] {
            let named = format!("[env: ROOMCTL_{variable}]");
            assert!(help.contains(&named), "{named} in\n{help}");
        }
    }
}
