//! The flags of `sandbox`, and the options that they make. Every problem is
//! reported before the sandbox listens.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::atomic_file::open_if_special;
use crate::clock::parse_duration;
use crate::commands::CommandArgs;
use crate::commands::list_flags::{List, ListFlags};
use crate::config::StdinClaim;
use crate::error::{Error, Problems, remedy_of_write};
use crate::file_name::display_path;
use crate::input_file;
use crate::job::input::{NameOf, NotAName, Rows, check_name};
use crate::room::{RoomId, UserId};
use crate::sandbox::{AbsentMode, DEMO_ROOM, Fault, Options};
use crate::secret::{excerpt, excerpt_of_part};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = 0)]
    pub(super) port: u16,
    /// Room with members, NAME=USER,USER; repeatable
    #[arg(long, value_name = "NAME=USERS", allow_hyphen_values = true)]
    room: Vec<String>,
    /// File with rooms and members, as for kick --from
    ///
    /// For stdin give -. Members without a room are put into room-test, in place of the
    /// demo's members.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) rooms: Option<PathBuf>,
    #[command(flatten)]
    list: ListFlags,
    /// Time between effect and answer
    #[arg(long, value_name = "DURATION", default_value = "0ms", value_parser = duration)]
    latency: Duration,
    /// Most requests per second of one API command; above it the answer is 60007
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// What one absent member does to a batch
    #[arg(
        long,
        hide_short_help = true,
        value_name = "MODE",
        default_value = "atomic",
        ignore_case = true
    )]
    absent: AbsentArg,
    /// Fault and how often, like 100001=2%; repeatable
    ///
    /// Any error code, http502, http429, reset (the connection is cut after the
    /// effect), drop (cut before it), truncate, slow:4s, html, close (the kept
    /// connection is closed), connect:200ms (a delay after accept), list-short (a
    /// page of a member list has half of its members and is the last), list-loop
    /// (each page names the first one as the next). A fault without a share
    /// always happens.
    #[arg(long, value_name = "KIND[=N%]")]
    fault: Vec<Fault>,
    /// TLS with the sandbox's own certificate authority
    #[arg(long)]
    tls: bool,
    /// Write one JSON line per request to this file
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) log: Option<PathBuf>,
    /// Also write the export lines to this file
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) env_file: Option<PathBuf>,
    /// Command to run against the sandbox; its exit code is returned
    ///
    /// The command gets the variables that point roomctl to the sandbox.
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

impl CommandArgs for Args {
    fn remedy(flag: &str) -> String {
        format!("remove {flag}; after -- it belongs to the command that is run")
    }
}

const EXAMPLES: &str = "\
Examples:
  roomctl sandbox --room r1=alice,bob -- sh script.sh
  roomctl sandbox --env-file box.env &    (then, in any shell: . ./box.env)";

/// The values of `--absent`.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum AbsentArg {
    /// One absent member fails the batch, and no member is removed
    Atomic,
    /// The present members are removed, and the answer is still 100005
    Partial,
}

/// Adds the problems of `--room`.
pub(super) fn check_rooms(args: &Args, problems: &mut Problems) {
    for text in &args.room {
        problems.ok_or_collect(parse_room(text));
    }
}

/// The options of the sandbox. Reads the list of rooms, and opens the log if nothing
/// is wrong, also not `found` before.
pub(super) fn options(
    args: &Args,
    mut found: Problems,
    stdin: &mut StdinClaim,
) -> Result<Options, Error> {
    let rooms = found.ok_or_collect(read_rooms(args, stdin));
    found.into_result()?;
    let mut options = Options {
        port: args.port,
        latency: args.latency,
        limit: args.limit,
        absent: match args.absent {
            AbsentArg::Atomic => AbsentMode::Atomic,
            AbsentArg::Partial => AbsentMode::Partial,
        },
        faults: args.fault.clone(),
        tls: args.tls,
        ..Options::default()
    };
    for text in &args.room {
        let (name, members) = parse_room(text)?;
        options = options.room(name, members);
    }
    for (name, members) in rooms.unwrap_or_default() {
        options = options.room(name, members);
    }
    if let Some(file) = &args.log {
        options.log = Some(Box::new(open_log(file)?));
    }
    Ok(options)
}

/// `NAME=USER,USER`; `NAME=` is an empty room.
fn parse_room(text: &str) -> Result<(String, Vec<String>), Error> {
    let hint = "a room is NAME=USER,USER";
    let Some((name, members)) = text.split_once('=') else {
        let text = excerpt(text);
        return Err(Error::usage(format!("--room {text:?}: has no ="), hint));
    };
    let odd = |what: String, why: NotAName| {
        let hint =
            format!("{hint}, without blanks and quotes; other names go into --rooms FILE.json");
        Error::usage(format!("--room {what} {why}"), hint)
    };
    let check = |name: &str, of| check_name(name, of).filter(|why| why.holds_for_flags());
    let shown = |part: &str| excerpt_of_part(part, text);
    let shown_name = shown(name);
    if let Some(why) = check(name, NameOf::Room) {
        return Err(odd(format!("{shown_name:?}"), why));
    }
    RoomId::parse(name)
        .map_err(|why| Error::usage(format!("--room {shown_name:?}: {why}"), hint))?;
    let members = members.split(',').filter(|member| !member.is_empty());
    let valid = |member: &str| match (check(member, NameOf::User), UserId::parse(member)) {
        (Some(why), _) => Err(odd(
            format!("{shown_name}, member {:?}", shown(member)),
            why,
        )),
        (None, Ok(_)) => Ok(member.to_owned()),
        (None, Err(why)) => Err(Error::usage(
            format!("--room {shown_name}, member {:?}: {why}", shown(member)),
            hint,
        )),
    };
    Ok((
        name.to_owned(),
        members.map(valid).collect::<Result<_, _>>()?,
    ))
}

/// The rooms of a list that kick reads as well. Members without a room are added
/// to the demo room. All bad rows are reported.
fn read_rooms(args: &Args, stdin: &mut StdinClaim) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut problems = Problems::default();
    let mut rooms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for list in args
        .list
        .lists(args.rooms.as_slice(), "--rooms", &mut problems)
    {
        let Some(input) = problems.ok_or_collect(open_list(&list, stdin)) else {
            continue;
        };
        for row in Rows::new(input, list.layout.clone()) {
            match row {
                Ok(row) => {
                    let room = row
                        .room
                        .map_or(DEMO_ROOM.to_owned(), |room| room.to_string());
                    rooms.entry(room).or_default().push(row.user.to_string());
                }
                Err(bad) => list.report(&bad, "roomctl sandbox", "--rooms", &mut problems),
            }
        }
    }
    problems.into_result()?;
    Ok(rooms)
}

fn open_list(list: &List, stdin: &mut StdinClaim) -> Result<Box<dyn Read>, Error> {
    if list.path.as_os_str() == "-" {
        return Ok(stdin.claim("--rooms")?);
    }
    let name = display_path(&list.path);
    let hint = "name a file that can be read, or - for stdin";
    let opened = input_file::open(&list.path, "--rooms").map_err(|why| {
        let hint = input_file::remedy(&why, hint);
        Error::usage(format!("--rooms {name}: {why}"), hint)
    })?;
    Ok(Box::new(opened))
}

/// The log contains names, so only its owner may read it, even if the file existed
/// with other permissions.
fn open_log(file: &Path) -> Result<File, Error> {
    let open = || -> io::Result<File> {
        if let Some(pipe) = open_if_special(file)? {
            return Ok(pipe);
        }
        let mut options = OpenOptions::new();
        let log = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(file)?;
        log.set_permissions(Permissions::from_mode(0o600))?;
        Ok(log)
    };
    open().map_err(|why| cannot_open("--log", file, &why))
}

/// The error of a file that cannot be opened for writing.
pub(super) fn cannot_open(flag: &str, file: &Path, why: &io::Error) -> Error {
    let message = format!("{flag} {}: {why}", display_path(file));
    match why.kind() {
        ErrorKind::StorageFull => Error::not_written(&io::Error::new(why.kind(), message)),
        _ => Error::usage(message, remedy_of_write(why)),
    }
}

/// A time with its unit. The error does not repeat a part of the text, which may
/// be a part of a key.
fn duration(text: &str) -> Result<Duration, &'static str> {
    parse_duration(text).ok_or("is not a valid duration; write a number with its unit: 30ms, 2s")
}
