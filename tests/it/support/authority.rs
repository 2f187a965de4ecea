//! A certificate authority for tests, and server certificates for any name: the
//! sandbox's certificate is for loopback only.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rcgen::{KeyUsagePurpose, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

use super::Home;

/// An authority that is trusted only through `--ca-file`.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// Its certificate as a file, for `--ca-file`.
    pub(crate) fn file(&self, home: &Home) -> String {
        home.file("authority.pem", &self.pem)
    }

    /// The TLS configuration of a server with these names.
    pub(super) fn server(&self, names: &[&str]) -> Arc<ServerConfig> {
        self.server_of(&params(names))
    }

    /// The same, valid from the beginning of one year to that of another.
    pub(super) fn server_in_years(
        &self,
        names: &[&str],
        from: i32,
        until: i32,
    ) -> Arc<ServerConfig> {
        let mut params = params(names);
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        self.server_of(&params)
    }

    fn server_of(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let leaf = params.signed_by(&key, &self.issuer).expect("a certificate");
        config(&leaf, &key)
    }
}

/// A server that signed its own certificate, which is marked as one of an
/// authority or not; and the certificate in PEM.
pub(super) fn self_signed(names: &[&str], is_authority: bool) -> (String, Arc<ServerConfig>) {
    let mut params = params(names);
    if is_authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate.pem(), config(&certificate, &key))
}

fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().copied().map(str::to_owned).collect();
    CertificateParams::new(names).expect("names")
}

fn config(certificate: &Certificate, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a usable certificate");
    Arc::new(config)
}
