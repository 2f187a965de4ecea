//! Key files as platforms mount them: Secret volumes of Kubernetes and credentials of
//! systemd. Files of other owners need root.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Home, Sandbox, report_skipped};

/// The account of the container image, and its group.
const ACCOUNT: u32 = 65532;
const ROOT: u32 = 0;

/// How a run ended: its exit code and its stderr.
type Ended = (Option<i32>, String);

/// A kick by this account, with a copy of the program that it can run, and this key file.
fn kick(sandbox: &Sandbox, home: &Home, account: u32, key: &Path) -> Ended {
    let program = home.path().join("roomctl");
    if !program.exists() {
        // Not by this process: a child that another test starts meanwhile would inherit
        // the open file, and a file that is open for writing cannot be run.
        let mut copy = Command::new("cp");
        copy.arg(env!("CARGO_BIN_EXE_roomctl")).arg(&program);
        assert!(copy.status().expect("cp").success());
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).expect("chmod");
    }
    let mut command = Command::new(&program);
    if rustix::process::geteuid().is_root() {
        command.uid(account).gid(account);
    }
    let output = command
        .args(["kick", "--room", "room-test", "--user", "user1"])
        .args(["--reason", "spam", "--ignore-absent"])
        .env_clear()
        .env("ROOMCTL_ENDPOINT", sandbox.endpoint())
        .env("ROOMCTL_SDKAPPID", sandbox.sdkappid().to_string())
        .env("ROOMCTL_IDENTIFIER", "administrator")
        .env("ROOMCTL_SECRET_KEY_FILE", key)
        .current_dir("/")
        .output()
        .expect("the program starts");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!stderr.contains(sandbox.key()));
    (output.status.code(), stderr)
}

/// A volume as the kubelet writes it: `key` is a link to `..data/key`, and `..data` a link
/// to a folder with a time for its name. Where `fsGroup` is set, the kubelet gives the
/// file to this group, and lets the group read it, whatever `defaultMode` is.
fn secret_volume(home: &Home, key: &str, mode: u32, group: u32) -> PathBuf {
    let volume = home.path().join(format!("volume-{mode:o}-{group}"));
    let folder = volume.join("..2026_11_27_03_00_00.1");
    fs::create_dir_all(&folder).expect("folders");
    let file = folder.join("key");
    fs::write(&file, key).expect("the key");
    fs::set_permissions(&file, Permissions::from_mode(mode)).expect("chmod");
    for path in [&volume, &folder] {
        fs::set_permissions(path, Permissions::from_mode(0o755)).expect("chmod");
    }
    if rustix::process::geteuid().is_root() {
        chown(&file, Some(ROOT), Some(group)).expect("chown");
    }
    symlink("..2026_11_27_03_00_00.1", volume.join("..data")).expect("a link");
    symlink("..data/key", volume.join("key")).expect("a link");
    volume.join("key")
}

fn is_root(what: &str) -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        report_skipped(&format!("{what} needs root"));
    }
    is_root
}

#[test]
fn a_secret_volume_with_the_group_of_the_pod_is_read() {
    if !is_root("a file of another owner") {
        return;
    }
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    for (mode, group) in [(0o440, ACCOUNT), (0o444, ROOT), (0o644, ROOT)] {
        let key = secret_volume(&home, sandbox.key(), mode, group);
        let (code, stderr) = kick(&sandbox, &home, ACCOUNT, &key);
        assert_eq!(code, Some(0), "{mode:o} {group}: {stderr}");
    }
}

#[test]
fn a_secret_volume_without_the_group_of_the_pod_has_a_remedy() {
    if !is_root("a file of another owner") {
        return;
    }
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let key = secret_volume(&home, sandbox.key(), 0o400, ROOT);
    let (code, stderr) = kick(&sandbox, &home, ACCOUNT, &key);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("Permission denied"), "{stderr}");
    assert!(stderr.contains("set fsGroup"), "{stderr}");
}

#[test]
fn the_owner_of_a_secret_volume_that_its_group_can_read_has_a_remedy() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let key = secret_volume(&home, sandbox.key(), 0o440, ACCOUNT);
    let (code, stderr) = kick(&sandbox, &home, ROOT, &key);
    assert_eq!(code, Some(3), "{stderr}");
    // With `fsGroup`, the mode of the volume is not what `defaultMode` says.
    for part in ["mode 0440", "chmod 600", "defaultMode: 0400", "runAsUser"] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
}

#[test]
fn the_owner_of_a_secret_volume_of_mode_0400_reads_it() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let key = secret_volume(&home, sandbox.key(), 0o400, ROOT);
    let (code, stderr) = kick(&sandbox, &home, ROOT, &key);
    assert_eq!(code, Some(0), "{stderr}");
}

#[test]
fn a_credential_of_systemd_is_read() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let folder = home.path().join("credentials");
    fs::create_dir(&folder).expect("a folder");
    let key = folder.join("key");
    fs::write(&key, sandbox.key()).expect("the key");
    fs::set_permissions(&key, Permissions::from_mode(0o400)).expect("chmod");
    fs::set_permissions(&folder, Permissions::from_mode(0o500)).expect("chmod");
    if rustix::process::geteuid().is_root() {
        // On a file system without access lists, systemd gives both to the service's account.
        chown(&key, Some(ACCOUNT), Some(ROOT)).expect("chown");
        chown(&folder, Some(ACCOUNT), Some(ROOT)).expect("chown");
    }
    let (code, stderr) = kick(&sandbox, &home, ACCOUNT, &key);
    assert_eq!(code, Some(0), "{stderr}");
    // With access lists both stay root's, and `stat` shows the list's mask as the group's bits.
    if is_root("a credential that is root's") {
        chown(&key, Some(ROOT), Some(ACCOUNT)).expect("chown");
        chown(&folder, Some(ROOT), Some(ACCOUNT)).expect("chown");
        fs::set_permissions(&key, Permissions::from_mode(0o440)).expect("chmod");
        fs::set_permissions(&folder, Permissions::from_mode(0o550)).expect("chmod");
        let (code, stderr) = kick(&sandbox, &home, ACCOUNT, &key);
        assert_eq!(code, Some(0), "{stderr}");
    }
}
