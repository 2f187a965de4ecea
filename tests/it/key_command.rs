//! `secret_key_command`: a program that prints the key. Its time limit is
//! tested beside the code, where it can be short.

use crate::support::{Home, KEY, Roomctl, Sandbox, UntouchedPort, any, has, is};

/// A kick whose key command is this TOML array.
fn kick(home: &Home, endpoint: &str, sdkappid: u32, argv: &str) -> Roomctl {
    home.config(&format!(
        "default_profile = \"p\"\n[profiles.p]\nsdkappid = {sdkappid}\n\
         identifier = \"administrator\"\nendpoint = \"{endpoint}\"\nsecret_key_command = {argv}\n"
    ));
    let kick = Roomctl::new("kick -r room-test -u user1 -m spam -q");
    kick.home(home).env("PATH", "/usr/bin:/bin")
}

/// A run that sends nothing, because of the key command.
fn fails(argv: &str) -> Roomctl {
    let (home, port) = (Home::new(), UntouchedPort::new());
    kick(&home, &port.endpoint(), 7, argv)
}

/// A kick that works with the printed key; `{KEY}` in the array stands for it.
fn works(argv: &str) {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let argv = argv.replace("{KEY}", sandbox.key());
    let kick = kick(&home, &sandbox.endpoint(), sandbox.sdkappid(), &argv);
    kick.secret(sandbox.key()).stdout(any()).exits(0);
}

#[test]
fn what_it_prints_is_the_key() {
    works(r#"["echo", "{KEY}"]"#);
    works(r#"["sh", "-c", "printf '%s' {KEY}"]"#);
}

#[test]
fn its_arguments_are_not_read_by_a_shell() {
    let program = "#!/bin/sh\nfor word; do printf '[%s]' \"$word\" >&2; done\nexit 9\n";
    let home = Home::new();
    let path = home.file_of_mode("vault", program, 0o700);
    let argv = format!(r#"["{path}", "$HOME", "a;b", "c d", "`id`", "*", "~"]"#);
    let kick = kick(&home, "http://127.0.0.1:1", 7, &argv);
    let literal = "[$HOME][a;b][c d][`id`][*][~]";
    kick.stderr(has([literal, "exit status: 9"])).exits(3);
}

#[test]
fn its_stderr_passes_through() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let argv = format!(
        r#"["sh", "-c", "echo unlock me >&2; echo {}"]"#,
        sandbox.key()
    );
    let kick = kick(&home, &sandbox.endpoint(), sandbox.sdkappid(), &argv);
    let kick = kick.secret(sandbox.key());
    kick.stdout(any()).stderr(is("unlock me\n")).exits(0);
}

#[test]
fn a_failure_is_exit_3_without_what_it_printed_or_was_given() {
    for (argv, message) in [
        (
            r#"["sh", "-c", "echo {KEY}; exit 3", "{KEY}"]"#,
            "exit status: 3",
        ),
        (r#"["sh", "-c", "echo {KEY}; kill -9 $$"]"#, "signal: 9"),
        (r#"["/nowhere/vault", "{KEY}"]"#, "/nowhere/vault"),
        (r#"["sh", "-c", "echo {KEY}; echo done"]"#, "line break"),
        (r#"["sh", "-c", "echo {KEY}; echo {KEY}"]"#, "twice"),
        (r#"["true", "{KEY}"]"#, "empty"),
    ] {
        let kick = fails(&argv.replace("{KEY}", KEY)).secret(KEY);
        let reported = has(["error: secret_key_command", "profile p", message, "hint: "]);
        kick.stderr(reported).exits(3);
    }
}

#[test]
fn an_array_without_a_program_is_exit_3() {
    for argv in ["[]", r#"[""]"#, r#""echo key""#, "[1]"] {
        fails(argv).stderr(has(["secret_key_command"])).exits(3);
    }
}

#[test]
fn its_environment_has_no_key() {
    let reported = "env | grep -q -e SECRET_KEY -e USERSIG && exit 8; echo {KEY}";
    works(&format!(r#"["sh", "-c", "{reported}"]"#));
}

#[test]
fn its_environment_has_no_password_of_a_redis() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let argv = r#"["sh", "-c", "env | grep -q PASSWORD && exit 8; echo {}"]"#;
    let argv = argv.replace("{}", sandbox.key());
    let kick = kick(&home, &sandbox.endpoint(), sandbox.sdkappid(), &argv);
    let url = "redis://:PASSWORD@127.0.0.1:1";
    let kick = kick.env("ROOMCTL_RATE_SCOPE", url).secret(sandbox.key());
    kick.args("--rate-scope process").stdout(any()).exits(0);
}

#[test]
fn it_does_not_inherit_stdin() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let argv = format!(r#"["sh", "-c", "cat; echo {}"]"#, sandbox.key());
    let kick = kick(&home, &sandbox.endpoint(), sandbox.sdkappid(), &argv);
    let kick = kick.stdin("not the key\n").secret(sandbox.key());
    kick.stdout(any()).exits(0);
}

#[test]
fn a_child_that_keeps_its_stdout_open_is_not_waited_for() {
    works(r#"["sh", "-c", "sleep 70 2>&- & echo {KEY}"]"#);
}

#[test]
fn a_dry_run_does_not_run_it() {
    let home = Home::new();
    let argv = r#"["sh", "-c", "touch was-run; echo key"]"#;
    let kick = kick(&home, "http://127.0.0.1:1", 7, argv).args("--dry-run");
    kick.stdout(has(["to be printed by sh"])).exits(0);
    assert!(!home.path().join("was-run").exists());
}

#[test]
fn it_is_run_only_when_nothing_else_is_wrong() {
    let home = Home::new();
    let kick = kick(
        &home,
        "http://127.0.0.1:1",
        7,
        r#"["sh", "-c", "touch was-run"]"#,
    );
    kick.args("--region mars")
        .stderr(has(["--region"]))
        .exits(2);
    assert!(!home.path().join("was-run").exists());
}

#[test]
fn it_is_not_run_when_a_flag_or_variable_gives_a_key() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let argv = r#"["sh", "-c", "touch was-run"]"#;
    let kick = kick(&home, &sandbox.endpoint(), sandbox.sdkappid(), argv);
    let kick = kick.env("ROOMCTL_SECRET_KEY", sandbox.key());
    kick.stdout(any()).exits(0);
    assert!(!home.path().join("was-run").exists());
}
