//! The colours of charts: tokens that a style sheet can exchange, and that colour-blind people can tell
//! apart.
//!
//! Data colours are from Okabe and Ito, "Color Universal Design" (2008). Colour never speaks alone: lines
//! also differ in dash, bars in hatching, and everything carries its name.

use plotters::style::RGBColor;

/// Text and axes.
pub(super) const INK: RGBColor = RGBColor(0x1B, 0x1B, 0x1A);
/// Secondary text.
pub(super) const MUTED: RGBColor = RGBColor(0x5F, 0x5E, 0x5A);
/// Grid lines.
pub(super) const GRID: RGBColor = RGBColor(0xE3, 0xE0, 0xD8);
/// The background.
pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// What is true, what goes in, what was stopped: Okabe–Ito blue.
pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
/// What is believed, what got through: Okabe–Ito vermillion.
pub(super) const VERMILLION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
/// What goes out: Okabe–Ito bluish green.
pub(super) const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);
/// The area under the true curve.
pub(super) const TINT: RGBColor = RGBColor(0xE2, 0xEE, 0xF5);

/// The style sheet of a chart that stands on its own. Pages bring their own version of it.
pub(super) const STYLE: &str = "\
text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
@media screen and (prefers-color-scheme:dark){
[fill=\"#1B1B1A\"]{fill:#ECEAE4}[stroke=\"#1B1B1A\"]{stroke:#ECEAE4}
[fill=\"#5F5E5A\"]{fill:#B0ADA4}[stroke=\"#5F5E5A\"]{stroke:#B0ADA4}
[fill=\"#E3E0D8\"]{fill:#3A3935}[stroke=\"#E3E0D8\"]{stroke:#3A3935}
[fill=\"#FFFFFF\"]{fill:#1E1D1B}[stroke=\"#FFFFFF\"]{stroke:#1E1D1B}
[fill=\"#0072B2\"]{fill:#56B4E9}[stroke=\"#0072B2\"]{stroke:#56B4E9}
[fill=\"#D55E00\"]{fill:#FF8F4D}[stroke=\"#D55E00\"]{stroke:#FF8F4D}
[fill=\"#009E73\"]{fill:#35C99C}[stroke=\"#009E73\"]{stroke:#35C99C}
[fill=\"#E2EEF5\"]{fill:#1B2C37}
}";
