//! Aligns short lists of our own in columns, for people.
//!
//! Tables of responses are `table`'s.

use super::visible::line;

/// Writes rows with each column as wide as its widest cell and two blanks between them.
#[must_use]
pub fn aligned<const N: usize, S: AsRef<str>>(rows: &[[S; N]]) -> String {
    let mut widths = [0; N];
    let rows: Vec<[_; N]> = rows
        .iter()
        .map(|row| row.each_ref().map(|cell| line(cell.as_ref())))
        .collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| {
                // Not by `{:width$}`: it takes no width over 65,535.
                let blanks = " ".repeat(width - cell.chars().count());
                format!("{cell}{blanks}")
            })
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_cells() {
        let rows = [["a", "bcé", ""], ["abc", "d", "e"]];
        assert_eq!(aligned(&rows), "a    bcé\nabc  d    e\n");
        assert_eq!(aligned(&[["a\nb", "c"]]), "a\\nb  c\n");
        assert_eq!(aligned::<1, &str>(&[]), "");
        let long = "x".repeat(70_000);
        let text = aligned(&[[&*long, "a"], ["b", "c"]]);
        assert_eq!(
            text.lines().map(str::len).collect::<Vec<_>>(),
            [70_003, 70_003]
        );
    }
}
