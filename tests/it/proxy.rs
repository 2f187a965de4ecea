//! Proxies of the environment: asked for the real service, never for loopback.

use crate::support::{KEY, Reply, Roomctl, Sandbox, Server, UntouchedPort, any, is};

const NAMES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
];

#[test]
fn loopback_is_reached_past_any_proxy() {
    let (sandbox, silence) = (Sandbox::demo(), UntouchedPort::new());
    let kick = sandbox.kick("-r room-test -u user1 -m spam -q");
    let set = |kick: Roomctl, name| kick.env(name, silence.endpoint());
    let kick = NAMES.into_iter().fold(kick, set);
    kick.stdout(any()).stderr(is("")).exits(0);
}

#[test]
fn elsewhere_the_proxy_is_asked_for_a_tunnel_and_told_no_secret() {
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
