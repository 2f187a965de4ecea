//! Reading the files that settings come from: bounded, as UTF-8, and refused
//! when they hold a secret that others can read.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::secret::{looks_secret, scrub};

/// Most that is read of a key, a signature or a configuration; a real one has
/// a few hundred bytes, so more is another file.
pub(super) const MAX_BYTES: u64 = 64 * 1024;

/// Group or others may read.
const OTHERS_READ: u32 = 0o044;

/// Why a file's text cannot be used; the file is named by whoever reports it.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// Not there, not permitted, a directory, …
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// See [`MAX_BYTES`].
    #[error("has more than {} KiB; it must be another file", .0 / 1024)]
    TooLong(u64),
    /// Binary.
    #[error("is not UTF-8")]
    NotUtf8,
    /// A secret in it is no secret any more.
    #[error("can be read by others (mode {mode:04o}), and it holds a secret")]
    Exposed {
        /// Its permission bits.
        mode: u32,
    },
}

/// A file's text and who else can read it.
#[derive(Debug)]
pub(super) struct FileText {
    pub(super) text: String,
    /// Permission bits of a regular file; others have none that matter.
    pub(super) mode: Option<u32>,
    is_exposed: bool,
}

impl FileText {
    /// Reads the whole file. The permissions are those of the file that was
    /// opened, not of the name, which may be changed meanwhile.
    pub(super) fn of_file(path: &Path) -> Result<Self, FileError> {
        let file = File::open(path)?;
        let status = file.metadata()?;
        let mode = status.is_file().then_some(status.mode() & 0o7777);
        let is_ours = status.uid() == rustix::process::geteuid().as_raw();
        Ok(Self {
            text: text(file)?,
            mode,
            is_exposed: is_ours && mode.is_some_and(|mode| mode & OTHERS_READ != 0),
        })
    }

    /// Refuses a file whose text turned out to be a secret that others can
    /// read. Pipes, devices and files of other owners are not the caller's to
    /// mend, so they pass.
    pub(super) fn private(&self) -> Result<&str, FileError> {
        match self.mode {
            Some(mode) if self.is_exposed => Err(FileError::Exposed { mode }),
            _ => Ok(&self.text),
        }
    }
}

/// Everything that `input` gives, as text.
pub(super) fn text(input: impl Read) -> Result<String, FileError> {
    String::from_utf8(bytes(input, MAX_BYTES)?).map_err(|_| FileError::NotUtf8)
}

/// Everything that `input` gives, up to `limit` bytes.
pub(super) fn bytes(input: impl Read, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    input.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLong(limit));
    }
    Ok(bytes)
}

/// `path` as a word to paste into a shell.
pub(super) fn shell_quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    shlex::try_quote(&path).map_or_else(|_| path.to_string(), Into::into)
}

/// `path` for a message; a key that was given as a file name is not repeated.
pub(super) fn display_path(path: &Path) -> String {
    scrub(&path.to_string_lossy())
}

/// Whether the file's name is probably the secret itself.
pub(super) fn is_named_like_a_secret(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| looks_secret(&name))
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file(text: &[u8], mode: u32) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(text).expect("write");
        let permissions = Permissions::from_mode(mode);
        file.as_file().set_permissions(permissions).expect("chmod");
        file
    }

    #[test]
    fn a_secret_that_group_or_others_can_read_is_refused() {
        for mode in [0o644, 0o640, 0o604] {
            let content = FileText::of_file(file(b"key", mode).path()).expect("readable");
            let fault = content.private().expect_err("exposed");
            assert!(fault.to_string().contains(&format!("mode {mode:04o}")));
        }
        for mode in [0o600, 0o400, 0o611] {
            let content = FileText::of_file(file(b"key", mode).path()).expect("readable");
            assert_eq!(content.private().expect("private"), "key");
        }
    }

    #[test]
    fn what_is_no_small_text_file_is_refused() {
        let long = vec![b'x'; 64 * 1024 + 1];
        assert!(matches!(text(&long[..]), Err(FileError::TooLong(_))));
        assert!(text(&long[1..]).is_ok());
        assert!(matches!(text(&b"\xff"[..]), Err(FileError::NotUtf8)));
        let directory = FileText::of_file(Path::new("/"));
        assert!(matches!(directory, Err(FileError::Unreadable(_))));
    }

    #[test]
    fn names_are_quoted_for_the_shell_and_secrets_not_repeated() {
        assert_eq!(shell_quoted(Path::new("/a/b.key")), "/a/b.key");
        assert_eq!(shell_quoted(Path::new("/a b/k")), "'/a b/k'");
        let key = "5bd2850f".repeat(8);
        assert!(is_named_like_a_secret(Path::new(&key)));
        assert_eq!(display_path(Path::new(&key)), "[redacted]");
    }
}
