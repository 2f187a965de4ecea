//! Opens the files that commands read, so that no input is read twice.
//!
//! A pipe gives its content once: a second reader gets nothing, or waits for ever. So a
//! process opens each pipe once, whatever its name is (`/dev/stdin`, `/dev/fd/0`,
//! `./f`), and standard input of any kind, too. A regular file may be read again by the
//! same flag, but not by another one: a list that is the reason as well would be sent
//! to the members.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Stat, fstat, stat};

use crate::file_name::display_path;

/// What to do if an input is read already.
pub(crate) const ONE_EACH: &str = "give one of the two a file of its own";

/// The folders in which `0` is standard input.
const DESCRIPTORS: [&str; 3] = ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"];

thread_local! {
    /// What is read so far. All inputs are opened by the thread of the command.
    static READ: RefCell<Inputs> = RefCell::default();
}

#[derive(Default)]
struct Inputs {
    /// Pipes and regular files, each by its first name.
    files: BTreeMap<Id, Input>,
    /// The first name of standard input.
    stdin: Option<String>,
}

struct Input {
    role: &'static str,
    name: String,
}

/// What is the same for all names of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    device: u64,
    inode: u64,
}

#[derive(Debug, thiserror::Error)]
enum AlreadyRead {
    #[error("it is the same input as {0}, which can be read only once")]
    Once(String),
    #[error("it is the same file as {role} {name}")]
    OtherRole { role: &'static str, name: String },
}

/// Opens a file to read it. `role` is the flag that names it, or the place.
///
/// # Errors
/// Those of the system; an input that is read already ([`is_read_already`]); the
/// terminal that is standard input: waiting there would look like a hang.
pub(crate) fn open(path: &Path, role: &'static str) -> io::Result<File> {
    let status = stat(path)?;
    let is_terminal = file_type(&status) == FileType::CharacterDevice;
    if is_terminal && is_terminal_of_stdin(&status) {
        return Err(io::Error::other("it is a terminal"));
    }
    if file_type(&status) != FileType::Directory {
        let name = display_path(path);
        claim(&status, is_stdin(path).then(|| name.clone()), role, name)?;
    }
    File::open(path)
}

/// Notes that standard input is read as `-`, by the flag `role`.
///
/// # Errors
/// It is read already, by another name.
pub(crate) fn claim_stdin(role: &'static str) -> io::Result<()> {
    match fstat(io::stdin()) {
        Ok(status) => claim(&status, Some(format!("{role} -")), role, "-".to_owned()),
        Err(_) => Ok(()),
    }
}

/// Whether [`open`] failed because an input is read already.
pub(crate) fn is_read_already(error: &io::Error) -> bool {
    error.kind() == ErrorKind::ResourceBusy
}

/// The identity of an open regular file; None for anything else.
pub(crate) fn id_of_regular_file(file: impl AsFd) -> Option<Id> {
    let status = fstat(file).ok()?;
    (file_type(&status) == FileType::RegularFile).then(|| id(&status))
}

/// Whether standard input is read already, by any name.
pub(crate) fn is_stdin_read() -> bool {
    let is_pipe = |status: &Stat| file_type(status) == FileType::Fifo;
    let pipe = fstat(io::stdin()).ok().filter(is_pipe);
    READ.with_borrow(|read| {
        read.stdin.is_some() || pipe.is_some_and(|pipe| read.files.contains_key(&id(&pipe)))
    })
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

/// Whether the path is a name of standard input, like `/dev/stdin`, or a link to one.
fn is_stdin(path: &Path) -> bool {
    /// Longer chains of links are an error of the system.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if path == Path::new("/dev/stdin") || is_descriptor_0(&path) {
            return true;
        }
        let Ok(target) = path.read_link() else {
            return false;
        };
        path = path.parent().map_or(PathBuf::new(), Path::to_owned);
        path.push(target);
    }
    false
}

fn is_descriptor_0(path: &Path) -> bool {
    if path.file_name().is_none_or(|name| name != "0") {
        return false;
    }
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    let is_it = |descriptors: &&str| Path::new(descriptors).canonicalize().ok() == folder;
    folder.is_some() && DESCRIPTORS.iter().any(is_it)
}

/// Notes that an input is read. `stdin` is its name if it is standard input.
fn claim(status: &Stat, stdin: Option<String>, role: &'static str, name: String) -> io::Result<()> {
    let busy = |why| Err(io::Error::new(ErrorKind::ResourceBusy, why));
    READ.with_borrow_mut(|read| {
        if let (Some(first), Some(_)) = (&read.stdin, &stdin) {
            return busy(AlreadyRead::Once(first.clone()));
        }
        let is_pipe = file_type(status) == FileType::Fifo;
        if is_pipe || file_type(status) == FileType::RegularFile {
            match read.files.get(&id(status)) {
                Some(first) if is_pipe => {
                    return busy(AlreadyRead::Once(first.name.clone()));
                }
                Some(first) if first.role != role => {
                    let (role, name) = (first.role, first.name.clone());
                    return busy(AlreadyRead::OtherRole { role, name });
                }
                Some(_) => {}
                None => {
                    let name = stdin.clone().filter(|_| is_pipe).unwrap_or(name);
                    read.files.insert(id(status), Input { role, name });
                }
            }
        }
        if stdin.is_some() {
            read.stdin = stdin;
        }
        Ok(())
    })
}
