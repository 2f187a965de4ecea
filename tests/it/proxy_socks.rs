//! SOCKS5 proxies: who looks the name up, the login, each failure by its name.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

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
    let reported = has(["cannot resolve api.name.test: ", "write socks5h://"]);
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

/// A proxy that reads a byte, sends this, and ends the connection.
fn proxy_sending(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // The client may close first.
            let _ = client.read_exact(&mut [0]);
            let _ = client.write_all(answer);
        }
    });
    address
}

#[test]
fn a_proxy_of_another_kind_is_named_as_that() {
    let silent = DeadPort::silent();
    let web = proxy_sending(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let closing = proxy_sending(b"");
    let tls = proxy_sending(b"\x15\x03\x01\x00\x02\x02\x16");
    let kinds = "http://, https://, socks5:// or socks5h://";
    for (scheme, address, remedy) in [
        ("http", closing, kinds),
        ("socks5h", closing, kinds),
        ("http", tls, kinds),
        ("socks5h", tls, kinds),
        ("socks5h", web, kinds),
        ("https", web, "write http:// in place of https://"),
        ("socks5h", silent.address(), kinds),
        ("https", silent.address(), kinds),
        ("http", silent.address(), kinds),
    ] {
        let kick = kick().env("HTTPS_PROXY", format!("{scheme}://{address}"));
        let done = reported(kick.args("-o json --connect-timeout 300ms"));
        let error = done.error().expect("an error");
        let hint = error["error"]["hint"].to_string();
        assert!(hint.contains(remedy), "{scheme} {address}: {error}");
        assert_eq!(done.result()["Outcome"], "unsent");
    }
}

#[test]
fn an_entry_of_no_proxy_that_matches_nothing_is_warned_about_once_where_a_proxy_is_used() {
    let refusing = DeadPort::refusing();
    let warning = "warning: NO_PROXY: \"010.0.0.1\", \"10.*\" matches nothing";
    for (list, proxy, times) in [
        ("010.0.0.1,corp.com,10.*", true, 1),
        ("corp.com,10.0.0.0/8", true, 0),
        ("010.0.0.1,10.*", false, 0),
        ("010.0.0.1,10.*,api.name.test", true, 0),
    ] {
        let kick = kick().env("NO_PROXY", list).args("--dry-run");
        let kick = if proxy {
            kick.env("HTTPS_PROXY", refusing.address().to_string())
        } else {
            kick
        };
        let done = kick.stdout(any()).stderr(any()).exits(0);
        assert_eq!(done.stderr.matches(warning).count(), times, "{done}");
    }
}
