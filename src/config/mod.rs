//! Everything between the command line, the environment, the profiles and
//! settings that are ready to use.
//!
//! [`Profiles::load`] reads the configuration file, [`resolve`] finds each
//! value in the highest place that has it, checks it and remembers the place.
//! The one part of roomctl that reads variables, through an [`Env`] handed in.
//! Never prints: it returns values, warnings, provenance and errors.

mod args;
mod audit;
mod checked;
mod choice;
mod credential;
mod destination;
mod duration;
mod echo;
mod env;
mod error;
mod file;
mod files;
mod identity;
mod key;
mod key_command;
mod layers;
mod names;
mod output;
mod profile;
mod provenance;
mod proxy;
mod resolve;
mod settings;
mod signature;
mod signing;
mod source;
mod stdin;
mod suggest;
mod trust;
mod value;

pub(crate) use args::secret;
pub use args::{ConnectionArgs, OutputArgs};
pub use audit::audit;
pub use checked::{CheckedSettings, Timeouts, check_settings};
pub use choice::{ColorWhen, Format, TlsRoots};
pub use duration::format_duration;
pub use env::Env;
pub use error::Error;
pub use files::files;
pub use key_command::KeyCommand;
pub use names::variables;
pub use output::{Output, guess_output, resolve_output};
pub use profile::{ConfigFile, DisplayedValue, Profile, Profiles, Prompted, Values, profile_keys};
pub use provenance::{Provenance, provenance};
pub use resolve::{Inputs, caller, resolve, resolve_sandbox};
pub use settings::{CaFile, Credential, Mode, Rehearsal, Settings};
pub use signature::outlives;
pub use signing::{Signing, resolve_signing, usersig_operand};
pub use source::{Setting, Source};
pub use stdin::StdinClaim;
pub use suggest::nearest;
pub use value::SecretText;
