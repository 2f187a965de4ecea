//! A word of a corrected line, and how values are shown: secrets never.

use std::ffi::OsString;

use clap::Arg;

use crate::config::nearest;
use crate::config::table::is_secret_flag;

/// A word of the corrected line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Word {
    /// For the checks. A missing value has an example in its place. None where the
    /// word would change how the problems are printed.
    pub(in crate::cli) checked: Option<OsString>,
    /// For the hint. A secret or a missing value has a placeholder in its place.
    pub(in crate::cli) shown: String,
}

impl Word {
    pub(super) fn new(text: impl Into<OsString>) -> Self {
        let text = text.into();
        let shown = text.to_string_lossy().into_owned();
        Self {
            checked: Some(text),
            shown,
        }
    }

    pub(super) fn only_shown(shown: impl Into<String>) -> Self {
        Self {
            checked: None,
            shown: shown.into(),
        }
    }
}

pub(super) fn value_word(arg: &Arg, value: OsString) -> Word {
    let shown = if is_secret(arg) {
        value_name(arg).to_owned()
    } else {
        value.to_string_lossy().into_owned()
    };
    Word {
        checked: Some(value),
        shown,
    }
}

pub(super) fn value_name(arg: &Arg) -> &str {
    let names = arg.get_value_names().unwrap_or_default();
    names.first().map_or("VALUE", |name| name.as_str())
}

/// A value in the place of a missing one, so that the flag is not missing as well.
pub(super) fn example(arg: &Arg) -> Option<&'static str> {
    Some(match value_name(arg) {
        "DURATION" => "60s",
        "N" | "N|P%" => "1",
        // Standard input, which is not read for a check.
        "FILE" => "-",
        _ => return None,
    })
}

/// The flag as it is typed.
pub(super) fn flag_of(arg: &Arg) -> String {
    match (arg.get_long(), arg.get_short()) {
        (Some(name), _) => format!("--{name}"),
        (None, letter) => format!("-{}", letter.unwrap_or('-')),
    }
}

pub(super) fn is_secret(arg: &Arg) -> bool {
    is_secret_flag(&flag_of(arg))
}

/// Whether the flag itself was meant, with a typing error.
pub(super) fn is_near(arg: &Arg, typed: &str) -> bool {
    nearest(typed, [flag_of(arg).as_str()]).is_some()
}

/// A key on the command line is visible to other users.
pub(super) fn secret_advice(arg: &Arg, typed: &str) -> String {
    let flag = flag_of(arg);
    if is_secret(arg) && !is_near(arg, typed) {
        format!("did you mean {flag}-file FILE? With {flag} other users see the value")
    } else {
        did_you_mean(flag)
    }
}

pub(super) fn did_you_mean(nearest: impl std::fmt::Display) -> String {
    format!("did you mean {nearest}?")
}
