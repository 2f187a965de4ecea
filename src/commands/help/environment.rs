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
        "http:, https:, socks5: or socks5h://HOST:PORT",
        Some("--sandbox"),
    ),
    (
        "NO_PROXY",
        "names, HOST:PORT, addresses, 10.0.0.0/8: no proxy",
        Some("--sandbox"),
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "the system's roots; if set, --tls-roots is system",
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
The variables of proxies are also read in lower case, which goes first; loopback
never has a proxy. USER:PASSWORD@ may stand before its host. With socks5h: the
proxy looks names up, with socks5: this machine does.
--secret-key-file and --usersig-file keep secrets out of the environment, where
other programs of the same account can see them.
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
