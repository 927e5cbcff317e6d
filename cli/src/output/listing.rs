//! Lists and single things in every format: text, one JSON value, a JSON value a line, CSV.

use mmp_shared::{Phrase, page::Page, phrase};
use serde::Serialize;

use super::{
    json,
    table::{Column, aligned, csv, fields, unheaded},
};
use crate::{
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
};

/// Prints a list.
pub(crate) fn print_page<T: Serialize>(context: &Context, page: &Page<T>, columns: &[Column<T>]) -> Outcome {
    match context.format() {
        OutputFormat::Json => json::print(page)?,
        OutputFormat::Jsonl => super::print(&page.items.iter().map(json::line).collect::<String>())?,
        OutputFormat::Csv => super::print(&csv(&page.items, columns))?,
        OutputFormat::Text => print_table(context, page, columns)?,
    }
    Ok(Exit::SUCCESS)
}

fn print_table<T>(context: &Context, page: &Page<T>, columns: &[Column<T>]) -> Result<(), crate::error::CliError> {
    let tells = !context.everywhere.quiet && context.stderr.is_terminal;
    if page.items.is_empty() {
        if tells {
            super::note(&phrase!("note-empty-list"), context.language);
        }
        return Ok(());
    }
    let headings: Vec<_> = columns.iter().map(|column| label("column", column.field, context)).collect();
    let rows: Vec<Vec<_>> = page.items.iter().map(|item| columns.iter().map(|column| (column.show)(item)).collect()).collect();
    super::print(&aligned(&headings, &rows, width(context), context.stdout.is_styled))?;
    if let Some(cursor) = page.next_cursor.as_ref().filter(|_| tells) {
        super::note(&phrase!("note-more", cursor = cursor), context.language);
    }
    Ok(())
}

/// Prints one thing: JSON as it is, or its fields for people, by the names of the catalogue. Fields without text are left out.
pub(crate) fn print_one<T: Serialize>(context: &Context, value: &T, shown: &[(&str, String)]) -> Outcome {
    match context.format() {
        OutputFormat::Json | OutputFormat::Jsonl => json::print(value)?,
        OutputFormat::Csv => return Err(bad_request(phrase!("error-no-csv")).into()),
        OutputFormat::Text => {
            let said = shown.iter().filter(|(_, text)| !text.is_empty());
            let pairs: Vec<_> = said.map(|(name, text)| (label("column", name, context), text.clone())).collect();
            super::print(&fields(&pairs))?;
        }
    }
    Ok(Exit::SUCCESS)
}

/// A line of what explains a thing: a field, its value, and where that comes from.
pub(crate) struct Row {
    /// The field's name in JSON, `column-NAME` in the catalogues where it is known there.
    pub(crate) field: String,
    /// What people see.
    pub(crate) value: String,
    /// Where it comes from; empty where that goes without saying.
    pub(crate) origin: String,
}

/// Prints one thing and where each of its parts comes from: JSON as it is, or three columns for people.
pub(crate) fn print_explained<T: Serialize>(context: &Context, value: &T, rows: &[Row]) -> Outcome {
    if context.format() != OutputFormat::Text {
        return print_one(context, value, &[]);
    }
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| vec![label_or_name("column", &row.field, context), row.value.clone(), row.origin.clone()])
        .collect();
    super::print(&unheaded(&rows, context.stdout.is_styled))?;
    Ok(Exit::SUCCESS)
}

/// A field's label; for a name that no catalogue can know, a parameter's, the name.
fn label_or_name(kind: &str, name: &str, context: &Context) -> String {
    match name.strip_prefix("params.") {
        Some(param) => param.to_owned(),
        None => label(kind, name, context),
    }
}

fn label(kind: &str, name: &str, context: &Context) -> String {
    let key = format!("{kind}-{}", name.replace('_', "-"));
    Phrase { key: key.into(), args: std::collections::BTreeMap::new() }.render(context.language)
}

/// How many columns whoever looks at stdout has; none where nobody does.
pub(crate) fn width(context: &Context) -> Option<usize> {
    if !context.stdout.is_terminal {
        return None;
    }
    crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}
