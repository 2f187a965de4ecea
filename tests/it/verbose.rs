//! `-v`: the source of every value, and each request without its secrets.

use crate::support::{Done, Home, KEY, OK, Reply, Roomctl, Sandbox, Server, any, has, is, lacks};

const KICK: &str = "-r room-test -u user1 -m spam -v";

/// Five values that each of four sources can give.
const VALUES: [(&str, &str); 5] = [
    ("sdkappid", "--sdkappid"),
    ("identifier", "--identifier"),
    ("expire", "--expire"),
    ("timeout", "--timeout"),
    ("connect_timeout", "--connect-timeout"),
];

/// Each source has its own values, so that they cannot be confused.
fn value(name: &str, place: usize) -> String {
    match name {
        "sdkappid" => format!("100{place}"),
        "identifier" => format!("admin{place}"),
        _ => format!("10{place}s"),
    }
}

fn variable(name: &str) -> String {
    format!("ROOMCTL_{}", name.to_uppercase())
}

fn profile(name: &str, place: usize) -> String {
    let lines = VALUES.map(|(name, _)| {
        let value = value(name, place);
        if name == "sdkappid" {
            format!("{name} = {value}\n")
        } else {
            format!("{name} = \"{value}\"\n")
        }
    });
    format!("[profiles.{name}]\n{}", lines.concat())
}

/// A run with variables, a default profile and another one; and `more`.
fn run(more: impl Fn(Roomctl) -> Roomctl) -> Done {
    let (server, home) = (Server::answering([Reply::json(OK)]), Home::new());
    let (default, other) = (profile("base", 3), profile("other", 4));
    home.config(&format!("default_profile = \"base\"\n{default}{other}"));
    let kick = Roomctl::new("kick").args(KICK).home(&home).secret(KEY);
    let kick = kick.env("ROOMCTL_SECRET_KEY", KEY);
    let kick = kick.env("ROOMCTL_ENDPOINT", server.endpoint());
    more(kick).stdout(any()).stderr(any()).exits(0)
}

fn with_variables(kick: Roomctl) -> Roomctl {
    let set = |kick: Roomctl, (name, _): (&str, &str)| kick.env(&variable(name), value(name, 2));
    VALUES.into_iter().fold(kick, set)
}

/// The line of `-v` about this setting: value and source.
fn reported(done: &Done, name: &str) -> String {
    let start = format!("{name}: ");
    let line = done
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("{name}: {done}")).to_owned()
}

#[test]
fn a_flag_beats_everything() {
    let done = run(|kick| {
        let give = |kick: Roomctl, (name, flag): (&str, &str)| kick.arg(flag).arg(value(name, 1));
        VALUES
            .into_iter()
            .fold(with_variables(kick).args("--profile other"), give)
    });
    for (name, flag) in VALUES {
        assert_eq!(
            reported(&done, name),
            format!("{} (flag {flag})", value(name, 1))
        );
    }
}

#[test]
fn a_profile_named_by_flag_beats_the_environment() {
    let done = run(|kick| with_variables(kick).args("--profile other"));
    for (name, _) in VALUES {
        let reported = reported(&done, name);
        assert!(
            reported.starts_with(&format!("{} (profile other (", value(name, 4))),
            "{reported}"
        );
    }
}

#[test]
fn the_environment_beats_a_profile_of_the_environment_or_the_default() {
    for choose in ["", "other"] {
        let done = run(|kick| with_variables(kick).env("ROOMCTL_PROFILE", choose));
        for (name, _) in VALUES {
            let source = format!("{} (environment {})", value(name, 2), variable(name));
            assert_eq!(reported(&done, name), source);
        }
    }
}

#[test]
fn the_profile_of_the_environment_or_the_default_beats_the_built_in_value() {
    for (choose, name, place) in [("", "base", 3), ("other", "other", 4)] {
        let done = run(|kick| kick.env("ROOMCTL_PROFILE", choose));
        for (setting, _) in VALUES {
            let reported = reported(&done, setting);
            let start = format!("{} (profile {name} (", value(setting, place));
            assert!(
                reported.starts_with(&start) && reported.contains("config.toml:"),
                "{reported}"
            );
        }
    }
}

#[test]
fn an_empty_variable_is_unset_and_the_built_in_value_holds() {
    let done = run(|kick| kick.env("ROOMCTL_TIMEOUT", "").env("ROOMCTL_TLS_ROOTS", ""));
    assert!(reported(&done, "timeout").contains("(profile base"));
    assert_eq!(reported(&done, "tls_roots"), "bundled (built-in default)");
    let sandbox = Sandbox::demo();
    let defaults = [
        "expire: 24h (built-in",
        "timeout: 10s (built-in",
        "connect_timeout: 5s",
    ];
    sandbox
        .kick(KICK)
        .stdout(any())
        .stderr(has(defaults))
        .exits(0);
}

#[test]
fn the_default_region_is_singapore() {
    let plan = |words: &str| {
        let kick = Roomctl::new("kick -n -r r -u u -m x --sdkappid 7 --identifier a");
        kick.env("ROOMCTL_SECRET_KEY", KEY)
            .args(words)
            .stdout(any())
            .exits(0)
            .stdout
    };
    assert!(plan("").contains("https://adminapisgp.im.qcloud.com (built-in default)"));
    assert!(plan("--region china").contains("https://console.tim.qq.com (flag --region)"));
    let kick = Roomctl::new("kick -n -r r -u u -m x --sdkappid 7 --identifier a --region usa");
    let kick = kick
        .env("ROOMCTL_SECRET_KEY", KEY)
        .env("ROOMCTL_ENDPOINT", "https://example.com");
    let flag = has(["https://adminapiusa.im.qcloud.com (flag --region)"]);
    kick.stdout(flag).stdout(lacks(["example.com"])).exits(0);
    let both = plan("--region china --endpoint https://example.com");
    assert!(
        both.contains("https://example.com (flag --endpoint)"),
        "{both}"
    );
}

#[test]
fn each_request_is_shown_without_its_query() {
    let sandbox = Sandbox::demo();
    for verbose in ["-v", "-vv"] {
        let kick = sandbox
            .kick("-r room-test -u nobody -m spam --ignore-absent")
            .arg(verbose);
        let request = format!(
            "POST {}/v4/room_engine_http_srv/kick_user_out",
            sandbox.endpoint()
        );
        let done = kick
            .stdout(any())
            .stderr(has([&request, "100005", "Id-"]))
            .exits(0);
        let line = done
            .stderr
            .lines()
            .find(|line| line.contains(&request))
            .expect("the line");
        for parameter in ["random=", "identifier=", "contenttype=", "usersig="] {
            assert!(!line.contains(parameter), "{line}");
        }
    }
}

#[test]
fn without_v_nothing_of_it_is_shown() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -m spam -q");
    kick.stdout(any()).stderr(is("")).exits(0);
    let kick = sandbox.kick("-r room-test -u user2 -m spam");
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.stderr.lines().count(), 1, "{done}");
}

#[test]
fn quiet_and_verbose_contradict_each_other() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -u user1 -m spam -q -v");
    kick.stderr(has(["--quiet", "--verbose"])).exits(2);
}

/// The lines about the values that are found before all others.
fn found_first(kick: Roomctl) -> String {
    let done = kick.stdout(any()).stderr(any()).exits(0);
    let names = ["config: ", "profile: ", "output: ", "color: "];
    let is_one = |line: &&str| names.iter().any(|name| line.starts_with(name));
    let lines: Vec<&str> = done.stderr.lines().filter(is_one).collect();
    lines.join("\n")
}

#[test]
fn the_source_of_the_configuration_the_profile_and_the_output_is_reported() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let profiles = "default_profile = \"base\"\n[profiles.base]\noutput = \"text\"\n[profiles.b]\n";
    let file = home.config(profiles);
    let kick = || sandbox.kick(KICK).args("--ignore-absent").home(&home);
    let expected = format!(
        "config: {file} (built-in default)\nprofile: base (default_profile in {file})\n\
         output: text (profile base ({file}:3))\ncolor: auto (built-in default)"
    );
    assert_eq!(found_first(kick()), expected);
    let other = home.file_of_mode("other.toml", profiles, 0o600);
    let by_flags = kick()
        .args("--color never --profile b -o text --config")
        .arg(&other);
    let expected = format!(
        "config: {other} (flag --config)\nprofile: b (flag --profile)\n\
         output: text (flag --output)\ncolor: never (flag --color)"
    );
    assert_eq!(found_first(by_flags), expected);
    let by_variables = kick()
        .env("ROOMCTL_CONFIG", &other)
        .env("ROOMCTL_PROFILE", "b")
        .env("ROOMCTL_OUTPUT", "text")
        .env("NO_COLOR", "1");
    let expected = format!(
        "config: {other} (environment ROOMCTL_CONFIG)\nprofile: b (environment ROOMCTL_PROFILE)\n\
         output: text (environment ROOMCTL_OUTPUT)\ncolor: never (environment NO_COLOR)"
    );
    assert_eq!(found_first(by_variables), expected);
    let empty = Home::new();
    let file = empty.path().join(".config/roomctl/config.toml");
    let expected = format!(
        "config: {}, no such file (built-in default)\nprofile: none (built-in default)\n\
         output: text (built-in default)\ncolor: always (environment CLICOLOR_FORCE)",
        file.display()
    );
    let without = sandbox.kick(KICK).args("--ignore-absent").home(&empty);
    let without = without.env("CLICOLOR_FORCE", "1");
    assert_eq!(found_first(without.env_remove("NO_COLOR")), expected);
}
