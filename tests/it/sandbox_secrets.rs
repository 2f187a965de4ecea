//! The sandbox prints its key on stdout on purpose, and nowhere else; it never
//! repeats a secret that was given in the wrong place.

use rustix::process::Signal;

use crate::support::{KEY, Roomctl, Sandbox, SandboxProcess, any, has, lacks};

#[test]
fn stderr_never_has_the_key() {
    for words in ["", "-v", "-vv", "-o json -vv", "--tls -vv"] {
        let served = SandboxProcess::with(words);
        let key = served.value("SECRET_KEY").to_owned();
        let kick = served.roomctl("kick -r room-test -u user1 -m spam -vv");
        kick.stdout(any()).stderr(any()).exits(0);
        let done = served.ends(Signal::INT);
        assert!(done.stdout.contains(&key));
        assert!(!done.stderr.contains(&key[..24]), "{done}");
    }
}

#[test]
fn with_a_command_no_output_has_the_key() {
    let script = "printf '%s' \"$ROOMCTL_SECRET_KEY\" > key; echo done";
    let home = crate::support::Home::new();
    let run = Roomctl::new("sandbox -vv -- /bin/sh -c")
        .arg(script)
        .home(&home);
    let done = run.stdout(has(["done"])).stderr(any()).exits(0);
    let key = std::fs::read_to_string(home.path().join("key")).expect("the key");
    assert_eq!(key.len(), 64);
    assert!(!format!("{done}").contains(&key[..24]));
}

#[test]
fn a_secret_as_the_value_of_any_sandbox_flag_is_not_repeated() {
    let sig = Sandbox::untouched().usersig(60);
    for secret in [KEY, &sig] {
        for flag in [
            "--port",
            "--room",
            "--rooms",
            "--latency",
            "--limit",
            "--absent",
            "--fault",
            "--secret-key",
            "--usersig",
            "--region",
            "--colour",
        ] {
            let run = Roomctl::new("sandbox").arg(flag).arg(secret).secret(secret);
            run.stderr(has(["error: "])).exits(2);
        }
        for flag in ["--log", "--env-file"] {
            let file = format!("/nowhere/{secret}");
            let run = Roomctl::new("sandbox").arg(flag).arg(file).args("-- true");
            let run = run.env("PATH", "/usr/bin:/bin").secret(secret);
            run.stderr(has(["error: "])).exits(2);
        }
        for words in ["", "--"] {
            let run = Roomctl::new("sandbox")
                .args(words)
                .arg(secret)
                .secret(secret);
            run.stderr(has(["error: "]))
                .stderr(lacks(["usersig"]))
                .exits(2);
        }
        let room = format!("{secret}=x\u{7f}");
        let run = Roomctl::new("sandbox --room").arg(room).secret(secret);
        run.stderr(has(["--room"])).exits(2);
    }
}
