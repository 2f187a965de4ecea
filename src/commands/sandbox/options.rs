//! From flags to a sandbox's options; every fault is reported before anything
//! listens.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::Args;
use crate::config::StdinClaim;
use crate::error::Error;
use crate::job::input::{Format, Rows};
use crate::room::{RoomId, UserId};
use crate::sandbox::{Absent, DEMO_ROOM, Options};

/// `--absent`, in the contract's words.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum AbsentMode {
    /// One absent member fails the batch, and nobody is removed
    Atomic,
    /// The present members are removed, and 100005 is answered all the same
    Partial,
}

/// The sandbox that was asked for.
pub(super) fn from(args: &Args, stdin: &mut StdinClaim) -> Result<Options, Error> {
    let mut options = Options {
        port: args.port,
        latency: args.latency,
        limit: args.limit,
        absent: match args.absent {
            AbsentMode::Atomic => Absent::Atomic,
            AbsentMode::Partial => Absent::Partial,
        },
        faults: args.fault.clone(),
        tls: args.tls,
        ..Options::default()
    };
    for text in &args.room {
        let (name, members) = room(text)?;
        options = options.room(name, members);
    }
    if let Some(file) = &args.rooms {
        for (name, members) in rooms(file, stdin)? {
            options = options.room(name, members);
        }
    }
    if let Some(file) = &args.log {
        options.log = Some(Box::new(log(file)?));
    }
    Ok(options)
}

/// `NAME=USER,USER`; `NAME=` is an empty room.
fn room(text: &str) -> Result<(String, Vec<String>), Error> {
    let hint = "a room is NAME=USER,USER";
    let Some((name, members)) = text.split_once('=') else {
        return Err(Error::usage(format!("--room {text:?}: has no ="), hint));
    };
    RoomId::parse(name).map_err(|why| Error::usage(format!("--room {name:?}: {why}"), hint))?;
    let members = members.split(',').filter(|member| !member.is_empty());
    let valid = |member: &str| match UserId::parse(member) {
        Ok(_) => Ok(member.to_owned()),
        Err(why) => Err(Error::usage(
            format!("--room {name}, member {member:?}: {why}"),
            hint,
        )),
    };
    Ok((
        name.to_owned(),
        members.map(valid).collect::<Result<_, _>>()?,
    ))
}

/// The list that a kick would read, as the rooms it speaks of. A list without
/// rooms, like the plain one, fills the demo room.
fn rooms(file: &Path, stdin: &mut StdinClaim) -> Result<Vec<(String, Vec<String>)>, Error> {
    let hint = "the formats are those of roomctl kick --from";
    let input: Box<dyn Read> = if file.as_os_str() == "-" {
        stdin.claim("--rooms")?
    } else {
        let opened = File::open(file);
        let name = file.display();
        Box::new(opened.map_err(|why| Error::usage(format!("--rooms {name}: {why}"), hint))?)
    };
    let mut rooms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in Rows::new(input, Format::from_path(file), None) {
        let row = row.map_err(|bad| Error::usage(format!("{}:{bad}", file.display()), hint))?;
        let room = row
            .room
            .map_or(DEMO_ROOM.to_owned(), |room| room.to_string());
        rooms.entry(room).or_default().push(row.user.to_string());
    }
    Ok(rooms.into_iter().collect())
}

/// It holds names, so nobody else may read it, also where the file was there
/// before with other permissions.
fn log(file: &Path) -> Result<File, Error> {
    let open = || -> io::Result<File> {
        let mut options = OpenOptions::new();
        let log = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(file)?;
        if log.metadata()?.is_file() {
            log.set_permissions(Permissions::from_mode(0o600))?;
        }
        Ok(log)
    };
    open().map_err(|why| {
        let message = format!("--log {}: {why}", file.display());
        Error::usage(message, "name a file that can be written")
    })
}
