//! The engine that new work is done by, and its exchange while the server runs.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::analyze::Engine;

/// The engine in use. Clones share it: what one puts in, all get.
#[derive(Clone, Debug)]
pub struct LiveEngine(Arc<ArcSwap<Engine>>);

impl LiveEngine {
    /// Starts with an engine.
    pub fn new(engine: Engine) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(engine)))
    }

    /// The engine for a piece of work that begins now. The work keeps it to
    /// its end, so that an answer and the version it tells are of one engine.
    pub fn get(&self) -> Arc<Engine> {
        self.0.load_full()
    }

    /// Has all work that begins from now on done by another engine.
    pub fn put(&self, engine: Engine) {
        self.0.store(Arc::new(engine));
    }
}
