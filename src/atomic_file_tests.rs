//! Tests of files that are replaced as a whole.

use std::os::unix::fs::{MetadataExt, symlink};

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").mode() & 0o777
}

#[test]
fn file_and_new_folders_are_the_owners_only() {
    let home = tempfile::tempdir().expect("a directory");
    let file = home.path().join("a/b/config.toml");
    replace(&file, "x", PRIVATE).expect("written");
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
        replace(&link, text, PRIVATE).expect("written");
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
    assert!(replace(&link, "x", PRIVATE).is_err());
    assert!(replace(Path::new("/dev/null"), "x", PRIVATE).is_err());
}
