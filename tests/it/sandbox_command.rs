//! `roomctl sandbox -- COMMAND`: the command gets the sandbox in its variables
//! and stdout for itself, and decides the exit code.

use rustix::process::Signal;

use crate::support::{Authority, Home, KEY, Roomctl, any, has, is, wait_until};

/// A sandbox with this shell script as its command; `$0` is roomctl.
fn around(options: &str, script: &str) -> Roomctl {
    let run = Roomctl::new("sandbox").args(options).args("-- /bin/sh -c");
    run.arg(script).arg(env!("CARGO_BIN_EXE_roomctl"))
}

#[test]
fn the_command_has_the_variables() {
    let script = "env | grep ^ROOMCTL_ | cut -d= -f1 | sort";
    let names = "ROOMCTL_ENDPOINT\nROOMCTL_IDENTIFIER\nROOMCTL_SANDBOX\n\
                 ROOMCTL_SDKAPPID\nROOMCTL_SECRET_KEY\n";
    let run = around("", script).env("PATH", "/usr/bin:/bin");
    run.stdout(is(names)).exits(0);
    let run = around("--tls", r#"cat "$ROOMCTL_CA_FILE""#);
    run.env("PATH", "/usr/bin:/bin")
        .stdout(has(["BEGIN CERTIFICATE"]))
        .exits(0);
}

#[test]
fn stdout_and_stderr_have_only_the_commands_output() {
    for options in ["", "-v", "-o json", "--tls --latency 1ms"] {
        around(options, "echo out; echo err >&2")
            .stdout(is("out\n"))
            .stderr(is("err\n"))
            .exits(0);
    }
}

#[test]
fn the_command_gets_stdin() {
    let run = around("", "read line; echo \"got $line\"").stdin("a line\n");
    run.stdout(is("got a line\n")).exits(0);
}

#[test]
fn the_exit_code_is_the_commands() {
    for code in [0, 1, 7, 42, 255] {
        around("", &format!("exit {code}")).exits(code);
    }
    for (signal, code) in [("TERM", 143), ("KILL", 137), ("INT", 130)] {
        around("", &format!("kill -{signal} $$")).exits(code);
    }
    let kick = r#"exec "$0" kick -r room-test -u nobody -m spam"#;
    around("", kick).stdout(any()).stderr(any()).exits(1);
}

#[test]
fn a_command_that_does_not_exist_is_exit_2() {
    for command in ["/nowhere/command", "no-such-command", "/etc/passwd"] {
        let run = Roomctl::new("sandbox --").arg(command);
        run.stderr(has([command, "hint: "])).exits(2);
    }
}

#[test]
fn a_rehearsal_of_a_kick_works_with_and_without_tls() {
    for options in ["", "--tls"] {
        let kick = r#""$0" kick -r room-test -u user1 -m spam -q"#;
        around(options, kick)
            .stdout(has(["removed user1"]))
            .exits(0);
    }
}

#[test]
fn a_profiles_real_endpoint_is_not_used() {
    let home = Home::new();
    for place in ["region = \"usa\"", "endpoint = \"https://real.example\""] {
        home.config(&format!(
            "[profiles.real]\nsdkappid = 7\nidentifier = \"a\"\nsecret_key = \"{KEY}\"\n{place}\n"
        ));
        let kick = r#""$0" kick --profile real -r room-test -u user1 -m spam"#;
        let run = around("", kick).home(&home).secret(KEY);
        run.stderr(has(["ROOMCTL_SANDBOX", "profile real", "hint: "]))
            .exits(3);
    }
    for flag in ["--region usa", "--endpoint https://real.example"] {
        let kick = format!(r#""$0" kick {flag} -r room-test -u user1 -m spam"#);
        around("", &kick).stderr(has(["ROOMCTL_SANDBOX"])).exits(3);
    }
    let kick = r#"unset ROOMCTL_ENDPOINT; "$0" kick -r room-test -u user1 -m spam"#;
    around("", kick).stderr(has(["ROOMCTL_SANDBOX"])).exits(3);
}

#[test]
fn the_sandboxs_variables_win_over_a_default_profile_and_the_environment() {
    let (home, authority) = (Home::new(), Authority::new());
    home.config(&format!(
        "default_profile = \"real\"\n[profiles.real]\nsdkappid = 7\nidentifier = \"a\"\n\
         secret_key = \"{KEY}\"\nregion = \"usa\"\ntls_roots = \"system\"\n"
    ));
    for options in ["", "--tls"] {
        let kick = r#""$0" kick -r room-test -u user1 -m spam -q"#;
        let run = around(options, kick).home(&home).secret(KEY);
        let run = run
            .env("ROOMCTL_SECRET_KEY_FILE", "/nowhere")
            .env("ROOMCTL_USERSIG", "x");
        let run = run
            .env("ROOMCTL_REGION", "usa")
            .env("ROOMCTL_USERSIG_FILE", "/nowhere");
        let run = run.env("ROOMCTL_CA_FILE", authority.file(&home));
        let run = run
            .env("ROOMCTL_TLS_ROOTS", "system")
            .env("ROOMCTL_SDKAPPID", "7");
        run.stdout(has(["removed user1"])).exits(0);
    }
}

#[test]
fn a_termination_signal_is_passed_on_to_the_command() {
    for (signal, word) in [(Signal::TERM, "TERM"), (Signal::HUP, "HUP")] {
        let home = Home::new();
        let script =
            format!("trap 'echo {word}; exit 5' {word}; : > ready; while :; do sleep 0.05; done");
        let run = around("", &script).home(&home).env("PATH", "/usr/bin:/bin");
        let running = run.stdout(is(&format!("{word}\n"))).start();
        wait_until("the command runs", || home.path().join("ready").exists());
        running.signal(signal);
        running.ends(5);
    }
}

/// `sandbox -- $COMMAND` with an empty variable would serve for ever.
#[test]
fn nothing_after_two_dashes_is_exit_2() {
    for line in ["sandbox --", "sandbox --room r=a --tls --", "sandbox -v --"] {
        let says = has(["no command after --\nhint: name a program after --"]);
        Roomctl::new(line).stderr(says).exits(2);
    }
    let quoted = Roomctl::new("sandbox --").arg("");
    quoted.stderr(has(["no command after --"])).exits(2);
    let together = Roomctl::new("sandbox --room r --log - --env-file - --port -1 --");
    let says = has([
        "--port \"-1\": is not a number from 0 to 65535",
        "no command after --",
        "--room \"r\": has no =",
        "--log -: ",
        "--env-file -: ",
    ]);
    together.stderr(says).exits(2);
}
