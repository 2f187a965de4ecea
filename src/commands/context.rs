//! The context of a command: environment, streams, clock and common flags.
//!
//! The common flags are those that all commands share: connection and output. They
//! may be given before and after the command; they are merged once, before the
//! command runs, and are then in the [`Context`].

use std::ffi::OsString;
use std::io;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::help_layout::name_hidden_flags;
use crate::clock::SystemClock;
use crate::config::table::{CONFIG, Group, PROFILE};
use crate::config::{
    ConnectionArgs, Env, OutputArgs, Profile, Profiles, StdinClaim, guess_output, resolve_output,
    show_only,
};
use crate::error::{Error, Problem, Problems};
use crate::output::{Notes, Results};
use crate::stdio::{Stderr, Stdout};
use crate::streams::{OutputStyle, columns, report_panics_as};

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
    /// The style was taken from the parsed flags; until then it is a guess.
    has_style: bool,
    /// The configuration file was read: a pipe gives its text only once.
    has_read_config: bool,
    /// For `-v`: the configuration file, the profile and the output, with their sources.
    pub(crate) first_lines: Vec<String>,
    /// The common flags were refused before the command checked its own.
    pub(crate) is_refused_early: bool,
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
        let output = guess_output(&raw_output(argv), &env, None);
        report_panics_as(output.format);
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
            has_style: false,
            has_read_config: false,
            first_lines: Vec::new(),
            is_refused_early: false,
        }
    }

    /// Resolves the output style from the common flags, the environment and the
    /// profile.
    pub(crate) fn resolve_style(&mut self, profile: Option<&Profile>) -> Result<(), Error> {
        let output = resolve_output(&self.flags.output, &self.env, profile)?;
        report_panics_as(output.format);
        self.style = OutputStyle {
            format: output.format,
            color: output.color,
            quiet: output.quiet,
            verbose: output.verbose,
            ..self.style
        };
        self.has_style = true;
        Ok(())
    }

    /// The configuration file was read, with this profile or with mistakes. The profile's
    /// output counts from here on, also for errors in its other values.
    pub(crate) fn use_output_of_profile(&mut self, profile: Option<&Profile>) {
        self.has_read_config = true;
        let output = guess_output(&raw_output(&self.argv), &self.env, profile);
        self.style.format = output.format;
    }

    /// For an error that came before the profile was read: its output counts for
    /// the error, too.
    pub(crate) fn load_profile_for_error_style(&mut self) {
        let is_of_profile = |word| OUTPUT_FROM_PROFILE.contains(&word);
        let is_known = self.has_style || self.has_read_config;
        if is_known || !own_words(&self.argv).any(is_of_profile) {
            return;
        }
        let mut args = ConnectionArgs::default();
        for (spec, flag) in [(PROFILE, "--profile"), (CONFIG, "--config")] {
            if let Some(value) = raw_long(&self.argv, flag) {
                args.set(&spec, value);
            }
        }
        let profiles = Profiles::load(&args, &self.env).ok();
        let profile = profiles.and_then(|profiles| profiles.chosen);
        self.use_output_of_profile(profile.as_ref());
    }

    /// Whether the command that runs is one of [`OUTPUT_FROM_PROFILE`].
    fn has_output_from_profile(&self) -> bool {
        let words = self.command.rsplit(' ');
        words
            .take(1)
            .any(|last| OUTPUT_FROM_PROFILE.contains(&last))
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
        self.fit_help((self.tree)())
    }

    /// Where `COLUMNS` is 0, its help is as wide as without it: clap takes the number.
    pub(crate) fn fit_help(&self, tree: clap::Command) -> clap::Command {
        const USUAL_COLUMNS: usize = 100;
        if self
            .env
            .get_os("COLUMNS")
            .is_none_or(|columns| columns != "0")
        {
            return tree;
        }
        let of_terminal = columns(io::stdout())
            .or_else(|| columns(io::stdin()))
            .or_else(|| columns(io::stderr()));
        let width = of_terminal.map_or(USUAL_COLUMNS, |columns| columns.min(USUAL_COLUMNS));
        with_width(tree, width)
    }
}

/// The tree with this width of its help. A tree that is built has it in every command.
fn with_width(tree: clap::Command, width: usize) -> clap::Command {
    let tree = tree.term_width(width);
    tree.mut_subcommands(|below| with_width(below, width))
}

/// The commands whose `output` the profile may set: they resolve the output style when
/// they have read the profile. For all others it is resolved before they run.
const OUTPUT_FROM_PROFILE: [&str; 9] = [
    "kick", "ban", "unban", "members", "bans", "info", "doctor", "sign", "verify",
];

/// The output as the arguments ask for it, before they are parsed.
fn raw_output(argv: &[OsString]) -> OutputArgs {
    OutputArgs {
        output: raw_format(argv),
        color: raw_long(argv, "--color"),
        ..OutputArgs::default()
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

/// The value of a flag without a short name, before or after the command.
fn raw_long(argv: &[OsString], flag: &str) -> Option<OsString> {
    let mut words = own_words(argv);
    let value = words.find_map(|word| match word.strip_prefix(flag)? {
        "" => Some(None),
        rest => rest.strip_prefix('=').map(Some),
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

/// Which connection flags a command accepts. Its help does not show the others, and
/// the error about one of them names it instead of calling it unknown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Accepts {
    All,
    /// Those of these groups.
    Only(&'static [Group]),
    /// None. After the command, the parser does not know these flags.
    Nothing,
}

/// The flags of one command.
pub(crate) trait CommandArgs: Args {
    /// The connection flags that the command accepts.
    const ACCEPTS: Accepts = Accepts::Nothing;

    /// What to do about a flag that the command does not accept.
    fn remedy(flag: &str) -> String {
        format!("remove {flag}")
    }
}

/// A command's own flags, and the common ones that were given after it.
#[derive(Debug)]
pub(crate) struct WithCommon<T> {
    own: T,
    common: CommonFlags,
}

impl<T: CommandArgs> WithCommon<T> {
    /// Merges the common flags into those of the context, and checks that the
    /// command accepts them. Returns the command's own flags.
    pub(crate) fn merge_into(self, context: &mut Context) -> Result<T, Error> {
        let mut problems = Problems::default();
        let own = self.check(context, &mut problems);
        context.is_refused_early = !problems.is_empty();
        problems.into_result().map(|()| own)
    }

    /// As [`WithCommon::merge_into`], for a command line that does not run.
    pub(crate) fn check(self, context: &mut Context, problems: &mut Problems) -> T {
        let own = self.merge(context, problems);
        if !context.has_output_from_profile() {
            problems.ok_or_collect(context.resolve_style(None));
        }
        own
    }

    fn merge(self, context: &mut Context, problems: &mut Problems) -> T {
        let CommonFlags { connection, output } = std::mem::take(&mut context.flags);
        // A flag that is given twice is not missing.
        let merged = connection.clone().merge(self.common.connection);
        let connection = problems.ok_or_collect(merged).unwrap_or(connection);
        let merged = output.clone().merge(self.common.output);
        let output = problems.ok_or_collect(merged).unwrap_or(output);
        context.flags = CommonFlags { connection, output };
        let connection = &context.flags.connection;
        let refused = match T::ACCEPTS {
            Accepts::All => Vec::new(),
            Accepts::Only(groups) => connection.outside(groups),
            Accepts::Nothing => connection.outside(&[]),
        };
        for flag in refused {
            problems.push(not_accepted(&context.command, flag, T::remedy(flag)));
        }
        self.own
    }
}

/// The error about a connection flag that the command does not accept.
pub(crate) fn not_accepted(command: &str, flag: &str, remedy: String) -> Problem {
    Problem::usage(format!("{command} does not accept {flag}"), remedy)
}

impl<T: CommandArgs> Args for WithCommon<T> {
    fn augment_args(command: Command) -> Command {
        // A number below 0 is a wrong value, not an unknown flag.
        let command = T::augment_args(command).allow_negative_numbers(true);
        // The groups of flags have descriptions, which would replace the command's.
        let about = command.get_about().cloned().unwrap_or_default();
        let command = match T::ACCEPTS {
            Accepts::Nothing => command,
            Accepts::All => ConnectionArgs::augment_args(command),
            Accepts::Only(groups) => {
                ConnectionArgs::augment_args(command).mut_args(|arg| show_only(arg, groups))
            }
        };
        let command = OutputArgs::augment_args(command).about(about);
        match T::ACCEPTS {
            Accepts::All => name_hidden_flags(command),
            _ => command,
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: CommandArgs> FromArgMatches for WithCommon<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    // The default implementations copy all matches.
    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let connection = match T::ACCEPTS {
            Accepts::Nothing => ConnectionArgs::default(),
            Accepts::All | Accepts::Only(_) => ConnectionArgs::from_arg_matches_mut(matches)?,
        };
        let output = OutputArgs::from_arg_matches_mut(matches)?;
        Ok(Self {
            own: T::from_arg_matches_mut(matches)?,
            common: CommonFlags { connection, output },
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
