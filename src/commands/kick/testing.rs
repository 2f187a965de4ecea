//! Parsed command lines for the unit tests.

use clap::Parser;

use super::args::{Args, BanArgs, KickArgs, UnbanArgs};

#[derive(Parser)]
struct CommandLine<V: clap::Args> {
    #[command(flatten)]
    args: V,
}

pub(super) fn kick_args(words: &[&str]) -> Args {
    parse::<KickArgs>(words)
}

pub(super) fn ban_args(words: &[&str]) -> Args {
    parse::<BanArgs>(words)
}

pub(super) fn unban_args(words: &[&str]) -> Args {
    parse::<UnbanArgs>(words)
}

fn parse<V: clap::Args + Into<Args>>(words: &[&str]) -> Args {
    let argv = ["roomctl"].iter().chain(words);
    let line = CommandLine::<V>::try_parse_from(argv);
    line.unwrap_or_else(|error| panic!("{error}")).args.into()
}
