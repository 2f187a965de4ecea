//! Output files that must not change, are symbolic links, or pipes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::files_in_place::{mode, text};
use crate::support::*;

#[test]
fn a_dangling_link_stays_and_its_target_is_created() {
    let sandbox = Sandbox::demo();
    let run = |words: &str| Roomctl::new(words).stdout(any()).stderr(any());
    let failed = "-r room-test -u nobody -m spam --failed-to link";
    for (run, code) in [
        (sandbox.kick(failed).stdout(any()).stderr(any()), 1),
        (run("profile add a --config link --sdkappid 7"), 0),
        (Roomctl::new("sandbox --env-file link -- true"), 0),
    ] {
        let home = Home::new();
        fs::create_dir(home.path().join("elsewhere")).expect("a folder");
        symlink("second", home.path().join("link")).expect("a link");
        symlink("elsewhere/real", home.path().join("second")).expect("a link");
        run.home(&home).exits(code);
        let real = home.path().join("elsewhere/real");
        assert!(!text(&real).is_empty());
        assert_eq!(mode(&real), 0o600);
        for link in ["link", "second"] {
            assert!(home.path().join(link).is_symlink(), "{link}");
        }
    }
    // Into a folder that is not there.
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    symlink("missing/real", home.path().join("link")).expect("a link");
    let kick = sandbox.kick("-r room-test -u user1 -m spam --failed-to link");
    let says = has(["--failed-to link: ", "hint: name a place"]);
    kick.home(&home).stderr(says).exits(7);
    assert!(home.path().join("link").is_symlink());
}

#[test]
fn a_pipe_without_a_reader_has_a_hint_that_fits() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let pipe = home.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is there").success());
    let kick = sandbox.kick("-r room-test -u user1 -m spam --failed-to pipe");
    let says = has([
        "--failed-to pipe: no program reads this pipe",
        "start the program",
    ]);
    let kick = kick.stderr(says).stderr(lacks(["free some space"]));
    kick.home(&home).exits(7);
    let run = Roomctl::new("sandbox --env-file pipe -- true").home(&home);
    run.stderr(has(["no program reads this pipe", "start the program"]))
        .exits(2);
}

#[test]
fn the_reader_of_a_pipe_gets_all_of_it() {
    // A pipe that is opened twice looks to its reader as if the first writer had
    // ended.
    for _ in 0..20 {
        let (sandbox, home) = (Sandbox::demo(), Home::new());
        let pipe = home.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo is there").success());
        let reader = std::thread::spawn(move || fs::read_to_string(pipe).expect("read"));
        let mut code = 7;
        while code == 7 {
            // Until the reader is there.
            let kick = sandbox.kick("-r room-test -u nobody -m spam -q --failed-to pipe");
            let ended = kick.home(&home).stdout(any()).start().ended();
            code = ended.0.expect("a code");
        }
        assert_eq!(code, 1);
        assert!(reader.join().expect("read").contains("\"absent\""));
    }
}

#[test]
fn a_file_that_must_not_change_is_found_before_anything_is_sent() {
    let probe = tempfile::tempdir().expect("a folder");
    let file = probe.path().join("file");
    fs::write(&file, "").expect("a file");
    let chattr = |flag: &str, file: &Path| {
        let chattr = Command::new("chattr").arg(flag).arg(file).output();
        chattr.is_ok_and(|ended| ended.status.success())
    };
    if !chattr("+i", &file) {
        report_skipped(
            "a_file_that_must_not_change_is_found_before_anything_is_sent needs root and chattr",
        );
        return;
    }
    assert!(chattr("-i", &file));
    for (flag, undo) in [("+i", "-i"), ("+a", "-a")] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        home.file("left", "old");
        let left = home.path().join("left");
        assert!(chattr(flag, &left));
        let kick = sandbox.kick("-r room-test -u user1 -m spam --failed-to left");
        let says = has([
            "--failed-to left: ",
            "hint: name a place that can be written",
        ]);
        let done = kick.home(&home).stderr(says).start().ended();
        let run = Roomctl::new("sandbox --env-file left -- true").home(&home);
        let env_file = run.stderr(any()).start().ended();
        assert!(chattr(undo, &left));
        assert_eq!((done.0, env_file.0), (Some(7), Some(2)), "{}", done.1);
        assert!(done.1.stderr.contains("--failed-to left: "), "{}", done.1);
        assert_eq!(text(&left), "old");
    }
}

/// As `--config <(decrypt config.toml)`, which gives its text only once.
#[test]
fn a_mistake_in_a_configuration_from_a_pipe_is_reported() {
    for (toml, reported) in [
        (
            "[profiles.p]\nsdkappid = \"x\"\n",
            "pipe:2: sdkappid is a number",
        ),
        (
            "default_profile = \"p\"\n[profiles.p]\noutput = \"xml\"\n",
            "pipe:3: output: ",
        ),
        (
            "[profiles.p]\noutput = \"json\"\nexpire = \"0s\"\n",
            "pipe:3: ",
        ),
    ] {
        for words in [
            "kick -r a -u b -m c",
            "kick -r a",
            "kick -r a -u b -m c --bogus",
            "members -r a",
            "doctor",
            "usersig sign",
        ] {
            let words = format!("{words} --profile p --config pipe");
            let write = format!("mkfifo pipe; printf '{toml}' > pipe & exec \"$0\" \"$@\"");
            let run = Roomctl::new(&words).in_shell(&write);
            let done = run.stdout(any()).stderr(any()).ends(&[2, 3]);
            let all = format!("{}{}", done.stdout, done.stderr);
            assert!(all.contains(reported), "{words}: {done}");
        }
    }
}
