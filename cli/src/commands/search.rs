//! `mmp search`, and `mmp history search`, which is the same: messages that say something.

use mmp_shared::{
    message::Role,
    page::Page,
    phrase,
    search::{LONGEST_QUERY, SearchHit, SearchOrder, SearchPage},
};

use crate::{
    client::Client,
    context::Context,
    error::{Outcome, bad_request},
    everywhere::OutputFormat,
    output::{
        self, json,
        listing::{print_page, width},
        neutralise::neutralise_line,
        table::Column,
        text::notice_words,
        time,
        wrap::wrap,
    },
    wanted::{ListArguments, Wanted},
};

/// How far a snippet stands in.
const INDENT: &str = "  ";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,
    #[arg(long)]
    newest: bool,
    #[command(flatten)]
    list: ListArguments,
}

const COLUMNS: &[Column<SearchHit>] = &[
    Column { field: "conversation_id", show: |hit| hit.conversation_id.short() },
    Column { field: "message_id", show: |hit| hit.message_id.short() },
    Column { field: "title", show: |hit| hit.title.clone() },
    Column { field: "role", show: |hit| hit.role.as_str().to_owned() },
    Column { field: "at", show: |hit| time::local(hit.at) },
    Column { field: "snippet", show: |hit| hit.snippet.clone() },
    Column { field: "score", show: |hit| hit.score.map(|score| score.to_string()).unwrap_or_default() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let query = self.query.join(" ");
        let length = query.chars().count();
        if length > LONGEST_QUERY {
            let phrase = phrase!("error-search-too-long", size = length, limit = LONGEST_QUERY);
            return Err(bad_request(phrase).with_hint(phrase!("hint-search-too-long")).into());
        }
        let order = if self.newest { SearchOrder::Newest } else { SearchOrder::Best };
        let page = Client::new(context)?.search(&query, order, &Wanted::from(self.list)).await?;
        print(context, page)
    }
}

fn print(context: &Context, page: SearchPage) -> Outcome {
    if context.format() != OutputFormat::Json && !context.everywhere.quiet {
        page.notices.iter().for_each(|notice| output::note_line(&notice_words(notice, context.language)));
    }
    if context.format() == OutputFormat::Json {
        json::print(&page)?;
        return Ok(crate::error::Exit::SUCCESS);
    }
    let is_text = context.format() == OutputFormat::Text && !page.items.is_empty();
    if is_text {
        let hits: Vec<String> = page.items.iter().map(|hit| hit_text(context, hit, width(context))).collect();
        output::print(&hits.join("\n"))?;
        if let Some(cursor) = page.next_cursor.filter(|_| !context.everywhere.quiet && context.stderr.is_terminal) {
            output::note(&phrase!("note-more", cursor = cursor), context.language);
        }
        return Ok(crate::error::Exit::SUCCESS);
    }
    print_page(context, &Page { items: page.items, next_cursor: page.next_cursor }, COLUMNS)
}

/// A hit for people: its title, where and when it was said by whom, and the snippet.
fn hit_text(context: &Context, hit: &SearchHit, width: Option<usize>) -> String {
    let who = match hit.role {
        Role::User => phrase!("speaker-you").render(context.language),
        role => role.as_str().to_owned(),
    };
    let about = format!("{} · {} · {who}", hit.conversation_id.short(), time::local(hit.at));
    let is_styled = context.stdout.is_styled;
    let lines = |text: &str, taken: usize| {
        width.map_or_else(|| vec![text.to_owned()], |width| wrap(text, width.saturating_sub(taken).max(8)))
    };
    let mut shown = String::new();
    for line in lines(&neutralise_line(&hit.title), 0) {
        shown.push_str(&styled(&line, "1", is_styled));
        shown.push('\n');
    }
    for line in lines(&about, 0) {
        shown.push_str(&styled(&line, "2", is_styled));
        shown.push('\n');
    }
    let marked = marked(hit);
    let text: String = marked.iter().map(|(c, _)| *c).collect();
    let mut rest = marked.as_slice();
    for line in lines(&text, INDENT.len()) {
        shown.push_str(INDENT);
        shown.push_str(&highlighted(&line, &mut rest, is_styled));
        shown.push('\n');
    }
    shown
}

fn styled(text: &str, code: &str, is_styled: bool) -> String {
    if is_styled { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// The snippet's characters, as a terminal may have them, and whether each was looked for.
fn marked(hit: &SearchHit) -> Vec<(char, bool)> {
    let is_marked = |index: usize| hit.highlights.iter().any(|(start, end)| (*start..*end).contains(&index));
    let mut marked = Vec::new();
    for (index, c) in hit.snippet.chars().enumerate() {
        if c == ' ' {
            marked.push((c, is_marked(index)));
            continue;
        }
        marked.extend(neutralise_line(c.encode_utf8(&mut [0; 4])).chars().map(|c| (c, is_marked(index))));
    }
    marked
}

/// A line of the snippet with what was looked for in bold yellow. Between two lines a blank may have been left out.
fn highlighted(line: &str, rest: &mut &[(char, bool)], is_styled: bool) -> String {
    let (mut shown, mut is_on) = (String::new(), false);
    for c in line.chars() {
        let skipped = rest.iter().position(|(known, _)| *known == c).unwrap_or(0);
        let is_marked = rest.get(skipped).is_some_and(|(_, is_marked)| *is_marked);
        *rest = rest.get(skipped + 1..).unwrap_or_default();
        if is_styled && is_marked != is_on {
            shown.push_str(if is_marked { "\u{1b}[1;33m" } else { "\u{1b}[0m" });
            is_on = is_marked;
        }
        shown.push(c);
    }
    if is_on {
        shown.push_str("\u{1b}[0m");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_for_is_marked_across_lines() {
        let snippet: Vec<(char, bool)> = "ab cd ef".chars().map(|c| (c, matches!(c, 'c' | 'd'))).collect();
        let mut rest = snippet.as_slice();
        let lines: Vec<_> = wrap("ab cd ef", 5).iter().map(|line| highlighted(line, &mut rest, true)).collect();
        assert_eq!(lines, ["ab \u{1b}[1;33mcd\u{1b}[0m", "ef"]);
        let mut rest = snippet.as_slice();
        assert_eq!(highlighted("ab cd", &mut rest, false), "ab cd");
    }
}
