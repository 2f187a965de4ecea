//! The sandbox with TLS.

use std::io;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{ask, connect, kick, members};
use crate::sandbox::server::Tls;
use crate::sandbox::{Options, Sandbox};

/// A TLS client that trusts only the authority in `pem`.
fn trusting(pem: &str, name: &'static str) -> ClientConnection {
    let ca = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
    let mut roots = RootCertStore::empty();
    roots.add(ca).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = name.try_into().expect("a name");
    ClientConnection::new(Arc::new(config), name).expect("a client")
}

#[test]
fn tls_uses_its_own_authority() {
    let options = Options {
        tls: true,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options.room("r", ["a", "b"])).expect("a port");
    assert!(sandbox.endpoint().starts_with("https://127.0.0.1:"));
    let pem = sandbox.ca_pem().expect("an authority");
    for (name, member) in [("127.0.0.1", "a"), ("localhost", "b")] {
        let mut tls = StreamOwned::new(trusting(pem, name), connect(&sandbox));
        let (_, body) = ask(&mut tls, &kick(&sandbox, member)).expect("answer");
        assert!(body.contains("\"ErrorCode\":0"), "{body}");
    }
    let other = Tls::generate().expect("another authority");
    let untrusting = trusting(&other.ca_pem, "127.0.0.1");
    let mut tls = StreamOwned::new(untrusting, connect(&sandbox));
    assert!(ask(&mut tls, &kick(&sandbox, "a")).is_err());
}

#[test]
fn tls_connections_are_reset_too() {
    let options = Options {
        tls: true,
        faults: vec!["reset=1".parse().expect("a fault")],
        ..Options::default()
    };
    let sandbox = Sandbox::start(options.room("r", ["a"])).expect("a port");
    let pem = sandbox.ca_pem().expect("an authority");
    let mut tls = StreamOwned::new(trusting(pem, "localhost"), connect(&sandbox));
    let error = ask(&mut tls, &kick(&sandbox, "a")).expect_err("cut");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert!(members(&sandbox).is_empty());
}
