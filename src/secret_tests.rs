//! Tests of redaction: what is removed from a text, and what stays.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

#[test]
fn debug_shows_no_secret() {
    let shown = format!(
        "{:?} {:?}",
        SecretKey::new("canary"),
        UserSig::new("canary")
    );
    assert_eq!(shown, "SecretKey([redacted]) UserSig([redacted])");
}

#[test]
fn scrub_redacts_keys_and_signatures() {
    let key = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
    let sig = format!("eJ{}", "x*-_".repeat(30));
    let text = format!("unexpected '{key}' and usersig={sig}&x=1, 用户");
    assert_eq!(
        scrub(&text),
        "unexpected '[redacted]' and usersig=[redacted]&x=1, 用户"
    );
}

#[test]
fn scrub_redacts_what_a_name_says_is_a_secret() {
    for (text, clean) in [
        ("https://x/?a=1&usersig=eJxx", "https://x/?[redacted]"),
        ("UserSig=eJw-*_&random=9", "UserSig=[redacted]&random=9"),
        (
            "ROOMCTL_SECRET_KEY='ab' SecretKey=cd e",
            "ROOMCTL_SECRET_KEY='ab' SecretKey=[redacted] e",
        ),
        ("usersig%3DeJxx", "usersig%3D[redacted]"),
        (
            "--rate-scope=REDISS://u:p@w@h:1/2 redis://h x@y",
            "--rate-scope=REDISS://[redacted]@h:1/2 redis://h x@y",
        ),
        (
            "redis://:PASSWORD@HOST, redis://[USER:PASSWORD@]HOST",
            "redis://:PASSWORD@HOST, redis://[USER:PASSWORD@]HOST",
        ),
    ] {
        assert_eq!(scrub(text), clean);
        assert_eq!(scrub(clean), clean);
    }
    for text in [
        "--usersig=SIG",
        "what follows usersig=, up to &",
        "usersig=[redacted]&x",
    ] {
        assert_eq!(scrub(text), text);
    }
}

#[test]
fn scrub_redacts_secrets_inside_words() {
    let key = "5bd2850f".repeat(8);
    let sig = format!("eF{}", "x*-_".repeat(30));
    for secret in [&key, &key.to_uppercase(), &sig] {
        let text = format!("--{secret}=1 10{secret} /home/{secret}/k a-{secret}");
        let clean = scrub(&text);
        assert!(!clean.contains(&secret[..32]), "{clean}");
        assert!(clean.starts_with("--[redacted]=1 ") && clean.contains(" /home/[redacted]/k "));
    }
}

#[test]
fn scrub_leaves_ordinary_words_alone() {
    let path = format!("/home/{}key", "someApplication/".repeat(9));
    assert_eq!(scrub(&path), path);
    let text = "room-test: Id-d4e0a71869c84352ac3a730fda71cdb0-O-Seq-47158 eJ";
    assert_eq!(scrub(text), text);
}

#[test]
fn names_that_are_hashes_stay_readable() {
    let (md5, longest) = ("5d41402abc4b2a76b9719d911017c592", "a".repeat(48));
    let text = format!("list.csv:3: user {md5} in room {longest}");
    assert_eq!(scrub(&text), text);
}

#[test]
fn an_excerpt_is_scrubbed_before_it_is_cut() {
    let sig = format!("eJ{}", "x".repeat(200));
    assert_eq!(excerpt(&sig), "[redacted]");
    assert_eq!(excerpt(&"用".repeat(61)), format!("{}…", "用".repeat(60)));
}

#[test]
fn usual_shape_is_64_lower_case_hex_digits() {
    assert!(SecretKey::new("5bd2850f".repeat(8)).has_usual_shape());
    assert!(!SecretKey::new("5BD2850F".repeat(8)).has_usual_shape());
    assert!(!SecretKey::new("5bd2850f").has_usual_shape());
}

#[test]
fn several_urls_with_logins_in_one_word_show_no_password() {
    let (long, key) = ("A".repeat(40), "5bd2850f".repeat(8));
    for (text, clean) in [
        (
            format!("redis://redis://{long}@h"),
            "redis://[redacted]@h".to_owned(),
        ),
        (
            format!("redis://:{long}@r1:6379,redis://:pw@r2:6379"),
            "redis://[redacted]@r2:6379".to_owned(),
        ),
        (
            format!("redis://:pw@r1:6379, rediss://me:{long}@r2:6379"),
            "redis://[redacted]@r1:6379, rediss://[redacted]@r2:6379".to_owned(),
        ),
        (
            format!("https://me:{long}@h.example/redis://:a/b@c@h"),
            "https://[redacted]@h.example/redis://[redacted]@h".to_owned(),
        ),
        (
            format!("联系https://me:pass/{long}@h,redis://ü@用"),
            "联系https://[redacted]@用".to_owned(),
        ),
        (
            format!("https://me:pa,{long}@h,mods@b"),
            "https://[redacted]@b".to_owned(),
        ),
        (
            // The password may have the first `@` in it, and the comma.
            format!("https://me:p@ss.x,{long}@h.example"),
            "https://[redacted]@h.example".to_owned(),
        ),
        (
            format!("redis://:pa,{long}@h"),
            "redis://[redacted]@h".to_owned(),
        ),
        (
            format!("redis://:{key}@h/{key}"),
            "redis://[redacted]@h/[redacted]".to_owned(),
        ),
    ] {
        assert_eq!(scrub(&text), clean);
        assert_eq!(scrub(&clean), clean);
    }
}

#[test]
fn urls_without_a_login_stay_readable() {
    for text in [
        "https://h.example:8443/@me?x=a@b, redis://h:6379/0 a@b",
        "http://localhost:8080/@me",
        "https://[::1]:8443/@me",
        "SCHEME://USER:PASSWORD@HOST:PORT (after ://, USER:PASSWORD@ is allowed)",
        "redis://@h ://@ https://",
        "https://a.example,mods@b.example",
        "(https://a.example);mods@b.example",
        "https://10.0.0.1|mods@b.example",
        "https://[::1],mods@b.example",
        "<https://a.example>|'https://b.example'\"mods@b.example",
    ] {
        assert_eq!(scrub(text), text);
    }
}

/// `,` `;` `)` `'` are legal in a password, and what is before them looks like a server.
#[test]
fn a_password_with_what_ends_a_url_in_a_text_is_not_shown() {
    for url in [
        "https://me:1,geheim@h.example",
        "http://u:2024;geheim@p",
        "https://tok|geheim@h",
        "socks5h://:;geheim@h",
        "http://u:'geheim@h",
        "https://me:1/geheim@h",
        "https://me:geheim,1@h",
        "https://john.doe:1)geheim@h",
        "https://john.doe;geheim:geheim@h",
        "https://me:p@ss.x,geheim@h",
        "https://me:p@ss/geheim@h",
        "https://[x,geheim@h",
        "https://p%2E.x,geheim@h",
        "http://.,geheim@h",
    ] {
        for text in [url.to_owned(), format!("'{url}'"), format!("({url})")] {
            let clean = scrub(&text);
            assert!(!clean.contains("geheim"), "{text}: {clean}");
            assert!(clean.contains("://[redacted]@"), "{text}: {clean}");
        }
    }
}

/// Texts of URLs with logins and of what may stand around them. The second value has
/// the passwords.
fn texts_with_logins() -> impl Strategy<Value = (String, Vec<String>)> {
    let noise = select(vec![
        "redis://",
        "rediss://",
        "https://",
        "://",
        ":",
        "/",
        "@",
        "a",
        "Z9",
        "ü",
        "用户",
        " ",
        ",",
        ")",
        ";",
        "|",
        "<",
        "\"",
        "'",
        "[",
        "]",
        "?",
        "&",
        "[redacted]",
        "https://user:pw@host",
    ]);
    let noise = noise.prop_map(|text| (text.to_owned(), None));
    let login = |schemes: [&'static str; 2], password: &'static str| {
        let parts = (
            select(schemes.to_vec()),
            "[a-z]{0,3}([.][a-z]{2})?",
            password,
        );
        parts.prop_map(|(scheme, user, password)| {
            (format!("{scheme}{user}:{password}@h"), Some(password))
        })
    };
    // `,` `;` `)` `'` `|` may be in any, and what is before them may look like a port.
    let redis = login(["redis://", "REDISS://"], "[A-Z0-9ü用:%,);|<>\"'`]{8,60}");
    let other = login(
        ["https://", "socks5h://"],
        "[0-9]{0,5}[A-Z0-9ü用:%,);|<>\"'`]{8,60}",
    );
    let part = prop_oneof![6 => noise, 1 => redis, 1 => other];
    let parts = proptest::collection::vec(part, 0..12);
    parts.prop_map(|parts| {
        let (texts, passwords): (Vec<String>, Vec<Option<String>>) = parts.into_iter().unzip();
        (texts.concat(), passwords.into_iter().flatten().collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_password_of_a_url_survives((text, passwords) in texts_with_logins()) {
        let clean = scrub(&text);
        for password in passwords {
            prop_assert!(!clean.contains(&password), "{text}: {clean}");
        }
        prop_assert_eq!(scrub(&clean), clean, "{}", text);
    }
}
