//! A service, or something in its place, that repeats the signature in its texts:
//! nothing of it reaches any output or record.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::support::{Home, Reply, Roomctl, Server, any, claims, has, signed};

/// A valid signature.
fn signature() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    signed(&claims(now.expect("after 1970").as_secs()))
}

/// `roomctl` with this signature against the server.
fn roomctl(server: &Server, words: &str, sig: &str) -> Roomctl {
    let run = server.roomctl(words).env_remove("ROOMCTL_SECRET_KEY");
    run.env("ROOMCTL_SDKAPPID", "1400000007")
        .env("ROOMCTL_USERSIG", sig)
}

/// The signature as the service may repeat it.
fn spellings(sig: &str) -> Vec<String> {
    let base64 = sig.replace('*', "+").replace('-', "/").replace('_', "=");
    let percent = |text: &str| {
        let text = text.replace('%', "%25").replace('+', "%2b");
        text.replace('/', "%2f")
            .replace('=', "%3D")
            .replace('&', "%26")
    };
    let query = format!(
        "/v4/room_engine_http_srv/kick_user_out?sdkappid=1400000007&identifier=administrator&usersig={sig}&random=1&contenttype=json"
    );
    let lines: Vec<&str> = (0..sig.len() / 20)
        .map(|n| &sig[n * 20..n * 20 + 20])
        .collect();
    vec![
        sig.to_owned(),
        sig[..16].to_owned(),
        sig[sig.len() / 2..].to_owned(),
        lines.join("\r\n"),
        percent(&base64),
        percent(&percent(&base64)),
        percent(&query),
        query[..query.len() - 60].to_owned(),
        query[40..].to_owned(),
        format!("USERSIG : {}", &sig[..12]),
        format!("{{\"usersig\":\"{}\"}}", &sig[..9]),
        query,
    ]
}

/// No 12 letters and digits of the signature that follow each other are in the text.
fn shows_nothing(text: &str, sig: &str) {
    let letters =
        |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    let (text, sig) = (letters(text), letters(sig));
    for at in 0..sig.len() - 12 {
        assert!(!text.contains(&sig[at..at + 12]), "{text}");
    }
    assert!(!text.contains(&sig[..9]), "{text}");
}

#[test]
fn nothing_of_a_repeated_signature_reaches_an_output_or_a_record() {
    let sig = signature();
    for spelling in spellings(&sig) {
        for output in ["json", "text"] {
            let answer = json!({
                "ErrorCode": 100_004,
                "ActionStatus": format!("FAIL {spelling}"),
                "ErrorInfo": spelling,
                "RequestId": {&spelling: spelling},
            });
            let server = Server::answering([Reply::json(&answer.to_string())]);
            let home = Home::new();
            let words = "kick -r r -u x -m spam -vv --journal j --audit a --failed-to f -o";
            let kick = roomctl(&server, words, &sig).arg(output).home(&home);
            let done = kick.stdout(any()).stderr(any()).exits(1);
            assert!(done.stdout.contains("[redacted]"), "{done}");
            shows_nothing(&done.stdout, &sig);
            shows_nothing(&done.stderr, &sig);
            for record in ["j", "a", "f"] {
                let record = fs::read_to_string(home.path().join(record));
                shows_nothing(&record.expect("written"), &sig);
            }
        }
    }
}

#[test]
fn nothing_of_a_repeated_signature_is_listed() {
    let sig = signature();
    for spelling in spellings(&sig) {
        let answer = json!({
            "ErrorCode": 0,
            "ActionStatus": "OK",
            "Response": {
                "MemberList": [{"Member_Account": spelling, "NameCard": {&spelling: [spelling]}}],
                "BannedAccountList": [{"Member_Account": "a", "UserSig": &sig[..9]}],
                "RoomInfo": {"RoomName": spelling, &spelling: 1},
            },
        });
        for command in ["members -r r", "bans -r r", "info -r r"] {
            for output in ["-o json", "-o text"] {
                let server = Server::answering([Reply::json(&answer.to_string())]);
                let run = roomctl(&server, command, &sig).args(output).arg("-vv");
                let done = run.stdout(any()).stderr(any()).exits(0);
                shows_nothing(&done.stdout, &sig);
                shows_nothing(&done.stderr, &sig);
            }
        }
    }
}

#[test]
fn several_urls_with_passwords_in_one_word_are_shown_nowhere_and_end_no_command() {
    let password = "pAsSwOrD".repeat(5);
    let (inside, two) = (
        format!("redis://redis://{password}@h"),
        format!("redis://:{password}@r1:6379,https://me:{password}@r2"),
    );
    for urls in [&inside, &two] {
        let run = |words: &str| Roomctl::new(words).secret(&password).stderr(any());
        let kick = "kick --sandbox -r room-test";
        run(&format!("{kick} -m x --format lines --from -"))
            .stdin(format!("user1\n{urls}\n"))
            .exits(2);
        run(&format!("{kick} -u user1 --roomm r --rate-scope"))
            .arg(urls)
            .exits(2);
        for key in ["confirm", "check_room", "output", "tls_roots"] {
            let home = Home::new();
            home.config(&format!("[profiles.p]\n{key} = \"{urls}\"\n"));
            let run = run("kick -r room-test -u user1 -m x --profile p").home(&home);
            run.stdout(any()).exits(3);
        }
        let listed = run(&format!("{kick} -m x --stream --format lines --from -"));
        let done = listed
            .stdin(format!("user1\n{urls}\nuser2\n"))
            .stdout(any());
        assert!(done.exits(6).stdout.contains("user2"));
    }
    // The reason is a result, and shown in notes of -vv.
    let kick = Roomctl::new("kick --sandbox -r room-test -u user1 -vv -m");
    let done = kick.arg(&inside).stdout(any()).stderr(any()).exits(0);
    assert!(!done.stderr.contains(&password), "{done}");
}

/// A list of names is split at the commas in it.
#[test]
fn a_part_of_a_password_that_looks_like_one_of_several_names_is_not_shown() {
    for room in [
        "r=https://me:1,geheim\u{e4}@h",
        "r=a,https://me:1,geheim@hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
        "https://me:1,geheim@h",
        "https://me:\u{e4}geheim=a,b@h",
    ] {
        let sandbox = Roomctl::new("sandbox --room").arg(room).secret("geheim");
        sandbox
            .secret("me:1")
            .stderr(has(["a room is NAME="]))
            .exits(2);
    }
}

/// Legal in a password, and what ends a URL in a text.
#[test]
fn a_password_with_a_comma_is_shown_nowhere() {
    for url in [
        "https://me:1,geheim@h.example",
        "http://u:2024;geheim@p",
        "https://tok|geheim@h",
        "socks5h://:;geheim@h",
        "http://u:'geheim@h",
        "https://j.doe:1)geheim@h",
    ] {
        let run = |words: &str| Roomctl::new(words).secret("geheim").stderr(any());
        run("doctor").arg(url).exits(2);
        run("doctor --profile").arg(url).stdout(any()).exits(3);
        run("doctor --endpoint").arg(url).stdout(any()).exits(2);
        let kick = "kick --sandbox -r room-test -m x";
        run(&format!("{kick} -n -u"))
            .arg(url)
            .stdout(any())
            .exits(0);
        let too_long = format!("{url}/{}", "x".repeat(32));
        run(&format!("{kick} -n -u")).arg(too_long).exits(2);
        let list = format!("{kick} --format lines --from -");
        run(&list).stdin(format!("user1\n{url}\n")).exits(2);
        let table = run(&format!("{kick} --format csv --from - --columns"));
        let password = url.split_once("://").expect("a URL").1;
        let part = password
            .split(',')
            .next()
            .filter(|part| part.len() < password.len());
        let part = part.unwrap_or("geheim").to_owned();
        table.arg(url).secret(part).stdin("user1\n").exits(2);
        run(&format!("{kick} -u user1 -n --protect"))
            .arg(url)
            .stdout(any())
            .exits(if url.contains([',', ';', '|', '\'', ')']) {
                2
            } else {
                0
            });
        let reason = run("kick --sandbox -r room-test -u user1 -n -vv -m");
        reason.arg(url).stdout(any()).exits(0);
    }
}
