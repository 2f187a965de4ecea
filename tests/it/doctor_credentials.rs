//! `doctor` with a problem in the key or the signature that shows on this
//! machine. The network is still tested.

use std::time::SystemTime;

use roomctl::clock::unix_seconds;

use crate::support::{DoctorReport, Home, KEY, Sandbox, claims, old, signed};

/// With a sandbox that must get no request.
fn untouched_sandbox() -> (Sandbox, Home) {
    (Sandbox::untouched(), Home::new())
}

#[test]
fn each_unusable_credential_is_reported() {
    let home = Home::new();
    let exposed = home.file_of_mode("exposed.key", KEY, 0o640);
    let pem = "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----";
    for (variable, value, message, remedy) in [
        ("SECRET_KEY", pem, "PEM", "HMAC-SHA256"),
        ("SECRET_KEY", "a\nb", "line break", "64 hex digits"),
        ("SECRET_KEY_FILE", &*exposed, "mode 0640", "chmod 600 "),
        ("USERSIG", "eJx-cut", "not a UserSig", "usersig sign"),
    ] {
        let sandbox = Sandbox::untouched();
        let doctor = sandbox.roomctl("doctor").home(&home).secret(KEY);
        let doctor = doctor.env_remove("ROOMCTL_SECRET_KEY");
        let doctor = doctor.env(&format!("ROOMCTL_{variable}"), value);
        let chain = DoctorReport::of(doctor, 3);
        let broken = ["fail credential", "skip signature"];
        let chain = chain.with_no_call(&broken);
        chain
            .found("credential", [message])
            .helped("credential", [remedy]);
    }
}

#[test]
fn two_credentials_in_one_source() {
    let (sandbox, home) = untouched_sandbox();
    let file = home.file("other.key", KEY);
    let doctor = sandbox.roomctl("doctor").home(&home);
    let chain = DoctorReport::of(doctor.env("ROOMCTL_SECRET_KEY_FILE", file), 3);
    let chain = chain.with_no_call(&["fail credential", "skip signature"]);
    let both = ["ROOMCTL_SECRET_KEY and ROOMCTL_SECRET_KEY_FILE"];
    chain
        .found("credential", both)
        .helped("credential", ["remove all but one"]);
}

#[test]
fn app_and_key_from_two_sources_are_reported_without_a_warning() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let app = sandbox.sdkappid();
    home.config(&format!(
        "default_profile = \"p\"\n[profiles.p]\nsdkappid = {app}\n"
    ));
    let doctor = sandbox.roomctl("doctor").home(&home);
    let chain = DoctorReport::of(doctor.env_remove("ROOMCTL_SDKAPPID"), 0).only(["skip tls"]);
    chain.found("signature", ["come from different places"]);
}

#[test]
fn a_key_of_an_unusual_form_is_a_warning_until_it_is_rejected() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let doctor = sandbox.roomctl("doctor").home(&home);
    let doctor = doctor
        .env("ROOMCTL_SECRET_KEY", "odd-canary")
        .secret("odd-canary");
    let chain = DoctorReport::of(doctor, 4);
    let expected = [
        "warn credential",
        "skip tls",
        "fail api",
        "skip region",
        "skip latency",
    ];
    let chain = chain.only(expected);
    let chain = chain.found("credential", ["10 characters", "64 lower-case hex digits"]);
    chain.helped("credential", ["copy all of it"]);
}

#[test]
fn a_key_on_the_command_line_is_a_warning() {
    let sandbox = Sandbox::demo();
    let doctor = sandbox.roomctl("doctor --secret-key").arg(sandbox.key());
    let chain = DoctorReport::of(doctor, 0).only(["warn credential", "skip tls"]);
    chain.helped("credential", ["use --secret-key-file"]);
}

#[test]
fn a_key_command_is_run_and_its_failure_reported() {
    let home = Home::new();
    let profile = |script: &str| {
        home.config(&format!(
            "default_profile = \"p\"\n[profiles.p]\nsecret_key_command = [\"sh\", \"-c\", '{script}']\n"
        ))
    };
    let sandbox = Sandbox::demo();
    profile(&format!("echo {}", sandbox.key()));
    let doctor = sandbox.roomctl("doctor").env_remove("ROOMCTL_SECRET_KEY");
    DoctorReport::of(doctor.home(&home), 0).only(["skip tls"]);
    let sandbox = Sandbox::untouched();
    profile("exit 3");
    let doctor = sandbox.roomctl("doctor").env_remove("ROOMCTL_SECRET_KEY");
    let chain = DoctorReport::of(doctor.home(&home), 3);
    let chain = chain.with_no_call(&["fail credential", "skip signature"]);
    chain
        .found("credential", ["sh failed"])
        .helped("credential", ["by hand"]);
}

#[test]
fn a_ready_made_signature_is_checked_before_any_call() {
    let now = unix_seconds(SystemTime::now());
    let another = signed(&claims(now));
    for (sig, message, remedy) in [
        (old(), "expired at 2023", "usersig sign"),
        (
            another,
            "for the SDKAppID 1400000007",
            "--sdkappid 1400000007",
        ),
    ] {
        let (sandbox, home) = untouched_sandbox();
        let doctor = sandbox.roomctl("doctor").home(&home).secret(&*sig);
        let doctor = doctor.env_remove("ROOMCTL_SECRET_KEY");
        let doctor = doctor.env("ROOMCTL_USERSIG", &*sig);
        let doctor = match message {
            "expired at 2023" => doctor.env("ROOMCTL_SDKAPPID", "1400000007"),
            _ => doctor,
        };
        let chain = DoctorReport::of(doctor, 3);
        let chain = chain.with_no_call(&["fail signature"]);
        chain
            .found("signature", [message])
            .helped("signature", [remedy]);
    }
}

#[test]
fn a_ready_made_signature_that_ends_within_the_hour_is_a_warning() {
    let sandbox = Sandbox::demo();
    for (life, expected) in [(3500, "warn signature"), (4000, "skip tls")] {
        let doctor = sandbox.roomctl("doctor").env_remove("ROOMCTL_SECRET_KEY");
        let doctor = doctor.env("ROOMCTL_USERSIG", sandbox.usersig(life));
        let chain = DoctorReport::of(doctor, 0);
        assert_eq!(chain.not_ok()[0], expected);
        chain.found(
            "signature",
            ["ready-made for administrator", "good until 20"],
        );
    }
}
