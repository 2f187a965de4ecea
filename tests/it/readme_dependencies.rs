//! The README says why each dependency is there, and which crates are there twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::readme::chapter;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path).expect(name)
}

/// The crates in the tables `[dependencies]` of the manifest, those of a target included.
fn dependencies(manifest: &str) -> Vec<&str> {
    let tables = manifest.split("\n[");
    let tables = tables.filter_map(|table| table.split_once("]\n"));
    let ours =
        tables.filter(|(name, _)| *name == "dependencies" || name.ends_with(".dependencies"));
    ours.flat_map(|(_, rows)| rows.lines())
        .filter(|row| !row.starts_with('#'))
        .filter_map(|row| Some(row.split_once(" = ")?.0))
        .collect()
}

#[test]
fn the_readme_names_every_direct_dependency() {
    let manifest = file("Cargo.toml");
    let dependencies = dependencies(&manifest);
    assert!(dependencies.len() > 30, "{dependencies:?}");
    let chapter = chapter("Dependencies");
    for name in dependencies {
        assert!(chapter.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_readme_names_every_crate_that_is_there_twice() {
    let lock = file("Cargo.lock");
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lock.lines() {
        if let Some(name) = line.strip_prefix("name = ") {
            *versions.entry(name.trim_matches('"')).or_default() += 1;
        }
    }
    let chapter = chapter("Dependencies");
    let twice = versions.iter().filter(|(_, count)| **count > 1);
    for (name, count) in twice {
        assert!(chapter.contains(&format!("`{name}`")), "{count} × {name}");
    }
}
