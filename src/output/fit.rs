//! How wide the columns of a table are where it has to fit a terminal, and which ones it leaves out.
//! Pure.

/// What a column would like.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The width of its widest cell.
    pub width: usize,
    /// The width below which its cells say something else: all of a number, a time or an address,
    /// the first element of a list of them.
    pub least: usize,
}

/// Blanks between two columns.
const GAP: usize = 2;

/// Returns the width below which a column is not squeezed before an unrequested one is dropped.
fn comfort(width: usize) -> usize {
    (width / 5).clamp(12, 20)
}

/// No column that may be cut gets narrower than this while another is wider.
const FLOOR: usize = 6;

/// The first columns say what a row is, and stay as long as any.
const NAMING: usize = 3;

/// Gives each column a width so that all fit, and `None` to those that there is no room for: the
/// narrowest, which others cannot be cut to uselessness for. `may_drop` leaves columns out before
/// others get hard to read.
#[must_use]
pub fn fit(wishes: &[Wish], width: usize, may_drop: bool) -> Vec<Option<usize>> {
    let ease = if may_drop { comfort(width) } else { FLOOR };
    let needs: Vec<usize> = wishes
        .iter()
        .map(|wish| wish.width.min(ease.max(wish.least)).min(width))
        .collect();
    let shown = chosen(wishes, &needs, width);
    let room = width.saturating_sub(GAP * shown.iter().filter(|s| **s).count().saturating_sub(1));
    let mut widths: Vec<usize> = (wishes.iter().zip(&shown))
        .map(|(wish, shown)| if *shown { wish.width.min(room) } else { 0 })
        .collect();
    let least = |at: usize| wishes[at].least.max(FLOOR);
    shrink(&mut widths, room, least);
    shrink(&mut widths, room, |_| FLOOR);
    shrink(&mut widths, room, |_| 1);
    // The last column is not padded, so it can have what is left.
    if let Some(last) = shown.iter().rposition(|shown| *shown) {
        let before: usize = widths[..last].iter().sum();
        widths[last] = widths[last].max(room.saturating_sub(before));
    }
    let widths = widths.into_iter().zip(shown);
    widths
        .map(|(width, shown)| shown.then_some(width))
        .collect()
}

/// Chooses the columns that fit with what each needs.
fn chosen(wishes: &[Wish], needs: &[usize], width: usize) -> Vec<bool> {
    let mut shown = vec![true; needs.len()];
    let mut used: usize = needs.iter().map(|need| need + GAP).sum();
    // Of equal ones the last goes first.
    let mut order: Vec<usize> = (NAMING..needs.len()).rev().collect();
    // Times and addresses are what people look for, and go after all others.
    order.sort_by_key(|at| (wishes[*at].least > FLOOR, needs[*at]));
    order.extend((1..NAMING.min(needs.len())).rev());
    for at in order {
        if used <= width + GAP {
            break;
        }
        shown[at] = false;
        used -= needs[at] + GAP;
    }
    for at in 0..needs.len() {
        if !shown[at] && used + needs[at] <= width {
            shown[at] = true;
            used += needs[at] + GAP;
        }
    }
    shown
}

/// Takes from the widest columns until all fit or are as narrow as they may be.
fn shrink(widths: &mut [usize], room: usize, least: impl Fn(usize) -> usize) {
    let mut over = widths.iter().sum::<usize>().saturating_sub(room);
    while over > 0 {
        let may = |at: &usize| widths[*at] > least(*at);
        let Some(widest) = (0..widths.len()).filter(may).max_by_key(|at| widths[*at]) else {
            return;
        };
        widths[widest] -= 1;
        over -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(width: usize) -> Wish {
        Wish {
            width,
            least: width,
        }
    }

    fn text(width: usize) -> Wish {
        Wish { width, least: 0 }
    }

    fn list(width: usize, least: usize) -> Wish {
        Wish { width, least }
    }

    #[test]
    fn columns_get_widths() {
        for (columns, width, may_drop, want) in [
            // All fit: the last one has what is left.
            (&[text(5), text(7)][..], 40, true, vec![Some(5), Some(33)]),
            (&[text(5), text(7)], 14, false, vec![Some(5), Some(7)]),
            // The widest give first, and numbers last.
            (
                &[text(30), text(8), number(10)],
                40,
                false,
                vec![Some(18), Some(8), Some(10)],
            ),
            (&[number(10), text(30)], 20, false, vec![Some(10), Some(8)]),
            // One that nobody can read is left out, though it was asked for.
            (&[number(10), text(30)], 12, false, vec![Some(12), None]),
            (&[number(30)], 20, false, vec![Some(20)]),
            // Nobody asked for these: the narrowest of those behind the first three go.
            (
                &[text(9), text(8), text(9), text(4), text(13), list(40, 17)],
                68,
                true,
                vec![Some(9), Some(8), Some(9), None, Some(13), Some(21)],
            ),
            (
                &[text(9), text(8), text(9), text(4), text(13), list(40, 17)],
                40,
                true,
                vec![Some(9), Some(8), Some(9), Some(8), None, None],
            ),
            // Addresses stay where wider texts go.
            (
                &[text(9), text(9), text(9), text(13), list(12, 12), text(14)],
                60,
                true,
                vec![Some(9), Some(9), Some(9), Some(13), Some(12), None],
            ),
            // A list is cut, but not to less than an element.
            (
                &[text(9), text(8), text(30), list(60, 17)],
                52,
                true,
                vec![Some(9), Some(8), Some(12), Some(17)],
            ),
            (&[text(90), text(90)], 25, true, vec![Some(25), None]),
            (&[text(90), text(90)], 40, true, vec![Some(19), Some(19)]),
            (&[], 40, true, vec![]),
        ] {
            assert_eq!(
                fit(columns, width, may_drop),
                want,
                "{columns:?} in {width}"
            );
        }
    }

    #[test]
    fn whatever_is_shown_fits() {
        for width in 1..60 {
            for count in 1..12 {
                for may_drop in [true, false] {
                    let wishes: Vec<Wish> = (0..count)
                        .map(|at| if at % 2 == 0 { text(30) } else { number(7) })
                        .collect();
                    let widths = fit(&wishes, width, may_drop);
                    assert_eq!(widths.len(), count);
                    let shown: Vec<usize> = widths.into_iter().flatten().collect();
                    assert!(shown.iter().all(|w| *w > 0), "{shown:?}");
                    assert!(!shown.is_empty());
                    let all = shown.iter().sum::<usize>() + GAP * (shown.len() - 1);
                    assert!(all <= width, "{all} in {width}");
                }
            }
        }
    }
}
