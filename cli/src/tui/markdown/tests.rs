//! What Markdown looks like, and that its cuts change nothing.

use proptest::prelude::*;

use super::*;
use crate::tui::theme::Palette;

const THEME: Theme = Theme::new(Palette::Sixteen);

fn lines(document: &mut Document, width: usize) -> Vec<Line<'static>> {
    let height = document.height(width, THEME);
    (0..height).map(|index| document.line(index).expect("it was counted").clone()).collect()
}

fn shown(text: &str, width: usize) -> String {
    let lines = lines(&mut Document::whole(text), width);
    lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[test]
fn blocks_stand_apart() {
    let text = "# Title\nSome *words* here.\n\n- one\n- two\n  - three\n\n1. a\n2. b\n\n> quoted\n\n---\nend";
    let expected = "Title\n\nSome words here.\n\n• one\n• two\n  • three\n\n1. a\n2. b\n\n▎ quoted\n\n";
    let shown = shown(text, 40);
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.ends_with("─\n\nend"), "{shown}");
}

#[test]
fn code_keeps_its_lines_and_its_indentation() {
    assert_eq!(shown("```rust\nfn a() {\n    b();\n\n}\n```\nx", 40), "╭─ rust\n│ fn a() {\n│     b();\n│\n│ }\n╰─\n\nx");
    assert_eq!(shown("- a\n  ```\n  b\n  ```", 40), "• a\n\n  ╭─\n  │ b\n  ╰─");
}

#[test]
fn a_table_fits() {
    let text = "| name | what |\n|---|--:|\n| a | one two three |\n| b | 2 |";
    assert_eq!(shown(text, 40), "name │          what\n─────┼──────────────\na    │ one two three\nb    │             2");
    assert!(shown(text, 14).lines().all(|line| wrap::width(line) <= 14), "{}", shown(text, 14));
}

#[test]
fn a_link_says_where_it_leads() {
    assert_eq!(shown("[mmp](https://x.y) <https://z>", 60), "mmp (https://x.y) https://z");
}

#[test]
fn an_entity_cannot_drive_the_terminal() {
    assert_eq!(shown("a &#27;[2J &#x202e; b", 60), "a ␛[2J \u{fffd} b");
}

#[test]
fn maths_stay_as_they_are_written() {
    assert_eq!(shown("$a_1 * b_2 * c$", 60), "$a_1 * b_2 * c$");
}

#[test]
fn an_endless_paragraph_is_laid_out_in_pieces_that_look_like_one() {
    let text = "lorem ipsum **dolor** sit amet 你好，世界。 ".repeat(400);
    let mut document = Document::default();
    document.push(&text);
    assert!(document.pieces.len() > 5, "{}", document.pieces.len());
    let whole = Renderer::new(60, THEME).render(&text);
    let texts = |lines: Vec<Line<'static>>| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(lines(&mut document, 60)), texts(whole));
}

#[test]
fn a_line_without_an_end_is_laid_out_in_pieces_whatever_it_is() {
    let long = |begin: &str, unit: &str| format!("{begin}{}", unit.repeat((256 << 10) / unit.len()));
    let all = [
        long("", "abcdefgh0123"),
        long("", "{\"key\":[1,2,3]},"),
        long("- ", "word after word "),
        long("# ", "word after word "),
        long("> ", "a1b2"),
        long("", "中文没有空格，"),
        long("```js\n", "a=b(c);"),
        long("```\n", "中文 abc "),
    ];
    for text in all {
        let mut document = Document::default();
        for portion in text.as_bytes().chunks(300).map(String::from_utf8_lossy) {
            document.push(&portion);
        }
        let longest = document.pieces.iter().map(|piece| piece.range.len()).max().unwrap_or(0);
        let tail = document.scanner.tail(&document.source).map_or(0, |piece| piece.range.len());
        assert!(longest.max(tail) < 40 << 10, "{longest} and {tail} of {:?}", &text[..20]);
    }
}

#[test]
fn a_long_line_of_code_in_pieces_looks_like_one() {
    let line = "let value = compute(first, second, third); 你好 ".repeat(400);
    let text = format!("```rust\n{line}\nshort\n```\n");
    let mut document = Document::whole(&text);
    assert!(document.pieces.len() > 6, "{}", document.pieces.len());
    let in_one: Vec<String> =
        render::code_lines(Vec::new(), vec![Span::raw(line)], 60, THEME).iter().map(ToString::to_string).collect();
    let in_pieces: Vec<String> = lines(&mut document, 60).iter().map(ToString::to_string).collect();
    assert_eq!(in_pieces[1..=in_one.len()], in_one);
    assert_eq!(in_pieces[in_one.len() + 1..], ["│ short", "╰─"]);
}

const WORDS: &[&str] = &[
    "word ",
    "你好，",
    "**",
    "*",
    "`",
    "```\n",
    "```rust\n",
    "~~~\n",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "# ",
    "    ",
    "| a | b |\n",
    "|---|---|\n",
    "[x](y)",
    "[",
    "]",
    "---\n",
    "é",
    "👩‍👧",
    "$x$",
    "a long enough run of words to be cut somewhere. ",
    "\\",
    "  ",
];

proptest! {
    #[test]
    fn any_cuts_end_as_the_whole_would(
        words in proptest::collection::vec(0..WORDS.len(), 0..120),
        repeat in 1..12usize,
        cuts in proptest::collection::vec(1..40usize, 1..20),
        width in 1..60usize,
    ) {
        let text: String = words.iter().map(|word| WORDS[*word]).collect::<String>().repeat(repeat);
        let whole = lines(&mut Document::whole(&text), width);
        let mut document = Document::default();
        let mut rest = text.as_str();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let at = (*cut..=rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
            document.push(&rest[..at]);
            document.height(width, THEME);
            rest = &rest[at..];
        }
        document.finish();
        prop_assert_eq!(lines(&mut document, width), whole);
    }
}
