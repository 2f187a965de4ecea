//! Texts that do not look like a `UserID`, as spreadsheets, databases, programs and
//! chats write them: with `--ignore-absent` each would be a false success. And texts
//! that do.

use crate::support::{Home, Sandbox, any, has};

/// Lists of one user that is not named as it should be, or with more than names.
const EXPORTS: &[&str] = &[
    // Spreadsheets.
    "01-Mar",
    "Jan-03",
    "2026/01/03",
    "2026-03-01 00:00:00",
    "12:30:00 PM",
    "44927.5",
    "1.234.567",
    "1 234 567",
    "#N/V",
    "#DIV/0!",
    "Err:508",
    "TRUE",
    "WAHR",
    "=A1",
    "12%",
    // jq, mysql, psql, sqlite, redis, mongo.
    "\"user1\" \"user2\"",
    "'user1' 'user2'",
    "Member_Account: user1",
    "room-test\\tuser1",
    "+---------+\n| user1   |\n+---------+",
    "*************** 1. row ***************\nuser_id: user1",
    " user_id \n---------\n user1\n(1 row)",
    "user1|room-test",
    "user_id = user1",
    "INSERT INTO t VALUES('user1');",
    "ObjectId('507f191e810c19729de860ea')",
    "1) \"user1\"",
    "user1\nNULL",
    "n/a",
    // Chats and logs.
    "[12:01] user1: hello",
    "user1: hello",
    "<user1> hello",
    "* user1 has joined",
    "user1 joined",
    "<@U024BE7LH>",
    "@bob",
    "bob#1234: spam",
    "**user1**",
    "2026-03-01T02:11:09Z user1",
    "INFO kicked user1",
    "log.txt:12:user1",
    "GET /users/user1 HTTP/1.1",
    // YAML, ini, toml, shells, Python, Go, Java, templates.
    "users:\n  - user1",
    "- user1",
    "1. user1",
    "user1: {room: a}",
    "user1:",
    "[users]\nuser1=1",
    "users = [\"user1\"]",
    "USERS=(user1 user2)",
    "declare -a users=([0]=\"user1\")",
    "USER_ID=user1",
    "export USER=user1",
    "user{1..3}",
    "$USER",
    "${USER}",
    "user1\\n",
    "user1 \\",
    "['user1']",
    "('user1', 'user2')",
    "b'user1'",
    "User(id='user1')",
    "&{user1 room-test}",
    "map[user:user1]",
    "%!s(int=5)",
    "{{ user }}",
    "%USER%",
    "<%= user %>",
    "*user*",
    "^user1$",
    "\\.",
    // XML, HTML, addresses, phone numbers.
    "<user>user1</user>",
    "user1<br>",
    "user1&nbsp;",
    "user1%20",
    "https://example.com/u/user1",
    "Alice <a@b.c>",
    "mailto:x@y.z",
    "+86 138 0013 8000",
    "(555) 123-4567",
    "user1(muted)",
    "user1 # spam",
    "user1\u{200b}",
    "\u{1b}[31muser1\u{1b}[0m",
    "-",
    "...",
];

#[test]
fn what_does_not_look_like_a_user_id_is_never_sent() {
    for (name, head) in [("a", ""), ("a.csv", "user\n"), ("a.tsv", "user\n")] {
        let sandbox = Sandbox::untouched();
        for export in EXPORTS {
            let home = Home::new();
            home.file(name, format!("{head}{export}\n"));
            let kick = sandbox.kick("-r room-test -m x -y --ignore-absent --from");
            let done = kick.arg(name).home(&home).stderr(any()).exits(2);
            assert!(done.stderr.contains("\nhint: "), "{export}: {done}");
        }
    }
}

#[test]
fn a_stream_sends_only_what_looks_like_a_user_id() {
    for (format, head) in [("lines", ""), ("csv", "user\n")] {
        let sandbox = Sandbox::demo();
        let feed = EXPORTS.join("\n");
        let kick = sandbox.kick("-r room-test -m x --ignore-absent -o json --stream --from -");
        let kick = kick.args("--format").arg(format);
        let done = kick
            .stdin(format!("{head}user1\n{feed}\nuser2\n"))
            .stdout(any())
            .stderr(any())
            .exits(6);
        let mut sent: Vec<String> = done
            .members()
            .into_iter()
            .map(|(_, user, _)| user)
            .collect();
        sent.sort();
        sent.dedup();
        assert_eq!(sent, ["user1", "user2"], "{format}");
    }
}

#[test]
fn numbers_that_a_spreadsheet_rounded_are_refused() {
    let numbers = "144115198371610000\n144115198371620000\n";
    for (format, head) in [("lines", ""), ("csv", "user\n")] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m x -y --ignore-absent --from - --format");
        kick.arg(format)
            .stdin(format!("{head}{numbers}"))
            .stderr(has(["a spreadsheet has rounded them", "formatted as text"]))
            .exits(2);
    }
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -m x -n -o json --from -");
    let done = kick.stdin(format!("{numbers}144115198371610486\n"));
    assert_eq!(done.stdout(any()).exits(0).result()["Members"], 3);
}

#[test]
fn reasons_that_stand_for_a_missing_value_are_refused() {
    for reason in ["#N/A", "NULL", "null", "#REF!", "Err:502", "(null)", "n/a"] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -y --format csv --from -");
        kick.stdin(format!("user,reason\nuser1,{reason}\n"))
            .stderr(has(["-:2: reason", "missing value", "--reason TEXT"]))
            .exits(2);
    }
}

#[test]
fn user_ids_as_applications_make_them_are_accepted() {
    let names = [
        "user@example.com",
        "first.last+tag@example.com",
        "123e4567e89b12d3a456426614174000",
        "3f2b8c1e-9d4a-4f6b-8a7c",
        "dXNlcjE=",
        "1B2M2Y8AsgTpgAmY7PhCfg==",
        "tenant:123",
        "a.b-c_d",
        "user+1",
        "+8613800138000",
        "144115198371610486",
        "12345678901234567890123456789012",
        "user#1234",
        "x/y",
        "@RBT#001",
        "@TGS#2J4SZEAEL",
        "o'neil",
        "-alice",
        "10.0.0.1",
        "AT&T",
        "~x",
        "a!b",
        "guest7",
        "00123",
    ];
    for (format, head) in [("lines", ""), ("csv", "user\n"), ("tsv", "user\n")] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m x -n -o json --from - --format");
        let list = format!("{head}{}\n", names.join("\n"));
        let done = kick.arg(format).stdin(list).stdout(any()).exits(0);
        assert_eq!(done.result()["Members"], names.len(), "{format}");
    }
}

#[test]
fn flags_refuse_what_no_shell_has_replaced() {
    for (flag, value, message) in [
        ("--user", "$USER", "no shell has replaced"),
        ("--user", "${{ inputs.user }}", "no shell has replaced"),
        ("--user", "user1%20", "percent-encoded"),
        ("--user", "user1\\n", "escaped line end"),
        ("--user", "user{1..3}", "in braces"),
        ("--room", "$ROOM", "no shell has replaced"),
        ("--room", "room%201", "percent-encoded"),
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -u user1 -m x");
        kick.arg(flag)
            .arg(value)
            .stderr(has([flag, message, "hint: "]))
            .exits(2);
    }
    for name in [
        "a b",
        "<b>",
        "@x",
        "CORP\\user1",
        "2026-03-01",
        "nil",
        "x(1)",
        "a=b",
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m x -n").arg("--user").arg(name);
        let kick = kick.stderr(has(["warning: --user", "is taken as one UserID\n"]));
        kick.stdout(has(["members:    1\n"])).exits(0);
    }
}

#[test]
fn no_row_is_lost_in_a_quoted_cell() {
    let rows: Vec<String> = (2..60).map(|n| format!("user{n},x")).collect();
    let rows = rows.join("\n");
    let swallowed = format!("user,reason\nuser1,\"start\n{rows}\nuser60,end\"\n");
    for (name, list, why) in [
        (
            "a.tsv",
            "user\treason\nuser1\t\"\nuser2\t\"\nuser3\tx\n",
            "a.tsv:2: a quote is opened here",
        ),
        (
            "a.csv",
            &swallowed,
            "a.csv:2: the cell whose quote is opened here",
        ),
        (
            "b.csv",
            "reason,user\n\"5 inch,user1\ntall 5\",user2\n",
            "b.csv:2: the cell whose quote is opened here has a whole row in it, line 2",
        ),
        (
            "c.csv",
            "user,reason\nuser1,\"bad\nuser2, spam\nuser3, tall 5\"\n",
            "c.csv:2: the cell whose quote is opened here has a whole row in it, line 3",
        ),
    ] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        home.file(name, list);
        let kick = sandbox
            .kick("-r room-test -m x --from")
            .arg(name)
            .home(&home);
        kick.stderr(has([why, "hint: ", "JSON"])).exits(2);
    }
}
