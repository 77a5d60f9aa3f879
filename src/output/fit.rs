//! How wide the columns of a table are where it has to fit a terminal. Pure.

/// What a column would like.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The width of its widest cell.
    pub width: usize,
    /// Whether its cells may be cut: a number that is cut is another number.
    pub may_cut: bool,
}

/// Blanks between two columns.
const GAP: usize = 2;

/// Before a column gets narrower than a part of the terminal, one that nobody asked for is dropped.
fn comfort(width: usize) -> usize {
    (width / 5).clamp(12, 20)
}

/// No column that may be cut gets narrower than this while another is wider.
const FLOOR: usize = 6;

/// Gives each column a width so that all fit; with `may_drop`, only as many from the left as fit
/// without getting hard to read.
#[must_use]
pub fn fit(wishes: &[Wish], width: usize, may_drop: bool) -> Vec<usize> {
    let mut shown = wishes.len();
    if may_drop {
        let mut used = 0;
        shown = wishes
            .iter()
            .take_while(|wish| {
                used += GAP + needed(wish, comfort(width));
                used <= width + GAP
            })
            .count()
            .max(1.min(wishes.len()));
    }
    let wishes = &wishes[..shown];
    let room = width.saturating_sub(GAP * shown.saturating_sub(1));
    let mut widths: Vec<usize> = wishes.iter().map(|wish| wish.width).collect();
    for (floor, numbers) in [(FLOOR, false), (FLOOR, true), (1, true)] {
        shrink(&mut widths, wishes, room, floor, numbers);
    }
    // The last column is not padded, so it can have what is left.
    let before: usize = widths.iter().rev().skip(1).sum();
    if let Some(last) = widths.last_mut() {
        *last = (*last).max(room.saturating_sub(before));
    }
    widths
}

fn needed(wish: &Wish, comfort: usize) -> usize {
    if wish.may_cut {
        wish.width.min(comfort)
    } else {
        wish.width
    }
}

/// Takes from the widest columns until all fit or are at the floor.
fn shrink(widths: &mut [usize], wishes: &[Wish], room: usize, floor: usize, numbers: bool) {
    loop {
        let over = widths.iter().sum::<usize>().saturating_sub(room);
        let may = |at: &usize| wishes[*at].may_cut || numbers;
        let widest = (0..widths.len()).filter(may).max_by_key(|at| widths[*at]);
        let Some(widest) = widest.filter(|at| over > 0 && widths[*at] > floor) else {
            return;
        };
        // Down to the next one, so that long cells give before short ones do.
        let next = (0..widths.len())
            .filter(may)
            .map(|at| widths[at])
            .filter(|width| *width < widths[widest])
            .max()
            .unwrap_or(floor)
            .max(floor);
        // Equal ones share what has to go.
        let equal = (0..widths.len())
            .filter(may)
            .filter(|at| widths[*at] == widths[widest])
            .count();
        let step = (widths[widest] - next).min(over.div_ceil(equal)).max(1);
        widths[widest] -= step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(widths: &[(usize, bool)]) -> Vec<Wish> {
        let wish = |(width, may_cut): &(usize, bool)| Wish {
            width: *width,
            may_cut: *may_cut,
        };
        widths.iter().map(wish).collect()
    }

    #[test]
    fn columns_fit() {
        let text = |width| (width, true);
        let number = |width| (width, false);
        for (columns, width, may_drop, want) in [
            // What fits stays as it is; the last one has the rest.
            (&[text(5), text(7)][..], 20, false, vec![5, 13]),
            (&[text(5), text(7)], 14, false, vec![5, 7]),
            // The widest gives.
            (&[text(5), text(70), text(8)], 40, false, vec![5, 23, 8]),
            (&[text(50), text(70)], 42, false, vec![20, 20]),
            // A number gives last.
            (&[number(10), text(30)], 20, false, vec![10, 8]),
            (&[number(10), text(30)], 12, false, vec![5, 5]),
            // Nobody asked for these: they go before others get hard to read.
            (
                &[text(9), text(15), text(18), text(7)],
                40,
                true,
                vec![9, 14, 13],
            ),
            (
                &[text(9), text(15), text(18), text(7)],
                80,
                true,
                vec![9, 15, 18, 32],
            ),
            (&[text(90), text(90)], 25, true, vec![25]),
            (&[text(90), text(90)], 40, true, vec![19, 19]),
            (&[], 40, true, vec![]),
        ] {
            assert_eq!(
                fit(&wishes(columns), width, may_drop),
                want,
                "{columns:?} in {width}"
            );
        }
    }

    #[test]
    fn nothing_is_too_narrow_to_be_laid_out() {
        for width in 0..60 {
            for count in 1..12 {
                let widths = fit(&wishes(&vec![(30, count % 2 == 0); count]), width, false);
                assert_eq!(widths.len(), count);
                assert!(widths.iter().all(|w| *w > 0), "{widths:?}");
                let all = widths.iter().sum::<usize>() + GAP * (count - 1);
                assert!(all <= width.max(count * 3), "{all} in {width}");
            }
        }
    }
}
