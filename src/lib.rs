//! roomctl removes members from Tencent RTC rooms, and knows what happened to
//! each.
//!
//! The program is `main.rs` and [`run`]; everything else is a library that can
//! be used without it. A kick from Rust, here against the sandbox, which takes
//! the place of the service:
//!
//! ```
//! use roomctl::api::{Client, Endpoint, Signer, SigningMaterial, Transport};
//! use roomctl::room::{Reason, RoomId, UserId};
//! use roomctl::sandbox::{Options, Sandbox};
//! use std::time::{Duration, SystemTime};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let service = Sandbox::start(Options::default())?;
//! let caller = UserId::parse(service.identifier())?;
//! let material = SigningMaterial::Key {
//!     key: service.secret_key().clone(),
//!     lifetime: Duration::from_secs(86_400),
//! };
//! let signer = Signer::new(service.sdkappid(), caller, material);
//! let client = Client::new(Endpoint::parse(&service.endpoint())?, signer, Transport::default());
//!
//! let (room, members) = (RoomId::parse("room-test")?, [UserId::parse("user1")?]);
//! let reason = Reason::parse("you are kicked because of irregularities")?;
//! let answer = client.kick_user_out(&room, &members, &reason, SystemTime::now(), false)?;
//! assert_eq!((answer.error_code, answer.action_status.as_str()), (0, "OK"));
//! # Ok(())
//! # }
//! ```
//!
//! The real service is `Region::Singapore.into()` in place of that endpoint. A
//! client sends one request and judges nothing; pacing, retries, splitting and
//! the journal are done in [`job`].
//!
//! The house, bottom up; nothing imports from a storey above its own:
//!
//! | storey | rooms |
//! |---|---|
//! | values | [`room`]: what can be said to the service · [`secret`]: what is never shown · [`clock`], [`exit`], [`interrupt`] |
//! | signatures | [`usersig`]: sign, decode, verify |
//! | the outside | [`config`]: flags, environment, profiles · [`api`]: the service on the wire, its codes |
//! | the work | [`job`]: input, plan, engine, journal · [`sandbox`]: a service to rehearse with |
//! | the face | [`output`]: text and JSON, notes, progress · [`error`] |
//! | the verbs | `commands`, `cli`, [`run`] |
//!
//! How one kick travels: the arguments become typed flags; [`config::resolve`]
//! finds every setting once; input becomes a [`job::Plan`]; [`job`] asks the
//! pace, writes the intent, has the client send, classifies the answer by its
//! code ([`api::codes`]), retries or splits, and tells each outcome; the tally of
//! outcomes becomes the [`exit::Exit`].

pub mod api;
mod atomic_file;
mod cli;
pub mod clock;
mod commands;
pub mod config;
pub mod error;
pub mod exit;
pub mod interrupt;
pub mod job;
mod output;
pub mod room;
pub mod sandbox;
pub mod secret;
mod streams;
pub mod usersig;

use std::ffi::OsString;
use std::process::ExitCode;

use commands::Context;
use exit::Exit;

/// Runs the program with these arguments, the first being its own name.
pub fn run(argv: impl IntoIterator<Item = OsString>) -> ExitCode {
    streams::report_panics_without_secrets();
    interrupt::ignore_sigxfsz();
    let argv: Vec<OsString> = argv.into_iter().collect();
    let mut context = Context::from_process(&argv, cli::command_tree);
    let done = match commands::completions::complete(&context) {
        Ok(true) => Ok(Exit::Done),
        Ok(false) => cli::dispatch(&argv, &mut context),
        Err(error) => Err(error),
    };
    let exit = done.unwrap_or_else(|error| {
        context.notes().error(
            error.exit(),
            &error.to_string(),
            error.causes(),
            Some(error.hint())
                .filter(|hint| !hint.is_empty())
                .as_deref(),
        );
        error.exit()
    });
    exit.into()
}
