//! The kinds of observations.

/// A kind of observation.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// The names by which evidence cites it: as an observation of the line
    /// itself, of the line above, of the line below.
    pub codes: [&'static str; 3],
    /// Whether a line also sees the observation of the line before and of the
    /// line after it.
    pub is_shared: bool,
}

macro_rules! templates {
    ($($name:ident $code:literal $shared:literal $doc:literal,)*) => {
        /// All templates; an observation names one by its index.
        pub const TEMPLATES: &[Template] =
            &[$(Template {
                codes: [$code, concat!("above_", $code), concat!("below_", $code)],
                is_shared: $shared,
            }),*];

        #[allow(clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum T {
            $(#[doc = $doc] $name,)*
        }
    };
}

templates! {
    Bias "common_role" false "How common the role is.",
    Length "line_length" true "Words of the line, in steps.",
    Ending "closing_mark" true "The mark it ends with.",
    LengthEnding "length_and_closing_mark" true "Both.",
    Opening "opening_mark" true "The mark or bullet it begins with.",
    FirstWord "first_word" false "Its first word.",
    FirstWordOpen "first_word_of_open_line" false "The same, with the line's look.",
    FirstTwo "first_two_words" false "Its first two words.",
    LastWord "last_word" false "The last word of a line set without a stop.",
    Onset "word_onset" true "ال، و، ف or a verb's prefix at its start.",
    FromStart "place_from_start" false "Lines before it, with its look.",
    FromEnd "place_from_end" false "Lines after it, with its look.",
    TitleShare "title_overlap" false "How much of it stands in the title.",
    TitleRecall "title_covered" false "How much of the title stands in it.",
    BeforeShare "words_seen_before" false "How much of it was said above.",
    AfterShare "words_taken_up_below" false "How much of it the next lines take up.",
    Window "shape_of_neighbours" false "Looks of the line, the one before, the one after.",
    WideWindow "shape_of_surroundings" false "Looks of the five lines around it.",
    Candidates "open_lines_in_article" false "Open lines in the article, with its look.",
    StopHabit "stops_in_article" false "How many lines of the article end with a stop.",
    Cue "phrase" true "A phrase of the data files, and where it stands.",
    CueOpen "phrase_of_open_line" false "The same, with the line's look.",
    Commas "commas" false "Number of commas, with its look.",
    ColonPlace "colon" true "Words before and after a colon.",
    Quotes "quotation_marks" false "Number of quotation marks, with its look.",
    Separators "separators" false "Dashes, bars and slashes, with its look.",
    Brackets "brackets" false "Brackets, with its ending.",
    Tags "hashtags" false "Hashtags and mentions.",
    Stops "inner_stops" false "Stops inside the line.",
    Repeated "repeated_line" true "The line stands elsewhere, or is the title.",
    Script "digits_and_latin" false "Share of numbers and Latin words, with its look.",
    Markup "html_tag" false "The HTML tag before it.",
    Quotation "whole_quotation" false "The whole line is one quotation.",
    BlankBefore "blank_line_before" false "An empty line before it, against the article's habit.",
    BulletHabit "bullets_in_article" false "Its bullet, against the article's habit.",
    BulletRun "bullets_in_a_row" false "Bulleted lines right above and below it.",
    BulletRunLook "bullets_in_a_row_by_look" false "The same, with the line's look.",
    Dateline "dateline_style" false "The article opens with a dateline; where the line stands.",
    Trail "trailing_lines" false "Words seen before, onset and place in the last lines.",
    TrailTitle "trailing_lines_and_title" true "Words seen before and in the title, in the last lines.",
    WeekdayAside "weekday_set_off" false "A weekday between commas, as in a lead.",
    Names "names" false "Share of first names and capitals, with its look.",
    SameStart "parallel_start" false "Begins like the line before or after.",
    SimilarLength "parallel_length" false "As long as its neighbours.",
    After "ending_of_line_above" false "How the line above ends, with its look.",
    Run "run_of_open_lines" false "Open lines in a row, and its place among them.",
    ListAbove "list_announced" false "How far above a line announces a list.",
    TitleGiven "title_known" false "Whether the title came apart, at the first lines.",
    TitleNext "title_and_next_line" false "First lines: overlap with the line after.",
    TitleKind "kind_of_title" false "A title that counts, asks or names a bulletin.",
    LeadShare "lead_overlap" false "How many words it shares with title and lead.",
    GoesOn "goes_on" false "Whether it, the line before and the line after go on the story.",
    NextOnset "onset_of_next_line" false "How the line below an open line begins.",
    BelowShare "words_seen_below" false "How much of it is said anywhere below.",
    Tail "fresh_starts_at_end" false "Paragraphs at the end that each begin anew, in a row.",
    LooseTail "almost_fresh_starts_at_end" false "The same, where one may go on the story.",
    Label "repeated_label" true "Lines with the same words before a colon.",
    OpenHabit "share_of_open_lines" false "Share of open lines in the article, with its look.",
    RepeatHabit "repeated_lines_in_article" false "Share of lines that stand twice, with its look.",
    Cells "table_cells" false "Cells of a table row, as in the rows around it.",
}
