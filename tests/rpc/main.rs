//! The running server, asked by a real client over a real connection.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_sign_loss, reason = "tests")]

mod answers;
mod auth;
mod batch;
mod cache;
mod deadlines;
mod drain;
mod engines;
mod errors;
mod faults;
mod health;
mod stream;
mod support;
mod tls;
mod wire;
