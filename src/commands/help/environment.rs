//! The topic `environment`: every variable that roomctl reads. Those of
//! settings come from the one table of their names.

use std::fmt::Write as _;

use crate::config;

const ABOVE: &str = "\
Every setting can come from a flag, from a variable or from a profile. The order,
value by value: flag, the profile that --profile names, variable, the profile of
ROOMCTL_PROFILE or default_profile, built-in. An empty variable is unset; -v says
where each value came from.

";

const BELOW: &str = "
Not settings of their own:

  ROOMCTL_SANDBOX           set by roomctl sandbox -- COMMAND: endpoints off this
                            machine are refused
  XDG_CONFIG_HOME, HOME     where the configuration file is looked for
  HTTPS_PROXY, ALL_PROXY    http://[USER:PASSWORD@]HOST:PORT, also in lower case;
                            never for loopback
  NO_PROXY                  hosts and domains that are reached without it
  SSL_CERT_FILE             the system's certificates, with --tls-roots system
  NO_COLOR, CLICOLOR_FORCE  no colour; colour in pipes, too
  TERM                      dumb: no colour, and no bar

--secret-key-file and --usersig-file keep secrets out of the environment, where
other programs of the same account can see them.
";

/// The topic.
pub(super) fn text() -> String {
    let mut text = String::from(ABOVE);
    let mut row = |variable: &str, flag: &str, key: &str| {
        let line = format!("  {variable:<24}  {flag:<18}  {key}");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    };
    row("VARIABLE", "FLAG", "PROFILE KEY");
    for (variable, flag, key) in config::variables() {
        row(variable, flag, key.unwrap_or_default());
    }
    text + BELOW
}
