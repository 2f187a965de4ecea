//! The sandbox with clients other than roomctl: all six calls as documented, by
//! hand and by curl.

use std::io;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::support::{OtherClient, SandboxProcess, report_skipped};

fn served() -> SandboxProcess {
    SandboxProcess::with("--room r=a,b,c --room gone=")
}

fn client(served: &SandboxProcess) -> OtherClient<'_> {
    let authority = served.value("ENDPOINT").strip_prefix("http://");
    OtherClient {
        authority: authority.expect("plain http"),
        sdkappid: served.value("SDKAPPID"),
        identifier: served.value("IDENTIFIER"),
        key: served.value("SECRET_KEY"),
    }
}

/// Every call once; each depends on the previous ones.
fn all_six(call: impl Fn(&str, &str) -> Value) {
    let granted = |command: &str, body: &str| {
        let answer = call(command, body);
        assert_eq!(answer["ErrorCode"], 0, "{command}: {answer}");
        assert_eq!(
            (&answer["ActionStatus"], &answer["ErrorInfo"]),
            (&"OK".into(), &"".into())
        );
        assert!(
            answer["RequestId"]
                .as_str()
                .is_some_and(|id| id.starts_with("Id-"))
        );
        answer["Response"].clone()
    };
    let info = granted("get_room_info", r#"{"RoomId":"r"}"#);
    let room = &info["RoomInfo"];
    assert_eq!(
        (&room["RoomId"], &room["MemberCount"]),
        (&"r".into(), &3.into())
    );
    let sample = r#"{"RoomId":"r","MemberList_Account":["a"],"Reason":"you are kicked"}"#;
    assert_eq!(granted("kick_user_out", sample), Value::Null);
    let page = granted(
        "get_room_member_list",
        r#"{"RoomId":"r","Count":1,"Next":""}"#,
    );
    assert_eq!(names(&page["MemberList"]), ["b"]);
    let next = page["Next"].as_str().expect("a text");
    let body = json!({"RoomId": "r", "Count": 10, "Next": next}).to_string();
    let page = granted("get_room_member_list", &body);
    assert_eq!(
        (names(&page["MemberList"]), &page["Next"]),
        (vec!["c"], &"".into())
    );
    let ban = r#"{"RoomId":"r","MemberList_Account":["b"],"Reason":"m","Duration":600}"#;
    granted("ban_room_member", ban);
    let bans = granted(
        "get_banned_member_list",
        r#"{"RoomId":"r","Limit":100,"Offset":0}"#,
    );
    assert_eq!(names(&bans["BannedAccountList"]), ["b"]);
    assert_eq!(bans["NextOffset"], 0);
    assert!(bans["BannedAccountList"][0]["BannedUntil"].is_u64());
    granted(
        "unban_room_member",
        r#"{"RoomId":"r","MemberList_Account":["b"]}"#,
    );
    let bans = granted(
        "get_banned_member_list",
        r#"{"RoomId":"r","Limit":100,"Offset":0}"#,
    );
    assert_eq!(bans["BannedAccountList"], json!([]));
    let again = call("kick_user_out", sample);
    assert_eq!(
        (&again["ErrorCode"], &again["ActionStatus"]),
        (&100_005.into(), &"FAIL".into())
    );
}

fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|member| member["Member_Account"].as_str().expect("a name"))
        .collect()
}

#[test]
fn all_six_calls_are_answered_as_the_documents_write_them() {
    let served = served();
    let client = client(&served);
    all_six(|command, body| client.call(command, body));
}

#[test]
fn each_invalid_request_gets_the_documented_code() {
    let served = served();
    let good = client(&served);
    let kick = r#"{"RoomId":"r","MemberList_Account":["a"],"Reason":"m"}"#;
    let code = |client: &OtherClient<'_>, body: &str| {
        client.call("kick_user_out", body)["ErrorCode"].clone()
    };
    let (zeros, one) = ("0".repeat(64), "1".to_owned());
    assert_eq!(
        code(
            &OtherClient {
                key: &zeros,
                ..client(&served)
            },
            kick
        ),
        70_009
    );
    let other = code(
        &OtherClient {
            identifier: "alice",
            ..client(&served)
        },
        kick,
    );
    assert_eq!(other, 60_010);
    let app = code(
        &OtherClient {
            sdkappid: &one,
            ..client(&served)
        },
        kick,
    );
    assert!([60_006, 70_020].iter().any(|known| app == *known), "{app}");
    for (body, expected) in [
        ("{", 60_003),
        ("{}", 100_002),
        (r#"{"RoomId":"r","MemberList_Account":["a"]}"#, 100_002),
        (
            r#"{"RoomId":"r","MemberList_Account":[],"Reason":"m"}"#,
            100_002,
        ),
        (
            r#"{"RoomId":7,"MemberList_Account":["a"],"Reason":"m"}"#,
            100_002,
        ),
        (
            r#"{"RoomId":"R","MemberList_Account":["a"],"Reason":"m"}"#,
            100_004,
        ),
        (
            r#"{"RoomId":"gone","MemberList_Account":["a"],"Reason":"m"}"#,
            100_005,
        ),
    ] {
        assert_eq!(code(&good, body), expected, "{body}");
    }
    let many: Vec<String> = (0..21).map(|n| format!("u{n}")).collect();
    let body = json!({"RoomId": "r", "MemberList_Account": many, "Reason": "m"});
    assert_eq!(code(&good, &body.to_string()), 100_002);
    let body = json!({"RoomId": "r", "MemberList_Account": ["a"], "Reason": "é".repeat(501)});
    assert_eq!(code(&good, &body.to_string()), 100_002);
}

/// Signs with openssl, packs with python, sends with curl.
const SCRIPT: &str = r#"
now=$(date +%s)
proof=$(printf 'TLS.identifier:%s\nTLS.sdkappid:%s\nTLS.time:%s\nTLS.expire:600\n' \
    "$WHO" "$APP" "$now" | openssl dgst -sha256 -hmac "$KEY" -binary | openssl base64 -A)
sig=$(printf '{"TLS.ver":"2.0","TLS.identifier":"%s","TLS.sdkappid":%s,"TLS.expire":600,"TLS.time":%s,"TLS.sig":"%s"}' \
    "$WHO" "$APP" "$now" "$proof" |
    python3 -c 'import sys,zlib,base64; sys.stdout.write(base64.b64encode(zlib.compress(sys.stdin.buffer.read())).decode().replace("+","*").replace("/","-").replace("=","_"))')
curl --silent --show-error --noproxy '*' --max-time 30 --data "$BODY" \
    "$URL/v4/room_engine_http_srv/$COMMAND?sdkappid=$APP&identifier=$WHO&usersig=$sig&random=1&contenttype=json"
"#;

#[test]
fn curl_gets_answers_too() {
    for tool in ["curl", "openssl", "python3"] {
        let run = Command::new(tool)
            .arg("--version")
            .stdin(Stdio::null())
            .output();
        let version = Command::new(tool)
            .arg("version")
            .stdin(Stdio::null())
            .output();
        let works = |done: io::Result<Output>| done.is_ok_and(|d| d.status.success());
        if !works(run) && !works(version) {
            report_skipped(&format!("curl_gets_answers_too needs {tool}"));
            return;
        }
    }
    let served = served();
    all_six(|command, body| {
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", SCRIPT])
            .env("COMMAND", command)
            .env("BODY", body);
        shell
            .env("WHO", served.value("IDENTIFIER"))
            .env("APP", served.value("SDKAPPID"));
        shell
            .env("KEY", served.value("SECRET_KEY"))
            .env("URL", served.value("ENDPOINT"));
        let done = shell.output().expect("a shell");
        let error = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{error}");
        serde_json::from_slice(&done.stdout).expect("JSON")
    });
}
