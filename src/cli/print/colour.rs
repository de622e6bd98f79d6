//! Which colours mean what.

use anstyle::{AnsiColor, Style};

use crate::entities::EntityType;
use crate::segment::Role;

/// What is said about the text rather than by it.
pub(super) const LABEL: Style = Style::new().dimmed();
/// A name in a list of names.
pub(super) const NAME: Style = Style::new().bold();

/// The style of an entity's mentions and of its type's label.
pub(super) fn entity(kind: EntityType) -> Style {
    let colour = match kind {
        EntityType::Person => AnsiColor::Magenta,
        EntityType::Location => AnsiColor::Green,
        EntityType::Organization => AnsiColor::Cyan,
        EntityType::Miscellaneous => AnsiColor::BrightBlue,
        EntityType::Date => AnsiColor::Yellow,
        EntityType::Money | EntityType::Percent => AnsiColor::BrightYellow,
    };
    colour.on_default()
}

/// The style of a block's label: what is told apart by its text needs no more.
pub(super) fn role_label(role: Role) -> Style {
    match role {
        Role::Headline | Role::Kicker | Role::Subheading => NAME,
        _ => LABEL,
    }
}

/// The style of a block's text.
pub(super) fn role(role: Role) -> Style {
    match role {
        Role::Headline => Style::new().bold().underline(),
        Role::Kicker | Role::Subheading => Style::new().bold(),
        Role::Paragraph | Role::ListItem | Role::Other => Style::new(),
        Role::Byline | Role::Credit | Role::Caption => Style::new().italic(),
        Role::RelatedLink | Role::Boilerplate => Style::new().dimmed(),
    }
}

/// One style over another: the colour of the upper, the effects of both.
pub(super) fn over(upper: Style, lower: Style) -> Style {
    let colour = upper.get_fg_color().or(lower.get_fg_color());
    (upper | lower.get_effects()).fg_color(colour)
}
