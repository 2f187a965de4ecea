//! A HOME for one test, with the files that it needs.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tempfile::TempDir;

/// A temporary directory; a clone is the same directory.
#[derive(Clone)]
pub(crate) struct Home(Rc<TempDir>);

impl Home {
    /// Empty.
    pub(crate) fn new() -> Self {
        Self(Rc::new(tempfile::tempdir().expect("a temporary directory")))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A file for its owner only; its path as text, for a command line.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        self.file_of_mode(name, content, 0o600)
    }

    /// A file with these permission bits.
    pub(crate) fn file_of_mode(&self, name: &str, content: impl AsRef<[u8]>, mode: u32) -> String {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("below HOME")).expect("directories");
        fs::write(&path, content).expect("the file");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("chmod");
        text(path)
    }

    /// The configuration file, where it is looked for.
    pub(crate) fn config(&self, toml: &str) -> String {
        self.file(".config/roomctl/config.toml", toml)
    }
}

fn text(path: PathBuf) -> String {
    path.into_os_string().into_string().expect("UTF-8")
}
