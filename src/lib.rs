//! roomctl

pub mod api;
pub mod clock;
pub mod exit;
pub mod interrupt;
pub mod room;
pub mod secret;
pub mod usersig;
