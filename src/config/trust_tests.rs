//! Tests of the forms of a CA file, and of which roots are chosen.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use super::*;
use crate::config::value::Flags;

fn chosen(pairs: &[(&str, &str)]) -> (TlsRoots, Source) {
    let (flags, env) = (Flags::default(), Env::from_pairs(pairs.iter().copied()));
    let trust = trust(&Layers::new(&flags, &env, None), &env).expect("usable");
    (trust.tls_roots.value, trust.tls_roots.source)
}

#[test]
fn a_variable_that_names_the_systems_roots_chooses_them() {
    let (system, bundled) = (TlsRoots::System, TlsRoots::Bundled);
    let (file, folder) = (("SSL_CERT_FILE", "/f"), ("SSL_CERT_DIR", "/d:/e"));
    for (pairs, roots, source) in [
        (vec![], bundled, Source::BuiltIn),
        (vec![file], system, Source::Env("SSL_CERT_FILE")),
        (vec![folder], system, Source::Env("SSL_CERT_DIR")),
        (vec![folder, file], system, Source::Env("SSL_CERT_FILE")),
        (vec![("SSL_CERT_FILE", "")], bundled, Source::BuiltIn),
        (
            vec![file, ("ROOMCTL_TLS_ROOTS", "bundled")],
            bundled,
            Source::Env("ROOMCTL_TLS_ROOTS"),
        ),
        (
            vec![file, ("ROOMCTL_TLS_ROOTS", "system")],
            system,
            Source::Env("ROOMCTL_TLS_ROOTS"),
        ),
    ] {
        assert_eq!(chosen(&pairs), (roots, source), "{pairs:?}");
    }
}

#[test]
fn the_place_of_the_systems_roots_is_described() {
    let env = Env::from_pairs([("SSL_CERT_DIR", "/d")]);
    let (flags, roots) = (Flags::default(), "the system's roots (SSL_CERT_DIR is /d)");
    let trust = trust(&Layers::new(&flags, &env, None), &env).expect("usable");
    assert_eq!(
        trust.describe(),
        format!("{roots}, environment SSL_CERT_DIR")
    );
}

fn authority() -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let pem = params.self_signed(&key).expect("a certificate").pem();
    (pem, Issuer::new(params, key))
}

fn server(issuer: Option<&Issuer<KeyPair>>) -> String {
    let params = CertificateParams::new(vec!["a.test".into()]).expect("a name");
    let key = KeyPair::generate().expect("a key");
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer),
        None => params.self_signed(&key),
    };
    certificate.expect("a certificate").pem()
}

fn count(bytes: impl AsRef<[u8]>) -> usize {
    let found = parse_ca_file(bytes.as_ref(), "FILE");
    found
        .map_err(|unusable| unusable.why)
        .expect("usable")
        .len()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn pem_is_read_as_other_tools_write_it() {
    let pem = authority().0;
    let pem = pem.replace('\r', "");
    let one_line = pem.trim_end().replace('\n', "\\n");
    for (text, expected) in [
        (pem.clone(), 1),
        (format!("\u{feff}{pem}"), 1),
        (format!("\u{feff}{pem}\u{feff}{pem}"), 2),
        (pem.replace('\n', "\r\n"), 1),
        (pem.replace('\n', "\r"), 1),
        (pem.replace('\n', " \n    "), 1),
        (format!("{}{}", pem.trim_end(), pem), 2),
        (format!("subject=CN = x\n\n{pem}# end\n"), 1),
        (pem.replace(" CERTIFICATE", " X509 CERTIFICATE"), 1),
        (one_line.clone(), 1),
        (format!("\"{one_line}\\n\"\n"), 1),
        (
            format!(
                "{}{pem}",
                KeyPair::generate().expect("a key").serialize_pem()
            ),
            1,
        ),
        (server(None), 1),
    ] {
        assert_eq!(count(&text), expected, "{text}");
    }
    let (pem, issuer) = authority();
    assert_eq!(
        count(server(Some(&issuer)) + &pem),
        2,
        "a chain with its root"
    );
}

#[test]
fn another_form_is_named_with_the_command_that_converts_it() {
    let (pem, issuer) = authority();
    let labelled = |label: &str| pem.replace(" CERTIFICATE-----", &format!(" {label}-----"));
    let Some(Ok(PemItem::Certificate(der))) = parse_pem(pem.as_bytes()).next() else {
        panic!("a certificate");
    };
    for (bytes, why, hint) in [
        (
            labelled("TRUSTED CERTIFICATE").into_bytes(),
            "TRUSTED CERTIFICATE",
            "openssl x509 -in FILE -out NEW.pem",
        ),
        (
            (pem.clone() + &labelled("TRUSTED CERTIFICATE")).into_bytes(),
            "TRUSTED",
            "openssl x509",
        ),
        (
            labelled("PKCS7").into_bytes(),
            "PKCS #7",
            "openssl pkcs7 -print_certs -in FILE",
        ),
        (
            labelled("CERTIFICATE REQUEST").into_bytes(),
            "CSR",
            "BEGIN CERTIFICATE",
        ),
        (
            labelled("RSA PRIVATE KEY").into_bytes(),
            "private key",
            "BEGIN CERTIFICATE",
        ),
        (
            labelled("OPENSSH PRIVATE KEY").into_bytes(),
            "private key",
            "BEGIN CERTIFICATE",
        ),
        (
            labelled("PUBLIC KEY").into_bytes(),
            "public key",
            "BEGIN CERTIFICATE",
        ),
        (
            labelled("X509 CRL").into_bytes(),
            "revocation list",
            "BEGIN CERTIFICATE",
        ),
        (
            labelled("DH PARAMETERS").into_bytes(),
            "other PEM blocks",
            "BEGIN CERTIFICATE",
        ),
        (
            der.der().to_vec(),
            "DER",
            "openssl x509 -inform der -in FILE",
        ),
        (
            b"\x30\x82\x09\xff\x02".to_vec(),
            "PKCS #12",
            "openssl pkcs12 -in FILE",
        ),
        (utf16(&pem), "UTF-16", "iconv -f UTF-16 -t UTF-8 FILE"),
        (b"\x7fELF\xff".to_vec(), "binary", "BEGIN CERTIFICATE"),
        (
            b"<!DOCTYPE html>".to_vec(),
            "no PEM certificate",
            "BEGIN CERTIFICATE",
        ),
        (Vec::new(), "no PEM certificate", "BEGIN CERTIFICATE"),
        (
            server(Some(&issuer)).into_bytes(),
            "of a server",
            "openssl x509 -in FILE -noout -issuer",
        ),
        (
            pem.trim_end().trim_end_matches('-').into(),
            "",
            "copy it again",
        ),
        (
            pem.replacen("MII", "M*I", 1).into_bytes(),
            "",
            "copy it again",
        ),
        (pem.replacen("MII", "", 1).into_bytes(), "", "copy it again"),
    ] {
        let unusable = parse_ca_file(&bytes, "FILE").expect_err(why);
        assert!(unusable.why.contains(why), "{unusable:?}");
        assert!(unusable.hint.contains(hint), "{unusable:?}");
    }
}
