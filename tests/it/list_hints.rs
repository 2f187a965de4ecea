//! The hint of a refused list, when it is followed, leads to the members that were
//! meant.

use crate::support::{Home, Roomctl, Sandbox, any, has, lacks};

const KICK: &str = "-r room-test -m x -y --ignore-absent -o json --from";

/// The words between these in the hint.
fn between<'a>(hint: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = hint.split_once(start).unwrap_or((start, hint));
    rest.split_once(end).map_or(rest, |(words, _)| words)
}

#[test]
fn the_command_of_a_hint_makes_a_list_that_is_read() {
    for (name, content, begins) in [
        ("a", "1. user1\n2. user2\n", "sed "),
        ("a", "- user1\n- [x] user2\n", "sed "),
        ("a", "  * user1\n  * user2\n", "sed "),
        ("a", "user1<br>\nuser2<br>\n", "awk "),
        ("a", "user1<br>user2\n", "awk "),
        ("a", "<user>user1</user><user>user2</user>\n", "awk "),
        (
            "a",
            "<ul>\n  <li>user1</li>\n  <li>user2</li>\n</ul>\n",
            "awk ",
        ),
        ("a", "user1\\nuser2\\n\n", "printf "),
        ("a", "user1 # spam\nuser2  # x y\n", "sed "),
        ("a", "user1\\n\nuser2\n", "printf "),
        ("a", "user1%0D\nuser2%20\n", "python3 "),
        ("a", "user1\0user2\0", "tr "),
        ("a", "user1\ruser2\r", "tr "),
        ("a.csv", "user,note\ruser1,x\ruser2,x\r", "tr "),
        ("a", "{user1,user2}\n", "tr "),
        ("a", "{user1, user2}", "tr "),
        ("a", "['user1',\n'user2']", "tr "),
        ("a", "user1, user2\n", "tr "),
        ("a", "user1;user2\n", "tr "),
        ("a", "user1\tuser2\n", "tr "),
        ("a", "• user1\n– user2\n", "sed "),
        ("a", "user1 user2 user1\n", "tr "),
        ("a", "room-test user1\nroom-test  user2\n", "tr "),
    ] {
        let (sandbox, home) = (Sandbox::demo(), Home::new());
        home.file(name, content);
        let kick = sandbox.kick(KICK).arg(name).home(&home);
        let done = kick.stderr(any()).exits(2);
        let error: serde_json::Value = serde_json::from_str(&done.stderr).expect("JSON");
        let hint = error["error"]["hint"].as_str().expect("a hint");
        let command = format!("{begins}{}", between(hint, begins, ", then"));
        let list = between(hint, "then --from ", ";");
        let list = list.lines().next().expect("words");
        let run = std::process::Command::new("/bin/sh")
            .args(["-c", &command])
            .current_dir(home.path())
            .status();
        assert!(run.expect("a shell").success(), "{command}");
        let kick = sandbox.kick(KICK).args(list).home(&home);
        let done = kick.stdout(any()).stderr(any()).exits(0);
        assert_eq!(done.count("removed"), 2, "{content:?}: {hint}");
    }
}

#[test]
fn the_address_in_angle_brackets_is_kept() {
    let users = ["alice@x.y", "bob@x.y"].map(str::to_owned);
    let options = roomctl::sandbox::Options::default().room("mail", users);
    let (sandbox, home) = (Sandbox::with(options), Home::new());
    home.file("a", "Alice <alice@x.y>\n<bob@x.y>\n");
    let kick = sandbox.kick("-r mail -m x --from a").home(&home);
    let done = kick.stderr(any()).exits(2);
    let command = format!("sed {}", between(&done.stderr, "sed ", ", then"));
    let run = std::process::Command::new("/bin/sh")
        .args(["-c", &command])
        .current_dir(home.path())
        .status();
    assert!(run.expect("a shell").success(), "{command}");
    let kick = sandbox
        .kick("-r mail -m x -o json --from a.new.txt")
        .home(&home);
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.count("removed"), 2);
}

#[test]
fn a_name_that_is_really_written_so_is_given_as_the_hint_says() {
    for name in [
        "user 1",
        "$USER",
        "12%",
        "2026-03-01",
        "\"q\"",
        "nil",
        "CORP\\user1",
    ] {
        let options = roomctl::sandbox::Options::default().room("odd", [name.to_owned()]);
        let (sandbox, home) = (Sandbox::with(options), Home::new());
        let kick = sandbox.kick("-r odd -m x -o json --from -");
        let done = kick.stdin(format!("{name}\n")).stderr(any()).exits(2);
        let error: serde_json::Value = serde_json::from_str(&done.stderr).expect("JSON");
        let hint = error["error"]["hint"].as_str().expect("a hint");
        home.file("FILE.json", between(hint, "FILE.json: ", "\n"));
        let kick = sandbox.kick("-r odd -m x -o json --from FILE.json");
        let done = kick.home(&home).stdout(any()).stderr(any()).exits(0);
        assert_eq!(done.count("removed"), 1, "{hint}");
    }
}

#[test]
fn hints_fit_the_header_the_separator_and_the_format() {
    for (name, content, words, parts) in [
        (
            "a",
            "uid\nuser1\n",
            "",
            ["a:1: ", "name the column user there"],
        ),
        ("a", "user\nuser1\n", "", ["a:1: ", "add --format csv"]),
        (
            "a",
            "uid,room\nuser1,r\n",
            "",
            ["a:1: ", "and add --format csv"],
        ),
        (
            "a.csv",
            "room;user\nr;a\n",
            "--delimiter ,",
            ["a.csv:1: ", "--delimiter ';'"],
        ),
        (
            "a.csv",
            "r;a\n",
            "--delimiter , --columns room,user",
            ["a.csv:1: ", "--delimiter ';'"],
        ),
        (
            "a.csv",
            "sep=,\nroom;user\nr;a\n",
            "",
            ["the line sep= names ','", "remove the line"],
        ),
        (
            "a.csv",
            "user:room\na:r\n",
            "",
            ["separated by ':'", "--delimiter ':'"],
        ),
        (
            "a.csv",
            "[{\"Member_Account\":\"user1\"}]",
            "",
            ["looks like JSON", "--format json"],
        ),
        (
            "a.csv",
            "{\"Member_Account\":\"user1\"}\n",
            "",
            ["looks like JSON", "--format json"],
        ),
        (
            "a.csv",
            "login,room\na,r\n",
            "--columns user,room",
            ["is a header", "remove the header"],
        ),
        (
            "a",
            "user1\tMember\t-\n",
            "",
            ["text that roomctl prints", "--columns user,-,-"],
        ),
        (
            "a",
            "removed\tr\tuser1\t0\tId\tOK\t-\n",
            "",
            ["text that roomctl prints", "--columns -,room,user,-,-,-,-"],
        ),
    ] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        home.file(name, content);
        let kick = sandbox.kick("-r room-test -m x -y --ignore-absent --from");
        let kick = kick.arg(name).args(words).home(&home);
        kick.stderr(has(parts)).exits(2);
    }
}

#[test]
fn a_header_again_is_known_by_its_words() {
    for header in [
        "player_id",
        "openid",
        "To_Account",
        "u.user_id",
        "Email",
        "Nickname",
        "login",
    ] {
        for list in [
            format!("user\nuser1\n{header}\nuser2\n"),
            format!("room,user\nroom-test,user1\nroom_id,{header}\nroom-test,user2\n"),
            format!("user,note\nuser1,x\n{header},note\nuser2,x\n"),
        ] {
            let sandbox = Sandbox::untouched();
            let kick = sandbox.kick("-r room-test -m x -y --ignore-absent --format csv --from -");
            kick.stdin(list)
                .stderr(has(["-:3: is a header again"]))
                .exits(2);
        }
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m x -y --ignore-absent --from -");
        kick.stdin(format!("{header}\nuser1\n"))
            .stderr(has(["is the name of a column", "remove the first line"]))
            .exits(2);
    }
}

#[test]
fn wrong_columns_are_one_problem() {
    let home = Home::new();
    home.file("a.csv", "user,room\nuser1,r\n");
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r r -m x --from a.csv --columns usr,room");
    let done = kick
        .home(&home)
        .stderr(has(["--columns: \"usr\""]))
        .exits(2);
    assert!(!done.stderr.contains("problems"), "{done}");
}

#[test]
fn rows_without_values_are_skipped_also_above_the_header() {
    for list in [
        "user\nuser1\n   \n\t\nuser2\n",
        ";;;\nuser;room;;\nuser1;;;\n ; ;;\nuser2;;;\n",
        "\n,,\nuser,room,x\nuser1,,\nuser2,,\n",
    ] {
        let sandbox = Sandbox::demo();
        let kick = sandbox.kick("-r room-test -m x -o json --format csv --from -");
        let done = kick.stdin(list).stdout(any()).stderr(any()).exits(0);
        assert_eq!(done.count("removed"), 2, "{list:?}");
    }
}

#[test]
fn the_sandbox_reads_lists_with_the_flags_of_kick() {
    let home = Home::new();
    home.file("a", "r|a\n");
    let run = |words: &str| Roomctl::new("sandbox").args(words).home(&home);
    run("--rooms a --format csv --delimiter | --columns room,user -- true").exits(0);
    run("--rooms a -- true")
        .stderr(has(["--format csv --delimiter '|'"]))
        .exits(2);
    run("--format csv -- true")
        .stderr(has([
            "--format is about lists, and none is given with --rooms",
        ]))
        .exits(2);
    for room in ["x= a,b ", "x =a", "x='a'", "x=a,$USER"] {
        let run = Roomctl::new("sandbox --room").arg(room).args("-- true");
        run.stderr(has(["--room ", "hint: a room is NAME=USER,USER"]))
            .exits(2);
    }
}

#[test]
fn failed_members_are_not_written_where_they_would_be_read_as_a_table() {
    for (file, new) in [("left.csv", "left.ndjson"), ("left.TSV", "left.ndjson")] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        let kick = sandbox.kick("-r room-test -u user1 -m x --failed-to");
        let hint = format!("give --failed-to {new}");
        let kick = kick.arg(file).home(&home);
        kick.stderr(has(["is written as json", hint.as_str()]))
            .exits(2);
        assert!(!home.path().join(file).exists());
    }
}

#[test]
fn no_hint_has_a_command_that_would_change_the_name() {
    for (list, has_words, lacks_words) in [
        (
            "auth0|5f7c8ec7aa\n",
            "JSON: [\"auth0|5f7c8ec7aa\"]",
            "tr -s",
        ),
        ("CORP\\nick\n", "FILE.json: [\"CORP\\\\nick\"]", "printf"),
        ("user1\\nuser2\n", "real line ends", "printf"),
        ("<user id=\"user1\"/>\n", "one a line", "sed"),
        ("<user id=\"user1\">Bob</user>\n", "one a line", "awk"),
        ("us\u{a0}er1\n", "U+00A0", "tr -s"),
        ("us\u{2028}er1\n", "U+2028", "tr -s"),
        ("us\u{ad}er1\n", "U+00AD", "tr -s"),
        ("us\u{b}er1\n", "U+000B", "tr -s"),
        ("12\u{a0}345\n", "groups of three", "tr -s"),
    ] {
        let kick = Sandbox::untouched().kick("-r room-test -m x --from -");
        let done = kick.stdin(list).stderr(any()).exits(2);
        let text = done.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(has_words), "{list:?}: {text}");
        assert!(!text.contains(lacks_words), "{list:?}: {text}");
    }
}

#[test]
fn numbers_keep_their_digits() {
    let name = "12345678901234567891";
    let options = roomctl::sandbox::Options::default().room("n", [name.to_owned()]);
    let (sandbox, home) = (Sandbox::with(options), Home::new());
    home.file("a.json", format!("[{name}]\n"));
    let kick = sandbox.kick("-r n -m x --from a.json").home(&home);
    let done = kick.stderr(any()).exits(2);
    let command = format!("tr {}", between(&done.stderr, "tr ", ", then"));
    let run = std::process::Command::new("/bin/sh")
        .args(["-c", &command])
        .current_dir(home.path())
        .status();
    assert!(run.expect("a shell").success(), "{command}");
    let kick = sandbox
        .kick("-r n -m x -o json --from a.new.txt")
        .home(&home);
    assert_eq!(
        kick.stdout(any()).stderr(any()).exits(0).count("removed"),
        1
    );
}

#[test]
fn no_hint_suggests_a_name_that_no_list_can_have() {
    let sandbox = Sandbox::untouched();
    let long = format!(" {}", "x".repeat(40));
    for name in ["\u{202e}a", "a\tb\u{e9}", " \u{e9}", "\u{e9},\u{fc}", &long] {
        let kick = sandbox.kick("-r room-test -m x --user").arg(name);
        kick.stderr(lacks(["really"])).exits(2);
        let kick = sandbox.kick("-r room-test -m x --format lines --from -");
        let kick = kick.stdin(format!("{name}\n"));
        kick.stderr(lacks(["really"])).exits(2);
    }
    let kick = sandbox.kick("-r room-test -m x --from -");
    let kick = kick.stdin("\u{202e}a\n");
    kick.stderr(has(["without that character"])).exits(2);
}
