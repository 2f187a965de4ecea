//! `--dry-run` shows the plan and opens no socket.

use crate::support::{Home, KEY, Roomctl, UntouchedPort, any, has, is, lacks};

/// A dry run with the endpoint of a port that must not be connected to.
fn dry_run(dead_port: &UntouchedPort, words: &str) -> Roomctl {
    Roomctl::new("kick --dry-run")
        .args(words)
        .env("ROOMCTL_ENDPOINT", dead_port.endpoint())
        .env("ROOMCTL_SDKAPPID", "1400000007")
        .env("ROOMCTL_IDENTIFIER", "administrator")
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY)
}

#[test]
fn text_shows_the_plan_and_where_credentials_come_from() {
    let dead_port = UntouchedPort::new();
    let run = dry_run(&dead_port, "-r a -r b -u x -u y -u x -m spam");
    let done = run
        .stdout(has([
            "rooms:",
            "members:",
            "duplicates:",
            "requests:",
            "least time:",
        ]))
        .stdout(has([
            "1400000007",
            "environment ROOMCTL_SDKAPPID",
            "administrator",
        ]))
        .stdout(has([
            "environment ROOMCTL_SECRET_KEY",
            &dead_port.endpoint(),
        ]))
        .exits(0);
    let number = |name: &str| {
        let line = done.stdout.lines().find_map(|line| line.strip_prefix(name));
        line.expect(name).trim().to_owned()
    };
    assert_eq!(number("rooms:"), "2");
    assert_eq!(number("members:"), "4");
    assert_eq!(number("duplicates:"), "2");
    assert_eq!(number("requests:"), "2");
}

#[test]
fn json_is_one_object_with_the_contracts_keys() {
    let dead_port = UntouchedPort::new();
    let run = dry_run(&dead_port, "-r a -m spam -o json").many("-u", "u", 41);
    let plan = run.stdout(any()).exits(0).result();
    let keys: Vec<&String> = plan.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        ["Rooms", "Members", "Duplicates", "Requests", "LeastSeconds"]
    );
    assert_eq!((&plan["Rooms"], &plan["Members"]), (&1.into(), &41.into()));
    assert_eq!(
        (&plan["Duplicates"], &plan["Requests"]),
        (&0.into(), &3.into())
    );
    assert!(
        plan["LeastSeconds"]
            .as_f64()
            .is_some_and(|s| s > 0.0 && s < 1.0)
    );
}

#[test]
fn the_least_time_follows_the_rate() {
    let dead_port = UntouchedPort::new();
    let run = dry_run(&dead_port, "-r a -r b -r c -u x -m spam -o json --rate 1");
    let plan = run.stdout(any()).exits(0).result();
    assert_eq!(plan["LeastSeconds"].as_f64(), Some(2.0), "{plan}");
    let run = dry_run(&dead_port, "-r a -u x -m spam -o json --rate 1");
    let plan = run.stdout(any()).exits(0).result();
    assert_eq!(plan["LeastSeconds"].as_f64(), Some(0.0), "{plan}");
}

#[test]
fn missing_credentials_are_exit_3() {
    let dead_port = UntouchedPort::new();
    let run = dry_run(&dead_port, "-r a -u x -m spam").env_remove("ROOMCTL_SECRET_KEY");
    run.stderr(has(["secret key", "--secret-key-file"]))
        .exits(3);
}

#[test]
fn problems_of_the_input_are_found_as_in_a_real_run() {
    let dead_port = UntouchedPort::new();
    dry_run(&dead_port, "-r a -u administrator -m spam")
        .stderr(has(["administrator"]))
        .exits(2);
    dry_run(&dead_port, "-r a -u x")
        .stderr(has(["reason"]))
        .exits(2);
}

#[test]
fn a_key_command_is_not_run() {
    let (dead_port, home) = (UntouchedPort::new(), Home::new());
    let trace = home.path().join("trace").display().to_string();
    let profile =
        format!("[profiles.p]\nsecret_key_command = [\"/bin/sh\", \"-c\", \"touch {trace}\"]\n");
    home.config(&profile);
    let run = dry_run(&dead_port, "-r a -u x -m spam --profile p").home(&home);
    run.stdout(has(["/bin/sh", "profile p"])).exits(0);
    assert!(!std::path::Path::new(&trace).exists());
}

#[test]
fn with_sandbox_no_server_is_started() {
    let run = Roomctl::new("kick --sandbox -n -r room-test -u user1 -m spam");
    let done = run
        .stdout(has(["members:"]))
        .stdout(lacks(["removed"]))
        .stderr(any())
        .exits(0);
    assert!(done.stderr.contains("sandbox"), "{done}");
    let run = Roomctl::new("kick --sandbox -q -n -r room-test -u user1 -m spam");
    run.stdout(any()).stderr(is("")).exits(0);
}

#[test]
fn a_reason_with_a_url_and_an_address_behind_a_comma_is_shown_as_it_is_sent() {
    let reason = "see https://a.example,mods@b.example";
    let dead_port = UntouchedPort::new();
    let run = dry_run(&dead_port, "-r a -u x -m").arg(reason);
    run.stdout(has([reason])).exits(0);
}
