//! Reads exchanges from JSON Lines.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, Read as _};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

use super::{Body, Exchange, ExchangeViolation, Message, MessageSide, ResponseMessage, time};

/// The maximum length of a line in bytes.
const LONGEST: u64 = 64 << 20;

/// Reads exchanges from JSON Lines, such as the file of an [`ExchangeLog`](super::ExchangeLog).
///
/// Blank lines and unknown members are ignored. A line that is no exchange is a problem, after which reading goes on. A file
/// whose last line was cut off has a problem that is only a [warning](LineProblem::is_warning).
#[derive(Debug)]
pub struct ExchangeReader<R> {
    file: String,
    input: R,
    line: usize,
    ended: bool,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// The name of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, as one sentence.
    pub message: String,
    /// Whether it is harmless: the last line of a file was cut off when the program that wrote it was killed.
    pub is_warning: bool,
}

impl fmt::Display for LineProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LineProblem { file, line, column, message, is_warning } = self;
        write!(f, "{file}:{line}:{column}: {}{message}", if *is_warning { "warning: " } else { "" })
    }
}

impl std::error::Error for LineProblem {}

impl<R: BufRead> ExchangeReader<R> {
    /// Creates a reader; `file` is the name in problems.
    pub fn new(file: impl Into<String>, input: R) -> Self {
        ExchangeReader { file: file.into(), input, line: 0, ended: false }
    }

    /// Reads the next line, without its end; `None` at the end. The flag says whether it has an end.
    fn line(&mut self) -> Result<Option<(Vec<u8>, bool)>, Wrong> {
        let mut line = Vec::new();
        let broken = |error: std::io::Error| Wrong { at: 0, what: format!("the file cannot be read: {error}") };
        self.input.by_ref().take(LONGEST).read_until(b'\n', &mut line).map_err(broken)?;
        if line.is_empty() {
            return Ok(None);
        }
        let complete = line.pop_if(|last| *last == b'\n').is_some();
        if complete || (line.len() as u64) < LONGEST {
            return Ok(Some((line, complete)));
        }
        drop(line);
        loop {
            let piece = self.input.fill_buf().map_err(broken)?;
            let end = piece.iter().position(|byte| *byte == b'\n');
            let (used, done) = (end.map_or(piece.len(), |end| end + 1), end.is_some() || piece.is_empty());
            self.input.consume(used);
            if done {
                return Err(Wrong { at: 0, what: format!("the line has more than {} MiB", LONGEST >> 20) });
            }
        }
    }

    fn problem(&self, line: &str, wrong: Wrong, is_warning: bool) -> LineProblem {
        let before = line.get(..wrong.at).unwrap_or(line);
        let (file, column) = (self.file.clone(), before.chars().count() + 1);
        LineProblem { file, line: self.line, column, message: wrong.what, is_warning }
    }
}

impl<R: BufRead> Iterator for ExchangeReader<R> {
    type Item = Result<Exchange, LineProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.line += 1;
            let (bytes, complete) = match self.line() {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(wrong) => {
                    // A file that cannot be read will not get better.
                    self.ended = !wrong.what.starts_with("the line");
                    return Some(Err(self.problem("", wrong, false)));
                }
            };
            self.ended = !complete;
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let cut = |wrong: Wrong| match complete {
                true => wrong,
                false => Wrong { what: format!("the last line was cut off and is skipped: {}", wrong.what), ..wrong },
            };
            let text = match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let text = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
                    let wrong = Wrong { at, what: "the line is not UTF-8".to_owned() };
                    return Some(Err(self.problem(&text, cut(wrong), !complete)));
                }
            };
            return Some(Exchange::read(&text).map_err(|wrong| self.problem(&text, cut(wrong), !complete)));
        }
        self.ended = true;
        None
    }
}

/// Why a line is no exchange, and where.
#[derive(Debug)]
struct Wrong {
    /// The offset in bytes.
    at: usize,
    what: String,
}

/// The members of an object of a line.
struct Members<'l> {
    line: &'l str,
    at: usize,
    members: BTreeMap<String, &'l RawValue>,
}

impl<'l> Members<'l> {
    fn new(line: &'l str, text: &'l str) -> Result<Self, Wrong> {
        let at = offset(line, text);
        let members = serde_json::from_str(text).map_err(|error| {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default().to_owned();
            Wrong { at: at + error.column().saturating_sub(1).min(text.len()), what }
        })?;
        Ok(Members { line, at, members })
    }

    /// Returns the text of a member; `None` if it is missing or `null`.
    fn raw(&self, key: &str) -> Option<&'l str> {
        self.members.get(key).map(|raw| raw.get()).filter(|raw| *raw != "null")
    }

    /// Returns a member, read by serde_json.
    fn get<T: serde::de::DeserializeOwned>(&self, key: &str, expected: &str) -> Result<Option<T>, Wrong> {
        let Some(raw) = self.raw(key) else { return Ok(None) };
        let wrong = |_| self.wrong(raw, format!("`{key}` must be {expected}"));
        serde_json::from_str(raw).map(Some).map_err(wrong)
    }

    fn text(&self, key: &str) -> Result<String, Wrong> {
        self.get(key, "a string")?.ok_or_else(|| self.missing(key))
    }

    fn object(&self, key: &str) -> Result<Option<Members<'l>>, Wrong> {
        let Some(raw) = self.raw(key) else { return Ok(None) };
        if !raw.starts_with('{') {
            return Err(self.wrong(raw, format!("`{key}` must be an object")));
        }
        Members::new(self.line, raw).map(Some)
    }

    fn missing(&self, key: &str) -> Wrong {
        Wrong { at: self.at, what: format!("`{key}` is missing") }
    }

    fn wrong(&self, raw: &str, what: String) -> Wrong {
        Wrong { at: offset(self.line, raw), what }
    }
}

/// Returns where a part of a line begins.
fn offset(line: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize).min(line.len())
}

impl Exchange {
    /// Reads the JSON of a record.
    ///
    /// # Errors
    /// Returns an error if it is no exchange; line and file of the error are 1 and `<text>`.
    pub fn from_json(json: &str) -> Result<Exchange, LineProblem> {
        let reader = ExchangeReader { file: "<text>".to_owned(), input: std::io::empty(), line: 1, ended: true };
        Exchange::read(json).map_err(|wrong| reader.problem(json, wrong, false))
    }

    fn read(line: &str) -> Result<Exchange, Wrong> {
        let all = Members::new(line, line)?;
        match all.get::<u64>("v", "a number")? {
            None | Some(1) => {}
            Some(other) => {
                let what = format!("version {other} of exchanges is unknown; a newer apigen may read it");
                return Err(all.wrong(all.raw("v").unwrap_or_default(), what));
            }
        }
        let at = all.text("at")?;
        let at = time::parse(&at).ok_or_else(|| {
            all.wrong(all.raw("at").unwrap_or_default(), "`at` must be a date-time in UTC".to_owned())
        })?;
        let text = |key: &str| all.get::<String>(key, "a string").map(Option::unwrap_or_default);
        let response = match all.object("response")? {
            Some(response) => {
                let status = response.get("status", "a status code")?;
                let status = status.ok_or_else(|| response.missing("status"))?;
                Some(ResponseMessage { status, message: message(&response)? })
            }
            None => None,
        };
        Ok(Exchange {
            at,
            service: text("service")?.into(),
            spec: text("spec")?.into(),
            environment: all.get::<String>("environment", "a string")?.map(Into::into),
            operation: all.get::<String>("operation", "a string")?.map(Cow::Owned),
            method: all.text("method")?,
            target: all.text("target")?,
            duration: Duration::from_micros(all.get("duration_us", "a whole number")?.unwrap_or_default()),
            request: message(&all.object("request")?.ok_or_else(|| all.missing("request"))?)?,
            response,
            violations: violations(&all)?,
            redacted: all.get("redacted", "an array of strings")?.unwrap_or_default(),
            truncated: all.get("truncated", "true or false")?.unwrap_or_default(),
        })
    }
}

fn message(members: &Members<'_>) -> Result<Message, Wrong> {
    let mut headers = Vec::new();
    if let Some(own) = members.object("headers")? {
        for (name, raw) in &own.members {
            let wrong = |_| own.wrong(raw.get(), format!("header `{name}` must be a string or an array of strings"));
            match raw.get().starts_with('[') {
                true => {
                    let values: Vec<String> = serde_json::from_str(raw.get()).map_err(wrong)?;
                    headers.extend(values.into_iter().map(|value| (name.clone(), value)));
                }
                false => headers.push((name.clone(), serde_json::from_str(raw.get()).map_err(wrong)?)),
            }
        }
    }
    // Here `null` is a body.
    let json = members.members.get("json").map(|raw| raw.get());
    let body = match (json, members.raw("text"), members.raw("base64")) {
        (None, None, None) => Body::None,
        (Some(json), None, None) => Body::Json(json.to_owned()),
        (None, Some(_), None) => Body::Text(members.text("text")?),
        (None, None, Some(raw)) => {
            let wrong = |_| members.wrong(raw, "`base64` must be Base64".to_owned());
            Body::Binary(STANDARD.decode(members.text("base64")?).map_err(wrong)?)
        }
        _ => return Err(Wrong { at: members.at, what: "a body is one of `json`, `text` and `base64`".to_owned() }),
    };
    Ok(Message { headers, body })
}

fn violations(all: &Members<'_>) -> Result<Vec<ExchangeViolation>, Wrong> {
    let Some(raw) = all.raw("violations") else { return Ok(Vec::new()) };
    let wrong = |_| all.wrong(raw, "`violations` must be an array".to_owned());
    let list: Vec<&RawValue> = serde_json::from_str(raw).map_err(wrong)?;
    let one = |raw: &&RawValue| {
        let own = Members::new(all.line, raw.get())?;
        let side = match own.text("side")?.as_str() {
            "request" => MessageSide::Request,
            "response" => MessageSide::Response,
            _ => return Err(own.wrong(own.raw("side").unwrap_or_default(), "`side` is request or response".to_owned())),
        };
        Ok(ExchangeViolation {
            side,
            location: Cow::Owned(own.text("in")?),
            pointer: own.text("pointer")?,
            code: Cow::Owned(own.text("code")?),
            message: own.text("message")?,
        })
    };
    list.iter().map(one).collect()
}
