//! Tests of proxies, roots and time limits.

use super::*;

#[test]
fn it_is_shown_without_user_and_password() {
    for (text, shown) in [
        ("http://canary:canary@proxy.corp:3128", "proxy.corp:3128"),
        ("proxy.corp:81", "proxy.corp:81"),
        ("https://proxy.corp", "proxy.corp:443"),
        (
            "socks5://canary:canary@proxy.corp",
            "socks5://proxy.corp:1080",
        ),
        ("SOCKS5H://10.0.0.1:9050", "socks5h://10.0.0.1:9050"),
        (" socks5h://[::1]:1\n", "socks5h://[::1]:1"),
    ] {
        let proxy = Proxy::parse(text).expect(text);
        assert_eq!(proxy.to_string(), shown);
        assert_eq!(format!("{proxy:?}"), format!("Proxy({shown})"));
    }
}

#[test]
fn only_socks5_looks_the_name_up_here() {
    for (text, here) in [("socks5://h", true), ("socks5h://h", false), ("h:1", false)] {
        assert_eq!(
            Proxy::parse(text).expect(text).needs_address(),
            here,
            "{text}"
        );
    }
}

#[test]
fn other_kinds_and_nonsense_are_refused() {
    for text in ["socks://h:1", "socks4://h:1", "SOCKS4A://u:p@h:1"] {
        assert_eq!(Proxy::parse(text), Err(ProxyError::OldSocks), "{text}");
    }
    for text in ["socks5://u@h:1", "socks5h://u:@h:1"] {
        assert_eq!(Proxy::parse(text), Err(ProxyError::NoPassword), "{text}");
    }
    for other in ["ftp://h:1", "socks6://h:1", "htp://h:1", "http//://h"] {
        assert_eq!(
            Proxy::parse(other),
            Err(ProxyError::UnknownScheme),
            "{other}"
        );
    }
    for broken in [
        "http://",
        "http://h:x",
        "http://u:p@h:",
        "h:0",
        "h:65536",
        "socks5://",
        "socks5://h:x",
    ] {
        assert_eq!(Proxy::parse(broken), Err(ProxyError::Malformed), "{broken}");
    }
}

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
