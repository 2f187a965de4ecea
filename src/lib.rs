//! roomctl removes members from Tencent RTC rooms, and knows what happened to
//! each.
//!
//! The house, bottom up; nothing imports from a storey above its own:
//!
//! | storey | rooms |
//! |---|---|
//! | values | [`room`], [`secret`], [`clock`], [`exit`], [`interrupt`] |
//! | signatures | [`usersig`] |
//! | the outside | [`config`] (flags, environment, profiles), [`api`] (the service on the wire) |
//! | the work | [`job`] (the engine), [`sandbox`] (a service to rehearse with) |
//! | the face | [`output`], [`error`] |
//! | the verbs | `commands`, `cli`, [`run`] |

pub mod api;
mod cli;
pub mod clock;
mod commands;
pub mod config;
pub mod error;
pub mod exit;
pub mod interrupt;
pub mod job;
pub mod output;
pub mod room;
pub mod sandbox;
pub mod secret;
mod streams;
pub mod usersig;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use cli::Cli;
use commands::Context;
use error::Error;
use exit::Exit;

/// Runs the program with these arguments, the first being its own name.
pub fn run(argv: impl IntoIterator<Item = OsString>) -> ExitCode {
    streams::report_panics_without_secrets();
    interrupt::outlive_size_limits();
    let argv: Vec<OsString> = argv.into_iter().collect();
    let mut context = Context::of_process(&argv);
    let done = match Cli::try_parse_from(&argv) {
        Ok(cli) => cli.run(&mut context),
        Err(asked)
            if matches!(
                asked.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            streams::show(&asked, context.look).map_err(Error::Record)
        }
        // To scripts it is an error like any other; people get the help, on stderr.
        Err(bare)
            if bare.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                && context.look.format == config::Format::Text =>
        {
            let _ = streams::show(&bare, context.look);
            Ok(Exit::Usage)
        }
        Err(refused) => Err(cli::explain(&refused, &argv)),
    };
    let exit = done.unwrap_or_else(|error| {
        let mut notes = streams::notes(context.look);
        notes.error(
            error.exit(),
            &error.to_string(),
            &error.causes(),
            error.hint().as_deref(),
        );
        error.exit()
    });
    exit.into()
}
