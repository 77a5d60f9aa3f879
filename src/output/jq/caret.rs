//! Shows the place of a fault in a filter, with a caret below it.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use crate::output::visible::visible;

/// More of a line is not shown.
const WIDEST: usize = 100;

/// Says what is wrong, and shows the line it is in with carets below the place: the cause, and two lines.
///
/// `at` is in bytes; a place at the end of the filter has no length.
#[must_use]
pub fn message(what: &str, filter: &str, at: Range<usize>) -> (String, Vec<String>) {
    // Blanks at the end are not where somebody looks.
    let end = filter.trim_end().len();
    let start = floor(filter, at.start.min(end));
    let stop = floor(filter, at.end.clamp(start, end.max(start)));
    let line_start = filter[..start].rfind('\n').map_or(0, |n| n + 1);
    let line_end = filter[start..]
        .find('\n')
        .map_or(filter.len(), |n| start + n);
    let number = filter[..line_start].matches('\n').count() + 1;

    let mut before = shown(&filter[line_start..start]);
    let place = shown(&filter[start..stop.min(line_end)]);
    let mut after = shown(
        filter[start..line_end]
            .trim_end()
            .get(stop.min(line_end) - start..)
            .unwrap_or(""),
    );
    shorten_start(&mut before);
    shorten_end(&mut after);
    let carets = "^".repeat(place.width().clamp(1, WIDEST));
    let blanks = " ".repeat(before.width());
    let line = if filter.trim_end().contains('\n') {
        format!("line {number}: ")
    } else {
        String::new()
    };
    (
        format!("{line}{what}"),
        vec![
            format!("  {before}{place}{after}"),
            format!("  {blanks}{carets}"),
        ],
    )
}

/// The text as it is seen, without characters whose width nobody knows.
fn shown(text: &str) -> String {
    visible(&text.replace('\t', " ")).into_owned()
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

fn shorten_start(text: &mut String) {
    if text.width() > WIDEST / 2 {
        while text.width() >= WIDEST / 2 {
            text.remove(0);
        }
        text.insert(0, '…');
    }
}

fn shorten_end(text: &mut String) {
    if text.width() > WIDEST / 2 {
        while text.width() >= WIDEST / 2 {
            text.pop();
        }
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_is_below_the_place() {
        for (filter, at, want) in [
            (".[] | foo", 6..9, "w\n  .[] | foo\n        ^^^"),
            (".[] | ", 6..6, "w\n  .[] |\n       ^"),
            ("", 0..0, "w\n  \n  ^"),
            ("\"é漢\" | x", 10..11, "w\n  \"é漢\" | x\n          ^"),
            ("é漢", 2..5, "w\n  é漢\n   ^^"),
            ("a\t\u{1b} x", 4..5, "w\n  a ^[ x\n       ^"),
            (".a\n| foo\n| .b", 5..8, "line 2: w\n  | foo\n    ^^^"),
            (".a |\n", 5..5, "w\n  .a |\n      ^"),
            (".a |\n  (", 7..8, "line 2: w\n    (\n    ^"),
        ] {
            let (cause, place) = message("w", filter, at);
            let lines = [vec![cause], place].concat();
            assert_eq!(lines.join("\n"), want, "{filter:?}");
        }
    }

    #[test]
    fn long_lines_are_shown_around_the_place() {
        let filter = format!("{}x{}", ".a|".repeat(1000), "|.b".repeat(1000));
        let (_, place) = message("w", &filter, 3000..3001);
        assert!(place[0].width() <= WIDEST + 4, "{place:?}");
        let at = place[1].width() - 1;
        assert_eq!(place[0].chars().nth(at), Some('x'), "{place:?}");
    }
}
