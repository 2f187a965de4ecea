//! A ready-made `UserSig` is checked before any request: complete, for this app
//! and caller, not expired, and valid until the job's end.

use roomctl::clock::unix_seconds;
use roomctl::secret::SecretKey;
use roomctl::usersig::{Claims, sign};

use crate::support::{Home, KEY, Roomctl, SDKAPPID, UntouchedPort, has};

fn claims() -> Claims {
    Claims {
        identifier: "administrator".into(),
        sdkappid: SDKAPPID,
        time: unix_seconds(std::time::SystemTime::now()),
        expire: 3600,
        userbuf: None,
    }
}

fn usersig(claims: &Claims) -> String {
    sign(claims, &SecretKey::new(KEY)).expose().to_owned()
}

/// A kick with this signature and an endpoint that must get no request.
fn kick(port: &UntouchedPort, sig: &str) -> Roomctl {
    let kick = Roomctl::new("kick -r room-test -u user1 -m spam --identifier administrator")
        .arg("--sdkappid")
        .arg(SDKAPPID.to_string())
        .arg("--endpoint")
        .arg(port.endpoint())
        .env("ROOMCTL_USERSIG", sig);
    // One or two characters are not a secret and occur in every text.
    if sig.len() < 20 {
        kick
    } else {
        kick.secret(sig)
    }
}

#[test]
fn an_expired_one_is_exit_3_with_its_end() {
    let port = UntouchedPort::new();
    let old = Claims {
        time: 1_700_000_000,
        ..claims()
    };
    let reported = has(["expired", "2023-11-14T23:13:20Z", "hint: "]);
    kick(&port, &usersig(&old)).stderr(reported).exits(3);
}

#[test]
fn one_for_another_app_or_caller_is_exit_3_with_both_values() {
    let port = UntouchedPort::new();
    let app = Claims {
        sdkappid: 5,
        ..claims()
    };
    let reported = has(["SDKAppID 5", "1400000007", "ROOMCTL_USERSIG"]);
    kick(&port, &usersig(&app)).stderr(reported).exits(3);
    let caller = Claims {
        identifier: "Administrator".into(),
        ..claims()
    };
    let reported = has(["\"Administrator\"", "administrator"]);
    kick(&port, &usersig(&caller)).stderr(reported).exits(3);
}

#[test]
fn a_truncated_one_is_exit_3_wherever_it_comes_from() {
    let (port, home) = (UntouchedPort::new(), Home::new());
    let whole = usersig(&claims());
    for cut in [1, whole.len() / 2, whole.len() - 1] {
        let sig = &whole[..cut];
        let reported = || has(["UserSig", "hint: "]);
        let plain = || kick(&port, "").arg("--retries").arg("0");
        if cut > 1 {
            let variable = plain().env("ROOMCTL_USERSIG", sig).secret(sig);
            variable.stderr(reported()).exits(3);
        }
        let file = home.file("sig", sig);
        plain()
            .arg("--usersig-file")
            .arg(file)
            .stderr(reported())
            .exits(3);
    }
}

#[test]
fn one_that_will_not_outlive_the_job_is_exit_3() {
    let port = UntouchedPort::new();
    let short = Claims {
        expire: 30,
        ..claims()
    };
    let kick = kick(&port, &usersig(&short))
        .many("-r", "r", 60)
        .args("--rate 1");
    kick.stderr(has(["UserSig", "hint: "])).exits(3);
}

#[test]
fn an_expire_flag_cannot_change_it() {
    let port = UntouchedPort::new();
    let kick = kick(&port, &usersig(&claims())).args("--expire 2h");
    kick.stderr(has(["--expire"])).exits(2);
}
