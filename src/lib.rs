//! roomctl removes members from Tencent RTC rooms, and reports the outcome of each.
//!
//! The program is `main.rs` and [`run`]. The public modules are a library, which can
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
//! sends one request. Pacing, retries, splitting and the journal belong to [`job`].
//!
//! # Map
//!
//! Lowest layer first: a module imports only from earlier rows. The files of a folder
//! have an order, too: no two of them import each other.
//!
//! | module | content |
//! |---|---|
//! | [`room`] | IDs of rooms and members, reasons, actions, the service's limits |
//! | [`secret`] | keys and signatures, which no output shows |
//! | [`clock`], [`interrupt`], [`exit`] | time, signals, exit codes |
//! | `disk_space`, `atomic_file`, `file_name`, `input_file`, `name_service`, `stdio` | space for files before they are written; atomic replacement of files; names of files in messages and in commands to type; files that are read, each pipe once; names of hosts and accounts; unbuffered stdin, stdout and stderr |
//! | [`error`] | problems with their hints, and the collector of problems |
//! | [`usersig`] | signs, decodes and verifies a UserSig |
//! | [`api`] | the service on the wire: client, endpoints, error codes |
//! | `redis` | a connection to a Redis server, for `--rate-scope redis://…` |
//! | [`config`] | flags, environment and profiles become settings |
//! | [`job`] | lists, plan, engine and journal; member lists of rooms (`job/room_list.rs`, `job/engine/rooms.rs`) |
//! | [`sandbox`] | a Room Engine on this machine, for rehearsals and tests |
//! | `output` | results, notes, progress, summary, audit: text and JSON |
//! | `streams` | how results and notes go to stdout and stderr |
//! | `commands` | a module per command, and the `Context` that they share; `kick/plan_view.rs` shows a plan before it runs, `journal/` reads the files of earlier jobs |
//! | `fuzz` | what the fuzz targets of `tests/fuzz/` call; only with the feature `fuzzing` and in tests |
//! | `cli` | the tree of commands, and the match from a command to its module; the corrections of wrong command lines |
//!
//! # Glossary
//!
//! Each word has one meaning, in names, comments and messages.
//!
//! | word | meaning |
//! |---|---|
//! | action | kick, ban or unban |
//! | answer | what the service replied to a request; its class is what a job does next |
//! | attempt | a request that named this member; attempts are counted |
//! | audit | the file to which every outcome is appended; a job never reads it |
//! | batch | the members of one request: 1 to 20, with the same room and reason |
//! | caller | the account that signs the requests, an administrator of the app (`--identifier`) |
//! | command | a subcommand of roomctl |
//! | credential | a secret key, a command that prints one, or a UserSig |
//! | doubt | a try may have taken effect, but its answer was lost |
//! | drain | finish the requests in flight and start no more |
//! | engine | the state machine that decides what a job does next |
//! | event | what the engine reports to its listener |
//! | fault | a failure that the sandbox injects (`--fault`) |
//! | feed | the list of `--stream`: its rows are sent as they arrive |
//! | group | all members of a plan with the same room and reason |
//! | held back | of a room: none of its batches starts, because its member list is read |
//! | hint | the next thing to type or to do |
//! | intent | the record in the journal before a request is sent |
//! | job | one run of an action over a plan or a feed |
//! | journal | the file with which a job can be resumed; a record is one line of it |
//! | list | one file of `--from` |
//! | lease | slots of a timeline that one process has reserved |
//! | listener | receives the engine's events; writes records, results and notes |
//! | member | a user in a room |
//! | member list | the service's list of the members of a room (`--check-room`, `--all`, `--verify`) |
//! | note | a line on stderr for people |
//! | outcome | removed, gone, absent, refused, unknown or unsent |
//! | pace | decides when the next request may start; one such time is a slot |
//! | plan | all groups of a job |
//! | plan view | what a person sees of a plan before it runs: the dry run and the question |
//! | problem | something that the user can fix in flags, settings or rows |
//! | profile | a named table of settings in the configuration file |
//! | put aside | of a batch: not split yet, because the member list may show who is absent |
//! | request | one HTTP call |
//! | result | a line on stdout |
//! | row | one entry of a list: a user, with or without a room and a reason |
//! | session | the checked settings of a command, and its in-process sandbox if it has one |
//! | setting | a value and its source: a flag, a variable, a profile, or built in |
//! | settled | nothing is left to do for this member |
//! | stop | why no more requests start |
//! | tally | how many members have which outcome |
//! | timeline | the slots of `--rate-scope`, from which processes reserve |
//! | try | one sending of a request; a retry is a further try |
//!
//! # How one kick travels
//!
//! `roomctl kick --room r --user u --reason x` passes through these files, in this
//! order. The rules have files of their own: [`api::codes`] (the class of an answer),
//! `job/pace/` (pace and delays of retries) and `job/split.rs`. So have the things that
//! steps 11 to 16 pass on: `job/batch.rs`, `job/event.rs`, `job/outcome.rs`. Every job
//! has `commands/kick/records.rs`: it checks the paths of `--journal`, `--audit` and
//! `--failed-to` after step 7, and writes the records in step 14.
//!
//! | | file | what it does |
//! |---|---|---|
//! | 1 | `main.rs` | passes the arguments, returns the exit code |
//! | 2 | `lib.rs` | makes the context, reports an error that ends the command |
//! | 3 | `cli/mod.rs` | parses the arguments, finds the command |
//! | 4 | `commands/context.rs` | merges the flags before and after the command |
//! | 5 | `commands/kick/mod.rs` | the whole flow, step by step |
//! | 6 | `commands/session.rs` | loads the profiles; later makes the client |
//! | 7 | `commands/kick/options.rs` | checks the flags of `args.rs`, collects all problems |
//! | 8 | `commands/kick/selection.rs` | makes a plan from members and lists |
//! | 9 | `job/plan.rs` | groups the members; `job/planned.rs` cuts the batches |
//! | 10 | `config/resolve.rs` | finds and checks every setting |
//! | 11 | `commands/kick/execute.rs` | after the question of `confirm.rs`: connects engine, client and listener |
//! | 12 | `job/runner.rs` | owns threads, clock and channel |
//! | 13 | `job/engine/mod.rs` | decides: start, wait or finish |
//! | 14 | `commands/kick/listener.rs` | handles each event, journal first |
//! | 15 | `api/client.rs` | signs, sends, reads the answer |
//! | 16 | `job/engine/answers.rs` | settles, retries, splits or stops |
//! | 17 | `output/results.rs` | prints the outcome on stdout; `output/display.rs` keeps it apart from the progress bar |
//! | 18 | `commands/kick/report.rs` | prints the error, the hint and the summary |

pub mod api;
mod atomic_file;
mod cli;
pub mod clock;
mod commands;
pub mod config;
mod disk_space;
pub mod error;
pub mod exit;
mod file_name;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzz;
mod input_file;
pub mod interrupt;
pub mod job;
mod name_service;
mod output;
mod redis;
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
    // A shell asks with ROOMCTL_COMPLETE: no command may run then.
    let done = match commands::completions::complete(&context) {
        Ok(true) => Ok(Exit::Done),
        Ok(false) => cli::dispatch(&argv, &mut context),
        Err(error) => Err(error),
    };
    let exit = done.unwrap_or_else(|error| {
        context.load_profile_for_error_style();
        context.notes().error(&error);
        error.exit()
    });
    exit.into()
}
