//! What segmentation answers with.

use crate::article::FieldSpan;
use crate::text::Span;

/// What a block is to the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    /// The article's title.
    Headline,
    /// A line above the headline (عاجل، تحليل، خاص).
    Kicker,
    /// A heading inside the body that opens the paragraphs after it.
    Subheading,
    /// Running text, however short.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// A line that says who wrote, reported, translated or edited the article.
    Byline,
    /// A line that names a source, an agency or a photographer.
    Credit,
    /// The caption of an image or a video.
    Caption,
    /// The headline of another story, or a pointer to it.
    RelatedLink,
    /// Site furniture: comments closed, share, subscribe, copyright.
    Boilerplate,
    /// None of the others.
    Other,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 11] = [
        Self::Headline,
        Self::Kicker,
        Self::Subheading,
        Self::Paragraph,
        Self::ListItem,
        Self::Byline,
        Self::Credit,
        Self::Caption,
        Self::RelatedLink,
        Self::Boilerplate,
        Self::Other,
    ];
}

/// One reason for a block's role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The feature that spoke, in `snake_case`, from a documented list.
    pub code: &'static str,
    /// How much it spoke for the role (positive) or against it, in log-odds.
    pub weight: f32,
}

/// A part of a headline or sub-headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadlinePart {
    /// What the part is.
    pub role: HeadlinePartRole,
    /// Where it stands, in the field of its block.
    pub span: Span,
}

/// What a part of a headline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum HeadlinePartRole {
    /// A label before the headline proper: عاجل، بالفيديو، تحليل.
    Kicker,
    /// Who speaks, before a colon.
    Speaker,
    /// What the speaker says.
    Statement,
    /// The subject named before a colon.
    Topic,
    /// Words in quotation marks, without the marks.
    Quote,
    /// One of several clauses set apart by "..", "…", "|" or " - ".
    Clause,
    /// The outlet's name at the end: "| سكاي نيوز عربية".
    Outlet,
}

/// A stretch of the article with one role. Blocks never nest or overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What the block is.
    pub role: Role,
    /// Where it stands, without surrounding white space.
    pub at: FieldSpan,
    /// The probability of the role, in (0, 1].
    pub confidence: f32,
    /// The strongest reasons for the role, strongest first; at most eight.
    pub evidence: Vec<Evidence>,
    /// The block's sentences, in its field's offsets.
    pub sentences: Vec<Span>,
    /// The parts of a headline or sub-headline; empty for other roles.
    pub headline_parts: Vec<HeadlinePart>,
}

impl Block {
    /// A block of which nothing but role and place is known.
    pub fn bare(role: Role, at: FieldSpan) -> Self {
        Self {
            role,
            at,
            confidence: 1.0,
            evidence: Vec::new(),
            sentences: Vec::new(),
            headline_parts: Vec::new(),
        }
    }
}

/// A heading and the blocks under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Index of the heading's block; none for what stands before the first
    /// sub-headline when there is no headline either.
    pub heading: Option<usize>,
    /// Indices of the blocks under the heading, ascending.
    pub blocks: Vec<usize>,
}

/// Who or what an article, or a part of it, is owed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// What was contributed.
    pub kind: AttributionKind,
    /// The words that attribute ("ترجمة وتحرير"); none if the name stands alone.
    pub phrase: Option<FieldSpan>,
    /// The person, team or agency; none if the phrase stands alone.
    pub name: Option<FieldSpan>,
    /// Index of the block it stands in.
    pub block: usize,
}

/// What an [`Attribution`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum AttributionKind {
    /// Wrote it.
    Author,
    /// Reported it.
    Reporter,
    /// Edited it.
    Editor,
    /// Translated it.
    Translator,
    /// The news agency it came by.
    Agency,
    /// The source it was taken from.
    Source,
    /// Took the picture.
    Photo,
}

/// The place, agency and date at the start of a report:
/// "القاهرة – رويترز:".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// The whole dateline with its closing punctuation.
    pub at: FieldSpan,
    /// Where the report was filed.
    pub place: Option<FieldSpan>,
    /// By which agency.
    pub agency: Option<FieldSpan>,
    /// On which date.
    pub date: Option<FieldSpan>,
    /// Index of the block it opens.
    pub block: usize,
}

/// The shape of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segmentation {
    /// Title first, then the text from top to bottom.
    pub blocks: Vec<Block>,
    /// Every block but headings of its own level belongs to one section.
    pub sections: Vec<Section>,
    /// Who the article is owed to, in order of place.
    pub attributions: Vec<Attribution>,
    /// The datelines, in order of place.
    pub datelines: Vec<Dateline>,
}
