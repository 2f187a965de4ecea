//! `doctor` opens the audit file that environment or profile name, as a kick does, and
//! leaves no file where none was.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{DoctorReport, Home, Roomctl, Sandbox, any, has, report_skipped};

fn doctor(sandbox: &Sandbox, home: &Home, audit: &str) -> Roomctl {
    let doctor = sandbox.roomctl("doctor").home(home);
    doctor.env("ROOMCTL_AUDIT", audit)
}

/// The names in the folder.
fn names(home: &Home) -> Vec<String> {
    let entries = fs::read_dir(home.path()).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.expect("readable").file_name();
        name.into_string().expect("UTF-8")
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

#[test]
fn an_audit_with_which_kick_fails_is_found_with_its_words_and_exit_7() {
    for audit in [
        "nowhere/a",
        "file/a",
        "folder",
        "folder/",
        "missing/",
        "missing/.",
        "missing/..",
        "to-nowhere",
        "circle",
        "foreign",
        "journal",
        "pipe",
        #[cfg(target_os = "linux")]
        "/dev/full",
        &"n".repeat(256),
    ] {
        let (sandbox, home) = (Sandbox::demo(), Home::new());
        home.file("file", "");
        fs::create_dir(home.path().join("folder")).expect("a folder");
        symlink("nowhere/a", home.path().join("to-nowhere")).expect("a link");
        symlink("circle", home.path().join("circle")).expect("a link");
        home.file("foreign", "user1\n");
        home.file("journal", "{\"Record\":\"journal\"");
        let made = Command::new("mkfifo")
            .arg(home.path().join("pipe"))
            .status();
        assert!(made.expect("mkfifo is there").success());
        let before = names(&home);
        let report = DoctorReport::of_more(doctor(&sandbox, &home, audit), 7, &["audit"]);
        let report = report.only(["skip tls", "fail audit"]);
        assert_eq!(names(&home), before, "{audit}");
        let kick = sandbox.kick("-r room-test -u user1 -m x").home(&home);
        let kick = kick.env("ROOMCTL_AUDIT", audit).args("-o json");
        let kick = kick.stdout(any()).stderr(any()).exits(7);
        let kick = kick.error().expect("an error")["error"].clone();
        let (message, hint) = (kick["message"].as_str(), kick["hint"].as_str());
        let first_cause = message.expect("words");
        assert_eq!(report.link("audit")["Found"], first_cause, "{audit}");
        // Doctor has no flag of that name.
        let of_doctor = "set ROOMCTL_AUDIT, or audit in the profile, to";
        let hint = hint.expect("a hint").replace("give --audit", of_doctor);
        assert_eq!(report.link("audit")["Remedy"], hint, "{audit}");
        assert_eq!(report.link("audit")["ExitCode"], 7);
    }
}

#[test]
fn an_audit_that_does_not_exist_yet_is_not_made() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    symlink("there", home.path().join("link")).expect("a link");
    let longest = "n".repeat(255);
    for audit in ["a", "link", &longest] {
        let report = DoctorReport::of_more(doctor(&sandbox, &home, audit), 0, &["audit"]);
        let report = report.only(["skip tls"]);
        let report = report.found("audit", [audit, "no file yet", "ROOMCTL_AUDIT"]);
        let data = &report.link("audit")["Data"];
        assert_eq!(
            (&data["File"], &data["Exists"]),
            (&audit.into(), &false.into())
        );
        assert_eq!(names(&home), ["link"]);
    }
}

#[test]
fn an_audit_that_exists_stays_as_it_is() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let line = "{\"Time\":\"2026-03-01T02:11:09Z\",\"OsUser\":\"root\"}\n";
    for (text, mode, mark, remedy) in [
        (line, 0o600, "ok", None),
        ("", 0o600, "ok", None),
        (line, 0o644, "warn", Some("chmod 600 a")),
        (
            line.trim_end(),
            0o600,
            "warn",
            Some("the next line begins after it"),
        ),
    ] {
        home.file_of_mode("a", text, mode);
        let report = DoctorReport::of_more(doctor(&sandbox, &home, "a"), 0, &["audit"]);
        let check = report.link("audit");
        assert_eq!(check["Mark"], mark, "{check}");
        let shown = check["Remedy"].as_str().unwrap_or_default();
        assert!(shown.contains(remedy.unwrap_or_default()), "{check}");
        assert_eq!(check["Remedy"].is_null(), remedy.is_none(), "{check}");
        assert_eq!(check["Data"]["Exists"], true);
        let now = fs::read_to_string(home.path().join("a")).expect("there");
        assert_eq!(now, text);
    }
}

/// Settings come before it, and the service after it, as in a kick.
#[test]
fn an_audit_that_cannot_be_written_stops_no_other_check() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let no_key = doctor(&sandbox, &home, "nowhere/a").env_remove("ROOMCTL_SECRET_KEY");
    let report = DoctorReport::of_more(no_key, 3, &["audit"]);
    report.helped("audit", ["a file that can be written"]);
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let wrong = "0".repeat(64);
    let wrong_key = doctor(&sandbox, &home, "nowhere/a").env("ROOMCTL_SECRET_KEY", wrong);
    let report = DoctorReport::of_more(wrong_key, 7, &["audit"]);
    report.only([
        "skip tls",
        "fail api",
        "skip region",
        "skip latency",
        "fail audit",
    ]);
    // The text names what helps.
    let text = doctor(&sandbox, &home, "nowhere/a").stdout(has([
        "fail  audit                 cannot append to the audit nowhere/a: No such file",
        "      what helps: set ROOMCTL_AUDIT, or audit in the profile, to a file that can be",
    ]));
    text.stderr(has(["not ready to kick: audit failed"]))
        .exits(7);
}

#[test]
fn the_audit_of_a_profile_is_found_with_its_line() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.config("default_profile = \"p\"\n[profiles.p]\naudit = \"logs/a\"\n");
    let report = DoctorReport::of_more(sandbox.roomctl("doctor").home(&home), 7, &["audit"]);
    report.found(
        "audit",
        ["cannot append to the audit ", ".config/roomctl/logs/a"],
    );
    fs::create_dir(home.path().join(".config/roomctl/logs")).expect("a folder");
    let report = DoctorReport::of_more(sandbox.roomctl("doctor").home(&home), 0, &["audit"]);
    report.found(
        "audit",
        [".config/roomctl/logs/a (no file yet), profile p (line 3)"],
    );
}

/// A disk that is full, one that is read-only, a folder of somebody else.
#[test]
fn the_disk_of_the_audit_is_checked() {
    let mount = "mount -t tmpfs -o size=8k none small";
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!("mkdir small && {mount}");
    let mut made = Command::new("unshare");
    made.args(["--mount", "sh", "-c", &script]);
    let made = made.current_dir(folder.path()).output();
    if !made.is_ok_and(|made| made.status.success()) {
        report_skipped("the_disk_of_the_audit_is_checked needs root, to mount a small disk");
        return;
    }
    for (change, words, exit) in [
        (
            "dd if=/dev/zero of=small/rest bs=4096 2>&-",
            ["No space", "free some space"],
            7,
        ),
        (
            "mount -o remount,ro small",
            ["Read-only file system", "can be written"],
            7,
        ),
        ("chmod 700 small", ["no file yet", ""], 0),
    ] {
        let (sandbox, home) = (Sandbox::demo(), Home::new());
        fs::create_dir(home.path().join("small")).expect("a folder");
        let run = format!(
            "{mount} || exit 99; {change}; ls -a small >before; \"$0\" \"$@\"; code=$?; ls -a small | cmp before - >&2 || exit 98; exit $code"
        );
        home.file("run", run);
        let doctor = doctor(&sandbox, &home, "small/a");
        let doctor = doctor.in_shell("exec unshare --mount sh -c \"$(cat run)\" \"$0\" \"$@\"");
        doctor.stdout(has(words)).stderr(any()).exits(exit);
    }
}
