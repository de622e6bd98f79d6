//! The grammar of dates.
//!
//! Every function looks at a token and answers with what begins there and the
//! index just past it. All look a bounded number of tokens ahead.

use super::super::lexicon::{Count, Era, MonthName, Naming, NumberWord, Relative, Sense, Unit};
use super::super::quantity::{self, after_waw};
use super::super::tokens::{Kind, Token, Tokens};
use super::expression::{Expression, MonthRef, Point, YearRef};
use crate::entities::Proclitic;

/// A result and the index of the token after it.
pub(super) type Parsed<T> = Option<(T, usize)>;

/// Most days in a list: "أيام 22 و23 و24 يناير".
const MAX_DAYS: usize = 6;

/// The date that begins at a token, before context is asked.
pub(super) fn expression(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let (first, mut end) = single(tokens, start)?;
    let between = start > 0 && tokens.is(start - 1, Sense::Between).is_some();
    let from_on = start > 0 && tokens.is(start - 1, Sense::Of).is_some();
    let Expression::Point(from) = first else { return Some((first, end)) };
    let between = between || is_bare_month(from);
    if let Some(next) = joint(tokens, end, between || is_dual_lead(tokens, start))
        .or_else(|| tokens.is_bare(end, Sense::Until).filter(|_| from_on))
        && let Some((Expression::Point(to), after)) = single(tokens, next)
    {
        let paired =
            !is_bare_month(from) || is_bare_month(to) || after_waw(tokens, next - 1).is_none();
        if let Some(range) = joined(from, to).filter(|_| paired) {
            end = after;
            return Some((range, end));
        }
    }
    Some((first, end))
}

/// A month's name and nothing else: "يناير وفبراير" is one date.
fn is_bare_month(point: Point) -> bool {
    let Point { month, day, year, relative, .. } = point;
    matches!(month, Some(MonthRef::Named(_)))
        && day.is_none()
        && year.is_none()
        && relative.is_none()
}

/// Whether a range may be joined by و because of the word it begins with.
fn is_dual_lead(tokens: &Tokens, start: usize) -> bool {
    tokens
        .sense(start, |sense| match sense {
            Sense::Unit(_, Count::Dual | Count::Plural) => Some(()),
            _ => None,
        })
        .is_some()
}

/// The index after what joins two ends of a range, if something does.
pub(super) fn joint(tokens: &Tokens, at: usize, by_waw: bool) -> Option<usize> {
    if let Some(end) = tokens.is_bare(at, Sense::To) {
        return tokens.is_plain(end).then_some(end);
    }
    if ['-', '–', '—', '/'].iter().any(|&mark| tokens.is_mark(at, mark)) {
        return tokens.is_plain(at + 1).then_some(at + 1);
    }
    if by_waw { after_waw(tokens, at) } else { None }
}

/// A range of two points of one kind; parts missing in one are the other's.
fn joined(mut from: Point, mut to: Point) -> Option<Expression> {
    if from.hijri != to.hijri || from.offset.is_some() || to.offset.is_some() {
        return None;
    }
    if from.day.is_some() && to.day.is_some() {
        from.month = from.month.or(to.month);
    } else if from.day.is_some() != to.day.is_some()
        || from.month.is_some() != to.month.is_some()
        || (from.month.is_none() && from.year.is_none())
            != (to.month.is_none() && to.year.is_none())
    {
        return None;
    }
    if to.year == Some(YearRef::Relative(Relative::Same))
        || (to.year.is_none() && to.relative.is_none())
    {
        if to.year.is_some() {
            to.year = from.year;
        }
    } else if from.year.is_none() && from.relative.is_none() {
        from.year = to.year;
        from.relative = to.relative;
    }
    Some(Expression::Range(from, to))
}

/// A date that is not joined to another.
fn single(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let candidates = [
        super::numeric::date(tokens, start),
        today(tokens, start),
        weekday(tokens, start),
        days_of_month(tokens, start),
        month_expression(tokens, start),
        super::periods::period(tokens, start),
    ];
    candidates.into_iter().flatten().max_by_key(|(_, end)| *end)
}

/// أمس, اليوم السبت, يوم غد.
fn today(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let lead = tokens.is(start, Sense::Unit(Unit::Day, Count::Singular));
    let offset_at = |at| {
        tokens.sense(at, |sense| match sense {
            Sense::Today(offset) => Some(offset),
            _ => None,
        })
    };
    let after_lead = lead
        .filter(|&at| tokens.is_plain(at))
        .and_then(offset_at)
        .filter(|(offset, _)| *offset != 0);
    let (offset, mut end) = after_lead.or_else(|| offset_at(start))?;
    let mut point = Point { offset: Some(offset), ..Point::default() };
    let after_comma = if tokens.is_mark(end, '،') { end + 1 } else { end };
    if tokens.is_plain(after_comma)
        && let Some((weekday, after)) = weekday_name(tokens, after_comma)
    {
        point.weekday = Some(weekday);
        end = after;
    }
    if let Some((date, after)) = date_after_weekday(tokens, end) {
        return Some((
            Expression::Point(Point { offset: None, weekday: point.weekday, ..date }),
            after,
        ));
    }
    Some((Expression::Point(point), end))
}

fn weekday_name(tokens: &Tokens, at: usize) -> Parsed<i8> {
    tokens.sense(at, |sense| match sense {
        Sense::Weekday(day) => Some(day),
        _ => None,
    })
}

/// الجمعة, يوم الأحد الماضي, الاثنين 13 أغسطس.
fn weekday(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let at = match day_word(tokens, start) {
        Some(at) if tokens.is_plain(at) => at,
        Some(_) => return None,
        None => start,
    };
    let (weekday, mut end) = weekday_name(tokens, at)?;
    let mut point = Point { weekday: Some(weekday), ..Point::default() };
    if let Some((relative, after)) = relative(tokens, end) {
        point.relative = Some(relative);
        end = after;
    }
    if let Some((date, after)) = date_after_weekday(tokens, end) {
        point = Point { weekday: Some(weekday), ..date };
        end = after;
    }
    Some((Expression::Point(point), end))
}

/// يوم, يومي, أيام before a day.
fn day_word(tokens: &Tokens, at: usize) -> Option<usize> {
    tokens
        .sense(at, |sense| match sense {
            Sense::Unit(Unit::Day, _) => Some(()),
            _ => None,
        })
        .map(|((), end)| end)
}

/// The date after a weekday: "الموافق 14 أبريل", "، 3 مايو", "13 أغسطس".
fn date_after_weekday(tokens: &Tokens, at: usize) -> Parsed<Point> {
    let mut next = at;
    if tokens.is_mark(next, '،') || tokens.is_mark(next, ',') || tokens.is_mark(next, '(') {
        next += 1;
    }
    let bracketed = tokens.is_mark(at, '(');
    if let Some(end) = tokens.is_bare(next, Sense::Equals) {
        next = end;
    }
    if !tokens.is_plain(next) {
        return None;
    }
    let found = days_of_month(tokens, next).or_else(|| super::numeric::date(tokens, next));
    match found {
        Some((Expression::Point(date), end)) if date.day.is_some() => match bracketed {
            true if tokens.is_mark(end, ')') => Some((date, end + 1)),
            true => None,
            false => Some((date, end)),
        },
        _ => None,
    }
}

/// "22 و23 مارس", "الثالث من الشهر الجاري", "18 إلى 30 أوت 2017".
fn days_of_month(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let lead = day_word(tokens, start).filter(|&at| tokens.is_plain(at));
    let (first, mut end) = day(tokens, lead.unwrap_or(start))?;
    let mut last = first;
    for _ in 0..MAX_DAYS {
        let next = joint(tokens, end, true)
            .or_else(|| tokens.is_bare(end, Sense::Until))
            .or_else(|| attached_lam(tokens, end));
        let Some((day, after)) = next.and_then(|next| day(tokens, next)) else { break };
        last = day;
        end = after;
    }
    let (mut point, end) = month_after_day(tokens, end)?;
    point.day = Some(first);
    if first == last {
        return Some((Expression::Point(point), end));
    }
    Some((Expression::Range(point, Point { day: Some(last), ..point }), end))
}

/// The day after "لـ" in "10 لـ20 سبتمبر".
fn attached_lam(tokens: &Tokens, at: usize) -> Option<usize> {
    (tokens.key(at) == "ل" && tokens.get(at + 1).is_some_and(|next| !next.spaced)).then_some(at + 1)
}

/// A day of the month: "7", "الـ7", "السابع", "الحادي والعشرين", "غرة".
fn day(tokens: &Tokens, start: usize) -> Parsed<u8> {
    let at = if tokens.key(start) == "ال" { start + 1 } else { start };
    if tokens.get(at)?.kind == Kind::Number {
        let number: u8 = tokens.key(at).parse().ok()?;
        return ((1..=31).contains(&number)).then_some((number, at + 1));
    }
    let (ordinal, end) = ordinal(tokens, at)?;
    (ordinal <= 31).then_some((ordinal, end))
}

/// An ordinal below 100 in words, and 99 for "last".
pub(super) fn ordinal(tokens: &Tokens, start: usize) -> Parsed<u8> {
    let tens_at = |at| {
        tokens.sense(at, |sense| match sense {
            Sense::Number(NumberWord::Tens(tens)) => Some(tens as u8),
            _ => None,
        })
    };
    let ones = tokens.sense(start, |sense| match sense {
        Sense::Ordinal(ordinal) => Some(ordinal),
        _ => None,
    });
    let Some((ones, end)) = ones else {
        return tens_at(start).filter(|_| tokens.key(start).contains("ال"));
    };
    if ones < 10 {
        if let Some(end) = tokens.is_bare(end, Sense::Number(NumberWord::Ten)) {
            return Some((ones + 10, end));
        }
        if let Some((tens, end)) = after_waw(tokens, end).and_then(tens_at) {
            return Some((ones + tens, end));
        }
    }
    Some((ones, end))
}

/// What follows a day: "[من] [شهر] أبريل …", "[من] الشهر الجاري", "الجاري".
fn month_after_day(tokens: &Tokens, start: usize) -> Parsed<Point> {
    let mut at = tokens.is_bare(start, Sense::Of).unwrap_or(start);
    if !tokens.is_plain(at) {
        return None;
    }
    if let Some(end) = tokens.is(at, Sense::Unit(Unit::Month, Count::Singular)) {
        if let Some((relative, end)) = relative(tokens, end) {
            let month = Some(MonthRef::Relative(relative));
            return Some((Point { month, ..Point::default() }, end));
        }
        at = end;
    } else if let Some((relative, end)) = relative(tokens, at) {
        // "14 الجاري"; a feminine would go with something else.
        let masculine = !tokens.key(at).ends_with('ه');
        let digits = tokens.get(start - 1).is_some_and(|day| day.kind == Kind::Number);
        if matches!(relative, Relative::This | Relative::Last) && at == start && masculine && digits
        {
            let month = Some(MonthRef::Relative(relative));
            return Some((Point { month, ..Point::default() }, end));
        }
    } else if tokens.is_bare(at, Sense::SameAs) == Some(at + 1) {
        let end = tokens.is(at + 1, Sense::Unit(Unit::Month, Count::Singular))?;
        let month = Some(MonthRef::Relative(Relative::Same));
        return Some((Point { month, ..Point::default() }, end));
    }
    month(tokens, at).map(|((point, _), end)| (point, end))
}

/// A month with what follows it; whether it is certainly a month.
fn month(tokens: &Tokens, start: usize) -> Parsed<(Point, bool)> {
    let (name, mut end) = month_name(tokens, start)?;
    let mut sure = !name.weak;
    if let Some(after) = second_name(tokens, end, name) {
        sure = true;
        end = after;
    }
    let mut point = Point {
        hijri: name.naming == Naming::Hijri,
        month: Some(MonthRef::Named(name.month)),
        ..Point::default()
    };
    if let Some((relative, after)) = relative(tokens, end) {
        point.relative = Some(relative);
        return Some(((point, true), after));
    }
    if let Some((year, after)) = year_after_month(tokens, end, point.hijri) {
        point.year = Some(year);
        sure = true;
        end = after;
        if let Some((_, after)) = relative(tokens, end) {
            end = after;
        }
        end = era_mark(tokens, end, point.hijri);
    }
    Some(((point, sure), end))
}

/// The mark of the calendar after a year.
fn era_mark(tokens: &Tokens, at: usize, hijri: bool) -> usize {
    let wanted = if hijri { Era::Hijri } else { Era::Gregorian };
    tokens.is_bare(at, Sense::Era(wanted)).unwrap_or(at)
}

pub(super) fn month_name(tokens: &Tokens, at: usize) -> Parsed<MonthName> {
    tokens.sense(at, |sense| match sense {
        Sense::Month(name) => Some(name),
        _ => None,
    })
}

/// The end of a month's second name: "نيسان/أبريل", "مارس آذار", "مايو (أيار)".
fn second_name(tokens: &Tokens, at: usize, first: MonthName) -> Option<usize> {
    let slash = tokens.is_mark(at, '/') || tokens.is_mark(at, '-') || tokens.is_mark(at, '\\');
    let bracket = tokens.is_mark(at, '(');
    let next = if slash || bracket { at + 1 } else { at };
    if !tokens.is_plain(next) {
        return None;
    }
    let (name, end) = month_name(tokens, next)?;
    let same = name.month == first.month || (slash && tokens.is_mark(at, '/'));
    if name.naming == first.naming || !same {
        return None;
    }
    if bracket { tokens.is_mark(end, ')').then_some(end + 1) } else { Some(end) }
}

/// A month on its own: "شهر رمضان", "في مارس", "أبريل 2018".
fn month_expression(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let lead = tokens.sense(start, |sense| match sense {
        Sense::Unit(Unit::Month, _) => Some(()),
        _ => None,
    });
    let at = match lead {
        Some(((), end)) if tokens.is_plain(end) => end,
        _ => start,
    };
    let ((point, sure), end) = month(tokens, at)?;
    let announced = at > start || is_announced(tokens, start);
    (sure || announced).then_some((Expression::Point(point), end))
}

/// Whether the word before a month's name makes it a month.
fn is_announced(tokens: &Tokens, start: usize) -> bool {
    let attached = |token: &Token| {
        token.proclitics.iter().any(|p| matches!(p, Proclitic::Beh | Proclitic::Lam))
    };
    // Four letters and a preposition: "بمارس", but not "بماي" or "باب".
    if tokens.get(start).is_some_and(attached) {
        return tokens.key(start).chars().count() > 4;
    }
    if !tokens.is_plain(start) {
        return start > 0 && month_name(tokens, start - 1).is_some();
    }
    start > 0
        && (tokens.is(start - 1, Sense::BeforeMonth).is_some()
            || tokens.is(start - 1, Sense::Of).is_some()
            || tokens.is(start - 1, Sense::To).is_some()
            || tokens.is(start - 1, Sense::Between).is_some())
}

/// An adjective that tells which one: الماضي.
pub(super) fn relative(tokens: &Tokens, at: usize) -> Parsed<Relative> {
    if !tokens.is_plain(at) {
        return None;
    }
    tokens.sense(at, |sense| match sense {
        Sense::Relative(relative) => Some(relative),
        _ => None,
    })
}

/// The year after a month: "2018", "من عام 2018", "، 2018", "العام الماضي".
fn year_after_month(tokens: &Tokens, start: usize, hijri: bool) -> Parsed<YearRef> {
    let mut at = start;
    if tokens.is_mark(at, '،') || tokens.is_mark(at, ',') {
        at += 1;
    }
    if let Some((year, end)) = year_number(tokens, at) {
        let fits = if hijri { (1..=1700).contains(&year) } else { (1000..=2999).contains(&year) };
        let digits = tokens.key(at).len();
        return (fits && digits >= if hijri { 2 } else { 4 })
            .then_some((YearRef::Absolute(year), end));
    }
    let at = tokens.is_bare(start, Sense::Of).unwrap_or(start);
    if !tokens.is_plain(at) {
        return None;
    }
    if tokens.is_bare(at, Sense::SameAs) == Some(at + 1) {
        let end = tokens.is(at + 1, Sense::Unit(Unit::Year, Count::Singular))?;
        return Some((YearRef::Relative(Relative::Same), end));
    }
    let next = tokens.is(at, Sense::Unit(Unit::Year, Count::Singular))?;
    year_after_word(tokens, next)
}

/// The year after عام: a number in digits or words, or "الماضي".
pub(super) fn year_after_word(tokens: &Tokens, at: usize) -> Parsed<YearRef> {
    if let Some((relative, end)) = relative(tokens, at) {
        return Some(match year_number(tokens, end) {
            Some((year, end)) if year >= 1000 => (YearRef::Absolute(year), end),
            _ => (YearRef::Relative(relative), end),
        });
    }
    if let Some((year, end)) = year_number(tokens, at) {
        return Some((YearRef::Absolute(year), end));
    }
    let words = tokens.get(at).filter(|token| token.kind == Kind::Word && tokens.is_plain(at))?;
    debug_assert!(words.kind == Kind::Word);
    let number = quantity::at(tokens, at)?;
    let year = i32::try_from(number.value.as_integer()?).ok()?;
    (1000..=2999).contains(&year).then_some((YearRef::Absolute(year), number.end))
}

/// A year in digits, 1 to 2999.
pub(super) fn year_number(tokens: &Tokens, at: usize) -> Parsed<i32> {
    let token = tokens.get(at)?;
    if token.kind != Kind::Number || tokens.key(at).len() > 4 || token.is_name {
        return None;
    }
    let year: i32 = tokens.key(at).parse().ok()?;
    ((1..=2999).contains(&year)).then_some((year, at + 1))
}
