//! A SOCKS5 proxy that leads every name to one address, or refuses, and keeps
//! the requests.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// A running proxy.
pub(crate) struct SocksProxy {
    address: SocketAddr,
    requests: Receiver<SocksRequest>,
}

/// What a client asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SocksRequest {
    /// `name:NAME:PORT` if the proxy has to look the name up, else
    /// `address:ADDRESS:PORT`.
    pub(crate) target: String,
    /// User and password.
    pub(crate) login: Option<(String, String)>,
}

/// What the proxy does with every client.
#[derive(Clone, Copy)]
pub(crate) enum SocksAnswer {
    /// Connects it to this address.
    Tunnel(SocketAddr),
    /// The same, after user and password.
    TunnelAfterLogin(SocketAddr),
    /// Accepts no password.
    WrongPassword,
    /// Refuses the tunnel with this code.
    Refusal(u8),
    /// Sends these bytes in place of SOCKS.
    Raw(&'static [u8]),
}

impl SocksProxy {
    pub(crate) fn answering(answer: SocksAnswer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, requests) = channel();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let sender = sender.clone();
                // Clients may close the connection at any time.
                thread::spawn(move || serve(client, answer, &sender));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far, one per tunnel.
    pub(crate) fn requests(&self) -> Vec<SocksRequest> {
        self.requests.try_iter().collect()
    }
}

/// RFC 1928 and, for the password, RFC 1929.
fn serve(
    mut client: TcpStream,
    answer: SocksAnswer,
    sender: &Sender<SocksRequest>,
) -> io::Result<()> {
    let [version, count] = bytes(&mut client)?;
    assert_eq!(version, 5);
    let methods = exactly(&mut client, count)?;
    if let SocksAnswer::Raw(bytes) = answer {
        return client.write_all(bytes);
    }
    let wants_login = !matches!(answer, SocksAnswer::Tunnel(_) | SocksAnswer::Refusal(_));
    let method = if wants_login { 2 } else { 0 };
    if !methods.contains(&method) {
        return client.write_all(&[5, 0xff]);
    }
    client.write_all(&[5, method])?;
    let login = if wants_login {
        let [1] = bytes(&mut client)? else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let login = (text(&mut client)?, text(&mut client)?);
        let is_wrong = matches!(answer, SocksAnswer::WrongPassword);
        client.write_all(&[1, u8::from(is_wrong)])?;
        if is_wrong {
            return Ok(());
        }
        Some(login)
    } else {
        None
    };
    let target = target(&mut client)?;
    // The test may be over.
    let _ = sender.send(SocksRequest { target, login });
    match answer {
        SocksAnswer::Tunnel(to) | SocksAnswer::TunnelAfterLogin(to) => {
            client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 1])?;
            tunnel(client, to)
        }
        SocksAnswer::Refusal(code) => client.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]),
        SocksAnswer::WrongPassword | SocksAnswer::Raw(_) => Ok(()),
    }
}

fn target(client: &mut TcpStream) -> io::Result<String> {
    let [_version, 1, 0, kind] = bytes(client)? else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let host = match kind {
        1 => format!(
            "address:{}",
            IpAddr::from(Ipv4Addr::from(bytes::<4>(client)?))
        ),
        4 => format!(
            "address:{}",
            IpAddr::from(Ipv6Addr::from(bytes::<16>(client)?))
        ),
        _ => format!("name:{}", text(client)?),
    };
    let port = u16::from_be_bytes(bytes(client)?);
    Ok(format!("{host}:{port}"))
}

fn tunnel(mut client: TcpStream, to: SocketAddr) -> io::Result<()> {
    let mut service = TcpStream::connect(to)?;
    let (mut from, mut back) = (service.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut back);
        back.shutdown(Shutdown::Write)
    });
    io::copy(&mut client, &mut service)?;
    service.shutdown(Shutdown::Write)
}

fn bytes<const N: usize>(client: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn exactly(client: &mut TcpStream, count: u8) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count.into()];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A text after its length.
fn text(client: &mut TcpStream) -> io::Result<String> {
    let [count] = bytes(client)?;
    let bytes = exactly(client, count)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}
