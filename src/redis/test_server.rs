//! A `redis-server` of Debian's package for tests, on loopback, without a file on disk.
//! Shared by the unit tests and the tests of the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A start that takes longer has failed.
const HANG: Duration = Duration::from_secs(20);

/// A running server; it ends with this value.
pub(crate) struct RedisServer {
    child: Child,
    port: u16,
    options: Vec<String>,
    password: Option<String>,
    folder: TempDir,
}

impl RedisServer {
    /// Whether the program is installed. If not, that is reported on stderr; with
    /// `ROOMCTL_TESTS_NEED_REDIS` it is a failure.
    #[allow(clippy::disallowed_methods, reason = "the tests' own variable")]
    pub(crate) fn is_installed() -> bool {
        let found = Command::new("redis-server")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        let is_installed = found.is_ok_and(|status| status.success());
        if !is_installed {
            assert!(
                std::env::var_os("ROOMCTL_TESTS_NEED_REDIS").is_none(),
                "redis-server is not installed"
            );
            let line =
                "SKIPPED: redis-server is not installed; Debian's package redis-server has it\n";
            // Directly: the test harness captures what the printing macros print.
            std::io::stderr()
                .write_all(line.as_bytes())
                .expect("stderr");
        }
        is_installed
    }

    /// None if the program is not installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[], None)
    }

    /// The same with more options; `password` is the one of the default user, which the
    /// options set. `PORT` in an option is the number of the port.
    pub(crate) fn start_with(options: &[&str], password: Option<&str>) -> Option<Self> {
        if !Self::is_installed() {
            return None;
        }
        let options: Vec<String> = options.iter().copied().map(str::to_owned).collect();
        // Another process may take the port first.
        let started = (0..5).find_map(|_| {
            let port = free_port();
            let folder = tempfile::tempdir().expect("a folder");
            let child = spawn(port, &options, &folder);
            let mut server = Self {
                child,
                port,
                options: options.clone(),
                password: password.map(str::to_owned),
                folder,
            };
            server.is_ready().then_some(server)
        });
        Some(started.expect("a server that runs"))
    }

    /// A server that speaks only TLS, for 127.0.0.1 and `localhost`; and the certificate
    /// of its authority in PEM.
    pub(crate) fn start_tls() -> Option<(Self, String)> {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).expect("a file");
            path.into_os_string().into_string().expect("UTF-8")
        };
        let authority = authority();
        let key = KeyPair::generate().expect("a key");
        let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
        let params = CertificateParams::new(names).expect("names");
        let leaf = params.signed_by(&key, &authority.1).expect("a certificate");
        let certificate = file("redis.crt", &leaf.pem());
        let key = file("redis.key", &key.serialize_pem());
        let ca = file("ca.crt", &authority.0);
        let options = [
            ["--port", "0", "--tls-port", "PORT"],
            ["--tls-cert-file", &certificate, "--tls-key-file", &key],
            ["--tls-ca-cert-file", &ca, "--tls-auth-clients", "no"],
        ];
        let server = Self::start_with(options.as_flattened(), None);
        std::fs::remove_dir_all(&folder).expect("the folder");
        Some((server?, authority.0))
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Runs a command of one line; the first line of the answer.
    pub(crate) fn command(&self, line: &str) -> String {
        self.try_command(line).expect("an answer")
    }

    fn try_command(&self, line: &str) -> std::io::Result<String> {
        let mut answer = String::new();
        self.send(line)?.read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }

    fn send(&self, line: &str) -> std::io::Result<BufReader<UnixStream>> {
        let mut stream = UnixStream::connect(self.socket())?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        if let Some(password) = &self.password {
            stream.write_all(format!("AUTH {password}\r\n").as_bytes())?;
            reader.read_line(&mut String::new())?;
        }
        stream.write_all(format!("{line}\r\n").as_bytes())?;
        Ok(reader)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// Stops it (`Signal::STOP`) or lets it continue (`Signal::CONT`).
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Ends it. Nothing of what it knew is left.
    pub(crate) fn end(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Starts it again on the same port after [`RedisServer::end`].
    pub(crate) fn start_again(&mut self) {
        for _ in 0..5 {
            self.child = spawn(self.port, &self.options, &self.folder);
            if self.is_ready() {
                return;
            }
        }
        panic!("the port {} is taken", self.port);
    }

    /// Whether it answers; false if it has ended.
    fn is_ready(&mut self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < HANG {
            if self.child.try_wait().expect("a state").is_some() {
                return false;
            }
            if self
                .try_command("PING")
                .is_ok_and(|answer| answer == "+PONG")
            {
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("redis-server does not answer");
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // Fails if it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port before a server, as if the server were so far away: every byte to it arrives
/// this much later.
pub(crate) struct FarServer {
    port: u16,
}

impl FarServer {
    pub(crate) fn new(server: &RedisServer, round_trip: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let to = server.port();
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                // While the server is down, the connection ends at once.
                let Ok(far) = TcpStream::connect(("127.0.0.1", to)) else {
                    continue;
                };
                let clone = |stream: &TcpStream| stream.try_clone().expect("a handle");
                pump(clone(&near), clone(&far), round_trip);
                pump(far, near, Duration::ZERO);
            }
        });
        Self { port }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

/// Copies from one to the other, each byte this much later, also while it reads.
fn pump(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let (sender, chunks) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        for (due, bytes) in chunks {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(size @ 1..) = from.read(&mut buffer) {
            let _ = sender.send((Instant::now() + delay, buffer[..size].to_vec()));
        }
    });
}

/// Its certificate in PEM, and what signs with it.
fn authority() -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let key = KeyPair::generate().expect("a key");
    let pem = params.self_signed(&key).expect("a certificate").pem();
    (pem, Issuer::new(params, key))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn spawn(port: u16, options: &[String], folder: &TempDir) -> Child {
    let _ = std::fs::remove_file(folder.path().join("socket"));
    let port = port.to_string();
    let own = ["--port", &port, "--bind", "127.0.0.1", "--save", ""];
    Command::new("redis-server")
        .args(own)
        .args(["--appendonly", "no", "--unixsocket", "socket", "--dir", "."])
        .args(options.iter().map(|option| option.replace("PORT", &port)))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server runs")
}
