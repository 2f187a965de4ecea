//! A parsed command line for the tests of this command.

use clap::Parser;

use super::Args;
use super::verbs::{BanArgs, KickArgs, UnbanArgs};

#[derive(Parser)]
struct Line<V: clap::Args> {
    #[command(flatten)]
    verb: V,
}

/// The flags of a kick as the command gets them.
pub(super) fn args(words: &[&str]) -> Args {
    of::<KickArgs>(words)
}

/// Of a ban.
pub(super) fn ban(words: &[&str]) -> Args {
    of::<BanArgs>(words)
}

/// Of an unban.
pub(super) fn unban(words: &[&str]) -> Args {
    of::<UnbanArgs>(words)
}

fn of<V: clap::Args + Into<Args>>(words: &[&str]) -> Args {
    let argv = ["roomctl"].iter().chain(words);
    let line = Line::<V>::try_parse_from(argv);
    line.unwrap_or_else(|error| panic!("{error}")).verb.into()
}
