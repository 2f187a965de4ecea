//! Lists that are packed or of another format: the hint leads to the members, and one
//! cause is one problem.

use crate::support::{Home, Roomctl, Sandbox, any, has};

const KICK: &str = "-r room-test -m x -y --ignore-absent -o json";

#[test]
fn the_hint_of_a_packed_list_reads_it() {
    let table = "room,user\nroom-test,user1\n";
    for (name, content, pack) in [
        ("a.csv.gz", table, "gzip -c"),
        ("a.CSV.bz2", table, "bzip2 -1c"),
        ("a.csv.xz", table, "xz -c"),
        ("a.csv.zst", table, "zstd -qc"),
        ("a.csv.zip", table, "zip -q -"),
        ("a b.jsonl.gz", "{\"Member_Account\":\"user1\"}", "gzip -c"),
        ("a.csv", table, "gzip -c"),
        ("a.gz", "user1\n", "gzip -c"),
    ] {
        let home = Home::new();
        home.file("plain", content);
        let packed = std::process::Command::new("/bin/sh")
            .args(["-c", &format!("{pack} plain > '{name}'")])
            .current_dir(home.path())
            .status();
        if !packed.expect("a shell").success() {
            assert!(!pack.starts_with("gzip"), "gzip is everywhere");
            continue;
        }
        let kick = Sandbox::untouched().kick(KICK).arg("--from").arg(name);
        let error = kick.home(&home).stderr(any()).exits(2).error();
        let error = error.expect("an error");
        let hint = error["error"]["hint"].as_str().expect("a hint");
        let (unpack, rest) = hint.split_once(" | roomctl kick … ").expect(hint);
        let words = rest.split(';').next().unwrap_or_default();
        let sandbox = Sandbox::demo();
        let kick = sandbox.kick(KICK).args(words).home(&home);
        let kick = kick.in_shell(&format!("{unpack} | \"$0\" \"$@\""));
        let done = kick.stdout(any()).stderr(any()).exits(0);
        assert_eq!(done.count("removed"), 1, "{hint}");
    }
}

#[test]
fn the_hint_of_a_packed_list_has_the_given_format_once() {
    let home = Home::new();
    home.file("u.csv", [0x1f, 0x8b, 8, 0]);
    let kick = Sandbox::untouched()
        .kick(KICK)
        .args("--from u.csv --format csv");
    let error = kick.home(&home).stderr(any()).exits(2).error();
    let error = error.expect("an error");
    let hint = error["error"]["hint"].as_str().expect("a hint");
    assert!(
        hint.ends_with("u.csv | roomctl kick \u{2026} --from -"),
        "{hint}"
    );
}

#[test]
fn the_hint_of_a_packed_list_fits_the_command_and_the_file() {
    let packed = "\u{28}\u{b5}/\u{fd}".chars().map(|c| c as u8);
    let packed: Vec<u8> = packed.collect();
    for (name, hint) in [
        (
            "a",
            "zstd -dc a | roomctl sandbox … --rooms -; if it is a table, add --format csv\n",
        ),
        (
            "a.tsv.zst",
            "zstd -dc a.tsv.zst | roomctl sandbox … --rooms - --format tsv\n",
        ),
        ("a.tar.zst", "unpack it first: tar -xf a.tar.zst\n"),
        ("a.TZST", "unpack it first: tar -xf a.TZST\n"),
        ("-", "zstd -dc | roomctl sandbox … --rooms -\n"),
    ] {
        let home = Home::new();
        home.file("a", &packed);
        let run = Roomctl::new("sandbox --rooms").arg(name).args("-- true");
        if name != "-" {
            home.file(name, &packed);
        }
        let run = run.home(&home).stdin(packed.clone());
        run.stderr(has([&*format!("hint: {hint}")])).exits(2);
    }
    // Of a format that is given already, not twice.
    let home = Home::new();
    home.file("a.csv.zst", &packed);
    let run = Roomctl::new("sandbox --rooms a.csv.zst --format csv -- true");
    let hint = "zstd -dc a.csv.zst | roomctl sandbox … --rooms -\n";
    run.home(&home).stderr(has([hint])).exits(2);
}

#[test]
fn names_that_begin_like_another_kind_of_file_are_names() {
    let names = ["PAR1234", "BZh91AY&SY", "Object1", "ORC", "PK", "Rar"];
    for first in names {
        let options = roomctl::sandbox::Options::default();
        let sandbox = Sandbox::with(options.room("odd", names.map(str::to_owned)));
        let kick = sandbox.kick("-r odd -m x -o json --from -");
        let done = kick.stdin(format!("{first}\n")).stdout(any());
        assert_eq!(done.stderr(any()).exits(0).count("removed"), 1, "{first}");
    }
}

#[test]
fn a_row_of_another_format_is_one_problem() {
    for row in [
        "room-test user1",
        "removed\troom-test\tuser1\t0\tId\tOK\t-",
        "room,user\nroom-test,user1",
    ] {
        let kick = Sandbox::untouched().kick("-m x --from -").stdin(row);
        let done = kick.stderr(has(["error: -:1: "])).exits(2);
        assert!(!done.stderr.contains("--room ROOM"), "{done}");
    }
}

/// A name that is cut in two is two other people.
#[test]
fn the_hint_for_a_nul_byte_makes_no_other_names() {
    let names = (0..20_000).map(|n| format!("user{n}\0"));
    let long: String = names.collect();
    for (name, content, members) in [
        ("a", "user1\0user2\0", 2),
        ("a", "user1\0user2\0user3\0user4", 4),
        ("a", &*long, 20_000),
        ("a", "us\0er1\n", 0),
        ("a", "us\0er1", 0),
        ("a", "user1\nus\0er12\0\nuser3\n", 0),
        ("a", "us\0er1\0\nuser3\n", 0),
        ("a.csv", "user\nus\0er1\n", 0),
        ("a.csv", "user\nus\0er1\0\n", 0),
        ("a.csv", "user,reason\nuser1,spam\0flood\n", 0),
        ("a.tsv", "user\treason\nuser1\tspam\0flood\0\n", 0),
        ("a.json", "{\"Member_Account\":\"us\0er1\"}", 0),
        (
            "a.json",
            "{\"Member_Account\":\"user1\",\"Reason\":\"spam\0flood\"}\n",
            0,
        ),
    ] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        home.file(name, content);
        let kick = sandbox.kick(KICK).args("--from").arg(name).home(&home);
        let done = kick.stderr(any()).exits(2);
        let error = done.error().expect("an error");
        let hint = error["error"]["hint"].as_str().expect("a hint");
        if members == 0 {
            assert!(!hint.contains("tr "), "{name} {content:?}: {hint}");
            assert!(hint.contains("by hand"), "{name} {content:?}: {hint}");
            continue;
        }
        let (command, list) = hint.split_once(", then ").expect("a command");
        let run = std::process::Command::new("/bin/sh")
            .args(["-c", command])
            .current_dir(home.path())
            .status();
        assert!(run.expect("a shell").success(), "{command}");
        let list = list.lines().next().expect("words");
        let done = sandbox.kick(KICK).args(list).args("-n").home(&home);
        let plan = done.stdout(any()).exits(0).results();
        assert_eq!(plan[0]["Members"], members, "{hint}");
    }
}
