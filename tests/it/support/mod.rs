//! What the tests need: the binary in an empty environment, a sandbox that
//! fails a test without requests, a server with scripted answers.

mod authority;
mod dead_port;
mod doctor_report;
mod expect;
mod home;
mod other_client;
mod outputs;
mod records;
#[path = "../../../src/redis/test_server.rs"]
mod redis_server;
mod reply;
mod roomctl;
mod runners;
mod running;
mod sandbox;
mod sandbox_process;
mod screen;
mod server;
mod skip;
mod socks_proxy;
mod terminal;
mod terminal_session;
mod tunnel_proxy;
mod usersig;

use std::thread;
use std::time::{Duration, Instant};

pub(crate) use self::authority::Authority;
pub(crate) use self::dead_port::{DeadPort, UntouchedPort};
pub(crate) use self::doctor_report::DoctorReport;
pub(crate) use self::expect::{any, has, is, lacks};
pub(crate) use self::home::Home;
pub(crate) use self::other_client::OtherClient;
pub(crate) use self::outputs::Done;
pub(crate) use self::records::{Journal, Log, Member, Requests, members};
pub(crate) use self::redis_server::{FarServer, RedisServer};
pub(crate) use self::reply::{Gate, Reply};
pub(crate) use self::roomctl::Roomctl;
pub(crate) use self::runners::Runners;
pub(crate) use self::running::Running;
pub(crate) use self::sandbox::Sandbox;
pub(crate) use self::sandbox_process::SandboxProcess;
pub(crate) use self::screen::Screen;
pub(crate) use self::server::{Request, Server};
pub(crate) use self::skip::{chaos_seed, is_installed, is_rewriting, report_skipped};
pub(crate) use self::socks_proxy::{SocksAnswer, SocksProxy};
pub(crate) use self::terminal::Terminal;
pub(crate) use self::terminal_session::TerminalSession;
pub(crate) use self::tunnel_proxy::TunnelProxy;
pub(crate) use self::usersig::{claims, encoded, old, packed, signed, usersig};

/// A run or a wait that takes longer hangs. Never a measure of speed.
const HANG: Duration = Duration::from_secs(60);

/// Waits until this holds; after [`HANG`] the test fails.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < HANG, "it hangs before {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// The account of the scripted servers.
pub(crate) const SDKAPPID: u32 = 1_400_000_007;

/// A key of the usual form, of no account.
pub(crate) const KEY: &str = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

/// A success as the service sends it.
pub(crate) const OK: &str =
    r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;

/// A refusal with this code.
pub(crate) fn fail(code: i64) -> String {
    format!(
        r#"{{"ErrorCode":{code},"ErrorInfo":"the text of the service","ActionStatus":"FAIL","RequestId":"Id-2"}}"#
    )
}

/// A list of the format `lines`: this name with each of these numbers.
pub(crate) fn lines(name: &str, numbers: std::ops::Range<usize>) -> String {
    let lines: Vec<String> = numbers.map(|n| format!("{name}{n}")).collect();
    lines.join("\n") + "\n"
}
