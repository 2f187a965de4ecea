//! `doctor` with a broken configuration file or value. Checks that do not
//! depend on it still run; no secret is shown.

use crate::support::{DeadPort, DoctorReport, Home, KEY, Roomctl, Sandbox, any, lacks};

/// Every check that depends on the configuration file.
const BEHIND_CONFIG: [&str; 16] = [
    "fail config",
    "skip sdkappid",
    "skip identifier",
    "skip credential",
    "skip endpoint",
    "skip trust",
    "skip proxy",
    "skip timeouts",
    "skip signature",
    "skip resolve",
    "skip tcp",
    "skip tls",
    "skip api",
    "skip clock",
    "skip region",
    "skip latency",
];

/// With a sandbox that must get no request.
fn untouched_sandbox() -> (Sandbox, Home) {
    (Sandbox::untouched(), Home::new())
}

#[test]
fn a_named_file_that_does_not_exist() {
    let (sandbox, home) = untouched_sandbox();
    let doctor = sandbox.roomctl("doctor --config nowhere.toml").home(&home);
    let chain = DoctorReport::of(doctor, 3).only(BEHIND_CONFIG);
    let chain = chain.found("config", ["--config: nowhere.toml cannot be read"]);
    chain.helped("config", ["--config /dev/null"]);
}

#[test]
fn a_file_with_a_mistake_in_it() {
    let (sandbox, home) = untouched_sandbox();
    home.config("[profiles.p]\nregoin = \"usa\"\n");
    let chain = DoctorReport::of(sandbox.roomctl("doctor").home(&home), 3).only(BEHIND_CONFIG);
    chain.found("config", ["config.toml:2", "regoin"]);
}

#[test]
fn a_profile_that_does_not_exist() {
    let (sandbox, home) = untouched_sandbox();
    home.config("[profiles.prod]\n");
    let doctor = sandbox.roomctl("doctor --profile prdo").home(&home);
    let chain = DoctorReport::of(doctor, 3).only(BEHIND_CONFIG);
    chain.helped("config", ["prod"]);
}

#[test]
fn a_secret_in_a_file_that_others_can_read() {
    let (sandbox, home) = untouched_sandbox();
    let toml = format!("[profiles.p]\nsecret_key = \"{KEY}\"\n");
    home.file_of_mode(".config/roomctl/config.toml", toml, 0o644);
    let doctor = sandbox.roomctl("doctor").home(&home).secret(KEY);
    let chain = DoctorReport::of(doctor, 3).only(BEHIND_CONFIG);
    let chain = chain.found("config", ["mode 0644"]);
    chain.helped("config", ["chmod 600 "]);
}

#[test]
fn a_file_that_others_can_write_is_refused_with_its_chmod() {
    let (sandbox, home) = untouched_sandbox();
    home.file_of_mode(".config/roomctl/config.toml", "[profiles.p]\n", 0o664);
    let doctor = sandbox.roomctl("doctor").home(&home);
    let chain = DoctorReport::of(doctor, 3).only(BEHIND_CONFIG);
    let chain = chain.found("config", ["mode 0664"]);
    chain.helped("config", ["chmod go-w ", "config.toml"]);
}

#[test]
fn the_profile_is_reported_with_its_source() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.config("default_profile = \"a\"\n[profiles.a]\n[profiles.b]\n[profiles.c]\n");
    let doctor = |words: &str| sandbox.roomctl("doctor").args(words).home(&home);
    let message = ["(mode 0600)", "profile a (by default_profile)"];
    DoctorReport::of(doctor(""), 0).found("config", message);
    let by_variable = doctor("").env("ROOMCTL_PROFILE", "b");
    DoctorReport::of(by_variable, 0).found("config", ["profile b (by ROOMCTL_PROFILE)"]);
    DoctorReport::of(doctor("--profile c"), 0).found("config", ["profile c (by --profile)"]);
}

#[test]
fn every_missing_value_is_reported_and_the_network_is_still_tested() {
    let (sandbox, home) = untouched_sandbox();
    let doctor = Roomctl::new("doctor").home(&home);
    let doctor = doctor.env("ROOMCTL_ENDPOINT", sandbox.endpoint());
    let chain = DoctorReport::of(doctor, 3);
    let missing = [
        "fail sdkappid",
        "fail identifier",
        "fail credential",
        "skip signature",
    ];
    let chain = chain.with_no_call(&missing);
    let chain = chain.found("signature", ["needs sdkappid, identifier, credential"]);
    let chain = chain.found("api", ["needs sdkappid, identifier, credential"]);
    let chain = chain.found("tcp", ["connected to 127.0.0.1:"]);
    for (name, variable) in [
        ("sdkappid", "ROOMCTL_SDKAPPID"),
        ("identifier", "ROOMCTL_IDENTIFIER"),
        ("credential", "ROOMCTL_SECRET_KEY_FILE"),
    ] {
        let remedy = chain.link(name)["Remedy"].as_str().expect("a remedy");
        assert!(remedy.contains(variable), "{remedy}");
    }
}

#[test]
fn one_value_that_is_missing_or_wrong() {
    for (name, value, message) in [
        ("SDKAPPID", "", "is missing"),
        ("SDKAPPID", "seven", "not a valid SDKAppID"),
        ("IDENTIFIER", "a\u{e4}", "printable ASCII"),
    ] {
        let (sandbox, home) = untouched_sandbox();
        let doctor = sandbox.roomctl("doctor").home(&home);
        let doctor = doctor.env(&format!("ROOMCTL_{name}"), value);
        let chain = DoctorReport::of(doctor, 3);
        let link = name.to_lowercase();
        let broken = format!("fail {link}");
        let chain = chain.with_no_call(&[&broken, "skip signature"]);
        chain.found(&link, [message]).helped(&link, [" "]);
    }
}

#[test]
fn a_value_of_the_connection_that_cannot_be_used() {
    for (name, value, link, skipped) in [
        (
            "REGION",
            "mars",
            "endpoint",
            vec!["skip proxy", "skip resolve", "skip tcp"],
        ),
        (
            "TIMEOUT",
            "0s",
            "timeouts",
            vec!["skip signature", "skip resolve", "skip tcp"],
        ),
        ("CA_FILE", "/nowhere.pem", "trust", vec![]),
    ] {
        let (sandbox, home) = untouched_sandbox();
        let doctor = sandbox.roomctl("doctor").home(&home);
        let doctor = match name {
            "REGION" => doctor.env_remove("ROOMCTL_ENDPOINT"),
            _ => doctor,
        };
        let chain = DoctorReport::of(doctor.env(&format!("ROOMCTL_{name}"), value), 3);
        let broken = format!("fail {link}");
        let expected = [vec![&*broken], skipped].concat();
        let chain = chain.with_no_call(&expected);
        chain.helped(link, [" "]);
    }
}

/// Values that the profile `p` cannot have, or that no kick can run with; at least one of
/// each key.
const BAD_VALUES: [(&str, &[&str]); 22] = [
    ("sdkappid", &["0", "\"7\"", "4294967296"]),
    ("identifier", &["\"\u{e4}\"", "\"\""]),
    ("secret_key", &["\"\"", "\"***\""]),
    ("secret_key_file", &["\"/nowhere\""]),
    ("secret_key_command", &["[\"false\"]", "[]"]),
    ("usersig", &["\"eJx\""]),
    ("usersig_file", &["\"/nowhere\""]),
    ("region", &["\"mars\""]),
    ("endpoint", &["\"http://h.example\"", "\"https://\""]),
    ("ca_file", &["\"/nowhere.pem\"", "\"/dev/null\""]),
    ("tls_roots", &["\"all\""]),
    ("expire", &["\"0s\"", "\"1\""]),
    ("timeout", &["\"0s\"", "\"soon\""]),
    ("connect_timeout", &["\"-1s\""]),
    ("output", &["\"yaml\""]),
    ("reason", &["\"\"", "7"]),
    ("rate", &["0", "201"]),
    ("rate_scope", &["\"hosts\"", "\"redis://\""]),
    ("max_members", &["-1"]),
    ("protect", &["[\"mod-1,mod-2\"]", "[\"host-*\", \"[ab]*\"]"]),
    ("confirm", &["\"yes\""]),
    ("check_room", &["\"sometimes\""]),
];

#[test]
fn doctor_fails_for_every_value_of_a_profile_with_which_kick_does() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let unknown = "[profiles.p]\nunheard-of = 1\n";
    home.config(unknown);
    let list = Roomctl::new("profile list").home(&home).stdout(any());
    let hint = list.stderr(any()).exits(3).stderr;
    let names = hint.split("there are: ").nth(1).expect("the keys");
    let audit = ["\"\"", "\"CONFIG\""];
    let all = BAD_VALUES.into_iter().chain([("audit", &audit[..])]);
    let mut keys: Vec<&str> = names.split([',', ' ', '\n']).collect();
    keys.retain(|key| !key.is_empty());
    assert_eq!(keys.len(), all.clone().count(), "{keys:?}");
    for (key, values) in all {
        assert!(keys.contains(&key), "{key}");
        for value in values {
            let path = home.path().join(".config/roomctl/config.toml");
            let value = value.replace("CONFIG", path.to_str().expect("UTF-8"));
            home.config(&format!("[profiles.p]\n{key} = {value}\n"));
            let run = |words: &str| {
                let run = sandbox.roomctl(words).home(&home).args("--profile p");
                let run = match key {
                    "region" => run.env_remove("ROOMCTL_ENDPOINT"),
                    _ => run,
                };
                run.stdout(any()).stderr(any())
            };
            let exit = if key == "audit" && value.len() > 2 {
                2
            } else {
                3
            };
            let kick = run("kick -r room-test -u user1");
            let kick = if key == "reason" {
                kick
            } else {
                kick.args("-m x")
            };
            kick.exits(exit);
            let doctor = run("doctor").stderr(lacks(["ready to kick;", "note: ready"]));
            doctor.exits(exit);
        }
    }
}

#[test]
fn a_pattern_that_protects_nobody_is_found_with_its_line_and_remedy() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.config("[profiles.p]\nprotect = [\"mod-1,mod-2\"]\n");
    let doctor = sandbox.roomctl("doctor").home(&home);
    let report = DoctorReport::of(doctor.env("ROOMCTL_PROFILE", "p"), 3);
    let report = report.only(["fail config", "skip tls"]);
    let report = report.found("config", ["config.toml:2", "mod-1,mod-2"]);
    report.helped("config", ["one pattern for each name"]);
}

#[test]
fn a_sandbox_run_with_an_endpoint_of_another_machine_is_refused() {
    let port = DeadPort::refusing();
    let doctor = Roomctl::new("doctor --sdkappid 7 --identifier a --region usa");
    let doctor = doctor
        .env("ROOMCTL_SECRET_KEY", KEY)
        .env("ROOMCTL_SANDBOX", "1");
    let doctor = doctor.env("HTTPS_PROXY", port.endpoint("http"));
    let chain = DoctorReport::of(doctor.secret(KEY), 3);
    let chain = chain.found("endpoint", ["ROOMCTL_SANDBOX is set"]);
    chain
        .found("resolve", ["needs endpoint"])
        .found("tcp", ["needs endpoint"]);
}

#[test]
fn no_output_shows_a_secret() {
    let sandbox = Sandbox::demo();
    let doctor = sandbox.roomctl("doctor -vv").stdout(lacks([sandbox.key()]));
    let sig = sandbox.usersig(86_400);
    let doctor = doctor.stderr(lacks([sandbox.key()]));
    doctor.exits(0);
    let doctor = sandbox
        .roomctl("doctor -vv")
        .env_remove("ROOMCTL_SECRET_KEY");
    let doctor = doctor.env("ROOMCTL_USERSIG", &*sig).secret(&*sig);
    doctor.stdout(any()).stderr(any()).exits(0);
}
