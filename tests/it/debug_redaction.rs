//! `Debug` of every type that holds a secret redacts it: its output ends up in
//! panics and logs.

use roomctl::api::{Client, Endpoint, Roots, Signer, SigningMaterial, Transport};
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
        timeout: Duration::from_secs(1).into(),
        connect_timeout: Duration::from_secs(1).into(),
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
