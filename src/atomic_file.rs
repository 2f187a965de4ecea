//! Replaces a file whole or not at all. Until the new file is complete the old one
//! stays; the new one is readable by its owner only from its first byte, because
//! it may hold keys and names. A symbolic link stays one: what it leads to is
//! replaced, or created.
//!
//! Some files can be written but not replaced: one that is mounted by itself (a
//! container's configuration), another user's in a folder where everybody may only
//! remove their own (`/tmp`), one in a folder that cannot be written. These are
//! written in place, and keep their mode. That a file can be written at all is found
//! out when it is opened, before there is anything to write.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::process::geteuid;
use tempfile::{NamedTempFile, TempPath};

use crate::disk_space::{is_full_device, release, reserve};

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// Only the owner may read and write.
pub(crate) const PRIVATE: u32 = 0o600;

/// Everybody may read.
pub(crate) const PUBLIC: u32 = 0o644;

const GROUP_AND_OTHERS: u32 = 0o077;

/// In a folder with this bit, only the owner of a file (or of the folder) can
/// remove or replace it.
const STICKY: u32 = 0o1000;

/// A regular file is replaced by [`AtomicFile::finish`], and stays as it was until
/// then. A file that cannot be replaced, and anything else (a pipe, a terminal, a
/// device), is written directly.
#[derive(Debug)]
pub(crate) struct AtomicFile(Target);

#[derive(Debug)]
enum Target {
    Draft(BufWriter<File>, TempPath, Place),
    /// A regular file has the length of what was written once it is finished.
    Direct(BufWriter<File>),
}

/// The new file, under a temporary name.
#[derive(Debug)]
struct Draft {
    file: File,
    path: TempPath,
}

/// Where a regular file is to be.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// The file that is there, opened in case it cannot be replaced.
    old: Option<File>,
}

/// Puts `text` into `file`, which must be a regular file or not exist, with this
/// mode. Missing folders are made, for the owner only.
pub(crate) fn replace(file: &Path, text: &str, mode: u32) -> io::Result<()> {
    if is_special(file)? {
        return Err(io::Error::other("it is not a regular file"));
    }
    let place = || -> io::Result<Place> {
        let path = follow_links(file)?;
        let mut folders = DirBuilder::new();
        let folders = folders.recursive(true).mode(0o700);
        folders.create(folder_of(&path))?;
        Place::find(path)
    };
    let place = place()?;
    match place.draft() {
        Ok(mut draft) => {
            let permissions = Permissions::from_mode(mode);
            draft.file.set_permissions(permissions)?;
            draft.file.write_all(text.as_bytes())?;
            place.put(draft).map_err(|(why, _)| why)
        }
        Err(why) => match place.old {
            Some(mut old) if is_forbidden(&why) => {
                if mode == PRIVATE {
                    keep_private(&old)?;
                }
                write_in_place(&mut old, text.as_bytes(), text.len() as u64)
            }
            _ => Err(why),
        },
    }
}

impl AtomicFile {
    /// Opens the file before there is anything to write, so that a full or
    /// forbidden place is found in time. Errors do not name the place.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if let Some(file) = open_if_special(path)? {
            return Ok(Self(Target::Direct(BufWriter::new(file))));
        }
        let target = follow_links(path)?;
        // A file behind `/dev/fd` may have lost its name.
        if let Ok(given) = fs::metadata(path)
            && !fs::metadata(&target).is_ok_and(|found| is_same(&given, &found))
        {
            return Self::in_place(OpenOptions::new().write(true).open(path)?);
        }
        let place = Place::find(target)?;
        match place.draft() {
            Ok(Draft { file, path }) => Ok(Self(Target::Draft(BufWriter::new(file), path, place))),
            Err(why) => match place.old {
                Some(old) if is_forbidden(&why) => Self::in_place(old),
                _ => Err(why),
            },
        }
    }

    fn in_place(file: File) -> io::Result<Self> {
        file.set_len(0)?;
        Ok(Self(Target::Direct(BufWriter::new(file))))
    }

    /// Whether the new file has a temporary name until it is finished.
    pub(crate) fn is_draft(&self) -> bool {
        matches!(self.0, Target::Draft(..))
    }

    /// Takes so many bytes of the disk, if this is a regular file, so that a full disk
    /// is found before there is anything to write. More may be written, and what is not
    /// written is given back by [`AtomicFile::finish`].
    pub(crate) fn reserve(&self, bytes: u64) -> io::Result<()> {
        let (Target::Draft(out, ..) | Target::Direct(out)) = &self.0;
        if out.get_ref().metadata()?.is_file() {
            reserve(out.get_ref(), 0, bytes)?;
        }
        Ok(())
    }

    /// Replaces the lines of a draft for which `edit` returns others. After an error the
    /// draft is as it was. A file that is written directly stays as it is.
    pub(crate) fn edit_lines(&mut self, edit: impl Fn(&str) -> Option<String>) -> io::Result<()> {
        let Target::Draft(out, path, place) = &mut self.0 else {
            return Ok(());
        };
        out.flush()?;
        let old = BufReader::new(File::open(&*path)?);
        let new = place.draft()?;
        let mut copy = BufWriter::new(new.file);
        for line in old.lines() {
            let line = line?;
            let line = edit(&line).unwrap_or(line);
            writeln!(copy, "{line}")?;
        }
        copy.flush()?;
        (*out, *path) = (copy, new.path);
        Ok(())
    }

    /// Puts the new file in its place. After an error the old one is still there,
    /// unless it could only be written in place; the error names the file with the
    /// new content.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.0 {
            Target::Direct(mut out) => {
                out.flush()?;
                release(out.get_ref())
            }
            Target::Draft(out, path, place) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                release(&file)?;
                let draft = Draft { file, path };
                place
                    .put(draft)
                    .map_err(|(why, draft)| match draft.path.keep() {
                        Ok(kept) => {
                            let message =
                                format!("{why}; what was to be in it is in {}", kept.display());
                            io::Error::new(why.kind(), message)
                        }
                        Err(_) => why,
                    })
            }
        }
    }
}

impl Place {
    /// An error where the file can neither be written nor replaced.
    fn find(path: PathBuf) -> io::Result<Self> {
        let old = match OpenOptions::new().write(true).open(&path) {
            Ok(old) => Some(old),
            Err(why) if why.kind() == ErrorKind::NotFound => None,
            Err(why) if is_about_content(&why) && can_be_replaced(&path) => None,
            Err(why) => return Err(why),
        };
        Ok(Self { path, old })
    }

    /// A new file in the same folder, so that renaming is one step. Its mode is
    /// 0600.
    fn draft(&self) -> io::Result<Draft> {
        let folder = folder_of(&self.path);
        // An error about the folder itself, not about a temporary name in it.
        if !fs::metadata(folder)?.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        let made = NamedTempFile::new_in(folder).map_err(|why| io::Error::from(why.kind()))?;
        // Errors of its file do not name it; those of the pair do.
        let (file, path) = made.into_parts();
        Ok(Draft { file, path })
    }

    /// Puts the draft in this place, or its content. An error has the draft.
    fn put(self, draft: Draft) -> Result<(), (io::Error, Draft)> {
        let Draft { mut file, path } = draft;
        if let Err(why) = file.sync_all() {
            return Err((why, Draft { file, path }));
        }
        let Err(failed) = path.persist(&self.path) else {
            return Ok(());
        };
        let (why, path) = (failed.error, failed.path);
        let Some(mut old) = self.old.filter(|_| is_forbidden(&why)) else {
            return Err((why, Draft { file, path }));
        };
        let mut copy = || {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(0))?;
            write_in_place(&mut old, &mut file, length)
        };
        copy().map_err(|why| (why, Draft { file, path }))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Target::Direct(out) | Target::Draft(out, ..) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Target::Direct(out) | Target::Draft(out, ..) => out.flush(),
        }
    }
}

/// The file for writing, if it is there and not a regular one.
pub(crate) fn open_if_special(path: &Path) -> io::Result<Option<File>> {
    if !is_special(path).unwrap_or(false) {
        return Ok(None);
    }
    open_special(path).map(Some)
}

/// Opens a pipe, a terminal, a device. Opening a pipe would wait for its reader;
/// this reports at once that there is none.
fn open_special(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let mut options = OpenOptions::new();
    let opened = options.write(true).custom_flags(flags).open(path);
    let file = opened.map_err(|why| match Errno::from_io_error(&why) {
        Some(Errno::NXIO) if is_fifo(path) => {
            io::Error::new(ErrorKind::NotConnected, "no program reads this pipe")
        }
        _ => why,
    })?;
    if is_full_device(&file) {
        return Err(Errno::NOSPC.into());
    }
    // The same handle: its reader would take a second one for a second writer.
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

/// Writes over the content. If the disk has no space for the new one, the old one
/// stays.
fn write_in_place(file: &mut File, mut content: impl Read, length: u64) -> io::Result<()> {
    reserve(file, 0, length)?;
    io::copy(&mut content, file)?;
    file.set_len(length)?;
    file.sync_all()
}

/// Takes the file from group and others, if it belongs to the caller.
fn keep_private(file: &File) -> io::Result<()> {
    let there = file.metadata()?;
    if there.uid() != geteuid().as_raw() || there.mode() & GROUP_AND_OTHERS == 0 {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(there.mode() & 0o700))
}

/// Whether the system refuses this to this user in this place, so that another
/// way may be open.
fn is_forbidden(why: &io::Error) -> bool {
    matches!(
        why.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::ResourceBusy
            | ErrorKind::CrossesDevices
    )
}

/// Whether only the content of the file is protected, by its mode or because it
/// runs. Its name may lead to another file nevertheless.
fn is_about_content(why: &io::Error) -> bool {
    let why = Errno::from_io_error(why);
    why == Some(Errno::ACCESS) || why == Some(Errno::TXTBSY)
}

/// Whether a file that cannot be written may be replaced. If its folder does not
/// allow it, that is found when the draft is made.
fn can_be_replaced(path: &Path) -> bool {
    let (file, folder) = (fs::metadata(path), fs::metadata(folder_of(path)));
    let (Ok(file), Ok(folder)) = (file, folder) else {
        return false;
    };
    let us = geteuid().as_raw();
    let is_sticky = folder.mode() & STICKY != 0;
    let is_allowed = !is_sticky || file.uid() == us || folder.uid() == us;
    is_allowed && !is_mounted(path)
}

/// Whether the file is mounted by itself.
#[cfg(target_os = "linux")]
fn is_mounted(path: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let status = statx(CWD, path, AtFlags::empty(), StatxFlags::empty());
    status.is_ok_and(|status| status.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(not(target_os = "linux"))]
fn is_mounted(_: &Path) -> bool {
    false
}

/// Where the links end; there need not be a file yet.
pub(crate) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// Whether something other than a regular file is there. Asked of the path as it
/// was given: the links of `/proc/self/fd` are not followed by name.
fn is_special(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(!found.is_file()),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(false),
        Err(why) => Err(why),
    }
}

fn is_fifo(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo())
}

fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

fn folder_of(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(test)]
#[path = "atomic_file_tests.rs"]
mod tests;
