//! Tests of the collector: what is listed, counted and hinted.

use super::*;

fn two() -> Error {
    let mut problems = Problems::default();
    problems.push(Problem::config("the SDKAppID is missing", "give it"));
    problems.push(Problem::usage("--timeout: is zero", "give it"));
    problems.into_result().expect_err("two problems")
}

#[test]
fn several_problems_are_listed_and_no_hint_is_repeated() {
    assert_eq!(
        two().to_string(),
        "2 problems\nthe SDKAppID is missing\n--timeout: is zero"
    );
    assert_eq!(two().hint(), "give it");
}

#[test]
fn a_wrong_command_line_is_exit_2_whatever_else_is_wrong() {
    assert_eq!(two().exit(), Exit::Usage);
    let missing = Error::from(Problem::config("x", "y"));
    assert_eq!(missing.exit(), Exit::Config);
}

/// The report about problems of these kinds in the rows from 2 on.
fn report(kinds: impl IntoIterator<Item = &'static str>) -> (String, String) {
    let mut problems = Problems::default();
    for (line, kind) in (2..).zip(kinds) {
        let problem = || Problem::usage(format_args!("{kind} {line}"), format!("correct {kind}"));
        problems.push_row("x.csv", line, kind, problem);
    }
    let error = problems.into_result().expect_err("problems");
    (error.to_string(), error.hint())
}

#[test]
fn few_rows_with_the_same_kind_of_problem_get_a_line_each() {
    let (text, hint) = report(["a", "b", "a"]);
    assert_eq!(text, "3 problems\nx.csv:2: a 2\nx.csv:3: b 3\nx.csv:4: a 4");
    assert_eq!(hint, "correct a\ncorrect b");
}

#[test]
fn many_rows_with_the_same_kind_of_problem_are_one_line_with_a_count() {
    let (text, hint) = report(std::iter::repeat_n("a", 3000));
    assert_eq!(
        text,
        "x.csv:2: a 2 (and 2,999 more rows: 3, 4, 5, \u{2026})"
    );
    assert_eq!(hint, "correct a");
    let (text, _) = report(["a", "b", "a", "a", "a"]);
    assert_eq!(
        text,
        "5 problems\nx.csv:2: a 2 (and 3 more rows: 4, 5, 6)\nx.csv:3: b 3"
    );
}

#[test]
fn several_problems_of_one_kind_in_one_row_are_counted_as_such() {
    let mut problems = Problems::default();
    for _ in 0..20 {
        problems.push_row("x", 7, "a", || Problem::usage("bad", "correct"));
    }
    let error = problems.into_result().expect_err("problems");
    assert_eq!(error.to_string(), "x:7: bad (and 19 more in this row)");
}

#[test]
fn at_most_20_lines_about_rows_are_shown_and_the_others_counted() {
    const KINDS: [&str; 23] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t", "u", "v", "w",
    ];
    let (text, _) = report(KINDS.into_iter().cycle().take(1000 * KINDS.len()));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 22);
    assert_eq!(
        [lines[0], lines[21]],
        ["23000 problems", "and 3,000 more problems with rows"]
    );
    let (text, _) = report(KINDS.into_iter().chain(KINDS));
    assert_eq!(text.lines().last(), Some("and 26 more problems with rows"));
}

#[test]
fn one_problem_is_not_counted_and_none_is_not_an_error() {
    let mut problems = Problems::default();
    let bad = Problem::usage("--user: is odd", "--user NAME");
    assert!(problems.ok_or_collect(Err::<(), _>(bad)).is_none());
    let error = problems.into_result().expect_err("one");
    assert_eq!(error.to_string(), "--user: is odd");
    assert!(Problems::default().into_result().is_ok());
}

#[test]
fn an_error_that_ends_the_search_brings_what_was_found_before() {
    let mut problems = Problems::default();
    problems.push(Problem::usage("--rate: bad", "--rate 100"));
    let error = problems
        .require(Err::<(), _>(Error::usage("--config: bad", "--config FILE")))
        .expect_err("both");
    assert_eq!(error.to_string(), "2 problems\n--rate: bad\n--config: bad");
}

#[test]
fn a_full_disk_and_a_forbidden_place_have_different_remedies() {
    let hint = |kind: ErrorKind| Error::not_written(&kind.into()).hint();
    assert!(hint(ErrorKind::StorageFull).starts_with("free some space"));
    for kind in [ErrorKind::NotFound, ErrorKind::PermissionDenied] {
        assert_eq!(hint(kind), "name a place that can be written");
    }
}
