//! Files that can be written but not replaced, and symbolic links: what is written
//! there arrives. A file that cannot be written is found before the first request.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use crate::support::{Home, Roomctl, Sandbox, any, has, report_skipped};

const NOBODY: u32 = 65_534;

/// Whether this shell script succeeds, run by root in a namespace of its own.
fn is_allowed(script: &str) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "sh", "-c", script]);
    let ended = shell.current_dir(folder.path()).output();
    ended.is_ok_and(|ended| ended.status.success())
}

/// Runs it where `real` is mounted on `mounted`.
fn with_mounted_file(run: Roomctl, home: &Home) -> Roomctl {
    home.file(
        "script",
        "mount --bind real mounted || exit 99; exec \"$0\" \"$@\"",
    );
    let run = run.home(home);
    run.in_shell("exec unshare --mount sh -c \"$(cat script)\" \"$0\" \"$@\"")
}

fn can_mount(test: &str) -> bool {
    let can = is_allowed("touch real mounted && mount --bind real mounted");
    if !can {
        report_skipped(&format!("{test} needs root, to mount a file"));
    }
    can
}

fn inode(path: &Path) -> u64 {
    fs::metadata(path).expect("there").ino()
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").mode() & 0o777
}

pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("read")
}

#[test]
fn a_file_that_is_mounted_by_itself_is_written_in_place() {
    if !can_mount("a_file_that_is_mounted_by_itself_is_written_in_place") {
        return;
    }
    let sandbox = Sandbox::demo();
    let long = "x".repeat(10_000);
    // (the command, its exit code, what the file has before and after)
    let failed = "-r room-test -u nobody -m spam --failed-to mounted";
    let kick = |words: &str| sandbox.kick(words).stdout(any()).stderr(any());
    let profile = |words: &str| Roomctl::new(words).stdout(any()).stderr(any());
    let toml = "[profiles.a]\nsdkappid = 7\n\n[profiles.b]\nsdkappid = 8\n";
    let cases: Vec<(Roomctl, i32, &str, &str)> = vec![
        (kick(failed), 1, "", "\"absent\""),
        (kick(failed), 1, &long, "\"absent\""),
        (
            kick("-r room-test -u user1 -m spam --failed-to mounted"),
            0,
            &long,
            "",
        ),
        (
            profile("profile add c --config mounted --sdkappid 9"),
            0,
            toml,
            "[profiles.c]",
        ),
        (
            profile("profile use b --config mounted"),
            0,
            toml,
            "default_profile = \"b\"",
        ),
        (
            profile("profile remove a --yes --config mounted"),
            0,
            toml,
            "[profiles.b]",
        ),
        (
            Roomctl::new("sandbox --env-file mounted -- true"),
            0,
            &long,
            "export ROOMCTL_SECRET_KEY=",
        ),
    ];
    for (run, code, before, after) in cases {
        let home = Home::new();
        let real = home.path().join("real");
        home.file("real", before);
        home.file("mounted", "");
        let id = inode(&real);
        let done = with_mounted_file(run, &home).exits(code);
        let now = text(&real);
        assert!(now.contains(after) && !now.contains("xx"), "{now}{done}");
        assert_eq!(now.is_empty(), after.is_empty(), "{now}");
        assert_eq!((inode(&real), mode(&real)), (id, 0o600));
        assert_eq!(
            text(&home.path().join("mounted")),
            "",
            "not below the mount"
        );
        let names = fs::read_dir(home.path()).expect("a folder").count();
        assert_eq!(names, 3, "nothing is left behind");
    }
}

/// A full disk in a namespace that ends with the run, with a file of it mounted.
const FULL_DISK: &str = "mount -t tmpfs -o size=8k none small || exit 99
    cp real small/file && mount --bind small/file mounted || exit 99
    dd if=/dev/zero of=small/rest bs=4096 2>/dev/null
    \"$0\" \"$@\"; code=$?
    cp small/file left; exit $code";

#[test]
fn without_space_for_the_new_content_the_old_one_stays() {
    if !can_mount("without_space_for_the_new_content_the_old_one_stays") {
        return;
    }
    let old = format!("# {}\n[profiles.a]\nsdkappid = 7\n", "x".repeat(4060));
    let home = Home::new();
    fs::create_dir(home.path().join("small")).expect("a folder");
    home.file("real", &old);
    home.file("mounted", "");
    home.file("script", FULL_DISK);
    let run = Roomctl::new("profile add b --config mounted --sdkappid 8").home(&home);
    let run = run.in_shell("exec unshare --mount sh -c \"$(cat script)\" \"$0\" \"$@\"");
    run.stderr(has(["No space left"])).exits(3);
    assert_eq!(text(&home.path().join("left")), old);
}

#[test]
fn a_mounted_manual_page_is_written_in_place() {
    if !can_mount("a_mounted_manual_page_is_written_in_place") {
        return;
    }
    let home = Home::new();
    home.file("real", "");
    home.file("man/roomctl-kick.1", "");
    symlink("man/roomctl-kick.1", home.path().join("mounted")).expect("a link");
    let man = Roomctl::new("man --out man").stdout(any());
    with_mounted_file(man, &home).exits(0);
    assert!(text(&home.path().join("real")).contains("roomctl\\-kick"));
}

/// Runs as nobody, in a HOME of mode 0755.
fn as_nobody(run: Roomctl, home: &Home) -> Roomctl {
    fs::set_permissions(home.path(), Permissions::from_mode(0o755)).expect("chmod");
    let to = "setpriv --reuid 65534 --regid 65534 --clear-groups";
    run.home(home).in_shell(&format!("exec {to} \"$0\" \"$@\""))
}

fn can_become_nobody(test: &str) -> bool {
    let binary = env!("CARGO_BIN_EXE_roomctl");
    let to = "setpriv --reuid 65534 --regid 65534 --clear-groups";
    let script = format!("exec {to} {binary} -V >/dev/null");
    let can = is_allowed(&script);
    if !can {
        report_skipped(&format!("{test} needs root, to become another user"));
    }
    can
}

/// A folder and a file in it, with their owners and modes.
struct Case {
    name: &'static str,
    folder: (u32, u32),
    file: Option<(u32, u32)>,
    /// What becomes of the file: none, because it is an error.
    expected: Option<Written>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    InPlace,
    Replaced,
}

const CASES: [Case; 10] = [
    Case {
        name: "another user's writable file in a sticky folder",
        folder: (0, 0o1777),
        file: Some((0, 0o666)),
        expected: Some(Written::InPlace),
    },
    Case {
        name: "another user's unwritable file in a sticky folder",
        folder: (0, 0o1777),
        file: Some((0, 0o644)),
        expected: None,
    },
    Case {
        name: "an own file in a sticky folder",
        folder: (0, 0o1777),
        file: Some((NOBODY, 0o600)),
        expected: Some(Written::Replaced),
    },
    Case {
        name: "an own read-only file in a sticky folder",
        folder: (0, 0o1777),
        file: Some((NOBODY, 0o400)),
        expected: Some(Written::Replaced),
    },
    Case {
        name: "a new file in a sticky folder",
        folder: (0, 0o1777),
        file: None,
        expected: Some(Written::Replaced),
    },
    Case {
        name: "a writable file in a folder that cannot be written",
        folder: (0, 0o755),
        file: Some((0, 0o666)),
        expected: Some(Written::InPlace),
    },
    Case {
        name: "an own file in a folder that cannot be written",
        folder: (0, 0o755),
        file: Some((NOBODY, 0o640)),
        expected: Some(Written::InPlace),
    },
    Case {
        name: "an unwritable file in a folder that cannot be written",
        folder: (0, 0o755),
        file: Some((0, 0o644)),
        expected: None,
    },
    Case {
        name: "a new file in a folder that cannot be written",
        folder: (0, 0o755),
        file: None,
        expected: None,
    },
    Case {
        name: "another user's unwritable file in a folder that is not sticky",
        folder: (0, 0o777),
        file: Some((0, 0o644)),
        expected: Some(Written::Replaced),
    },
];

impl Case {
    fn prepare(&self, before: &str) -> Home {
        let home = Home::new();
        let folder = home.path().join("folder");
        fs::create_dir(&folder).expect("a folder");
        let own = |path: &Path, (user, mode): (u32, u32)| {
            chown(path, Some(user), Some(user)).expect("chown");
            fs::set_permissions(path, Permissions::from_mode(mode)).expect("chmod");
        };
        if let Some(owner) = self.file {
            fs::write(folder.join("file"), before).expect("a file");
            own(&folder.join("file"), owner);
        }
        own(&folder, self.folder);
        home
    }

    fn check(&self, before: &str, run: Roomctl, codes: [i32; 2], has_written: &str) {
        let home = self.prepare(before);
        let file = home.path().join("folder/file");
        let id = self.file.map(|_| inode(&file));
        let code = codes[usize::from(self.expected.is_none())];
        let done = as_nobody(run, &home).stderr(any()).exits(code);
        let Some(written) = self.expected else {
            assert!(done.stderr.contains("folder/file: "), "{}{done}", self.name);
            assert!(!done.stderr.contains(".tmp"), "{}{done}", self.name);
            assert_eq!(file.exists(), self.file.is_some());
            if file.exists() {
                assert_eq!(text(&file), before, "{}", self.name);
            }
            return;
        };
        assert!(text(&file).contains(has_written), "{}{done}", self.name);
        let is_same = Some(inode(&file)) == id;
        assert_eq!(is_same, written == Written::InPlace, "{}", self.name);
        let expected = match (written, self.file) {
            (Written::InPlace, Some((_, mode))) => mode,
            _ => 0o600,
        };
        assert_eq!(mode(&file), expected, "{}", self.name);
        let names = fs::read_dir(home.path().join("folder")).expect("it");
        assert_eq!(names.count(), 1, "{}: nothing is left behind", self.name);
    }
}

#[test]
fn another_users_files_are_written_where_that_is_possible() {
    if !can_become_nobody("another_users_files_are_written_where_that_is_possible") {
        return;
    }
    for case in CASES {
        let sandbox = if case.expected.is_some() {
            Sandbox::demo()
        } else {
            Sandbox::untouched()
        };
        let kick = sandbox.kick("-r room-test -u nobody -m spam --failed-to folder/file");
        let kick = if case.expected.is_some() {
            kick.stdout(any())
        } else {
            kick
        };
        case.check("old", kick, [1, 7], "\"absent\"");
    }
    for case in CASES {
        let run = Roomctl::new("sandbox --env-file folder/file -- true");
        case.check("old", run, [0, 2], "export ROOMCTL_ENDPOINT=");
    }
}
