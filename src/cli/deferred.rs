//! Flags of a command that are made when that command is asked for: to make
//! those of all of them takes longer than everything else a start does.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// These flags, unknown to the tree of commands before it is parsed with or
/// built. What is told of a command in its parent's help stands on its variant.
#[derive(Debug)]
pub(super) struct DeferredArgs<T>(pub(super) Box<T>);

impl<T: Args> Args for DeferredArgs<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(|command| with_its_about(command, T::augment_args))
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(|command| with_its_about(command, T::augment_args_for_update))
    }
}

/// Groups of flags bring sentences about themselves, which are not the command's.
fn with_its_about(command: Command, augment: fn(Command) -> Command) -> Command {
    let about = command.get_about().cloned().unwrap_or_default();
    augment(command).about(about)
}

impl<T: FromArgMatches> FromArgMatches for DeferredArgs<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Box::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
