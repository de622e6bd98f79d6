//! Options worked out character by character.
//!
//! Most characters have one fate whatever stands around them. A [`Plan`] knows
//! it for every character of one set of options, so that the steps run only
//! over stretches with a character whose fate hangs on its neighbours.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::LazyLock;

use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::chars::{
    SUPERSCRIPT_ALEF, is_arabic_letter, is_combining, is_double_quote, is_hamza_mark, is_invisible,
    is_odd_line_end, is_odd_single_quote, is_odd_space,
};
use super::edit::StepSet;
use super::options::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Punctuation, Quotes, SuperscriptAlef,
    TanwinSeat,
};
use super::scan::Classes;
use super::steps::{self, Context, is_form, lower};
use super::stretch::Stretch;
use super::tables::{self, Mark, WORD_LIGATURES, mark};

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays.
    Keep,
    /// It stays, unless it stands behind another mark that it repeats or
    /// should precede.
    KeepAlone,
    /// It goes.
    Drop,
    /// It becomes another character.
    Map(char),
    /// Its neighbours decide.
    Depends,
}

/// Characters with an entry of their own: all that UTF-8 writes in one or two
/// bytes, and general punctuation.
const DIRECT: usize = 0x800;
const PUNCTUATION_BLOCK: std::ops::Range<usize> = 0x2000..0x2070;
const ENTRIES: usize = DIRECT + 0x70;

/// The fates of all characters under one set of options.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) options: Options,
    fates: Box<[Fate]>,
    steps: Box<[StepSet]>,
    /// Whether some marks stay unless they meet others.
    pub(super) keeps_marks: bool,
    /// The bytes of the characters that do not simply stay.
    pub(super) classes: Classes,
}

#[inline]
fn entry(c: char) -> Option<usize> {
    let c = c as usize;
    if c < DIRECT {
        Some(c)
    } else if PUNCTUATION_BLOCK.contains(&c) {
        Some(DIRECT + c - PUNCTUATION_BLOCK.start)
    } else {
        None
    }
}

impl Plan {
    /// The plan of a set of options: from the few made last on this thread, or
    /// made anew.
    pub(super) fn of(options: &Options) -> Rc<Self> {
        const REMEMBERED: usize = 8;
        thread_local! {
            static PLANS: RefCell<Vec<Rc<Plan>>> = const { RefCell::new(Vec::new()) };
        }
        PLANS.with_borrow_mut(|plans| {
            if let Some(at) = plans.iter().position(|plan| plan.options == *options) {
                plans[..=at].rotate_right(1);
            } else {
                plans.truncate(REMEMBERED - 1);
                plans.insert(0, Rc::new(Self::new(options)));
            }
            Rc::clone(&plans[0])
        })
    }

    fn new(options: &Options) -> Self {
        let mut plan = Self {
            options: options.clone(),
            fates: vec![Fate::Depends; ENTRIES].into(),
            steps: vec![StepSet::default(); ENTRIES].into(),
            keeps_marks: false,
            classes: Classes::default(),
        };
        let mut stretch = Stretch::default();
        let mut context = Context::default();
        for c in (0..DIRECT as u32).chain(0x2000..0x2070).filter_map(char::from_u32) {
            let Some(at) = entry(c) else { continue };
            if depends(c, options) {
                continue;
            }
            stretch.load(c.encode_utf8(&mut [0; 4]), 0);
            steps::run(&mut stretch, options, &mut context);
            plan.steps[at] = stretch.steps();
            plan.fates[at] = match stretch.items[..] {
                [] => Fate::Drop,
                [item] if item.c != c => Fate::Map(item.c),
                [_] if is_combining(c) => Fate::KeepAlone,
                [_] => Fate::Keep,
                _ => Fate::Depends,
            };
        }
        plan.keeps_marks = plan.fates.contains(&Fate::KeepAlone);
        let asks = |c| plan.fate(c) != Fate::Keep;
        plan.classes = Classes::new(asks, options.spaces, plan.shortens());
        plan
    }

    /// Whether the third of three equal letters goes.
    pub(super) fn shortens(&self) -> bool {
        self.options.elongation != Elongation::Keep
    }

    /// What becomes of a character.
    #[inline]
    pub(super) fn fate(&self, c: char) -> Fate {
        match entry(c) {
            Some(at) => self.fates[at],
            None if is_inert(c) => Fate::Keep,
            None => Fate::Depends,
        }
    }

    /// The steps by which a character meets its fate alone.
    pub(super) fn steps(&self, c: char) -> StepSet {
        entry(c).map_or_else(StepSet::default, |at| self.steps[at])
    }
}

/// Whether the fate of a character hangs on its neighbours or on more of the
/// text.
fn depends(c: char, options: &Options) -> bool {
    if is_combining(c) {
        return mark_depends(c, options);
    }
    let dropped_mark = match mark(c) {
        Some(Mark::Quranic) => options.quranic_marks,
        Some(Mark::Haraka) => options.harakat,
        None => false,
    };
    if dropped_mark {
        return false;
    }
    options.compose && is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes
        || options.line_ends && is_odd_line_end(c)
        || options.tatweel && c == super::chars::TATWEEL
        || options.look_alikes && tables::LOOK_ALIKES.get(c).is_some()
        || options.invisible != Invisible::Keep && is_invisible(c)
        || options.spaces && is_odd_space(c)
        || options.punctuation == Punctuation::Arabic && matches!(c, ',' | ';' | '?')
        || options.quotes == Quotes::Guillemets && (is_double_quote(c) || c == '\n')
        || number_depends(c, options.digits)
}

fn mark_depends(c: char, options: &Options) -> bool {
    match mark(c) {
        Some(Mark::Haraka) if options.harakat => false,
        Some(Mark::Quranic) if options.quranic_marks => false,
        // Madda and hamza compose with letters, other marks of the world may.
        _ if is_hamza_mark(c) => {
            options.compose || options.alef_variants || options.hamza_seats != HamzaSeats::Keep
        }
        _ if c == SUPERSCRIPT_ALEF => options.superscript_alef == SuperscriptAlef::Alef,
        Some(Mark::Haraka) if c <= '\u{652}' => options.tanwin_seat != TanwinSeat::Keep,
        _ => true,
    }
}

fn number_depends(c: char, digits: Digits) -> bool {
    match digits {
        Digits::Keep => false,
        Digits::Ascii => matches!(c, '\u{66B}' | '\u{66C}'),
        Digits::ArabicIndic => super::chars::digit(c).is_some(),
    }
}

/// Whether no step touches a character beyond those with an entry. Says no to
/// some characters that are as inert, at the price of speed alone.
fn is_inert(c: char) -> bool {
    static BASIC_PLANE: LazyLock<Vec<bool>> = LazyLock::new(|| {
        (0..0x1_0000).map(|c| char::from_u32(c).is_some_and(is_inert_in_bmp)).collect()
    });
    match c {
        '\0'..='\u{FFFF}' => BASIC_PLANE[c as usize],
        // Pictographs and ideographs.
        _ => {
            matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{20000}'..='\u{2EBE0}' | '\u{30000}'..='\u{323AF}')
        }
    }
}

fn is_inert_in_bmp(c: char) -> bool {
    !(is_combining(c)
        || is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes
        || is_arabic_letter(c)
        || mark(c).is_some()
        || is_form(c)
        || WORD_LIGATURES.get(c).is_some()
        || is_invisible(c)
        || is_odd_space(c)
        || is_odd_line_end(c)
        || is_double_quote(c)
        || is_odd_single_quote(c)
        || lower(c) != c)
}
