//! Populations: what kinds of people come, how many of each, and who of them comes together.

/// A mix of kinds of people.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// What it is called; empty: it stands in the scenario itself.
    pub name: String,
    /// Where its figures come from.
    pub source: String,
    /// Every kind with its share of the people. Shares sum to 1.
    pub kinds: Vec<(f64, Kind)>,
    /// Parties of this many, each with the share of the people who come in one. Shares sum to at most 1; the
    /// rest come alone.
    pub parties: Vec<(f64, u8)>,
}

/// The most people of one party.
pub const PARTY_MAX: u8 = 4;

/// People who are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// What they are called.
    pub name: String,
    /// Free walking speed, m/s.
    pub speed_m_s: Distribution,
    /// The share of women, 0 to 1, whose bodies are drawn from [`WOMEN`]; the others' from [`MEN`].
    pub women: f64,
    /// Bodies of another size than those.
    pub build: Option<Build>,
    /// How long somebody who stands in a queue takes to walk on once the one ahead has, or the lamp is green,
    /// s. 0.5 to 0.7 s is how long a queue takes to start up. `None`: no time.
    pub reaction_s: Option<Distribution>,
    /// What they have with them, each with the share of the kind; the rest has nothing.
    pub luggage: Vec<(f64, Luggage)>,
    /// What they sit in; `None`: they walk.
    pub wheelchair: Option<Wheelchair>,
    /// The child that some of them bring.
    pub child: Option<Child>,
}

/// A number that is drawn for each person anew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Every number between these two is as likely.
    Even {
        /// The least.
        least: f32,
        /// The greatest.
        greatest: f32,
    },
    /// Normally distributed; what falls beyond the limits is drawn again.
    Normal {
        /// The mean.
        mean: f32,
        /// The standard deviation.
        sd: f32,
        /// Nothing below.
        least: f32,
        /// Nothing above.
        greatest: f32,
    },
}

impl Distribution {
    /// A normal distribution that is cut three standard deviations from its mean.
    pub const fn normal(mean: f32, sd: f32) -> Self {
        Self::Normal { mean, sd, least: mean - 3.0 * sd, greatest: mean + 3.0 * sd }
    }

    /// The least that is drawn.
    pub fn least(self) -> f32 {
        match self {
            Self::Even { least, .. } | Self::Normal { least, .. } => least,
        }
    }

    /// The greatest that is drawn.
    pub fn greatest(self) -> f32 {
        match self {
            Self::Even { greatest, .. } | Self::Normal { greatest, .. } => greatest,
        }
    }
}

/// How large bodies are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    /// Across the shoulders, arms hanging (bideltoid), m.
    pub breadth_m: Distribution,
    /// From chest to back, m.
    pub depth_m: Distribution,
    /// Stature, m.
    pub height_m: Distribution,
}

/// Women. ANSUR II, 1986 women: quantiles of 5, 50 and 95 % are 406, 450 and 499 mm for the shoulders, 205,
/// 245 and 296 mm for the chest, 1525, 1626 and 1740 mm for stature. The mean is the median and the standard
/// deviation a 3.29th of what lies between the outer two.
pub const WOMEN: Build = Build {
    breadth_m: Distribution::normal(0.450, 0.028),
    depth_m: Distribution::normal(0.245, 0.028),
    height_m: Distribution::normal(1.626, 0.065),
};

/// Men. ANSUR II, from memory of it: means of 510 and 254 mm and quantiles of 95 % of 565 and 302 mm for
/// shoulders and chest, whose distance is 1.645 standard deviations; stature 1643, 1755 and 1870 mm.
pub const MEN: Build = Build {
    breadth_m: Distribution::normal(0.510, 0.033),
    depth_m: Distribution::normal(0.254, 0.029),
    height_m: Distribution::normal(1.755, 0.069),
};

/// Something that somebody has with them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Luggage {
    /// A bag on the back or at the side.
    Bag {
        /// What it adds to the body, m. 0.12, assumed.
        depth_m: f32,
    },
    /// A trolley that is pulled.
    Trolley {
        /// Length, m. 0.35: a cabin bag of 56 by 45 by 25 cm (IATA), tilted.
        length_m: f32,
        /// Clear distance behind the body, m. 0.3: the least of the 0.3 to 1.0 m that trolleys are pulled at.
        behind_m: f32,
        /// Height, m. 0.56.
        height_m: f32,
    },
    /// A cart that is pushed.
    Cart {
        /// Length, m. 0.9, assumed.
        length_m: f32,
        /// Clear distance before the body, m. 0.2, assumed.
        before_m: f32,
        /// Height, m. 1.0, assumed.
        height_m: f32,
        /// Breadth, m: no narrower lane will do. 0.6, assumed.
        breadth_m: f32,
    },
}

/// A wheelchair with somebody in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wheelchair {
    /// From the footrests to the wheels behind, m. 1.2: the most that ISO 7193 allows.
    pub length_m: f32,
    /// Breadth, m. 0.5 to 0.7, of which the latter is the most that ISO 7193 allows.
    pub breadth_m: Distribution,
    /// The least clear width of a lane that will do, m. 0.9: what DIN 18040 wants of a passage.
    pub lane_m: f32,
}

/// A child that comes with an adult, who has the credential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Child {
    /// The share of the adults who bring one, 0 to 1.
    pub share: f64,
    /// Stature, m. 0.9 to 1.2: three to seven years old.
    pub height_m: Distribution,
    /// Clear distance behind the adult in a lane, m. 0.1, assumed: they hold hands.
    pub gap_m: f32,
}

impl Population {
    /// The same people on foot, without what needs a wide lane.
    #[must_use]
    pub fn on_foot(&self) -> Self {
        let mut people = self.clone();
        for (_, kind) in &mut people.kinds {
            kind.wheelchair = None;
            kind.luggage.retain(|(_, luggage)| luggage.lane_m() == 0.0);
        }
        people
    }
}

impl Kind {
    /// The clear width of a lane that these people, with what some of them have with them, need at most, m.
    /// Zero: any lane will do, however broad their shoulders, since people turn.
    pub fn lane_m(&self) -> f32 {
        let carts = self.luggage.iter().map(|(_, luggage)| luggage.lane_m());
        carts.chain(self.wheelchair.map(|w| w.lane_m)).fold(0.0, f32::max)
    }
}

impl Luggage {
    /// The clear width of a lane that it needs, m; zero: any.
    pub fn lane_m(self) -> f32 {
        match self {
            Self::Bag { .. } | Self::Trolley { .. } => 0.0,
            Self::Cart { breadth_m, .. } => breadth_m,
        }
    }
}
