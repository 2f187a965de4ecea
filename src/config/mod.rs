//! Settings: from the command line, the environment and the profiles to values
//! that are checked and know their source.
//!
//! `table` has a row for every setting. `Profiles::load` reads the
//! configuration file; `resolve` finds each value in the highest layer that
//! has it and checks it. Nothing here prints, and no other part of roomctl reads
//! variables.
//!
//! To add a setting: a row in `table.rs`, a field of `Settings` that
//! `resolve.rs` fills, and its use.

mod args;
mod choice;
mod credential;
mod endpoint;
mod env;
mod file;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzz;
mod key_command;
mod layers;
mod new_values;
mod output;
mod pasted;
mod profile;
mod profile_edit;
mod profile_file;
mod rate_scope;
mod resolve;
mod secret_text;
mod setting_spec;
mod settings;
mod signing;
mod stdin;
pub(crate) mod table;
mod toml_text;
mod trust;
mod value;

pub(crate) use args::{ConnectionArgs, one_of, secret_parser, show_only};
pub use choice::Format;
pub(crate) use choice::{CheckRoom, Choice, ColorWhen, ConfirmBy, nearest};
pub(crate) use credential::{
    Access, Credential, SecretFacts, check_usersig_outlives, secret_facts, usersig_operand,
};
pub(crate) use endpoint::{Destination, SANDBOX_VARIABLE};
pub(crate) use env::Env;
pub(crate) use file::{FileText, display_path, open_to_others, shell_quoted};
pub(crate) use key_command::KeyCommand;
pub(crate) use layers::{audit_file, input_files};
pub(crate) use new_values::{GivenValues, NewValues};
pub(crate) use output::{OutputArgs, guess_output, output_lines, resolve_output};
pub(crate) use profile::{Profile, Profiles};
pub(crate) use profile_edit::{ConfigFile, KeyChanges};
pub(crate) use rate_scope::{RateScope, rate_scope, scope_warning};
pub(crate) use resolve::{
    CheckedSettings, Inputs, SandboxAccount, caller, check_settings, resolve,
};
pub(crate) use secret_text::hint_about_usersig;
pub(crate) use settings::{SettingLine, Settings, SigningSettings};
pub(crate) use signing::{check_signing, resolve_signing};
pub(crate) use stdin::{NoEcho, StdinClaim};
pub(crate) use trust::Trust;
pub(crate) use value::{RawData, RawValue, SecretText, Setting, Source};
