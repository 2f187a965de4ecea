//! The first line of a list: column names, or a member.

use crate::support::{Sandbox, any, has};

#[test]
fn a_first_line_that_may_be_a_header_gives_a_warning() {
    for (list, is_warned) in [
        ("user\nuser1\n", true),
        ("UserID\nuser1\n", true),
        ("user1\nuser\n", false),
    ] {
        let sandbox = Sandbox::demo();
        let kick = sandbox.kick("-r room-test -m spam --ignore-absent --from -");
        let done = kick.stdin(list).stdout(any()).stderr(any()).exits(0);
        let message = "-:1: \"user";
        assert_eq!(
            done.stderr.to_lowercase().contains(message),
            is_warned,
            "{done}"
        );
    }
}

#[test]
fn a_misspelt_column_is_refused() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r room-test -m spam --format csv --from -");
    let kick = kick.stdin("user,rooom\nuser5,vip\n");
    kick.stderr(has([
        "-:1: unknown column \"rooom\": did you mean room?",
        "correct the header",
    ]))
    .exits(2);
}
