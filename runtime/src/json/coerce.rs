//! Conversions of [`Mode::coerce`](crate::Mode::coerce) (behaviour 3.4).

use super::kind::Kind;
use super::reader::Reader;
use super::scan::Scan;
use super::violation::Code;

impl Reader<'_> {
    /// Handles a scalar in another form than its type requires: unwraps it, converts it from text, or rejects it.
    #[cold]
    pub(crate) fn other<T>(
        &mut self,
        kind: Kind,
        again: impl FnOnce(&mut Self) -> Option<T>,
        text: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.mode.coerce {
            if self.start() == b'"' {
                return text(self);
            }
            if self.open_single() {
                let value = again(self);
                return self.close_single(value);
            }
        }
        self.mismatch(kind, "")
    }

    /// Enters an array of exactly one element.
    pub(crate) fn open_single(&mut self) -> bool {
        if self.start() != b'[' || self.depth >= self.mode.max_depth || !self.is_single().unwrap_or(false) {
            return false;
        }
        self.depth += 1;
        self.scan.at += 1;
        true
    }

    fn is_single(&self) -> Scan<bool> {
        let mut scan = self.scan;
        scan.at += 1;
        let left = self.mode.max_depth.saturating_sub(self.depth + 1);
        if !scan.more(b']', true)? {
            return Ok(false);
        }
        scan.skip(left)?;
        Ok(scan.space() == b']')
    }

    pub(crate) fn close_single<T>(&mut self, value: Option<T>) -> Option<T> {
        if self.aborted {
            return None;
        }
        self.depth -= 1;
        self.scan.space();
        self.scan.at += 1;
        value
    }

    /// Returns the text of a value that is not a string: numbers and booleans as written. `what` is the enum that it is
    /// read for, if any.
    #[cold]
    pub(crate) fn coerced_text(&mut self, what: &str) -> Option<String> {
        let (byte, from) = self.start_at();
        match byte {
            b'"' => syntax!(self.string()).map(|text| text.into_owned()),
            b'-' | b'0'..=b'9' | b't' | b'f' => {
                self.skip()?;
                self.scan.text.get(from..self.scan.at).map(str::to_owned)
            }
            _ if self.open_single() => {
                let text = self.coerced_text(what);
                self.close_single(text)
            }
            _ => self.mismatch(Kind::String, what),
        }
    }

    #[cold]
    pub(crate) fn coerced_boolean(&mut self) -> Option<bool> {
        const TRUE: [&str; 7] = ["t", "true", "y", "yes", "on", "1", "trueclass"];
        const FALSE: [&str; 7] = ["f", "false", "n", "no", "off", "0", "falseclass"];
        let (byte, at) = self.start_at();
        let text = match byte {
            b'"' => syntax!(self.string())?.to_ascii_lowercase(),
            b'-' | b'0'..=b'9' => {
                let number = syntax!(self.number())?;
                if !matches!(number.text, "0" | "1") {
                    self.scan.at = at;
                    return self.mismatch(Kind::Boolean, "of numbers, only 1 and 0 count as one");
                }
                number.text.to_owned()
            }
            _ if self.open_single() => {
                let value = self.boolean();
                return self.close_single(value);
            }
            _ => return self.mismatch(Kind::Boolean, ""),
        };
        match () {
            () if TRUE.contains(&text.as_str()) => Some(true),
            () if FALSE.contains(&text.as_str()) => Some(false),
            () => self.malformed(Code::Format, Kind::Boolean, at),
        }
    }
}
