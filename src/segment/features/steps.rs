//! Numbers in steps: features see orders, not counts.

pub(super) fn length_step(words: usize) -> u32 {
    match words {
        0..=6 => words as u32,
        7..=8 => 7,
        9..=11 => 8,
        12..=14 => 9,
        15..=19 => 10,
        20..=27 => 11,
        28..=40 => 12,
        41..=60 => 13,
        _ => 14,
    }
}

pub(super) fn place_step(lines: usize) -> u32 {
    match lines {
        0..=7 => lines as u32,
        8..=12 => 8,
        _ => 9,
    }
}

pub(super) fn ratio_step(mine: usize, theirs: usize) -> u32 {
    let (mine, theirs) = (mine.max(1), theirs.max(1));
    match mine * 8 / theirs {
        0 => 0,
        1..=2 => 1,
        3..=5 => 2,
        6..=7 => 3,
        8..=10 => 4,
        11..=16 => 5,
        17..=40 => 6,
        _ => 7,
    }
}

/// Four classes of looks: no line, open, stopped short, running.
pub(super) fn coarse(look: u32) -> u32 {
    match look {
        1..=3 => 1,
        5..=6 => 2,
        4 | 7 => 3,
        _ => 0,
    }
}
