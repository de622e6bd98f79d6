//! Characters that stand for words are spelled out.

use crate::normalize::chars::is_transparent;
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::{Item, Stretch};
use crate::normalize::tables::WORD_LIGATURES;

/// A phrase, unlike a single word, takes no clitics: where it touches a letter
/// or a digit, as it does when typed right after a name, a space goes between.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    let ligature = |item: &Item| WORD_LIGATURES.get(item.c).copied();
    if !options.word_ligatures || !stretch.items.iter().any(|item| ligature(item).is_some()) {
        return;
    }
    // The last character before that has a shape, as it was typed.
    let mut before = None;
    stretch.respell(Step::WordLigatures, |items, at, out| {
        let item = items[at];
        let Some(spelling) = ligature(&item) else {
            out.push(item);
            if !is_transparent(item.c) {
                before = Some(item.c);
            }
            return false;
        };
        let phrase = spelling.contains(' ');
        let is_word = |c: char| c.is_alphanumeric();
        if phrase && before.is_some_and(is_word) {
            out.push(Item { c: ' ', ..item });
        }
        out.extend(spelling.chars().map(|c| Item { c, ..item }));
        let after = items.get(at + 1).map(|next| next.c);
        // Another phrase brings the space between the two itself.
        let is_phrase = |c| WORD_LIGATURES.get(c).is_some_and(|word| word.contains(' '));
        if phrase && after.is_some_and(|c| is_word(c) && !is_phrase(c)) {
            out.push(Item { c: ' ', ..item });
        }
        before = Some(item.c);
        true
    });
}
