//! A pipe is read once: a second reader would get nothing and end with a success, or
//! wait for ever.

use crate::support::{Home, Roomctl, Sandbox, UntouchedPort, any, has};

/// A kick that must be refused before anything is sent.
fn refused(words: &str) -> (UntouchedPort, Roomctl) {
    let port = UntouchedPort::new();
    let kick = Roomctl::new("kick -r r --sdkappid 7 --identifier a --retries 0 --endpoint");
    let kick = kick.arg(port.endpoint()).args(words);
    (port, kick)
}

#[test]
fn one_input_cannot_be_claimed_twice_by_any_name() {
    for stdin in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        for (words, content, code) in [
            ("--from - --secret-key k --reason-file NAME", "u1\n", 2),
            ("--from NAME --secret-key k --reason-file -", "u1\n", 2),
            ("--from - -m x --secret-key-file NAME", "u1\n", 2),
            ("--from NAME -m x --secret-key-file -", "u1\n", 2),
            ("--from - -m x --usersig-file NAME", "u1\n", 2),
            ("--from - -m x --secret-key k --config NAME", "# empty\n", 2),
            ("--from - -m x --secret-key k --ca-file NAME", "u1\n", 3),
            ("--from NAME -m x --secret-key k --from -", "u1\n", 2),
        ] {
            let (_port, kick) = refused(&words.replace("NAME", stdin));
            let says = has([
                "is the same input as ",
                "which can be read only once\nhint: give one of the two a file of its own\n",
            ]);
            kick.stdin(content).stderr(says).exits(code);
        }
    }
}

/// As above, where standard input is a regular file: it could be opened again, and the
/// list would be sent to the members as the reason.
#[test]
fn a_regular_file_as_stdin_cannot_be_claimed_twice_by_any_name() {
    for stdin in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "./link"] {
        for (words, code) in [
            ("--from - --secret-key k --reason-file NAME", 2),
            ("--from NAME --secret-key k --reason-file -", 2),
            ("--from NAME --secret-key k --reason-file NAME", 2),
            ("--from - -m x --secret-key-file NAME", 2),
            ("--from NAME -m x --secret-key-file NAME", 2),
            ("--from - -m x --usersig-file NAME", 2),
            ("--from - -m x --secret-key k --ca-file NAME", 3),
            ("--from NAME -m x --secret-key k --from -", 2),
            ("--from - -m x --secret-key k --from NAME", 2),
            ("--from NAME -m x --secret-key k --from NAME", 2),
            ("--from /dev/stdin -m x --secret-key k --from NAME", 2),
        ] {
            let home = Home::new();
            home.file_of_mode("list", "u1\n", 0o600);
            let script = "ln -s /dev/stdin link; exec \"$0\" \"$@\" < list";
            let (_port, kick) = refused(&words.replace("NAME", stdin));
            let says = has([
                "is the same input as ",
                "which can be read only once\nhint: give one of the two a file of its own\n",
            ]);
            kick.home(&home).in_shell(script).stderr(says).exits(code);
        }
    }
}

#[test]
fn one_file_is_not_read_in_two_roles() {
    for (words, says) in [
        (
            "--from two --secret-key k --reason-file two",
            "--from two: it is the same file as --reason-file two",
        ),
        (
            "--from two --secret-key k --reason-file ./link",
            "--from two: it is the same file as --reason-file ./link",
        ),
        (
            "--from - --secret-key k --reason-file two",
            "--from -: it is the same file as --reason-file two",
        ),
        (
            "--from two --secret-key k --reason-file /dev/stdin",
            "--from two: it is the same file as --reason-file /dev/stdin",
        ),
        (
            "--from two -m x --secret-key-file two",
            "two cannot be read: it is the same file as --from two",
        ),
        (
            "--from two -m x --secret-key k --config two",
            "--from two: it is the same file as --config two",
        ),
    ] {
        let home = Home::new();
        // A configuration without settings.
        let content = if words.contains("--config") {
            "# u1\n"
        } else {
            "u1\n"
        };
        home.file_of_mode("two", content, 0o600);
        let script = "ln two link; exec \"$0\" \"$@\" < two";
        let (_port, kick) = refused(words);
        let hint = "hint: give one of the two a file of its own\n";
        let kick = kick.home(&home).in_shell(script);
        kick.stderr(has([says, hint])).exits(2);
    }
}

#[test]
fn an_empty_device_may_be_named_in_two_roles() {
    let (_port, kick) = refused("--from /dev/null -m x --secret-key k --config /dev/null");
    kick.stderr(has(["nothing to do"])).exits(0);
}

#[test]
fn a_pipe_is_not_opened_a_second_time() {
    let home = Home::new();
    let script = "mkfifo pipe; (echo u1 > pipe) & exec \"$0\" \"$@\"";
    let (_port, kick) = refused("-m x --secret-key k --from pipe --from ./pipe");
    let says = has(["--from ./pipe: it is the same input as pipe, which can be read only once"]);
    kick.home(&home).in_shell(script).stderr(says).exits(2);
}

#[test]
fn one_pipe_is_read_by_any_name_and_a_file_as_often_as_it_is_named() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -m x --from /dev/stdin --from names --from ./names");
    let home = Home::new();
    home.file("names", "user2\n");
    let kick = kick
        .home(&home)
        .stdin("user1\n")
        .stdout(any())
        .stderr(any());
    kick.exits(0);
    assert_eq!(sandbox.removed().len(), 2);
}

#[test]
fn the_command_of_a_sandbox_that_read_stdin_cannot_read_it_too() {
    let roomctl = env!("CARGO_BIN_EXE_roomctl");
    for rooms in ["-", "/dev/stdin"] {
        let sandbox = Roomctl::new(&format!("sandbox --rooms {rooms} -- {roomctl}"));
        let run = sandbox
            .args("kick -r room-test -m x --from -")
            .stdin("a\nb\n");
        let says = has(["--from -: standard input is closed", "hint: "]);
        run.stderr(says).exits(2);
    }
    // A command that does not read it runs.
    let sandbox = Roomctl::new(&format!("sandbox --rooms - -- {roomctl}"));
    let run = sandbox.args("kick -r room-test -u a -m x -q").stdin("a\n");
    run.stdout(any()).exits(0);
}
