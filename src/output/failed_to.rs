//! `--failed-to`: the members that were not removed, as `--from` reads them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::results::json;
use crate::atomic_file::AtomicFile;
use crate::file_name::display_path;
use crate::job::Settled;

/// Writes the file of `--failed-to`.
#[derive(Debug)]
pub(crate) struct FailedTo {
    /// As the flag gives it, for messages.
    path: PathBuf,
    out: AtomicFile,
    /// A write failed, or the reader of a pipe closed it: nothing more is written.
    has_failed: bool,
}

impl FailedTo {
    /// Opens the file. This is done before anything is sent, so that a file that
    /// cannot be written is found in time. Errors name the flag and the file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let out = AtomicFile::open(path).map_err(|why| named(path, &why))?;
        let path = path.to_owned();
        Ok(Self {
            path,
            out,
            has_failed: false,
        })
    }

    /// Adds one line for the members of a batch.
    pub(crate) fn add(&mut self, settled: &Settled) -> io::Result<()> {
        if self.has_failed {
            return Ok(());
        }
        let line = json(settled) + "\n";
        let written = self.out.write_all(line.as_bytes());
        self.has_failed = written.is_err();
        unless_closed(written).map_err(|why| named(&self.path, &why))
    }

    /// Puts the file in its place, unless a write failed.
    pub(crate) fn finish(self) -> io::Result<()> {
        if self.has_failed {
            return Ok(());
        }
        unless_closed(self.out.finish()).map_err(|why| named(&self.path, &why))
    }
}

/// A closed pipe is not an error: its reader wanted no more.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn named(path: &Path, why: &io::Error) -> io::Error {
    let message = format!("--failed-to {}: {why}", display_path(path));
    io::Error::new(why.kind(), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("left.ndjson");
        std::fs::write(&path, "old").expect("written");
        let failed_to = FailedTo::open(&path).expect("opened");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "old");
        failed_to.finish().expect("finished");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "");
        let mode = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_found_at_the_start() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(FailedTo::open(&folder.path().join("missing/left.ndjson")).is_err());
        assert!(FailedTo::open(Path::new("/dev/null")).is_ok());
    }
}
