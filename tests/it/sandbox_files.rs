//! The files of `sandbox`: those that it writes are not those that it, or the caller,
//! needs.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{Home, Roomctl, any, has, is};

const LIST: &str = "user1\nuser2\n";

/// A list with more names, a configuration with a key file, and a pipe.
fn home() -> Home {
    let home = Home::new();
    home.config("default_profile = \"p\"\n[profiles.p]\nsecret_key_file = \"/HOME/key\"\n");
    let file = home.path().join(".config/roomctl/config.toml");
    let text = fs::read_to_string(&file).expect("text");
    let folder = home.path().display().to_string();
    fs::write(file, text.replace("/HOME", &folder)).expect("written");
    home.file("key", LIST);
    home.file("list", LIST);
    home.file("other", LIST);
    symlink("list", home.path().join("soft")).expect("a link");
    symlink("new", home.path().join("dangling")).expect("a link");
    fs::hard_link(home.path().join("list"), home.path().join("hard")).expect("a link");
    let pipe = home.path().join("pipe");
    let made = Command::new("mkfifo").arg(pipe).status();
    assert!(made.expect("mkfifo is there").success());
    home
}

#[test]
fn a_file_that_is_read_is_not_emptied() {
    let home = home();
    let run = |words: &str| {
        let run = Roomctl::new("sandbox").args(words).args("-- true");
        run.home(&home).env("ROOMCTL_CA_FILE", "other")
    };
    for flag in ["--log", "--env-file"] {
        for (file, name) in [
            ("list", "--rooms"),
            ("./list", "--rooms"),
            ("soft", "--rooms"),
            ("hard", "--rooms"),
            ("key", "secret_key_file"),
            ("other", "ROOMCTL_CA_FILE"),
            (".config/roomctl/config.toml", "the configuration"),
        ] {
            let run = run(&format!("--rooms list {flag} {file}"));
            let done = run.stderr(has(["give each a file of its own"])).exits(2);
            let message = format!("error: {flag} and ");
            assert!(done.stderr.contains(&message), "{done}");
            assert!(done.stderr.contains(name), "{done}");
        }
        let stdin = run(&format!("--rooms - {flag} list"));
        let stdin = stdin.in_shell("exec \"$0\" \"$@\" < list");
        stdin.stderr(has(["--rooms are the same file"])).exits(2);
    }
    let both = run("--log new --env-file dangling");
    both.stderr(has(["--log and --env-file are the same file"]))
        .exits(2);
    let stdout = run("--log new").in_shell("exec \"$0\" \"$@\" > new");
    stdout
        .stderr(has(["--log and stdout are the same file"]))
        .exits(2);
    for file in ["list", "other", "key"] {
        let text = fs::read_to_string(home.path().join(file));
        assert_eq!(text.expect("there"), LIST, "{file}");
    }
    run("--log /dev/null --env-file /dev/null --rooms list").exits(0);
    run("--log log --env-file env --rooms list").exits(0);
    home.config("broken");
    run("--log log --rooms list").exits(0);
}

#[test]
fn a_configuration_in_a_pipe_is_left_to_the_command() {
    let home = home();
    for flag in ["--log log", "--env-file env"] {
        // Nobody writes to this one.
        let silent = Roomctl::new("sandbox").args(flag).args("-- true");
        silent.home(&home).env("ROOMCTL_CONFIG", "pipe").exits(0);
        let text = "[profiles.p]\nregion = \"sg\"\n";
        let run = Roomctl::new("sandbox").args(flag).args("-- cat /dev/fd/0");
        let run = run.home(&home).env("ROOMCTL_CONFIG", "/dev/fd/0");
        run.stdin(text).stdout(is(text)).exits(0);
    }
}

#[test]
fn a_pipe_without_a_reader_is_an_error_for_both_files() {
    let home = home();
    for flag in ["--log", "--env-file"] {
        let run = Roomctl::new("sandbox").args(flag).args("pipe -- true");
        let says = has(["pipe: no program reads this pipe", "start the program"]);
        run.home(&home).stderr(says).exits(2);
    }
    let reader = home.path().join("pipe");
    let reader = std::thread::spawn(move || fs::read_to_string(reader).expect("read"));
    let mut code = 2;
    while code == 2 {
        // Until the reader is there.
        let run = Roomctl::new("sandbox --log pipe --").arg(env!("CARGO_BIN_EXE_roomctl"));
        let run = run.args("kick -r room-test -u user1 -m x -q").home(&home);
        code = run
            .stdout(any())
            .stderr(any())
            .start()
            .ended()
            .0
            .expect("a code");
    }
    assert_eq!(code, 0);
    let log = reader.join().expect("read");
    assert!(log.contains("kick_user_out"), "{log}");
}
