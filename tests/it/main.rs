//! The contract with the users, tested from outside: through the binary, and
//! for signatures and codes through the library's public face.
//!
//! A file per feature, each test named after the promise it holds.

mod support;

mod answers;
mod audit;
mod ban;
mod bans;
mod bulk;
mod codes;
mod colour;
mod contradictions;
mod credentials;
mod debug;
mod dry_run;
mod exits;
mod explain;
mod failed_to;
mod faults;
mod feed;
mod files;
mod guards;
mod help;
mod identity;
mod info;
mod journal;
mod journal_lost;
mod kept_connections;
mod key_command;
mod key_from_stdin;
mod kick;
mod lists;
mod lookups;
mod members;
mod profile;
mod profile_add;
mod progress;
mod proxy;
mod readme;
mod ready_made;
mod reason;
mod refused_settings;
mod rejected;
mod retries;
mod sandbox_command;
mod sandbox_faults;
mod sandbox_foreign;
mod sandbox_log;
mod sandbox_rooms;
mod sandbox_secrets;
mod secrets;
mod served;
mod signals;
mod signing_again;
mod splitting;
mod trust;
mod tunnelled;
mod unban;
mod unreachable;
mod usersig;
mod usersig_commands;
mod usersig_verify;
mod verbose;
mod wire;
