//! The recipes of the README for platforms that are not here: GitHub Actions, Kubernetes,
//! docker. Their files are parsed; what they would run is run, with the folders, variables
//! and exit codes that the platform would use.

use std::fs;
use std::path::Path;
use std::process::Command;

use roomctl::exit::Exit;
use saphyr::{LoadableYamlNode, Yaml};

use crate::readme::{blocks, readme, section};
use crate::readme_recipes::{DEAD, Ended, command, end, home};
use crate::support::{Home, Roomctl, Sandbox, any, is_installed};

/// The text of a value that is text.
fn text<'a>(value: &'a Yaml<'_>) -> &'a str {
    value.as_str().unwrap_or_else(|| panic!("{value:?}"))
}

fn items<'a, 'input>(value: &'a Yaml<'input>) -> &'a Vec<Yaml<'input>> {
    value.as_vec().unwrap_or_else(|| panic!("{value:?}"))
}

/// The value of a key that may be missing.
fn get<'a, 'input>(value: &'a Yaml<'input>, key: &str) -> Option<&'a Yaml<'input>> {
    value.as_mapping_get(key)
}

/// The element with this `name`.
fn named<'a, 'input>(list: &'a Yaml<'input>, name: &str) -> &'a Yaml<'input> {
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

/// The pod's specification in the recipe, and the job's.
fn cron_job<R>(check: impl FnOnce(&Yaml<'_>, &Yaml<'_>) -> R) -> R {
    let yaml = blocks(&section("Kubernetes"), "yaml").remove(0);
    let documents = Yaml::load_from_str(&yaml).expect("YAML");
    let job = documents
        .iter()
        .find(|one| one["kind"].as_str() == Some("CronJob"));
    let job = &job.expect("a CronJob")["spec"]["jobTemplate"]["spec"];
    let claims = documents
        .iter()
        .filter(|one| one["kind"].as_str() == Some("PersistentVolumeClaim"));
    let claims: Vec<&str> = claims.map(|one| text(&one["metadata"]["name"])).collect();
    let pod = &job["template"]["spec"];
    let journals = &named(&pod["volumes"], "journals")["persistentVolumeClaim"];
    assert_eq!(claims, [text(&journals["claimName"])]);
    check(job, pod)
}

/// Runs the container's command with its volumes as folders of the home.
fn pod(home: &Home, job: &str, endpoint: &str) -> Ended {
    cron_job(|_, pod| {
        let container = named(&pod["containers"], "roomctl");
        let inside = |value: &str| {
            let mut value = value.replace("$(JOB)", job);
            for mount in items(&container["volumeMounts"]) {
                named(&pod["volumes"], text(&mount["name"]));
                let folder = home.path().join(text(&mount["name"]));
                let folder = folder.to_str().expect("UTF-8");
                value = value.replace(text(&mount["mountPath"]), folder);
            }
            assert!(!value.contains("$("), "{value}");
            value
        };
        let args = items(&container["args"])
            .iter()
            .map(|arg| inside(text(arg)));
        let words: Vec<String> = ["roomctl".to_owned()].into_iter().chain(args).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut run = command(&words, &home.path().join("journals"), endpoint);
        for env in items(&container["env"]) {
            if let Some(value) = get(env, "value").and_then(Yaml::as_str) {
                run.env(text(&env["name"]), inside(value));
            }
        }
        end(run)
    })
}

#[test]
fn the_pod_kicks_and_the_next_pod_of_the_job_continues() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    home.file_of_mode("key/key", sandbox.key(), 0o400);
    home.file_of_mode(
        "list/abusers.csv",
        "room,user\nroom-test,user1\nroom-test,nobody\n",
        0o644,
    );
    home.file("journals/keep", "");
    let dead = pod(&home, "night-1", DEAD);
    assert_eq!(dead.code, Some(5), "{}", dead.stderr);
    let first = pod(&home, "night-1", &sandbox.endpoint());
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let again = pod(&home, "night-1", &sandbox.endpoint());
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(
        again.stderr.contains("2 of 2 already settled"),
        "{}",
        again.stderr
    );
    let next_night = pod(&home, "night-2", &sandbox.endpoint());
    assert!(
        !next_night.stderr.contains("already settled"),
        "{}",
        next_night.stderr
    );
}

#[test]
fn the_job_is_run_again_only_after_codes_for_which_that_can_help() {
    cron_job(|job, pod| {
        let rules = items(&job["podFailurePolicy"]["rules"]);
        let rule = rules
            .iter()
            .find(|rule| rule["action"].as_str() == Some("FailJob"));
        let given = items(&rule.expect("a rule")["onExitCodes"]["values"]);
        let given: Vec<i64> = given.iter().filter_map(Yaml::as_integer).collect();
        let helps = [0, 5, 129, 130, 143];
        let codes = Exit::ALL.iter().map(|exit| i64::from(exit.code()));
        let expected: Vec<i64> = codes.filter(|code| !helps.contains(code)).collect();
        assert_eq!(given, expected);
        // `podFailurePolicy` needs it.
        assert_eq!(text(&pod["restartPolicy"]), "Never");
        assert!(
            job["backoffLimit"]
                .as_integer()
                .is_some_and(|limit| limit > 0)
        );
    });
}

#[test]
fn the_pod_fits_the_image() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/release");
    let script = fs::read_to_string(script).expect("the script");
    cron_job(|_, pod| {
        let user = pod["securityContext"]["runAsUser"]
            .as_integer()
            .expect("a user");
        assert!(script.contains(&format!("\nIMAGE_USER={user}\n")));
        for group in ["runAsGroup", "fsGroup"] {
            assert_eq!(pod["securityContext"][group].as_integer(), Some(user));
        }
        let mounts = &named(&pod["containers"], "roomctl")["volumeMounts"];
        let folder = text(&named(mounts, "journals")["mountPath"]);
        assert!(script.contains(&format!("\nJOURNALS={}\n", folder.trim_start_matches('/'))));
    });
    let yaml = blocks(&section("Kubernetes"), "yaml").remove(0);
    assert!(yaml.contains("defaultMode: 0400\n"), "{yaml}");
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
