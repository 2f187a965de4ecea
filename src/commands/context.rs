//! The context of a command: environment, streams, clock and common flags.

use std::ffi::OsString;

use clap::Args;

use crate::clock::SystemClock;
use crate::config::{
    ConnectionArgs, Env, OutputArgs, Profile, StdinClaim, guess_output, resolve_output,
};
use crate::error::Error;
use crate::output::{Notes, Results};
use crate::stdio::{Stderr, Stdout};
use crate::streams::OutputStyle;

/// What a command has besides its own flags. It is the only owner of the
/// environment, the streams and the clock.
pub(crate) struct Context {
    /// The environment, read once.
    pub(crate) env: Env,
    /// Standard input, for one claimant.
    pub(crate) stdin: StdinClaim,
    /// The machine's clocks.
    pub(crate) clock: SystemClock,
    /// The common flags, given before and after the command.
    pub(crate) flags: CommonFlags,
    /// How results and notes are printed: a guess until the common flags and
    /// the profile are known.
    pub(crate) style: OutputStyle,
    /// The command that runs, with its parents: `roomctl profile add`.
    pub(crate) command: String,
    /// The command line, for the command that resumes this one.
    pub(crate) argv: Vec<OsString>,
    /// Makes the whole tree of commands.
    tree: fn() -> clap::Command,
}

/// Without the command line: a key may stand in it.
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
    /// The context of this process. The output style is guessed from the raw
    /// arguments, for errors that come before these are parsed.
    pub(crate) fn from_process(argv: &[OsString], tree: fn() -> clap::Command) -> Self {
        let env = Env::from_process();
        let unparsed = OutputArgs {
            output: raw_format(argv),
            color: raw_color(argv),
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
            flags: CommonFlags::default(),
            style,
            command: String::from("roomctl"),
            argv: argv.to_vec(),
            tree,
        }
    }

    /// Resolves the output style from the common flags, the environment and the
    /// profile.
    pub(crate) fn resolve_style(&mut self, profile: Option<&Profile>) -> Result<(), Error> {
        let output = resolve_output(&self.flags.output, &self.env, profile)?;
        self.style = OutputStyle {
            format: output.format,
            color: output.color,
            quiet: output.quiet,
            verbose: output.verbose,
            ..self.style
        };
        Ok(())
    }

    /// Writes notes to stderr.
    pub(crate) fn notes(&self) -> Notes<Stderr> {
        self.style.notes()
    }

    /// Writes the outcomes of a job to stdout.
    pub(crate) fn results(&self) -> Results<Stdout> {
        self.style.results()
    }

    /// Prints whole lines on stdout. A closed pipe is not an error.
    pub(crate) fn print(&self, text: &str) -> Result<(), Error> {
        self.style.print(text)
    }

    /// The whole tree of commands, for help, manual and completions.
    pub(crate) fn command_tree(&self) -> clap::Command {
        (self.tree)()
    }
}

/// The value of `-o` or `--output`, before or after the command.
fn raw_format(argv: &[OsString]) -> Option<OsString> {
    let mut words = own_words(argv);
    while let Some(word) = words.next() {
        let value = match (word, after_o(word)) {
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

/// The value of `--color`, before or after the command.
fn raw_color(argv: &[OsString]) -> Option<OsString> {
    let mut words = own_words(argv);
    let value = words.find_map(|word| match word {
        "--color" => Some(None),
        _ => word.strip_prefix("--color=").map(Some),
    })?;
    value.or_else(|| words.next()).map(OsString::from)
}

/// The words before `--`: the others belong to the command that `sandbox` runs.
fn own_words(argv: &[OsString]) -> impl Iterator<Item = &str> {
    let words = argv.iter().skip(1).filter_map(|word| word.to_str());
    words.take_while(|word| *word != "--")
}

/// What follows the `o` of `-o`, `-ojson` or `-o=json`, also after switches
/// that take no value: `-vo`.
fn after_o(word: &str) -> Option<&str> {
    let switches = ['h', 'n', 'q', 'v'];
    let rest = word.strip_prefix('-')?.trim_start_matches(switches);
    let value = rest.strip_prefix('o')?;
    Some(value.strip_prefix('=').unwrap_or(value))
}

/// The common flags, wherever they were given.
#[derive(Debug, Default, Args)]
pub(crate) struct CommonFlags {
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}
