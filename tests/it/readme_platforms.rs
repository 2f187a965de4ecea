//! The recipes of the README for platforms that are not here: GitHub Actions and docker;
//! `readme_kubernetes` and `readme_systemd` have the others. Their files are parsed; what
//! they would run is run, with the folders, variables and exit codes of the platform.

use std::fs;
use std::path::Path;
use std::process::Command;

use saphyr::{LoadableYamlNode, Yaml};

use crate::readme::{blocks, readme, section};
use crate::readme_recipes::{DEAD, command, end, home};
use crate::support::{Home, Roomctl, Sandbox, any, is_installed};

/// The text of a value that is text.
pub(crate) fn text<'a>(value: &'a Yaml<'_>) -> &'a str {
    value.as_str().unwrap_or_else(|| panic!("{value:?}"))
}

pub(crate) fn items<'a, 'input>(value: &'a Yaml<'input>) -> &'a Vec<Yaml<'input>> {
    value.as_vec().unwrap_or_else(|| panic!("{value:?}"))
}

/// The value of a key that may be missing.
pub(crate) fn get<'a, 'input>(value: &'a Yaml<'input>, key: &str) -> Option<&'a Yaml<'input>> {
    value.as_mapping_get(key)
}

/// The element with this `name`.
pub(crate) fn named<'a, 'input>(list: &'a Yaml<'input>, name: &str) -> &'a Yaml<'input> {
    let found = items(list)
        .iter()
        .find(|item| get(item, "name").and_then(Yaml::as_str) == Some(name));
    found.unwrap_or_else(|| panic!("{name}: {list:?}"))
}

/// A release with the program that is tested, in a folder of the home; its sum.
fn release(home: &Home) -> String {
    let name = format!(
        "roomctl-{}-x86_64-unknown-linux-gnu",
        env!("CARGO_PKG_VERSION")
    );
    let folder = home.path().join("release").join(&name);
    fs::create_dir_all(&folder).expect("folders");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_roomctl"), folder.join("roomctl"))
        .expect("a link");
    let script =
        format!("cd release; tar -czf {name}.tar.gz {name}; rm -r {name}; sha256sum {name}.tar.gz");
    let done = end_of(&["sh", "-c", &script], home);
    done.split(' ').next().expect("a sum").to_owned()
}

fn end_of(words: &[&str], home: &Home) -> String {
    let output = Command::new(words[0])
        .args(&words[1..])
        .current_dir(home.path())
        .output();
    String::from_utf8(output.expect("it starts").stdout).expect("UTF-8")
}

/// The shell steps of the workflow, each as the runner runs it: exit codes up to the first
/// that fails.
fn workflow(home: &Home, sandbox: &Sandbox, endpoint: &str, sum: &str) -> Vec<Option<i32>> {
    let yaml = blocks(&section("GitHub Actions"), "yaml").remove(0);
    let documents = Yaml::load_from_str(&yaml).expect("YAML");
    let job = &documents[0]["jobs"]["nightly"];
    let release = format!("file://{}/release", home.path().display());
    let value_of = |value: &str| match value {
        "${{ vars.RELEASE }}" => release.clone(),
        "${{ vars.SHA256 }}" => sum.to_owned(),
        "${{ vars.ROOMCTL_SDKAPPID }}" => sandbox.sdkappid().to_string(),
        "${{ secrets.ROOMCTL_SECRET_KEY }}" => sandbox.key().to_owned(),
        plain if !plain.contains("${{") => plain.to_owned(),
        unknown => panic!("{unknown}"),
    };
    let paths = home.path().join("paths");
    fs::write(&paths, "").expect("the file");
    let mut codes = Vec::new();
    for step in items(&job["steps"]) {
        let Some(script) = get(step, "run").and_then(Yaml::as_str) else {
            assert!(text(&step["uses"]).starts_with("actions/"), "{step:?}");
            continue;
        };
        home.file("step.sh", script);
        let bash = [
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "step.sh",
        ];
        let mut run = command(&bash, home.path(), endpoint);
        let added = fs::read_to_string(&paths)
            .expect("the file")
            .replace('\n', ":");
        run.env("PATH", format!("{added}/usr/bin:/bin"));
        run.env("GITHUB_PATH", &paths);
        for env in [get(job, "env"), get(step, "env")].into_iter().flatten() {
            for (name, value) in env.as_mapping().expect("variables") {
                run.env(text(name), value_of(text(value)));
            }
        }
        let code = end(run).code;
        codes.push(code);
        if code != Some(0) {
            break;
        }
    }
    codes
}

#[test]
fn the_workflow_installs_the_release_and_ends_with_the_exit_code_of_the_list() {
    if !is_installed("curl") {
        return;
    }
    let sandbox = Sandbox::demo();
    let good = home(&["user1", "gone"]);
    let sum = release(&good);
    let codes = workflow(&good, &sandbox, &sandbox.endpoint(), &sum);
    assert_eq!(codes, [Some(0); 3]);
    // The service cannot be reached: the check before the job finds it.
    let dead = home(&["user2"]);
    let sum = release(&dead);
    assert_eq!(workflow(&dead, &sandbox, DEAD, &sum), [Some(0), Some(5)]);
    // The list has a fault.
    let wrong = home(&["user3"]);
    let sum = release(&wrong);
    wrong.file("abusers.csv", "room,user\nroom-test,\n");
    let codes = workflow(&wrong, &sandbox, &sandbox.endpoint(), &sum);
    assert_eq!(codes, [Some(0), Some(0), Some(2)]);
}

#[test]
fn the_workflow_does_not_unpack_a_tarball_of_another_sum() {
    if !is_installed("curl") {
        return;
    }
    let (sandbox, home) = (Sandbox::untouched(), home(&["user1"]));
    let sum = release(&home).replace(|c: char| c.is_ascii_digit(), "a");
    assert_eq!(workflow(&home, &sandbox, DEAD, &sum), [Some(1)]);
    let name = format!(
        "roomctl-{}-x86_64-unknown-linux-gnu",
        env!("CARGO_PKG_VERSION")
    );
    assert!(home.path().join(format!("{name}.tar.gz")).exists());
    assert!(!home.path().join(name).exists());
}

#[test]
fn the_recipes_set_variables_that_exist() {
    let help = Roomctl::new("help environment")
        .stdout(any())
        .exits(0)
        .stdout;
    for name in ["GitHub Actions", "systemd", "docker", "Kubernetes"] {
        let recipe = section(name);
        let words = recipe.split(|c: char| !c.is_ascii_uppercase() && c != '_');
        let variables: Vec<&str> = words.filter(|word| word.starts_with("ROOMCTL_")).collect();
        assert!(variables.len() >= 3, "{variables:?}");
        for variable in variables {
            assert!(
                help.split_whitespace().any(|word| word == variable),
                "{variable}"
            );
        }
    }
}

#[test]
fn the_recipes_name_this_version() {
    let text = readme();
    let version = env!("CARGO_PKG_VERSION");
    let digits = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let named = ["roomctl-", "roomctl:", "roomctl_"];
    let found = named
        .iter()
        .flat_map(|name| text.split(name).skip(1))
        .filter(|rest| digits(rest));
    let wrong: Vec<&str> = found
        .clone()
        .filter(|rest| !rest.starts_with(version))
        .collect();
    assert!(wrong.is_empty() && found.count() >= 3, "{wrong:?}");
}

/// Takes the place of docker: runs the entry point with the folders and variables of the
/// container.
const DOCKER: &str = r#"#!/bin/sh
set -eu
[ "$1" = run ]; shift
rules=; folder=
while :; do
  case $1 in
    --rm|--read-only) shift ;;
    --cap-drop) [ "$2" = ALL ]; shift 2 ;;
    --user) [ "$2" = "$(id -u):$(id -g)" ]; shift 2 ;;
    --env) export "$2"; shift 2 ;;
    --volume)
      host=${2%%:*}; inside=${2#*:}; inside=${inside%:ro}
      case $inside in /var/lib/roomctl) folder=$host ;; *) rules="$rules;s|$inside|$host|" ;; esac
      shift 2 ;;
    roomctl:*) shift; break ;;
    *) exit 125 ;;
  esac
done
ROOMCTL_SECRET_KEY_FILE=$(printf %s "$ROOMCTL_SECRET_KEY_FILE" | sed "${rules#;}")
export ROOMCTL_SECRET_KEY_FILE
cd "$folder"
exec roomctl "$@"
"#;

#[test]
fn the_command_for_docker_kicks_and_continues() {
    let sandbox = Sandbox::demo();
    let home = home(&["user1", "gone"]);
    home.file(".config/roomctl/key", sandbox.key());
    home.file_of_mode("bin/docker", DOCKER, 0o755);
    home.file("job.sh", blocks(&section("docker"), "sh").remove(0));
    for _ in 0..2 {
        let mut run = command(&["sh", "-eu", "job.sh"], home.path(), &sandbox.endpoint());
        let binary = Path::new(env!("CARGO_BIN_EXE_roomctl"))
            .parent()
            .expect("a folder");
        let path = format!(
            "{}/bin:{}:/usr/bin:/bin",
            home.path().display(),
            binary.display()
        );
        let ended = end({
            run.env("PATH", path);
            run
        });
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    assert!(home.path().join("night.journal").exists());
}
