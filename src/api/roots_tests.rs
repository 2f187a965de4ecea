//! Tests of the places of certificates.

use super::*;

#[test]
fn a_place_without_certificates_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").expect("a file");
    let missing = folder.path().join("missing.pem");
    for (file, folders, reported) in [
        (Some(empty), vec![], ""),
        (Some(missing), vec![], "missing.pem"),
        (None, vec!["/nowhere/certs".into()], "/nowhere/certs"),
        (None, vec![], ""),
    ] {
        let roots = Roots::System(SystemRoots::of_places(file, folders, |file| {
            Err(format!("cannot read {}", file.display()))
        }));
        let why = roots.missing().expect("no certificate").why;
        assert!(why.contains(reported), "{why}");
    }
    assert_eq!(Roots::Bundled.missing(), None);
}

#[test]
fn clones_share_what_was_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let roots =
        SystemRoots::of_places(None, vec![folder.path().to_owned()], |_| Err("none".into()));
    let shared = Roots::System(roots.clone());
    assert!(shared.missing().is_some());
    let names = vec!["authority.invalid".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let pem = made.cert.pem();
    std::fs::write(folder.path().join("ca.pem"), pem).expect("a file");
    assert!(Roots::System(roots).missing().is_some(), "read once");
    let again =
        SystemRoots::of_places(None, vec![folder.path().to_owned()], |_| Err("none".into()));
    assert_eq!(Roots::System(again).missing(), None);
}

#[test]
fn a_folder_is_skipped_only_if_it_is_the_systems_and_has_the_bundle() {
    for (folder, file, skipped) in [
        (
            "/etc/ssl/certs",
            Some("/etc/ssl/certs/ca-certificates.crt"),
            true,
        ),
        (
            "/etc/ssl/certs/",
            Some("/etc/ssl/certs/ca-certificates.crt"),
            true,
        ),
        ("/etc/ssl/certs", Some("/etc/ssl/ca.pem"), false),
        ("/etc/ssl/certs", None, false),
        ("/opt/certs", Some("/opt/certs/ca.pem"), false),
    ] {
        let found = has_bundle(Path::new(folder), file.map(Path::new));
        assert_eq!(found, skipped, "{folder} {file:?}");
    }
}
