//! The enums of the engines as those of the API.

use crate::entities::{Calendar, EntityType, Precision, Proclitic};
use crate::normalize::{Profile, Step};
use crate::proto;
use crate::segment::{AttributionKind, HeadlinePartRole, Role};

/// Writes a function from an engine's enum to its namesake in the API: same
/// variants, same names unless given.
macro_rules! mirror {
    ($(#[$doc:meta])* $function:ident: $from:ident -> $to:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        pub(super) fn $function(value: $from) -> proto::$to {
            match value {
                $($from::$variant => proto::$to::$variant,)+
            }
        }
    };
}

mirror!(profile: Profile -> Profile { Repair, Display, Search });

mirror!(step: Step -> NormalizationStep {
    Markup, PresentationForms, WordLigatures, Compose, Invisible, Spaces, LineEnds, Tatweel,
    LookAlikes, RepeatedHarakat, Harakat, QuranicMarks, SuperscriptAlef, TanwinSeat, AlefVariants,
    HamzaSeats, AlefMaksura, TehMarbuta, Digits, Punctuation, Quotes, Elongation, LatinCase,
});

mirror!(block_role: Role -> BlockRole {
    Headline, Kicker, Subheading, Paragraph, ListItem, Byline, Credit, Caption, RelatedLink,
    Boilerplate, Other,
});

mirror!(headline_part_role: HeadlinePartRole -> HeadlinePartRole {
    Kicker, Speaker, Statement, Topic, Quote, Clause, Outlet,
});

mirror!(attribution_kind: AttributionKind -> AttributionKind {
    Author, Reporter, Editor, Translator, Agency, Source, Photo,
});

mirror!(entity_type: EntityType -> EntityType {
    Person, Location, Organization, Miscellaneous, Date, Money, Percent,
});

mirror!(proclitic: Proclitic -> Proclitic { Waw, Feh, Beh, Lam, Kaf, Alef });

mirror!(calendar: Calendar -> Calendar { Gregorian, Hijri });

mirror!(precision: Precision -> DatePrecision {
    Day, Week, Month, Quarter, Season, Year, Decade, Century,
});
