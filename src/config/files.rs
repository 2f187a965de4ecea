//! The files that settings are read from, so that a command can keep from
//! writing over them.

use std::path::PathBuf;

use super::args::ConnectionArgs;
use super::env::Env;
use super::layers::Layers;
use super::names::{CA_FILE, CONFIG, SECRET_KEY_FILE, USERSIG_FILE};
use super::profile::{ConfigFile, Profile};

/// Each with the place that names it; those alone that are named and whose names
/// are sound, as what is wrong with the others is told where they are read.
pub fn files(
    args: &ConnectionArgs,
    env: &Env,
    profile: Option<&Profile>,
) -> Vec<(String, PathBuf)> {
    let layers = Layers::new(args, env, profile);
    let named = [&SECRET_KEY_FILE, &USERSIG_FILE, &CA_FILE];
    let found = named.into_iter().filter_map(|name| layers.one(name));
    let files = found.filter_map(|found| Some((found.label(), found.path(env).ok()?)));
    let config = ConfigFile::locate(args, env).ok();
    let label = || {
        layers
            .one(&CONFIG)
            .map_or_else(configuration, |found| found.label())
    };
    config
        .map(|file| (label(), file))
        .into_iter()
        .chain(files)
        .collect()
}

fn configuration() -> String {
    "the configuration".into()
}
