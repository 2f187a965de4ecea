//! `man/` and `completions/` are what the program makes, byte for byte. After a
//! change of the command line:
//!
//!     ROOMCTL_REWRITE=1 cargo test --test it artefacts

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Home, Roomctl, any, is_rewriting};

/// Files by name.
type Files = BTreeMap<String, String>;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn files(folder: &Path) -> Files {
    let mut files = Files::new();
    for file in fs::read_dir(folder).into_iter().flatten() {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        files.insert(name.into(), fs::read_to_string(&path).expect("text"));
    }
    files
}

/// Fails unless the folder has exactly these files.
fn are_checked_in(name: &str, made: &Files) {
    let folder = folder(name);
    if is_rewriting() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        for (file, text) in made {
            fs::write(folder.join(file), text).expect("written");
        }
    }
    let there = files(&folder);
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there), names(made), "files of {name}/");
    for (file, text) in made {
        assert!(
            &there[file] == text,
            "{name}/{file} is not what roomctl makes"
        );
    }
}

fn pages() -> Files {
    let home = Home::new();
    let man = Roomctl::new("man --out pages").home(&home).stdout(any());
    let reported = man.exits(0).stdout;
    let pages = files(&home.path().join("pages"));
    let mut named: Vec<&str> = reported
        .lines()
        .filter_map(|line| line.strip_prefix("pages/"))
        .collect();
    named.sort_unstable();
    assert_eq!(named, pages.keys().map(String::as_str).collect::<Vec<_>>());
    pages
}

const SHELLS: [(&str, &str); 5] = [
    ("bash", "roomctl.bash"),
    ("zsh", "_roomctl"),
    ("fish", "roomctl.fish"),
    ("powershell", "_roomctl.ps1"),
    ("elvish", "roomctl.elv"),
];

fn script(shell: &str) -> String {
    let completions = Roomctl::new("completions").arg(shell).stdout(any());
    completions.exits(0).stdout
}

#[test]
fn the_manual_is_what_the_program_makes() {
    are_checked_in("man", &pages());
}

#[test]
fn the_completions_are_what_the_program_makes() {
    let scripts = SHELLS.map(|(shell, file)| (file.to_owned(), script(shell)));
    are_checked_in("completions", &scripts.into());
}

#[test]
fn the_terminals_language_and_colours_do_not_change_them() {
    let other = |words: &str| {
        let run = Roomctl::new(words).env("COLUMNS", "40").env("LANG", "C");
        let run = run.env("CLICOLOR_FORCE", "1").env("TERM", "xterm");
        run.stdout(any()).exits(0).stdout
    };
    assert_eq!(other("man"), pages()["roomctl.1"]);
    assert_eq!(other("completions zsh"), script("zsh"));
}
