//! Lines: kept open, found again after an unplug, and never a busy loop.

use apbrig::apb::time::{Span, Time};
use apbrig::hil::cable::{Cable, CableFault, CablePlan, Counts, Socket, Trouble, carry};
use apbrig::hil::clock::Clock;
use apbrig::hil::line::{Address, Hold, Link, Opener, Outlet, Saying, Sayings, Settings, queue};
use apbrig::hil::{Driver, Note, Outbox, Unit};
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// Longer than anything here takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Sends bytes as they are; hands out what arrives; drops what it is told while the line is gone.
#[derive(Default)]
struct Plain {
    is_up: bool,
}

impl Driver for Plain {
    type In = Vec<u8>;
    type Out = Vec<u8>;

    fn up(&mut self, _: Time, _: &mut Outbox<Vec<u8>>) {
        self.is_up = true;
    }

    fn down(&mut self, _: Time, _: &mut Outbox<Vec<u8>>) {
        self.is_up = false;
    }

    fn submit(&mut self, _: Time, unit: Unit, what: Vec<u8>, out: &mut Outbox<Vec<u8>>) {
        match self.is_up {
            true => out.frames.push(what),
            false => out.note(unit, Note::Dropped(String::from_utf8_lossy(&what).into())),
        }
    }

    fn receive(&mut self, _: Time, bytes: &[u8], out: &mut Outbox<Vec<u8>>) {
        out.say(Unit(0), bytes.to_vec());
    }

    fn wake(&mut self, _: Time, _: &mut Outbox<Vec<u8>>) {}

    fn next_wake(&self) -> Option<Time> {
        None
    }
}

struct End {
    send: mpsc::Sender<(Unit, Vec<u8>)>,
    hold: watch::Sender<Hold>,
    sayings: Sayings<Vec<u8>>,
}

impl End {
    fn run(opener: Opener, clock: Clock) -> Self {
        let (outlet, sayings): (Outlet<Vec<u8>>, _) = queue(100);
        let (send, inbox) = mpsc::channel(100);
        let (hold, held) = watch::channel(Hold::Open);
        let settings = Settings::default();
        let link = Link { driver: Plain::default(), opener, settings, tap: None, clock, outlet };
        tokio::spawn(link.run(inbox, held));
        Self { send, hold, sayings }
    }

    async fn say(&self, text: &str) {
        self.send.send((Unit(0), text.into())).await.unwrap();
    }

    /// Waits until the line says something that fits.
    async fn until<T>(&mut self, mut fits: impl FnMut(&Saying<Vec<u8>>) -> Option<T>) -> T {
        let wait = async {
            loop {
                let said = self.sayings.next().await.expect("the line still runs");
                if let Some(found) = fits(&said.what) {
                    return found;
                }
            }
        };
        timeout(LIMIT, wait).await.expect("it is said in time")
    }

    async fn until_heard(&mut self, wanted: &str) {
        let mut heard = Vec::new();
        self.until(|said| {
            if let Saying::Message(bytes) = said {
                heard.extend_from_slice(bytes);
            }
            heard.ends_with(wanted.as_bytes()).then_some(())
        })
        .await;
    }

    async fn until_up(&mut self) {
        self.until(|said| matches!(said, Saying::Up(_)).then_some(())).await;
    }

    async fn until_down(&mut self) -> String {
        self.until(|said| if let Saying::Down(why) = said { Some(why.clone()) } else { None }).await
    }
}

/// A host and a device with a cable between them, and what breaks it.
struct Bench {
    host: End,
    device: End,
    faults: mpsc::Sender<CableFault>,
    counts: watch::Receiver<Counts>,
    link: PathBuf,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new(plan: CablePlan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("gate");
        Self::behind((Socket::Pty(link.clone()), Address::Serial(link.clone())), plan, (link, folder)).await
    }

    /// With a port of this machine for the host to connect to.
    async fn at_a_port() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let ends = (Socket::Listen(free.clone()), Address::Tcp(free));
        Self::behind(ends, CablePlan::default(), (PathBuf::new(), tempfile::tempdir().unwrap())).await
    }

    async fn behind(
        (socket, address): (Socket, Address),
        plan: CablePlan,
        (link, folder): (PathBuf, tempfile::TempDir),
    ) -> Self {
        let clock = Clock::start();
        let (ours, theirs) = tokio::io::duplex(4_096);
        let (faults, befall) = mpsc::channel(10);
        let (count, counts) = watch::channel(Counts::default());
        tokio::spawn(carry(Cable::new(plan), (socket, Box::new(theirs)), clock, befall, count));
        let host = End::run(Opener::new(address, Settings::default()), clock);
        let device = End::run(Opener::given(Box::new(ours), Settings::default()), clock);
        let mut bench = Self { host, device, faults, counts, link, _folder: folder };
        bench.host.until_up().await;
        bench.device.until_up().await;
        bench
    }

    async fn befall(&self, lasts: Span, trouble: Trouble) {
        self.faults.send(CableFault { at: Time::ZERO, lasts, toward: None, trouble }).await.unwrap();
    }
}

#[tokio::test]
async fn both_ends_hear_each_other_at_the_speed_of_the_line() {
    let rate = Some(Settings::default());
    let mut bench = Bench::new(CablePlan { rate, ..CablePlan::default() }).await;
    let clock = Clock::start();
    bench.host.say(&"x".repeat(100)).await;
    bench.device.until_heard(&"x".repeat(100)).await;
    let least = Settings::default().wire_time(100);
    assert!(clock.now().since(Time::ZERO) >= least, "faster than the wire: {}", clock.now());
    bench.device.say("pong").await;
    bench.host.until_heard("pong").await;
}

#[tokio::test]
async fn a_line_that_was_unplugged_is_found_again_by_its_name() {
    let mut bench = Bench::new(CablePlan::default()).await;
    bench.befall(Span::millis(500), Trouble::Unplug).await;
    let why = bench.host.until_down().await;
    assert!(why.contains("unplugged"), "{why}");
    bench.host.say("too late").await;
    let dropped = bench.host.until(|said| match said {
        Saying::Note(Note::Dropped(what)) => Some(what.clone()),
        _ => None,
    });
    assert_eq!(dropped.await, "too late");
    bench.host.until_up().await;
    bench.host.say("ping").await;
    bench.device.until_heard("ping").await;
    bench.device.say("pong").await;
    bench.host.until_heard("pong").await;
}

#[tokio::test]
async fn a_port_can_be_unplugged_and_cut_like_a_wire() {
    let mut bench = Bench::at_a_port().await;
    bench.host.say("ping").await;
    bench.device.until_heard("ping").await;
    bench.befall(Span::millis(300), Trouble::Unplug).await;
    bench.host.until_down().await;
    bench.host.until_up().await;
    bench.host.say("again").await;
    bench.device.until_heard("again").await;
    bench.device.say("pong").await;
    bench.host.until_heard("pong").await;
}

#[tokio::test]
async fn a_cut_line_says_nothing_and_goes_on_afterwards() {
    let mut bench = Bench::new(CablePlan::default()).await;
    bench.befall(Span::seconds(3_600), Trouble::Cut).await;
    bench.host.say("lost").await;
    let mut counts = bench.counts.clone();
    timeout(LIMIT, counts.wait_for(|c| c.lost == 4)).await.unwrap().unwrap();
    assert!(bench.device.sayings.take().is_none());
}

#[tokio::test]
async fn a_port_can_be_given_to_another_program_and_taken_back() {
    let mut bench = Bench::new(CablePlan::default()).await;
    bench.host.hold.send(Hold::Closed).unwrap();
    assert_eq!(bench.host.until_down().await, "closed by us");
    let other = Opener::new(Address::Serial(bench.link.clone()), Settings::default()).open().await;
    assert!(other.is_ok(), "the port is still held");
    // While the other has it, we cannot have it, and say why.
    bench.host.hold.send(Hold::Open).unwrap();
    let why = bench.host.until_down().await;
    assert!(why.contains("in use by another program"), "{why}");
    drop(other);
    bench.host.until_up().await;
    bench.host.say("ping").await;
    bench.device.until_heard("ping").await;
}

#[tokio::test]
async fn a_port_that_is_not_there_is_told_once_and_found_when_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("late");
    let clock = Clock::start();
    let mut host = End::run(Opener::new(Address::Serial(link.clone()), Settings::default()), clock);
    assert!(host.until_down().await.contains("is not there"));
    let mut device = End::run(Opener::new(Address::Pty(link), Settings::default()), clock);
    device.until_up().await;
    // Nothing else is said until it is there.
    let first = host.until(|said| Some(matches!(said, Saying::Up(_)))).await;
    assert!(first, "the same reason was told again");
}

#[tokio::test]
async fn a_server_and_its_client_find_each_other_again() {
    let clock = Clock::start();
    let at = free_port();
    let mut server = End::run(Opener::new(Address::Listen(at.clone()), Settings::default()), clock);
    let mut client = End::run(Opener::new(Address::Tcp(at.clone()), Settings::default()), clock);
    for _ in 0..2 {
        client.until_up().await;
        server.until_up().await;
        client.say("ping").await;
        server.until_heard("ping").await;
        client.hold.send(Hold::Closed).unwrap();
        client.until_down().await;
        server.until_down().await;
        client.hold.send(Hold::Open).unwrap();
    }
}

#[tokio::test]
async fn an_idle_line_is_unplugged_when_it_is_told_and_not_before() {
    let mut bench = Bench::new(CablePlan::default()).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    bench.befall(Span::millis(300), Trouble::Unplug).await;
    assert!(bench.host.until_down().await.contains("unplugged"));
    bench.host.until_up().await;
}

/// Always has something to read, until the end; orders something while it is read.
struct Flood {
    reads: u32,
    order: mpsc::Sender<(Unit, Vec<u8>)>,
    written: Arc<AtomicU64>,
}

impl AsyncRead for Flood {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.reads += 1;
        if self.reads == 3 {
            self.order.try_send((Unit(0), b"release".to_vec())).unwrap();
        }
        if self.reads < 1_000 {
            buffer.put_slice(b"x");
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Flood {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.written.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Has a deadline all the time; says nothing.
struct Ticking {
    is_up: bool,
    wakes: Arc<AtomicU64>,
}

impl Driver for Ticking {
    type In = Vec<u8>;
    type Out = Vec<u8>;

    fn up(&mut self, _: Time, _: &mut Outbox<Vec<u8>>) {
        self.is_up = true;
    }

    fn down(&mut self, _: Time, _: &mut Outbox<Vec<u8>>) {
        self.is_up = false;
    }

    fn submit(&mut self, _: Time, _: Unit, what: Vec<u8>, out: &mut Outbox<Vec<u8>>) {
        out.frames.push(what);
    }

    fn receive(&mut self, _: Time, _: &[u8], _: &mut Outbox<Vec<u8>>) {}

    fn wake(&mut self, _: Time, _: &mut Outbox<Vec<u8>>) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
    }

    fn next_wake(&self) -> Option<Time> {
        self.is_up.then_some(Time::ZERO)
    }
}

#[tokio::test]
async fn a_line_that_never_stops_talking_keeps_neither_orders_nor_deadlines_waiting() {
    let (order, inbox) = mpsc::channel(100);
    let (_hold, held) = watch::channel(Hold::Open);
    let (outlet, mut sayings): (Outlet<Vec<u8>>, _) = queue(100);
    let (written, wakes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let flood = Flood { reads: 0, order, written: Arc::clone(&written) };
    let settings = Settings::default();
    let opener = Opener::given(Box::new(flood), settings);
    let driver = Ticking { is_up: false, wakes: Arc::clone(&wakes) };
    let link = Link { driver, opener, settings, tap: None, clock: Clock::start(), outlet };
    tokio::spawn(link.run(inbox, held));
    let down = async { while !matches!(sayings.next().await.unwrap().what, Saying::Down(_)) {} };
    timeout(LIMIT, down).await.expect("it ends");
    assert_eq!(written.load(Ordering::Relaxed), 7, "the release went out while bytes came in");
    let wakes = wakes.load(Ordering::Relaxed);
    assert!(wakes > 900, "{wakes} of 999 deadlines");
}

#[tokio::test]
async fn a_line_that_goes_as_soon_as_it_comes_is_tried_now_and_then() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let _client = End::run(Opener::new(Address::Tcp(at), Settings::default()), Clock::start());
    let mut tries = 0_u32;
    let tried = async {
        loop {
            drop(listener.accept().await.unwrap());
            tries += 1;
        }
    };
    // It never comes to its end.
    let _ = timeout(Duration::from_secs(2), tried).await;
    // A tenth of a second between two; a busy loop makes thousands.
    assert!((2..=40).contains(&tries), "{tries} tries in two seconds");
}

/// A port of this machine that nobody listens at.
fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}
