//! A file that is written anew: whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use tempfile::NamedTempFile;

/// A regular file is replaced at the end, whole, and is the caller's alone: it
/// may be the very file that is being read. Anything else (a pipe, a terminal, a
/// device) is written as it comes.
#[derive(Debug)]
pub struct AtomicFile(Out);

#[derive(Debug)]
enum Out {
    Replacing(BufWriter<NamedTempFile>, PathBuf),
    Direct(BufWriter<File>),
}

impl AtomicFile {
    /// So that a full or forbidden place is found in time.
    ///
    /// # Errors
    /// The system's; they do not name the place.
    pub fn open(path: &Path) -> io::Result<Self> {
        let there = std::fs::metadata(path);
        if there.is_ok_and(|there| !there.is_file()) {
            // Opening a pipe would wait for its reader; this says at once that
            // there is none.
            let flags = OFlags::NONBLOCK.bits().cast_signed();
            drop(
                OpenOptions::new()
                    .write(true)
                    .custom_flags(flags)
                    .open(path)?,
            );
            let file = OpenOptions::new().write(true).open(path)?;
            return Ok(Self(Out::Direct(BufWriter::new(file))));
        }
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        // Said of the folder itself, not of a temporary name in it.
        if !std::fs::metadata(folder)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let file = NamedTempFile::new_in(folder).map_err(|why| io::Error::from(why.kind()))?;
        Ok(Self(Out::Replacing(BufWriter::new(file), path)))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// The system's; the old file is still there then.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Out::Direct(mut out) => out.flush(),
            Out::Replacing(out, path) => {
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
            Out::Direct(out) => out.write(bytes),
            Out::Replacing(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Out::Direct(out) => out.flush(),
            Out::Replacing(out, _) => out.flush(),
        }
    }
}
