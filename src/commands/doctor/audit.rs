//! The check of the audit file that environment or profile name: whether a kick can
//! append to it. Without such a file there is no such check.

use std::path::PathBuf;

use serde_json::json;

use super::checklist::failed_with;
use super::settings::{place, source_data};
use crate::commands::kick;
use crate::config::{Setting, open_to_others};
use crate::file_name::{display_path, shell_quoted};
use crate::output::{Check, Status};

const NAME: &str = "audit";

/// The check. Leaves no new file.
pub(super) fn check(audit: &Setting<PathBuf>) -> Check {
    let Setting {
        value: path,
        source,
    } = audit;
    let state = match kick::check_audit(path) {
        Ok(state) => state,
        Err(problem) => return failed_with(NAME, &problem),
    };
    let mut found = vec![display_path(path)];
    let mut remedies = Vec::new();
    if !state.exists {
        found.push("(no file yet)".to_owned());
    }
    if let Some(mode) = open_to_others(path) {
        found.push(format!("(mode {mode:04o}: others can read or write it)"));
        remedies.push(format!("chmod 600 {}", shell_quoted(path)));
    }
    if state.is_torn {
        found.push("(the last line is incomplete)".to_owned());
        remedies.push("no action is needed: the next line begins after it".to_owned());
    }
    if state.is_held {
        found.push("(another program holds its lock)".to_owned());
        let path = shell_quoted(path);
        remedies.push(format!(
            "find the program: fuser -v {path}; lines are appended without the lock"
        ));
    }
    let (status, remedy) = match remedies.as_slice() {
        [] => (Status::Ok, None),
        remedies => (Status::Warn, Some(remedies.join("\n"))),
    };
    let found = found.join(" ");
    let check = Check::new(NAME, status, format!("{found}, {}", place(source)));
    check.with_remedy(remedy).with_data(json!({
        "File": path.to_string_lossy(),
        "Exists": state.exists,
        "Source": source_data(source),
    }))
}
