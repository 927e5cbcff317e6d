//! Tables: aligned columns for people, comma-separated values for programs. Widths are those of a terminal, where a
//! Chinese character takes two columns.

use serde::Serialize;
use serde_json::Value;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::neutralise::neutralise_line;

const GAP: &str = "  ";

/// A column of a table of `T`: the field's name in JSON, and how people see it.
pub(crate) struct Column<T> {
    /// The name of the field, which is the heading in CSV, and `column-NAME` in the catalogues.
    pub(crate) field: &'static str,
    /// What people see.
    pub(crate) show: fn(&T) -> String,
}

/// Rows under headings, aligned. Where there is a width, what is too long for it is cut, in the last column.
pub(crate) fn aligned(headings: &[String], rows: &[Vec<String>], width: Option<usize>, is_styled: bool) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| neutralise_line(cell)).collect()).collect();
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| rows.iter().map(|row| &row[column]).chain([&headings[column]]).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    let heading = line(headings, &widths, width);
    text.push_str(&if is_styled { format!("\u{1b}[2m{heading}\u{1b}[0m\n") } else { format!("{heading}\n") });
    for row in &rows {
        text.push_str(&line(row, &widths, width));
        text.push('\n');
    }
    text
}

/// The widest that a column of [`unheaded`] rows is made for its longest cell.
const WIDEST: usize = 26;

/// Rows without headings, aligned; the last column stands back a little. Nothing is cut: a cell that is longer than the
/// others moves what follows it in its own row.
pub(crate) fn unheaded(rows: &[Vec<String>], is_styled: bool) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| neutralise_line(cell)).collect()).collect();
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| rows.iter().map(|row| row[column].width()).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let mut text = String::new();
    for row in &rows {
        let Some((last, cells)) = row.split_last() else { continue };
        let begin: String = cells.iter().zip(&widths).map(|(cell, width)| padded(cell, *width) + GAP).collect();
        if last.is_empty() {
            text.push_str(begin.trim_end());
        } else {
            text.push_str(&if is_styled { format!("{begin}\u{1b}[2m{last}\u{1b}[0m") } else { begin + last });
        }
        text.push('\n');
    }
    text
}

/// Names and values, a line each, the values aligned.
pub(crate) fn fields(pairs: &[(String, String)]) -> String {
    let widest = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    pairs.iter().map(|(name, value)| format!("{}{GAP}{}\n", padded(name, widest), neutralise_line(value))).collect()
}

fn line(cells: &[String], widths: &[usize], width: Option<usize>) -> String {
    let last = cells.len().saturating_sub(1);
    let mut line = String::new();
    for (column, cell) in cells.iter().enumerate() {
        if column < last {
            line.push_str(&padded(cell, widths[column]));
            line.push_str(GAP);
        } else {
            let taken = line.width();
            line.push_str(&cut(cell, width.map(|width| width.saturating_sub(taken).max(8))));
        }
    }
    line.trim_end().to_owned()
}

fn padded(cell: &str, width: usize) -> String {
    format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
}

/// As much of a cell as fits, and a sign where that is not all.
pub(crate) fn cut(cell: &str, width: Option<usize>) -> String {
    let Some(width) = width.filter(|width| cell.width() > *width) else { return cell.to_owned() };
    let mut taken = 0;
    let fits = |c: &char| {
        taken += c.width().unwrap_or(0);
        taken < width
    };
    cell.chars().take_while(fits).chain(['…']).collect()
}

/// The columns of the items as comma-separated values (RFC 4180, but with bare line feeds). Text that a spreadsheet would
/// take for a formula stands behind a `'`, as spreadsheets have it.
pub(crate) fn csv<T: Serialize>(items: &[T], columns: &[Column<T>]) -> String {
    let mut text = columns.iter().map(|column| column.field).collect::<Vec<_>>().join(",") + "\n";
    for item in items {
        let value = serde_json::to_value(item).unwrap_or_default();
        let cells: Vec<_> = columns.iter().map(|column| quoted(&plain(&value[column.field]))).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.len() > 1 && text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn wide_characters_are_aligned() {
        let text = aligned(&cells(&["name", "note"]), &[cells(&["文心", "a"]), cells(&["x", "b"])], None, false);
        assert_eq!(text, "name  note\n文心  a\nx     b\n");
    }

    #[test]
    fn what_is_too_long_is_cut_at_a_whole_character() {
        let text = aligned(&cells(&["a", "title"]), &[cells(&["x", "一二三四五六七八"])], Some(12), false);
        assert_eq!(text.lines().nth(1), Some("x  一二三四…"));
        let whole = aligned(&cells(&["a", "title"]), &[cells(&["x", "一二三四五六七八"])], None, false);
        assert_eq!(whole.lines().nth(1), Some("x  一二三四五六七八"));
    }

    #[test]
    fn a_long_cell_moves_its_own_row_alone() {
        let long = "x".repeat(WIDEST + 1);
        let text = unheaded(&[cells(&["a", "b", "c"]), cells(&["a", &long, "c"]), cells(&["aa", "bb", ""])], false);
        assert_eq!(text, format!("a   b   c\na   {long}  c\naa  bb\n"));
    }

    #[test]
    fn a_title_cannot_drive_the_terminal() {
        assert!(!aligned(&cells(&["t"]), &[cells(&["a\u{1b}[2J\nb"])], None, false).contains('\u{1b}'));
    }

    #[test]
    fn values_with_commas_are_quoted() {
        #[derive(Serialize)]
        struct Item {
            id: u32,
            title: &'static str,
            model: Option<&'static str>,
        }
        let columns = [
            Column::<Item> { field: "id", show: |item| item.id.to_string() },
            Column { field: "title", show: |item| item.title.to_owned() },
            Column { field: "model", show: |item| item.model.unwrap_or_default().to_owned() },
        ];
        let items = [Item { id: 1, title: "a, \"b\"", model: None }];
        assert_eq!(csv(&items, &columns), "id,title,model\n1,\"a, \"\"b\"\"\",\n");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        let columns =
            [Column::<Value> { field: "title", show: |_| String::new() }, Column { field: "cost", show: |_| String::new() }];
        let titles = ["=HYPERLINK(\"http://x\")", "+1", "-2", "@SUM(A1)", "\tx", "a=b", "-"];
        let items: Vec<_> = titles.iter().map(|title| serde_json::json!({ "title": title, "cost": -0.5 })).collect();
        let text = csv(&items, &columns);
        let rows: Vec<_> = text.lines().skip(1).collect();
        let expected = ["\"'=HYPERLINK(\"\"http://x\"\")\"", "'+1", "'-2", "'@SUM(A1)", "'\tx", "a=b", "-"];
        assert_eq!(rows, expected.map(|title| format!("{title},-0.5")));
    }
}
