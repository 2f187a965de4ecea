//! The first line of a list: column names, or a member.

use crate::support::{Sandbox, any, has};

#[test]
fn a_first_line_that_names_a_column_is_refused() {
    for header in [
        "user",
        "UserID",
        "user_id",
        "Member_Account",
        "username",
        "id",
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m spam --ignore-absent --from -");
        let message = format!("-:1: {header:?} is the name of a column");
        kick.stdin(format!("{header}\nuser1\n"))
            .stderr(has([message.as_str(), "hint: remove the first line"]))
            .exits(2);
    }
    // Later in the list some may be names, but not the usual header of a second list.
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -m spam --ignore-absent --from -");
    kick.stdin("user1\nUser\nuser2\n")
        .stderr(has(["-:2: user \"User\" is the name of a column"]))
        .exits(2);
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -m spam --ignore-absent --from -");
    kick.stdin("user1\nid\n")
        .stdout(any())
        .stderr(any())
        .exits(0);
}

#[test]
fn a_misspelt_column_is_refused() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -m spam --format csv --from -");
    let kick = kick.stdin("user,rooom\nuser5,vip\n");
    kick.stderr(has([
        "-:1: unknown column \"rooom\": did you mean room?",
        "name the column room",
    ]))
    .exits(2);
}

#[test]
fn columns_that_may_be_the_room_or_a_second_user_are_refused() {
    for (header, message, hint) in [
        (
            "user,Room Nr",
            "-:1: unknown column \"Room Nr\": did you mean room?",
            "--columns",
        ),
        (
            "user,user_id",
            "-:1: column \"user_id\" means the same as the column user",
            "hint: remove one of the two columns",
        ),
        (
            "user,room;reason",
            "-:1: the header has two separators",
            "--delimiter",
        ),
    ] {
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("-r room-test -m x -y --ignore-absent --format csv --from -");
        kick.stdin(format!("{header}\nuser1,other\n"))
            .stderr(has([message, hint]))
            .exits(2);
    }
}
