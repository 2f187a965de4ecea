//! A key or a `UserSig` from standard input: for one reader only, and never
//! from a terminal.

use crate::support::{Home, KEY, Roomctl, Sandbox, UntouchedPort, any, has};

/// A kick with endpoint and account that reads the credential from stdin.
fn kick(sandbox: &Sandbox) -> Roomctl {
    sandbox
        .kick("-r room-test -u user1 -m spam -q")
        .env_remove("ROOMCTL_SECRET_KEY")
}

/// The same as [`kick`] with an endpoint that must get no request.
fn refused() -> (UntouchedPort, Roomctl) {
    let port = UntouchedPort::new();
    let kick = Roomctl::new("kick -r r -u u -m spam --sdkappid 7 --identifier a --endpoint");
    let kick = kick.arg(port.endpoint());
    (port, kick)
}

#[test]
fn the_key_is_read_from_stdin() {
    for line in ["", "\n", "\r\n"] {
        for by_variable in [false, true] {
            let sandbox = Sandbox::demo();
            let kick = kick(&sandbox).stdin(format!("{}{line}", sandbox.key()));
            let kick = if by_variable {
                kick.env("ROOMCTL_SECRET_KEY_FILE", "-")
            } else {
                kick.args("--secret-key-file -")
            };
            kick.stdout(any()).exits(0);
        }
    }
}

#[test]
fn a_usersig_is_read_from_stdin() {
    let sandbox = Sandbox::demo();
    let sig = sandbox.usersig(3600);
    for by_variable in [false, true] {
        let kick = kick(&sandbox).args("--ignore-absent").secret(&sig);
        let kick = kick.stdin(format!("{sig}\n"));
        let kick = if by_variable {
            kick.env("ROOMCTL_USERSIG_FILE", "-")
        } else {
            kick.args("--usersig-file -")
        };
        kick.stdout(any()).exits(0);
    }
}

#[test]
fn nothing_on_stdin_is_an_empty_key_and_exit_3() {
    let (_silence, kick) = refused();
    let kick = kick.args("--secret-key-file -");
    kick.stderr(has(["empty", "hint: "])).exits(3);
}

#[test]
fn a_terminal_is_not_waited_for() {
    for words in ["--secret-key-file -", "--usersig-file -"] {
        let (_silence, kick) = refused();
        let kick = kick.args(words).at_terminal();
        let expected = has(["standard input is a terminal", "hint: "]);
        kick.stderr(expected).start().ends(2);
    }
}

#[test]
fn one_input_cannot_be_claimed_twice() {
    for words in [
        "--secret-key-file - --usersig-file -",
        "--secret-key-file - --reason-file -",
        "--usersig-file - --reason-file -",
    ] {
        let kick = Roomctl::new("kick -r r -u u --sdkappid 7 --identifier a").args(words);
        let kick = kick.stdin(format!("{KEY}\n")).secret(KEY);
        kick.stderr(has(["error: ", "hint: "])).exits(2);
    }
}

#[test]
fn a_dash_is_stdin_and_not_a_file_of_that_name() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file("-", KEY);
    let kick = kick(&sandbox).home(&home).args("--secret-key-file -");
    kick.stdin(sandbox.key()).stdout(any()).exits(0);
}
