//! Tables as aligned text in a fence: the same in every flavour of Markdown,
//! and readable where nothing renders it.

use crate::report::escape::visible;
use crate::report::figures::shortened;
use unicode_width::UnicodeWidthStr;

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Characters of a cell; a longer one loses its middle.
const CELL: usize = 48;

/// A fenced table. Cells are shown as they are, so nothing in them is markup.
pub(super) fn table(headings: &[&str], align: &[Align], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head)
        .chain(rows.iter().map(|row| row.iter().map(|cell| shortened(&visible(cell), CELL)).collect()))
        .collect();
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).zip(align).map(|((cell, width), align)| {
            let pad = " ".repeat(width - cell.width());
            match align {
                Align::Left => format!("{cell}{pad}"),
                Align::Right => format!("{pad}{cell}"),
            }
        });
        cells.collect::<Vec<String>>().join("  ").trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.insert(1, widths.iter().map(|&width| "─".repeat(width)).collect::<Vec<String>>().join("  "));
    crate::report::escape::fenced(&lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_script() {
        let rows = [["北京", "1"], ["a`b", "23"]].map(|row| row.map(str::to_owned).to_vec());
        let text = table(&["name", "n"], &[Align::Left, Align::Right], &rows);
        assert_eq!(text, "```text\nname   n\n────  ──\n北京   1\na`b   23\n```\n");
    }
}
