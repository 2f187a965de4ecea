//! The journal's file: a regular one, the caller's alone from its first byte,
//! one process at a time.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::error::JournalErrorKind;

/// Readable and writable by the caller alone.
const PRIVATE: u32 = 0o600;

/// The file, locked, and whether it was made just now. The lock goes with the
/// file, also when the process is killed.
pub(super) fn open(path: &Path) -> Result<(File, bool), JournalErrorKind> {
    check_regular_file(path)?;
    let mut options = OpenOptions::new();
    options.read(true).append(true).mode(PRIVATE);
    let (file, is_made) = match options.clone().create_new(true).open(path) {
        Ok(file) => (file, true),
        Err(why) if why.kind() == ErrorKind::AlreadyExists => {
            // `create` for a link owner target is not there yet.
            (options.create(true).open(path)?, false)
        }
        Err(why) => return Err(why.into()),
    };
    match file.try_lock() {
        Ok(()) => Ok((file, is_made)),
        Err(TryLockError::WouldBlock) => Err(JournalErrorKind::Locked),
        Err(TryLockError::Error(why)) => Err(why.into()),
    }
}

/// The file to look at, if there is one.
pub(super) fn open_for_reading(path: &Path) -> Result<Option<File>, JournalErrorKind> {
    check_regular_file(path)?;
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why.into()),
    }
}

/// An empty file that somebody else made becomes private before its first byte.
pub(super) fn keep_private(file: &File) -> io::Result<()> {
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & !PRIVATE == 0 {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(PRIVATE))
}

/// Lets the new file's name survive a power cut, where the system can.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(folder.unwrap_or(Path::new(".")));
    // Some file systems do not take this; a name that is lost costs only repeats.
    folder.and_then(|folder| folder.sync_all()).or(Ok(()))
}

/// Looked at before it is opened: opening a pipe may wait for its other end.
fn check_regular_file(path: &Path) -> Result<(), JournalErrorKind> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => Err(JournalErrorKind::NotARegularFile),
        _ => Ok(()),
    }
}
