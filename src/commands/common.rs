//! The flags that all commands share: connection and output. They may be given
//! before and after the command; they are merged once, before the command runs,
//! and are then in the [`Context`].

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::context::{CommonFlags, Context};
use crate::config::table::Group;
use crate::config::{ConnectionArgs, OutputArgs, show_only};
use crate::error::Error;

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

    /// The profile may set `output`: the command resolves the output style when
    /// it has read the profile. For all others it is resolved before they run.
    const OUTPUT_FROM_PROFILE: bool = false;

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
        let CommonFlags { connection, output } = std::mem::take(&mut context.flags);
        context.flags = CommonFlags {
            connection: connection.merge(self.common.connection)?,
            output: output.merge(self.common.output)?,
        };
        let connection = &context.flags.connection;
        let refused = match T::ACCEPTS {
            Accepts::All => None,
            Accepts::Only(groups) => connection.first_outside(groups),
            Accepts::Nothing => connection.first_outside(&[]),
        };
        if let Some(flag) = refused {
            return Err(not_accepted(&context.command, flag, T::remedy(flag)));
        }
        if !T::OUTPUT_FROM_PROFILE {
            context.resolve_style(None)?;
        }
        Ok(self.own)
    }
}

/// The error about a connection flag that the command does not accept.
pub(crate) fn not_accepted(command: &str, flag: &str, remedy: String) -> Error {
    Error::usage(format!("{command} does not accept {flag}"), remedy)
}

impl<T: CommandArgs> Args for WithCommon<T> {
    fn augment_args(command: Command) -> Command {
        let command = T::augment_args(command);
        // The groups of flags have descriptions, which would replace the command's.
        let about = command.get_about().cloned().unwrap_or_default();
        let command = match T::ACCEPTS {
            Accepts::Nothing => command,
            Accepts::All => ConnectionArgs::augment_args(command),
            Accepts::Only(groups) => {
                ConnectionArgs::augment_args(command).mut_args(|arg| show_only(arg, groups))
            }
        };
        OutputArgs::augment_args(command).about(about)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: CommandArgs> FromArgMatches for WithCommon<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let connection = match T::ACCEPTS {
            Accepts::Nothing => ConnectionArgs::default(),
            Accepts::All | Accepts::Only(_) => ConnectionArgs::from_arg_matches(matches)?,
        };
        let output = OutputArgs::from_arg_matches(matches)?;
        Ok(Self {
            own: T::from_arg_matches(matches)?,
            common: CommonFlags { connection, output },
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
