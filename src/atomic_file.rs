//! Replaces a file atomically. The old file stays until the new one is complete.
//! Only the owner can read the new file, from its first byte, because it may hold
//! keys and names. A symbolic link stays a link: its target is replaced.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use tempfile::NamedTempFile;

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// A regular file is replaced by [`AtomicFile::finish`]; it may be the very file
/// that is being read. Anything else (a pipe, a terminal, a device) is written
/// directly.
#[derive(Debug)]
pub(crate) struct AtomicFile(Target);

#[derive(Debug)]
enum Target {
    /// The draft, and the file that it becomes.
    Draft(BufWriter<NamedTempFile>, PathBuf),
    Direct(BufWriter<File>),
}

/// Puts `text` into `file`, which must be a regular file or not exist. Missing
/// folders are made, for the owner only.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    if is_special(file)? {
        return Err(io::Error::other("it is not a regular file"));
    }
    let file = follow_links(file)?;
    let mut folders = DirBuilder::new();
    folders
        .recursive(true)
        .mode(0o700)
        .create(folder_of(&file))?;
    let mut draft = AtomicFile::draft(file)?;
    draft.write_all(text.as_bytes())?;
    draft.finish()
}

impl AtomicFile {
    /// Opens the file before there is anything to write, so that a full or
    /// forbidden place is found in time. Errors do not name the place.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if !is_special(path).unwrap_or(false) {
            return Self::draft(follow_links(path)?);
        }
        // Opening a pipe would wait for its reader; this reports at once that
        // there is none.
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let mut options = OpenOptions::new();
        drop(options.write(true).custom_flags(flags).open(path)?);
        let file = OpenOptions::new().write(true).open(path)?;
        Ok(Self(Target::Direct(BufWriter::new(file))))
    }

    /// In the same folder, so that renaming is one step. Its mode is 0600.
    fn draft(path: PathBuf) -> io::Result<Self> {
        let folder = folder_of(&path);
        // An error about the folder itself, not about a temporary name in it.
        if !fs::metadata(folder)?.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        let file = NamedTempFile::new_in(folder).map_err(|why| io::Error::from(why.kind()))?;
        Ok(Self(Target::Draft(BufWriter::new(file), path)))
    }

    /// Puts the new file in its place. After an error the old one is still there.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.0 {
            Target::Direct(mut out) => out.flush(),
            Target::Draft(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(path).map(drop).map_err(|failed| failed.error)
            }
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Target::Direct(out) => out.write(bytes),
            Target::Draft(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Target::Direct(out) => out.flush(),
            Target::Draft(out, _) => out.flush(),
        }
    }
}

/// Where the links end; there need not be a file yet.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
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

fn folder_of(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").mode() & 0o777
    }

    #[test]
    fn file_and_new_folders_are_the_owners_only() {
        let home = tempfile::tempdir().expect("a directory");
        let file = home.path().join("a/b/config.toml");
        replace(&file, "x").expect("written");
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(&home.path().join("a")), 0o700);
        assert_eq!(mode(&home.path().join("a/b")), 0o700);
    }

    #[test]
    fn what_a_link_leads_to_is_replaced_there_or_not() {
        let home = tempfile::tempdir().expect("a directory");
        let (link, file) = (home.path().join("link"), home.path().join("real"));
        symlink("second", &link).expect("a link");
        symlink("real", home.path().join("second")).expect("a link");
        for text in ["one", "two"] {
            replace(&link, text).expect("written");
            assert_eq!(fs::read_to_string(&file).expect("there"), text);
            assert!(link.is_symlink());
        }
        let names = fs::read_dir(home.path()).expect("a directory").count();
        assert_eq!(names, 3, "no temporary file is left");
    }

    #[test]
    fn circles_and_devices_are_refused() {
        let home = tempfile::tempdir().expect("a directory");
        let link = home.path().join("link");
        symlink("link", &link).expect("a link");
        assert!(replace(&link, "x").is_err());
        assert!(replace(Path::new("/dev/null"), "x").is_err());
    }
}
