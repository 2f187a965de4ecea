//! What people bring from spreadsheets, databases, `jq`, scripts and chats: a list
//! is read as it was meant. What cannot be meant is refused; see `list_refusals`.

use crate::support::{Home, Roomctl, Sandbox, any, has};

const KICK: &str = "-r room-test -m x -y --ignore-absent -o json";

/// The members that this file's kick removes.
fn removed(name: &str, content: impl AsRef<[u8]>, words: &str) -> Vec<String> {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let file = home.path().join(name);
    std::fs::write(&file, content).expect("a file");
    let kick = sandbox.kick(KICK).args(words).arg("--from").arg(name);
    let done = kick.home(&home).stdout(any()).stderr(any()).exits(0);
    let removed = done.members().into_iter();
    let removed = removed.filter(|(_, _, outcome)| outcome == "removed");
    removed.map(|(_, user, _)| user).collect()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

#[test]
fn every_way_to_write_the_same_list_removes_the_same_members() {
    let results = "{\"RoomId\":\"room-test\",\"MemberList_Account\":[\"user1\",\"user2\"],\"ActionStatus\":null,\"Outcome\":\"unsent\"}";
    let tabs = "room\tuser\r\nroom-test\tuser1\r\nroom-test\tuser2\r\n";
    for (name, content, words) in [
        ("a.json", "[\"user1\",\"user2\"]".as_bytes().to_vec(), ""),
        ("a", b" \n[\n \"user1\",\n \"user2\"\n]\n".to_vec(), ""),
        ("a.txt", b"\"user1\"\n\"user2\"".to_vec(), "--format json"),
        (
            "a.json",
            b"[{\"Member_Account\":\"user1\"},\"user2\"]".to_vec(),
            "",
        ),
        ("a.ndjson", results.into(), ""),
        (
            "a.jsonl",
            format!("{{\n\"Member_Account\"\n:\n\"user1\"}}{results}").into(),
            "--format ndjson",
        ),
        (
            "a.json",
            utf16("[\"user1\",\"user2\"]", u16::to_le_bytes),
            "",
        ),
        (
            "a.csv",
            b"room;user\nroom-test;user1\nroom-test;user2\n".to_vec(),
            "",
        ),
        (
            "a.csv",
            b"sep=;\r\nuser;room\r\nuser1;room-test\r\nuser2;\r\n".to_vec(),
            "",
        ),
        (
            "a.csv",
            b"\xef\xbb\xbf\"user\";\"note\"\n\"user1\";\"1,5\"\nuser2;\n".to_vec(),
            "",
        ),
        ("a.csv", tabs.into(), ""),
        ("a.txt", utf16(tabs, u16::to_le_bytes), "--format csv"),
        ("a.tsv", utf16(tabs, u16::to_be_bytes), ""),
        ("a.txt", utf16("user1\r\nuser2\r\n", u16::to_be_bytes), ""),
        (
            "a.csv",
            b"room|user\nroom-test|user1\n|user2\n".to_vec(),
            "--delimiter |",
        ),
        (
            "a.csv",
            b"user1:room-test\nuser2:\n".to_vec(),
            "--delimiter : --columns user,room",
        ),
        (
            "a.csv",
            b"user1;room-test\nuser2;\n".to_vec(),
            "--columns user,room",
        ),
        (
            "a.tsv",
            b"user,room\nuser1,\nuser2,\n".to_vec(),
            "--delimiter ,",
        ),
        (
            "a.csv",
            b"user\troom\nuser1\t\nuser2\t\n".to_vec(),
            "--delimiter tab",
        ),
    ] {
        let users = removed(name, &content, words);
        assert_eq!(
            users,
            ["user1", "user2"],
            "{name} {}",
            String::from_utf8_lossy(&content)
        );
    }
}

#[test]
fn results_feed_back_also_through_jq() {
    let sandbox = Sandbox::demo();
    let first = sandbox.kick("-r room-test -u nobody -u nowho -m x -o json");
    let results = first.stdout(any()).stderr(any()).exits(1).stdout;
    let values: Vec<serde_json::Value> = results
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let pretty = |value: &serde_json::Value| serde_json::to_string_pretty(value).expect("JSON");
    let each: String = values.iter().map(pretty).collect();
    for list in [results, each, pretty(&serde_json::Value::Array(values))] {
        let kick = sandbox.kick("-n -o json --from -").stdin(list.clone());
        let plan = kick.stdout(any()).stderr(any()).exits(0).result();
        assert_eq!(plan["Members"], 2, "{list}");
    }
}

#[test]
fn names_that_look_like_something_else_can_be_written_in_json() {
    let names = [
        "a,b", "\"q\"", " blank ", "null", "user_id", "1.2E+11", "[x]", "@alice", "a b",
    ];
    let list = serde_json::to_string(&names).expect("JSON");
    let options = roomctl::sandbox::Options::default().room("odd", names.map(str::to_owned));
    let sandbox = Sandbox::with(options);
    let kick = sandbox.kick("-r odd -m x -o json --from -").stdin(list);
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("removed"), names.len() as u64);
}

#[test]
fn every_problem_of_a_row_is_reported_in_one_run() {
    let list = format!("room,user,reason\n\u{623f},user1 ,{}\n", "x".repeat(1001));
    let kick = Sandbox::untouched();
    let kick = kick.kick("--format csv --from -").stdin(list);
    kick.stderr(has([
        "3 problems",
        "-:2: room",
        "-:2: user",
        "-:2: reason: 1001 of 1000",
    ]))
    .exits(2);
    let sandbox = Sandbox::untouched();
    let kick = sandbox
        .kick("--format csv --from -")
        .stdin("user\n,\nadministrator\nb \n");
    kick.stderr(has([
        "-:3: user \"administrator\" is the calling",
        "-:3: has no room",
        "-:3: has no reason",
        "-:4: has no room",
    ]))
    .exits(2);
}

#[test]
fn the_same_problem_of_3000_rows_is_one_line() {
    for row in ["\"user1\"\n", "user1,\n", "r,user1\n", "#N/A\n"] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r r -m x --from -").stdin(row.repeat(3000));
        let done = kick.stderr(has(["-:1: ", "2,999 more rows"])).exits(2);
        assert_eq!(done.stderr.lines().count(), 2, "{done}");
    }
}

#[test]
fn flags_are_checked_as_lists_are() {
    for (flag, value, message, hint) in [
        ("--user", "a,b", "has a comma inside", "--user a --user b"),
        ("--user", "user92 ", "ends with a blank", "--user user92"),
        ("--user", "\"user1\"", "quote", "--user user1"),
        ("--user", "[\"a\"]", "begins with [", "--user a"),
        ("--user", "null", "missing value", "--user NAME"),
        ("--room", "r,s", "has a comma inside", "--room r --room s"),
        ("--room", " r", "begins with a blank", "--room r"),
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox
            .kick("-r room-test -u user1 -m x")
            .arg(flag)
            .arg(value);
        kick.stderr(has([flag, message, hint])).exits(2);
    }
}

#[test]
fn a_user_by_flag_may_look_odd_and_gets_a_warning_where_a_list_would_refuse_it() {
    let dry_run = |name: &str| {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m x -n").arg("--user").arg(name);
        (sandbox, kick.stdout(has(["members:    1\n"])))
    };
    for name in ["name", "-alice", "o'neil"] {
        let (_sandbox, kick) = dry_run(name);
        kick.exits(0);
    }
    for name in [
        "a b", "<b>", "(vip)", "@alice", "user=x", "- x", "a|b", "user*", "x:",
    ] {
        let (_sandbox, kick) = dry_run(name);
        let warning = format!("warning: --user {name:?} ");
        kick.stderr(has([&warning, ", and is taken as one UserID\n"]))
            .exits(0);
    }
}

#[test]
fn a_delimiter_must_be_one_character_and_needs_a_table() {
    let sandbox = Sandbox::untouched();
    let kick = |words: &str| sandbox.kick("-r r -m x").args(words);
    kick("--from a.csv --delimiter ;;")
        .stderr(has(["--delimiter \";;\": is not one ASCII character"]))
        .exits(2);
    kick("--from a.json --delimiter ;")
        .stderr(has(["--delimiter", "no list is known to be one"]))
        .exits(2);
    kick("-u a --delimiter ;")
        .stderr(has(["--delimiter is about lists"]))
        .exits(2);
}

#[test]
fn endless_and_closed_inputs_end_at_once() {
    let sandbox = Sandbox::untouched();
    for format in ["lines", "csv", "json"] {
        let kick = sandbox
            .kick("-r r -m x --from /dev/zero --format")
            .arg(format);
        kick.stderr(has(["/dev/zero:1: ", "without an end"]))
            .exits(2);
    }
    let endless = sandbox.kick("-r r -m x --from -");
    let endless =
        endless.in_shell("{ printf '{\"x\":\"'; tr '\\0' x < /dev/zero; } | \"$0\" \"$@\"");
    endless.stderr(has(["-:1: ", "without an end"])).exits(2);
    let closed = sandbox
        .kick("-r r -m x --from -")
        .in_shell("exec \"$0\" \"$@\" <&-");
    closed
        .stderr(has(["--from -: standard input is closed", "hint: "]))
        .exits(2);
    // As Python's subprocess.DEVNULL, which looks the same.
    let both = sandbox
        .kick("-r r -m x --from -")
        .in_shell("exec \"$0\" \"$@\" 0<>/dev/null");
    both.stderr(has([
        "closed, or is /dev/null opened for reading and writing",
        "for no input at all: < /dev/null",
    ]))
    .exits(2);
    let empty = sandbox
        .kick("-r r -m x --from -")
        .in_shell("exec \"$0\" \"$@\" </dev/null");
    empty.stderr(has(["nothing to do"])).exits(0);
}

/// The object names another room than the one that is given for rows without a room.
#[test]
fn a_stream_removes_nobody_who_stands_in_a_broken_object() {
    let object = "{\n\"RoomId\": \"room-b\"\n\"MemberList_Account\": [\n\"user2\",\n\"user3\"\n],\n\"Reason\": \"x\"\n}\n";
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("--stream --from - --format json -r room-test -m x -o json");
    let kick = kick.stdin(format!("{object}{{\"Member_Account\":\"user1\"}}\n"));
    let done = kick.stdout(any()).stderr(has(["-:1: "])).exits(6);
    assert_eq!((done.count("removed"), done.count("refused")), (1, 1));
}

#[test]
fn a_stream_refuses_such_rows_and_goes_on() {
    let sandbox = Sandbox::demo();
    let feed = "user\nuser1\n\"user2\"\nuser3 \nroom-test,user4\n[\"user5\"]\nuser6\n";
    let kick = sandbox
        .kick("-r room-test -m x -o json --stream --from -")
        .stdin(feed);
    let kick = kick.stderr(has(["-:1: ", "-:3: ", "-:4: ", "-:5: ", "-:6: "]));
    let done = kick.stdout(any()).exits(6);
    assert_eq!((done.count("removed"), done.count("refused")), (2, 5));
    let sandbox = Sandbox::demo();
    let feed = "{\"Member_Account\":\"user1\"}\n{\"Member_Account\":\"us\n{\"user\":\"user3\"}\n{\"Member_Account\":\"user4\"}\n";
    let kick = sandbox
        .kick("-r room-test -m x -o json --stream --from -")
        .stdin(feed);
    let done = kick.stdout(any()).stderr(has(["-:2: ", "-:3: "])).exits(6);
    assert_eq!((done.count("removed"), done.count("refused")), (2, 2));
}

#[test]
fn the_sandbox_refuses_the_lists_that_kick_refuses() {
    for (name, content, message) in [
        ("a.csv", "room,user\nr,a \nr,\"b,c\"\n", "a.csv:3: "),
        ("a", "\"a\"\n", "a:1: "),
        ("a.json", "[\"a\",", "a.json:1: "),
        ("a.xlsx", "PK\u{3}\u{4}", "is a workbook"),
    ] {
        let home = Home::new();
        home.file(name, content);
        let run = Roomctl::new("sandbox --rooms").arg(name).args("-- true");
        run.home(&home).stderr(has([message, "hint: "])).exits(2);
    }
    let home = Home::new();
    home.file(
        "a.json",
        "[{\"RoomId\":\"r\",\"Member_Account\":\"a\"},\"b\"]",
    );
    let run = Roomctl::new("sandbox --rooms a.json -- true").home(&home);
    run.exits(0);
}
