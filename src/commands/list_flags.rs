//! The flags that describe how a list is written, of `--from` and of
//! `sandbox --rooms`.

use std::path::PathBuf;

use clap::ValueHint;
use clap::builder::PossibleValue;

use crate::config::one_of;
use crate::error::{Problem, Problems};
use crate::file_name::{ListName, display_path};
use crate::job::input::{BadRow, Columns, Format, Layout};
use crate::secret::excerpt;

/// `--format`, `--columns`, `--delimiter`.
#[derive(Debug, Default, clap::Args)]
#[allow(clippy::doc_markdown, reason = "clap prints these comments unchanged")]
pub(crate) struct ListFlags {
    /// Format of the files [default: by suffix .csv .tsv .json .ndjson .jsonl,
    /// else json if the first character is { or [, else lines]
    #[arg(long, hide_short_help = true, value_name = "FORMAT",
          ignore_case = true, value_parser = one_of(Format::ALL.map(format_value)))]
    format: Option<String>,
    /// Columns of csv or tsv without a header, like room,user,reason; - skips a
    /// column
    #[arg(long, hide_short_help = true, value_name = "NAMES", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    columns: Option<String>,
    /// Separator of csv or tsv: one ASCII character, or tab [default: the one of
    /// , ; and tab that the header has]
    #[arg(long, hide_short_help = true, value_name = "CHAR", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    delimiter: Option<String>,
}

/// The format as a value of `--format`, with its other names.
fn format_value(format: Format) -> PossibleValue {
    PossibleValue::new(format.name()).aliases(format.other_names())
}

/// A list and how it is written.
#[derive(Debug)]
pub(super) struct List {
    /// `-` is stdin.
    pub(super) path: PathBuf,
    pub(super) layout: Layout,
    /// Whether `--format` is given.
    pub(super) has_format: bool,
}

impl List {
    /// Reports every fault of a row. `command` and `flag` are those that read the
    /// list.
    pub(super) fn report(&self, bad: &BadRow, command: &str, flag: &str, problems: &mut Problems) {
        let file = self.path.to_string_lossy();
        let list = ListName {
            file: &file,
            command,
            flag,
            has_format: self.has_format,
        };
        for problem in &bad.problems {
            problems.push_row(&display_path(&self.path), bad.line, &problem.kind(), || {
                Problem::usage(problem, problem.hint(&list))
            });
        }
    }
}

impl ListFlags {
    /// The lists of the flag `from` with their formats. A flag that applies to none
    /// of them is a problem. Tables whose columns or separator are not known are
    /// not returned.
    pub(super) fn lists(
        &self,
        paths: &[PathBuf],
        from: &str,
        problems: &mut Problems,
    ) -> Vec<List> {
        let named = self.format.as_deref().and_then(Format::named);
        let columns = self.columns.as_deref().map(parse_columns).transpose();
        let delimiter = self.delimiter.as_deref().map(parse_delimiter).transpose();
        let is_usable = columns.is_ok() && delimiter.is_ok();
        let columns = problems.ok_or_collect(columns).flatten();
        let delimiter = problems.ok_or_collect(delimiter).flatten();
        let list = |path: &PathBuf| {
            let format = named.or_else(|| Format::from_path(path));
            let is_table = format.is_some_and(Format::has_columns);
            List {
                path: path.clone(),
                has_format: named.is_some(),
                layout: Layout {
                    format,
                    columns: columns.clone().filter(|_| is_table),
                    delimiter: delimiter.filter(|_| is_table),
                },
            }
        };
        let mut lists: Vec<List> = paths.iter().map(list).collect();
        let is_table = |list: &List| list.layout.format.is_some_and(Format::has_columns);
        let has_table = lists.iter().any(is_table);
        self.check_use(from, lists.is_empty(), has_table, problems);
        lists.retain(|list| is_usable || !is_table(list));
        lists
    }

    /// For the checks of a line that does not run, because one of these flags has no
    /// value: the lists may be tables.
    pub(super) fn assume_table(&mut self, lists: &[PathBuf]) {
        if self.format.is_none() && !lists.is_empty() {
            self.format = Some("csv".into());
        }
    }

    fn check_use(&self, from: &str, no_list: bool, has_table: bool, problems: &mut Problems) {
        for (flag, is_given, what) in [
            ("--format", self.format.is_some(), None),
            (
                "--columns",
                self.columns.is_some(),
                Some("names the columns"),
            ),
            (
                "--delimiter",
                self.delimiter.is_some(),
                Some("is the separator"),
            ),
        ] {
            if is_given && no_list {
                let message = format_args!("{flag} is about lists, and none is given with {from}");
                let hint = format!("give {from} FILE, or remove {flag}");
                problems.push(Problem::usage(message, hint));
            } else if let (true, false, Some(what)) = (is_given, has_table, what) {
                problems.push(Problem::usage(
                    format_args!("{flag} {what} of csv or tsv, and no list is known to be one"),
                    format!("add --format csv, or remove {flag}"),
                ));
            }
        }
    }
}

fn parse_columns(names: &str) -> Result<Columns, Problem> {
    let hint = "name the columns in their order, like --columns room,user,reason";
    Columns::parse(names).map_err(|why| Problem::usage(format_args!("--columns: {why}"), hint))
}

/// `--delimiter`: one ASCII character; `\t` or `tab` for a tab.
fn parse_delimiter(text: &str) -> Result<u8, Problem> {
    let is_usable = |byte: &u8| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n' | 0);
    match text.as_bytes() {
        b"\\t" | b"tab" => Ok(b'\t'),
        [byte] if is_usable(byte) => Ok(*byte),
        _ => {
            let text = excerpt(text);
            Err(Problem::usage(
                format_args!("--delimiter {text:?}: is not one ASCII character"),
                "give one character, like --delimiter ';', or --delimiter tab",
            ))
        }
    }
}
