//! Values as people paste them: with white space around them, in quotes, as a
//! placeholder, masked, or another kind of secret. They are read as meant, or
//! refused with what they are and what to do, from every source, and no secret is
//! shown.

use roomctl::secret::SecretKey;
use roomctl::usersig::{Claims, sign};

use crate::support::{Home, KEY, Roomctl, Sandbox, any, has, packed};

const KICK: &str = "-r room-test -u user1 -m spam";

/// Where a secret can be given, and the exit code for a wrong one.
const SOURCES: [(&str, i32); 6] = [
    ("flag", 2),
    ("variable", 3),
    ("profile", 3),
    ("file", 3),
    ("stdin", 3),
    ("command", 3),
];

/// A text as a string of TOML.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

/// A kick with this text as the key or (`usersig`) the signature.
fn kick(sandbox: &Sandbox, home: &Home, name: &str, source: &str, text: &str) -> Roomctl {
    let kick = sandbox.kick(KICK).env_remove("ROOMCTL_SECRET_KEY");
    let (flag, key) = (format!("--{name}"), name.replace('-', "_"));
    match source {
        "flag" => kick.arg(flag).arg(text),
        "variable" => kick.env(&format!("ROOMCTL_{}", key.to_uppercase()), text),
        "file" => kick
            .arg(format!("{flag}-file"))
            .arg(home.file("secret", text)),
        "stdin" => kick.arg(format!("{flag}-file")).arg("-").stdin(text),
        "profile" => {
            home.config(&format!("[profiles.p]\n{key} = {}\n", quoted(text)));
            kick.home(home).args("--profile p")
        }
        _ => {
            let file = home.file("secret", text);
            home.config(&format!(
                "[profiles.p]\nsecret_key_command = [\"/bin/cat\", \"{file}\"]\n"
            ));
            kick.home(home).args("--profile p")
        }
    }
}

fn usersig(sandbox: &Sandbox) -> String {
    let claims = Claims {
        identifier: "administrator".into(),
        sdkappid: sandbox.sdkappid(),
        time: roomctl::clock::unix_seconds(std::time::SystemTime::now()),
        expire: 3600,
        userbuf: None,
    };
    let sig = sign(&claims, &SecretKey::new(sandbox.key()));
    sig.expose().to_owned()
}

/// A signature of the time before HMAC.
fn version_1() -> String {
    packed(br#"{"TLS.account_type":"0","TLS.identifier":"administrator","TLS.appid_at_3rd":"0","TLS.sdk_appid":"7","TLS.expire_after":"86400","TLS.version":"201512300000","TLS.sig":"MEUCIQ=="}"#)
}

#[test]
fn white_space_around_a_secret_is_removed_whatever_the_source() {
    let home = Home::new();
    for (source, _) in SOURCES {
        let sandbox = Sandbox::demo();
        let text = format!("\u{feff}\u{a0} {}\t\u{200b}\r\n", sandbox.key());
        let kick = kick(&sandbox, &home, "secret-key", source, &text).secret(sandbox.key());
        let warning = has(["1 removed"]);
        let done = kick.stdout(has(["removed user1"])).stderr(warning).exits(0);
        assert!(!done.stderr.contains("64 lower-case"), "{source}: {done}");
        if source != "command" {
            let sandbox = Sandbox::demo();
            let sig = usersig(&sandbox);
            let text = format!("\u{a0}{sig}\u{200b} \n");
            let kick = self::kick(&sandbox, &home, "usersig", source, &text).secret(&sig);
            kick.stdout(has(["removed user1"])).stderr(any()).exits(0);
        }
    }
}

#[test]
fn what_is_not_the_key_is_named_with_its_remedy_whatever_the_source() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let base64 =
        "NWJkMjg1MGZmZjNlY2IxMWQ3YzgwNTI1MWM1MWVlNDYzYTI1NzI3YmRkYzIzODVmM2ZhOGJmZWUxYmI5M2I1ZQ==";
    let sig = usersig(&sandbox);
    for (text, what, remedy) in [
        (format!("\"{KEY}\""), "is in quotes", "remove the quotes"),
        (format!("'{KEY}'\n"), "is in quotes", "remove the quotes"),
        (format!("TRTC_KEY={KEY}"), "NAME=VALUE", "remove the name"),
        (
            format!("export K=\"{KEY}\""),
            "in quotes",
            "remove the quotes",
        ),
        (format!("key: {KEY}"), "NAME=VALUE", "remove the name"),
        (base64.into(), "is base64", "base64 -d"),
        (
            "${{ secrets.TRTC_KEY }}".into(),
            "placeholder",
            "does not replace variables",
        ),
        (
            "$TRTC_KEY".into(),
            "placeholder",
            "does not replace variables",
        ),
        ("***".into(), "is masked", "TRTC console"),
        ("<your key>".into(), "from an example", "TRTC console"),
        ("changeme".into(), "from an example", "TRTC console"),
        (
            format!("https://h/v4/x?sdkappid=7&usersig={sig}&random=1"),
            "with a UserSig in it",
            "--usersig-file",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMIGH\n".into(),
            "PEM",
            "HMAC-SHA256",
        ),
        (format!("{{\"key\": \"{KEY}\"}}"), "is JSON", "jq -r"),
        (sig.clone(), "is a UserSig", "--usersig-file"),
        (
            "/run/secrets/trtc".into(),
            "is a file name",
            "--secret-key-file",
        ),
        (
            "op://vault/trtc/key".into(),
            "secret store",
            "secret_key_command",
        ),
        (
            format!("{} {}", &KEY[..32], &KEY[32..]),
            "blank",
            "64 hex digits",
        ),
        (
            format!("{}\u{200b}{}", &KEY[..32], &KEY[32..]),
            "not ASCII",
            "64 hex digits",
        ),
    ] {
        for (source, code) in SOURCES {
            let kick = kick(&sandbox, &home, "secret-key", source, &text);
            let kick = kick.secret(KEY).secret(&sig).secret(base64);
            let reported = has(["error: ", what, "hint: ", remedy]);
            let done = kick.stderr(reported).exits(code);
            assert!(!done.stderr.contains("TRTC_KEY"), "{source}: {done}");
        }
    }
}

#[test]
fn what_is_not_the_usersig_is_named_with_its_remedy_whatever_the_source() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let sig = usersig(&sandbox);
    for (text, what, remedy) in [
        (format!("\"{sig}\""), "is in quotes", "remove the quotes"),
        (
            format!("ROOMCTL_USERSIG={sig}"),
            "NAME=VALUE",
            "remove the name",
        ),
        (format!("usersig={sig}"), "NAME=VALUE", "remove the name"),
        (
            format!("https://h/v4/x?sdkappid=7&usersig={sig}&random=1"),
            "with a UserSig in it",
            "usersig=",
        ),
        ("${USERSIG}".into(), "placeholder", "replace variables"),
        ("***".into(), "is masked", "usersig sign"),
        ("YOUR_USERSIG".into(), "from an example", "usersig sign"),
        (KEY.into(), "is a secret key", "--secret-key-file"),
        (format!("{{\"UserSig\": \"{sig}\"}}"), "is JSON", "jq -r"),
        (
            "-----BEGIN CERTIFICATE-----\nMIGH\n".into(),
            "PEM",
            "usersig sign",
        ),
        (
            sig.replace('*', "%2A").replace('_', "%5F") + "%5F",
            "percent-encoded",
            "%2A",
        ),
        (version_1(), "version 1", "usersig sign"),
        (format!("{sig}{sig}"), "twice", "once"),
    ] {
        for (source, _) in &SOURCES[..5] {
            let kick = kick(&sandbox, &home, "usersig", source, &text);
            let kick = kick.secret(KEY).secret(&sig);
            let reported = has(["error: ", what, "hint: ", remedy]);
            kick.stderr(reported).exits(3);
        }
    }
}

#[test]
fn values_that_are_not_secret_are_trimmed_and_an_empty_one_is_unset() {
    let home = Home::new();
    let app = |sandbox: &Sandbox| format!(" {}\u{a0}\n", sandbox.sdkappid());
    let sandbox = Sandbox::demo();
    let kick = sandbox
        .kick(KICK)
        .env("ROOMCTL_ENDPOINT", format!("{}\n", sandbox.endpoint()))
        .env("ROOMCTL_IDENTIFIER", " administrator\u{200b}\r\n")
        .env("ROOMCTL_SDKAPPID", app(&sandbox))
        .env("ROOMCTL_TIMEOUT", "5s\n")
        .env("ROOMCTL_OUTPUT", " JSON ")
        .env("ROOMCTL_REGION", " \u{a0}\n")
        .env("ROOMCTL_USERSIG", "\n")
        .env("ROOMCTL_PROFILE", " ");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.result()["Outcome"], "removed");

    let sandbox = Sandbox::demo();
    let kick = sandbox.kick(KICK).arg("--sdkappid").arg(app(&sandbox));
    let kick = kick.arg("--identifier").arg("\tadministrator ");
    let kick = kick
        .arg("--endpoint")
        .arg(format!(" {} ", sandbox.endpoint()));
    kick.stdout(has(["removed user1"])).stderr(any()).exits(0);

    let sandbox = Sandbox::demo();
    home.config(&format!(
        "default_profile = \"p \"\n[profiles.p]\nendpoint = \"{} \"\nidentifier = \" administrator\"\n\
         reason = \"spam \"\nprotect = [\"host-* \"]\n",
        sandbox.endpoint()
    ));
    let run = || {
        let kick = Roomctl::new("kick -r room-test").home(&home);
        kick.env("ROOMCTL_SDKAPPID", app(&sandbox))
            .env("ROOMCTL_SECRET_KEY", sandbox.key())
    };
    run().args("-u host-1").stderr(has(["host-*"])).exits(2);
    run().args("-u user1").stdout(any()).stderr(any()).exits(0);

    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick(KICK).env_remove("ROOMCTL_ENDPOINT").arg("-n");
    for region in [" USA ", "Usa\n", "usa\u{a0}"] {
        let kick = kick_region(&sandbox, region);
        kick.stdout(any()).stderr(has(["adminapiusa"])).exits(0);
    }
    let kick = kick.env("ROOMCTL_SECRET_KEY", " \n");
    kick.stdout(any()).stderr(any()).ends(&[0, 3]);
}

fn kick_region(sandbox: &Sandbox, region: &str) -> Roomctl {
    let kick = sandbox
        .kick(KICK)
        .env_remove("ROOMCTL_ENDPOINT")
        .args("-n -v");
    kick.env_remove("ROOMCTL_SANDBOX")
        .arg("--region")
        .arg(region)
}

#[test]
fn quotes_and_placeholders_in_any_value_are_refused() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    for (name, text, what) in [
        ("identifier", "\"administrator\"", "is in quotes"),
        ("identifier", "'administrator'", "is in quotes"),
        ("identifier", "${{ vars.ADMIN }}", "placeholder"),
        ("identifier", "$ADMIN", "placeholder"),
        ("identifier", "<admin>", "placeholder"),
        ("identifier", "***", "masked"),
        ("identifier", "ROOMCTL_IDENTIFIER=a", "name in front"),
        ("region", "region=usa", "name in front"),
        ("region", "\"usa\"", "is in quotes"),
        ("endpoint", "\"https://console.tim.qq.com\"", "is in quotes"),
        ("endpoint", "https://${HOST}", "placeholder"),
        ("timeout", "'5s'", "is in quotes"),
        ("ca-file", "\"/etc/ca.pem\"", "is in quotes"),
        ("secret-key-file", "$HOME/key", "placeholder"),
        ("secret-key-file", "'/etc/key'", "is in quotes"),
        ("sdkappid", "\"1400000001\"", "is in quotes"),
    ] {
        let (flag, key) = (format!("--{name}"), name.replace('-', "_"));
        let variable = format!("ROOMCTL_{}", key.to_uppercase());
        let free = || match name {
            "secret-key-file" => sandbox.kick(KICK).env_remove("ROOMCTL_SECRET_KEY"),
            "region" => sandbox.kick(KICK).env_remove("ROOMCTL_ENDPOINT"),
            _ => sandbox.kick(KICK),
        };
        let kick = free().arg(&flag).arg(text);
        kick.stderr(has([&flag, what, "hint: "])).exits(2);
        let kick = free().env(&variable, text);
        kick.stderr(has([&variable, what, "hint: "])).exits(3);
        if name != "sdkappid" {
            home.config(&format!("[profiles.p]\n{key} = {}\n", quoted(text)));
            let kick = free().home(&home).args("--profile p");
            kick.stderr(has(["config.toml:2: ", &key, what])).exits(3);
        }
    }
}

#[test]
fn a_number_with_separators_and_an_endpoint_with_more_than_a_host_are_corrected() {
    let sandbox = Sandbox::untouched();
    for text in [
        "1,400,000,001",
        "1 400 000 001",
        "1_400_000_001",
        "1.400.000.001",
        "1\u{a0}400\u{a0}000\u{a0}001",
    ] {
        let kick = sandbox.kick(KICK).arg("--sdkappid").arg(text);
        kick.stderr(has(["--sdkappid", "without separators: 1400000001"]))
            .exits(2);
        let kick = sandbox.kick(KICK).env("ROOMCTL_SDKAPPID", text);
        kick.stderr(has(["without separators: 1400000001"]))
            .exits(3);
    }
    for (text, meant) in [
        ("console.tim.qq.com", "https://console.tim.qq.com?"),
        (
            "console.tim.qq.com:8443",
            "https://console.tim.qq.com:8443?",
        ),
        (
            "https://console.tim.qq.com/v4/",
            "https://console.tim.qq.com?",
        ),
        ("https://h.example/v4?usersig=x", "https://h.example?"),
        ("http://h.example", "https://h.example?"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080?"),
        ("singapore", "--region singapore?"),
        ("USA", "--region usa?"),
    ] {
        let kick = sandbox.kick(KICK).arg("--endpoint").arg(text);
        kick.stderr(has(["--endpoint", &format!("did you mean {meant}")]))
            .exits(2);
        let kick = sandbox.kick(KICK).env("ROOMCTL_ENDPOINT", text);
        kick.stderr(has(["ROOMCTL_ENDPOINT", &format!("did you mean {meant}")]))
            .exits(3);
    }
}
