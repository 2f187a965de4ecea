//! How results are shown. Apart from [`super::resolve`], because how an error
//! is shown must be known before the settings are.

use super::args::OutputArgs;
use super::choice::{self, ColorWhen, Format};
use super::env::Env;
use super::error::{Error, Problem, Problems};
use super::layers::Layers;
use super::names::{COLOR, OUTPUT};
use super::profile::Profile;

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// The shape of results.
    pub format: Format,
    /// When to use colour.
    pub color: ColorWhen,
    /// Only errors on stderr.
    pub quiet: bool,
    /// How often `-v` was given.
    pub verbose: u8,
}

/// Flag, variable, profile, in the order of all settings; colour also by the
/// variables that other programs honour.
pub fn resolve_output(
    args: &OutputArgs,
    env: &Env,
    profile: Option<&Profile>,
) -> Result<Output, Error> {
    let mut problems = Problems::default();
    let output = read(&Layers::new(args, env, profile), args, env, &mut problems);
    if args.quiet && args.verbose > 0 {
        let problem = Problem::usage("--quiet and --verbose contradict each other");
        problems.push(problem.hint("leave one of them out"));
    }
    problems.into_result().map(|()| output)
}

/// What can be known before everything is; a bad value is as none at all, and
/// keeps no good one from being heeded.
pub fn guess_output(args: &OutputArgs, env: &Env) -> Output {
    read(
        &Layers::new(args, env, None),
        args,
        env,
        &mut Problems::default(),
    )
}

fn read(layers: &Layers, args: &OutputArgs, env: &Env, problems: &mut Problems) -> Output {
    let format = problems.keep(match layers.one(&OUTPUT) {
        Some(raw) => choice::parse(&raw),
        None => Ok(Format::Text),
    });
    let color = problems.keep(match layers.one(&COLOR) {
        Some(raw) => choice::parse(&raw),
        None => Ok(usual_color(env)),
    });
    Output {
        format: format.unwrap_or(Format::Text),
        color: color.unwrap_or(ColorWhen::Auto),
        quiet: args.quiet,
        verbose: args.verbose,
    }
}

/// no-color.org and bixense.com/clicolors: "no" is heard before "force".
fn usual_color(env: &Env) -> ColorWhen {
    let is = |name, value: &str| env.get_os(name).is_some_and(|given| given == value);
    let is_forced = env.get_os("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0");
    if env.get_os("NO_COLOR").is_some() {
        ColorWhen::Never
    } else if is_forced {
        ColorWhen::Always
    } else if is("TERM", "dumb") {
        ColorWhen::Never
    } else {
        ColorWhen::Auto
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
        assert!(
            error
                .hint()
                .is_some_and(|hint| hint.contains("did you mean json?"))
        );
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
}
