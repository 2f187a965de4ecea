//! roomctl removes members from Tencent RTC rooms, and reports the outcome of each.
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
//! assert_eq!((answer.error_code, answer.action_status.as_deref()), (0, Some("OK")));
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
//! | [`clock`], [`interrupt`], [`exit`], `atomic_file`, `stdio` | time, signals, exit codes, files that are replaced whole, the standard streams |
//! | [`usersig`] | signs, decodes and verifies a UserSig |
//! | [`error`] | the one form of what can be wrong: message, causes, hint |
//! | [`api`] | the service on the wire: client, endpoints, error codes |
//! | [`config`] | flags, environment and profiles become settings |
//! | [`job`] | lists, plan, engine and journal |
//! | [`sandbox`] | a service on this machine, for rehearsals and tests |
//! | `output` | results, notes, progress, summary, audit: text and JSON |
//! | `streams` | how stdout and stderr look: format, colour |
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
//! `roomctl kick --room r --user u --reason x` passes through these files, in this
//! order. What a code of the service means is in [`api::codes`].
//!
//! | | file | what happens there |
//! |---|---|---|
//! | 1 | `main.rs` | hands the arguments to the library |
//! | 2 | `lib.rs` | prints the error and returns the exit code at the end |
//! | 3 | `cli/mod.rs` | parses the command line, matches the command to its module |
//! | 4 | `commands/common.rs` | merges the common flags, given before and after the command, into the context |
//! | 5 | `commands/kick/mod.rs` | the whole flow on one screen |
//! | 6 | `commands/kick/options.rs` | checks the flags, collects all problems |
//! | 7 | `commands/session.rs` | loads the profile; later makes the client from the settings |
//! | 8 | `config/resolve.rs` | resolves every setting once |
//! | 9 | `commands/kick/selection.rs` | flags and lists become rows, rows become members of the plan |
//! | 10 | `job/plan.rs` | groups the members and cuts batches; one member takes the same way as a million |
//! | 11 | `commands/kick/execute.rs` | connects engine, client, records and listener |
//! | 12 | `job/runner.rs` | owns threads and clock, does what the engine decides |
//! | 13 | `job/engine/mod.rs` | decides what happens next; classifies answers, retries, splits |
//! | 14 | `job/pace.rs` | when the request may start |
//! | 15 | `commands/kick/listener.rs` | receives every event; writes the journal first, if there is one |
//! | 16 | `api/client.rs` | signs and sends the request, reads the answer |
//! | 17 | `output/results.rs` | prints the outcome |
//! | 18 | `commands/kick/report.rs` | prints error, hint and summary; the tally becomes the exit code |

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
mod stdio;
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
