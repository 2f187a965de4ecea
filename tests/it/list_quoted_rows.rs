//! A quoted cell of several lines whose lines would be rows by themselves: it is read as
//! a text, and a warning names the lines before anything is sent.

use crate::support::{Home, Roomctl, Sandbox, any, has, lacks};

const LIST: &str = "user,reason\nuser1,\"5 inch\nbob, spam\ncarol, tall 5\"\nuser2,x\n";

const WARNING: &str = "warning: list.csv:2: the row of user1 has 3 lines, and lines 3 and 4 would be \
                       rows by themselves; if they are rows, correct the quotes";

fn kick(sandbox: &Sandbox, home: &Home, list: &str, words: &str) -> Roomctl {
    home.file("list.csv", list);
    let kick = sandbox.kick(&format!("-r room-test -f list.csv {words}"));
    kick.home(home).stdout(any())
}

#[test]
fn lines_of_a_reason_that_would_be_rows_are_named_before_anything_is_sent() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let done = kick(&sandbox, &home, LIST, "")
        .stderr(has([WARNING]))
        .exits(0);
    let (warning, rest) = done.stderr.split_once(WARNING).expect("the warning");
    assert!(
        !warning.contains("removed") && rest.contains("2 removed"),
        "{done}"
    );
    assert_eq!(sandbox.log().len(), 2);
}

#[test]
fn a_dry_run_names_them_as_well() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    kick(&sandbox, &home, LIST, "-n")
        .stderr(has([WARNING]))
        .exits(0);
    let json = kick(&sandbox, &home, LIST, "-n -o json");
    let done = json.stderr(any()).exits(0);
    let warning = WARNING.trim_start_matches("warning: ");
    let line = serde_json::json!({ "warning": warning }).to_string();
    assert!(done.stderr.lines().any(|found| found == line), "{done}");
    kick(&sandbox, &home, LIST, "-n -q")
        .stderr(lacks(["would be"]))
        .exits(0);
}

#[test]
fn many_such_rows_are_counted() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let rows = (1..=25).map(|n| format!("user{n},\"Spam\nBye, admin\"\n"));
    let rows = rows.collect::<Vec<_>>().concat();
    let list = format!("user,reason\n{rows}");
    let done = kick(&sandbox, &home, &list, "-n").stderr(any()).exits(0);
    let warnings = done.stderr.matches("would be a row by itself").count();
    assert_eq!(warnings, 20, "{done}");
    assert!(
        done.stderr
            .contains("warning: list.csv: and 5 more such rows"),
        "{done}"
    );
}

/// Its row is lost with the list, and other problems are reported first.
#[test]
fn a_list_that_is_refused_has_its_problems_only() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let list = format!("{LIST}a b,x\n");
    let refused = kick(&sandbox, &home, &list, "").stderr(has(["list.csv:6: "]));
    refused.stderr(lacks(["would be"])).exits(2);
}

#[test]
fn a_feed_has_one_row_in_a_line_and_needs_no_warning() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file("list.csv", LIST);
    let kick = sandbox
        .kick("-r room-test -f - --format csv --stream -m x")
        .stdin(LIST);
    let kick = kick.home(&home).stdout(any()).stderr(lacks(["would be"]));
    kick.stderr(has(["-:2: a quote is opened here"])).exits(6);
}
