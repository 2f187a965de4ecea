//! `Debug` of every type that holds a secret redacts it: its output ends up in
//! panics and logs.

use roomctl::api::{Client, Endpoint, Roots, Signer, SigningMaterial, Transport};
use roomctl::config::{ConnectionArgs, Env, Inputs, Mode, Profiles, StdinClaim, resolve};
use roomctl::room::UserId;
use roomctl::secret::{SecretKey, UserSig};
use roomctl::usersig::{Claims, sign};
use std::time::{Duration, SystemTime};

use crate::support::KEY;

fn shows_nothing(value: &impl std::fmt::Debug) {
    let sig = usersig();
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(
            !text.contains(KEY) && !text.contains(sig.expose()),
            "{text}"
        );
    }
}

fn usersig() -> UserSig {
    let claims = Claims {
        identifier: "a".into(),
        sdkappid: 7,
        time: 1_700_000_000,
        expire: 3600,
        userbuf: None,
    };
    sign(&claims, &SecretKey::new(KEY))
}

#[test]
fn secrets_themselves_are_redacted() {
    shows_nothing(&SecretKey::new(KEY));
    shows_nothing(&usersig());
    shows_nothing(&SigningMaterial::Key {
        key: SecretKey::new(KEY),
        lifetime: Duration::from_secs(60),
    });
    shows_nothing(&SigningMaterial::UserSig(usersig()));
}

#[test]
fn arguments_and_settings_are_redacted() {
    let sig = usersig();
    for (name, value) in [
        ("ROOMCTL_SECRET_KEY", KEY),
        ("ROOMCTL_USERSIG", sig.expose()),
    ] {
        let env = Env::from_pairs([
            (name, value),
            ("ROOMCTL_SDKAPPID", "7"),
            ("ROOMCTL_IDENTIFIER", "a"),
        ]);
        let args = ConnectionArgs::default();
        let inputs = Inputs {
            args: &args,
            env: &env,
            profiles: &Profiles::default(),
            now_unix: 1_700_000_000,
            mode: Mode::Real,
        };
        shows_nothing(&env);
        shows_nothing(&inputs);
        let mut stdin = StdinClaim::new(std::io::empty(), false);
        shows_nothing(&resolve(&inputs, &mut stdin).expect("settings"));
    }
    let args = ConnectionArgs {
        secret_key: Some(KEY.into()),
        usersig: Some(sig.expose().into()),
        ..ConnectionArgs::default()
    };
    shows_nothing(&args);
}

#[test]
fn a_client_in_use_is_redacted() {
    let material = SigningMaterial::Key {
        key: SecretKey::new(KEY),
        lifetime: Duration::from_secs(60),
    };
    let signer = Signer::new(7, UserId::parse("a").expect("a name"), material);
    let made = signer.usersig(SystemTime::now());
    let text = format!("{signer:?}");
    assert!(
        !text.contains(made.expose()) && !text.contains(KEY),
        "{text}"
    );
    let transport = Transport {
        timeout: Duration::from_secs(1),
        connect_timeout: Duration::from_secs(1),
        connections: 1,
        proxy: None,
        roots: Roots::Bundled,
    };
    let endpoint = Endpoint::parse("http://127.0.0.1:1").expect("loopback");
    shows_nothing(&Client::new(endpoint, signer, transport));
}

#[test]
fn a_sandbox_is_redacted() {
    let options = roomctl::sandbox::Options {
        secret_key: SecretKey::new(KEY),
        ..roomctl::sandbox::Options::default()
    };
    shows_nothing(&roomctl::sandbox::Sandbox::start(options).expect("a port"));
}
