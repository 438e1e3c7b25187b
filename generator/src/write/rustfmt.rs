//! Formats with the user's rustfmt.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, io, process, thread};

use crate::option_error::OptionError;

/// The variable that names another rustfmt; `cargo fmt` reads it, too.
pub const RUSTFMT: &str = "RUSTFMT";

/// The time limit for rustfmt. It formats 200 000 lines in about two seconds.
const LIMIT: Duration = Duration::from_secs(60);
/// The maximum number of files in one command: their paths must fit into a command line on Windows.
const FILES: usize = 200;
/// The maximum number of rustfmt's output lines to show.
const LINES: usize = 20;
const INSTALL: &str =
    "`rustup component add rustfmt` installs it; `format = \"prettyplease\"`, the default, does not need it";
const WITHOUT: &str = "`format = \"prettyplease\"`, the default, does without rustfmt";

/// An installed rustfmt, and its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rustfmt {
    program: OsString,
    /// The output of `--version`, for example `rustfmt 1.9.0-stable (59807616e1 2026-04-14)`.
    pub version: String,
    config: Option<PathBuf>,
}

impl Rustfmt {
    /// Finds the program, and the configuration for files of `folder`.
    pub fn find(folder: &Path) -> Result<Self, Box<OptionError>> {
        let program = env::var_os(RUSTFMT).unwrap_or_else(|| "rustfmt".into());
        let failure = |message| error(message, INSTALL);
        let scratch = Scratch::new().map_err(|error| failure(error.to_string()))?;
        let mut command = Command::new(&program);
        command.arg("--version");
        let (printed, _) = run(command, &scratch.0, LIMIT).map_err(failure)?;
        match printed.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
            Some(line) => Ok(Self { program, version: line.to_owned(), config: config(folder) }),
            None => Err(failure(format!("{} prints no version", program.display()))),
        }
    }

    /// Formats Rust files, given by their paths in the output folder. Also returns rustfmt's warnings.
    pub fn format(
        &self,
        files: &BTreeMap<&Path, &str>,
    ) -> Result<(BTreeMap<PathBuf, String>, String), Box<OptionError>> {
        let failure = |message| error(message, WITHOUT);
        let io = |error: io::Error| failure(error.to_string());
        let scratch = Scratch::new().map_err(io)?;
        let folder = scratch.0.join("files");
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&folder)).map_err(io)?;
            fs::write(path, text).map_err(io)?;
        }
        let (paths, mut warnings) = (files.keys().collect::<Vec<_>>(), String::new());
        for paths in paths.chunks(FILES) {
            // Run in the current folder, where rustup finds the toolchain that the user has chosen.
            let mut command = Command::new(&self.program);
            command.args(["--edition", "2024"]);
            if let Some(config) = &self.config {
                command.arg("--config-path").arg(config);
            }
            command.args(paths.iter().map(|path| folder.join(path)));
            warnings.push_str(&run(command, &scratch.0, LIMIT).map_err(failure)?.1);
        }
        let read = |path: &&Path| Ok((path.to_path_buf(), fs::read_to_string(folder.join(path))?));
        let formatted = files.keys().map(read).collect::<io::Result<_>>().map_err(io)?;
        Ok((formatted, warnings))
    }

    /// Returns the error for a formatted file that lost its mark.
    pub fn unusable(&self, path: &Path) -> Box<OptionError> {
        let message = format!("{} removes the first line of {}", self.program.display(), path.display());
        error(message, WITHOUT)
    }
}

fn error(message: String, help: &str) -> Box<OptionError> {
    Box::new(OptionError::new("E062", "format", "rustfmt", message, help))
}

/// Returns the configuration file of rustfmt for files of a folder, if there is one: the nearest above it, which
/// rustfmt itself looks for. Without one, rustfmt uses that of the user's home.
pub fn config(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    let folder = folder.ancestors().find_map(|folder| fs::canonicalize(folder).ok())?;
    let files = folder.ancestors().flat_map(|folder| [".rustfmt.toml", "rustfmt.toml"].map(|name| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

/// Runs a program; its output goes to files in `folder`, so that it never waits for a reader. Returns what it wrote to
/// standard output and to standard error.
fn run(mut command: Command, folder: &Path, limit: Duration) -> Result<(String, String), String> {
    let name = command.get_program().display().to_string();
    let unable = |error: io::Error| format!("{name} cannot be run: {error}");
    let file = |name: &str| File::create(folder.join(name)).map_err(unable);
    let mut child =
        command.stdin(Stdio::null()).stdout(file("stdout")?).stderr(file("stderr")?).spawn().map_err(unable)?;
    let begin = Instant::now();
    let status = loop {
        match child.try_wait().map_err(unable)? {
            Some(status) => break status,
            None if begin.elapsed() < limit => thread::sleep(Duration::from_millis(5)),
            None => {
                // It may have ended in between, which changes nothing.
                drop(child.kill().and_then(|()| child.wait()));
                return Err(format!("{name} has not ended within {} seconds", limit.as_secs()));
            }
        }
    };
    let stderr = shown(folder, "stderr").map_err(unable)?;
    match status.success() {
        true => Ok((shown(folder, "stdout").map_err(unable)?, stderr)),
        false => Err(format!("{name} failed ({status})\n{stderr}").trim_end().to_owned()),
    }
}

/// Returns the first lines of a program's output, without terminal control characters, and with short paths.
fn shown(folder: &Path, name: &str) -> io::Result<String> {
    let text = String::from_utf8_lossy(&fs::read(folder.join(name))?).into_owned();
    let text = text.replace(&format!("{}{}", folder.join("files").display(), std::path::MAIN_SEPARATOR), "");
    let lines = text.lines().take(LINES).map(|line| line.chars().filter(|c| !c.is_control()).take(500).chain(['\n']));
    Ok(lines.flatten().collect())
}

/// A temporary folder that nobody else can read.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        #[cfg_attr(not(unix), expect(unused_mut, reason = "other systems have no such modes"))]
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let folder = env::temp_dir().join(format!("apigen-rustfmt-{}-{number}", process::id()));
            match builder.create(&folder) {
                // Left by a killed process with the same id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(Self(folder)),
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let scratch = Scratch::new().unwrap();
        let mut command = Command::new("sleep");
        command.arg("600");
        let told = run(command, &scratch.0, Duration::from_millis(20)).unwrap_err();
        assert_eq!(told, "sleep has not ended within 0 seconds");
    }

    #[test]
    fn what_is_shown_is_short_and_harmless() {
        let scratch = Scratch::new().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "printf 'a\\033[2Jb %s/files/x.rs\\n' \"$0\" >&2; seq 9999 >&2; exit 1"]).arg(&scratch.0);
        let told = run(command, &scratch.0, LIMIT).unwrap_err();
        assert!(told.starts_with("sh failed (exit status: 1)\na[2Jb x.rs\n1\n2\n"), "{told}");
        assert_eq!(told.lines().count(), 1 + LINES);
    }
}
