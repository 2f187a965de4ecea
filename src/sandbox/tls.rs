//! TLS for the sandbox: a certificate authority, made at the start, and a certificate
//! for loopback that it signs.
//!
//! Only clients that get the authority's PEM (`ROOMCTL_CA_FILE`) trust it. Its key
//! never leaves the process.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The names in the certificate.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

pub(super) struct Tls {
    pub(super) config: Arc<ServerConfig>,
    /// The authority's certificate.
    pub(super) ca_pem: String,
}

impl Tls {
    /// Makes a new authority and one certificate.
    pub(super) fn generate() -> io::Result<Self> {
        let (ca_pem, chain, key) = certificates().map_err(io::Error::other)?;
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(io::Error::other)?;
        Ok(Self {
            config: Arc::new(config),
            ca_pem,
        })
    }
}

type Certificates = (String, Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn certificates() -> Result<Certificates, rcgen::Error> {
    let ca_key = KeyPair::generate()?;
    let ca = ca_params()?;
    let ca_pem = ca.self_signed(&ca_key)?.pem();
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate()?;
    let certificate = leaf_params()?.signed_by(&key, &issuer)?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    Ok((ca_pem, vec![certificate.der().clone()], key))
}

fn ca_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    set_name(&mut params, "roomctl sandbox authority");
    Ok(params)
}

fn leaf_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(NAMES.map(String::from))?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    set_name(&mut params, "roomctl sandbox");
    Ok(params)
}

fn set_name(params: &mut CertificateParams, name: &str) {
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
}
