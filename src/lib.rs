//! Khabar (خبر, "news item"): text analytics for Arabic newsrooms.
//!
//! The library has two halves. The **engines** ([`text`], [`normalize`],
//! [`segment`], [`entities`] and [`analyze`], which runs them in one pass) are
//! pure and synchronous: text in, values out, and no idea of a network. The
//! **shell** around them turns gRPC messages into engine types and back,
//! caches answers, limits work and reports on itself. Dependencies point
//! inward only: the shell knows the engines, never the reverse.
//!
//! `ARCHITECTURE.md` at the top of the repository is the map.

pub mod admin;
pub mod analyze;
pub mod article;
pub mod cache;
pub mod cancel;
pub mod cli;
pub mod config;
pub mod entities;
pub mod evaluate;
pub mod fault;
pub mod keys;
pub mod layers;
pub mod limits;
pub mod metrics;
pub mod normalize;
pub mod pool;
pub mod proto;
pub mod reload;
pub mod secret;
pub mod segment;
pub mod server;
pub mod service;
pub mod telemetry;
pub mod text;
pub mod tls;
