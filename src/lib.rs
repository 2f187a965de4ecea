//! roomctl removes members from Tencent RTC rooms, and knows what happened to
//! each.
//!
//! The program is `main.rs` and [`run`]. Everything else is a library, which can
//! be used without the program. A kick from Rust, here against the sandbox, which
//! takes the place of the service:
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
//! For the real service, use `Region::Singapore.into()` as the endpoint. A client
//! sends one request and does nothing else: pacing, retries, splitting and the
//! journal belong to [`job`].
//!
//! # Map
//!
//! The modules from the bottom up. A module imports only from modules above it in
//! this table, and inside a folder the same holds for its files.
//!
//! | module | what it does |
//! |---|---|
//! | [`room`] | IDs of rooms and members, reasons, actions, the service's limits |
//! | [`secret`] | keys and signatures that no output shows |
//! | [`clock`], [`interrupt`], [`exit`], `atomic_file` | time, signals, exit codes, files that are replaced whole |
//! | [`usersig`] | signs, decodes and verifies a UserSig |
//! | [`error`] | the one form of what can be wrong: message, causes, hint |
//! | [`api`] | the service on the wire: client, endpoints, error codes |
//! | [`config`] | flags, environment and profiles become settings |
//! | [`job`] | lists, plan, engine and journal |
//! | [`sandbox`] | a service on this machine, for rehearsals and tests |
//! | `output` | results, notes, progress, summary, audit: text and JSON |
//! | `streams` | the process's stdout and stderr |
//! | `commands` | a module per command, and the `Context` that they share |
//! | `cli` | the tree of commands, and the match from a command to its module |
//!
//! # Glossary
//!
//! One word has one meaning, in names, comments and messages.
//!
//! | word | meaning |
//! |---|---|
//! | action | kick, ban or unban |
//! | answer | what the service replied to a request; its class says what the code means for us |
//! | attempt | a request that named this member; attempts are counted |
//! | audit | the file that records who did what to whom, when and why; never read back |
//! | batch | the members of one request, 1 to 20, with the same room and reason |
//! | command | a subcommand of roomctl |
//! | credential | a secret key, a command that prints one, or a UserSig |
//! | doubt | a try may have taken effect, but its answer was lost |
//! | drain | wait for the requests in flight and start no more |
//! | engine | the state machine that decides what a job does next |
//! | event | what the engine reports to its listener |
//! | fault | a failure that the sandbox injects (`--fault`), and nothing else |
//! | group | all members of a plan with the same room and reason |
//! | hint | what to type or do next |
//! | intent | the journal's record before a request is sent |
//! | job | one run of an action over a plan or a live feed |
//! | journal | the file that makes a job resumable; a record is one line of it |
//! | list | one file given by `--from` |
//! | listener | receives the engine's events, and writes results, notes and records |
//! | member | a user in a room |
//! | note | a line on stderr for people |
//! | outcome | removed, gone, absent, refused, unknown or unsent |
//! | pace | decides when the next request may start; a slot is one such time |
//! | plan | all groups of a job |
//! | problem | something that the user can fix in flags, settings or rows |
//! | profile | a named table of settings in the configuration file |
//! | request | one HTTP call |
//! | result | a line on stdout |
//! | row | one member in a list, with a room and a reason of its own or without |
//! | session | checked settings, the client made from them, and the sandbox, if one runs in this process |
//! | setting | a value, and its source: a flag, a variable, a profile, or built in |
//! | settled | nothing is left to do for this member |
//! | stop | why no more requests are started |
//! | tally | how many members have which outcome |
//! | try | one sending of a request; a retry is a further try |
//!
//! # How one kick travels
//!
//! `roomctl kick --room r --user u --reason x`, and the files in the order in
//! which it reaches them:
//!
//! 1. `main.rs`, `lib.rs`: the arguments go to [`run`].
//! 2. `cli/mod.rs`: the parser finds the command; the common flags before and
//!    after it are merged into the `Context` of `commands/context.rs`.
//! 3. `commands/kick/args.rs`: the flags of kick, checked all at once.
//! 4. `commands/kick/mod.rs`: the whole flow on one screen.
//! 5. `commands/session.rs`, `config/resolve.rs`: every setting is resolved once;
//!    the session makes the client.
//! 6. `commands/kick/selection.rs`, `job/plan.rs`: the members become a plan. One
//!    member takes the same way as a million.
//! 7. `job/runner.rs`, `job/engine.rs`: the runner does what the engine decides;
//!    `job/pace.rs` says when the request may start.
//! 8. `commands/kick/listener.rs`: every event arrives here, and goes to the
//!    journal first (`commands/kick/records.rs`).
//! 9. `api/client.rs`, `api/wire.rs`: the request is signed and sent, the answer
//!    read; `api/codes.rs` says what its code means.
//! 10. `output/results.rs`, `commands/kick/report.rs`: the outcome is printed, and
//!     the tally becomes the [`exit::Exit`].

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
        context.notes().error(&error);
        error.exit()
    });
    exit.into()
}
