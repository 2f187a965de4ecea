//! The flags of the connection, not parsed yet. The table of settings defines
//! them.
//!
//! No value parser here can fail, because its error would show the value, and
//! clap reads no variable, because its help would show the value.

use std::ffi::{OsStr, OsString};

use clap::builder::{OsStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueHint, value_parser};

use super::table::{self, Group, IDENTIFIER, Kind, SANDBOX, SETTINGS, SettingSpec};
use super::value::{Flags, RawData, SecretText};
use crate::error::{Error, Problem, Problems};

/// The flags that choose account, service and timeouts.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConnectionArgs {
    flags: Flags,
    /// Flags of any kind that the line has without their values. It does not run, and
    /// what they would set is not checked.
    without_value: Vec<String>,
}

impl ConnectionArgs {
    /// The flags before the command and those after it. The same flag in both
    /// places is exit 2.
    pub(crate) fn merge(self, later: Self) -> Result<Self, Error> {
        let (flags, twice) = self.flags.merge(later.flags);
        let mut problems = Problems::default();
        for flag in twice {
            problems.push(given_twice(flag));
        }
        let mut without_value = self.without_value;
        without_value.extend(later.without_value);
        problems.into_result().map(|()| Self {
            flags,
            without_value,
        })
    }

    /// Notes the flags of a line that have no values.
    pub(crate) fn set_without_value(&mut self, flags: Vec<String>) {
        self.without_value = flags;
    }

    /// Whether the line has this flag without a value.
    pub(crate) fn lacks_value(&self, flag: &str) -> bool {
        self.without_value.iter().any(|without| without == flag)
    }

    /// Whether the line has a flag of these groups without a value.
    pub(super) fn lacks_value_of(&self, groups: &[Group]) -> bool {
        if self.without_value.is_empty() {
            return false;
        }
        let mut flags = table::of_groups(groups).filter_map(|spec| spec.flag);
        flags.any(|flag| self.lacks_value(flag))
    }

    /// The flags that belong to none of these groups, in the order of the table.
    pub(crate) fn outside(&self, groups: &[Group]) -> Vec<&'static str> {
        let given = SETTINGS.iter().filter(|spec| self.flags.has(spec));
        let outside = given.filter(|spec| !groups.contains(&spec.group));
        outside.filter_map(|spec| spec.flag).collect()
    }

    pub(crate) fn flags(&self) -> &Flags {
        &self.flags
    }

    pub(crate) fn has(&self, spec: &SettingSpec) -> bool {
        self.flags.has(spec)
    }

    pub(crate) fn set(&mut self, spec: &SettingSpec, data: impl Into<RawData>) {
        self.flags.set(spec, data);
    }

    /// Whether the command runs against the in-process sandbox.
    pub(crate) fn sandbox(&self) -> bool {
        self.flags.has(&SANDBOX)
    }
}

impl Args for ConnectionArgs {
    fn augment_args(command: Command) -> Command {
        command.args(rows().map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ConnectionArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for spec in rows() {
            let id = id(spec);
            let data = match spec.kind {
                Kind::Switch => matches.get_flag(id).then_some(RawData::Switch),
                Kind::Secret => matches.get_one::<SecretText>(id).cloned().map(Into::into),
                _ => matches.get_one::<OsString>(id).cloned().map(Into::into),
            };
            if let Some(data) = data {
                self.flags.set(spec, data);
            }
        }
        Ok(())
    }
}

fn rows() -> impl Iterator<Item = &'static SettingSpec> {
    let rows = SETTINGS.iter().copied();
    rows.filter(|spec| spec.is_connection() && spec.flag.is_some())
}

/// The flag's name without dashes.
fn id(spec: &SettingSpec) -> &'static str {
    spec.flag.map_or("", |flag| flag.trim_start_matches('-'))
}

fn arg(spec: &SettingSpec) -> Arg {
    let arg = Arg::new(id(spec))
        .long(id(spec))
        .help(spec.flag_help())
        .help_heading("Connection")
        .hide_short_help(true);
    if matches!(spec.kind, Kind::Switch) {
        return arg.action(ArgAction::SetTrue);
    }
    let arg = arg.value_name(spec.value_name).action(ArgAction::Set);
    match spec.kind {
        // A PEM block starts with dashes: clap would repeat it as an unknown flag.
        Kind::Secret => arg
            .value_parser(secret_parser())
            .allow_hyphen_values(true)
            .value_hint(ValueHint::Other),
        Kind::File => arg
            .value_parser(value_parser!(OsString))
            .value_hint(ValueHint::FilePath),
        Kind::Url => arg
            .value_parser(value_parser!(OsString))
            .value_hint(ValueHint::Url),
        Kind::Choice(names) => arg.value_parser(AnyWord(names)),
        _ => arg
            .value_parser(value_parser!(OsString))
            .allow_hyphen_values(*spec == IDENTIFIER),
    }
}

/// Hides the flags of the connection that are of none of these groups from the
/// help of a command.
pub(crate) fn show_only(arg: Arg, groups: &[Group]) -> Arg {
    let is_connection = arg.get_help_heading() == Some("Connection");
    let is_used = |spec: &SettingSpec| Some(id(spec)) == arg.get_long();
    if is_connection && !table::of_groups(groups).any(is_used) {
        arg.hide(true)
    } else {
        arg
    }
}

/// Accepts everything. It cannot fail, so no error shows the value. The flag
/// also needs `allow_hyphen_values`.
pub(crate) fn secret_parser() -> impl TypedValueParser<Value = SecretText> {
    OsStringValueParser::new().map(SecretText::from)
}

/// Accepts one of these words, also in capitals, as it is spelt here. The flag also needs
/// `ignore_case`.
pub(crate) fn one_of(
    words: impl IntoIterator<Item = impl Into<PossibleValue>>,
) -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(words).map(|word| word.to_ascii_lowercase())
}

/// Accepts everything, and names the possible values for help and completion.
/// A wrong value is reported together with all other problems later.
#[derive(Clone)]
pub(crate) struct AnyWord(pub(crate) fn() -> Vec<&'static str>);

impl TypedValueParser for AnyWord {
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
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}

/// A flag that stands before and after the command.
pub(crate) fn given_twice(flag: &str) -> Problem {
    Problem::usage(
        format!("{flag} is given twice, before and after the command"),
        format!("remove one {flag}"),
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::table::{ENDPOINT, REGION, SECRET_KEY};
    use crate::exit::Exit;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        connection: ConnectionArgs,
    }

    fn line(words: &[&str]) -> ConnectionArgs {
        let argv = ["roomctl"].iter().chain(words);
        let line = Line::try_parse_from(argv);
        line.unwrap_or_else(|error| panic!("{error}")).connection
    }

    #[test]
    fn flags_may_stand_on_either_side_of_the_command() {
        let merged = line(&["--region", "usa"])
            .merge(line(&["--sdkappid", "1"]))
            .expect("no clash");
        assert_eq!(merged.outside(&[]), ["--sdkappid", "--region"]);
        assert_eq!(merged.outside(&[Group::Account]), ["--region"]);
        let region = merged.flags().get(&REGION).expect("given");
        assert_eq!(region.text(), Ok("usa"));
    }

    #[test]
    fn a_flag_on_both_sides_is_exit_2_naming_it() {
        let flags = || line(&["--sandbox", "--region", "usa"]);
        let error = flags().merge(flags()).expect_err("twice");
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.to_string().contains("--region is given twice"));
        assert!(error.to_string().contains("--sandbox is given twice"));
    }

    #[test]
    fn without_flags_no_flag_is_outside_a_group() {
        assert!(ConnectionArgs::default().outside(&[]).is_empty());
        assert!(!line(&[]).sandbox() && line(&["--sandbox"]).sandbox());
    }

    #[test]
    fn secrets_are_not_in_debug_and_no_value_is_refused_by_clap() {
        let args = line(&[
            "--secret-key",
            "-canary",
            "--usersig",
            "canary",
            "--region",
            "mars",
        ]);
        assert!(!format!("{args:?}").contains("canary"));
        assert!(args.has(&REGION) && args.has(&SECRET_KEY) && !args.has(&ENDPOINT));
    }

    #[test]
    fn every_row_of_the_connection_has_its_flag_with_variable_and_default() {
        let help = ConnectionArgs::augment_args(Command::new("x").term_width(200));
        let help = help.clone().render_long_help().to_string();
        for spec in rows() {
            let flag = spec.flag.expect("a flag");
            assert!(help.contains(&format!("{flag} ")) || help.contains(&format!("{flag}\n")));
            if let Some(variable) = spec.variable {
                assert!(help.contains(&format!("[env: {variable}]")), "{variable}");
            }
            if let Some(default) = spec.default {
                assert!(help.contains(&format!("[default: {default}]")), "{default}");
            }
        }
    }
}
