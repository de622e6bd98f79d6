//! What the words of dates, amounts and percentages can mean.

/// Which names a calendar's months go by where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// يناير: the Gulf, Egypt, the press at large.
    Gulf,
    /// كانون الثاني: the Levant and Iraq.
    Levant,
    /// جانفي: Tunisia and Algeria; غشت: Morocco.
    Maghreb,
    /// محرم: the Islamic calendar.
    Hijri,
}

/// A month's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MonthName {
    pub(super) month: u8,
    pub(super) naming: Naming,
    /// What else the word may be.
    pub(super) strength: Strength,
}

/// How surely a month's name means the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// Wherever it stands.
    Sure,
    /// It is a verb, a car or a planet as well: مارس, نيسان.
    Word,
    /// It is a person's name or a common noun as well: رمضان, آب.
    Name,
}

/// A stretch of the calendar that words like "last" are said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
    Season,
    Decade,
    Century,
    Quarter,
    Half,
}

/// The grammatical number of a [`Unit`]'s word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Singular,
    Dual,
    Plural,
}

/// The four seasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// Which of its kind, seen from the day of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relative {
    Last,
    This,
    Next,
    /// The one last spoken of: نفسه.
    Same,
}

/// How years are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    Gregorian,
    Hijri,
    BeforeChrist,
}

/// A word that takes part in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberWord {
    Zero,
    /// 1 to 9.
    Ones(u64),
    /// 10, or the second word of 11 to 19.
    Ten,
    /// 20 to 90.
    Tens(u64),
    /// 100 to 900.
    Hundreds(u64),
    /// A power of ten.
    Scale(u32),
    /// Several of a power of ten, after the number that says how many.
    ScalePlural(u32),
    /// Two of a power of ten.
    ScaleDual(u32),
    /// ألفا: 1,000 after a number, else 2,000.
    ScaleEither(u32),
}

/// A currency's word or sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CurrencyName {
    /// A family ("dollar"), or an ISO 4217 code where the word is clear.
    pub(super) family: &'static str,
    /// Decimal places below the currency: 2 for a cent.
    pub(super) exponent: u32,
    /// Whether the word is a dual: دولارين.
    pub(super) dual: bool,
}

/// One meaning of a word or phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Number(NumberWord),
    /// Numerator and denominator: نصف.
    Fraction(u64, u64),
    Month(MonthName),
    /// 1 Monday to 7 Sunday.
    Weekday(i8),
    /// Days from the day of publication.
    Today(i8),
    Unit(Unit, Count),
    Season(Season),
    Relative(Relative),
    /// هذا.
    This,
    /// نفس.
    SameAs,
    /// إلى.
    To,
    /// حتى.
    Until,
    /// من.
    Of,
    /// بين.
    Between,
    /// A decade's first year within its century.
    Decade(i32),
    /// 1 to 10; 99 is "last".
    Ordinal(u8),
    Era(Era),
    /// الموافق.
    Equals,
    /// المالي.
    YearKind,
    /// A word after which a weak month name is a month.
    BeforeMonth,
    /// A word after which even a person's name is a month.
    InMonth,
    /// A noun that makes the number before it a count.
    Counted,
    /// A word that announces a count.
    About,
    /// A word after اليوم that makes it another day.
    NotToday,
    /// A word before اليوم that makes it another day, or any.
    PerDay,
    Currency(CurrencyName),
    /// في المئة.
    Percent,
    /// An adjective of a country.
    Adjective(&'static str),
    /// A name of a country or a city of it.
    Country(&'static str),
    /// A name that looks like a value.
    Name,
    /// A word before a date that makes the date a name.
    NamingWord,
}
