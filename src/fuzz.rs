//! The targets of `tests/fuzz`: what holds for any bytes that a parser is given, from
//! the service, from a file or from a command line. Each panics where it does not hold.
//!
//! The parsers are not public, so the targets stand beside them, and this module
//! exists only with the feature `fuzzing`, which no user needs. Unit tests run each
//! target on its seeds, `tests/fuzz/seeds/TARGET`: an input that was found is added
//! there, and so is tested for ever.

/// A property, and its name.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Also the name of the folder with its seeds.
    pub name: &'static str,
    /// Panics if the property does not hold for these bytes.
    pub check: fn(&[u8]),
}

/// All targets.
pub const TARGETS: [Target; 6] = [
    target("answer", crate::api::fuzz::check),
    target("command_line", crate::cli::fuzz::check),
    target("config", crate::config::fuzz::check),
    target("journal", crate::job::journal::fuzz::check),
    target("list", crate::job::input::fuzz::check),
    target("usersig", crate::usersig::fuzz::check),
];

const fn target(name: &'static str, check: fn(&[u8])) -> Target {
    Target { name, check }
}

/// Stands for a secret in an input.
pub(crate) const SECRET_MARK: &str = "@SECRET@";

/// A key; as long and of the same digits as a real one.
pub(crate) const SECRET: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// The text up to the first line end, and the bytes after it. The line says how the
/// rest is read, so that seeds can be written by hand.
pub(crate) fn first_line(data: &[u8]) -> (String, &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let end = end.unwrap_or(data.len());
    let rest = data.get(end + 1..).unwrap_or_default();
    (String::from_utf8_lossy(&data[..end]).into_owned(), rest)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_target_holds_for_its_seeds() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds");
        for target in TARGETS {
            let folder = fs::read_dir(seeds.join(target.name)).expect(target.name);
            let files: Vec<_> = folder.map(|entry| entry.expect("a file").path()).collect();
            assert!(files.len() >= 5, "{}: {}", target.name, files.len());
            for file in files {
                let data = fs::read(&file).expect("a seed");
                let held = std::panic::catch_unwind(|| (target.check)(&data));
                assert!(held.is_ok(), "{} does not hold: {file:?}", target.name);
            }
        }
    }
}
