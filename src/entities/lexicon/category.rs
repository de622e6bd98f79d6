//! What the lexicon knows a name or a word as.

use std::ops::{BitAnd, BitOr, BitOrAssign};

/// A set of the things a word can be. The bits are stable: a trained model is
/// told about words by them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Categories(u32);

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        impl Categories {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*

            /// Every category with its name.
            pub const NAMED: &[(&'static str, Self)] = &[$((stringify!($name), Self::$name)),*];
        }
    };
}

categories! {
    /// A given name (محمد).
    GIVEN = 0;
    /// A family name (لافروف).
    FAMILY = 1;
    /// A country or territory of ISO 3166-1 (مصر).
    COUNTRY = 2;
    /// An adjective of a country (مصري).
    DEMONYM = 3;
    /// A city or town (القاهرة).
    CITY = 4;
    /// A region, sea, river, mountain, building (الشرق الأوسط).
    REGION = 5;
    /// A party, movement or armed group (حماس).
    PARTY = 6;
    /// A news agency, newspaper, broadcaster, platform (رويترز).
    OUTLET = 7;
    /// A club, team or federation of sport (ريال مدريد).
    CLUB = 8;
    /// A company, bank, university (أرامكو).
    COMPANY = 9;
    /// An international or state body (الأمم المتحدة).
    BODY = 10;
    /// A named event, award, work or product (كأس العالم).
    EVENT = 11;
    /// A class word that begins an organization's name (وزارة).
    ORGANIZATION_HEAD = 12;
    /// A class word before or in a place's name (مدينة).
    PLACE_HEAD = 13;
    /// A title or occupation (رئيس).
    TITLE = 14;
    /// A word that goes on with a title (الخارجية).
    ROLE_QUALIFIER = 15;
    /// A verb or phrase after which a speaker is named (قال).
    SPEECH = 16;
    /// Never a name alone (على).
    FUNCTION = 17;
    /// A particle inside personal names (بن).
    PARTICLE = 18;
    /// A name whose first letter looks like a clitic (بالمر).
    WHOLE = 19;
}

impl Categories {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Names of places.
    pub const PLACES: Self = Self(Self::COUNTRY.0 | Self::CITY.0 | Self::REGION.0);
    /// Names of organizations.
    pub const ORGANIZATIONS: Self =
        Self(Self::PARTY.0 | Self::OUTLET.0 | Self::CLUB.0 | Self::COMPANY.0 | Self::BODY.0);
    /// Names and parts of names of people.
    pub const PEOPLE: Self = Self(Self::GIVEN.0 | Self::FAMILY.0);
    /// Names of anything.
    pub const NAMES: Self =
        Self(Self::PLACES.0 | Self::ORGANIZATIONS.0 | Self::PEOPLE.0 | Self::EVENT.0);

    /// The set as bits.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two sets share something.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Categories {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Categories {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for Categories {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
