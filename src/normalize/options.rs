//! The switches of normalization.

/// What becomes of superscript (dagger) alef, U+0670.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SuperscriptAlef {
    /// Stays.
    Keep,
    /// Goes, like a haraka.
    Drop,
    /// Becomes a plain alef.
    Alef,
}

/// Where fathatan stands when its seat is an alef.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TanwinSeat {
    /// Where it was typed.
    Keep,
    /// On the letter before the alef (U+064B U+0627).
    BeforeAlef,
    /// On the alef (U+0627 U+064B).
    OnAlef,
}

/// What becomes of hamza on waw and yeh seats (U+0624, U+0626).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HamzaSeats {
    /// Stays.
    Keep,
    /// Becomes the bare seat: waw and yeh.
    Fold,
}

/// What becomes of invisible characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Invisible {
    /// All stay.
    Keep,
    /// Those go whose absence no reader can see.
    DropSafe,
    /// All go but the joiners inside emoji.
    DropAll,
}

/// Which digits numbers are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digits {
    /// As typed.
    Keep,
    /// 0-9, with `.` `,` `%`.
    Ascii,
    /// Arabic-Indic (U+0660-0669), with U+066B, U+066C, U+066A.
    ArabicIndic,
}

/// Which commas, semicolons and question marks are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Punctuation {
    /// As typed.
    Keep,
    /// `,` `;` `?`.
    Ascii,
    /// U+060C, U+061B, U+061F beside Arabic letters.
    Arabic,
}

/// Which quotation marks are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quotes {
    /// As typed.
    Keep,
    /// `"` and `'`.
    Straight,
    /// U+00AB and U+00BB, paired by position.
    Guillemets,
}

/// How many of a letter repeated for emphasis are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Elongation {
    /// All.
    Keep,
    /// Two.
    Two,
    /// One.
    One,
}

/// One step of normalization. The order of the variants is the order in which
/// steps run; `docs/normalization.md` says why it is this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Step {
    /// Left-over mark-up: entities and listed HTML tags. `&quot;` → `"`.
    Markup,
    /// Line ends. CR LF → LF.
    LineEnds,
    /// Arabic presentation forms to letters. U+FEF7 → U+0644 U+0623.
    PresentationForms,
    /// Word ligatures spelled out. U+FDF4 → محمد.
    WordLigatures,
    /// Quranic annotation marks. U+0628 U+06DA → U+0628.
    QuranicMarks,
    /// Harakat. U+0643 U+064E U+062A → U+0643 U+062A.
    Harakat,
    /// Superscript alef. U+0647 U+0670 U+0630 U+0627 → U+0647 U+0630 U+0627.
    SuperscriptAlef,
    /// Tatweel (kashida). محـد → محد.
    Tatweel,
    /// Letters of other languages that look like Arabic ones. U+06CC → U+064A.
    LookAlikes,
    /// Alef maksura. على → علي.
    AlefMaksura,
    /// Teh marbuta. قناة → قناه.
    TehMarbuta,
    /// Invisible characters. U+FEFF → nothing.
    Invisible,
    /// Alef variants. U+0623 → U+0627.
    AlefVariants,
    /// Hamza seats. U+0624 → U+0648.
    HamzaSeats,
    /// The seat of tanwin. U+0627 U+064B → U+064B U+0627.
    TanwinSeat,
    /// Identical harakat on one letter. U+064F U+064F → U+064F.
    RepeatedHarakat,
    /// Latin case. `BBC` → `bbc`.
    LatinCase,
    /// Canonical composition and order of marks. U+0627 U+0654 → U+0623.
    Compose,
    /// Elongation. رااااائع → راائع.
    Elongation,
    /// Punctuation. U+060C → U+002C.
    Punctuation,
    /// Quotation marks. U+201C → U+00AB.
    Quotes,
    /// Digits and the signs of numbers. U+0663 U+066B U+0665 → `3.5`.
    Digits,
    /// Spaces. U+00A0 U+0020 → U+0020.
    Spaces,
}

impl Step {
    /// All steps, in the order in which they run.
    pub const ALL: [Self; 23] = [
        Self::Markup,
        Self::LineEnds,
        Self::PresentationForms,
        Self::WordLigatures,
        Self::QuranicMarks,
        Self::Harakat,
        Self::SuperscriptAlef,
        Self::Tatweel,
        Self::LookAlikes,
        Self::AlefMaksura,
        Self::TehMarbuta,
        Self::Invisible,
        Self::AlefVariants,
        Self::HamzaSeats,
        Self::TanwinSeat,
        Self::RepeatedHarakat,
        Self::LatinCase,
        Self::Compose,
        Self::Elongation,
        Self::Punctuation,
        Self::Quotes,
        Self::Digits,
        Self::Spaces,
    ];
}

/// Every switch of normalization, set. Start from a profile and change what
/// should differ:
///
/// ```
/// use khabar::normalize::{Options, Profile};
///
/// let options = Options { tatweel: false, ..Options::of(Profile::Repair) };
/// assert!(options.compose);
/// ```
#[allow(clippy::struct_excessive_bools, reason = "switches are what this is")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// [`Step::Markup`].
    pub markup: bool,
    /// [`Step::PresentationForms`].
    pub presentation_forms: bool,
    /// [`Step::WordLigatures`].
    pub word_ligatures: bool,
    /// [`Step::Compose`].
    pub compose: bool,
    /// [`Step::Invisible`].
    pub invisible: Invisible,
    /// [`Step::Spaces`].
    pub spaces: bool,
    /// [`Step::LineEnds`].
    pub line_ends: bool,
    /// [`Step::Tatweel`].
    pub tatweel: bool,
    /// [`Step::LookAlikes`].
    pub look_alikes: bool,
    /// [`Step::RepeatedHarakat`].
    pub repeated_harakat: bool,
    /// [`Step::Harakat`].
    pub harakat: bool,
    /// [`Step::QuranicMarks`].
    pub quranic_marks: bool,
    /// [`Step::SuperscriptAlef`].
    pub superscript_alef: SuperscriptAlef,
    /// [`Step::TanwinSeat`].
    pub tanwin_seat: TanwinSeat,
    /// [`Step::AlefVariants`].
    pub alef_variants: bool,
    /// [`Step::HamzaSeats`].
    pub hamza_seats: HamzaSeats,
    /// [`Step::AlefMaksura`].
    pub alef_maksura: bool,
    /// [`Step::TehMarbuta`].
    pub teh_marbuta: bool,
    /// [`Step::Digits`].
    pub digits: Digits,
    /// [`Step::Punctuation`].
    pub punctuation: Punctuation,
    /// [`Step::Quotes`].
    pub quotes: Quotes,
    /// [`Step::Elongation`].
    pub elongation: Elongation,
    /// [`Step::LatinCase`].
    pub latin_case: bool,
}
