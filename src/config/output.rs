//! How results are printed: resolved apart from the other settings, because it
//! must be known before their problems are printed.

use std::ffi::OsString;

use clap::Args;

use super::args::{AnyWord, given_twice};
use super::choice::{self, Choice, ColorWhen, Format};
use super::env::Env;
use super::layers::Layers;
use super::profile::Profile;
use super::settings::{SettingLine, line};
use super::table::{COLOR, OUTPUT};
use super::value::{Flags, Setting, Source};
use crate::error::{Error, Problem, Problems};

/// The flags of the output.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Output")]
#[allow(clippy::doc_markdown, reason = "clap prints these comments unchanged")]
pub(crate) struct OutputArgs {
    /// How to print results
    ///
    /// json is one object a line; errors and the summary on stderr are JSON,
    /// too. [env: ROOMCTL_OUTPUT] [default: text]
    #[arg(short, long, value_name = OUTPUT.value_name, value_parser = AnyWord(choice::names::<Format>))]
    pub(crate) output: Option<OsString>,
    /// When to use colour [env: ROOMCTL_COLOR] [default: auto]
    #[arg(long, hide_short_help = true, value_name = COLOR.value_name, value_parser = AnyWord(choice::names::<ColorWhen>))]
    pub(crate) color: Option<OsString>,
    /// Only errors on stderr; stdout is untouched
    #[arg(short, long, hide_short_help = true)]
    pub(crate) quiet: bool,
    /// Report on stderr where every value came from, and each request (redacted)
    #[arg(short, long, hide_short_help = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl OutputArgs {
    /// The flags before the command and those after it. The same flag in both
    /// places is exit 2, except that `-v` adds up.
    pub(crate) fn merge(self, later: Self) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let pairs = [
            (self.output.is_some() && later.output.is_some(), "--output"),
            (self.color.is_some() && later.color.is_some(), "--color"),
            (self.quiet && later.quiet, "--quiet"),
        ];
        for (_, flag) in pairs.into_iter().filter(|(twice, _)| *twice) {
            problems.push(given_twice(flag));
        }
        problems.into_result()?;
        Ok(Self {
            output: self.output.or(later.output),
            color: self.color.or(later.color),
            quiet: self.quiet || later.quiet,
            verbose: self.verbose.saturating_add(later.verbose),
        })
    }

    /// The flags that are settings of the table.
    pub(crate) fn flags(&self) -> Flags {
        let mut flags = Flags::default();
        for (spec, text) in [(&OUTPUT, &self.output), (&COLOR, &self.color)] {
            if let Some(text) = text {
                flags.set(spec, text.clone());
            }
        }
        flags
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) color: ColorWhen,
    /// Only errors on stderr.
    pub(crate) quiet: bool,
    /// How often `-v` was given.
    pub(crate) verbose: u8,
}

/// Resolves the output, colour also by the variables that other programs
/// honour.
pub(crate) fn resolve_output(
    args: &OutputArgs,
    env: &Env,
    profile: Option<&Profile>,
) -> Result<Output, Error> {
    let mut problems = Problems::default();
    let output = read(args, env, profile, &mut problems);
    if args.quiet && args.verbose > 0 {
        problems.push(Problem::usage(
            "--quiet and --verbose contradict each other",
            "remove one of them",
        ));
    }
    problems.into_result().map(|()| output)
}

/// The lines of `-v` about output and colour.
pub(crate) fn output_lines(
    args: &OutputArgs,
    env: &Env,
    profile: Option<&Profile>,
) -> Vec<SettingLine> {
    let found = find(args, env, profile, &mut Problems::default());
    let format = found.format.unwrap_or(Setting::built_in(Format::Text));
    let color = found.color.unwrap_or(Setting::built_in(ColorWhen::Auto));
    vec![
        line("output", &format, |format| format.name().to_owned()),
        line("color", &color, |color| color.name().to_owned()),
    ]
}

/// The output as far as it is known before everything is parsed. A bad value is
/// ignored, so that good ones count.
pub(crate) fn guess_output(args: &OutputArgs, env: &Env, profile: Option<&Profile>) -> Output {
    read(args, env, profile, &mut Problems::default())
}

fn read(
    args: &OutputArgs,
    env: &Env,
    profile: Option<&Profile>,
    problems: &mut Problems,
) -> Output {
    let Found { format, color } = find(args, env, profile, problems);
    Output {
        format: format.map_or(Format::Text, |setting| setting.value),
        color: color.map_or(ColorWhen::Auto, |setting| setting.value),
        quiet: args.quiet,
        verbose: args.verbose,
    }
}

/// The values that have sources. A wrong one is absent.
struct Found {
    format: Option<Setting<Format>>,
    color: Option<Setting<ColorWhen>>,
}

fn find(args: &OutputArgs, env: &Env, profile: Option<&Profile>, problems: &mut Problems) -> Found {
    let flags = args.flags();
    let layers = Layers::new(&flags, env, profile);
    Found {
        format: problems.ok_or_collect(layers.value(&OUTPUT).choice()),
        color: match layers.raw_value(&COLOR) {
            Some(raw) => problems.ok_or_collect(raw.choice()),
            None => Some(default_color(env)),
        },
    }
}

/// By no-color.org and bixense.com/clicolors: "no" counts before "force".
fn default_color(env: &Env) -> Setting<ColorWhen> {
    let by = |variable, value| Setting {
        value,
        source: Source::Env(variable),
    };
    let is = |name, value: &str| env.get_os(name).is_some_and(|given| given == value);
    let is_forced = env.get_os("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0");
    if env.get_os("NO_COLOR").is_some() {
        by("NO_COLOR", ColorWhen::Never)
    } else if is_forced {
        by("CLICOLOR_FORCE", ColorWhen::Always)
    } else if is("TERM", "dumb") {
        by("TERM", ColorWhen::Never)
    } else {
        Setting::built_in(ColorWhen::Auto)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    fn output(args: &OutputArgs, pairs: &[(&str, &str)]) -> Result<Output, Error> {
        resolve_output(args, &Env::from_pairs(pairs.iter().copied()), None)
    }

    fn color(pairs: &[(&str, &str)]) -> ColorWhen {
        output(&OutputArgs::default(), pairs).expect("good").color
    }

    #[test]
    fn colour_by_flag_then_own_variable_then_those_of_all_programs() {
        let all = [
            ("ROOMCTL_COLOR", "auto"),
            ("NO_COLOR", "1"),
            ("CLICOLOR_FORCE", "1"),
            ("TERM", "dumb"),
        ];
        let args = OutputArgs {
            color: Some("always".into()),
            ..OutputArgs::default()
        };
        assert_eq!(output(&args, &all).expect("good").color, ColorWhen::Always);
        assert_eq!(color(&all), ColorWhen::Auto);
        assert_eq!(color(&all[1..]), ColorWhen::Never);
        assert_eq!(color(&all[2..]), ColorWhen::Always);
        assert_eq!(color(&all[3..]), ColorWhen::Never);
        assert_eq!(
            color(&[("CLICOLOR_FORCE", "0"), ("NO_COLOR", "")]),
            ColorWhen::Auto
        );
    }

    #[test]
    fn a_bad_flag_is_exit_2_and_a_bad_variable_exit_3() {
        let args = OutputArgs {
            output: Some("jsno".into()),
            ..OutputArgs::default()
        };
        let error = output(&args, &[]).expect_err("no format");
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.hint().contains("did you mean json?"));
        let error = output(&OutputArgs::default(), &[("ROOMCTL_OUTPUT", "xml")]);
        assert_eq!(error.expect_err("no format").exit(), Exit::Config);
    }

    #[test]
    fn quiet_and_verbose_at_once_is_a_mistake() {
        let args = OutputArgs {
            quiet: true,
            verbose: 1,
            ..OutputArgs::default()
        };
        assert_eq!(output(&args, &[]).expect_err("both").exit(), Exit::Usage);
    }

    #[test]
    fn flags_on_both_sides_of_the_command_are_merged() {
        let args = |verbose, quiet, output: Option<&str>| OutputArgs {
            output: output.map(Into::into),
            color: None,
            quiet,
            verbose,
        };
        let merged = args(1, false, None)
            .merge(args(2, true, None))
            .expect("good");
        assert_eq!((merged.verbose, merged.quiet), (3, true));
        let twice = args(0, true, Some("text")).merge(args(0, true, Some("text")));
        let message = twice.expect_err("twice").to_string();
        for flag in ["--output", "--quiet"] {
            assert!(
                message.contains(&format!("{flag} is given twice")),
                "{message}"
            );
        }
    }

    #[test]
    fn help_and_table_agree() {
        let command = OutputArgs::augment_args(clap::Command::new("x"));
        for spec in [&OUTPUT, &COLOR] {
            let is_it = |arg: &&clap::Arg| arg.get_long() == spec.flag.map(|flag| &flag[2..]);
            let arg = command.get_arguments().find(is_it).expect("a flag");
            let help = arg
                .get_long_help()
                .or(arg.get_help())
                .expect("help")
                .to_string();
            let variable = spec.variable.expect("a variable");
            let default = spec.default.expect("a default");
            assert!(
                help.contains(&format!("[env: {variable}] [default: {default}]")),
                "{help}"
            );
        }
    }
}
