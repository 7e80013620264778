//! A pen that draws in pixels of the finished chart, and the drawing it leaves.

use super::palette::{INK, PAPER, STYLE, VERMILLION};
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, FontTransform, IntoFont, RGBColor, ShapeStyle, TextStyle};
use std::fmt::Write;

/// Drawing units per pixel: coordinates are whole numbers, and curves should not look like stairs on paper.
const FINE: f64 = 4.0;

/// How wide a chart is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Format {
    /// For screens and paper.
    Wide,
    /// For phones.
    Narrow,
}

impl Format {
    /// The width in pixels.
    pub(super) fn width(self) -> f64 {
        self.pick(820.0, 344.0)
    }

    /// One of two values.
    pub(super) fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Self::Wide => wide,
            Self::Narrow => narrow,
        }
    }
}

/// Which end of a text is at the given place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A finished chart.
pub(in crate::report) struct Drawing {
    width: f64,
    height: f64,
    title: String,
    alternative: String,
    body: String,
}

impl Drawing {
    /// A chart of this size. `alternative` says in words what it shows, for those who cannot see it.
    pub(super) fn new(
        (width, height): (f64, f64),
        title: &str,
        alternative: String,
        draw: impl FnOnce(&mut Pen<'_>),
    ) -> Self {
        let mut buffer = String::new();
        {
            let backend = SVGBackend::with_string(&mut buffer, (fine_size(width), fine_size(height)));
            let mut pen = Pen { backend };
            draw(&mut pen);
            pen.finish();
        }
        Self { width, height, title: title.into(), alternative, body: tidy(&buffer) }
    }

    /// The chart as part of a page, whose style sheet colours it.
    pub(in crate::report) fn inline(&self, class: &str) -> String {
        let (width, height) = (self.width, self.height);
        let place = format!("0 0 {} {}", fine_size(width), fine_size(height));
        let mut out = self.open(&format!("class=\"{class}\""), (width, height), &place);
        let _ = writeln!(out, "<title>{}</title>", escape(&self.title));
        out + &self.body + "</svg>"
    }

    /// The chart as a document of its own, with its title, its colours and a background.
    pub(in crate::report) fn document(&self) -> String {
        let (title, ink) = (escape(&self.title), hex(INK));
        let (margin, head) = (fine_size(MARGIN), fine_size(MARGIN + HEAD));
        let (width, height) = (self.width + 2.0 * MARGIN, self.height + 2.0 * MARGIN + HEAD);
        let place = format!("-{margin} -{head} {} {}", fine_size(width), fine_size(height));
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out += &self.open("xmlns=\"http://www.w3.org/2000/svg\"", (width, height), &place);
        let _ = writeln!(out, "<title>{title}</title>");
        let _ = writeln!(out, "<desc>{}</desc>", escape(&self.alternative));
        let _ = writeln!(out, "<style>{STYLE}</style>");
        let _ = writeln!(
            out,
            "<rect x=\"-{margin}\" y=\"-{head}\" width=\"100%\" height=\"100%\" fill=\"{}\"/>",
            hex(PAPER)
        );
        let (up, size) = (fine_size(HEAD - 14.0), fine_size(18.0));
        let _ = writeln!(
            out,
            "<text y=\"-{up}\" font-size=\"{size}\" font-weight=\"bold\" fill=\"{ink}\">{title}</text>"
        );
        out + &self.body + "</svg>\n"
    }

    /// The chart's title.
    pub(in crate::report) fn title(&self) -> &str {
        &self.title
    }

    /// What the chart shows, in words.
    pub(in crate::report) fn alternative(&self) -> &str {
        &self.alternative
    }

    fn open(&self, extra: &str, (width, height): (f64, f64), place: &str) -> String {
        format!(
            "<svg {extra} role=\"img\" aria-label=\"{}\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"{place}\">\n",
            escape(&format!("{}. {}", self.title, self.alternative)),
        )
    }
}

/// White around a chart that stands on its own, pixels.
const MARGIN: f64 = 20.0;

/// Room for its title, pixels.
const HEAD: f64 = 34.0;

/// Draws in pixels; (0, 0) is the upper left corner. Drawing into a string cannot fail, so nothing is
/// reported.
pub(super) struct Pen<'a> {
    backend: SVGBackend<'a>,
}

impl Pen<'_> {
    /// A straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: RGBColor, width: f64) {
        let _ = self.backend.draw_line(fine(from), fine(to), &stroke(colour, width));
    }

    /// A line through these points. Vermillion paths are dashed.
    pub(super) fn path(&mut self, points: &[(f64, f64)], colour: RGBColor, width: f64) {
        let _ = self.backend.draw_path(points.iter().copied().map(fine), &stroke(colour, width));
    }

    /// A filled outline.
    pub(super) fn outline(&mut self, points: &[(f64, f64)], colour: RGBColor) {
        let _ = self.backend.fill_polygon(points.iter().copied().map(fine), &stroke(colour, 0.0));
    }

    /// A filled box.
    pub(super) fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), colour: RGBColor) {
        let (from, to) = (fine((x, y)), fine((x + width, y + height)));
        let _ = self.backend.draw_rect(from, to, &stroke(colour, 0.0), true);
    }

    /// Slanted lines over a box.
    pub(super) fn hatch(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), colour: RGBColor) {
        const STEP: f64 = 7.0;
        let mut offset = STEP / 2.0;
        while offset < width + height {
            let from = if offset < width { (x + offset, y) } else { (x + width, y + offset - width) };
            let to = if offset < height { (x, y + offset) } else { (x + offset - height, y + height) };
            self.line(from, to, colour, 1.5);
            offset += STEP;
        }
    }

    /// Text, vertically centred on `y`.
    pub(super) fn text(&mut self, text: &str, at: (f64, f64), anchor: Anchor, look: Look) {
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let weight = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = (FontFamily::SansSerif, look.size * FINE * SVG_FONT_SCALE, weight).into_font();
        let style = TextStyle::from(font.transform(FontTransform::None)).color(&look.colour);
        let style = style.pos(Pos::new(horizontal, VPos::Center));
        let _ = self.backend.draw_text(text, &style, fine(at));
    }

    fn finish(&mut self) {
        let _ = self.backend.present();
    }
}

/// The SVG backend divides font sizes by this.
const SVG_FONT_SCALE: f64 = 1.24;

/// How text looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) size: f64,
    pub(super) colour: RGBColor,
    pub(super) bold: bool,
}

impl Look {
    /// Ordinary text.
    pub(super) const LABEL: Self = Self { size: 13.0, colour: INK, bold: false };

    /// The same in another colour.
    pub(super) fn colour(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }

    /// The same in bold.
    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// About how wide this text is, in pixels: charts know no fonts.
    pub(super) fn width(self, text: &str) -> f64 {
        let em: f64 = text.chars().map(|c| if c.is_ascii() { 0.56 } else { 0.9 }).sum();
        em * self.size
    }

    /// The text, cut to fit a width.
    pub(super) fn fit(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.into();
        }
        let mut kept = String::new();
        for c in text.chars() {
            if self.width(&kept) + 2.0 * self.size > width {
                break;
            }
            kept.push(c);
        }
        kept.trim_end().to_owned() + "…"
    }
}

fn fine((x, y): (f64, f64)) -> (i32, i32) {
    ((x * FINE).round() as i32, (y * FINE).round() as i32)
}

fn fine_size(length: f64) -> u32 {
    (length * FINE).round() as u32
}

fn stroke(colour: RGBColor, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour.into(), filled: true, stroke_width: (width * FINE).round() as u32 }
}

/// The backend's document without its outer element, shorter, and with what it has no words for: dashes and
/// joins.
fn tidy(document: &str) -> String {
    let body = document.split_once('\n').map_or("", |(_, rest)| rest);
    let body = body.trim_end().trim_end_matches("</svg>");
    let dashed = format!("<polyline fill=\"none\" stroke=\"{}\"", hex(VERMILLION));
    body.replace(|c: char| c.is_control() && c != '\n', "")
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace("font-family=\"sans-serif\" ", "")
        .replace(" \"/>", "\"/>")
        .replace("\n</text>", "</text>")
        .replace(&dashed, &dashed.replace("fill", "stroke-dasharray=\"26 16\" fill"))
}

fn hex(RGBColor(r, g, b): RGBColor) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// The text as XML shows it: control characters that XML has no place for are left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// Text with a patch of paper behind it, readable on anything.
pub(super) fn patched(pen: &mut Pen<'_>, text: &str, at: (f64, f64), look: Look) {
    let width = look.width(text) + 6.0;
    let height = look.size + 4.0;
    pen.bar((at.0 - width / 2.0, at.1 - height / 2.0), (width, height), PAPER);
    pen.text(text, at, Anchor::Middle, look);
}
