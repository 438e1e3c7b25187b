//! `apigen validate`.

mod report;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use apigen_build::{Config, Error};
use apigen_model::vocabulary::suggestions::{meant, shown};
use apigen_runtime::validate::schema::{Schema, Type};
use apigen_runtime::{Mode, validate::UnknownFields};
use clap::{Args, ValueEnum};

use self::report::{Format, Report};
use super::options::Reading;
use super::output::{self, complain};
use super::progress;

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["ty", "operation"])))]
pub struct Arguments {
    /// Spec (api.json or service.json).
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// Documents to check; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Type of the documents: `user`, `[user]`, `map[string]`, `io.example.common.v0.models.error`.
    #[arg(long = "type", id = "ty", value_name = "TYPE")]
    ty: Option<String>,
    /// Operation whose bodies the documents are: `POST /users`.
    #[arg(long, value_name = "METHOD PATH")]
    operation: Option<String>,
    /// Check the documents as request bodies (default).
    #[arg(long, requires = "operation", conflicts_with = "response")]
    request: bool,
    /// Check the documents as response bodies.
    #[arg(long, requires = "operation")]
    response: bool,
    /// Status of the response [default: the first success].
    #[arg(long, requires = "response", value_name = "CODE")]
    status: Option<u16>,
    /// Convert unambiguous values: "12" to 12, "yes" to true.
    #[arg(long)]
    coerce: bool,
    /// How to treat fields that no model declares.
    #[arg(long, value_enum, default_value_t)]
    unknown_fields: Unknown,
    /// Write valid documents to standard output, converted if --coerce is set; reports go to standard error.
    #[arg(long)]
    print: bool,
    /// Treat each line as a document (JSON Lines).
    #[arg(long)]
    lines: bool,
    /// Maximum size of a document, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    limit: u32,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Unknown {
    /// Accept them.
    #[default]
    Keep,
    /// Accept them, but do not print them.
    Ignore,
    /// Report them as violations.
    Refuse,
}

/// The type and the settings by which documents are checked.
struct Check {
    schema: Schema,
    ty: Type,
    mode: Mode,
    print: bool,
    /// The maximum size of a document, in bytes.
    limit: u64,
}

/// Checks documents. The exit code is 0 if all are valid, 1 if one is not, and 2 if something could not be read.
pub fn validate(arguments: Arguments) -> ExitCode {
    let (format, print) = (arguments.format, arguments.print);
    let mut report = Report::default();
    let outcome = run(arguments, &mut report);
    // Problems found so far are reported in any case.
    let told = report.print(format, print);
    if let Err(error) = &outcome {
        complain(|color| error.render(color));
    }
    match outcome.is_ok() && told {
        true => ExitCode::from(u8::from(report.has_violations())),
        // 1 is reserved for invalid documents.
        false => ExitCode::from(2),
    }
}

fn run(arguments: Arguments, report: &mut Report) -> Result<(), Error> {
    let check = check(&arguments, arguments.reading.apply(Config::new())?.spec(&arguments.spec))?;
    for path in &arguments.files {
        let name = path.display().to_string();
        let stdin = path.as_os_str() == "-";
        let reader: Box<dyn BufRead> = match stdin {
            true => Box::new(io::stdin().lock()),
            false => Box::new(BufReader::new(File::open(path).map_err(|error| unreadable(&name, &error))?)),
        };
        let name = if stdin { "<stdin>".to_owned() } else { name };
        match arguments.lines {
            true => check.lines(&name, reader, report)?,
            false => check.document(&name, reader, report)?,
        }
    }
    Ok(())
}

fn check(arguments: &Arguments, config: Config) -> Result<Check, Error> {
    let loaded = progress::during("reading", || config.load())?;
    let schema = apigen_testing::schema(&loaded.api, config.sensitive_annotations());
    let schema = schema.map_err(|error| Error::usage(error.to_string()))?;
    let ty = match (&arguments.ty, &arguments.operation) {
        (Some(text), _) => schema.find(text).map_err(|unknown| Error::usage(unknown.to_string()))?,
        (None, operation) => body(&schema, operation.as_deref().unwrap_or_default(), arguments)?,
    };
    let mode = if arguments.coerce { Mode::coerce() } else { Mode::strict() };
    let mode = mode.unknown_fields(match arguments.unknown_fields {
        Unknown::Keep => UnknownFields::Keep,
        Unknown::Ignore => UnknownFields::Ignore,
        Unknown::Refuse => UnknownFields::Refuse,
    });
    Ok(Check { schema, ty, mode, print: arguments.print, limit: u64::from(arguments.limit) << 20 })
}

/// Returns the type of the bodies of an operation.
fn body(schema: &Schema, text: &str, arguments: &Arguments) -> Result<Type, Error> {
    let (method, path) = text.split_once(' ').unwrap_or(("GET", text));
    let Some(operation) = schema.operation(method, path.trim()) else {
        let all: Vec<String> =
            schema.operations().iter().map(|o| format!("{} {}", o.info().method, o.info().path)).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let advice = meant(text, &all)
            .map_or_else(|| format!("; the spec has {}", shown(&all)), |near| format!("; did you mean {near:?}?"));
        return Err(Error::usage(format!("unknown operation {text:?}{advice}")));
    };
    let id = operation.info().id;
    if !arguments.response {
        return operation.body().cloned().ok_or_else(|| Error::usage(format!("requests of {id} have no JSON body")));
    }
    let status = arguments.status.or_else(|| operation.success());
    let status = status.ok_or_else(|| Error::usage(format!("{id} declares no success response; set --status")))?;
    operation
        .response(status)
        .cloned()
        .ok_or_else(|| Error::usage(format!("{id} declares no response with status {status}")))
}

fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::usage(format!("{name} cannot be read: {error}"))
}

impl Check {
    fn document(&self, name: &str, reader: Box<dyn BufRead>, report: &mut Report) -> Result<(), Error> {
        let mut json = Vec::new();
        reader.take(self.limit + 1).read_to_end(&mut json).map_err(|error| unreadable(name, &error))?;
        self.check(name, 1, &json, report)
    }

    /// Checks each line; blank lines are skipped.
    fn lines(&self, name: &str, mut reader: Box<dyn BufRead>, report: &mut Report) -> Result<(), Error> {
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let mut rest = reader.by_ref().take(self.limit + 1);
            if rest.read_until(b'\n', &mut line).map_err(|error| unreadable(name, &error))? == 0 {
                break;
            }
            if !line.trim_ascii().is_empty() {
                self.check(name, number, &line, report)?;
            }
        }
        Ok(())
    }

    /// Checks one document; `line` is its first line in the file.
    fn check(&self, name: &str, line: usize, json: &[u8], report: &mut Report) -> Result<(), Error> {
        if json.len() as u64 > self.limit {
            let most = self.limit >> 20;
            let text = format!("{name}:{line}: the document has more than {most} MiB; `--limit` raises the limit");
            return Err(Error::usage(text));
        }
        let outcome = match self.print {
            true => self.schema.accept(&self.ty, json, &self.mode),
            false => self.schema.validate(&self.ty, json, &self.mode).map(|()| String::new()),
        };
        match outcome {
            Ok(mut text) if self.print => {
                text.push('\n');
                output::write(io::stdout(), &text)
                    .map_err(|error| Error::usage(format!("the standard output cannot be written: {error}")))
            }
            Ok(_) => Ok(()),
            Err(violations) => {
                report.add(name, line, violations);
                Ok(())
            }
        }
    }
}
