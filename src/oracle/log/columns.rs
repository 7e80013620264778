//! Which column of a log holds what.

use crate::scenario::names::suggestion;
use crate::scenario::syntax::shortened;

/// A column by its name in the heading, or by its number, counting from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name(String),
    Number(usize),
}

/// Which column of a log holds what, as the user names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    pub(super) time: Column,
    pub(super) reader: Column,
    pub(super) credential: Option<Column>,
    pub(super) holder: Option<Column>,
    pub(super) result: Option<Column>,
}

/// What a column can hold.
const ROLES: [&str; 5] = ["time", "reader", "credential", "holder", "result"];

impl Columns {
    /// From `time=Timestamp,reader=Door,credential=3`.
    ///
    /// # Errors
    /// What is missing or makes no sense.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut found: [Option<Column>; ROLES.len()] = Default::default();
        for part in text.split(',') {
            let Some((role, column)) = part.split_once('=') else {
                return Err(format!(
                    "`{}` names no column; write time=COLUMN,reader=COLUMN,credential=COLUMN",
                    shortened(part)
                ));
            };
            let (role, column) = (role.trim(), column.trim());
            let Some(place) = ROLES.iter().position(|r| *r == role) else {
                let help = suggestion(role, "columns that count", ROLES.into_iter());
                return Err(format!("a log has no column for `{}`; {help}", shortened(role)));
            };
            let column = match column.parse() {
                Ok(0) => return Err("columns are counted from 1".into()),
                Ok(number) => Column::Number(number),
                Err(_) if column.is_empty() => return Err(format!("`{role}=` names no column")),
                Err(_) => Column::Name(column.to_owned()),
            };
            if found[place].replace(column).is_some() {
                return Err(format!("`{role}` is given twice"));
            }
        }
        let [time, reader, credential, holder, result] = found;
        let missing = |role| format!("`{role}` is missing: which column holds it, as in {role}=1?");
        if credential.is_none() && holder.is_none() {
            return Err(missing("credential"));
        }
        Ok(Self {
            time: time.ok_or_else(|| missing("time"))?,
            reader: reader.ok_or_else(|| missing("reader"))?,
            credential,
            holder,
            result,
        })
    }

    /// Whether a column is given by its name: then the first row has to be a heading.
    pub(super) fn by_name(&self) -> bool {
        let rest = [&self.credential, &self.holder, &self.result].into_iter().flatten();
        [&self.time, &self.reader].into_iter().chain(rest).any(|c| matches!(c, Column::Name(_)))
    }

    /// Where the columns are, by the cells of the heading.
    pub(super) fn places(&self, heading: &[&str]) -> Result<Places, String> {
        let place = |column: &Column| match column {
            Column::Number(number) => Ok(number - 1),
            Column::Name(name) => position(heading, name),
        };
        let maybe = |column: &Option<Column>| column.as_ref().map(place).transpose();
        Ok(Places {
            time: place(&self.time)?,
            reader: place(&self.reader)?,
            credential: maybe(&self.credential)?,
            holder: maybe(&self.holder)?,
            result: maybe(&self.result)?,
        })
    }
}

/// The column of that name; capitals do not matter unless two columns differ in nothing else.
fn position(heading: &[&str], name: &str) -> Result<usize, String> {
    let exact = heading.iter().position(|cell| cell.trim() == name);
    let alike = || heading.iter().position(|cell| cell.trim().to_lowercase() == name.to_lowercase());
    exact.or_else(alike).ok_or_else(|| {
        let help = suggestion(name, "columns", heading.iter().map(|cell| cell.trim()));
        format!("the log has no column `{}`; {help}", shortened(name))
    })
}

/// Where the columns are, counting from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    pub(super) time: usize,
    pub(super) reader: usize,
    pub(super) credential: Option<usize>,
    pub(super) holder: Option<usize>,
    pub(super) result: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_or_numbered() {
        let columns = Columns::parse("time=Event Time, reader=2,credential=card,result=5").unwrap();
        assert!(columns.by_name());
        let places = columns.places(&["Event time", "Door", " Card ", "x", "y"]).unwrap();
        assert_eq!((places.time, places.reader, places.credential), (0, 1, Some(2)));
        assert_eq!((places.holder, places.result), (None, Some(4)));
        assert!(!Columns::parse("time=1,reader=2,holder=3").unwrap().by_name());
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, expected) in [
            ("time=1,reader=2", "`credential` is missing"),
            ("reader=2,credential=3", "`time` is missing"),
            ("time=1,raeder=2,credential=3", "did you mean `reader`?"),
            ("time=1,time=2", "given twice"),
            ("time=0", "counted from 1"),
            ("time=", "names no column"),
            ("time", "names no column"),
        ] {
            let error = Columns::parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let columns = Columns::parse("time=Tiem,reader=2,credential=3").unwrap();
        let error = columns.places(&["Time", "Door"]).unwrap_err();
        assert_eq!(error, "the log has no column `Tiem`; did you mean `Time`?");
    }
}
