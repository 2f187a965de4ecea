//! `sandbox --rooms FILE`: makes the rooms of the list that is to be kicked, in
//! all formats of `--from`, to rehearse the real job.

use crate::support::{Home, Roomctl, any, has};

const CSV: &str = "room,user\na,u1\na,u2\nb,u1\n";

/// A rehearsal of a kick from the same list; `$0` is roomctl.
fn rehearsal(name: &str, list: &str, words: &str) -> Roomctl {
    let home = Home::new();
    let file = home.file(name, list);
    let script = format!("exec \"$0\" kick --from '{file}' -m spam -y -o json {words}");
    let run = Roomctl::new("sandbox --rooms").arg(&file).home(&home);
    let run = run.args("-- /bin/sh -c").arg(script);
    run.arg(env!("CARGO_BIN_EXE_roomctl"))
}

#[test]
fn the_real_list_is_rehearsed_in_every_format() {
    let ndjson = "{\"RoomId\":\"a\",\"MemberList_Account\":[\"u1\",\"u2\"]}\n\
                  {\"RoomId\":\"b\",\"Member_Account\":\"u1\"}\n";
    for (name, list, words) in [
        ("spam.csv", CSV.to_owned(), ""),
        ("spam.tsv", CSV.replace(',', "\t"), ""),
        ("spam.ndjson", ndjson.to_owned(), ""),
        ("spam.jsonl", ndjson.to_owned(), ""),
        ("spam", ndjson.to_owned(), ""),
        (
            "spam.txt",
            "# bots\nu1\n\nu2\nu3\n".to_owned(),
            "-r room-test",
        ),
    ] {
        let run = rehearsal(name, &list, words);
        let done = run.stdout(any()).stderr(any()).exits(0);
        let summary = &done.summary()["summary"];
        assert_eq!(summary["removed"], 3, "{name}: {summary}");
    }
}

#[test]
fn a_member_on_no_list_is_in_no_room() {
    let run = rehearsal("spam.csv", CSV, "-r a -u stranger");
    let done = run.stdout(any()).stderr(any()).exits(6);
    let summary = &done.summary()["summary"];
    assert_eq!(
        (&summary["removed"], &summary["absent"]),
        (&3.into(), &1.into())
    );
}

#[test]
fn rooms_by_name_add_to_those_of_the_file() {
    let home = Home::new();
    let file = home.file("spam.csv", CSV);
    let run = Roomctl::new("sandbox --room a=u9 --room c=u1 --rooms").arg(file);
    let script = r#"exec "$0" kick -r a -u u1 -u u9 -m spam -q"#;
    let run = run.args("-- /bin/sh -c").arg(script);
    let run = run.arg(env!("CARGO_BIN_EXE_roomctl"));
    run.stdout(has(["removed u1, u9"])).exits(0);
}

#[test]
fn a_list_that_cannot_be_read_is_exit_2_with_its_line() {
    let home = Home::new();
    for (name, content, message) in [
        ("bad.csv", "room,user\na,u1\na,\u{e9}\n", "bad.csv:3"),
        ("bad.ndjson", "{\"RoomId\":\"a\"}\n", "bad.ndjson:1"),
    ] {
        let file = home.file(name, content);
        let run = Roomctl::new("sandbox --rooms").arg(file).args("-- true");
        run.stderr(has([message, "hint: "])).exits(2);
    }
    let run = Roomctl::new("sandbox --rooms /nowhere/list -- true");
    run.stderr(has(["--rooms", "/nowhere/list", "hint: "]))
        .exits(2);
    let run = Roomctl::new("sandbox --rooms /dev -- true");
    run.stderr(has(["/dev"])).exits(2);
}

#[test]
fn the_list_may_come_from_stdin() {
    let script = r#"exec "$0" kick -r b -u u1 -m spam -q"#;
    let run = Roomctl::new("sandbox --rooms - -- /bin/sh -c").arg(script);
    let run = run
        .arg(env!("CARGO_BIN_EXE_roomctl"))
        .stdin("{\"RoomId\":\"b\",\"Member_Account\":\"u1\"}\n");
    run.stdout(has(["removed u1"])).exits(0);
    let run = Roomctl::new("sandbox --rooms -").stderr(has(["standard input is a terminal"]));
    run.at_terminal().start().ends(2);
}
