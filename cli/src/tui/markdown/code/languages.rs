//! What there is to know of each language. Add by adding a row.

/// A language.
#[derive(Debug)]
pub(super) struct Language {
    /// What people write behind a fence.
    names: &'static str,
    words: &'static str,
    pub(super) line_comments: &'static [&'static str],
    pub(super) comments: &'static [(&'static str, &'static str)],
    pub(super) quotes: &'static [Quote],
    /// What stands before a name of another kind: variables, decorators, directives.
    pub(super) sigils: &'static str,
    /// Whether a capital begins a type.
    pub(super) has_types: bool,
    /// Whether what stands before a colon is a name.
    pub(super) has_keys: bool,
    pub(super) is_markup: bool,
    pub(super) is_diff: bool,
    any_case: bool,
}

/// How a string is written.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) escapes: bool,
    /// Whether it may go on in the next line.
    pub(super) goes_on: bool,
    /// Whether it holds one character, and is something else where it does not.
    pub(super) is_character: bool,
}

impl Language {
    /// Whether a word is one of the language's own.
    pub(super) fn has(&self, word: &str) -> bool {
        let is_it = |own: &str| if self.any_case { own.eq_ignore_ascii_case(word) } else { own == word };
        self.words.split(' ').any(is_it)
    }
}

/// The language of this name.
pub(super) fn named(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.names.split(' ').any(|other| other == name)).filter(|_| !name.is_empty())
}

const fn quote(mark: &'static str) -> Quote {
    Quote { open: mark, close: mark, escapes: true, goes_on: false, is_character: false }
}

const fn long(mark: &'static str) -> Quote {
    Quote { goes_on: true, ..quote(mark) }
}

const fn raw(mark: &'static str) -> Quote {
    Quote { escapes: false, ..long(mark) }
}

const DOUBLE: Quote = quote("\"");
const SINGLE: Quote = quote("'");
const CHARACTER: Quote = Quote { is_character: true, ..SINGLE };
const BOTH: &[Quote] = &[DOUBLE, SINGLE];
const SLASHES: &[&str] = &["//"];
const HASH: &[&str] = &["#"];
const STARS: &[(&str, &str)] = &[("/*", "*/")];

const BASE: Language = Language {
    names: "",
    words: "",
    line_comments: &[],
    comments: &[],
    quotes: BOTH,
    sigils: "",
    has_types: false,
    has_keys: false,
    is_markup: false,
    is_diff: false,
    any_case: false,
};
/// What descends from C.
const BRACES: Language =
    Language { line_comments: SLASHES, comments: STARS, quotes: &[DOUBLE, CHARACTER], has_types: true, ..BASE };
const MARKUP: Language = Language { comments: &[("<!--", "-->")], quotes: &[long("\""), long("'")], is_markup: true, ..BASE };

const LANGUAGES: &[Language] = &[
    Language {
        names: "rust rs",
        words: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut \
                pub ref return self Self static struct super trait true type unsafe use where while bool char f32 f64 i8 i16 i32 \
                i64 i128 isize str u8 u16 u32 u64 u128 usize",
        quotes: &[long("\""), CHARACTER],
        ..BRACES
    },
    Language {
        names: "python py python3 py3 pycon gyp bzl",
        words: "and as assert async await break case class continue def del elif else except False finally for from global if import \
                in is lambda match None nonlocal not or pass raise return self True try while with yield",
        line_comments: HASH,
        quotes: &[long("\"\"\""), long("'''"), DOUBLE, SINGLE],
        sigils: "@",
        has_types: true,
        ..BASE
    },
    Language {
        names: "javascript js mjs cjs jsx typescript ts tsx node",
        words: "abstract any as async await boolean break case catch class const continue debugger declare default delete do else \
                enum export extends false finally for from function get if implements import in instanceof interface keyof let \
                namespace never new null number of private protected public readonly return set static string super switch this \
                throw true try type typeof undefined unknown var void while with yield",
        quotes: &[DOUBLE, SINGLE, long("`")],
        sigils: "@",
        ..BRACES
    },
    Language { names: "json json5 jsonc jsonl", words: "true false null", has_types: false, has_keys: true, ..BRACES },
    Language {
        names: "sh bash shell zsh ksh console terminal shell-session shellscript",
        words: "if then else elif fi for while until do done case esac in function select return exit break continue local export \
                readonly declare set unset shift source alias echo printf cd sudo test eval exec trap true false",
        line_comments: HASH,
        quotes: &[long("\""), raw("'")],
        sigils: "$",
        ..BASE
    },
    Language {
        names: "fish",
        words: "if else end for while in function switch case set return and or not begin echo",
        line_comments: HASH,
        sigils: "$",
        ..BASE
    },
    Language {
        names: "powershell ps1 pwsh",
        words: "begin break catch class continue do else elseif end exit filter finally for foreach function if in param process \
                return switch throw trap try until using while",
        line_comments: HASH,
        comments: &[("<#", "#>")],
        sigils: "$",
        any_case: true,
        ..BASE
    },
    Language {
        names: "c h cpp c++ cc cxx hpp objc objective-c cuda glsl",
        words: "alignas alignof auto bool break case catch char class const consteval constexpr continue decltype default delete do \
                double else enum explicit extern false final float for friend goto if inline int long mutable namespace new \
                noexcept nullptr operator override private protected public register restrict return short signed sizeof static \
                struct switch template this throw true try typedef typename union unsigned using virtual void volatile while NULL",
        sigils: "#",
        ..BRACES
    },
    Language {
        names: "csharp cs c# dotnet",
        words: "abstract as async await base bool break case catch char class const continue decimal default delegate do double else \
                enum event explicit false finally fixed float for foreach get if implicit in int interface internal is lock long \
                namespace new null object operator out override params private protected public readonly record ref return sealed \
                set short static string struct switch this throw true try typeof uint ulong using var virtual void while yield",
        sigils: "#",
        ..BRACES
    },
    Language {
        names: "java groovy",
        words: "abstract assert boolean break byte case catch char class const continue def default do double else enum extends final \
                finally float for if implements import in instanceof int interface long native new null package permits private \
                protected public record return sealed short static super switch synchronized this throw throws transient true \
                false try var void volatile while",
        quotes: &[long("\"\"\""), DOUBLE, SINGLE],
        sigils: "@",
        ..BRACES
    },
    Language {
        names: "kotlin kt kts",
        words: "abstract as break by catch class companion const constructor continue data do else enum false final finally for fun \
                if import in init interface internal is it lateinit null object open operator out override package private \
                protected public return sealed super suspend this throw true try typealias val var when where while",
        quotes: &[long("\"\"\""), DOUBLE, CHARACTER],
        sigils: "@",
        ..BRACES
    },
    Language {
        names: "swift",
        words: "actor as async await break case catch class continue default defer do else enum extension false fileprivate for func \
                guard if import in init inout internal is let nil open operator private protocol public repeat rethrows return \
                self Self some static struct subscript super switch throw throws true try typealias var where while",
        quotes: &[long("\"\"\""), DOUBLE],
        sigils: "@#",
        ..BRACES
    },
    Language {
        names: "go golang",
        words: "any bool break byte case chan const continue default defer else error fallthrough false float32 float64 for func go \
                goto if import int int32 int64 interface iota map nil package range return rune select string struct switch true \
                type uint uint32 uint64 uint8 var",
        quotes: &[DOUBLE, raw("`"), CHARACTER],
        ..BRACES
    },
    Language {
        names: "dart",
        words: "abstract as async await break case catch class const continue default do dynamic else enum export extends false final \
                finally for get if implements import in is late library mixin new null on part required return set static super \
                switch this throw true try typedef var void while with yield",
        quotes: &[long("'''"), long("\"\"\""), DOUBLE, SINGLE],
        sigils: "@",
        ..BRACES
    },
    Language {
        names: "scala",
        words: "abstract case catch class def do else enum extends extension false final finally for given if implicit import lazy \
                match new null object override package private protected return sealed super then this throw trait true try type \
                using val var while with yield",
        quotes: &[long("\"\"\""), DOUBLE, CHARACTER],
        sigils: "@",
        ..BRACES
    },
    Language {
        names: "zig",
        words: "and anytype break catch comptime const continue defer else enum errdefer error export extern false fn for if inline \
                null or orelse packed pub return struct switch test true try undefined union unreachable usingnamespace var void \
                while bool u8 u16 u32 u64 usize i32 i64 f32 f64",
        sigils: "@",
        ..BRACES
    },
    Language {
        names: "proto protobuf",
        words: "syntax package import option message enum service rpc returns repeated optional required oneof map reserved string \
                bytes bool int32 int64 uint32 uint64 double float stream true false",
        ..BRACES
    },
    Language {
        names: "php",
        words: "abstract array as break case catch class clone const continue declare default do echo else elseif enum extends false \
                final finally fn for foreach function global if implements import include instanceof interface isset list match \
                namespace new null or private protected public readonly require require_once return static switch this throw trait \
                true try use var while yield",
        line_comments: &["//", "#"],
        quotes: &[long("\""), long("'")],
        sigils: "$",
        ..BRACES
    },
    Language {
        names: "ruby rb",
        words: "alias and begin break case class def do else elsif end ensure false for if in module next nil not or redo require \
                require_relative rescue retry return self super then true undef unless until when while yield attr_accessor",
        line_comments: HASH,
        sigils: "@$:",
        has_types: true,
        ..BASE
    },
    Language {
        names: "perl pl",
        words: "and chomp die do each else elsif eval for foreach if keys last local my next no not or our package print push qw \
                return say shift sub unless until use while",
        line_comments: HASH,
        sigils: "$@%",
        ..BASE
    },
    Language {
        names: "elixir ex exs",
        words: "after alias and case catch cond def defmodule defp defstruct do else end false fn for if import in nil not or quote \
                raise receive require rescue true try unless use when with",
        line_comments: HASH,
        quotes: &[long("\"\"\""), DOUBLE, SINGLE],
        sigils: "@:",
        has_types: true,
        ..BASE
    },
    Language {
        names: "lua",
        words: "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
        line_comments: &["--"],
        comments: &[("--[[", "]]")],
        ..BASE
    },
    Language {
        names: "r",
        words: "if else repeat while function for in next break TRUE FALSE NULL NA Inf NaN library return",
        line_comments: HASH,
        ..BASE
    },
    Language {
        names: "haskell hs elm purescript",
        words: "case class data deriving do else forall foreign if import in infix infixl infixr instance let module newtype of \
                qualified then type where",
        line_comments: &["--"],
        comments: &[("{-", "-}")],
        quotes: &[DOUBLE, CHARACTER],
        has_types: true,
        ..BASE
    },
    Language {
        names: "ocaml ml fsharp fs f#",
        words: "and as begin class do done downto else end exception external false for fun function functor if in include inherit \
                let match method module mutable new of open or private rec sig struct then to true try type val when while with",
        line_comments: SLASHES,
        comments: &[("(*", "*)")],
        quotes: &[DOUBLE, CHARACTER],
        has_types: true,
        ..BASE
    },
    Language {
        names: "clojure clj lisp scheme elisp racket",
        words: "def defn defmacro defun define fn if let loop recur do when cond case ns require lambda set! true false nil",
        line_comments: &[";"],
        quotes: &[long("\"")],
        sigils: ":",
        ..BASE
    },
    Language {
        names: "sql mysql postgresql postgres sqlite plsql",
        words: "add all alter and as asc between by case cast check column commit constraint create cross database default delete \
                desc distinct drop else end exists explain false foreign from full group having if in index inner insert into is \
                join key left like limit not null offset on or order outer over partition primary references returning right \
                rollback select set table then transaction true union unique update using values view when where with int integer \
                text varchar boolean date timestamp numeric bigint serial",
        line_comments: &["--"],
        comments: STARS,
        quotes: &[raw("'"), raw("\"")],
        any_case: true,
        ..BASE
    },
    Language {
        names: "yaml yml",
        words: "true false null yes no on off",
        line_comments: HASH,
        sigils: "&*",
        has_keys: true,
        ..BASE
    },
    Language {
        names: "toml ini conf cfg properties env dotenv systemd nginx editorconfig",
        words: "true false on off yes no",
        line_comments: &["#", ";"],
        quotes: &[long("\"\"\""), long("'''"), DOUBLE, SINGLE],
        sigils: "$",
        has_keys: true,
        ..BASE
    },
    Language {
        names: "dockerfile docker containerfile",
        words: "FROM AS RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL",
        line_comments: HASH,
        sigils: "$",
        ..BASE
    },
    Language {
        names: "makefile make mk cmake just",
        words: "include define endef ifdef ifndef ifeq ifneq else endif export if endif foreach function endfunction set add_executable \
                target_link_libraries project",
        line_comments: HASH,
        sigils: "$",
        has_keys: true,
        ..BASE
    },
    Language {
        names: "nix hcl terraform tf",
        words: "assert else false if in inherit let null or rec then true with resource variable output module data provider locals",
        line_comments: &["#", "//"],
        comments: STARS,
        quotes: &[raw("''"), long("\"")],
        has_keys: true,
        ..BASE
    },
    Language { names: "html htm xhtml xml svg vue svelte xsl plist rss", ..MARKUP },
    Language {
        names: "css scss sass less",
        words: "important media import keyframes supports auto none inherit initial",
        line_comments: SLASHES,
        comments: STARS,
        sigils: "@$#.",
        has_keys: true,
        ..BASE
    },
    Language { names: "latex tex", line_comments: &["%"], quotes: &[], sigils: "\\", ..BASE },
    Language {
        names: "graphql gql",
        words: "query mutation subscription fragment on type input enum interface union scalar schema extend implements true false null",
        line_comments: HASH,
        sigils: "$@",
        has_types: true,
        has_keys: true,
        ..BASE
    },
    Language { names: "diff patch", is_diff: true, ..BASE },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        let all: Vec<_> = LANGUAGES.iter().flat_map(|language| language.names.split(' ')).collect();
        for (index, name) in all.iter().enumerate() {
            assert!(!name.is_empty() && !all[..index].contains(name), "{name:?}");
        }
    }
}
