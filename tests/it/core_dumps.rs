//! Once a secret has been read, a crash leaves no core dump: the secret would be in
//! it.

use crate::support::{Gate, Home, OK, Reply, Roomctl, Server, any, has};

/// With core dumps allowed. The number is a soft limit in blocks.
const DUMPS: &str = "ulimit -Sc 64 || exit 99; exec \"$0\" \"$@\"";

#[test]
#[cfg(target_os = "linux")]
fn with_a_key_or_a_signature_there_is_no_core_dump() {
    use std::time::{SystemTime, UNIX_EPOCH};

    use crate::support::{KEY, claims, signed};

    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let sig = signed(&claims(now.expect("after 1970").as_secs()));
    let home = Home::new();
    let (key_file, sig_file) = (home.file("key", KEY), home.file("sig", &sig));
    let profile = format!("[profiles.a]\nsecret_key = \"{KEY}\"\n");
    let config = home.file("config.toml", profile);
    let command = format!("[profiles.a]\nsecret_key_command = [\"echo\", \"{KEY}\"]\n");
    let command = home.file("command.toml", command);
    for (flag, value, variable) in [
        ("", "", "ROOMCTL_SECRET_KEY"),
        ("--secret-key", KEY, ""),
        ("--secret-key-file", &key_file, ""),
        ("--usersig", &sig, ""),
        ("--usersig-file", &sig_file, ""),
        ("--config", &config, ""),
        ("--config", &command, ""),
    ] {
        let gate = Gate::default();
        let server = Server::answering([Reply::json(OK).held_by(&gate)]);
        let kick = server.kick("-r r -u u -m spam").home(&home);
        let kick = match variable {
            "" => kick.env_remove("ROOMCTL_SECRET_KEY").arg(flag).arg(value),
            _ => kick,
        };
        let kick = if flag == "--config" {
            kick.args("--profile a")
        } else {
            kick
        };
        let kick = kick.in_shell(DUMPS).stdout(any()).stderr(any()).start();
        server.wait_for(1);
        assert_eq!(kick.core_limit(), "0", "{flag}{variable}");
        gate.open();
        kick.ends(0);
    }
}

#[test]
fn without_a_secret_the_limit_is_left_alone() {
    // The command has the limits of its parent. /bin/sh counts blocks.
    let sandbox = Roomctl::new("sandbox -- sh -c").arg("ulimit -Sc");
    sandbox.in_shell(DUMPS).stdout(has(["64"])).exits(0);
}
