//! The only loop: what the terminal, the daemon, the clock and the signals say becomes events, what `update` asks for is
//! done, and what has changed is drawn. Everything that has come is taken before anything is drawn.

mod perform;

use std::{io, path::PathBuf, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use mmp_shared::{ApiError, error::EXIT_TERMINATED};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, watch},
    time::Instant,
};

use super::{
    ask::Told,
    asking::{self},
    effect::Effect,
    effects::{self, Doing, Done},
    event::Event,
    frames::{Frames, Urgency},
    input::{self, Gate},
    model::Model,
    terminal::Terminal,
    update,
};
use crate::{
    client::Client,
    context::Context,
    error::{CliError, Exit, system_call},
};

/// How many events are taken in a row before something is drawn.
const MOST_AT_ONCE: usize = 1_000;

/// The loop and what it holds.
pub(super) struct Driver<'a> {
    context: &'a Context,
    client: &'a Client,
    model: Model,
    terminal: Terminal,
    /// Where the thread that reads the terminal waits while another program has it.
    gate: Gate,
    begun: Instant,
    frames: Frames,
    doing: FuturesUnordered<Doing<'a>>,
    /// The turn that is listened to; what comes of another is dropped.
    listening: Option<u64>,
    sends_keys: bool,
    draft: PathBuf,
    /// Whether a draft is being written, and the one that is to be written next: never two at once.
    is_saving: bool,
    unsaved: Option<String>,
    exit: Option<Exit>,
}

/// What woke the loop.
enum Woken<'a> {
    Input(Option<Event>),
    Done(Done<'a>),
    Connection(bool),
    Time,
    Terminate,
    HangUp,
    Stop,
}

struct Signals {
    terminate: Signal,
    hang_up: Signal,
    stop: Signal,
    /// Never waited for: in raw mode none comes from the keys, and one that is meant for a person's editor must not end us.
    _interrupt: Signal,
    _quit: Signal,
}

impl Signals {
    fn listen() -> Result<Self, ApiError> {
        let failed = |error: io::Error| system_call("sigaction", &error);
        Ok(Self {
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
            hang_up: signal(SignalKind::hangup()).map_err(failed)?,
            _interrupt: signal(SignalKind::interrupt()).map_err(failed)?,
            _quit: signal(SignalKind::quit()).map_err(failed)?,
            stop: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw())).map_err(failed)?,
        })
    }
}

impl<'a> Driver<'a> {
    /// A loop that has not begun, on a terminal that is ours.
    pub(super) fn new(
        context: &'a Context,
        client: &'a Client,
        model: Model,
        terminal: Terminal,
        sends_keys: bool,
        draft: PathBuf,
    ) -> Self {
        Self {
            context,
            client,
            model,
            terminal,
            gate: Gate::default(),
            begun: Instant::now(),
            frames: Frames::default(),
            doing: FuturesUnordered::new(),
            listening: None,
            sends_keys,
            draft,
            is_saving: false,
            unsaved: None,
            exit: None,
        }
    }

    /// Goes on until the person has enough, or the terminal is gone.
    pub(super) async fn run(mut self) -> Result<Exit, CliError> {
        let mut signals = Signals::listen()?;
        let mut connection = self.client.watch_connection();
        let (mut input, gate) = input::read();
        self.gate = gate;
        self.draw()?;
        let effects = update::begin(&mut self.model);
        self.perform(effects)?;
        loop {
            let woken = self.wait(&mut input, &mut connection, &mut signals).await;
            self.take(woken)?;
            for _ in 0..MOST_AT_ONCE {
                let Ok(event) = input.try_recv() else { break };
                self.happen(event, Urgency::Quick)?;
            }
            if let Some(exit) = self.exit {
                self.finish_saving().await;
                return Ok(exit);
            }
            if self.frames.due().is_some_and(|due| due <= self.now()) {
                self.draw()?;
            }
        }
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    async fn wait(
        &mut self,
        input: &mut mpsc::Receiver<Event>,
        connection: &mut watch::Receiver<bool>,
        signals: &mut Signals,
    ) -> Woken<'a> {
        let until = [self.frames.due(), self.model.next_tick()].into_iter().flatten().min();
        let begun = self.begun;
        let time = async move {
            match until {
                Some(until) => tokio::time::sleep_until(begun + until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            event = input.recv() => Woken::Input(event),
            _ = signals.terminate.recv() => Woken::Terminate,
            _ = signals.hang_up.recv() => Woken::HangUp,
            _ = signals.stop.recv() => Woken::Stop,
            Ok(()) = connection.changed() => Woken::Connection(*connection.borrow_and_update()),
            Some(done) = self.doing.next(), if !self.doing.is_empty() => Woken::Done(done),
            () = time => Woken::Time,
        }
    }

    fn take(&mut self, woken: Woken<'a>) -> Result<(), CliError> {
        match woken {
            Woken::Input(Some(event)) => self.happen(event, Urgency::Quick),
            Woken::Input(None) | Woken::HangUp => self.end(Exit::SUCCESS),
            Woken::Terminate => self.end(Exit(EXIT_TERMINATED)),
            Woken::Stop => self.perform(vec![Effect::Suspend]),
            Woken::Connection(is_there) => self.happen(Event::Connected(is_there), Urgency::Calm),
            Woken::Done(done) => {
                self.take_done(done)?;
                self.client.take_notes().into_iter().try_for_each(|note| self.happen(Event::Noted(note), Urgency::Quick))
            }
            Woken::Time if self.model.next_tick().is_some_and(|at| at <= self.now() || self.model.live().is_some()) => {
                self.happen(Event::Tick, Urgency::Calm)
            }
            Woken::Time => Ok(()),
        }
    }

    fn take_done(&mut self, done: Done<'a>) -> Result<(), CliError> {
        match done {
            Done::Happened(event) => self.happen(event, Urgency::Quick),
            Done::Saved(saved) => {
                self.is_saving = false;
                self.save_draft();
                saved.or_else(|error| self.happen(Event::DraftNotSaved(Box::new(error)), Urgency::Quick))
            }
            Done::Compared(asking, Ok((_, events))) if events.is_empty() => {
                self.happen(Event::Told { asking, told: Ok(Told::Compared(events)) }, Urgency::Quick)
            }
            Done::Compared(asking, Ok((stream, events))) => {
                self.doing.push(Box::pin(async move { Done::Compared(asking, asking::compare::next(stream).await) }));
                self.happen(Event::Told { asking, told: Ok(Told::Compared(events)) }, Urgency::Calm)
            }
            Done::Compared(asking, Err(error)) => self.happen(Event::Told { asking, told: Err(error) }, Urgency::Quick),
            // The person has gone elsewhere: the stream ends here, the run does not.
            Done::Streamed(turn, _) if self.listening != Some(turn) => Ok(()),
            Done::Streamed(turn, Ok((stream, events))) => {
                if !events.is_empty() {
                    self.doing.push(Box::pin(effects::next(turn, stream)));
                    return self.happen(Event::Stream { turn, events }, Urgency::Calm);
                }
                self.listening = None;
                Ok(())
            }
            Done::Streamed(turn, Err(error)) => {
                self.listening = None;
                self.happen(Event::StreamLost { turn, error }, Urgency::Quick)
            }
        }
    }

    fn happen(&mut self, event: Event, urgency: Urgency) -> Result<(), CliError> {
        self.frames.ask(urgency);
        let now = self.now();
        let effects = update::update(&mut self.model, now, event);
        self.perform(effects)
    }

    fn redraw(&mut self) -> Result<(), CliError> {
        self.terminal.forget().map_err(|error| CliError::output(&error))?;
        self.frames.ask(Urgency::Quick);
        Ok(())
    }

    /// The end that nobody chose: what is written is kept.
    fn end(&mut self, exit: Exit) -> Result<(), CliError> {
        self.unsaved = Some(self.model.composer.editor.text());
        self.exit = Some(exit);
        Ok(())
    }

    fn draw(&mut self) -> Result<(), CliError> {
        self.model.now = self.now();
        self.terminal.draw(&mut self.model).map_err(|error| CliError::output(&error))?;
        self.frames.drawn(self.now());
        Ok(())
    }
}
