//! SOCKS5 proxies: who looks the name up, the login, each failure by its name.

use crate::proxy::{PASSWORD, Service, kick, reported};
use crate::support::*;

#[test]
fn a_socks_proxy_looks_the_name_up_and_gets_its_password() {
    for name in ["HTTPS_PROXY", "all_proxy"] {
        let service = Service::new([Reply::json(OK)]);
        let answer = SocksAnswer::TunnelAfterLogin(service.server.address());
        let proxy = SocksProxy::answering(answer);
        let url = format!("socks5h://canary:{PASSWORD}%40%3A@{}", proxy.address());
        let kick = service.kick().env(name, url).args("-q");
        kick.stdout(has(["removed user1"])).exits(0);
        let request = proxy.requests().remove(0);
        assert_eq!(request.target, "name:api.name.test:4433");
        let login = ("canary".to_owned(), format!("{PASSWORD}@:"));
        assert_eq!(request.login, Some(login));
        assert_eq!(service.server.requests().len(), 1);
    }
}

#[test]
fn with_socks5_this_machine_looks_the_name_up() {
    let service = Service::new([Reply::json(OK)]);
    let proxy = SocksProxy::answering(SocksAnswer::Tunnel(service.server.address()));
    let url = format!("socks5://{}", proxy.address());
    let kick = service.kick().env("HTTPS_PROXY", url).stdout(any());
    let reported = has(["cannot resolve api.name.test: ", "--endpoint"]);
    kick.stderr(reported).exits(5);
    assert_eq!(proxy.requests(), []);
    service.server.got_no_request();
    let (authority, home) = (Authority::new(), Home::new());
    let server = Server::secure(&authority, &["192.0.2.7"], [Reply::json(OK)]);
    let proxy = SocksProxy::answering(SocksAnswer::Tunnel(server.address()));
    let kick = Roomctl::new("kick -r room-test -u user1 -m spam --retries 0 -q");
    let kick = kick.args("--sdkappid 7 --identifier a --endpoint https://192.0.2.7");
    let kick = kick.env("ROOMCTL_SECRET_KEY", KEY).arg("--ca-file");
    let kick = kick.arg(authority.file(&home));
    let kick = kick.env("HTTPS_PROXY", format!("socks5://{}", proxy.address()));
    kick.stdout(has(["removed user1"])).exits(0);
    assert_eq!(proxy.requests().remove(0).target, "address:192.0.2.7:443");
}

#[test]
fn each_failure_of_a_socks_proxy_has_its_own_words_and_remedy() {
    let refusing = DeadPort::refusing();
    let proxy = |answer| SocksProxy::answering(answer).address();
    let tunnel = SocksAnswer::TunnelAfterLogin(refusing.address());
    let address = refusing.address();
    for (address, login, message, remedy) in [
        (
            address,
            "canary:PASSWORD@",
            "Connection refused",
            "check that the proxy runs",
        ),
        (
            proxy(tunnel),
            "",
            "no acceptable auth methods",
            "USER:PASSWORD",
        ),
        (
            proxy(SocksAnswer::WrongPassword),
            "canary:PASSWORD@",
            "authentication failed",
            "USER:PASSWORD",
        ),
        (
            proxy(SocksAnswer::Refusal(5)),
            "",
            "no tunnel to api.name.test:4433: connection refused",
            "operator",
        ),
        (
            proxy(SocksAnswer::Refusal(2)),
            "",
            "not allowed by ruleset",
            "operator",
        ),
        (
            proxy(SocksAnswer::Refusal(4)),
            "",
            "host unreachable",
            "operator",
        ),
        (
            proxy(SocksAnswer::Raw(b"HTTP/1.1 400 Bad\r\n\r\n")),
            "",
            "invalid response version",
            "kind and the port",
        ),
    ] {
        let login = login.replace("PASSWORD", PASSWORD);
        let url = format!("socks5h://{login}{address}");
        let done = reported(kick().env("HTTPS_PROXY", url).args("-o json -v"));
        let words = done.result()["ErrorInfo"].to_string();
        let start = format!("cannot connect to proxy socks5h://{address}: ");
        assert!(words.contains(&start), "{words}");
        assert!(words.contains(message), "{words}");
        let error = done.error().expect("an error");
        let hint = error["error"]["hint"].to_string();
        assert!(hint.contains(remedy), "{message}: {hint}");
        assert_eq!(done.result()["Outcome"], "unsent");
    }
}
