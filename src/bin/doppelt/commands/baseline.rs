//! `doppelt baseline`: accepted findings for `check`.

use crate::args::Common;
use crate::commands::check::refuse_skipped;
use crate::commands::sides::Sides;
use crate::failure::{Exit, Failure};
use crate::output;
use crate::settings::Settings;
use clap::{Args, Subcommand};
use doppelt::check::Checked;
use doppelt::check::baseline::{Baseline, Entry};
use doppelt::plural::counted;
use doppelt::report::visible;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// The commands of `doppelt baseline`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Accept everything that a check finds now, in a new file
    Create(Accepting),
    /// Accept what a check finds now in addition; entries keep their date and reason
    Update(Accepting),
    /// Forget entries that are found no more
    Prune(Looking),
    /// Say what is accepted, what is found no more, and what is not accepted yet
    Status(Looking),
}

/// Flags of the commands that accept findings.
#[derive(Debug, Args)]
pub(crate) struct Accepting {
    #[command(flatten)]
    sides: Sides,
    /// Why the findings are accepted
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    #[command(flatten)]
    common: Common,
}

/// Flags of the commands that look.
#[derive(Debug, Args)]
pub(crate) struct Looking {
    #[command(flatten)]
    sides: Sides,
    #[command(flatten)]
    common: Common,
}

/// Does one of them.
pub(crate) fn run(action: &Action) -> Result<Exit, Failure> {
    match action {
        Action::Create(accepting) => {
            let path = accepting.sides.baseline_path();
            if path.exists() {
                return Err(Failure::new(format!("{} is there already", path.display()))
                    .hint("add to it with doppelt baseline update, or remove it first"));
            }
            accept(accepting, Baseline::default())
        }
        Action::Update(accepting) => accept(accepting, load(&accepting.sides)?),
        Action::Prune(looking) => prune(looking),
        Action::Status(looking) => status(looking),
    }
}

fn load(sides: &Sides) -> Result<Baseline, Failure> {
    sides.baseline()?.ok_or_else(|| {
        Failure::new(format!("there is no {}", sides.baseline_path().display()))
            .hint("write one with doppelt baseline create")
    })
}

fn accept(accepting: &Accepting, mut baseline: Baseline) -> Result<Exit, Failure> {
    let checked = look(&accepting.sides, &accepting.common, &baseline)?;
    let accepted = baseline.accept(&checked, &today(), &accepting.reason);
    save(&accepting.sides, &baseline)?;
    say(
        &accepting.common,
        &format!(
            "{}: {}, {} added, {} changed\n",
            visible(&accepting.sides.baseline_path().display().to_string()),
            entries(baseline.len()),
            accepted.n_added,
            accepted.n_changed
        ),
    )
}

fn prune(looking: &Looking) -> Result<Exit, Failure> {
    let mut baseline = load(&looking.sides)?;
    let checked = look(&looking.sides, &looking.common, &baseline)?;
    let stale = baseline.stale(&checked);
    baseline.remove(&stale);
    let lowered = baseline.lower(&checked);
    save(&looking.sides, &baseline)?;
    let mut text: String = stale.iter().map(|entry| format!("removed {}\n", entry_text(entry))).collect();
    text.extend(lowered.iter().map(|entry| format!("lowered {}\n", entry_text(entry))));
    let n_lowered = if lowered.is_empty() { String::new() } else { format!(", {} lowered", lowered.len()) };
    text += &format!("{}, {} removed{n_lowered}\n", entries(baseline.len()), stale.len());
    say(&looking.common, &text)
}

fn status(looking: &Looking) -> Result<Exit, Failure> {
    let baseline = load(&looking.sides)?;
    let checked = look(&looking.sides, &looking.common, &baseline)?;
    let stale = baseline.stale(&checked);
    let is_stale = |entry: &Entry| stale.iter().any(|stale| stale.fingerprint == entry.fingerprint);
    let mut text = String::new();
    for entry in baseline.entries() {
        let state = if is_stale(entry) { "stale   " } else { "accepted" };
        text += &format!("{state} {}\n", entry_text(entry));
    }
    let fires = baseline.fires(&checked.outcome.findings, &checked.occurrences);
    let n_open = fires.iter().filter(|fires| **fires).count();
    for (finding, _) in checked.outcome.findings.iter().zip(&fires).filter(|(_, fires)| **fires) {
        let names: Vec<String> =
            finding.places.iter().take(2).map(|place| visible(checked.outcome.id(place.document))).collect();
        text += &format!("open     {} {} {}\n", finding.fingerprint, finding.rule.name(), names.join(", "));
    }
    text += &format!("{}, {} stale; {n_open} not accepted yet\n", entries(baseline.len()), stale.len());
    say(&looking.common, &text)
}

fn entries(n: usize) -> String {
    counted(n, "entry")
}

fn entry_text(entry: &Entry) -> String {
    let names: Vec<String> = entry.documents.iter().map(|name| visible(name)).collect();
    let reason =
        if entry.reason.is_empty() { String::new() } else { format!(" ({})", visible(&entry.reason)) };
    let Entry { fingerprint, count, date, rule, .. } = entry;
    format!("{fingerprint} {date} {count} x {} {}{reason}", rule.name(), names.join(", "))
}

/// What a check finds now. Nothing is accepted unseen, so all must be readable.
fn look(sides: &Sides, common: &Common, baseline: &Baseline) -> Result<Checked, Failure> {
    let settings = Settings::new(common)?;
    let checked = sides.check(&settings, common, baseline)?.ok_or_else(|| {
        Failure::new("nothing was added or changed").hint("leave out --since to look at all files")
    })?;
    refuse_skipped(&checked.outcome.documents.skipped)?;
    Ok(checked)
}

fn save(sides: &Sides, baseline: &Baseline) -> Result<(), Failure> {
    output::write(Some(sides.baseline_path()), |out| out.write_all(baseline.render().as_bytes()))
}

fn say(common: &Common, text: &str) -> Result<Exit, Failure> {
    output::write(common.output.as_deref(), |out: &mut dyn Write| out.write_all(text.as_bytes()))?;
    Ok(Exit::Done)
}

/// Today in UTC as `YYYY-MM-DD`; `SOURCE_DATE_EPOCH` stands in for the clock.
fn today() -> String {
    let told = std::env::var_os("SOURCE_DATE_EPOCH").and_then(|value| value.to_str()?.parse().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    date_of(told.unwrap_or_else(clock) / 86_400)
}

/// The day so many days after 1 January 1970, by the Gregorian calendar.
fn date_of(days: u64) -> String {
    // Years that begin in March put the leap day last (Hinnant 2013).
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::date_of;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(date_of(0), "1970-01-01");
        assert_eq!(date_of(11_016), "2000-02-29");
        assert_eq!(date_of(20_778), "2026-11-21");
    }
}
