//! A parsed command line for the tests of this command.

use clap::Parser;

use super::Args;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

/// The flags as the command gets them.
pub(super) fn args(words: &[&str]) -> Args {
    let argv = ["kick"].iter().chain(words);
    let line = Line::try_parse_from(argv);
    line.unwrap_or_else(|error| panic!("{error}")).args
}
