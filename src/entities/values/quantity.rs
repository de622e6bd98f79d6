//! Numbers as the press writes them: "15", "عشرة ملايين", "1.5 مليار",
//! "100 ألف و600", "مليون ونصف المليون".

use super::decimal::Decimal;
use super::numeral;
use super::sense::{NumberWord, Sense};
use super::tokens::{Kind, Tokens};

/// A number in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    /// The number.
    pub(super) value: Decimal,
    /// Another reading of its digits.
    pub(super) otherwise: Option<Decimal>,
    /// Digits or words before the last scale word, and that scale's power of
    /// ten: what a range shares ("بين 5 و7 ملايين").
    pub(super) mantissa: Option<Decimal>,
    /// Power of ten of the only scale word.
    pub(super) scale: Option<u32>,
    /// Index just past the number.
    pub(super) end: usize,
}

/// Longest number, in tokens. The longest that makes sense, fifteen nines in
/// words with every و apart, has 34.
const MAX_TOKENS: usize = 48;

/// The number that begins at a token.
pub(super) fn at(tokens: &Tokens, start: usize) -> Option<Quantity> {
    let mut total: Option<Decimal> = None;
    let mut quantity = Quantity {
        value: Decimal::integer(0),
        otherwise: None,
        mantissa: None,
        scale: None,
        end: start,
    };
    let mut bound = u32::MAX; // power of ten that further groups stay below
    let mut next = start;
    while next < start + MAX_TOKENS {
        let Some(group) = group_at(tokens, next, bound) else { break };
        let first = total.is_none();
        let sum = match total {
            None => Some(group.value),
            Some(total) => total.plus(group.value),
        };
        let Some(sum) = sum else { break };
        total = Some(sum);
        quantity.otherwise = if first && group.scale == 0 { group.otherwise } else { None };
        quantity.mantissa = if first { Some(group.mantissa) } else { None };
        quantity.scale = (first && group.scale > 0).then_some(group.scale);
        quantity.end = group.end;
        bound = group.scale;
        if bound == 0 {
            break;
        }
        if let Some((with_fraction, end)) = fraction_after(tokens, quantity.end, sum, bound) {
            total = Some(with_fraction);
            quantity.end = end;
            break;
        }
        let Some(after) = after_waw(tokens, quantity.end) else { break };
        next = after;
    }
    quantity.value = total?;
    Some(quantity)
}

/// Reads a whole text as a number in words or digits, from 0 to 10^15 and
/// somewhat beyond. None if it is anything else.
///
/// Gender, case, the dual, the construct state and the spellings of hundreds
/// are all understood; vowel marks do not matter.
///
/// ```
/// use khabar::entities::values::parse_number;
///
/// assert_eq!(parse_number("ثلاثمائة وخمسة وعشرون ألفا"), Some(325_000));
/// assert_eq!(parse_number("مليونان وألفان واثنتا عشرة"), Some(2_002_012));
/// assert_eq!(parse_number("خمسة وثلاثة"), None);
/// ```
pub fn parse_number(text: &str) -> Option<u64> {
    let tokens = Tokens::new(text);
    if !tokens.is_plain(0) {
        return None;
    }
    let found = at(&tokens, 0)?;
    (found.end == tokens.len()).then(|| found.value.as_integer()).flatten()
}

/// A number below one scale word, with that word.
struct Group {
    value: Decimal,
    otherwise: Option<Decimal>,
    mantissa: Decimal,
    scale: u32,
    end: usize,
}

/// One group: a number below 1,000 (or any in digits) and the scale words after
/// it; only if its scale is below `bound` and its number fits there.
fn group_at(tokens: &Tokens, start: usize, bound: u32) -> Option<Group> {
    let first = start;
    let small = small_at(tokens, start);
    let (mantissa, otherwise, mut end) = match small {
        Some(small) => (small.value, small.otherwise, small.end),
        None => (Decimal::integer(1), None, start),
    };
    let mut value = mantissa;
    let mut scale = 0;
    // "ألف مليار": scales that follow each other upwards multiply.
    while let Some(((power, two), after)) = scale_at(tokens, end, small.is_some() || scale > 0) {
        if end > first && !tokens.is_plain(end) || (scale > 0 && power < scale) {
            break;
        }
        value = value.shifted_up(power)?;
        if two {
            value = value.plus(value)?;
        }
        scale = if scale == 0 { power } else { scale + power };
        end = after;
        if scale > 15 {
            return None;
        }
    }
    if end == start || scale >= bound {
        return None;
    }
    if bound < u32::MAX && value.compare(Decimal::integer(1).shifted_up(bound)?).is_ge() {
        return None;
    }
    Some(Group { value, otherwise, mantissa, scale, end })
}

/// A scale word: its power of ten and whether it means two of it.
fn scale_at(tokens: &Tokens, at: usize, counted: bool) -> Option<((u32, bool), usize)> {
    tokens.sense(at, |sense| match sense {
        Sense::Number(NumberWord::Scale(power)) => Some((power, false)),
        Sense::Number(NumberWord::ScalePlural(power)) if counted => Some((power, false)),
        Sense::Number(NumberWord::ScaleDual(power)) if !counted => Some((power, true)),
        Sense::Number(NumberWord::ScaleEither(power)) => Some((power, !counted)),
        _ => None,
    })
}

#[derive(Clone, Copy)]
struct Small {
    value: Decimal,
    otherwise: Option<Decimal>,
    end: usize,
}

/// A number without scale words: digits, or words below 1,000.
fn small_at(tokens: &Tokens, start: usize) -> Option<Small> {
    if tokens.get(start)?.kind == Kind::Number {
        return digits_at(tokens, start);
    }
    if let Some(((numerator, denominator), end)) = fraction_at(tokens, start) {
        // نصف مليون: only before a scale, a currency or a percent sign, which
        // the caller looks for.
        let value = Decimal::integer(1).times(numerator, denominator)?;
        return Some(Small { value, otherwise: None, end });
    }
    let (value, end) = words_below_thousand(tokens, start)?;
    Some(Small { value: Decimal::integer(value), otherwise: None, end })
}

/// Digits, with groups of three set apart by spaces joined: "10 000".
fn digits_at(tokens: &Tokens, start: usize) -> Option<Small> {
    let key = tokens.key(start);
    let is_digits = |key: &str| key.bytes().all(|b| b.is_ascii_digit());
    let mut end = start + 1;
    if key.len() <= 3 && is_digits(key) && !key.starts_with('0') {
        while end < start + 5
            && tokens.get(end).is_some_and(|token| token.kind == Kind::Number)
            && tokens.key(end).len() == 3
            && is_digits(tokens.key(end))
        {
            end += 1;
        }
    }
    if end > start + 1 {
        let whole: String = (start..end).map(|at| tokens.key(at)).collect();
        return Some(Small { value: Decimal::parse(&whole, "")?, otherwise: None, end });
    }
    let numeral = numeral::parse(key)?;
    Some(Small { value: numeral.value, otherwise: numeral.otherwise, end })
}

fn words_below_thousand(tokens: &Tokens, start: usize) -> Option<(u64, usize)> {
    if let Some(end) = tokens.is(start, Sense::Number(NumberWord::Zero)) {
        return Some((0, end));
    }
    let hundreds = tokens.sense(start, |sense| match sense {
        Sense::Number(NumberWord::Hundreds(n)) => Some(n),
        _ => None,
    });
    let Some((hundreds, end)) = hundreds else { return words_below_hundred(tokens, start) };
    let rest = after_waw(tokens, end)
        .and_then(|next| words_below_hundred(tokens, next))
        // "مئة وخمسون ألف" is 150 thousand; "مئة وألف" is not 101 thousand.
        .filter(|(value, _)| *value > 0);
    Some(match rest {
        Some((rest, end)) => (hundreds + rest, end),
        None => (hundreds, end),
    })
}

fn words_below_hundred(tokens: &Tokens, start: usize) -> Option<(u64, usize)> {
    let tens_at = |at| {
        tokens.sense(at, |sense| match sense {
            Sense::Number(NumberWord::Tens(n)) => Some(n),
            _ => None,
        })
    };
    if let Some(found) = tens_at(start) {
        return Some(found);
    }
    if let Some(end) = tokens.is(start, Sense::Number(NumberWord::Ten)) {
        return Some((10, end));
    }
    let (ones, end) = tokens.sense(start, |sense| match sense {
        Sense::Number(NumberWord::Ones(n)) => Some(n),
        _ => None,
    })?;
    if let Some(end) = tokens.is_bare(end, Sense::Number(NumberWord::Ten)) {
        return Some((ones + 10, end));
    }
    if let Some((tens, end)) = after_waw(tokens, end).and_then(tens_at) {
        return Some((ones + tens, end));
    }
    Some((ones, end))
}

/// The token after an "and": the next one if و is attached to it, the one after
/// if و stands apart.
pub(super) fn after_waw(tokens: &Tokens, at: usize) -> Option<usize> {
    let token = tokens.get(at)?;
    if token.proclitics.is_waw() {
        return Some(at);
    }
    (token.kind == Kind::Word && tokens.key(at) == "و" && tokens.is_plain(at + 1)).then_some(at + 1)
}

fn fraction_at(tokens: &Tokens, at: usize) -> Option<((u64, u64), usize)> {
    tokens.sense(at, |sense| match sense {
        Sense::Fraction(numerator, denominator) => Some((numerator, denominator)),
        _ => None,
    })
}

/// "ونصف", "وربع المليون" after a scale word: the sum and where it ends.
fn fraction_after(
    tokens: &Tokens,
    at: usize,
    sum: Decimal,
    scale: u32,
) -> Option<(Decimal, usize)> {
    let next = after_waw(tokens, at)?;
    let ((numerator, denominator), mut end) = fraction_at(tokens, next)?;
    let part = Decimal::integer(1).shifted_up(scale)?.times(numerator, denominator)?;
    match scale_at(tokens, end, true) {
        Some(((power, _), after)) if power == scale => end = after,
        // "مليون ونصف ألف" would be another sum: leave it alone.
        Some(_) => return None,
        None => {}
    }
    Some((sum.plus(part)?, end))
}
