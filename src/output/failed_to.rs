//! `--failed-to`: whoever was not removed, in the lines that `--from` reads.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::results::json;
use crate::job::Settled;

/// The writer. A regular file is replaced at the end, whole: it may be the very
/// file that the job reads. Anything else (a pipe, a terminal) is written as it
/// comes.
#[derive(Debug)]
pub struct FailedTo {
    out: Out,
}

#[derive(Debug)]
enum Out {
    Replacing(BufWriter<NamedTempFile>, PathBuf),
    Direct(BufWriter<File>),
}

impl FailedTo {
    /// Opens it before anything is sent, so that a full or forbidden place is
    /// found in time. The file is the caller's alone: it holds names.
    pub fn open(path: &Path) -> io::Result<Self> {
        let there = std::fs::metadata(path);
        if there.is_ok_and(|there| !there.is_file()) {
            let file = OpenOptions::new().write(true).open(path)?;
            return Ok(Self {
                out: Out::Direct(BufWriter::new(file)),
            });
        }
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self {
            out: Out::Replacing(BufWriter::new(file), path),
        })
    }

    /// One line for members that share their fate.
    pub fn add(&mut self, settled: &Settled) -> io::Result<()> {
        let line = json(settled) + "\n";
        match &mut self.out {
            Out::Replacing(out, _) => out.write_all(line.as_bytes()),
            Out::Direct(out) => out.write_all(line.as_bytes()),
        }
    }

    /// Puts it in its place.
    pub fn finish(self) -> io::Result<()> {
        match self.out {
            Out::Direct(mut out) => out.flush(),
            Out::Replacing(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(path).map(drop).map_err(|failed| failed.error)
            }
        }
    }
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
        assert!(FailedTo::open(Path::new("/nonexistent/left.ndjson")).is_err());
        assert!(FailedTo::open(Path::new("/dev/null")).is_ok());
    }
}
