//! What gets which color, and that no text is lost on the way.

use proptest::prelude::*;
use ratatui::style::{Color, Modifier};

use super::*;
use crate::tui::theme::Palette;

const THEME: Theme = Theme::new(Palette::Sixteen);

/// The colored pieces of a text, each with a letter for its color.
fn colored(language: &str, text: &str) -> Vec<(char, String)> {
    let mut code = Code::named(language);
    let letter = |style: Style| match (style.fg, style.add_modifier.contains(Modifier::DIM)) {
        (_, true) => 'c',
        (Some(Color::Magenta), _) => 'k',
        (Some(Color::Green), _) => 's',
        (Some(Color::Cyan), _) => 'n',
        (Some(Color::Blue), _) => 'f',
        (Some(Color::Yellow), _) => 't',
        (Some(Color::Red), _) => 'r',
        _ => ' ',
    };
    let spans = text.split_inclusive('\n').flat_map(|line| code.spans(line, THEME)).collect::<Vec<_>>();
    let mut pieces: Vec<(char, String)> = Vec::new();
    for span in spans {
        match pieces.last_mut() {
            Some((last, piece)) if *last == letter(span.style) => piece.push_str(&span.content),
            _ => pieces.push((letter(span.style), span.content.into_owned())),
        }
    }
    pieces.retain(|(letter, _)| *letter != ' ');
    pieces
}

fn check(language: &str, text: &str, expected: &[(char, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(letter, piece)| (*letter, (*piece).to_owned())).collect();
    assert_eq!(colored(language, text), expected);
}

#[test]
fn rust_is_colored_and_a_lifetime_is_no_string() {
    let expected = [
        ('k', "fn"),
        ('f', "longest"),
        ('k', "str"),
        ('t', "Vec"),
        ('k', "u8"),
        ('k', "let"),
        ('s', "'x'"),
        ('n', "1"),
        ('n', "0x1f"),
        ('c', "// done"),
    ];
    check("rust", "fn longest(a: &'a str) -> Vec<u8> { let c = 'x'; 1..0x1f } // done", &expected);
}

#[test]
fn what_a_line_leaves_open_is_closed_in_a_later_one() {
    check("c", "/* one\ntwo */ int", &[('c', "/* onetwo */"), ('k', "int")]);
    check("python", "'''a # b\nc''' # d", &[('s', "'''a # bc'''"), ('c', "# d")]);
    check("js", "'never closed\nlet", &[('s', "'never closed"), ('k', "let")]);
    check("lua", "--[[ a\nb ]] end -- c\nend", &[('c', "--[[ ab ]]"), ('k', "end"), ('c', "-- c"), ('k', "end")]);
}

#[test]
fn an_escaped_quote_closes_nothing() {
    check(
        "json",
        r#"{"a\"b": "c\\", "d": [1, null]}"#,
        &[('n', "\"a\\\"b\""), ('s', "\"c\\\\\""), ('n', "\"d\""), ('n', "1"), ('k', "null")],
    );
}

#[test]
fn a_shell_knows_variables_and_comments_from_counts() {
    check("sh", "echo $HOME/${X} $# # all", &[('k', "echo"), ('n', "$HOME"), ('n', "${X}"), ('c', "# all")]);
}

#[test]
fn sql_is_known_in_any_case_and_keys_are_names() {
    check("SQL", "Select 'it''s' FROM t", &[('k', "Select"), ('s', "'it''s'"), ('k', "FROM")]);
    check("yaml", "port: 80 # x\n- name: y", &[('n', "port"), ('n', "80"), ('c', "# x"), ('n', "name")]);
}

#[test]
fn markup_and_changes_have_their_own_ways() {
    check("html", "<a href=\"x\">it's</a>", &[('k', "<a"), ('n', "href"), ('s', "\"x\""), ('k', ">"), ('k', "</a>")]);
    check("diff", "-old\n+new\n same", &[('r', "-old"), ('s', "+new")]);
}

#[test]
fn a_language_that_nobody_knows_is_code_and_no_more() {
    check("brainfuck", "++ 1", &[('t', "++ 1")]);
    check("rust,no_run {x}", "let", &[('k', "let")]);
}

#[test]
fn without_colors_there_are_none() {
    let theme = Theme::new(Palette::None);
    let spans = Code::named("rust").spans("fn a() { \"x\" } // 1", theme);
    assert!(spans.iter().all(|span| span.style.fg.is_none()), "{spans:?}");
}

proptest! {
    #[test]
    fn no_text_is_lost(
        text in "([a-z]{1,3}|[<>/*'\"`#$@\\\\ \n(){}:=+-]|é|你|👩‍👧|'''|--\\[\\[|<!--|/\\*|0x1.){0,60}",
        language in prop::sample::select(vec!["rust", "py", "js", "html", "lua", "sh", "css", "sql", "diff", "latex", "nix", "yaml", "x"]),
    ) {
        let mut code = Code::named(language);
        let lines: Vec<String> = text.split_inclusive('\n')
            .map(|line| code.spans(line, THEME).iter().map(|span| span.content.as_ref()).collect())
            .collect();
        let expected: Vec<_> = text.split_inclusive('\n').map(|line| line.trim_end_matches(['\n', '\r'])).collect();
        prop_assert_eq!(lines, expected);
    }
}
