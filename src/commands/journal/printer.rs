//! How `journal show` prints records: JSON lines, lines of a pipe, or an aligned
//! table on a terminal; a page at a time.

use std::borrow::Cow;
use std::io::IsTerminal;

use serde::Serialize;

use crate::config::Format;
use crate::error::Error;
use crate::job::journal::Record;
use crate::output::{aligned, sanitise};
use crate::room::Action;
use crate::streams::OutputStyle;

/// The keys of a job's results, in their order. The names are fixed.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownJson<'a, M: Serialize> {
    room_id: &'a str,
    #[serde(rename = "MemberList_Account")]
    members: &'a [M],
    action_status: Option<&'a str>,
    error_code: Option<i64>,
    error_info: Option<&'a str>,
    request_id: Option<&'a str>,
    outcome: &'a str,
    attempts: Option<u32>,
    elapsed_ms: Option<u64>,
    action: &'a str,
    reason: Option<&'a str>,
    time: &'a str,
}

/// Prints lines a page at a time.
pub(super) struct Printer {
    style: OutputStyle,
    layout: Layout,
    /// Lines to be printed.
    page: String,
    /// Rows to be aligned and printed.
    rows: Vec<Vec<String>>,
    /// With `-v`, what stands below each row.
    details: Vec<String>,
    /// How many records there were.
    pub(super) lines: usize,
}

#[derive(Clone, Copy)]
enum Layout {
    Json,
    Tabs,
    Aligned,
}

/// What is printed in one write.
const PAGE_BYTES: usize = 64 * 1024;

/// Rows that are aligned with each other.
const PAGE_ROWS: usize = 1000;

/// The columns of a terminal. With `-v` the rest stands below each row: one more column
/// would be beyond the width of most.
const HEADER: [&str; 7] = [
    "TIME",
    "OUTCOME",
    "ACTION",
    "ROOM",
    "USER",
    "CODE",
    "ERRORINFO",
];

impl Printer {
    pub(super) fn new(style: OutputStyle) -> Self {
        let layout = match style.format {
            Format::Json => Layout::Json,
            Format::Text if std::io::stdout().is_terminal() => Layout::Aligned,
            Format::Text => Layout::Tabs,
        };
        Self {
            style,
            layout,
            page: String::new(),
            rows: Vec::new(),
            details: Vec::new(),
            lines: 0,
        }
    }

    /// Adds a record. Returns false if the reader of stdout has closed it.
    pub(super) fn add(&mut self, record: &Record<'_>, outcome: &str) -> Result<bool, Error> {
        match self.layout {
            Layout::Json => {
                self.page += &json(record, outcome);
                self.page.push('\n');
            }
            Layout::Tabs => push_lines(&mut self.page, record, outcome),
            Layout::Aligned => {
                if self.lines == 0 {
                    self.rows.push(HEADER.map(str::to_owned).to_vec());
                    self.details.push(String::new());
                }
                let detail = self.detail(record);
                for row in rows(record, outcome) {
                    self.rows.push(row);
                    self.details.push(detail.clone());
                }
            }
        }
        self.lines += 1;
        if self.page.len() < PAGE_BYTES && self.rows.len() < PAGE_ROWS {
            return Ok(true);
        }
        self.flush()
    }

    pub(super) fn flush(&mut self) -> Result<bool, Error> {
        let rows = std::mem::take(&mut self.rows);
        let details = std::mem::take(&mut self.details);
        for (row, detail) in aligned(&rows).lines().zip(details) {
            self.page += row;
            self.page.push('\n');
            self.page += &detail;
        }
        let page = std::mem::take(&mut self.page);
        if page.is_empty() {
            return Ok(true);
        }
        self.style.print_page(&page)
    }

    /// `RequestId`, reason and account as lines below a row.
    fn detail(&self, record: &Record<'_>) -> String {
        if self.style.verbose == 0 {
            return String::new();
        }
        let fields = [
            ("RequestId", record.request_id.as_deref()),
            ("reason", record.reason.as_deref()),
            ("account", record.identifier.as_deref()),
        ];
        let given = fields
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)));
        let line = |(name, text)| format!("    {name}: {}\n", sanitise(text));
        given.map(line).collect()
    }
}

fn json(record: &Record<'_>, outcome: &str) -> String {
    let shown = ShownJson {
        room_id: &record.room,
        members: &record.members,
        action_status: record.action_status.as_deref(),
        error_code: record.error_code,
        error_info: record.error_info.as_deref(),
        request_id: record.request_id.as_deref(),
        outcome,
        attempts: record.attempts,
        elapsed_ms: record.elapsed_ms,
        action: Action::name(record.action),
        reason: record.reason.as_deref(),
        time: &record.time,
    };
    serde_json::to_string(&shown).expect("strings and numbers serialise")
}

/// The columns of a record before and after the user: time, outcome, action, room;
/// `ErrorCode`, `RequestId`, `ErrorInfo`, reason, account.
fn columns<'a>(
    record: &'a Record<'_>,
    outcome: &'a str,
    code: &'a str,
) -> ([&'a str; 4], [&'a str; 5]) {
    let before = [&*record.time, outcome, record.action.name(), &record.room];
    let after = [
        code,
        record.request_id.as_deref().unwrap_or_default(),
        record.error_info.as_deref().unwrap_or_default(),
        record.reason.as_deref().unwrap_or_default(),
        record.identifier.as_deref().unwrap_or_default(),
    ];
    (before, after)
}

fn code_of(record: &Record<'_>) -> String {
    let code = record.error_code.map(|code| code.to_string());
    code.unwrap_or_default()
}

/// A line per member, in the columns of a pipe.
fn push_lines(page: &mut String, record: &Record<'_>, outcome: &str) {
    let code = code_of(record);
    let (before, after) = columns(record, outcome, &code);
    let [mut start, mut end] = [String::new(), String::new()];
    for text in before {
        push_cell(&mut start, text);
        start.push('\t');
    }
    for text in after {
        end.push('\t');
        push_cell(&mut end, text);
    }
    for user in &record.members {
        page.push_str(&start);
        push_cell(page, user);
        page.push_str(&end);
        page.push('\n');
    }
}

/// Adds text as a cell of a pipe, without a copy of its own.
fn push_cell(line: &mut String, text: &str) {
    match text {
        "" => line.push('-'),
        text => line.push_str(&sanitise(text)),
    }
}

/// A row per member, in the columns of a terminal.
fn rows(record: &Record<'_>, outcome: &str) -> Vec<Vec<String>> {
    let code = code_of(record);
    let (before, [code, _, info, _, _]) = columns(record, outcome, &code);
    let row = |user: &Cow<'_, str>| {
        let after = [&**user, code, info];
        let cells = before.into_iter().chain(after);
        cells.map(str::to_owned).collect()
    };
    record.members.iter().map(row).collect()
}
