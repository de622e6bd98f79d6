//! Values: dates, amounts of money and percentages, and what they are worth to
//! a machine.
//!
//! A rule engine over the words of `data/values`. It works line by line on the
//! text as it stands; keys folded for lookup never leave it. What a date or a
//! currency needs from around it (the day of publication, the countries the
//! article speaks of) is asked for last. `docs/values.md` tells the rules.

mod amounts;
mod currency;
mod dates;
mod decimal;
mod fold;
mod lexicon;
mod money;
mod names;
mod numeral;
mod percent;
mod quantity;
mod sense;
mod tokens;

pub use quantity::parse_number;

use crate::article::{Article, Field, FieldSpan};
use crate::cancel::{CancelFlag, Cancelled};
use crate::entities::{EntityType, MoneyValue, Proclitic, Value};
use crate::segment::Segmentation;
use crate::text::Span;
use currency::{Countries, countries_of_line};
use money::FoundMoney;
use tokens::Tokens;

/// A date, an amount of money or a percentage in an article.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueMention {
    /// The mention without what is attached to it.
    pub core: FieldSpan,
    /// The mention with its clitics.
    pub surface: FieldSpan,
    /// The clitics, in order.
    pub proclitics: Vec<Proclitic>,
    /// [`EntityType::Date`], [`EntityType::Money`] or [`EntityType::Percent`].
    pub kind: EntityType,
    /// What it is worth.
    pub value: Value,
}

/// Finds the dates, amounts of money and percentages of an article, in order
/// of place; none overlaps another, and none crosses a block's end.
///
/// Time is linear in the length of the article.
///
/// ```
/// use khabar::article::Article;
/// use khabar::cancel::CancelFlag;
/// use khabar::entities::values;
/// use khabar::segment::segment;
///
/// let article = Article::new("", "ارتفعت الأرباح 12,5 في المئة في نيسان/أبريل 2018.");
/// let cancel = CancelFlag::new();
/// let shape = segment(&article, &cancel).unwrap();
/// let found = values::find(&article, &shape, &cancel).unwrap();
/// assert_eq!(article.slice(found[0].core), "12,5 في المئة");
/// assert_eq!(article.slice(found[1].core), "نيسان/أبريل 2018");
/// ```
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn find(
    article: &Article<'_>,
    shape: &Segmentation,
    cancel: &CancelFlag,
) -> Result<Vec<ValueMention>, Cancelled> {
    let today =
        article.published_at.map(|at| at.to_zoned_datetime(article.time_zone.clone()).date());
    let mut countries = Countries::default();
    for dateline in &shape.datelines {
        if let Some(place) = dateline.place {
            countries.add_dateline(article.slice(place));
        }
    }
    let mut mentions = Vec::new();
    let mut unsettled = Vec::new();
    for line in lines(article, shape) {
        let mut scan = Scan { line, cancel, mentions: &mut mentions, money: Vec::new() };
        let mut tokens = Tokens::new(article.slice(line));
        cancel.check()?;
        names::mark(&mut tokens, cancel)?;
        scan.run(&tokens, today)?;
        let money = scan.money;
        countries.add_line(&tokens);
        if !money.is_empty() {
            for (_, found) in &money {
                countries.add_settled(found);
            }
            unsettled.push((money, countries_of_line(&tokens)));
        }
    }
    for (money, of_line) in &unsettled {
        for (index, found) in money {
            mentions[*index].value = money_value(found, countries.code(found, of_line));
        }
    }
    Ok(mentions)
}

/// The stretches that no mention crosses the ends of: the blocks of the shape,
/// or the lines of an article that has not been cut into blocks.
fn lines(article: &Article<'_>, shape: &Segmentation) -> Vec<FieldSpan> {
    if !shape.blocks.is_empty() {
        return shape.blocks.iter().map(|block| block.at).collect();
    }
    let mut lines = Vec::new();
    for field in [Field::Title, Field::Text] {
        let mut begin = 0;
        for line in article.field(field).split_inclusive('\n') {
            lines.push(FieldSpan { field, span: Span::new(begin, begin + line.len()) });
            begin += line.len();
        }
    }
    lines
}

fn money_value(found: &FoundMoney, code: Option<&'static str>) -> Value {
    Value::Money(MoneyValue {
        min_amount: found.min.to_string(),
        max_amount: found.max.to_string(),
        currency_code: code.map(str::to_owned),
        alternatives: found.otherwise.iter().map(ToString::to_string).collect(),
    })
}

/// The walk over one line.
struct Scan<'a> {
    line: FieldSpan,
    cancel: &'a CancelFlag,
    mentions: &'a mut Vec<ValueMention>,
    /// Money among the mentions, by index.
    money: Vec<(usize, FoundMoney)>,
}

impl Scan<'_> {
    fn run(&mut self, tokens: &Tokens, today: Option<jiff::civil::Date>) -> Result<(), Cancelled> {
        let mut at = 0;
        let mut next_check = 0;
        while at < tokens.len() {
            if at >= next_check {
                self.cancel.check()?;
                next_check = at + 256;
            }
            if !tokens.may_begin(at) {
                at += 1;
                continue;
            }
            let date = dates::at(tokens, at);
            let percent = percent::at(tokens, at);
            let money = money::at(tokens, at);
            let date_end = date.as_ref().map_or(0, |found| found.end);
            let percent_end = percent.as_ref().map_or(0, |(_, end)| *end);
            let money_end = money.as_ref().map_or(0, |found| found.end);
            let end = date_end.max(percent_end).max(money_end);
            if end == 0 {
                at += 1;
                continue;
            }
            if let Some(found) = money.filter(|_| money_end == end) {
                let value = money_value(&found, None); // settled when all lines are read
                self.money.push((self.mentions.len(), found));
                self.push(tokens, at..end, EntityType::Money, value);
            } else if let Some((value, _)) = percent.filter(|_| percent_end == end) {
                self.push(tokens, at..end, EntityType::Percent, Value::Percent(value));
            } else if let Some(found) = date {
                let value = Value::Date(dates::resolve(found.meaning, today));
                self.push(tokens, at..end, EntityType::Date, value);
            }
            at = end;
        }
        Ok(())
    }

    fn push(
        &mut self,
        tokens: &Tokens,
        range: std::ops::Range<usize>,
        kind: EntityType,
        value: Value,
    ) {
        let (Some(first), Some(last)) = (tokens.get(range.start), tokens.get(range.end - 1)) else {
            return;
        };
        let (surface, proclitics) = tokens.attached_before(range.start);
        let offset = self.line.span.begin as usize;
        let at = |begin: usize| FieldSpan {
            field: self.line.field,
            span: Span::new(begin, last.end).shifted(offset),
        };
        self.mentions.push(ValueMention {
            core: at(first.core),
            surface: at(surface),
            proclitics,
            kind,
            value,
        });
    }
}
