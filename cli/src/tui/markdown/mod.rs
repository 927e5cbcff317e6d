//! Markdown that grows: what is finished is laid out once, only the tail anew.
//!
//! `scan` finds the pieces, `render` lays one out, `wrap` makes its lines fit. Text comes here neutralised; what the
//! parser makes of entities is neutralised again. Links by reference are shown as they are written.

mod code;
mod render;
mod scan;
pub(crate) mod wrap;

use ratatui::text::{Line, Span};

use self::{
    code::Code,
    render::Renderer,
    scan::{Kind, Piece, Scanner},
};
use crate::tui::theme::Theme;

/// A text of Markdown and its lines.
#[derive(Debug, Default)]
pub(crate) struct Document {
    source: String,
    scanner: Scanner,
    pieces: Vec<Piece>,
    layout: Layout,
}

#[derive(Debug, Default)]
struct Layout {
    width: usize,
    /// How many pieces are in `lines`.
    laid_out: usize,
    lines: Vec<Line<'static>>,
    tail: Vec<Line<'static>>,
    /// Whether the first line of the tail stands in place of the last of `lines`.
    continues: bool,
    /// The fenced block that the last of the pieces is in.
    code: Code,
    /// How long the source was when the tail was laid out.
    length: Option<usize>,
}

impl Document {
    /// A text that is whole.
    pub(crate) fn whole(text: &str) -> Self {
        let mut document = Self::default();
        document.push(text);
        document.finish();
        document
    }

    /// Takes the next portion.
    pub(crate) fn push(&mut self, text: &str) {
        self.source.push_str(text);
        self.scanner.scan(&self.source, false, &mut self.pieces);
    }

    /// Takes the end.
    pub(crate) fn finish(&mut self) {
        self.scanner.scan(&self.source, true, &mut self.pieces);
    }

    /// The text as it came.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Forgets how it was laid out.
    pub(crate) fn forget_layout(&mut self) {
        self.layout = Layout::default();
    }

    /// How many lines there are at this width.
    pub(crate) fn height(&mut self, width: usize, theme: Theme) -> usize {
        self.lay_out(width, theme);
        self.layout.kept() + self.layout.tail.len()
    }

    /// One of the lines that [`Self::height`] counted.
    pub(crate) fn line(&self, index: usize) -> Option<&Line<'static>> {
        let kept = self.layout.kept();
        if index < kept { self.layout.lines.get(index) } else { self.layout.tail.get(index - kept) }
    }

    fn lay_out(&mut self, width: usize, theme: Theme) {
        if self.layout.width != width {
            self.layout = Layout { width, ..Layout::default() };
        }
        let layout = &mut self.layout;
        if layout.laid_out == self.pieces.len() && layout.length == Some(self.source.len()) {
            return;
        }
        let mut code = layout.code;
        for piece in &self.pieces[layout.laid_out..] {
            let (lines, continues) = layout.of_piece(piece, &self.source, theme, &mut code);
            if continues {
                layout.lines.pop();
            }
            layout.lines.extend(lines);
        }
        layout.laid_out = self.pieces.len();
        layout.code = code;
        layout.length = Some(self.source.len());
        (layout.tail, layout.continues) = match self.scanner.tail(&self.source) {
            Some(piece) => layout.of_piece(&piece, &self.source, theme, &mut code),
            None => (Vec::new(), false),
        };
    }
}

impl Layout {
    fn kept(&self) -> usize {
        self.lines.len() - usize::from(self.continues)
    }

    /// The lines of a piece that follows those that are there, and whether the first stands in place of the last of them.
    fn of_piece(&self, piece: &Piece, source: &str, theme: Theme, code: &mut Code) -> (Vec<Line<'static>>, bool) {
        let text = &source[piece.range.clone()];
        let mut lines = Vec::new();
        let is_first = self.lines.is_empty();
        if !is_first && matches!(piece.kind, Kind::Blocks | Kind::FenceOpen) {
            lines.push(Line::default());
        }
        match piece.kind {
            Kind::Blocks => {
                let made = Renderer::new(self.width, theme).render(text);
                if made.is_empty() {
                    return (made, false);
                }
                lines.extend(made);
            }
            Kind::Continuation(join) => {
                let mut carried = self.lines.last().map(|line| line.spans.clone()).unwrap_or_default();
                carried.push(Span::raw(join));
                lines.extend(Renderer::new(self.width, theme).carrying(carried).render(text));
                return (lines, !is_first);
            }
            Kind::FenceOpen => {
                *code = Code::named(text.trim().trim_start_matches(['`', '~']));
                lines.push(render::fence_line(text, theme));
            }
            Kind::Code => lines.extend(render::code_lines(Vec::new(), code.spans(text, theme), self.width, theme)),
            Kind::CodeRest => {
                let carried = self.lines.last().map(|line| line.spans.clone()).unwrap_or_default();
                return (render::code_lines(carried, code.spans(text, theme), self.width, theme), !is_first);
            }
            Kind::FenceClose => lines.push(render::fence_end(theme)),
        }
        (lines, false)
    }
}

#[cfg(test)]
mod tests;
