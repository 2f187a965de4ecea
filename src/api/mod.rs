//! The service as it is on the wire: where it lives, what is sent, what comes
//! back, what its codes mean.
//!
//! Never retries, never sleeps, never prints; knows nothing of configuration.

mod endpoint;
mod region;

pub use endpoint::{Endpoint, EndpointError};
pub use region::Region;
