//! The codes of findings.

use std::fmt;

use apigen_runtime::validate::Code as Violation;

/// The stable code of a kind of finding, such as `V806`. Codes begin with `V`: `V80x` and `V81x` are violations of the spec in
/// messages, `V82x` messages that fit no operation, `V83x` messages that were not checked, `V84x` the tool itself, and `V85x` the run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static Row);

#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Row {
    code: &'static str,
    /// What is wrong, in a few words.
    title: &'static str,
    /// Markdown.
    about: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal, $about:literal;)*) => {
        impl Code {
            $(
                $(#[$doc])*
                pub const $name: Code = Code(&Row { code: $code, title: $title, about: $about });
            )*

            /// All codes, in order.
            pub const ALL: &[Code] = &[$(Code::$name),*];
        }
    };
}

codes! {
    /// The text is not JSON.
    SYNTAX = "V801", "the body is not JSON",
        "A JSON body is declared, but the text is not JSON. The message says at which line and column reading ended, and what JSON \
         requires there. Common causes are a body that was cut off, an error page of a gateway in HTML, and trailing commas.";
    /// Too many levels of arrays and objects.
    DEPTH = "V802", "the body is nested too deeply",
        "Arrays and objects are nested more deeply than the limit of the reader, which protects the stack. Real documents are \
         rarely nested more than 20 levels; a recursive structure that contains itself is the usual cause.";
    /// A value of another JSON type.
    TYPE = "V803", "a value of another JSON type",
        "The spec declares one JSON type, and the message has another: a number in quotes, a single value where a list is \
         declared, an object where a text is. Send the declared type, or correct the spec.";
    /// A text or number that the type does not accept.
    FORMAT = "V804", "a value in the wrong format",
        "The JSON type is right, but the text or number is not one of the declared type: a uuid with a missing digit, a date in \
         another notation, an integer with a fraction.";
    /// A number beyond the range of its type.
    RANGE = "V805", "a number beyond the range of its type",
        "The number does not fit the declared type: an `integer` has 32 bits, a `long` 64. Declare `long` or `decimal` if larger \
         numbers are meant.";
    /// A required value is missing.
    MISSING = "V806", "a required value is missing",
        "A required field, parameter, header or body is absent or `null`. Send it, or make it optional in the spec with \
         `\"required\": false`.";
    /// A key occurs twice.
    DUPLICATE = "V807", "a key occurs twice in an object",
        "Readers disagree on which of two equal keys counts, so a message with both means different things to different \
         programs. Send each key once.";
    /// An undeclared value of an enum.
    ENUM = "V808", "an undeclared value of an enum",
        "The enum in the spec has no such value. Clients that were generated from this spec may fail to handle it. Add the value to \
         the enum, and publish the spec before a server sends it.";
    /// No discriminator.
    DISCRIMINATOR = "V809", "the discriminator of a union is missing",
        "The union declares a discriminator, and the object does not have it, or its value is not a text. Without it, readers \
         cannot know which member of the union the object is.";
    /// An undeclared member of a union.
    MEMBER = "V810", "an undeclared member of a union",
        "The discriminator, or the only key, names no member of the union. Add the member to the union, or correct the text; it is \
         compared exactly.";
    /// Below a minimum.
    MINIMUM = "V811", "less than the minimum",
        "The value is below its declared `minimum`: for a text the number of characters, for a list or map the number of elements, \
         for a number its value.";
    /// Above a maximum.
    MAXIMUM = "V812", "more than the maximum",
        "The value is above its declared `maximum`: for a text the number of characters, for a list or map the number of elements, \
         for a number its value.";
    /// An undeclared status.
    STATUS = "V813", "an undeclared status",
        "The operation declares no response with this status, so clients get an error without a typed body. Declare the status, \
         or `default` for all that are not listed.";
    /// An undeclared field.
    UNKNOWN = "V814", "an undeclared field",
        "No model declares the field, and undeclared fields were to be reported. API Builder accepts them everywhere, but a typing \
         error in the name of an optional field goes unnoticed that way.";
    /// A body that is too large.
    SIZE = "V815", "the body is too large",
        "The body has more bytes than the limit of the reader. Raise the limit of the tool if such bodies are expected.";
    /// A content type that is not accepted.
    CONTENT_TYPE = "V816", "a content type that is not declared",
        "The operation takes JSON, or a form if it has form parameters, and the message says that it has something else; or a text \
         is not in the declared character set. Set `Content-Type` to what the body is.";
    /// A path that the spec does not have.
    UNKNOWN_PATH = "V820", "no operation has the path",
        "The spec has no operation with this path. Either the client calls something that the service never promised, or the spec \
         lacks an operation that the server has.";
    /// A method that the path does not have.
    UNKNOWN_METHOD = "V821", "the path has no operation with the method",
        "The spec has operations with this path, but with other methods; the message lists them. Either \
         the client uses the wrong method, or the spec lacks an operation.";
    /// A message that could not be checked.
    UNCHECKED = "V830", "a message was not checked",
        "The body exceeds the limit up to which a tool keeps a copy, was not read to its end, or is compressed in a way that the \
         tool cannot read. It was passed on unchanged, and nothing is known about it.";
    /// A log that cannot be written.
    LOG_UNWRITABLE = "V840", "the log cannot be written",
        "The file of exchanges cannot be written or moved; the message has the reason of the operating system. Traffic is not \
         affected, but later exchanges are not in the log.";
    /// A log that is full.
    LOG_FULL = "V841", "the log is full",
        "The file of exchanges has reached its size limit. Later exchanges are not written, so that the disk does not fill up. Raise \
         the limit, or keep several files.";
    /// Exchanges that are not in the log.
    LOG_INCOMPLETE = "V842", "exchanges are missing in the log",
        "Exchanges were not written, because the disk was slower than the traffic, or the log was full or could not be written. \
         Traffic is never slowed down for the log.";
    /// A run in which nothing was checked.
    NOTHING_CHECKED = "V850", "nothing was checked",
        "The run ended without checking anything, which is almost always a mistake: no traffic arrived, a filter selected nothing, \
         or everything was skipped. `--allow-empty` accepts it.";
    /// A server that says that it is production.
    PRODUCTION = "V851", "the server says that it is production",
        "The server says in the header `X-Apigen-Environment`, or at `/_apigen/version`, that it is production, but the \
         environment in `apigen.toml` has another kind, or the URL is on this machine, where a tunnel may lead to it. The server \
         is believed, and the run stops. Correct the environment, or name the one that is meant.";
}

impl Code {
    /// Returns the code as text.
    pub const fn as_str(self) -> &'static str {
        self.0.code
    }

    /// Returns what is wrong, in a few words.
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// Returns an explanation, as Markdown with a title.
    pub fn explanation(self) -> String {
        format!("# {}: {}\n\n{}\n", self.0.code, self.0.title, self.0.about)
    }

    /// Returns the code with this text, ignoring case.
    pub fn find(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
    }

    /// Returns the code of a violation; [`UNCHECKED`](Code::UNCHECKED) for one that this version does not know.
    pub fn of_violation(violation: Violation) -> Code {
        match violation {
            Violation::Syntax => Code::SYNTAX,
            Violation::Depth => Code::DEPTH,
            Violation::Type => Code::TYPE,
            Violation::Format => Code::FORMAT,
            Violation::Range => Code::RANGE,
            Violation::Missing => Code::MISSING,
            Violation::Duplicate => Code::DUPLICATE,
            Violation::Enum => Code::ENUM,
            Violation::Discriminator => Code::DISCRIMINATOR,
            Violation::Member => Code::MEMBER,
            Violation::Minimum => Code::MINIMUM,
            Violation::Maximum => Code::MAXIMUM,
            Violation::Status => Code::STATUS,
            Violation::Unknown => Code::UNKNOWN,
            Violation::Size => Code::SIZE,
            Violation::ContentType => Code::CONTENT_TYPE,
            _ => Code::UNCHECKED,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_has_its_own_code() {
        let codes: Vec<Code> = Violation::ALL.into_iter().map(Code::of_violation).collect();
        assert!(codes.iter().all(|code| *code != Code::UNCHECKED));
        assert!((1..codes.len()).all(|index| !codes[..index].contains(&codes[index])), "{codes:?}");
    }

    #[test]
    fn codes_are_sorted_and_explained() {
        assert!(Code::ALL.is_sorted_by(|a, b| a.as_str() < b.as_str()));
        for code in Code::ALL {
            assert_eq!(Code::find(&code.as_str().to_lowercase()), Some(*code));
            assert!(code.as_str().len() == 4 && code.as_str().starts_with('V'), "{code}");
            assert!((8..=60).contains(&code.title().len()) && !code.title().ends_with('.'), "{}", code.title());
            assert!(code.0.about.len() > 100 && code.0.about.ends_with('.') && !code.0.about.contains("  "), "{code}");
        }
        assert_eq!(Code::find("V999"), None);
    }
}
