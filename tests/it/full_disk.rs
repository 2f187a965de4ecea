//! A disk without space for a record is found before the first request.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use crate::support::{Home, Sandbox, any, has, lacks, lines, report_skipped};

/// A disk of 8 KiB in a namespace that ends with the run; `$FILL` is what fills it.
/// The names on it are printed at the end.
const SMALL_DISK: &str = "mount -t tmpfs -o size=8k none small || exit 99
    eval \"$FILL\"
    \"$0\" \"$@\"; code=$?
    ls small; exit $code";

const FULL: &str = "dd if=/dev/zero of=small/rest bs=4096 2>/dev/null";

fn is_mounting_allowed(test: &str) -> bool {
    let script = "mkdir small && mount -t tmpfs -o size=8k none small";
    let folder = tempfile::tempdir().expect("a folder");
    let mut mount = Command::new("unshare");
    mount.args(["--mount", "sh", "-c", script]);
    let made = mount.current_dir(folder.path()).output();
    let is_allowed = made.is_ok_and(|made| made.status.success());
    if !is_allowed {
        report_skipped(&format!("{test} needs root, to mount a small disk"));
    }
    is_allowed
}

#[test]
fn a_full_disk_is_found_before_the_first_request() {
    if !is_mounting_allowed("a_full_disk_is_found_before_the_first_request") {
        return;
    }
    // (what fills the disk, the members, the record, names that stay)
    let crowd = || lines("user", 1..61);
    let one = || "user1\n".to_owned();
    for (fill, list, flag, names) in [
        (FULL, one(), "--failed-to", "rest\n"),
        (FULL, one(), "--audit", "f\nrest\n"),
        (FULL, one(), "--journal", "rest\n"),
        // The first lines have space, the last ones have none.
        (":", crowd(), "--failed-to", ""),
        (":", crowd(), "--audit", "f\n"),
    ] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        fs::create_dir(home.path().join("small")).expect("a folder");
        home.file("run", SMALL_DISK);
        home.file("list", list);
        let kick = sandbox.kick("-r room-test -m spam --yes --from list");
        let kick = kick.arg(flag).arg("small/f").env("FILL", fill).home(&home);
        let kick = kick.in_shell("exec unshare --mount sh -c \"$(cat run)\" \"$0\" \"$@\"");
        let done = kick
            .stderr(has(["small/f", "hint: free some space"]))
            .stderr(lacks([".tmp"]))
            .stdout(any())
            .exits(7);
        assert_eq!(done.stdout, names, "{flag} {done}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_device_that_is_always_full_is_refused_in_time() {
    for flag in ["--failed-to", "--audit"] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -u user1 -m spam").arg(flag);
        kick.arg("/dev/full")
            .stderr(has(["/dev/full", "hint: free some space"]))
            .exits(7);
    }
}

#[test]
fn space_that_was_not_needed_is_given_back() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file("list", lines("user", 1..101) + "\nnobody\n");
    let kick = sandbox.kick("-r room-test -m spam --yes --from list --failed-to left --audit a");
    kick.home(&home).stdout(any()).stderr(any()).exits(6);
    let left = fs::metadata(home.path().join("left")).expect("written");
    assert!(left.len() < 1000 && left.blocks() * 512 <= 8192, "{left:?}");
    let audit = fs::read(home.path().join("a")).expect("written");
    assert!(audit.starts_with(b"{\"Time\"") && audit.ends_with(b"}\n"));
}
