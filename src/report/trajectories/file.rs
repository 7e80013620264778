//! The file: written frame by frame while the run goes on; memory does not grow with the run.

use super::geometry::{Bounds, walkable};
use super::ids::Ids;
use crate::apb::time::Span;
use crate::record::{PersonId, State};
use crate::report::ReportError;
use crate::scenario::plan::Plan;
use rusqlite::{Connection, params};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The version of JuPedSim's tables.
const VERSION: u32 = 2;

/// The number of the one geometry; any number does.
const GEOMETRY: i64 = 1;

/// Frames written in one transaction. JuPedSim writes as many.
const FRAMES_AT_ONCE: u64 = 100;

/// JuPedSim's tables, and one of our own.
const TABLES: &str = "\
CREATE TABLE trajectory_data (frame INTEGER NOT NULL, id INTEGER NOT NULL, pos_x REAL NOT NULL, \
 pos_y REAL NOT NULL, ori_x REAL NOT NULL, ori_y REAL NOT NULL);
CREATE TABLE metadata (key TEXT NOT NULL UNIQUE PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE geometry (hash INTEGER NOT NULL, wkt TEXT NOT NULL);
CREATE UNIQUE INDEX geometry_hash ON geometry (hash);
CREATE TABLE frame_data (frame INTEGER NOT NULL, geometry_hash INTEGER NOT NULL);
CREATE TABLE body (id INTEGER PRIMARY KEY, person INTEGER NOT NULL, holder TEXT);";

/// Nothing is ever read back before the end, and a file that was not finished is thrown away: no journal.
const SETTINGS: &str =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;";

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Who.
    pub person: PersonId,
    /// The middle of the body, across and along the floor, m.
    pub centre_m: [f32; 2],
    /// Which way they face, a unit vector.
    pub facing: [f32; 2],
}

/// Writes `trajectories.sqlite`. Until [`finish`](Trajectories::finish) it has the ending `.part`, and is
/// removed if it never comes to that.
#[derive(Debug)]
pub struct Trajectories<'p> {
    connection: Connection,
    unfinished: Unfinished,
    path: PathBuf,
    plan: &'p Plan,
    /// How long a frame is.
    frame: Span,
    /// Frames so far.
    frames: u64,
    seen: Bounds,
    ids: Ids,
}

/// A file that goes away unless it is given its name.
#[derive(Debug)]
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // It is gone already when all went well.
        let _ = fs::remove_file(&self.0);
    }
}

impl<'p> Trajectories<'p> {
    /// The file's name in a run's folder.
    pub const NAME: &'static str = "trajectories.sqlite";

    /// Begins the file of a run in `folder`, with one frame every `frame` of time. A file of an earlier run
    /// is replaced.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn new(folder: &Path, plan: &'p Plan, frame: Span) -> Result<Self, ReportError> {
        Self::remove(folder)?;
        let path = folder.join(Self::NAME);
        let part = part_of(folder);
        let failed = |source| ReportError::Trajectories { path: path.clone(), source };
        let unfinished = Unfinished(part.clone());
        let connection = Connection::open(&part).map_err(failed)?;
        connection.execute_batch(SETTINGS).map_err(failed)?;
        connection.execute_batch(TABLES).map_err(failed)?;
        connection.execute_batch("BEGIN").map_err(failed)?;
        let ids = Ids::new(frame.0 as f64 / 1e6);
        Ok(Self { connection, unfinished, path, plan, frame, frames: 0, seen: Bounds::EMPTY, ids })
    }

    /// Removes the file of an earlier run from `folder`, if there is one.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn remove(folder: &Path) -> Result<(), ReportError> {
        for path in [folder.join(Self::NAME), part_of(folder)] {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(ReportError::File { path, source });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes frame number `frame`, counting from 0; later than every one before. Nobody was there in frames
    /// that are left out.
    ///
    /// # Errors
    /// If there is no room.
    pub fn frame(&mut self, frame: u64, poses: impl IntoIterator<Item = Pose>) -> Result<(), ReportError> {
        self.write_frame(frame, poses).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: rusqlite::Error) -> ReportError {
        ReportError::Trajectories { path: self.path.clone(), source }
    }

    fn write_frame(
        &mut self,
        frame: u64,
        poses: impl IntoIterator<Item = Pose>,
    ) -> Result<(), rusqlite::Error> {
        self.ids.next_frame(frame == self.frames);
        let mut insert =
            self.connection.prepare_cached("INSERT INTO trajectory_data VALUES (?,?,?,?,?,?)")?;
        for pose in poses {
            let (id, is_new) = self.ids.of(&pose);
            if is_new {
                let mut insert = self.connection.prepare_cached("INSERT INTO body VALUES (?,?,?)")?;
                insert.execute(params![id, pose.person.0, holder(self.plan, pose.person)])?;
            }
            let [x, y] = pose.centre_m.map(f64::from);
            let [ori_x, ori_y] = pose.facing.map(f64::from);
            self.seen.add([x, y]);
            insert.execute(params![frame.cast_signed(), id, x, y, ori_x, ori_y])?;
        }
        drop(insert);
        self.count_to(frame + 1)
    }

    /// Makes the file hold this many frames.
    fn count_to(&mut self, frames: u64) -> Result<(), rusqlite::Error> {
        for frame in self.frames..frames {
            let mut insert = self.connection.prepare_cached("INSERT INTO frame_data VALUES (?,?)")?;
            insert.execute(params![frame.cast_signed(), GEOMETRY])?;
            if frame.is_multiple_of(FRAMES_AT_ONCE) {
                self.connection.execute_batch("COMMIT; BEGIN")?;
            }
        }
        self.frames = self.frames.max(frames);
        Ok(())
    }

    /// Closes the file of a run that ended this way after this much simulated time, and gives it its name.
    ///
    /// # Errors
    /// If there is no room.
    pub fn finish(mut self, state: State, simulated: Span) -> Result<(), ReportError> {
        let frames = simulated.0 / self.frame.0.max(1) + 1;
        self.count_to(frames).and_then(|()| self.describe(state)).map_err(|source| self.failed(source))?;
        let Self { connection, unfinished, path, .. } = self;
        connection.close().map_err(|(_, source)| ReportError::Trajectories { path: path.clone(), source })?;
        fs::rename(&unfinished.0, &path).map_err(|source| ReportError::File { path, source })
    }

    /// Writes what is known at the end only.
    fn describe(&self, state: State) -> Result<(), rusqlite::Error> {
        let (wkt, bounds) = walkable(self.plan, self.seen);
        self.connection.execute("INSERT INTO geometry VALUES (?,?)", params![GEOMETRY, wkt])?;
        let ended = match state {
            State::Finished => "finished",
            State::Aborted => "aborted",
            State::Broken => "broken",
        };
        let metadata = [
            ("version", VERSION.to_string()),
            ("fps", (1e6 / self.frame.0.max(1) as f64).to_string()),
            ("xmin", bounds.least[0].to_string()),
            ("xmax", bounds.greatest[0].to_string()),
            ("ymin", bounds.least[1].to_string()),
            ("ymax", bounds.greatest[1].to_string()),
            ("apbrig_state", ended.to_owned()),
        ];
        for (key, value) in metadata {
            self.connection.execute("INSERT INTO metadata VALUES (?,?)", params![key, value])?;
        }
        self.connection.execute_batch("CREATE INDEX frame_id_idx ON trajectory_data (frame, id); COMMIT")
    }
}

fn part_of(folder: &Path) -> PathBuf {
    folder.join(format!("{}.part", Trajectories::NAME))
}

/// The holder that a person is; strangers and companions are none.
fn holder(plan: &Plan, person: PersonId) -> Option<&str> {
    let holder = plan.site.holders.get(usize::try_from(person.0).ok()?)?;
    Some(&holder.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::fixture;

    fn at(person: u32, x_m: f32) -> Pose {
        Pose { person: PersonId(person), centre_m: [x_m, 0.0], facing: [1.0, 0.0] }
    }

    fn column<T: rusqlite::types::FromSql>(folder: &Path, query: &str) -> Vec<T> {
        let file = Connection::open(folder.join(Trajectories::NAME)).unwrap();
        let mut rows = file.prepare(query).unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_file_that_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let plan = fixture::scenario().plan;
        let mut file = Trajectories::new(folder.path(), &plan, Span::millis(40)).unwrap();
        file.frame(0, [at(0, 0.0)]).unwrap();
        assert!(part_of(folder.path()).exists() && !folder.path().join(Trajectories::NAME).exists());
        drop(file);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn frames_without_anybody_are_counted_and_strangers_have_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let plan = fixture::scenario().plan;
        let mut file = Trajectories::new(folder.path(), &plan, Span::millis(40)).unwrap();
        file.frame(3, [at(0, 0.0), at(9, 1.0)]).unwrap();
        file.frame(4, [at(0, 0.05)]).unwrap();
        file.frame(250, [at(0, 0.05)]).unwrap();
        file.finish(State::Aborted, Span::millis(10_010)).unwrap();
        let frames: Vec<i64> = column(folder.path(), "SELECT frame FROM frame_data ORDER BY rowid");
        assert_eq!(frames, (0..=250).collect::<Vec<i64>>());
        let walks: Vec<i64> = column(folder.path(), "SELECT id FROM trajectory_data ORDER BY rowid");
        assert_eq!(walks, [1, 2, 1, 3]);
        let names: Vec<Option<String>> = column(folder.path(), "SELECT holder FROM body ORDER BY id");
        assert_eq!(names, [Some("P1".into()), None, Some("P1".into())]);
        let state = "SELECT value FROM metadata WHERE key = 'apbrig_state'";
        assert_eq!(column::<String>(folder.path(), state), ["aborted"]);
    }
}
