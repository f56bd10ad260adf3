//! Progress on stderr, and signals that ask to stop.

use crate::args::ProgressMode;
use doppelt::corpus::Progress;
use doppelt::report::terminal::size;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

/// The last signal that asked to stop, 0 for none.
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// The exit code for the signal that stopped the run.
pub(crate) fn signal_code() -> u8 {
    128 + SIGNAL.load(Ordering::SeqCst) as u8
}

/// Shows how far a run is and stops it on SIGINT and SIGTERM.
pub(crate) struct Watch {
    mode: ProgressMode,
    stopped: Arc<AtomicBool>,
    bar: ProgressBar,
    stage: Mutex<Stage>,
    done: AtomicU64,
}

struct Stage {
    name: String,
    unit: String,
    total: u64,
    started: Instant,
    told: Instant,
}

/// Lines of plain progress are at least this far apart.
const PLAIN: Duration = Duration::from_secs(5);
/// Lines of JSON progress are at least this far apart.
const JSON: Duration = Duration::from_millis(500);

impl Watch {
    /// Starts watching.
    pub(crate) fn new(mode: ProgressMode, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let mode = match mode {
            _ if quiet => ProgressMode::None,
            ProgressMode::Auto if !terminal => ProgressMode::None,
            mode => mode,
        };
        let stopped = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // The second signal ends the process at once.
            let _ =
                signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&stopped));
            let _ = signal_hook::flag::register(signal, Arc::clone(&stopped));
            let _ = signal_hook::flag::register_usize(signal, Arc::clone(&SIGNAL), signal as usize);
        }
        let bar = match mode {
            ProgressMode::Auto => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
            _ => ProgressBar::hidden(),
        };
        let now = Instant::now();
        let stage = Stage { name: String::new(), unit: String::new(), total: 0, started: now, told: now };
        Self { mode, stopped, bar, stage: Mutex::new(stage), done: AtomicU64::new(0) }
    }

    /// Says before the work how much room its output will take, and how much there is.
    pub(crate) fn estimate(&self, memory: u64, needed: u64, free: Option<u64>) {
        let line = match self.mode {
            ProgressMode::None => return,
            ProgressMode::Json => {
                serde_json::json!({"stage": "estimate", "memory": memory, "disk": needed, "free": free})
                    .to_string()
            }
            ProgressMode::Auto | ProgressMode::Plain => {
                let free = free.map(|free| format!(", {} are free", size(free))).unwrap_or_default();
                let (memory, needed) = (size(memory), size(needed));
                format!("doppelt: the run will take about {memory} of memory and its output {needed}{free}")
            }
        };
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    fn tell(&self, stage: &Stage, done: u64) {
        let Stage { name, unit, total, started, .. } = stage;
        let seconds = started.elapsed().as_secs_f64().max(0.001);
        let line = match self.mode {
            ProgressMode::Plain => {
                let percent = if *total > 0 { format!(" {}%", done * 100 / total) } else { String::new() };
                format!(
                    "doppelt: {name}{percent} ({done} of {total} {unit}, {:.0}/s)\n",
                    done as f64 / seconds
                )
            }
            ProgressMode::Json => format!(
                "{}\n",
                serde_json::json!({"stage": name, "done": done, "total": total, "unit": unit, "seconds": seconds})
            ),
            _ => return,
        };
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

impl Progress for Watch {
    fn begin(&self, name: &str, total: u64, unit: &str) {
        self.done.store(0, Ordering::Relaxed);
        let template = match unit {
            "bytes" => "{msg:>24} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} eta {eta}",
            _ => "{msg:>24} {bar:30} {pos}/{len} {per_sec} eta {eta}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.reset();
        self.bar.set_length(total);
        self.bar.set_message(name.to_owned());
        if let Ok(mut stage) = self.stage.lock() {
            let now = Instant::now();
            *stage = Stage { name: name.to_owned(), unit: unit.to_owned(), total, started: now, told: now };
            self.tell(&stage, 0);
        }
    }

    fn advance(&self, amount: u64) {
        let done = self.done.fetch_add(amount, Ordering::Relaxed) + amount;
        self.bar.inc(amount);
        let pause = if self.mode == ProgressMode::Json { JSON } else { PLAIN };
        if let Ok(mut stage) = self.stage.try_lock()
            && (stage.told.elapsed() >= pause || done == stage.total)
        {
            stage.told = Instant::now();
            self.tell(&stage, done);
        }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
