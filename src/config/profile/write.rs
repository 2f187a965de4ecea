//! Replaces a file whole or not at all, readable by its owner only from its first
//! byte. A symbolic link stays one: what it leads to is replaced.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// As many as Linux follows.
const MOST_LINKS: usize = 40;

/// Puts `text` into `file`; folders that are missing are made for the owner only.
pub(super) fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = target(file)?;
    let folder = file.parent().filter(|f| !f.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    // In the same folder, so that renaming is one step; tempfile makes it 0600.
    let mut draft = NamedTempFile::new_in(folder)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    draft.persist(&file).map_err(|failed| failed.error)?;
    Ok(())
}

/// Where the links end; it need not be there yet.
fn target(file: &Path) -> io::Result<PathBuf> {
    let mut file = file.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&file) {
            Ok(next) => file = file.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return regular(file),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

fn regular(file: PathBuf) -> io::Result<PathBuf> {
    match fs::metadata(&file) {
        Ok(there) if !there.is_file() => Err(io::Error::other("it is no regular file")),
        Err(why) if why.kind() != ErrorKind::NotFound => Err(why),
        _ => Ok(file),
    }
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
        assert_eq!(names, 3, "nothing is left behind");
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
