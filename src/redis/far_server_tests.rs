//! A server that is so far away that three round trips take longer than one answer may.

use super::*;
use crate::redis::test_server::{FarServer, RedisServer};

/// The limit of an answer is 500 ms.
const FAR: Duration = Duration::from_millis(220);

#[test]
fn a_far_server_that_lacks_the_script_gets_it_within_the_limit_of_each_answer() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let far = FarServer::new(&server, FAR);
    let url = RedisUrl::parse(&far.url()).expect("a URL");
    let mut connection = Connection::new(url, &Transport::default());
    let script = Script::new("return redis.call('INCR', KEYS[1])");
    let mut run = || connection.run::<i64>(&script, "key", &[]);
    assert_eq!(run().expect("an answer"), 1, "its first use");
    assert_eq!(run().expect("an answer"), 2, "it has the script");
    server.command("SCRIPT FLUSH");
    assert_eq!(run().expect("an answer"), 3, "after SCRIPT FLUSH");
    server.end();
    assert!(run().is_err());
    server.start_again();
    assert_eq!(run().expect("an answer"), 1, "after a restart");
}
