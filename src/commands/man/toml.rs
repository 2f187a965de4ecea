//! `roomctl.toml(5)`: the configuration file. Its keys come from the table of
//! settings, the meaning of most from the flag of the same name.

use clap::Command;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::page::{DATE, Page, SOURCE, full_help, verbatim};
use crate::config::table::{SettingSpec, profile_keys};

/// The variables for the file and the profile. Those of other settings are listed
/// with their keys.
const ENVIRONMENT: [(&str, &str); 4] = [
    (
        "ROOMCTL_CONFIG",
        "The configuration file, unless --config names one.",
    ),
    (
        "ROOMCTL_PROFILE",
        "The profile, unless --profile names one. It goes before default_profile.",
    ),
    (
        "XDG_CONFIG_HOME",
        "The folder of roomctl/config.toml, if no file is named.",
    ),
    (
        "HOME",
        "The folder that ~ stands for. It contains .config, which is used if XDG_CONFIG_HOME is not set.",
    ),
];

const FILES: [(&str, &str); 2] = [
    (
        "$XDG_CONFIG_HOME/roomctl/config.toml",
        "The configuration file, if neither --config nor ROOMCTL_CONFIG names one.",
    ),
    (
        "~/.config/roomctl/config.toml",
        "The configuration file, if XDG_CONFIG_HOME is not set.",
    ),
];

const EXAMPLE: &str = "\
default_profile = \"prod\"

[profiles.prod]
sdkappid = 1400000001
identifier = \"administrator\"
secret_key_file = \"key\"          # in the folder of this file; chmod 600
region = \"singapore\"
protect = [\"host-*\"]             # never removed
max_members = 1000

[profiles.vault]
sdkappid = 1400000001
identifier = \"administrator\"
secret_key_command = [\"pass\", \"show\", \"tencent/key\"]";

/// The page; `tree` is the whole command line.
pub(super) fn page(tree: &Command) -> Page {
    let mut roff = Roff::new();
    let title = ["ROOMCTL.TOML", "5", DATE, SOURCE, "roomctl manual"];
    roff.control("TH", title);
    heading(&mut roff, "NAME", "roomctl.toml - the profiles of roomctl");
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([italic("$XDG_CONFIG_HOME/roomctl/config.toml")]);
    heading(&mut roff, "DESCRIPTION", DESCRIPTION[0]);
    for paragraph in &DESCRIPTION[1..] {
        roff.control("PP", []);
        roff.text([roman(*paragraph)]);
    }
    roff.control("SH", ["KEYS"]);
    roff.control("TP", []);
    roff.text([bold("default_profile")]);
    let above = "Above all tables: the profile that is used if neither --profile nor \
                 ROOMCTL_PROFILE names one.";
    roff.text([roman(above)]);
    roff.control("PP", []);
    roff.text([roman("In a table "), bold("[profiles.NAME]"), roman(":")]);
    for (key, spec) in profile_keys() {
        entry(&mut roff, tree, key, spec);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for (variable, what) in ENVIRONMENT {
        roff.control("TP", []);
        roff.text([bold(variable)]);
        roff.text([roman(what)]);
    }
    roff.control("SH", ["FILES"]);
    for (file, when) in FILES {
        roff.control("TP", []);
        roff.text([italic(file)]);
        roff.text([roman(when)]);
    }
    roff.control("SH", ["EXAMPLES"]);
    verbatim(&mut roff, EXAMPLE.lines());
    roff.control("SH", ["SEE ALSO"]);
    roff.text([bold("roomctl"), roman("(1),")]);
    roff.text([bold("roomctl-profile"), roman("(1)")]);
    Page {
        file: "roomctl.toml.5".into(),
        text: roff.to_roff(),
    }
}

const DESCRIPTION: [&str; 4] = [
    "A TOML file of profiles: settings that need not be typed. --config or ROOMCTL_CONFIG \
     name another file. Without XDG_CONFIG_HOME the file is in ~/.config. An unknown key is \
     an error, reported with its line.",
    "Value by value, a flag comes first, then the profile that --profile names, then the \
     environment, then the profile of ROOMCTL_PROFILE or default_profile, then the \
     built-in default. Key, key file, key command, UserSig and UserSig file are one value and \
     a profile has one of them. Region and endpoint are one value, too; if both are given, \
     the endpoint counts.",
    "A file with secret_key, usersig or a rate_scope with a password in it, and a file that secret_key_file or \
     usersig_file names, is refused if other users can read it: chmod 600. Any of these files \
     is refused if others can write it: chmod go-w. A relative file name starts at the folder of this file, and ~ is the home directory.",
    "roomctl profile writes this file, keeps its comments and its order, and shows no secret.",
];

fn heading(roff: &mut Roff, name: &'static str, text: &str) {
    roff.control("SH", [name]);
    roff.text([roman(text)]);
}

/// The key, what it holds, what it means, and its flag and variable.
fn entry(roff: &mut Roff, tree: &Command, key: &'static str, spec: &SettingSpec) {
    let own = spec.key_help.map(str::to_owned);
    let text = own.or_else(|| flag_help(tree, spec.flag?));
    let text = text.unwrap_or_default();
    roff.control("TP", []);
    roff.text([bold(key), roman(format!(" ({})", spec.kind.in_toml()))]);
    roff.text([roman(format!("{}.", text.trim_end_matches('.')))]);
    if let Some(flag) = spec.flag {
        let variable = spec.variable.map(|name| format!(", variable {name}"));
        let variable = variable.unwrap_or_default();
        roff.text([roman(format!("Flag {flag}{variable}."))]);
    }
}

/// The help of a flag of kick, without variable and profile key, which the page
/// names itself.
fn flag_help(tree: &Command, flag: &str) -> Option<String> {
    let name = flag.trim_start_matches('-');
    let kick = tree.find_subcommand("kick")?;
    let mut args = kick.get_arguments();
    let arg = args.find(|arg| arg.get_long() == Some(name))?;
    let mut text = full_help(arg);
    for place in ["[env: ", "[profile: "] {
        if let Some(start) = text.find(place) {
            let end = text[start..]
                .find(']')
                .map_or(text.len(), |end| start + end + 1);
            text.replace_range(start..end, "");
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A sentence that ended with one of them.
    Some(text.replace(" .", "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines below a heading, up to the next one.
    fn section(name: &str) -> String {
        let page = page(&Command::new("roomctl")).text;
        let heading = format!(".SH {name}\n");
        let below = page.split_once(&heading).expect(name).1;
        below.split("\n.SH ").next().unwrap_or_default().to_owned()
    }

    #[test]
    fn the_page_names_the_file_and_its_variables() {
        let files = section("FILES");
        for file in ["$XDG_CONFIG_HOME", "~/.config"] {
            assert!(
                files.contains(&format!("{file}/roomctl/config.toml")),
                "{files}"
            );
        }
        let environment = section("ENVIRONMENT");
        for variable in [
            "ROOMCTL_CONFIG",
            "ROOMCTL_PROFILE",
            "XDG_CONFIG_HOME",
            "HOME",
        ] {
            let entry = format!(".TP\n\\fB{variable}\\fR\n");
            assert!(environment.contains(&entry), "{entry} in {environment}");
        }
    }
}
