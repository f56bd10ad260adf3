//! Shares out the room of a report that must stay small.
//!
//! A report has sections of items, the most important first. If everything
//! fits it is shown in full; else each section shows some items in full, more
//! in short, and counts the rest. Sections that hold little go first when the
//! room is shared out, so that what they leave goes to the others.

use rayon::prelude::*;

/// How much of an item is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Full,
    /// What it is, in a line.
    Brief,
}

/// What of a section fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The items that fit, rendered.
    pub items: Vec<String>,
    /// Number of items that do not.
    pub left_out: usize,
}

/// Items are rendered in parallel, so many at a time.
const AT_ONCE: usize = 64;

/// Renders as much of sections of `counts` items as fits into `room` bytes.
pub fn fill(
    counts: &[usize],
    mut room: usize,
    render: impl Fn(usize, usize, Extent) -> String + Sync,
) -> Vec<Filled> {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&section| counts[section]);
    let mut filled = vec![Filled::default(); counts.len()];
    for (done, section) in order.into_iter().enumerate() {
        let share = room / (counts.len() - done);
        let item = |i: usize, extent: Extent| render(section, i, extent);
        filled[section] = fill_one(counts[section], share, item);
        let used: usize = filled[section].items.iter().map(String::len).sum();
        room = room.saturating_sub(used);
    }
    filled
}

fn fill_one(n: usize, room: usize, item: impl Fn(usize, Extent) -> String + Sync) -> Filled {
    let (mut items, mut used) = (vec![], 0);
    push_while_fitting(n, room, &mut used, &mut items, |i| item(i, Extent::Full));
    if items.len() < n {
        // Half of the room is for the long ones, the other half for a list.
        while used > room / 2
            && let Some(last) = items.pop()
        {
            used -= last.len();
        }
        push_while_fitting(n, room, &mut used, &mut items, |i| item(i, Extent::Brief));
    }
    Filled { left_out: n - items.len(), items }
}

fn push_while_fitting(
    n: usize,
    room: usize,
    used: &mut usize,
    items: &mut Vec<String>,
    item: impl Fn(usize) -> String + Sync,
) {
    while items.len() < n && *used <= room {
        let from = items.len();
        let rendered: Vec<String> = (from..n.min(from + AT_ONCE)).into_par_iter().map(&item).collect();
        for text in rendered {
            if *used + text.len() > room {
                return;
            }
            *used += text.len();
            items.push(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items of ten bytes in full and two in brief.
    fn check(counts: &[usize], room: usize, expected: &[(usize, usize, usize)]) {
        let filled = fill(counts, room, |_, _, extent| match extent {
            Extent::Full => "#".repeat(10),
            Extent::Brief => "#".repeat(2),
        });
        let found: Vec<(usize, usize, usize)> = filled
            .iter()
            .map(|filled| {
                let full = filled.items.iter().filter(|item| item.len() == 10).count();
                (full, filled.items.len() - full, filled.left_out)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_fits_is_shown_in_full() {
        check(&[3, 2], 50, &[(3, 0, 0), (2, 0, 0)]);
        check(&[], 50, &[]);
        check(&[0], 0, &[(0, 0, 0)]);
    }

    #[test]
    fn what_does_not_is_listed_and_then_counted() {
        check(&[10], 40, &[(2, 8, 0)]);
        check(&[100], 40, &[(2, 10, 88)]);
        check(&[100, 1], 50, &[(2, 10, 88), (1, 0, 0)]);
        check(&[5], 1, &[(0, 0, 5)]);
    }
}
