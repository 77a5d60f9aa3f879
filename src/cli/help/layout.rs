//! Lays a help text out: paragraphs and tables fit the width, examples stay as they are.
//!
//! A text is made of blocks between empty lines. A first line that ends in `:` heads the indented
//! lines below it, which are rows of two columns, or examples; other indented lines are commands.
//! Everything else is prose. Knows nothing of clap.

/// A block of a help text.
#[derive(Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// A paragraph.
    Prose(String),
    /// Rows of a name and its meaning, under a heading.
    Table(&'a str, Vec<(&'a str, String)>),
    /// Lines to be typed, which must not be wrapped, under a heading if they have one.
    Lines(Option<&'a str>, &'a str),
}

/// The widest name that has its meaning on the same line.
const NAME: usize = 20;

/// The narrowest column for meanings; below it, they stand under their names.
const MEANING: usize = 30;

/// Splits a text into its blocks.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    text.split("\n\n").map(block).collect()
}

fn block(text: &str) -> Block<'_> {
    let heading = text.split_once('\n').and_then(|(first, rest)| {
        let heading = first.strip_suffix(':')?;
        rest.starts_with(' ').then_some((heading, rest))
    });
    match heading {
        Some((heading, lines)) if heading == "Examples" => Block::Lines(Some(heading), lines),
        Some((heading, lines)) => Block::Table(heading, rows(lines)),
        None if text.lines().all(|line| line.starts_with("  ")) => Block::Lines(None, text),
        None => Block::Prose(joined(text)),
    }
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads rows; lines that are indented further continue the row before.
fn rows(lines: &str) -> Vec<(&str, String)> {
    let mut rows: Vec<(&str, String)> = Vec::new();
    for line in lines.lines() {
        match rows.last_mut() {
            Some((_, meaning)) if line.starts_with("    ") => {
                meaning.push(' ');
                meaning.push_str(line.trim());
            }
            _ => {
                let (name, meaning) = line.trim().split_once("  ").unwrap_or((line.trim(), ""));
                rows.push((name, meaning.trim().to_owned()));
            }
        }
    }
    rows
}

/// Returns the text for a terminal of `width` columns.
#[must_use]
pub fn laid_out(text: &str, width: usize) -> String {
    let mut out = String::new();
    for block in blocks(text) {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Prose(text) => fill(&mut out, &text, (0, 0), width),
            Block::Table(heading, rows) => {
                out.push_str(&format!("{heading}:\n"));
                table(&mut out, &rows, width);
            }
            Block::Lines(heading, lines) => {
                if let Some(heading) = heading {
                    out.push_str(&format!("{heading}:\n"));
                }
                out.push_str(lines);
                out.push('\n');
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn table(out: &mut String, rows: &[(&str, String)], width: usize) {
    let lengths = rows.iter().map(|(name, _)| name.chars().count());
    let widest = lengths.filter(|length| *length <= NAME).max().unwrap_or(0);
    let beside = widest + 4;
    let is_narrow = width < beside + MEANING;
    let indent = if is_narrow { 6 } else { beside };
    for (name, meaning) in rows {
        let length = name.chars().count();
        if meaning.is_empty() {
            name_line(out, name, width);
        } else if is_narrow || length > NAME {
            name_line(out, name, width);
            out.push_str(&" ".repeat(indent));
            fill(out, meaning, (indent, indent), width);
        } else {
            out.push_str(&format!("  {name:<widest$}  "));
            fill(out, meaning, (beside, indent), width);
        }
    }
}

fn name_line(out: &mut String, name: &str, width: usize) {
    out.push_str("  ");
    fill(out, name, (2, 4), width);
}

/// Appends words from `column` on; further lines are indented.
pub fn fill(out: &mut String, text: &str, (mut column, indent): (usize, usize), width: usize) {
    for (at, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if at > 0 && column + 1 + length > width {
            out.push_str(&format!("\n{:indent$}", ""));
            column = indent;
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
Words that
go on.

Items:
  a, b   one two three four five six seven eight nine ten eleven
         twelve
  '/a/name/of/more/than/20'  one

Examples:
  apicall get /machines/ hostname=node18 hostname=node19 hostname=node20

  ln -s a b";

    #[test]
    fn prose_and_tables_fit_and_commands_stay() {
        assert_eq!(
            laid_out(TEXT, 40),
            "\
Words that go on.

Items:
  a, b  one two three four five six
        seven eight nine ten eleven
        twelve
  '/a/name/of/more/than/20'
        one

Examples:
  apicall get /machines/ hostname=node18 hostname=node19 hostname=node20

  ln -s a b"
        );
        assert_eq!(
            laid_out("Items:\n  abcdef  one two three four five", 20),
            "Items:\n  abcdef\n      one two three\n      four five"
        );
    }

    #[test]
    fn blocks_are_told_apart() {
        let kinds: Vec<_> = blocks(TEXT).into_iter().collect();
        assert_eq!(kinds[0], Block::Prose("Words that go on.".to_owned()));
        assert!(matches!(&kinds[1], Block::Table("Items", rows) if rows.len() == 2));
        assert!(matches!(kinds[2], Block::Lines(Some("Examples"), _)));
        assert_eq!(kinds[3], Block::Lines(None, "  ln -s a b"));
    }
}
