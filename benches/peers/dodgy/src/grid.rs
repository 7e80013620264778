//! A uniform grid with everybody in order of cells, made anew every step by counting.

use dodgy_2d::Vec2;

/// Cells as wide as people see.
pub(crate) struct Grid {
    least: Vec2,
    cell_m: f32,
    across: usize,
    along: usize,
    /// Where each cell's people begin in `order`.
    begins: Vec<usize>,
    /// People by cell, with their places.
    order: Vec<(Vec2, usize)>,
    cells: Vec<usize>,
}

impl Grid {
    /// Over these walls.
    pub(crate) fn new([x0, y0, x1, y1]: [f64; 4], cell_m: f32) -> Self {
        let count = |length: f64| (length as f32 / cell_m).ceil().max(1.0) as usize;
        Self {
            least: Vec2::new(x0 as f32, y0 as f32),
            cell_m,
            across: count(x1 - x0),
            along: count(y1 - y0),
            begins: Vec::new(),
            order: Vec::new(),
            cells: Vec::new(),
        }
    }

    fn cell(&self, at: Vec2) -> (usize, usize) {
        let [column, row] = ((at - self.least) / self.cell_m).to_array();
        ((column.max(0.0) as usize).min(self.across - 1), (row.max(0.0) as usize).min(self.along - 1))
    }

    /// Takes in where everybody is.
    pub(crate) fn fill(&mut self, people: impl Iterator<Item = Vec2> + Clone) {
        self.cells.clear();
        self.begins.clear();
        self.begins.resize(self.across * self.along + 1, 0);
        for at in people.clone() {
            let (column, row) = self.cell(at);
            let cell = row * self.across + column;
            self.cells.push(cell);
            self.begins[cell + 1] += 1;
        }
        for cell in 1..self.begins.len() {
            self.begins[cell] += self.begins[cell - 1];
        }
        self.order.clear();
        self.order.resize(self.cells.len(), (Vec2::ZERO, 0));
        let mut next = self.begins.clone();
        for (i, at) in people.enumerate() {
            let slot = &mut next[self.cells[i]];
            self.order[*slot] = (at, i);
            *slot += 1;
        }
    }

    /// The nearest `count` others within a distance, nearest first, with the square of it.
    pub(crate) fn nearest(
        &self,
        me: usize,
        at: Vec2,
        count: usize,
        within_m: f32,
        found: &mut Vec<(f32, usize)>,
    ) {
        found.clear();
        let mut reach = within_m * within_m;
        let (column, row) = self.cell(at);
        for row in row.saturating_sub(1)..=(row + 1).min(self.along - 1) {
            let first = row * self.across + column.saturating_sub(1);
            let last = row * self.across + (column + 1).min(self.across - 1);
            for (other, i) in &self.order[self.begins[first]..self.begins[last + 1]] {
                let apart = other.distance_squared(at);
                if apart >= reach || *i == me {
                    continue;
                }
                let place = found.partition_point(|(d, _)| *d < apart);
                found.insert(place, (apart, *i));
                if found.len() > count {
                    found.pop();
                }
                if found.len() == count {
                    reach = found[count - 1].0;
                }
            }
        }
    }
}
