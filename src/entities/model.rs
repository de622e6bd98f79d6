//! What entity extraction answers with.

use crate::article::FieldSpan;

/// The type of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum EntityType {
    /// A human name, without titles.
    Person,
    /// A country, region, city, sea, street, named building.
    Location,
    /// A ministry, company, party, club, outlet, court, army.
    Organization,
    /// A named event, work, product or award; only when asked for by name.
    Miscellaneous,
    /// A calendar expression.
    Date,
    /// An amount with its currency.
    Money,
    /// A percentage.
    Percent,
}

impl EntityType {
    /// The name in keys, prints and corpora.
    ///
    /// ```
    /// assert_eq!(khabar::entities::EntityType::Person.name(), "PERSON");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Location => "LOCATION",
            Self::Organization => "ORGANIZATION",
            Self::Miscellaneous => "MISCELLANEOUS",
            Self::Date => "DATE",
            Self::Money => "MONEY",
            Self::Percent => "PERCENT",
        }
    }

    /// All types.
    pub const ALL: [Self; 7] = [
        Self::Person,
        Self::Location,
        Self::Organization,
        Self::Miscellaneous,
        Self::Date,
        Self::Money,
        Self::Percent,
    ];
}

/// A set of entity types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeSet(u8);

impl TypeSet {
    /// No type.
    pub const NONE: Self = Self(0);

    /// What a request that names no types gets: all but
    /// [`EntityType::Miscellaneous`].
    pub const DEFAULT: Self = Self(0b111_0111);

    /// The set with one more type.
    #[must_use]
    pub fn with(self, kind: EntityType) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    /// The set as a bit for each type: a value for keys and digests.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether a type is in the set.
    pub fn contains(self, kind: EntityType) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}

/// A person, place, body or value, and every place that mentions it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// The type.
    pub kind: EntityType,
    /// The name in its full form, without clitics ("الأمم المتحدة" even where
    /// the text has "للأمم المتحدة"): that of the longest mention.
    pub name: String,
    /// Scheme, type and value: `iso3166:EG`, or `name1:PERSON:…`.
    pub key: String,
    /// How much the article is about it, in [0, 1].
    pub salience: f32,
    /// Where it is mentioned, in order; never empty.
    pub mentions: Vec<Mention>,
    /// What it is worth to a machine, where that is known.
    pub value: Option<Value>,
}

/// One place that mentions an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The name without what is attached to it.
    pub core: FieldSpan,
    /// The name with its clitics.
    pub surface: FieldSpan,
    /// The full form of this mention's name. Differs from the text under
    /// `core` only where Arabic spelling drops the alef of ال after ل.
    pub name: String,
    /// The clitics before the name, in order.
    pub proclitics: Vec<Proclitic>,
    /// The probability that this is a mention of this type, in (0, 1].
    pub confidence: f32,
    /// The title or occupation before a person's name.
    pub role: Option<PersonRole>,
}

/// A particle written in one word with the name after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Proclitic {
    /// و "and".
    Waw,
    /// ف "so, then".
    Feh,
    /// ب "in, by".
    Beh,
    /// ل "for, to".
    Lam,
    /// ك "like, as".
    Kaf,
    /// أ, the question particle.
    Alef,
}

/// The title or occupation of a person, as the article gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRole {
    /// The whole phrase: "وزير الخارجية الروسي".
    pub at: FieldSpan,
    /// The countries and organizations the phrase names.
    pub affiliations: Vec<Affiliation>,
}

/// A country or organization that a [`PersonRole`] names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliation {
    /// [`EntityType::Location`] or [`EntityType::Organization`].
    pub kind: EntityType,
    /// The words that name it: "الروسي".
    pub at: FieldSpan,
    /// Its name: "روسيا".
    pub name: String,
    /// Its key, as in [`Entity::key`].
    pub key: String,
}

/// What an entity is worth to a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a [`EntityType::Date`].
    Date(DateValue),
    /// Of a [`EntityType::Money`].
    Money(MoneyValue),
    /// Of a [`EntityType::Percent`].
    Percent(PercentValue),
    /// Of a [`EntityType::Location`].
    Place(PlaceValue),
}

/// The calendar a date was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Calendar {
    /// ميلادي.
    Gregorian,
    /// هجري.
    Hijri,
}

/// How fine a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Precision {
    /// One day, or a range of days.
    Day,
    /// A week.
    Week,
    /// A month, or a range of months.
    Month,
    /// A quarter or half of a year, as a range of months.
    Quarter,
    /// A season.
    Season,
    /// A year, or a range of years.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

/// A date a machine can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateValue {
    /// ISO 8601-1:2019: `2018`, `2018-04`, `2018-04-03`,
    /// `2018-04-03/2018-04-04`; in the Gregorian calendar whatever calendar
    /// the text uses. Empty if the date cannot be told without
    /// `published_at`.
    pub iso8601: String,
    /// The calendar of the text.
    pub calendar: Calendar,
    /// How fine the date is.
    pub precision: Precision,
    /// Whether the time of publication was needed to tell the date.
    pub resolved_from_published_at: bool,
    /// Whether the conversion may be off by a day or two (tabular Hijri).
    pub approximate: bool,
    /// Other readings, in ISO 8601, likeliest first. Empty unless ambiguous.
    pub alternatives: Vec<String>,
}

/// An amount of money. Amounts are decimal strings: digits, at most one `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyValue {
    /// The amount, or the least of a range.
    pub min_amount: String,
    /// The amount, or the most of a range.
    pub max_amount: String,
    /// ISO 4217; none where the text does not settle whose ريال it is.
    pub currency_code: Option<String>,
    /// Other readings of an ambiguous amount ("1.250": 1.250 or 1250).
    pub alternatives: Vec<String>,
}

/// A percentage: decimal strings, as in [`MoneyValue`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PercentValue {
    /// The percentage, or the least of a range.
    pub min: String,
    /// The percentage, or the most of a range.
    pub max: String,
}

/// The country of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceValue {
    /// ISO 3166-1 alpha-2.
    pub country_code: String,
}
