//! Years, weeks, seasons, quarters, decades and centuries.

use super::super::lexicon::{Count, Era, Relative, Season, Sense, Unit};
use super::super::quantity::after_waw;
use super::super::tokens::{Kind, Tokens};
use super::expression::{Expression, MonthRef, Point, YearRef};
use super::parse::{Parsed, joint, ordinal, relative, year_after_word, year_number};

/// The period that begins at a token.
pub(super) fn period(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let candidates = [
        this(tokens, start),
        same_month(tokens, start),
        year(tokens, start),
        unit_with_adjective(tokens, start),
        season(tokens, start),
        quarter(tokens, start),
        decade(tokens, start),
        century(tokens, start),
        bare_year(tokens, start),
    ];
    candidates.into_iter().flatten().max_by_key(|(_, end)| *end)
}

fn unit_at(tokens: &Tokens, at: usize) -> Parsed<(Unit, Count)> {
    tokens.sense(at, |sense| match sense {
        Sense::Unit(unit, count) => Some((unit, count)),
        _ => None,
    })
}

fn is_definite(tokens: &Tokens, at: usize) -> bool {
    let key = tokens.key(at);
    let core = ["و", "ف", "ب", "ك"].iter().fold(key, |key, p| key.strip_prefix(p).unwrap_or(key));
    core.starts_with("ال") || core.starts_with("لل")
}

/// هذا الأسبوع, هذه السنة, هذا الصيف.
fn this(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let at = tokens.is(start, Sense::This)?;
    if !tokens.is_plain(at) || !is_definite(tokens, at) {
        return None;
    }
    if let Some((season, end)) = season_name(tokens, at) {
        return Some((Expression::Season(season, Relative::This), end));
    }
    if let Some(end) = tokens.is(at, Sense::Today(0)) {
        return Some((Expression::Point(Point { offset: Some(0), ..Point::default() }), end));
    }
    let ((unit, count), end) = unit_at(tokens, at)?;
    if count != Count::Singular {
        return None;
    }
    if unit == Unit::Year
        && let Some((year, end)) = year_number(tokens, end).filter(|(year, _)| *year >= 1000)
    {
        return Some((of_year(YearRef::Absolute(year)), end));
    }
    Some((of_unit(unit, Relative::This)?, end))
}

/// "الشهر نفسه من العام الماضي", "نفس الشهر من العام الماضي": the month is the
/// one spoken of before.
fn same_month(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let month = |at| tokens.is(at, Sense::Unit(Unit::Month, Count::Singular));
    let end = if tokens.is(start, Sense::SameAs) == Some(start + 1) {
        month(start + 1)?
    } else {
        tokens.is_bare(month(start)?, Sense::Relative(Relative::Same))?
    };
    let (_, end) = period_of_year(tokens, tokens.is_bare(end, Sense::Of)?)?;
    Some((Expression::Unknown, end))
}

/// الأسبوع الماضي, العقد الحالي.
fn unit_with_adjective(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), end) = unit_at(tokens, start)?;
    if count != Count::Singular || !is_definite(tokens, start) || unit == Unit::Day {
        return None;
    }
    let (relative, end) = relative(tokens, end)?;
    Some((of_unit(unit, relative)?, end))
}

fn of_year(year: YearRef) -> Expression {
    Expression::Point(Point { year: Some(year), ..Point::default() })
}

fn of_unit(unit: Unit, relative: Relative) -> Option<Expression> {
    Some(match unit {
        _ if relative == Relative::Same => return None,
        Unit::Week => Expression::Week(relative),
        Unit::Month => Expression::Point(Point {
            month: Some(MonthRef::Relative(relative)),
            ..Point::default()
        }),
        Unit::Year => of_year(YearRef::Relative(relative)),
        Unit::Decade => Expression::RelativeDecade(relative),
        Unit::Century => Expression::Century(YearRef::Relative(relative)),
        Unit::Day | Unit::Season | Unit::Quarter | Unit::Half => return None,
    })
}

/// عام 2018, العام الماضي 2017, عامي 2001 و2004, عام 2018 الجاري.
fn year(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), mut at) = unit_at(tokens, start)?;
    if unit != Unit::Year {
        return None;
    }
    if let Some(end) = tokens.is_bare(at, Sense::YearKind) {
        at = end;
    }
    let (year, mut end) = year_after_word(tokens, at)?;
    let digits = tokens.get(at).is_some_and(|token| token.kind == Kind::Number);
    if let YearRef::Absolute(number) = year {
        // "سنة 15": how long, not when. Two digits count only after عام.
        let least = if count == Count::Singular && tokens.key(start).contains("عام") {
            30
        } else {
            1000
        };
        if digits && number < least || is_counted(tokens, end) {
            return None;
        }
    } else if !is_definite(tokens, start) || count != Count::Singular {
        return None;
    }
    let mut point = Point { year: Some(year), ..Point::default() };
    if let YearRef::Absolute(number) = year {
        (point, end) = with_era(tokens, end, number);
        point.short_year =
            digits && number < 100 && tokens.key(at).len() < 3 && point.year == Some(year);
        if let Some((_, after)) = relative(tokens, end) {
            end = after;
        }
        if let Some((last, after)) = year_span(tokens, at, end) {
            return Some((years(number, last), after));
        }
    }
    Some((Expression::Point(point), end))
}

/// A year's era: "61 هـ", "30 ق.م".
fn with_era(tokens: &Tokens, at: usize, number: i32) -> (Point, usize) {
    let absolute = |year| Point { year: Some(YearRef::Absolute(year)), ..Point::default() };
    if let Some(end) = before_christ(tokens, at) {
        return (absolute(1 - number), end);
    }
    let era = tokens.sense(at, |sense| match sense {
        Sense::Era(era) if tokens.is_plain(at) => Some(era),
        _ => None,
    });
    match era {
        Some((Era::Hijri, end)) => (Point { hijri: true, ..absolute(number) }, end),
        Some((_, end)) => (absolute(number), end),
        None => (absolute(number), at),
    }
}

/// "ق.م", "ق م", "قبل الميلاد".
fn before_christ(tokens: &Tokens, at: usize) -> Option<usize> {
    if tokens.key(at) == "ق" && tokens.is_mark(at + 1, '.') && tokens.key(at + 2) == "م" {
        return Some(if tokens.is_mark(at + 3, '.') && !tokens.get(at + 3)?.spaced {
            at + 4
        } else {
            at + 3
        });
    }
    tokens.is_bare(at, Sense::Era(Era::BeforeChrist))
}

fn years(first: i32, last: i32) -> Expression {
    let point = |year| Point { year: Some(YearRef::Absolute(year)), ..Point::default() };
    Expression::Range(point(first), point(last))
}

/// "/2018", "-16" right after a year: the last year of the span.
fn year_span(tokens: &Tokens, first: usize, at: usize) -> Parsed<i32> {
    let (from, _) = year_number(tokens, first)?;
    if from < 1000 || !['/', '-', '–', '—'].iter().any(|&mark| tokens.is_mark(at, mark)) {
        return None;
    }
    let (to, end) = year_number(tokens, at + 1)?;
    let to = if tokens.key(at + 1).len() == 2 && !tokens.get(at + 1)?.spaced {
        from / 100 * 100 + to
    } else {
        to
    };
    let longer = tokens
        .get(end)
        .is_some_and(|t| !t.spaced && (tokens.is_mark(end, '-') || tokens.is_mark(end, '/')));
    (to > from && to < from + 300 && !longer).then_some((to, end))
}

/// A year without a word before it.
fn bare_year(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let (year, mut end) = year_number(tokens, start)?;
    let (point, after_era) = with_era(tokens, end, year);
    if after_era > end && tokens.key(end) != "م" {
        return Some((Expression::Point(point), after_era));
    }
    if let Some((last, after)) = year_span(tokens, start, end)
        && last < 2200
    {
        let ancient = before_christ(tokens, after);
        return match ancient {
            Some(after) => Some((years(1 - year, 1 - last), after)),
            None if year >= 1500 => Some((years(year, last), after)),
            None => None,
        };
    }
    if let Some((last, after)) = descending_span(tokens, start, end) {
        return Some((years(1 - year, 1 - last), after));
    }
    if !(1500..2100).contains(&year) || tokens.key(start).len() != 4 || is_count(tokens, start, end)
    {
        return None;
    }
    if tokens.key(end) == "م" && tokens.is_plain(end) {
        end += 1;
    }
    if let Some((_, after)) = relative(tokens, end) {
        end = after;
    }
    Some((of_year(YearRef::Absolute(year)), end))
}

/// "1279 – 1213 ق.م".
fn descending_span(tokens: &Tokens, start: usize, at: usize) -> Parsed<i32> {
    let next = joint(tokens, at, false)?;
    let (from, _) = year_number(tokens, start)?;
    let (to, end) = year_number(tokens, next)?;
    let end = before_christ(tokens, end)?;
    (to < from).then_some((to, end))
}

/// Whether a number of four digits counts things or is part of something else.
fn is_count(tokens: &Tokens, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1);
    let about = before.is_some_and(|at| tokens.is(at, Sense::About).is_some())
        || start.checked_sub(2).is_some_and(|at| tokens.is(at, Sense::About) == Some(start));
    // "منذ 2012 عضوا": since when, whatever follows.
    let since = before.is_some_and(|at| tokens.key(at) == "منذ");
    about || (!since && is_counted(tokens, end)) || touches_other(tokens, start, end)
}

/// Whether what follows a number is what it counts.
fn is_counted(tokens: &Tokens, at: usize) -> bool {
    tokens.is_plain(at)
        && tokens
            .sense(at, |sense| match sense {
                Sense::Counted | Sense::Currency(_) | Sense::Percent | Sense::Number(_) => Some(()),
                _ => None,
            })
            .is_some()
}

/// Whether a number is written together with letters, digits or signs: "F-2000",
/// "2018-3", "12:2018", "2017.5".
fn touches_other(tokens: &Tokens, start: usize, end: usize) -> bool {
    let glued_mark = |at: usize| {
        tokens.get(at).is_some_and(|t| {
            matches!(t.kind, Kind::Mark('-' | '/' | ':' | '.' | '@' | '+' | '\\' | '='))
        })
    };
    let before = start >= 2
        && glued_mark(start - 1)
        && tokens.get(start).is_some_and(|t| !t.spaced)
        && tokens.get(start - 1).is_some_and(|t| !t.spaced)
        && tokens
            .get(start - 2)
            .is_some_and(|t| t.kind == Kind::Number || tokens.key(start - 2).is_ascii());
    let after = glued_mark(end)
        && tokens.get(end).is_some_and(|t| !t.spaced)
        && tokens.get(end + 1).is_some_and(|t| !t.spaced && t.kind == Kind::Number);
    before || after
}

fn season_name(tokens: &Tokens, at: usize) -> Parsed<Season> {
    tokens.sense(at, |sense| match sense {
        Sense::Season(season) => Some(season),
        _ => None,
    })
}

/// صيف 2019, الصيف المقبل, خريف العام الماضي.
fn season(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let (season, end) = season_name(tokens, start)?;
    if let Some((relative, end)) = relative(tokens, end) {
        return is_definite(tokens, start).then_some((Expression::Season(season, relative), end));
    }
    let of = tokens.is_bare(end, Sense::Of).unwrap_or(end);
    if let Some((year, end)) = year_number(tokens, of).filter(|(year, _)| *year >= 1000) {
        if let Some((last, end)) = year_span(tokens, of, end) {
            return Some((years(year, last), end));
        }
        return Some((Expression::SeasonOf(YearRef::Absolute(year)), end));
    }
    let ((unit, count), next) = unit_at(tokens, of)?;
    if unit != Unit::Year || count != Count::Singular || !tokens.is_plain(of) {
        return None;
    }
    let (year, end) = year_after_word(tokens, next)?;
    Some((Expression::SeasonOf(year), end))
}

/// الربع الثاني من 2018, النصف الأول من العام الجاري, الربعين الأول والثاني من.
fn quarter(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), end) = unit_at(tokens, start)?;
    let months = match unit {
        Unit::Quarter => 3,
        Unit::Half => 6,
        _ => return None,
    };
    let (first, mut end) = ordinal(tokens, end)?;
    let mut last = first;
    if count == Count::Dual {
        let (second, after) = after_waw(tokens, end).and_then(|at| ordinal(tokens, at))?;
        last = second;
        end = after;
    }
    let parts = 12 / months;
    let number = |ordinal: u8| if ordinal == 99 { parts } else { ordinal };
    let (first, last) = (number(first), number(last));
    if first > last || last > parts {
        return None;
    }
    let at = tokens.is_bare(end, Sense::Of).unwrap_or(end);
    let (year, end) = year_of_part(tokens, at)?;
    Some((Expression::Months { year, first: (first - 1) * months + 1, last: last * months }, end))
}

/// The year that a quarter is of.
fn year_of_part(tokens: &Tokens, at: usize) -> Parsed<YearRef> {
    if let Some((year, end)) = year_number(tokens, at).filter(|(year, _)| *year >= 1000) {
        return Some((YearRef::Absolute(year), end));
    }
    match period_of_year(tokens, at)? {
        (Expression::Point(Point { year: Some(year), month: None, day: None, .. }), end) => {
            Some((year, end))
        }
        _ => None,
    }
}

fn period_of_year(tokens: &Tokens, at: usize) -> Parsed<Expression> {
    if !tokens.is_plain(at) {
        return None;
    }
    year(tokens, at).or_else(|| this(tokens, at))
}

/// الثمانينيات, ثمانينيات القرن الماضي, عقد السبعينيات, سنوات الـ2000.
fn decade(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let name_at = |at| {
        tokens.sense(at, |sense| match sense {
            Sense::Decade(first) => Some(first),
            _ => None,
        })
    };
    let ((unit, count), after_unit) =
        unit_at(tokens, start).map_or(((Unit::Day, Count::Singular), start), |found| found);
    if unit == Unit::Year && count == Count::Plural && tokens.key(after_unit) == "ال" {
        let (year, end) = year_number(tokens, after_unit + 1)?;
        return (year % 10 == 0 && year >= 1000)
            .then_some((Expression::Decade { first: year, century: None }, end));
    }
    let at = match unit {
        Unit::Decade => after_unit,
        _ if name_at(start).is_some() => start,
        Unit::Year if count == Count::Plural => after_unit,
        _ => return None,
    };
    let (first, end) = name_at(at)?;
    let of = tokens.is_bare(end, Sense::Of).unwrap_or(end);
    if tokens.is_plain(of)
        && let Some((Expression::Century(century), end)) = century(tokens, of)
    {
        return Some((Expression::Decade { first, century: Some(century) }, end));
    }
    // "في العشرينات من عمره" is an age.
    if of > end && tokens.key(of).starts_with("عمر") {
        return None;
    }
    // "ثمانينيات" alone may be anyone's age; with ال it is the decade.
    (is_definite(tokens, at) || at > start)
        .then_some((Expression::Decade { first, century: None }, end))
}

/// القرن التاسع عشر, القرن الماضي, القرن الـ21, القرنين الـ18 والـ19.
fn century(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), end) = unit_at(tokens, start)?;
    if unit != Unit::Century || !is_definite(tokens, start) {
        return None;
    }
    if count == Count::Singular
        && let Some((relative, end)) = relative(tokens, end)
    {
        return (relative != Relative::Same)
            .then_some((Expression::Century(YearRef::Relative(relative)), end));
    }
    let (first, mut end) = century_number(tokens, end)?;
    if count == Count::Dual {
        let next = after_waw(tokens, end).or_else(|| (tokens.key(end) == "وال").then_some(end))?;
        let (last, after) = century_number(tokens, next)?;
        return Some((Expression::Centuries(first, last), after));
    }
    if let Some(after) = before_christ(tokens, end) {
        return Some((Expression::Century(YearRef::Absolute(-first)), after));
    }
    for era in [Era::Gregorian, Era::Hijri] {
        if let Some(after) = tokens.is_bare(end, Sense::Era(era)) {
            end = after;
            if era == Era::Hijri {
                return Some((Expression::Unknown, end));
            }
        }
    }
    Some((Expression::Century(YearRef::Absolute(first)), end))
}

fn century_number(tokens: &Tokens, start: usize) -> Parsed<i32> {
    let at = if matches!(tokens.key(start), "ال" | "وال") { start + 1 } else { start };
    if let Some((number, end)) = year_number(tokens, at) {
        return (1..=30).contains(&number).then_some((number, end));
    }
    let (number, end) = ordinal(tokens, start)?;
    (number <= 30).then_some((i32::from(number), end))
}
