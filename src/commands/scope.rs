//! Which flags of the connection a command has a use for. The others are refused
//! by name, which says more than "unknown", and its help does not show them.

use clap::Arg;

use crate::config::ConnectionArgs;
use crate::error::Error;

/// Nothing is silently ignored: `useful` are the flags, with their dashes, that
/// `command` has a use for.
pub(super) fn refuse_others(
    command: &str,
    connection: &ConnectionArgs,
    useful: &[&str],
) -> Result<(), Error> {
    match connection.first_given_besides(useful) {
        None => Ok(()),
        Some(flag) => {
            let message = format!("{command} has no use for {flag}");
            Err(Error::usage(message, format!("leave {flag} out")))
        }
    }
}

/// Takes a flag of the connection out of the help unless it is one of these.
pub(super) fn show_only(arg: Arg, useful: &[&str]) -> Arg {
    let is_connection = arg.get_help_heading() == Some("Connection");
    let is_useful = |flag: &&str| flag.strip_prefix("--") == arg.get_long();
    let hidden = is_connection && !useful.iter().any(is_useful);
    if hidden { arg.hide(true) } else { arg }
}
