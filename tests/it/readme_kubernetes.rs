//! The `CronJob` of the README: its container's command runs with the volumes as folders; its
//! exit codes and its account are those of the program and of the image.

use std::fs;
use std::path::Path;

use roomctl::exit::Exit;
use saphyr::{LoadableYamlNode, Yaml};

use crate::readme::{blocks, section};
use crate::readme_platforms::{get, items, named, text};
use crate::readme_recipes::{DEAD, Ended, command, end};
use crate::support::{Home, Sandbox};

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
