//! A one-shot beside the same request made by curl, in alternation, and the daemon by itself.
//!
//! `cargo bench -p mmp --bench one_shot [-- --rounds N]`; it needs `curl`, and `mmpd` of the same build. All is on this
//! machine: a provider without any delay in a thread of this program, a warm daemon in a temporary home that stores
//! everything as durably as it does by default. What the figures mean stands in `docs/performance.md`.
#![allow(clippy::print_stdout, clippy::print_stderr)] // It is here to print.

mod daemon;
mod figures;
mod measure;
mod upstream;

use std::{
    ffi::OsString,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use daemon::Daemon;
use figures::{Figure, number, table};
use measure::{PEAK_WORD, Row, Sample};

const ROUNDS: usize = 100;
const PEAK_ROUNDS: usize = 7;
const START_ROUNDS: usize = 15;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let ended = match arguments.split_first() {
        Some((word, rest)) if word == PEAK_WORD => measure::peak_as_child(rest).map(|peak| println!("{peak}")),
        _ => rounds(&arguments).and_then(bench),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn rounds(arguments: &[OsString]) -> io::Result<usize> {
    match arguments.iter().position(|word| word == "--rounds") {
        None => Ok(ROUNDS),
        Some(at) => {
            let number = arguments.get(at + 1).and_then(|word| word.to_str()?.parse().ok()).filter(|number| *number > 0);
            number.ok_or_else(|| io::Error::other("--rounds takes a number"))
        }
    }
}

fn bench(rounds: usize) -> io::Result<()> {
    let mmp = Path::new(env!("CARGO_BIN_EXE_mmp"));
    let mmpd = mmp.with_file_name("mmpd");
    if !mmpd.exists() {
        return Err(io::Error::other(format!("{} is missing\nhint: cargo build --release", mmpd.display())));
    }
    let starts = (0..START_ROUNDS).map(|_| Ok(Daemon::start(&mmpd)?.first_answer)).collect::<io::Result<Vec<_>>>()?;
    let daemon = Daemon::start(&mmpd)?;
    let idle = daemon.watch()?;
    let rows = rows(mmp, daemon.home(), upstream::start()?)?;
    let samples = alternate(&rows, rounds)?;
    let peaks = peaks(&rows)?;
    println!("{rounds} rounds in turns; the median, and the range; ratios are those of each round.\n");
    println!("{}", one_shots(&rows, &samples, &peaks));
    println!("{}", daemons(&starts, &idle, daemon.resident()?, &samples[0]));
    Ok(())
}

/// What is measured; the first row is what the others are compared with.
fn rows(mmp: &Path, home: &Path, upstream: SocketAddr) -> io::Result<Vec<Row>> {
    let curl = find("curl")?;
    let row = |name, program: &Path, arguments: &[&str], expected: &str| Row {
        name,
        program: program.to_owned(),
        arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
        home: home.to_owned(),
        expected: expected.to_owned(),
    };
    let base = format!("http://{upstream}/v1");
    row("add", mmp, &["providers", "add", "rec", "--kind", "openai", "--base-url", &base], "").run()?;
    let url = format!("{base}/chat/completions");
    let body = r#"{"model":"f-0-50","messages":[{"role":"user","content":"hi"}],"stream":true}"#;
    let said = upstream::text();
    Ok(vec![
        row("`curl -sN` of the provider", &curl, &["-sN", &url, "-H", "content-type: application/json", "-d", body], "[DONE]"),
        row("`mmp chat`", mmp, &["chat", "-m", "rec/f-0-50", "hi"], &said),
        row("`mmp chat --json`", mmp, &["chat", "--json", "-m", "rec/f-0-50", "hi"], &said),
        row("`mmp --version`", mmp, &["--version"], "mmp"),
    ])
}

fn find(program: &str) -> io::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    found.ok_or_else(|| io::Error::other(format!("`{program}` is not installed, and is what mmp is compared with")))
}

/// Every row once a round; each round begins with another one. Two rounds that do not count come first.
fn alternate(rows: &[Row], rounds: usize) -> io::Result<Vec<Vec<Sample>>> {
    let mut samples = vec![Vec::with_capacity(rounds); rows.len()];
    for round in 0..rounds + 2 {
        for turn in 0..rows.len() {
            let index = (round + turn) % rows.len();
            let sample = rows[index].run()?;
            if round >= 2 {
                samples[index].push(sample);
            }
        }
    }
    Ok(samples)
}

fn peaks(rows: &[Row]) -> io::Result<Vec<Figure>> {
    let mut peaks = vec![Vec::new(); rows.len()];
    for _ in 0..PEAK_ROUNDS {
        for (row, peaks) in rows.iter().zip(&mut peaks) {
            peaks.push(mebibytes(row.peak()?));
        }
    }
    Ok(peaks.into_iter().map(Figure::of).collect())
}

fn one_shots(rows: &[Row], samples: &[Vec<Sample>], peaks: &[Figure]) -> String {
    let figure =
        |index: usize, of: fn(&Sample) -> Duration| Figure::of(samples[index].iter().map(|sample| milliseconds(of(sample))));
    let parts: [fn(&Sample) -> Duration; 3] = [|sample| sample.wall, |sample| sample.first_byte, |sample| sample.cpu];
    let lines = rows.iter().enumerate().map(|(index, row)| {
        let mut line = vec![row.name.to_owned()];
        for part in parts {
            let (mine, base) = (figure(index, part), figure(0, part));
            line.extend([mine.cell(), number(mine.relative_to(&base).median())]);
        }
        line.extend([peaks[index].cell(), number(peaks[index].median() / peaks[0].median())]);
        line
    });
    let head =
        ["", "wall ms", "÷ curl", "first byte on stdout ms", "÷ curl", "user + sys ms", "÷ curl", "peak memory MiB", "÷ curl"];
    table(&head, &lines.collect::<Vec<_>>())
}

fn daemons(starts: &[Duration], idle: &daemon::Idle, resident_after: u64, curl: &[Sample]) -> String {
    let curl = Figure::of(curl.iter().map(|sample| milliseconds(sample.wall)));
    let start = Figure::of(starts.iter().map(|start| milliseconds(*start)));
    let lines = [
        vec![
            "start to first answer, ms".into(),
            start.cell(),
            format!("{} × curl's wall", number(start.median() / curl.median())),
        ],
        vec!["resident when idle, MiB".into(), number(mebibytes(idle.resident)), String::new()],
        vec!["CPU over 5 s idle".into(), format!("{} %", number(idle.cpu * 100.0)), String::new()],
        vec!["resident after these chats, MiB".into(), number(mebibytes(resident_after)), String::new()],
    ];
    table(&["daemon on a fresh store", "", ""], &lines)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "no process is that large")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
