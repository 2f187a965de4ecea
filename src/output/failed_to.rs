//! `--failed-to`: whoever was not removed, in the lines that `--from` reads.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::results::json;
use crate::atomic_file::AtomicFile;
use crate::job::Settled;

/// The writer.
#[derive(Debug)]
pub(crate) struct FailedTo {
    /// As given.
    path: PathBuf,
    out: AtomicFile,
    /// A write has failed, or its reader has left: nothing more is written.
    is_dead: bool,
}

impl FailedTo {
    /// Opens it before anything is sent, so that a full or forbidden place is
    /// found in time. The file is the caller's alone: it holds names. Every
    /// error names the flag and the place.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let out = AtomicFile::open(path).map_err(|why| named(path, &why))?;
        let path = path.to_owned();
        Ok(Self {
            path,
            out,
            is_dead: false,
        })
    }

    /// One line for members that share their fate.
    pub(crate) fn add(&mut self, settled: &Settled) -> io::Result<()> {
        if self.is_dead {
            return Ok(());
        }
        let line = json(settled) + "\n";
        let written = self.out.write_all(line.as_bytes());
        self.is_dead = written.is_err();
        unless_closed(written).map_err(|why| named(&self.path, &why))
    }

    /// Puts it in its place; not after a failure, which has been told.
    pub(crate) fn finish(self) -> io::Result<()> {
        if self.is_dead {
            return Ok(());
        }
        unless_closed(self.out.finish()).map_err(|why| named(&self.path, &why))
    }
}

/// A pipe whose reader has left is no lost record.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn named(path: &Path, why: &io::Error) -> io::Error {
    let message = format!("--failed-to {}: {why}", path.display());
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
