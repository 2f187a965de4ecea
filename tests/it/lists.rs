//! `--from`: every format, everything that can be wrong with a list; with any
//! problem nothing is sent.

use crate::support::{Done, Home, Roomctl, Sandbox, any, has, is};

/// Kicks from this list, given by stdin.
fn from_stdin(sandbox: &Sandbox, words: &str, list: impl Into<Vec<u8>>) -> Roomctl {
    let kick = sandbox.kick("-m spam -o json --from -").args(words);
    kick.stdin(list)
}

fn users(done: &Done) -> Vec<String> {
    done.members()
        .into_iter()
        .map(|(_, user, _)| user)
        .collect()
}

/// This list is refused with exit 2 and these texts.
fn refuses<const N: usize>(words: &str, list: impl Into<Vec<u8>>, message: [&str; N]) {
    let sandbox = Sandbox::untouched();
    let kick = from_stdin(&sandbox, words, list);
    kick.stderr(has(message))
        .stderr(has(["\"ExitCode\":2"]))
        .exits(2);
}

#[test]
fn every_format_names_the_same_members() {
    let (csv, tsv) = (
        "room,user\nroom-test,user1\n,user2\n",
        "user\troom\nuser1\troom-test\nuser2\t\n",
    );
    let ndjson = "{\"RoomId\":\"room-test\",\"Member_Account\":\"user1\"}\n{\"MemberList_Account\":[\"user2\"],\"x\":1}\n";
    for (format, list) in [
        ("lines", "# spam\nuser1\n\nuser2\n"),
        ("csv", csv),
        ("tsv", tsv),
        ("ndjson", ndjson),
        ("json", ndjson),
        ("json", "[{\"Member_Account\": \"user1\"},\n\"user2\"]"),
    ] {
        let sandbox = Sandbox::demo();
        let words = format!("-r room-test --format {format}");
        let done = from_stdin(&sandbox, &words, list)
            .stdout(any())
            .stderr(any())
            .exits(0);
        assert_eq!(users(&done), ["user1", "user2"], "{format}");
        assert_eq!(sandbox.batches(), [2], "{format}");
    }
}

#[test]
fn a_bom_and_crlf_change_nothing() {
    for (format, list) in [
        ("lines", "\u{feff}user1\r\nuser2\r\n"),
        ("csv", "\u{feff}user,room\r\nuser1,\r\n\"user2\",room-test"),
        (
            "tsv",
            "\u{feff}user\troom\r\nuser1\t\r\nuser2\troom-test\r\n",
        ),
        (
            "ndjson",
            "\u{feff}{\"Member_Account\":\"user1\"}\r\n{\"Member_Account\":\"user2\"}\r\n",
        ),
    ] {
        let sandbox = Sandbox::demo();
        let words = format!("-r room-test --format {format}");
        let done = from_stdin(&sandbox, &words, list)
            .stdout(any())
            .stderr(any())
            .exits(0);
        assert_eq!(users(&done), ["user1", "user2"], "{format}");
    }
}

#[test]
fn several_lists_of_different_formats_make_one_plan() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file("a.csv", "Member_Account,Reason\nuser1,other\nuser2,\n");
    home.file("b.TSV", "user\troom\nuser3\troom-test\n");
    home.file(
        "c.jsonl",
        "{\"MemberList_Account\":[\"user4\",\"user5\"]}\n",
    );
    home.file("d", "{\"Member_Account\":\"user6\"}\n");
    home.file("e.txt", "user7\nuser2\n");
    let words = "-u user8 -f a.csv -f b.TSV -f c.jsonl -f d -f e.txt -r room-test";
    let kick = from_stdin(&sandbox, words, "user9\n").home(&home);
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("removed"), 9);
    let sizes: Vec<usize> = sandbox.batches();
    assert_eq!(sizes.iter().sum::<usize>(), 9, "user2 only once");
    assert_eq!(sizes.len(), 2, "one of another reason");
}

#[test]
fn the_results_of_one_run_are_the_list_of_another() {
    let sandbox = Sandbox::demo();
    let list = "user,room,reason\nuser1,room-test,because\nnobody,room-test,\nuser2,nowhere,\n";
    let first = from_stdin(&sandbox, "--format csv", list)
        .stdout(any())
        .stderr(any())
        .exits(6);
    let again = sandbox
        .kick("-o json --ignore-absent --from -")
        .stdin(first.stdout.clone());
    let second = again.stdout(any()).stderr(any()).exits(1);
    let reasons = |done: &Done| {
        let results = done.results().into_iter();
        let mut all: Vec<_> = results
            .map(|r| (r["MemberList_Account"].to_string(), r["Reason"].to_string()))
            .collect();
        all.sort();
        all
    };
    assert_eq!(reasons(&first), reasons(&second));
    let only: String = first
        .stdout
        .lines()
        .filter(|line| line.contains("\"refused\""))
        .collect();
    let plan = sandbox.kick("-o json --dry-run --from -").stdin(only);
    let plan = plan.stdout(any()).exits(0).result();
    assert_eq!((&plan["Members"], &plan["Rooms"]), (&1.into(), &1.into()));
}

#[test]
fn all_bad_rows_are_reported_together_by_file_and_line() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.file(
        "a.csv",
        format!("room,user\nr,\nr,{}\nr\nr,u,\n\"r,u\n", "u".repeat(33)),
    );
    home.file(
        "b.ndjson",
        "{\"Member_Account\":7}\n8\n{}\n{\"RoomId\":\"\u{623f}\",\"Member_Account\":\"u\"}\nno\n",
    );
    home.file("c.txt", "ok\nbad \nb\u{e4}d\n");
    let kick = sandbox
        .kick("-m spam -r r -f a.csv -f b.ndjson -f c.txt")
        .home(&home);
    kick.stderr(has([
        "12 problems",
        "a.csv:2: has no user",
        "a.csv:3: user",
        "33 of 32 bytes",
    ]))
    .stderr(has([
        "a.csv:4: has the wrong number of cells: 1 instead of 2",
        "a.csv:5: has the wrong number of cells: 3 instead of 2",
    ]))
    .stderr(has([
        "a.csv:6: a quote is opened",
        "b.ndjson:1: ",
        "b.ndjson:2: 8 is not a JSON object",
    ]))
    .stderr(has([
        "b.ndjson:3: has no member",
        "b.ndjson:4: room",
        "b.ndjson:5: no is not a JSON object",
    ]))
    .stderr(has([
        "c.txt:2: user \"bad \" ends with a blank",
        "c.txt:3: user",
    ]))
    .exits(2);
}

#[test]
fn the_same_problem_of_many_rows_is_one_line_with_a_count() {
    let list = "good\n".to_owned() + &"bad \n".repeat(5000);
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-m spam -r r --from -").stdin(list);
    let done = kick
        .stderr(has([
            "error: -:2: user \"bad \"",
            "(and 4,999 more rows: 3, 4, 5, \u{2026})",
        ]))
        .exits(2);
    assert_eq!(done.stderr.lines().count(), 2, "{done}");
}

#[test]
fn invalid_utf8_is_a_bad_row() {
    refuses(
        "-r r --format lines",
        b"good\n\xff\xfe\nb\0d\n",
        [
            "2 problems",
            "-:2: is not UTF-8",
            "-:3: has a NUL",
            "iconv -f GB18030 -t UTF-8",
        ],
    );
    refuses(
        "-r r --format csv",
        b"user\ng\xe9ant\n",
        ["-:2: is not UTF-8"],
    );
    refuses(
        "-r r --format ndjson",
        b"{\"Member_Account\":\"\xff\"}\n",
        ["-:1: is not UTF-8"],
    );
    // UTF-16 without a byte order mark.
    refuses("-r r", b"u\0\n\0", ["-:1: has a NUL", "UTF-16"]);
}

#[test]
fn a_row_without_room_or_reason_is_reported_with_the_missing_flag() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox
        .kick("--format csv -f -")
        .stdin("user,room,reason\na,,x\nb,r,\n");
    kick.stderr(has([
        "-:2: has no room",
        "--room ROOM",
        "-:3: has no reason",
        "--reason",
    ]))
    .exits(2);
}

#[test]
fn the_length_limit_of_a_reason_holds_in_every_format() {
    let long = "\u{e9}".repeat(501);
    let message = ["1002 of 1000 bytes"];
    refuses(
        "-r r --format csv",
        format!("user,reason\nu,{long}\n"),
        message,
    );
    refuses(
        "-r r --format ndjson",
        format!("{{\"Member_Account\":\"u\",\"Reason\":\"{long}\"}}\n"),
        message,
    );
}

#[test]
fn stdin_is_for_one_reader_and_a_table_is_not_read_as_lines() {
    refuses("-r r --from -", "u\n", ["both want standard input"]);
    let sandbox = Sandbox::untouched();
    let kick =
        from_stdin(&sandbox, "-r r --secret-key-file -", "u\n").env_remove("ROOMCTL_SECRET_KEY");
    kick.stderr(has(["--secret-key-file", "--from", "standard input"]))
        .exits(2);
    refuses(
        "-r r",
        "room,user\nr,u\n",
        ["-:1: looks like CSV: --format csv"],
    );
    refuses(
        "-r r",
        "user\treason\nu\tx\n",
        ["-:1: looks like TSV: --format tsv"],
    );
}

#[test]
fn a_format_or_columns_without_a_list_are_problems() {
    let sandbox = Sandbox::untouched();
    let kick = |words: &str| sandbox.kick("-m spam -r r").args(words);
    kick("-u u --format csv")
        .stderr(has(["--format", "none is given with --from"]))
        .exits(2);
    kick("-u u --columns user")
        .stderr(has(["--columns", "none is given with --from"]))
        .exits(2);
    refuses("-r r --columns user", "u\n", ["no list is known to be one"]);
    refuses(
        "-r r --format csv --columns usr",
        "u\n",
        ["usr", "not one of user, room, reason"],
    );
    refuses(
        "-r r --format csv --columns room,reason",
        "r,x\n",
        ["--columns"],
    );
    refuses(
        "-r r --format csv --columns user,user",
        "u,u\n",
        ["two columns hold the user"],
    );
    refuses(
        "-r r --format csv --columns room,user",
        "room,user\nr,u\n",
        ["-:1: is a header"],
    );
    refuses(
        "-r r --format csv",
        "name,room\nu,r\n",
        ["-:1: no column is named user"],
    );
    kick("-f x.csv --format xml")
        .stderr(has(["xml", "lines, csv, tsv, json"]))
        .exits(2);
}

#[test]
fn columns_name_the_cells_of_a_table_without_a_header() {
    let sandbox = Sandbox::demo();
    let words = "--format csv --columns -,user,room,reason";
    let list = "1,user1,room-test,a\n2,user2,room-test,\n";
    let done = from_stdin(&sandbox, words, list)
        .stdout(any())
        .stderr(any())
        .exits(0);
    // Two reasons are two requests, and either may be answered first.
    let mut named = users(&done);
    named.sort();
    assert_eq!(named, ["user1", "user2"]);
    let results = done.results();
    let mut reasons: Vec<_> = results.iter().map(|r| r["Reason"].as_str()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, [Some("a"), Some("spam")]);
}

#[test]
fn a_list_that_cannot_be_read_is_reported_by_name() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let kick = |words: &str| sandbox.kick("-m spam -r r").args(words).home(&home);
    kick("-f nowhere.csv -f elsewhere")
        .stderr(has(["nowhere.csv", "elsewhere", "2 problems"]))
        .exits(2);
    kick("-f .")
        .stderr(has(["--from .: is a directory", "name a file"]))
        .exits(2);
}

#[test]
fn a_list_without_members_is_exit_0_and_sends_nothing() {
    let sandbox = Sandbox::untouched();
    for list in ["", "\n\n", "# nobody\n", "\u{feff}"] {
        let kick = sandbox.kick("-m spam -r r --from -").stdin(list);
        kick.stderr(is("nothing to do\n")).exits(0);
    }
    let done = from_stdin(&sandbox, "--format csv", "user,room\n")
        .stderr(any())
        .exits(0);
    assert_eq!((done.count("removed"), done.count("Requests")), (0, 0));
}
