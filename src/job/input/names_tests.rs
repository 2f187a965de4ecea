//! Tests of the texts that are names, and of those that are not.

use super::*;

/// The text of the finding; empty if there is none.
fn user(text: &str) -> String {
    check(text, NameOf::User).map_or(String::new(), |why| why.to_string())
}

#[test]
fn ordinary_names_are_not_suspicious() {
    for name in [
        "user1",
        "0",
        "-alice",
        "a.b",
        "a.b-c_d",
        "a@b.c",
        "first.last+tag@mail.example.com",
        "@TGS#1",
        "@RBT#001",
        "u+1",
        "user+1",
        "+8613800138000",
        "1e5",
        "12E3",
        "00123",
        "1.5",
        "v1.0",
        "10.0.0.1",
        "192.168.100.200",
        "nullify",
        "nancy",
        "None1",
        "NULLA",
        "nil1",
        "Nanette",
        "user",
        "id",
        "name",
        "guest",
        "david",
        "o'neil",
        "a\"b",
        "5#",
        "user#1234",
        "a/b",
        "x/y",
        "a:b",
        "tenant:123",
        "~x",
        "a!",
        "AT&T",
        "e-1",
        "undefined1",
        "member",
        "144115198371610486",
        "12345678901234567890123456789012",
        "123e4567-e89b-12d3-a456-42661417",
        "dXNlcjE=",
        "dXNlcg==",
        "1B2M2Y8AsgTpgAmY7PhCfg==",
        "+B2M2Y8AsgTpgAmY7PhCfg==",
        "/B2M/Y8A",
        "maria-01",
        "player-7",
        "20260301",
        "true",
        "__x__",
        "x--y",
        "A1",
        "AB-CD-EF",
        "00:1A:2B:3C:4D:5E",
    ] {
        assert_eq!(user(name), "", "{name}");
    }
}

/// Texts with what is wrong with them.
const KINDS: &[(&str, &[&str])] = &[
    ("ends with a blank", &["user1 ", "u  "]),
    ("begins with a blank", &[" user1"]),
    ("ends with a tab", &["user1\t"]),
    ("ends with a no-break space", &["user1\u{a0}"]),
    ("ends with a zero-width space", &["user1\u{200b}"]),
    ("begins with a full-width space", &["\u{3000}user1"]),
    ("begins with a byte order mark", &["\u{feff}user1"]),
    (
        "begins with the invisible character U+200F",
        &["\u{200f}user1"],
    ),
    ("ends with a carriage return", &["user1\r"]),
    (
        "has a quote (\") at its end or start",
        &[
            "\"user1\"",
            "\"user1",
            "user1\"",
            "\"user1\",",
            "  \"user1\",",
            "\"user1\" ",
        ],
    ),
    (
        "has a quote (') at its end or start",
        &["'user1'", "'0012", "b'user1'", "u'user1'", "X'75'"],
    ),
    ("has ' inside", &["o'", "a''b"]),
    ("has a quote (`) at its end or start", &["`user1`"]),
    ("has a quote (“) at its end or start", &["“user1”"]),
    ("begins with [", &["[user1", "[\"user1\"]", "[12:01] alice"]),
    ("begins with {", &["{\"a\":1}", " {"]),
    (
        "is several names in braces",
        &["{user1,user2}", "user{1..3}", "user{1,2}"],
    ),
    ("begins with <", &["<td>user1</td>", "<@U123>"]),
    (
        "has HTML or angle brackets in it",
        &["user1<br>", "<b>", "Name <a@b.c>", "a&amp;b", "user1&#10;"],
    ),
    ("begins with (", &["('user1'),"]),
    ("ends with a comma", &["user1,"]),
    ("ends with a semicolon", &["user1;"]),
    (
        "has a comma inside",
        &[
            "room-test,user1",
            "\"a\",\"b\"",
            "a,b,",
            "a, b",
            "100,5%",
            "1,234",
        ],
    ),
    ("ends with a colon", &["alice:"]),
    ("begins with @, like a mention in a chat", &["@alice"]),
    (
        "is the name of a column with its value",
        &[
            "user=alice",
            "UserID=1",
            "room=r",
            "a=b",
            "x=",
            "uid:7",
            "user_id:alice",
            "dXNlcjE==",
        ],
    ),
    ("has a semicolon inside", &["a;b"]),
    ("has a tab inside", &["a\tb"]),
    ("has | inside", &["a|b"]),
    (
        "has a blank inside",
        &[
            "room-test user1",
            "user1 joined",
            "alice: hi",
            "user1 # spam",
            "Alice Smith",
            "+86 138 0013 8000",
        ],
    ),
    (
        "begins with a list marker or number",
        &[
            "- user1",
            "- [x] user1",
            "* user1",
            "1. user1",
            "2) user1",
            "(3) user1",
            "• user1",
            "– user1",
            "  - user1",
        ],
    ),
    (
        "is a pattern or formatted text",
        &[
            "*user*",
            "**user1**",
            "user?",
            "^user1$",
            "user1$",
            "user1\\.com",
            "~user1~",
            "^M",
        ],
    ),
    (
        "is a variable that no shell has replaced",
        &[
            "$USER",
            "${USER}",
            "${{ inputs.user }}",
            "$(whoami)",
            "$user",
            "u_$ID",
        ],
    ),
    ("is percent-encoded", &["user1%20", "a%40b.c"]),
    (
        "has the two characters of an escaped line end",
        &["user1\\n", "user1\\r\\n", "\\tuser1"],
    ),
    ("has \\ inside", &["CORP\\user1", "user1\\nuser2"]),
    ("has ( inside", &["user1(muted)", "(a)", "x(1)"]),
    ("has { inside", &["a{b}"]),
    ("has % inside", &["12%", "12.5%", "%s"]),
    ("has $ inside", &["a$b"]),
    ("has ` inside", &["`user1"]),
    (
        "is an address or a path",
        &[
            "https://x.example/user1",
            "mailto:a@b.c",
            "tel:+86138",
            "./user1",
            "/home/user1",
            "log.txt:12:user1",
        ],
    ),
    ("is a formula", &["=A1", "=x", "=VLOOKUP(A1)", "+user1"]),
    ("begins with #", &["#user1", "#hashtag"]),
    (
        "is a date or a time",
        &[
            "2024-01-01",
            "2026-03-01 00:00:00",
            "01-Mar",
            "Mar-01",
            "1/3/2026",
            "12:34",
            "44927.5",
        ],
    ),
    (
        "is a number in groups of three digits",
        &["1,234,567", "1.234.567", "1 234 567", "1'234'567"],
    ),
    (
        "has a sign of a sentence at its end or start",
        &["user1.", ":smile", "1."],
    ),
    (
        "is a line of a drawn table",
        &["+----+", "| user1 |", "(2 rows)", "----"],
    ),
    (
        "is what a spreadsheet shows instead of the value",
        &[
            "1.23457E+11",
            "1,23457E+11",
            "1.2e-05",
            "1E+11",
            "-1.5E+03",
            "#N/A",
            "#REF!",
            "#VALUE!",
            "#NAME?",
            "#DIV/0!",
            "#####",
            "123456.0",
            "#BEZUG!",
            "#N/V",
            "#REF",
            "#n/a",
            "Err:502",
            "123.00",
        ],
    ),
    (
        "stands for a missing value",
        &[
            "NULL",
            "\\N",
            "null",
            "(null)",
            "NaN",
            "undefined",
            "None",
            "N/A",
            "n/a",
            "none",
            "NONE",
            "nil",
            "nan",
            "Null",
            "UNDEFINED",
            "<nil>",
            "<NULL>",
            "TRUE",
            "FALSE",
            "-",
            "--",
            "_",
        ],
    ),
    (
        "is the name of a column",
        &[
            "user_id",
            "UserID",
            "Member_Account",
            "username",
            "MemberList_Account",
            "player_id",
            "openid",
            "To_Account",
            "u.user_id",
            "Email",
            "Nickname",
        ],
    ),
];

#[test]
fn each_kind_is_recognised() {
    for (why, names) in KINDS {
        for name in *names {
            assert_eq!(user(name), *why, "{name:?}");
        }
    }
}

#[test]
fn a_flag_refuses_what_is_surely_encoded_only() {
    for (name, is_refused) in [
        ("room%201", true),
        ("%23general", true),
        ("a%40b.c", true),
        ("user1%0A", true),
        ("a&b%20", true),
        ("r%41&x=1", false),
        ("r%41", false),
        ("a&b%20c", false),
        ("50%", false),
        ("%\u{e9}1", false),
    ] {
        let why = check(name, NameOf::Room);
        let why = why.filter(|why| why.holds_for_flags());
        assert_eq!(why.is_some(), is_refused, "{name}");
    }
}

#[test]
fn a_room_may_have_blanks_and_separators_inside() {
    for (name, is_bad) in [
        ("room 1", false),
        ("2026-03-01", false),
        ("#general", false),
        ("room(1)", false),
        ("=A1", true),
        ("$ROOM", true),
        ("room%201", true),
        ("#REF", true),
        ("none", true),
        ("-", true),
        ("r,1", false),
        ("room ", true),
        ("'r'", true),
        ("1.2E+11", true),
        ("r,", true),
        ("NULL", true),
    ] {
        assert_eq!(check(name, NameOf::Room).is_some(), is_bad, "{name}");
    }
}

#[test]
fn a_range_and_a_line_of_passwd_are_not_names() {
    let check = |text: &str| check(text, NameOf::User);
    assert_eq!(check("user1..user5"), Some(NotAName::Pattern));
    assert_eq!(check("user1..5"), Some(NotAName::Pattern));
    assert_eq!(
        check("user1:x:1000:1000::/:/bin/sh"),
        Some(NotAName::Address)
    );
    for name in [
        "a.b-c_d",
        "a..b",
        "tenant:1",
        "user+1",
        "user#1234",
        "x/y",
        "dXNlcjE=",
        "alice@example.com",
        "6fa459ea-ee8a-3ca4-894e-db77e160",
    ] {
        assert_eq!(check(name), None, "{name}");
    }
}
