//! Sections: which blocks stand under which heading.

use super::model::{Block, Role, Section};

/// Groups blocks under their headings.
///
/// The headline's section holds what stands before the first sub-headline,
/// the kickers above it included; without a headline that section has no
/// heading. Every sub-headline opens a section of its own. A headline
/// repeated in the text belongs to the section it stands in.
pub(super) fn sections(blocks: &[Block]) -> Vec<Section> {
    let headline = blocks.iter().position(|block| block.role == Role::Headline);
    let mut current = Section { heading: headline, blocks: Vec::new() };
    let mut sections = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        if block.role == Role::Subheading {
            let next = Section { heading: Some(index), blocks: Vec::new() };
            close(std::mem::replace(&mut current, next), &mut sections);
        } else if Some(index) != headline {
            current.blocks.push(index);
        }
    }
    close(current, &mut sections);
    sections
}

fn close(section: Section, sections: &mut Vec<Section>) {
    if section.heading.is_some() || !section.blocks.is_empty() {
        sections.push(section);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::FieldSpan;
    use crate::text::Span;
    use rstest::rstest;

    #[rstest]
    #[case::nothing(&[], vec![])]
    #[case::headline_alone(&[Role::Headline], vec![(Some(0), vec![])])]
    #[case::no_headline(&[Role::Paragraph, Role::Subheading, Role::Paragraph], vec![(None, vec![0]), (Some(1), vec![2])])]
    #[case::kicker_first(&[Role::Kicker, Role::Headline, Role::Paragraph], vec![(Some(1), vec![0, 2])])]
    #[case::nested(
        &[Role::Headline, Role::Paragraph, Role::Subheading, Role::Paragraph, Role::Subheading, Role::Paragraph, Role::Byline],
        vec![(Some(0), vec![1]), (Some(2), vec![3]), (Some(4), vec![5, 6])]
    )]
    fn every_block_stands_under_the_heading_before_it(
        #[case] roles: &[Role],
        #[case] expected: Vec<(Option<usize>, Vec<usize>)>,
    ) {
        let blocks: Vec<Block> =
            roles.iter().map(|&role| Block::bare(role, FieldSpan::text(Span::default()))).collect();
        let found = sections(&blocks);
        let found: Vec<(Option<usize>, Vec<usize>)> =
            found.into_iter().map(|section| (section.heading, section.blocks)).collect();
        assert_eq!(found, expected);
    }
}
