//! `roomctl usersig`: make, decode and check signatures without the service.

mod claims;
mod inspect;
mod sign;
mod userbuf;
mod verify;

use clap::{Arg, Subcommand};

use super::Context;
use crate::config::{ConnectionArgs, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;

/// Make, decode or check a UserSig, offline
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Sign(Box<sign::Args>),
    Inspect(Box<inspect::Args>),
    Verify(Box<verify::Args>),
}

/// Runs the command.
pub(crate) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    match args.verb {
        Verb::Sign(args) => sign::run(connection, output, *args, context),
        Verb::Inspect(args) => inspect::run(&connection, output, *args, context),
        Verb::Verify(args) => verify::run(connection, output, *args, context),
    }
}

/// Flags that say who signs, and with which key.
const WHO: [&str; 6] = [
    "--profile",
    "--config",
    "--sdkappid",
    "--identifier",
    "--secret-key",
    "--secret-key-file",
];

/// Nothing is silently ignored.
fn refuse_others(verb: &str, connection: &ConnectionArgs, useful: &[&str]) -> Result<(), Error> {
    match connection.first_given_besides(useful) {
        None => Ok(()),
        Some(flag) => {
            let message = format!("usersig {verb} has no use for {flag}");
            Err(Error::usage(message, format!("leave {flag} out")))
        }
    }
}

/// Help shows only what is of use; the rest is refused by [`refuse_others`],
/// which says more than an unknown flag would.
fn hide_connection(arg: Arg) -> Arg {
    let of_service = [
        "usersig",
        "usersig_file",
        "region",
        "endpoint",
        "ca_file",
        "tls_roots",
        "timeout",
        "connect_timeout",
        "sandbox",
    ];
    let hidden = of_service.contains(&arg.get_id().as_str());
    arg.hide(hidden)
}
