//! Amounts of money.

use super::amounts::{self, Amounts};
use super::decimal::Decimal;
use super::lexicon::LEXICON;
use super::quantity::after_waw;
use super::sense::{CurrencyName, NumberWord, Sense};
use super::tokens::{Kind, Tokens};

/// An amount of money before its currency is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundMoney {
    pub(super) min: Decimal,
    pub(super) max: Decimal,
    pub(super) otherwise: Option<Decimal>,
    /// A family of currencies, or an ISO 4217 code.
    pub(super) family: &'static str,
    /// The country of an adjective after the currency.
    pub(super) country: Option<&'static str>,
    /// Index just past its last token.
    pub(super) end: usize,
}

/// The amount of money that begins at a token.
pub(super) fn at(tokens: &Tokens, start: usize) -> Option<FoundMoney> {
    sign_first(tokens, start)
        .or_else(|| dual(tokens, start))
        .or_else(|| one(tokens, start))
        .or_else(|| amount_first(tokens, start))
}

fn currency(tokens: &Tokens, at: usize) -> Option<(CurrencyName, usize)> {
    tokens.sense(at, |sense| match sense {
        Sense::Currency(name) => Some(name),
        _ => None,
    })
}

/// The currency after an amount, with or without ال, or after "من ال".
fn currency_after(tokens: &Tokens, at: usize) -> Option<(CurrencyName, usize)> {
    let next = match tokens.is_bare(at, Sense::Of) {
        Some(next) if tokens.key(next).starts_with("ال") => next,
        _ => at,
    };
    if !tokens.is_plain(next) {
        return None;
    }
    currency(tokens, next).filter(|(name, _)| !name.dual)
}

/// "15 مليار ريال سعودي".
fn amount_first(tokens: &Tokens, start: usize) -> Option<FoundMoney> {
    let is_unit = |at| currency_after(tokens, at).is_some();
    let amounts = amounts::at(tokens, start, is_unit)?;
    let (name, end) = currency_after(tokens, amounts.end)?;
    let (country, end) = adjective(tokens, end, name.family);
    let mut found = found(amounts, name, country, end);
    if let Some((part, end)) = minor_part(tokens, end, name)
        && found.min == found.max
    {
        found.min = found.min.plus(part)?;
        found.max = found.min;
        found.otherwise = None;
        found.end = end;
    }
    Some(found)
}

fn found(
    amounts: Amounts,
    name: CurrencyName,
    country: Option<&'static str>,
    end: usize,
) -> FoundMoney {
    let in_currency = |amount: Decimal| amount.shifted_down(name.exponent);
    FoundMoney {
        min: in_currency(amounts.min),
        max: in_currency(amounts.max),
        otherwise: amounts.otherwise.map(in_currency),
        family: name.family,
        country,
        end,
    }
}

/// "و50 سنتا" after dollars.
fn minor_part(tokens: &Tokens, at: usize, major: CurrencyName) -> Option<(Decimal, usize)> {
    let amounts = amounts::at(tokens, after_waw(tokens, at)?, |_| true)?;
    let (name, end) = currency_after(tokens, amounts.end)?;
    if name.family != major.family || name.exponent == 0 || major.exponent != 0 {
        return None;
    }
    Some((amounts.min.shifted_down(name.exponent), end))
}

/// "دولارين".
fn dual(tokens: &Tokens, start: usize) -> Option<FoundMoney> {
    let (name, end) = currency(tokens, start).filter(|(name, _)| name.dual)?;
    let (country, end) = adjective(tokens, end, name.family);
    let two = Decimal::integer(2);
    Some(found(Amounts { min: two, max: two, otherwise: None, end }, name, country, end))
}

/// "دولار واحد"; "الدولار الواحد" is a rate's unit, no amount.
fn one(tokens: &Tokens, start: usize) -> Option<FoundMoney> {
    if tokens.is_definite(start) {
        return None;
    }
    let (name, next) = currency(tokens, start).filter(|(name, _)| !name.dual)?;
    let end = tokens.is_bare(next, Sense::Number(NumberWord::Ones(1)))?;
    let one = Decimal::integer(1);
    Some(found(Amounts { min: one, max: one, otherwise: None, end }, name, None, end))
}

/// "$50 مليون", "USD 50".
fn sign_first(tokens: &Tokens, start: usize) -> Option<FoundMoney> {
    let (name, next) = currency(tokens, start)?;
    let is_sign = tokens.key(start).chars().all(|c| !c.is_alphabetic() || c.is_ascii());
    if !is_sign || tokens.get(next)?.kind != Kind::Number {
        return None;
    }
    let amounts = amounts::at(tokens, next, |_| false)?;
    let mut end = amounts.end;
    // "$50 مليون دولار" says it twice.
    if let Some((again, after)) = currency_after(tokens, end)
        && again.family == name.family
    {
        end = after;
    }
    Some(found(amounts, name, None, end))
}

/// The adjective that tells whose currency it is; only one that can.
fn adjective(tokens: &Tokens, at: usize, family: &'static str) -> (Option<&'static str>, usize) {
    if !tokens.is_plain(at) {
        return (None, at);
    }
    let found = tokens.sense(at, |sense| match sense {
        Sense::Adjective(country) => LEXICON.code(family, country).map(|_| country),
        _ => None,
    });
    match found {
        Some((country, end)) => (Some(country), end),
        None => (None, at),
    }
}
