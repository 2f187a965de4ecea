//! Proxies of the environment: never for loopback; else a tunnel to the endpoint
//! with TLS inside it. An error names the proxy, its password is never shown.

use crate::support::{
    Authority, DeadPort, Done, Home, KEY, OK, Reply, Roomctl, Server, TunnelProxy,
};
use crate::support::{Sandbox, UntouchedPort, any, fail, has, is, lacks};

const VARIABLES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
];

const NAME: &str = "api.name.test";
pub(crate) const PASSWORD: &str = "canary-of-the-proxy";

/// A service with the name [`NAME`], which only the proxy resolves.
pub(crate) struct Service {
    pub(crate) server: Server,
    home: Home,
    authority: Authority,
}

impl Service {
    pub(crate) fn new(replies: [Reply; 1]) -> Self {
        let authority = Authority::new();
        let server = Server::secure(&authority, &[NAME], replies);
        let home = Home::new();
        Self {
            server,
            home,
            authority,
        }
    }

    pub(crate) fn kick(&self) -> Roomctl {
        let file = self.authority.file(&self.home);
        kick().arg("--ca-file").arg(file)
    }
}

pub(crate) fn kick() -> Roomctl {
    Roomctl::new("kick -r room-test -u user1 -m spam --retries 0")
        .args("--sdkappid 7 --identifier a --endpoint")
        .arg(format!("https://{NAME}:4433"))
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY)
        .secret(PASSWORD)
        .secret("Y2FuYXJ5")
}

fn with_password(address: impl std::fmt::Display) -> String {
    format!("http://canary:{PASSWORD}@{address}")
}

#[test]
fn the_service_is_reached_through_the_proxy_of_the_environment() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let service = Service::new([Reply::json(OK)]);
        let tunnel = TunnelProxy::to(service.server.address());
        let kick = service.kick().env(name, with_password(tunnel.address()));
        kick.args("-q").stdout(has(["removed user1"])).exits(0);
        let request = tunnel.requests().remove(0);
        assert_eq!(
            (&*request.method, &*request.target),
            ("CONNECT", "api.name.test:4433")
        );
        assert_eq!(service.server.requests().len(), 1);
    }
}

#[test]
fn the_proxy_gets_its_password_and_nothing_of_the_request() {
    let service = Service::new([Reply::json(OK)]);
    let tunnel = TunnelProxy::to(service.server.address());
    let proxy = format!("http://canary:p%40ss%3A@{}", tunnel.address());
    let kick = service.kick().env("HTTPS_PROXY", proxy).args("-q");
    kick.stdout(any()).exits(0);
    let request = tunnel.requests().remove(0);
    let header = |name: &str| request.headers.iter().find(|(found, _)| found == name);
    // canary:p@ss:
    let basic = "Basic Y2FuYXJ5OnBAc3M6";
    assert_eq!(header("proxy-authorization").expect("a password").1, basic);
    let agent = concat!("roomctl/", env!("CARGO_PKG_VERSION"));
    assert_eq!(header("user-agent").expect("who asks").1, agent);
    assert!(!format!("{request:?}").contains("usersig"), "{request:?}");
    let request = service.server.requests().remove(0);
    assert!(
        request
            .headers
            .iter()
            .all(|(name, _)| !name.starts_with("proxy"))
    );
}

#[test]
fn verbose_names_the_proxy_and_where_it_came_from() {
    let service = Service::new([Reply::json(&fail(100_004))]);
    let tunnel = TunnelProxy::to(service.server.address());
    let proxy = with_password(tunnel.address());
    let kick = service.kick().env("https_proxy", proxy).args("-vv");
    let line = format!("proxy: {} (environment https_proxy)", tunnel.address());
    kick.stdout(any()).stderr(has([&line])).exits(1);
}

#[test]
fn a_proxy_that_refuses_connections_is_named() {
    let port = DeadPort::refusing();
    let reported = format!("cannot connect to proxy {}: ", port.address());
    for words in ["-v", "-vv", "-o json"] {
        let kick = kick().env("HTTPS_PROXY", with_password(port.address()));
        let kick = kick.args(words).stdout(any());
        kick.stderr(has([&reported, "refused", "HTTPS_PROXY"]))
            .exits(5);
    }
}

#[test]
fn a_proxy_that_does_not_resolve_is_named() {
    let kick = kick().env("HTTPS_PROXY", with_password("proxy.invalid:3128"));
    let reported = has(["cannot resolve proxy.invalid: "]);
    kick.stdout(any()).stderr(reported).exits(5);
}

#[test]
fn a_proxy_that_does_not_answer_is_a_timeout_with_its_name() {
    let port = DeadPort::silent();
    let kick = kick().env("HTTPS_PROXY", with_password(port.address()));
    let kick = kick.args("--connect-timeout 300ms").stdout(any());
    let reported = format!("connect timed out (proxy {}, after 300ms)", port.address());
    kick.stderr(has([&reported])).exits(5);
}

#[test]
fn a_proxy_that_refuses_a_tunnel_is_named_with_its_answer() {
    for status in [
        "407 Proxy Authentication Required",
        "503 Service Unavailable",
        "403 Forbidden",
        "200 OK\r\nContent-Length: 0",
    ] {
        let echo = format!("usersig={PASSWORD}");
        let proxy = Server::answering([Reply::http(status, "", &echo)]);
        let kick = kick().env("HTTPS_PROXY", with_password(proxy.address()));
        let done = reported(kick.args("-o json -vv"));
        let message = done.result()["ErrorInfo"]
            .as_str()
            .expect("words")
            .to_owned();
        if status.starts_with("200") {
            assert!(message.contains("TLS with api.name.test"), "{message}");
        } else {
            let start = format!("cannot connect to proxy {}: no tunnel", proxy.address());
            assert!(message.starts_with(&start), "{message}");
            assert!(message.contains(&status[..3]), "{message}");
        }
        assert_eq!(done.result()["Outcome"], "unsent");
    }
}

#[test]
fn an_https_proxy_that_is_not_trusted_is_named() {
    let proxy = Server::secure(&Authority::new(), &["127.0.0.1"], [Reply::json(OK)]);
    let url = with_password(proxy.address()).replace("http:", "https:");
    let done = reported(kick().env("HTTPS_PROXY", url).args("-o json -v"));
    let message = done.result()["ErrorInfo"]
        .as_str()
        .expect("words")
        .to_owned();
    assert!(
        message.contains(&format!("proxy {}", proxy.address())),
        "{message}"
    );
    assert!(message.contains("certificate"), "{message}");
    proxy.got_no_request();
}

#[test]
fn a_server_that_is_not_a_proxy_is_named() {
    for answer in ["SSH-2.0-OpenSSH\r\n\r\n", "", "HTTP/1.1 "] {
        let proxy = Server::answering([Reply::raw(answer)]);
        let kick = kick().env("HTTPS_PROXY", with_password(proxy.address()));
        let done = reported(kick.args("-o json -v"));
        let message = done.result()["ErrorInfo"]
            .as_str()
            .expect("words")
            .to_owned();
        let start = format!("cannot connect to proxy {}: ", proxy.address());
        assert!(message.starts_with(&start), "{message}");
        assert_eq!(done.result()["Outcome"], "unsent");
    }
}

pub(crate) fn reported(kick: Roomctl) -> Done {
    kick.stdout(any()).stderr(any()).exits(5)
}

#[test]
fn a_failure_inside_the_tunnel_names_service_and_proxy() {
    let port = DeadPort::silent();
    let tunnel = TunnelProxy::to(port.address());
    let kick = kick().env("HTTPS_PROXY", with_password(tunnel.address()));
    let done = reported(kick.args("-o json --connect-timeout 300ms"));
    let message = done.result()["ErrorInfo"]
        .as_str()
        .expect("words")
        .to_owned();
    assert!(message.contains("TLS with api.name.test"), "{message}");
    let service = Service::new([Reply::stalling("HTTP/1.1 200 OK\r\n")]);
    let tunnel = TunnelProxy::to(service.server.address());
    let kick = service
        .kick()
        .env("HTTPS_PROXY", with_password(tunnel.address()));
    let done = reported(kick.args("-o json --timeout 1s"));
    let message = done.result()["ErrorInfo"]
        .as_str()
        .expect("words")
        .to_owned();
    let both = format!("api.name.test:4433 by proxy {}", tunnel.address());
    assert!(message.contains(&both), "{message}");
    assert_eq!(done.result()["Outcome"], "unknown");
}

#[test]
fn the_variable_no_proxy_works_with_blanks_and_domains() {
    let port = DeadPort::refusing();
    for spared in [
        "a.test, name.test",
        " .name.test",
        "*",
        "API.name.TEST:4433",
    ] {
        let kick = kick().env("HTTPS_PROXY", with_password(port.address()));
        let kick = kick.env("NO_PROXY", spared).stdout(any());
        // The name does not resolve here, so no other server gets a request.
        let reported = has(["cannot resolve api.name.test"]);
        kick.stderr(reported).stderr(lacks(["proxy 127"])).exits(5);
    }
}

#[test]
fn the_variable_no_proxy_works_with_addresses_and_ranges() {
    let port = DeadPort::refusing();
    for (endpoint, list, is_direct) in [
        ("https://192.0.2.7", "10.0.0.0/8, 192.0.2.0/24", true),
        ("https://192.0.2.7", "::ffff:192.0.2.7", true),
        (
            "https://[2001:db8::1]:8443",
            "[2001:0DB8:0:0::1]:8443",
            true,
        ),
        ("https://[2001:db8::1]:8443", "2001:db8::/32", true),
        ("https://192.0.2.7", "10.0.0.0/8, 192.0.2.7:8443", false),
    ] {
        let kick = Roomctl::new("kick -r room-test -u user1 -m spam --retries 0");
        let kick = kick.args("--sdkappid 7 --identifier a --connect-timeout 200ms");
        let kick = kick.args("--timeout 300ms --endpoint").arg(endpoint);
        let kick = kick.env("ROOMCTL_SECRET_KEY", KEY).env("NO_PROXY", list);
        let kick = kick.env("HTTPS_PROXY", with_password(port.address()));
        let done = reported(kick.args("-o json"));
        let words = done.result()["ErrorInfo"].to_string();
        let is_by_proxy = words.contains("proxy 127.0.0.1");
        assert_eq!(is_by_proxy, !is_direct, "{endpoint} {list}: {words}");
    }
}

#[test]
fn an_unusable_proxy_is_exit_3_and_only_its_variable_is_named() {
    for (proxy, why) in [
        ("socks4://canary:canary@h:1", "only version 5"),
        ("socks://canary:canary@h:1", "only version 5"),
        ("socks5://canary@h:1", "without a password"),
        ("http://", "not a proxy URL"),
        ("http://h:x", "not a proxy URL"),
        ("ftp://canary:canary@h:1", "not a proxy URL"),
        ("::", "not a proxy URL"),
    ] {
        let kick = kick().env("HTTPS_PROXY", proxy).secret("canary:canary");
        let hint = "hint: ";
        kick.stderr(has(["HTTPS_PROXY", why, hint, "socks5h://HOST:PORT"]))
            .exits(3);
    }
}

#[test]
fn system_roots_that_cannot_be_loaded_for_an_https_proxy_are_named() {
    let (port, home) = (DeadPort::silent(), Home::new());
    let empty = home.file("empty.pem", "");
    let kick = kick().env("HTTPS_PROXY", format!("https://{}", port.address()));
    let kick = kick.env("SSL_CERT_FILE", empty).args("--tls-roots system");
    let reported = has(["TLS with proxy ", " failed: ", "no root certificates"]);
    kick.stdout(any()).stderr(reported).exits(5);
}

#[test]
fn loopback_is_reached_without_a_proxy() {
    let (sandbox, port) = (Sandbox::demo(), UntouchedPort::new());
    let kick = sandbox.kick("-r room-test -u user1 -m spam -q");
    let set = |kick: Roomctl, name| kick.env(name, port.endpoint());
    let kick = VARIABLES.into_iter().fold(kick, set);
    kick.stdout(any()).stderr(is("")).exits(0);
}

#[test]
fn the_proxy_gets_a_connect_request_without_any_secret() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let server = Server::answering([Reply::http("403 Forbidden", "", "")]);
        let kick = Roomctl::new("kick -r room-test -u user1 -m spam --retries 0 -o json");
        let kick = kick.args("--sdkappid 7 --identifier a --endpoint https://service.invalid");
        let kick = kick
            .env("ROOMCTL_SECRET_KEY", KEY)
            .env(name, server.endpoint());
        let done = kick.secret(KEY).stdout(any()).stderr(any()).exits(5);
        assert_eq!(done.result()["Outcome"], "unsent", "{done}");
        let request = server.requests().remove(0);
        assert_eq!(request.method, "CONNECT", "{name}");
        assert_eq!(request.target, "service.invalid:443");
    }
}

#[test]
fn each_failure_of_an_http_proxy_has_its_own_remedy() {
    for (status, remedy) in [
        ("407 Proxy Authentication Required", "USER:PASSWORD@"),
        ("403 Forbidden", "the proxy's operator"),
        ("502 Bad Gateway", "the proxy's operator"),
    ] {
        let proxy = Server::answering([Reply::http(status, "", "")]);
        let kick = kick().env("HTTPS_PROXY", with_password(proxy.address()));
        kick.stdout(any()).stderr(has([remedy])).exits(5);
    }
    let port = DeadPort::refusing();
    let kick = kick().env("HTTPS_PROXY", with_password(port.address()));
    kick.stdout(any())
        .stderr(has(["check that the proxy runs", "NO_PROXY"]))
        .exits(5);
}
