//! argv to the library, its exit code back.

use std::process::ExitCode;

fn main() -> ExitCode {
    roomctl::run(std::env::args_os())
}
