//! The journal's file: a regular file with mode 0600 from its first byte, locked
//! by one process at a time.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::error::JournalErrorKind;

/// Only the owner may read and write: the file holds names.
const PRIVATE: u32 = 0o600;

/// Opens and locks the file. Returns whether it was created just now. The system
/// releases the lock when the file is closed, also when the process is killed.
pub(super) fn open(path: &Path) -> Result<(File, bool), JournalErrorKind> {
    check_regular_file(path)?;
    let mut options = OpenOptions::new();
    options.read(true).append(true).mode(PRIVATE);
    let (file, is_made) = match options.clone().create_new(true).open(path) {
        Ok(file) => (file, true),
        Err(why) if why.kind() == ErrorKind::AlreadyExists => {
            // `create` is for a link whose target does not exist yet.
            (options.create(true).open(path)?, false)
        }
        Err(why) => return Err(why.into()),
    };
    match file.try_lock() {
        Ok(()) => Ok((file, is_made)),
        Err(TryLockError::WouldBlock) => Err(JournalErrorKind::Locked),
        Err(TryLockError::Error(why)) => Err(JournalErrorKind::NoLocks(why)),
    }
}

/// The file, if there is one, without its lock.
pub(super) fn open_for_reading(path: &Path) -> Result<Option<File>, JournalErrorKind> {
    check_regular_file(path)?;
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why.into()),
    }
}

/// Makes an empty file that another program created private before its first
/// byte.
pub(super) fn keep_private(file: &File) -> io::Result<()> {
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & !PRIVATE == 0 {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(PRIVATE))
}

/// Syncs the folder, so that the new file's name survives a power cut.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(folder.unwrap_or(Path::new(".")));
    // Some file systems refuse this. A lost name costs only repeated requests.
    folder.and_then(|folder| folder.sync_all()).or(Ok(()))
}

/// Checked before the file is opened: opening a pipe may wait for its other end.
fn check_regular_file(path: &Path) -> Result<(), JournalErrorKind> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => Err(JournalErrorKind::NotARegularFile),
        _ => Ok(()),
    }
}
