//! A kick works with credentials from every place that the contract names.

use roomctl::sandbox::Options;
use roomctl::secret::SecretKey;
use roomctl::usersig::{Claims, sign};

use crate::support::{Home, Roomctl, Sandbox, any, has, lacks};

const KICK: &str = "kick -r room-test -u user1 -m spam";

/// A kick with an endpoint, without an account.
fn kick(sandbox: &Sandbox) -> Roomctl {
    let kick = Roomctl::new(KICK)
        .args("--endpoint")
        .arg(sandbox.endpoint());
    kick.secret(sandbox.key())
}

/// The same with an account, without a credential.
fn named(sandbox: &Sandbox) -> Roomctl {
    let app = sandbox.sdkappid().to_string();
    kick(sandbox)
        .arg("--sdkappid")
        .arg(app)
        .args("--identifier administrator")
}

fn usersig(sandbox: &Sandbox) -> String {
    let claims = Claims {
        identifier: "administrator".into(),
        sdkappid: sandbox.sdkappid(),
        time: roomctl::clock::unix_seconds(std::time::SystemTime::now()),
        expire: 3600,
        userbuf: None,
    };
    sign(&claims, &SecretKey::new(sandbox.key()))
        .expose()
        .to_owned()
}

fn removes(kick: Roomctl) {
    let done = kick
        .stdout(has(["removed user1"]))
        .stderr(has(["1 removed"]));
    done.stderr(lacks(["error:", "others can see"])).exits(0);
}

#[test]
fn from_flags_before_or_after_the_command() {
    let sandbox = Sandbox::demo();
    let file = Home::new();
    let key = file.file("key", sandbox.key());
    removes(named(&sandbox).arg("--secret-key-file").arg(&key));
    let sandbox = Sandbox::demo();
    let key = file.file("key2", sandbox.key());
    let before = Roomctl::new("--sdkappid").arg(sandbox.sdkappid().to_string());
    let before = before
        .args("--identifier administrator --endpoint")
        .arg(sandbox.endpoint());
    removes(before.args(KICK).arg("--secret-key-file").arg(key));
}

#[test]
fn from_the_environment() {
    let sandbox = Sandbox::demo();
    removes(sandbox.kick("-r room-test -u user1 -m spam"));
}

#[test]
fn from_a_profile_with_the_key_in_it() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let (app, key, endpoint) = (sandbox.sdkappid(), sandbox.key(), sandbox.endpoint());
    home.config(&format!(
        "default_profile = \"p\"\n[profiles.p]\nsdkappid = {app}\nidentifier = \"administrator\"\n\
         secret_key = \"{key}\"\nendpoint = \"{endpoint}\"\nreason = \"spam\"\n"
    ));
    removes(
        Roomctl::new("kick -r room-test -u user1")
            .home(&home)
            .secret(key),
    );
}

#[test]
fn from_a_key_file_beside_the_configuration_or_below_home() {
    for name in ["key", "~/key", "../../key"] {
        let (sandbox, home) = (Sandbox::demo(), Home::new());
        home.file(".config/roomctl/key", sandbox.key());
        home.file("key", format!("{}\n", sandbox.key()));
        home.config(&format!("[profiles.p]\nsecret_key_file = \"{name}\"\n"));
        removes(named(&sandbox).home(&home).args("--profile p"));
    }
}

#[test]
fn from_a_key_command_whose_environment_has_no_key() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let key = home.file("vault", sandbox.key());
    let script = format!("test -z \\\"$ROOMCTL_SECRET_KEY\\\" && cat {key}");
    home.config(&format!(
        "[profiles.p]\nsecret_key_command = [\"/bin/sh\", \"-c\", \"{script}\"]\n"
    ));
    let kick = named(&sandbox).home(&home).args("--profile p");
    removes(
        kick.env("PATH", "/usr/bin:/bin")
            .env("ROOMCTL_SECRET_KEY", "overruled"),
    );
}

#[test]
fn from_stdin() {
    let sandbox = Sandbox::demo();
    removes(
        named(&sandbox)
            .args("--secret-key-file -")
            .stdin(format!("{}\n", sandbox.key())),
    );
    let sandbox = Sandbox::demo();
    removes(
        named(&sandbox)
            .args("--usersig-file -")
            .stdin(usersig(&sandbox)),
    );
}

#[test]
fn from_a_ready_made_usersig_in_a_variable_or_a_file() {
    let sandbox = Sandbox::demo();
    let sig = usersig(&sandbox);
    removes(named(&sandbox).env("ROOMCTL_USERSIG", &sig).secret(&sig));
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let sig = usersig(&sandbox);
    let file = home.file("sig", format!("{sig}\n"));
    removes(named(&sandbox).arg("--usersig-file").arg(file).secret(&sig));
    let sandbox = Sandbox::demo();
    let sig = usersig(&sandbox);
    home.config(&format!("[profiles.p]\nusersig = \"{sig}\"\n"));
    removes(named(&sandbox).home(&home).args("--profile p").secret(&sig));
}

#[test]
fn a_secret_on_the_command_line_works_and_warns_once() {
    let sandbox = Sandbox::demo();
    let sig = usersig(&sandbox);
    for (user, flag, secret) in [
        ("user2", "--secret-key", sandbox.key()),
        ("user3", "--usersig", &sig),
    ] {
        let kick = named(&sandbox).args("-u").arg(user).arg("--ignore-absent");
        let kick = kick.arg(flag).arg(secret).secret(secret);
        let warning = has(["warning: ", flag, &format!("{flag}-file")]);
        let done = kick.stdout(any()).stderr(warning).exits(0);
        assert_eq!(done.stderr.matches("warning:").count(), 1, "{done}");
    }
}

#[test]
fn the_app_from_a_profile_and_the_key_from_a_variable_give_no_warning() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let app = sandbox.sdkappid();
    home.config(&format!(
        "default_profile = \"p\"\n[profiles.p]\nsdkappid = {app}\nidentifier = \"administrator\"\n"
    ));
    let key = sandbox.key().to_owned();
    removes(kick(&sandbox).home(&home).env("ROOMCTL_SECRET_KEY", key));
}

#[test]
fn without_home_it_works_if_no_file_is_needed() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m spam");
    removes(kick.in_shell("unset HOME; exec \"$0\" \"$@\""));
}

#[test]
fn tls_works_with_the_authority_in_a_ca_file_only() {
    let sandbox = Sandbox::with(Options {
        tls: true,
        ..Options::default()
    });
    let home = Home::new();
    let file = home.file_of_mode("ca.pem", sandbox.ca_pem(), 0o644);
    let kick = |words: &str| sandbox.kick("-r room-test -u user1 -m spam").args(words);
    let stranger = kick("--retries 0 -o json")
        .stdout(any())
        .stderr(any())
        .exits(5);
    assert_eq!(stranger.result()["Outcome"], "unsent");
    removes(kick("").arg("--ca-file").arg(file));
}
