//! What `--version` adds to `-V`.

use std::env::consts::{ARCH, OS};
use std::sync::LazyLock;

/// Version, target, TLS backend, and the commit where the build was told it.
pub(super) static LONG: LazyLock<String> = LazyLock::new(|| {
    let mut text = format!(
        "{}\ntarget: {ARCH}-{OS}\ntls: rustls (ring)",
        env!("CARGO_PKG_VERSION")
    );
    if let Some(commit) = option_env!("ROOMCTL_COMMIT") {
        text.push_str("\ncommit: ");
        text.push_str(commit);
    }
    text
});
