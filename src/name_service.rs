//! Names of hosts and of accounts, as the system knows them.
//!
//! `/etc/nsswitch.conf` lists the services that know names. In a program that is linked
//! statically with glibc, `files` and `dns` are built in. All others (`resolve`, `sss`,
//! `mdns4_minimal`, `myhostname`, …) are plug-ins, which need the very glibc that the
//! program was built with; with an older or a newer one, loading them ends the process
//! (`dl-call-libc-early-init.c: Assertion 'sym != NULL' failed`). Such a program asks the
//! system's `getent` instead, which every glibc brings along. Where there is no
//! `getent`, there are no plug-ins either, and the built-in services answer.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User};

const IS_STATIC: bool = cfg!(all(target_env = "gnu", target_feature = "crt-static"));

/// The addresses of `HOST:PORT`. Blocks as long as the system does.
pub(crate) fn addresses(name: &str) -> io::Result<Vec<SocketAddr>> {
    if IS_STATIC
        && uses_plug_in("hosts")
        && let Some((host, port)) = name.rsplit_once(':')
        && let Ok(port) = port.parse()
        && let Some(answer) = getent("ahosts", host)
    {
        return answer.map(|text| socket_addresses(&text, port));
    }
    name.to_socket_addrs().map(Iterator::collect)
}

/// The name of the account that runs this program, if it has one.
pub(crate) fn account(uid: Uid) -> Option<String> {
    if IS_STATIC
        && uses_plug_in("passwd")
        && let Some(answer) = getent("passwd", &uid.to_string())
    {
        let text = answer.ok()?;
        return text.split(':').next().map(str::to_owned);
    }
    User::from_uid(uid).ok().flatten().map(|user| user.name)
}

fn uses_plug_in(database: &str) -> bool {
    let file = std::fs::read_to_string("/etc/nsswitch.conf");
    file.is_ok_and(|text| names_plug_in(&text, database))
}

/// Whether the line of this database names a service that is not built in. Words in
/// brackets are what to do next: `[!UNAVAIL=return]`.
fn names_plug_in(nsswitch: &str, database: &str) -> bool {
    let lines = nsswitch.lines().map(|line| line.split('#').next());
    let values = lines.filter_map(|line| {
        let (name, services) = line?.split_once(':')?;
        (name.trim() == database).then_some(services)
    });
    let mut is_plug_in = false;
    for services in values {
        let outside = services.split('[').map(|part| part.rsplit(']').next());
        let mut words = outside.flatten().flat_map(str::split_whitespace);
        is_plug_in |= words.any(|service| !matches!(service, "files" | "dns"));
    }
    is_plug_in
}

/// What `getent` prints. None if there is no such program. It gets no variable of this
/// process, because one of them may be a secret; without PATH it is looked for in
/// `/bin` and `/usr/bin`. Its streams are pipes, because a container may lack `/dev/null`.
fn getent(database: &str, key: &str) -> Option<io::Result<String>> {
    let output = Command::new("getent")
        .args([database, key])
        .env_clear()
        .stdin(Stdio::piped())
        .output();
    match output {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(Err(error)),
        Ok(done) if done.status.success() => {
            Some(Ok(String::from_utf8_lossy(&done.stdout).into_owned()))
        }
        Ok(_) => {
            let why = "Name or service not known";
            Some(Err(io::Error::new(ErrorKind::NotFound, why)))
        }
    }
}

/// The lines of `getent ahosts`: an address, a type of socket, sometimes a name. Each
/// address stands there once for every type.
fn socket_addresses(text: &str, port: u16) -> Vec<SocketAddr> {
    let of_line = |line: &str| {
        let mut words = line.split_whitespace();
        let address = words.next()?.parse::<IpAddr>().ok()?;
        (words.next() == Some("STREAM")).then(|| SocketAddr::new(address, port))
    };
    text.lines().filter_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_that_are_not_built_in_are_plug_ins() {
        for built_in in [
            "",
            "hosts: files dns",
            "hosts:files",
            "# hosts: resolve\nhosts: files dns # resolve",
            "hosts: files [NOTFOUND=return] dns",
            "hosts: files [ !UNAVAIL = return ] dns\npasswd: sss",
            "myhosts: resolve",
        ] {
            assert!(!names_plug_in(built_in, "hosts"), "{built_in}");
        }
        for plug_in in [
            "hosts: files resolve [!UNAVAIL=return] dns",
            "passwd: files\nhosts:\tmymachines files dns",
            " hosts : files mdns4_minimal[NOTFOUND=return] dns",
            "hosts: files dns [NOTFOUND=continue] myhostname",
            "hosts: files dns myhostname",
        ] {
            assert!(names_plug_in(plug_in, "hosts"), "{plug_in}");
        }
    }

    #[test]
    fn each_address_of_getent_is_taken_once_in_its_order() {
        let printed = "2001:db8::1     STREAM service.example\n2001:db8::1     DGRAM  \n2001:db8::1     RAW    \n\
                       192.0.2.7       STREAM \n192.0.2.7       DGRAM  \nfe80::1%eth0    STREAM \n";
        let expected: [SocketAddr; 2] = [
            "[2001:db8::1]:443".parse().expect("an address"),
            "192.0.2.7:443".parse().expect("an address"),
        ];
        assert_eq!(socket_addresses(printed, 443), expected);
    }

    #[test]
    fn this_systems_getent_is_understood() {
        let Some(answer) = getent("ahosts", "127.0.0.1") else {
            return;
        };
        let found = socket_addresses(&answer.expect("an address"), 1);
        assert_eq!(found, ["127.0.0.1:1".parse().expect("an address")]);
    }
}
