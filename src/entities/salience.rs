//! How much an article is about an entity.
//!
//! Half of it is the best place that mentions the entity, half how often it is
//! mentioned:
//!
//! `salience = place / 2 + (1 - 0.7 ^ count) / 2`
//!
//! `place` is 1 for the headline, 0.6 for the lead (the first paragraph), 0.5
//! for a sub-headline, 0.3 for the rest of the body, 0 for what surrounds the
//! article; `count` are the mentions in headlines and body.

use super::Mention;
use crate::segment::{Role, Segmentation};

/// What one more mention leaves of the way to full salience.
const DECAY: f32 = 0.7;

/// The worth of each block of an article as a place to be named in.
#[derive(Debug)]
pub(super) struct Places(Vec<f32>);

impl Places {
    pub fn new(shape: &Segmentation) -> Self {
        let lead = shape.blocks.iter().position(|block| block.role == Role::Paragraph);
        let worth = shape.blocks.iter().enumerate().map(|(index, block)| match block.role {
            Role::Headline => 1.0,
            Role::Paragraph if Some(index) == lead => 0.6,
            Role::Subheading | Role::Kicker => 0.5,
            Role::Paragraph | Role::ListItem | Role::Caption => 0.3,
            Role::Byline | Role::Credit | Role::RelatedLink | Role::Boilerplate | Role::Other => {
                0.0
            }
        });
        Self(worth.collect())
    }

    /// The salience of an entity from its mentions, each with its block.
    pub fn salience<'m>(&self, mentions: impl Iterator<Item = (&'m Mention, usize)>) -> f32 {
        let (mut place, mut left) = (0.0_f32, 1.0_f32);
        for (_, block) in mentions {
            let worth = self.0.get(block).copied().unwrap_or(0.0);
            if worth > 0.0 {
                place = place.max(worth);
                left *= DECAY;
            }
        }
        (place + 1.0 - left) / 2.0
    }
}
