//! The disk's space for a file: taken before there is anything to write, so that a full
//! disk is found in time.

use std::fs::File;
use std::io;
#[cfg(target_os = "linux")]
use std::os::unix::fs::{FileTypeExt, MetadataExt};

#[cfg(target_os = "linux")]
use rustix::io::Errno;

/// Takes the disk's space for `length` bytes from `start`. The file's length stays.
/// Most file systems can do that, but not all.
#[cfg(target_os = "linux")]
pub(crate) fn reserve(file: &File, start: u64, length: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    match fallocate(file, FallocateFlags::KEEP_SIZE, start, length) {
        Err(why @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => Err(why.into()),
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn reserve(_: &File, _: u64, _: u64) -> io::Result<()> {
    Ok(())
}

/// Gives back what is reserved after the end of the file.
pub(crate) fn release(file: &File) -> io::Result<()> {
    let there = file.metadata()?;
    if !there.is_file() {
        return Ok(());
    }
    file.set_len(there.len())
}

/// Whether this is `/dev/full`, where each write fails as on a full disk.
#[cfg(target_os = "linux")]
pub(crate) fn is_full_device(file: &File) -> bool {
    let number = rustix::fs::makedev(1, 7);
    file.metadata()
        .is_ok_and(|found| found.file_type().is_char_device() && found.rdev() == number)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn is_full_device(_: &File) -> bool {
    false
}
