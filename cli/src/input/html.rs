//! A page of the web as Markdown, without what is no part of its text. Pure.

use std::rc::Rc;

use htmd::{HtmlToMarkdown, Node};

/// What of a page nobody reads.
const UNREAD: [&str; 12] =
    ["head", "script", "style", "noscript", "template", "svg", "iframe", "nav", "footer", "form", "button", "dialog"];

/// The deepest that elements may stand within each other: what walks the tree does so a step a frame. No page that people
/// wrote comes near.
const DEEPEST: usize = 400;

/// The most elements that may be open at once before a page is even parsed: for each the parser looks through all of them.
const MOST_OPEN: usize = 1_000;

/// Elements that end by themselves.
const FLAT: [&str; 30] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "optgroup", "option", "p",
    "param", "path", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "use", "wbr",
];

/// A page as Markdown; one that cannot be read so stays as it is.
pub(super) fn to_markdown(page: String) -> String {
    if opens_too_many(&page) {
        return page;
    }
    let converter = HtmlToMarkdown::builder().skip_tags(UNREAD.to_vec()).build();
    let Ok(tree) = converter.html_to_tree(&page) else { return page };
    if is_too_deep(&tree) {
        return page;
    }
    let text = converter.tree_to_markdown(&tree);
    match title(&page).filter(|title| !text.contains(title.as_str())) {
        Some(title) => format!("# {title}\n\n{text}"),
        None => text,
    }
}

/// Whether more elements are opened and not closed than a page that people wrote has; told from its tags alone.
fn opens_too_many(page: &str) -> bool {
    let (mut open, mut verbatim) = (0_usize, None::<String>);
    for piece in page.split('<').skip(1) {
        let (is_end, piece) = piece.strip_prefix('/').map_or((false, piece), |rest| (true, rest));
        let name: String = piece.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match &verbatim {
            // What looks like a tag within a script is none.
            Some(until) if !is_end || *until != name => continue,
            Some(_) => verbatim = None,
            None if !is_end && matches!(name.as_str(), "script" | "style") => verbatim = Some(name.clone()),
            None => {}
        }
        if name.is_empty() || FLAT.contains(&name.as_str()) {
            continue;
        }
        open = if is_end { open.saturating_sub(1) } else { open + 1 };
        if open > MOST_OPEN {
            return true;
        }
    }
    false
}

/// Whether the tree is deeper than may be walked; found without walking it a step a frame.
fn is_too_deep(tree: &Rc<Node>) -> bool {
    let mut waiting = vec![(Rc::clone(tree), 0)];
    while let Some((node, depth)) = waiting.pop() {
        if depth > DEEPEST {
            return true;
        }
        waiting.extend(node.children.borrow().iter().map(|child| (Rc::clone(child), depth + 1)));
    }
    false
}

/// What the page calls itself.
fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let begin = lower.find("<title")?;
    let begin = begin + lower[begin..].find('>')? + 1;
    let end = begin + lower[begin..].find("</title")?;
    let title = htmd::convert(&page[begin..end]).ok()?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_without_its_trimmings() {
        let page = "<!DOCTYPE html><html><head><title>A &amp; B</title><style>p{}</style></head><body><nav>home</nav>\
            <h2>Why</h2><p>Since <b>today</b>, see <a href=\"/x\">this</a>.</p><script>alert(1)</script>\
            <pre><code>let x;</code></pre><footer>legal</footer></body></html>";
        let text = to_markdown(page.to_owned());
        assert!(text.starts_with("# A & B\n\n## Why"), "{text}");
        assert!(text.contains("**today**") && text.contains("[this](/x)") && text.contains("```\nlet x;\n```"), "{text}");
        for trimming in ["home", "alert", "legal", "p{}"] {
            assert!(!text.contains(trimming), "{trimming}: {text}");
        }
    }

    #[test]
    fn a_page_that_is_nested_without_end_does_no_harm() {
        for count in [DEEPEST + 1, 200_000] {
            let page = "<div>".repeat(count) + "deep";
            assert_eq!(to_markdown(page.clone()), page);
        }
        let script = format!("<script>{}</script><p>{}<b>text</b>", "i<n;".repeat(5_000), "<br>".repeat(5_000));
        assert!(to_markdown(script).ends_with("**text**"), "a script opens nothing");
    }
}
