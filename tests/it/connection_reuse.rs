//! Connections are kept for the next request; a dead one costs a retry on a new
//! connection, at once.

use roomctl::sandbox::Options;

use crate::support::{Done, Home, Sandbox, any};

/// Three requests in sequence, with pauses longer than any answer takes.
fn three_in_a_row(options: Options) -> (Sandbox, Done) {
    let rooms = ["a", "b", "c"];
    let options = rooms
        .into_iter()
        .fold(options, |all, room| all.room(room, ["x"]));
    let is_secure = options.tls;
    let (sandbox, home) = (Sandbox::with(options), Home::new());
    let kick = sandbox.kick("-r a -r b -r c -u x -m spam -o json --rate 2");
    let kick = match is_secure.then(|| home.file("ca.pem", sandbox.ca_pem())) {
        Some(file) => kick.arg("--ca-file").arg(file),
        None => kick,
    };
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert!(rooms.iter().all(|room| sandbox.members(room).is_empty()));
    (sandbox, done)
}

fn connections(sandbox: &Sandbox) -> Vec<u64> {
    let number = |line: &serde_json::Value| line["Connection"].as_u64().expect("a number");
    sandbox.log().iter().map(number).collect()
}

#[test]
fn one_connection_is_used_for_all_requests() {
    let (sandbox, done) = three_in_a_row(Options::default());
    assert_eq!(connections(&sandbox), [1, 1, 1]);
    assert_eq!(done.summary()["summary"]["Retries"], 0);
}

#[test]
fn a_dead_connection_is_replaced_at_once_and_counts_as_a_retry() {
    let (sandbox, done) = three_in_a_row(Options {
        faults: vec!["close=1".parse().expect("a fault")],
        ..Options::default()
    });
    assert_eq!(connections(&sandbox), [1, 1, 2, 2, 3]);
    let counts = &done.summary()["summary"];
    assert_eq!(
        (&counts["removed"], &counts["gone"]),
        (&3.into(), &0.into())
    );
    assert_eq!(
        (&counts["Requests"], &counts["Retries"]),
        (&5.into(), &2.into())
    );
    for (result, attempts) in done.results().iter().zip([1, 2, 2]) {
        assert_eq!(result["Attempts"], attempts, "{result}");
    }
}

#[test]
fn a_dead_tls_connection_is_replaced_as_well() {
    for (faults, expected) in [("", vec![1, 1, 1]), ("close=1", vec![1, 1, 2, 2, 3])] {
        let faults = faults.split_whitespace();
        let (sandbox, _) = three_in_a_row(Options {
            faults: faults
                .map(|fault| fault.parse().expect("a fault"))
                .collect(),
            tls: true,
            ..Options::default()
        });
        assert_eq!(connections(&sandbox), expected);
    }
}
