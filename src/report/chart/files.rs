//! The charts as files of their own.

use super::{Drawing, Format, drawn_areas, lanes, occupancy, trespasses, waits};
use crate::metrics::Results;

/// One chart as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The file's name, unique within a run.
    pub file: String,
    /// A whole SVG document.
    pub svg: String,
}

/// Every chart that these results have anything to show for.
pub fn charts(results: &Results) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    for area in drawn_areas(results) {
        let stem = format!("occupancy-{}", slug(&area.area));
        let taken = |name: &str| charts.iter().any(|c| c.file == name);
        let file = (1..)
            .map(|n| if n == 1 { format!("{stem}.svg") } else { format!("{stem}-{n}.svg") })
            .find(|name| !taken(name))
            .unwrap_or(stem);
        charts.push(Chart { file, svg: occupancy(results, area, Format::Wide).document() });
    }
    let mut add = |name: &str, drawing: Option<Drawing>| {
        charts.extend(drawing.map(|d| Chart { file: name.into(), svg: d.document() }));
    };
    add("throughput.svg", lanes(results, Format::Wide));
    add("waiting.svg", waits(results, Format::Wide));
    add("tailgating.svg", trespasses(results, Format::Wide));
    charts
}

/// A name that every file system takes: lower-case letters, digits and single dashes.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "area".into() } else { slug.chars().take(60).collect() }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_fit_file_systems() {
        assert_eq!(slug("North Gate / Lobby"), "north-gate-lobby");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("大厅"), "area");
    }
}
