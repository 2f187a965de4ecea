//! The hints of problems.

use super::*;

fn list(file: &str) -> ListName<'_> {
    ListName {
        file,
        command: "roomctl kick",
        has_format: false,
        flag: "--from",
    }
}

#[test]
fn the_commands_of_hints_name_the_list() {
    assert_eq!(
        RowProblem::NotUtf8 { is_latin: false }.hint(&list("my list.csv")),
        "save the list as UTF-8 text: iconv -f GB18030 -t UTF-8 'my list.csv' > 'my list.utf8.csv' \
         && roomctl kick … --from 'my list.utf8.csv' \
         (or -f BIG5, SHIFT_JIS or WINDOWS-1252)"
    );
    let stdin = RowProblem::NotUtf8 { is_latin: true }.hint(&list("-"));
    assert!(
        stdin.contains(
            "iconv -f WINDOWS-1252 -t UTF-8 > list.utf8.txt && roomctl kick … --from list.utf8.txt"
        ),
        "{stdin}"
    );
    let record = RowProblem::Record("a journal").hint(&list("night.journal"));
    assert!(
        record.contains("roomctl journal show night.journal -o json | roomctl kick --from -"),
        "{record}"
    );
    let nul = RowProblem::NulSeparated {
        has_end: true,
        is_list: true,
    }
    .hint(&list("/a.b/names"));
    assert_eq!(
        nul,
        "tr '\\0' '\\n' < /a.b/names > /a.b/names.new.txt, then --from /a.b/names.new.txt"
    );
}

#[test]
fn the_kind_of_a_problem_does_not_contain_the_value() {
    let bad =
        |text: &str| RowProblem::User(text.into(), UserId::parse(text).expect_err("bad")).kind();
    assert_eq!(bad("用户"), bad("é"));
    assert_ne!(bad("用户"), bad(&"u".repeat(33)));
}
