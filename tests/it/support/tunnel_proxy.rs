//! An HTTP proxy that tunnels every name to one address, and keeps the
//! requests.

use std::io::{self, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::Request;
use super::server::read;

/// A running proxy.
pub(crate) struct TunnelProxy {
    address: SocketAddr,
    requests: Receiver<Request>,
}

impl TunnelProxy {
    /// A proxy that connects every client to `target`.
    pub(crate) fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, requests) = channel();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let sender = sender.clone();
                // Clients may close the connection at any time.
                thread::spawn(move || lead(client, target, &sender));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far, one per tunnel.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

fn lead(client: TcpStream, target: SocketAddr, sender: &Sender<Request>) -> io::Result<()> {
    let mut head = BufReader::new(client);
    let request = read(&mut head)?;
    // The test may be over.
    let _ = sender.send(request);
    // The buffer is empty: a client waits for this answer before it sends more.
    let mut client = head.into_inner();
    let mut service = TcpStream::connect(target)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from, mut to) = (service.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        to.shutdown(Shutdown::Write)
    });
    io::copy(&mut client, &mut service)?;
    service.shutdown(Shutdown::Write)
}
