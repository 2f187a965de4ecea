//! Lists that cannot be meant as they are, each with the remedy that fits. With
//! `--ignore-absent` a wrong name would be a false success.

use crate::support::{Home, Sandbox, any, has};

/// A list by its file name and content, and what the error must contain.
type Refused = (&'static str, &'static [u8], &'static [&'static str]);

fn are_refused(lists: &[Refused]) {
    let sandbox = Sandbox::untouched();
    for (name, content, messages) in lists {
        let home = Home::new();
        std::fs::write(home.path().join(name), content).expect("a file");
        let kick = sandbox.kick("-r room-test -m x -y --ignore-absent --from");
        let done = kick.arg(*name).home(&home).stderr(any()).exits(2);
        for part in messages.iter().chain(&["\nhint: "]) {
            let lists = format!("{name} {}", String::from_utf8_lossy(content));
            assert!(done.stderr.contains(part), "{part} in {lists}: {done}");
        }
    }
}

#[test]
fn syntax_of_another_format_is_refused() {
    are_refused(&[
        (
            "a",
            b"\"user20\"\n",
            &["a:1: user \"\\\"user20\\\"\" has a quote", "-r"],
        ),
        ("a", b"'user20'\n", &["a:1: ", "quote"]),
        ("a", b"ok\nuser20,\n", &["a:2: ", "ends with a comma"]),
        (
            "a",
            b"room-test,user20\n",
            &["a:1: looks like CSV: --format csv"],
        ),
        (
            "a",
            b"user20;room-test\n",
            &["looks like CSV: --format csv"],
        ),
        (
            "a",
            b"user20\troom-test\n",
            &["looks like TSV: --format tsv"],
        ),
        ("a", b"user20|room-test\n", &["--delimiter '|'"]),
        (
            "a",
            b"user1\n[\"user2\"]\n",
            &["a:2: ", "begins with [", "--format json"],
        ),
        (
            "a",
            b"user1\n{\"Member_Account\":\"user2\"}\n",
            &["a:2: ", "--format json"],
        ),
        (
            "a",
            b"user_id\nuser1\n",
            &["a:1: \"user_id\" is the name of a column"],
        ),
        ("a", b"# x\n\nUser\n", &["a:3: \"User\" is the name"]),
        ("a", b"- user1\n- user2\n", &["a:1: ", "list marker"]),
        (
            "a",
            b"+-------+\n| user1 |\n+-------+\n",
            &["drawn table", "mysql -N -B"],
        ),
        ("a", b"12:01 alice joined\n", &["a:1: ", "blank inside"]),
        (
            "a",
            b"r user1\nr user2\n",
            &["a:1: ", "blank inside", "--columns room,user"],
        ),
        ("a", b"@user1\n", &["a:1: ", "mention"]),
        (
            "a",
            b"user1\nuser=user2\n",
            &["a:2: ", "column with its value"],
        ),
        (
            "a",
            b"['user1', 'user2']\n",
            &["a:1: 'user1' is not a JSON object"],
        ),
        ("a", b"<li>user1</li>\n", &["a:1: ", "begins with <"]),
    ]);
}

#[test]
fn cells_with_syntax_of_another_format_are_refused() {
    are_refused(&[
        (
            "a.csv",
            b"user\n\"\"\"user1\"\"\"\n",
            &["a.csv:2: ", "quote"],
        ),
        ("a.csv", b"user\n'user1'\n", &["a.csv:2: ", "quote"]),
        (
            "a.csv",
            b"user\n\"=\"\"user1\"\"\"\n",
            &["a.csv:2: ", "quote"],
        ),
        ("a.csv", b"user\n[user1]\n", &["a.csv:2: ", "begins with ["]),
        (
            "a.csv",
            b"user\n\"user1,user2\"\n",
            &["a.csv:2: ", "has a comma inside"],
        ),
        (
            "a.csv",
            b"room,user\nroom-test,user1\nroom,user\nroom-test,user2\n",
            &["a.csv:3: is a header again"],
        ),
        (
            "a.csv",
            b"room|user\nroom-test|user1\n",
            &["separated by '|'", "--delimiter '|'"],
        ),
        (
            "a.tsv",
            b"room,user\nroom-test,user1\n",
            &["separated by ','", "--format csv"],
        ),
        (
            "a.csv",
            b"userid;room\nuser1;room-test\n",
            &["did you mean user?"],
        ),
    ]);
}

#[test]
fn blanks_and_invisible_characters_at_the_ends_are_refused() {
    are_refused(&[
        (
            "a.csv",
            b"room,user\nroom-test, user30\nroom-test,user31 \n",
            &["a.csv:2: ", "a.csv:3: ", "remove the blanks"],
        ),
        (
            "a.csv",
            b"room,user\nroom-test ,user30\n",
            &["a.csv:2: room \"room-test \" ends with a blank"],
        ),
        (
            "a.csv",
            b"user,room\nuser30,\xe3\x80\x80room-test\n",
            &["room", "full-width space"],
        ),
        (
            "a.csv",
            b"user\nuser30\xc2\xa0\n",
            &["a.csv:2: ", "no-break space"],
        ),
        ("a", b"user30\xe2\x80\x8b\n", &["a:1: ", "zero-width space"]),
        (
            "a",
            b"user1\n\xef\xbb\xbfuser30\n",
            &["a:2: ", "byte order mark"],
        ),
        ("a", b"user30\t\n", &["a:1: ", "ends with a tab"]),
        ("a", b"user30\r\r\n", &["a:1: ", "carriage return"]),
    ]);
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -m x --format lines --from -");
    kick.stdin("user1 \n\"user2\"\n")
        .stderr(has(["-:1: ", "-:2: "]))
        .exits(2);
}

#[test]
fn damage_and_missing_values_are_refused() {
    are_refused(&[
        (
            "a",
            b"1.23457E+11\n1.23457E+11\n",
            &["a:1: ", "spreadsheet", "as text"],
        ),
        (
            "a.csv",
            b"user;x\n1,23457E+11;1\n",
            &["a.csv:2: ", "spreadsheet"],
        ),
        ("a", b"#N/A\nuser1\n", &["a:1: ", "spreadsheet"]),
        (
            "a.csv",
            b"user,room\n#REF!,room-test\nuser1,#VALUE!\n#####,\n123456.0,\n",
            &["a.csv:2: user", "a.csv:3: room", "a.csv:4: ", "a.csv:5: "],
        ),
        ("a.csv", b"user\n\\N\n", &["a.csv:2: ", "missing value"]),
        ("a", b"user1\nNULL\n", &["a:2: ", "missing value"]),
        (
            "a.csv",
            b"user,room\nuser1,null\n",
            &["a.csv:2: room \"null\"", "missing value"],
        ),
    ]);
}

#[test]
fn encodings_and_files_that_are_not_text_are_named_with_the_command() {
    are_refused(&[
        (
            "a.csv",
            b"user,reason\nuser1,\xb7\xcf\xbb\xb0\n",
            &[
                "a.csv:2: is not UTF-8",
                "GBK",
                "Windows-1252",
                "iconv -f GB18030 -t UTF-8 a.csv > a.utf8.csv",
            ],
        ),
        (
            "a.csv",
            b"\xb7\xbf\xbc\xe4,\xd3\xc3\xbb\xa7\nr,u\n",
            &["error: a.csv:1: is not UTF-8", "SHIFT_JIS"],
        ),
        (
            "a",
            b"u\0s\0\n\0",
            &["a:1: has a NUL byte", "iconv -f UTF-16LE"],
        ),
        ("a", b"\xff\xfeu\0\n\0s", &["UTF-16"]),
        (
            "a.xlsx",
            b"PK\x03\x04\x14\0\n",
            &["a.xlsx:1: is a workbook", "CSV UTF-8"],
        ),
        (
            "a.csv",
            b"PK\x03\x04\x14\0\n",
            &["a.csv:1: is a workbook", "CSV UTF-8"],
        ),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\n",
            &["a.xls:1: is a workbook", "CSV UTF-8"],
        ),
        (
            "a.csv.gz",
            b"\x1f\x8b\x08\0\n",
            &["gzip", "gunzip -c a.csv.gz | roomctl"],
        ),
        ("a.json", b"\x28\xb5\x2f\xfd\n", &["zstd -dc a.json"]),
        ("a", b"<!DOCTYPE html>\n<p>", &["an HTML page"]),
        (
            "a.db",
            b"SQLite format 3\0\n",
            &["sqlite3 -csv -header a.db"],
        ),
    ]);
}

#[test]
fn json_that_cannot_be_meant_is_refused_at_the_line_of_the_value() {
    are_refused(&[
        (
            "a.json",
            b"[\n {\n  \"Member_Account\": \"user1\"\n },\n {\n  \"UserID\": \"user2\"\n }\n]",
            &["a.json:5: unknown key \"UserID\": did you mean Member_Account?"],
        ),
        (
            "a.json",
            b"{\"Member_Account\":\"user1\",\"roomId\":\"r\"}",
            &["a.json:1: unknown key \"roomId\": did you mean RoomId?"],
        ),
        (
            "a.json",
            b"{\"Member_Account\":\"user1\",\"reason\":\"r\"}",
            &["did you mean Reason?"],
        ),
        (
            "a.json",
            b"{\"user\":\"user1\"}",
            &["did you mean Member_Account?"],
        ),
        (
            "a.json",
            b"{\"Member_Account\":\"user1\",\"Member_Account\":\"user2\"}",
            &["has the key Member_Account twice"],
        ),
        (
            "a.json",
            b"{\"Member_Account\":1,\"RoomId\":2}",
            &[
                "RoomId is the number 2",
                "Member_Account is the number 1",
                "2 problems",
            ],
        ),
        (
            "a.json",
            b"[\"user1\", 2, null, true]",
            &[
                "a.json:1: 2 is not",
                "a.json:1: null is not",
                "a.json:1: true is not",
            ],
        ),
        (
            "a.json",
            b"[[\"room-test\",\"user1\"]]",
            &["an array inside of an array"],
        ),
        (
            "a.json",
            b"[\"user1\",\n\"user2\"",
            &["a.json:1: the JSON that begins here is not complete"],
        ),
        (
            "a.json",
            b"\"user1\"\n{\"Member_Acc",
            &["a.json:2: the JSON that begins here is not complete"],
        ),
        ("a.json", b"[\"user1\",]", &["a.json:1: ", "comma"]),
        (
            "a.json",
            b"{\"Member_Account\":\"user1\"},\n{\"Member_Account\":\"user2\"}",
            &["a.json:1: a comma stands between"],
        ),
        (
            "a.json",
            b"{\"users\":[\"user1\"]}",
            &["a.json:1: ", "jq '.users[]'"],
        ),
        (
            "a.json",
            b"user1\nuser2\n",
            &["a.json:1: user1 is not a JSON object", "--format"],
        ),
        (
            "a",
            b"{\"Record\":\"journal\",\"Version\":1,\"Crc32\":\"x\"}\n",
            &[
                "a:1: is a record of a journal",
                "roomctl journal show a -o json | roomctl kick --from -",
            ],
        ),
        (
            "a",
            b"{\"Time\":\"x\",\"OsUser\":\"x\",\"RoomId\":\"r\",\"MemberList_Account\":[\"a\"]}\n",
            &["is a record of an audit file"],
        ),
    ]);
}
