//! A module per verb: its flags and its `run`. A command describes, converts and
//! calls; it introduces configuration, client, engine and output to each other,
//! and never calls another command.

pub(crate) mod bans;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod help;
pub(crate) mod info;
pub(crate) mod kick;
mod listing;
mod lookup;
pub(crate) mod man;
pub(crate) mod members;
pub(crate) mod profile;
mod refusal;
pub(crate) mod sandbox;
mod scope;
mod session;
pub(crate) mod usersig;

use std::ffi::OsString;

use crate::clock::SystemClock;
use crate::config::{Env, Error, OutputArgs, Profile, StdinClaim, guess_output, resolve_output};
use crate::streams::OutputStyle;

/// The process around a command.
pub(crate) struct Context {
    /// The environment, read once.
    pub(crate) env: Env,
    /// Standard input, for one claimant.
    pub(crate) stdin: StdinClaim,
    /// The machine's clocks.
    pub(crate) clock: SystemClock,
    /// How to say things: what is known of it so far.
    pub(crate) style: OutputStyle,
    /// What was typed, to tell how to go on.
    pub(crate) argv: Vec<OsString>,
}

/// Not what was typed: a key may stand in it.
impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = self.argv.len();
        write!(
            f,
            "Context({words} words, {:?}, {:?})",
            self.env, self.style
        )
    }
}

impl Context {
    /// This process's own. How things are to look is guessed from the raw
    /// arguments, for errors that come before those are understood.
    pub(crate) fn of_process(argv: &[OsString]) -> Self {
        let env = Env::from_process();
        let unparsed = OutputArgs {
            output: asked_format(argv),
            color: asked_color(argv),
            ..OutputArgs::default()
        };
        let output = guess_output(&unparsed, &env);
        let style = OutputStyle {
            format: output.format,
            color: output.color,
            quiet: false,
            verbose: 0,
            can_draw: env.can_draw(),
            is_unicode: env.is_unicode(),
        };
        Self {
            env,
            stdin: StdinClaim::from_process(),
            clock: SystemClock::start(),
            style,
            argv: argv.to_vec(),
        }
    }

    /// Settles how things look.
    pub(crate) fn set_style(
        &mut self,
        args: &OutputArgs,
        profile: Option<&Profile>,
    ) -> Result<(), Error> {
        let output = resolve_output(args, &self.env, profile)?;
        let (format, color) = (output.format, output.color);
        self.style = OutputStyle {
            format,
            color,
            quiet: output.quiet,
            verbose: output.verbose,
            ..self.style
        };
        Ok(())
    }
}

/// The value of `-o` or `--output`, wherever it stands.
fn asked_format(argv: &[OsString]) -> Option<OsString> {
    let mut words = flags(argv);
    while let Some(word) = words.next() {
        let value = match (word, behind_o(word)) {
            ("--output", _) | (_, Some("")) => words.next(),
            (_, Some(value)) => Some(value),
            _ => word.strip_prefix("--output="),
        };
        if value.is_some() {
            return value.map(OsString::from);
        }
    }
    None
}

/// The value of `--color`, wherever it stands.
fn asked_color(argv: &[OsString]) -> Option<OsString> {
    let mut words = flags(argv);
    let value = words.find_map(|word| match word {
        "--color" => Some(None),
        _ => word.strip_prefix("--color=").map(Some),
    })?;
    value.or_else(|| words.next()).map(OsString::from)
}

/// The words that are roomctl's own.
fn flags(argv: &[OsString]) -> impl Iterator<Item = &str> {
    let words = argv.iter().skip(1).filter_map(|word| word.to_str());
    words.take_while(|word| *word != "--")
}

/// What follows the `o` of `-o`, `-ojson`, `-o=json`, also behind switches that
/// take no value: `-vo`.
fn behind_o(word: &str) -> Option<&str> {
    let switches = ['h', 'n', 'q', 'v'];
    let rest = word.strip_prefix('-')?.trim_start_matches(switches);
    let value = rest.strip_prefix('o')?;
    Some(value.strip_prefix('=').unwrap_or(value))
}
