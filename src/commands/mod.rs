//! A module per command: its flags and its `run(args, context)`. A command connects
//! configuration, client, engine and output with each other. It never calls another
//! command. What commands share is in the private modules.

pub(crate) mod completions;
mod context;
pub(crate) mod doctor;
pub(crate) mod explain;
mod fetch;
mod file_conflicts;
pub(crate) mod help;
mod help_layout;
pub(crate) mod journal;
pub(crate) mod kick;
mod list_flags;
pub(crate) mod lookup;
pub(crate) mod man;
pub(crate) mod profile;
mod reading;
mod refusal;
mod room_client;
pub(crate) mod sandbox;
mod session;
pub(crate) mod usersig;

pub(crate) use context::{Accepts, CommandArgs, CommonFlags, Context, WithCommon, not_accepted};
pub(crate) use help_layout::COMPACT;
