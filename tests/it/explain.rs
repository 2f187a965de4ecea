//! `explain`: the meaning of a code, its remedy, what roomctl does about it and
//! its exit code; roomctl's own exit codes; the whole table.

use roomctl::api::codes::{Class, TABLE, class};
use roomctl::exit::Exit;
use serde_json::Value;

use crate::support::{KEY, Roomctl, any, has, is};

fn explained(words: &str) -> Vec<Value> {
    let run = Roomctl::new("explain -o json").args(words);
    run.stdout(any()).exits(0).results()
}

#[test]
fn a_code_is_shown_with_its_meaning_remedy_reaction_and_exit_code() {
    let text = "\
ErrorCode 60026: this region is not the SDKAppID's data centre
what helps: usually the wrong region: try another --region (the console shows the app's data centre)
roomctl: stop (no request would succeed: the whole job stops at once, before the service blocks it)
exit code: 4 (the service rejected the credentials or the region)
";
    Roomctl::new("explain 60026").stdout(is(text)).exits(0);
}

#[test]
fn every_documented_code_names_its_reaction_and_its_exit_code() {
    for row in TABLE {
        let entry = explained(&row.code.to_string()).remove(0);
        assert_eq!(entry["Code"], row.code);
        assert_eq!(entry["Kind"], "service");
        assert_eq!(entry["Meaning"], row.meaning);
        assert_eq!(entry["Remedy"], row.remedy);
        let (actions, exit) = match class(row.code) {
            Class::Done => (&["done"][..], 0),
            Class::Retry => (&["retry"][..], 5),
            Class::Slow => (&["slow down"][..], 5),
            Class::Credentials => (&["stop"][..], 4),
            Class::RetryOnce => (&["retry once"][..], 4),
            Class::Never => (&["give up", "split"][..], 1),
            Class::Doubt => (&["doubt"][..], 5),
        };
        let action = entry["Action"].as_str().expect("a word");
        assert!(actions.contains(&action), "{entry}");
        assert_eq!(entry["ExitCode"], exit, "{entry}");
    }
}

#[test]
fn what_helps_names_region_arrears_and_bans() {
    for (code, words) in [
        ("70009", ["--region", "data centre"]),
        ("60020", ["arrears", "top up"]),
        ("60005", ["once more after a second", "exit code: 4"]),
        ("70052", ["expired", "clock"]),
        ("100016", ["banned already", "roomctl bans --room ROOM"]),
        ("100204", ["seats", "give up"]),
    ] {
        Roomctl::new("explain")
            .args(code)
            .stdout(has(words))
            .exits(0);
    }
}

#[test]
fn codes_whose_batches_are_split_are_described_so() {
    for code in [100_005, 100_002, 100_006, 70_107] {
        assert_eq!(explained(&code.to_string())[0]["Action"], "split", "{code}");
    }
    let absent = Roomctl::new("explain 100005");
    absent.stdout(has(["--ignore-absent"])).exits(0);
}

#[test]
fn exit_codes_of_its_own_are_explained() {
    let text = "\
exit code 6: partial: some removed, some not (or found in the room by --verify)
what helps: --failed-to FILE writes the members that were not removed, for --from FILE of the next run
";
    Roomctl::new("explain 6").stdout(is(text)).exits(0);
    for exit in Exit::ALL.into_iter().skip(1) {
        let entry = explained(&exit.code().to_string()).remove(0);
        assert_eq!(entry["Kind"], "exit");
        assert_eq!(entry["Meaning"], exit.meaning());
        assert_eq!(entry["ExitCode"], exit.code());
    }
    let zero = explained("0");
    assert_eq!(zero[0]["Meaning"], "success");
    assert_eq!(zero[1]["Meaning"], Exit::Done.meaning());
}

#[test]
fn an_http_status_is_explained_too() {
    assert_eq!(explained("429")[0]["Action"], "slow down");
    assert_eq!(explained("502")[0]["Action"], "doubt");
}

#[test]
fn an_unlisted_code_is_explained_by_its_range() {
    for (code, action, exit) in [
        (60_099, "stop", 4),
        (70_999, "stop", 4),
        (123_456, "give up", 1),
        (-1, "give up", 1),
        (8, "give up", 1),
    ] {
        let entry = explained(&code.to_string()).remove(0);
        assert_eq!(entry["Listed"], false);
        assert_eq!(entry["Action"], action, "{code}");
        assert_eq!(entry["ExitCode"], exit, "{code}");
        let meaning = entry["Meaning"].as_str().expect("words");
        assert!(meaning.starts_with("not listed; "), "{meaning}");
    }
    Roomctl::new("explain 60099")
        .stdout(has(["not listed; 60xxx and 70xxx", "stop", "exit code: 4"]))
        .exits(0);
}

#[test]
fn without_a_code_the_table_has_the_services_codes_and_then_its_own() {
    let table = explained("");
    let codes: Vec<i64> = table
        .iter()
        .filter_map(|row| row["Code"].as_i64())
        .collect();
    let service = TABLE.iter().map(|row| row.code);
    let own = Exit::ALL.iter().map(|exit| i64::from(exit.code()));
    assert_eq!(codes, service.chain(own).collect::<Vec<i64>>());
    let text = Roomctl::new("explain").stdout(any()).exits(0).stdout;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), codes.len() + 3, "two headings and a gap");
    assert_eq!(lines[0], "ERRORCODE  ROOMCTL      EXIT  MEANING");
    assert_eq!(
        lines[1],
        "60002      give up      1     the HTTP request could not be read"
    );
    let last = "143        interrupted  interrupted by SIGTERM after finishing what was in flight";
    assert_eq!(lines.last(), Some(&last));
}

#[test]
fn an_argument_that_is_not_a_number_is_exit_2_with_an_example() {
    for word in ["sixty", "0x10", "60026x", "1e3"] {
        let run = Roomctl::new("explain").arg(word);
        run.stderr(has(["is not a code", word, "hint: roomctl explain 60026"]))
            .exits(2);
    }
    Roomctl::new("explain 1 2")
        .stderr(has(["unexpected operand '2'", "roomctl explain --help"]))
        .exits(2);
    let json = Roomctl::new("explain -o json x").stderr(any()).exits(2);
    assert_eq!(json.error().expect("JSON")["ExitCode"], 2);
}

#[test]
fn flags_about_the_connection_are_refused() {
    for flag in ["--region usa", "--sdkappid 7", "--profile p", "--sandbox"] {
        for line in [format!("{flag} explain 6"), format!("explain 6 {flag}")] {
            let refusal = ["roomctl explain does not accept --", "hint: remove --"];
            Roomctl::new(&line).stderr(has(refusal)).exits(2);
        }
    }
}

#[test]
fn it_needs_no_credentials_file_or_home_and_shows_no_secret() {
    let broken = Roomctl::new("explain 6").env("ROOMCTL_CONFIG", "/nowhere/x.toml");
    broken.stdout(any()).exits(0);
    let homeless = Roomctl::new("explain 6").in_shell("unset HOME; exec \"$0\" \"$@\"");
    homeless.stdout(any()).exits(0);
    let run = Roomctl::new("explain").arg(KEY).secret(KEY);
    run.stderr(has(["[redacted]"])).exits(2);
}
