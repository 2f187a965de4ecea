//! Reads the files that settings come from: bounded, as UTF-8. A file with a
//! secret that other users can read is refused, and so is one that they can
//! write.

use std::fmt;
use std::fs::Metadata;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use secrecy::zeroize::Zeroizing;

pub(crate) use crate::file_name::{display_path, shell_quoted};
use crate::input_file;
use crate::secret::looks_secret;

/// Most bytes of a key, a signature or a configuration file. A real one has a
/// few hundred, so a longer file is the wrong one.
pub(crate) const MAX_BYTES: u64 = 64 * 1024;

/// Group or others may read.
const OTHERS_READ: u32 = 0o044;

/// Group or others may write.
const OTHERS_WRITE: u32 = 0o022;

/// Why a file's text cannot be used. The caller adds the file's name.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// Longer than so many bytes.
    #[error("has more than {} KiB; it must be another file", .0 / 1024)]
    TooLong(u64),
    #[error("is not UTF-8")]
    NotUtf8,
    #[error("can be read by others (mode {mode:04o}), and it holds a secret")]
    Exposed {
        /// Permission bits.
        mode: u32,
    },
    #[error("can be changed by others (mode {mode:04o})")]
    Writable {
        /// Permission bits.
        mode: u32,
    },
}

impl FileError {
    /// What to do about it; `file` is the file's name for a shell.
    pub(crate) fn remedy(&self, file: &str) -> String {
        match self {
            Self::Unreadable(cause) => match cause.kind() {
                _ if input_file::is_read_already(cause) => input_file::ONE_EACH.into(),
                ErrorKind::NotFound | ErrorKind::NotADirectory => {
                    format!("correct the name, or create {file}")
                }
                ErrorKind::PermissionDenied => {
                    let uid = rustix::process::geteuid().as_raw();
                    format!(
                        "let this account (uid {uid}) read it: see ls -l {file}; in Kubernetes, set fsGroup in the securityContext"
                    )
                }
                ErrorKind::IsADirectory => "name a file in that folder".into(),
                _ => format!("check the file: ls -l {file}"),
            },
            Self::TooLong(_) => "check the name of the file".into(),
            Self::NotUtf8 => "save it as plain text in UTF-8, without anything else in it".into(),
            Self::Exposed { .. } => format!("chmod 600 {file}"),
            Self::Writable { .. } => format!("chmod go-w {file}"),
        }
    }
}

/// A file's text and who else can read it. Wiped when dropped, because a key may be in
/// it.
pub(crate) struct FileText {
    pub(crate) text: Zeroizing<String>,
    /// Permission bits, if it is a regular file.
    pub(crate) mode: Option<u32>,
    is_ours: bool,
}

impl FileText {
    /// Reads the whole file. The permissions are those of the opened file, because
    /// another file may get the name meanwhile. `role` is that of [`input_file::open`].
    pub(crate) fn of_file(path: &Path, role: &'static str) -> Result<Self, FileError> {
        let file = input_file::open(path, role)?;
        let status = file.metadata()?;
        let mode = status.is_file().then_some(status.mode() & 0o7777);
        let is_ours = status.uid() == rustix::process::geteuid().as_raw();
        Ok(Self {
            text: text(file)?,
            mode,
            is_ours,
        })
    }

    /// Fails if group or others can write the file, whoever owns it: they could
    /// make this account run their program, or call their service. ssh refuses its
    /// configuration likewise. Pipes and devices pass.
    pub(crate) fn check_not_writable(&self) -> Result<(), FileError> {
        match self.mode {
            Some(mode) if mode & OTHERS_WRITE != 0 => Err(FileError::Writable { mode }),
            _ => Ok(()),
        }
    }

    /// As [`FileText::private_text`].
    pub(crate) fn into_private_text(self) -> Result<Zeroizing<String>, FileError> {
        self.private_text()?;
        Ok(self.text)
    }

    /// The text, for a file with a secret. Fails if others can read or write the
    /// file. Pipes and devices pass, and so do files of other owners that others
    /// can read, because the caller cannot change their mode.
    pub(crate) fn private_text(&self) -> Result<&str, FileError> {
        match self.mode {
            Some(mode) if self.is_ours && mode & OTHERS_READ != 0 => {
                Err(FileError::Exposed { mode })
            }
            _ => self.check_not_writable().map(|()| self.text.as_str()),
        }
    }
}

/// Without the text.
impl fmt::Debug for FileText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileText({} bytes, {:?})", self.text.len(), self.mode)
    }
}

/// All of `input` as text, up to [`MAX_BYTES`].
pub(crate) fn text(input: impl Read) -> Result<Zeroizing<String>, FileError> {
    let mut bytes = wiped_buffer();
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(FileError::TooLong(MAX_BYTES));
    }
    let text = str::from_utf8(&bytes).map_err(|_| FileError::NotUtf8)?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// For [`MAX_BYTES`] and a little more: it does not grow, which would leave a copy of
/// its content in memory.
pub(super) fn wiped_buffer() -> Zeroizing<Vec<u8>> {
    const MORE: usize = 4096;
    let size = usize::try_from(MAX_BYTES).unwrap_or_default() + MORE;
    Zeroizing::new(Vec::with_capacity(size))
}

/// All of `input`, up to `limit` bytes.
pub(crate) fn bytes(input: impl Read, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    input.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLong(limit));
    }
    Ok(bytes)
}

/// Permission bits of a regular file of the caller's that group or others can
/// read or write.
pub(crate) fn open_to_others(path: &Path) -> Option<u32> {
    let status = path.metadata().ok().filter(Metadata::is_file)?;
    let is_ours = status.uid() == rustix::process::geteuid().as_raw();
    let mode = status.mode() & 0o7777;
    (is_ours && mode & (OTHERS_READ | OTHERS_WRITE) != 0).then_some(mode)
}

/// Whether the file name is probably the secret itself.
pub(crate) fn is_named_like_a_secret(path: &Path) -> bool {
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
            let content = FileText::of_file(file(b"key", mode).path(), "file").expect("readable");
            let fault = content.private_text().expect_err("exposed");
            assert!(fault.to_string().contains(&format!("mode {mode:04o}")));
        }
        for mode in [0o600, 0o400, 0o611] {
            let content = FileText::of_file(file(b"key", mode).path(), "file").expect("readable");
            assert_eq!(content.private_text().expect("private"), "key");
        }
    }

    #[test]
    fn a_file_that_group_or_others_can_write_is_refused() {
        for mode in [0o620, 0o602, 0o622] {
            let content = FileText::of_file(file(b"key", mode).path(), "file").expect("readable");
            for error in [
                content.check_not_writable().err(),
                content.private_text().err(),
            ] {
                let error = error.expect("writable");
                assert!(error.to_string().contains(&format!("mode {mode:04o}")));
                assert_eq!(error.remedy("k"), "chmod go-w k");
            }
        }
        for mode in [0o644, 0o444, 0o755] {
            let content = FileText::of_file(file(b"key", mode).path(), "file").expect("readable");
            assert!(content.check_not_writable().is_ok());
        }
        let pipe = FileText::of_file(Path::new("/dev/null"), "file").expect("readable");
        assert!(pipe.check_not_writable().is_ok());
    }

    #[test]
    fn a_file_that_is_not_a_small_text_is_refused() {
        let long = vec![b'x'; 64 * 1024 + 1];
        assert!(matches!(text(&long[..]), Err(FileError::TooLong(_))));
        assert!(text(&long[1..]).is_ok());
        assert!(matches!(text(&b"\xff"[..]), Err(FileError::NotUtf8)));
        let directory = FileText::of_file(Path::new("/"), "file");
        assert!(matches!(directory, Err(FileError::Unreadable(_))));
    }

    #[test]
    fn a_file_name_may_be_the_secret_itself() {
        let key = "5bd2850f".repeat(8);
        assert!(is_named_like_a_secret(Path::new(&key)));
    }
}
