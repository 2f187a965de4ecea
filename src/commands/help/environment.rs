//! The topic `environment`: every variable that roomctl reads. Those of settings
//! come from the table of settings.

use std::fmt::Write as _;

use crate::config;

/// Variables that are not settings: name, effect, and the flag of the commands that
/// read the variable (none: all commands). The manual uses them, too.
pub(in crate::commands) const OTHERS: [(&str, &str, Option<&str>); 8] = [
    (
        "ROOMCTL_SANDBOX",
        "set by a sandbox: only loopback is called",
        Some("--sandbox"),
    ),
    (
        "ROOMCTL_COMPLETE",
        "a shell's name: prints its completion script",
        None,
    ),
    (
        "XDG_CONFIG_HOME, HOME",
        "the folders of the configuration file",
        Some("--config"),
    ),
    (
        "HTTPS_PROXY, ALL_PROXY",
        "http://[USER:PASSWORD@]HOST:PORT; not loopback",
        Some("--sandbox"),
    ),
    (
        "NO_PROXY",
        "hosts and domains to reach without a proxy",
        Some("--sandbox"),
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "the certificates of --tls-roots system",
        Some("--tls-roots"),
    ),
    (
        "NO_COLOR, CLICOLOR_FORCE",
        "no colour; colour everywhere",
        Some("--color"),
    ),
    ("TERM", "dumb: no colour and no bar", Some("--color")),
];

const ABOVE: &str = "\
Every setting can come from a flag, from a variable or from a profile. Value by
value, the order is: flag, the profile that --profile names, variable, the
profile of ROOMCTL_PROFILE or default_profile, built-in. White space around a
value is removed, and an empty variable is unset. Variables in a value ($HOME)
are not replaced. -v reports where each value came from.

";

const BELOW: &str = "
The variables of proxies are also read in lower case. --secret-key-file and
--usersig-file keep secrets out of the environment, where other programs of the
same account can see them.
";

/// The topic.
pub(super) fn text() -> String {
    let mut text = String::from(ABOVE);
    let mut row = |first: &str, rest: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", format!("  {first:<27}  {rest}").trim_end());
    };
    row("VARIABLE", "FLAG               PROFILE KEY");
    for (variable, flag, key) in config::table::variables() {
        row(
            variable,
            &format!("{flag:<17}  {}", key.unwrap_or_default()),
        );
    }
    row("", "");
    for (names, what, _) in OTHERS {
        row(names, what);
    }
    text + BELOW
}
