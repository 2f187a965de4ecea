//! Opens the files that commands read. A pipe gives its content once: a second reader
//! gets nothing, or waits for ever. So a process opens each pipe once, whatever its
//! name is (`/dev/stdin`, `/dev/fd/0`, `./f`). Regular files may be read again.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rustix::fs::{FileType, Stat, fstat, stat};

use crate::file_name::display_path;

/// What to do if an input is read already.
pub(crate) const ONE_EACH: &str = "give one of the two a file of its own";

/// The pipes that are read, for the whole process as its file descriptors are.
static PIPES: Mutex<Vec<Pipe>> = Mutex::new(Vec::new());

struct Pipe {
    id: Id,
    name: String,
}

#[derive(PartialEq, Eq)]
struct Id {
    device: u64,
    inode: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("it is the same input as {0}, which can be read only once")]
struct AlreadyRead(String);

/// Opens a file to read it.
///
/// # Errors
/// Those of the system; a pipe that is read already ([`is_read_already`]); the terminal
/// that is standard input: waiting there would look like a hang.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let status = stat(path)?;
    match file_type(&status) {
        FileType::Fifo => claim(&status, display_path(path))?,
        FileType::CharacterDevice if is_terminal_of_stdin(&status) => {
            return Err(io::Error::other("it is a terminal"));
        }
        _ => {}
    }
    File::open(path)
}

/// Notes that standard input is read; `name` is shown if a second reader wants it.
///
/// # Errors
/// It is read already, by another name.
pub(crate) fn claim_stdin(name: String) -> io::Result<()> {
    match fstat(io::stdin()) {
        Ok(status) if file_type(&status) == FileType::Fifo => claim(&status, name),
        _ => Ok(()),
    }
}

/// Whether [`open`] failed because a pipe is read already.
pub(crate) fn is_read_already(error: &io::Error) -> bool {
    error.kind() == ErrorKind::ResourceBusy
}

/// Whether standard input is a pipe that is read already, by any name.
pub(crate) fn is_stdin_read() -> bool {
    let pipes = PIPES.lock().unwrap_or_else(PoisonError::into_inner);
    fstat(io::stdin()).is_ok_and(|status| pipes.iter().any(|pipe| pipe.id == id(&status)))
}

/// The remedy for this error, which is `usual` for those of the system.
pub(crate) fn remedy<'a>(error: &io::Error, usual: &'a str) -> &'a str {
    if is_read_already(error) {
        ONE_EACH
    } else {
        usual
    }
}

fn file_type(status: &Stat) -> FileType {
    FileType::from_raw_mode(status.st_mode)
}

#[allow(
    clippy::useless_conversion,
    clippy::unnecessary_cast,
    clippy::cast_sign_loss,
    reason = "the types differ between systems"
)]
fn id(status: &Stat) -> Id {
    Id {
        device: status.st_dev as u64,
        inode: status.st_ino as u64,
    }
}

fn is_terminal_of_stdin(status: &Stat) -> bool {
    let stdin = io::stdin();
    stdin.is_terminal() && fstat(&stdin).is_ok_and(|stdin| id(&stdin) == id(status))
}

fn claim(status: &Stat, name: String) -> io::Result<()> {
    let id = id(status);
    let mut pipes = PIPES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(first) = pipes.iter().find(|pipe| pipe.id == id) {
        let error = AlreadyRead(first.name.clone());
        return Err(io::Error::new(ErrorKind::ResourceBusy, error));
    }
    pipes.push(Pipe { id, name });
    Ok(())
}
