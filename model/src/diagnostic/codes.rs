//! The explanation of each code of a diagnostic: one Markdown file per code in `codes/`.

/// A code and its explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `E…` for errors, `W…` for warnings. Stable.
    pub code: &'static str,
    /// Markdown; its first line is `# CODE: title`.
    pub text: &'static str,
}

impl Code {
    /// Returns the short title: the first line of the text without the code.
    pub fn title(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.split_once(": ").map_or(line, |(_, title)| title)
    }
}

macro_rules! codes {
    ($($code:literal)*) => {
        &[$(Code { code: $code, text: include_str!(concat!("codes/", $code, ".md")) }),*]
    };
}

/// All codes in order. W005 is retired: what it warned of is E056.
pub const ALL: &[Code] = codes![
    "E001" "E002" "E003" "E004" "E005" "E006" "E007" "E008" "E009"
    "E010" "E011" "E012" "E013" "E014" "E015"
    "E020" "E021" "E022" "E023" "E024" "E025" "E026" "E027" "E028" "E029"
    "E030" "E031" "E032" "E033" "E034" "E035" "E036" "E037" "E038"
    "E040" "E041" "E042" "E043" "E044" "E045" "E046" "E047" "E048"
    "E050" "E051" "E052" "E053" "E054" "E055" "E056" "E057" "E058" "E059"
    "E060" "E061" "E062" "E065"
    "E070" "E071" "E072" "E073" "E074" "E075" "E076" "E077" "E078" "E079"
    "W001" "W002" "W003" "W004" "W006"
];

/// The groups of the list of all codes: the prefix of their codes, and their subject.
pub const GROUPS: &[(&str, &str)] = &[
    ("E00", "Documents and imports"),
    ("E01", "Structure"),
    ("E02", "Names, values and limits"),
    ("E03", "Types and unions"),
    ("E04", "Resources and operations"),
    ("E05", "Options"),
    ("E06", "Outputs and limits"),
    ("E07", "Rules of the mock server, environments"),
    ("W00", "Warnings"),
];

/// Returns the explanation of a code, ignoring case.
pub fn explain(code: &str) -> Option<&'static str> {
    ALL.iter().find(|known| known.code.eq_ignore_ascii_case(code)).map(|known| known.text)
}

/// Returns codes similar to a text: with the same digits, or one character away.
pub fn similar(text: &str) -> Vec<&'static Code> {
    let text = text.to_ascii_uppercase();
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0');
    let same = |code: &Code| !digits.is_empty() && code.code[1..].trim_start_matches('0') == digits;
    let near = |code: &Code| {
        code.code.len() == text.len() && code.code.bytes().zip(text.bytes()).filter(|(a, b)| a != b).count() == 1
    };
    let exact: Vec<&Code> = ALL.iter().filter(|code| same(code)).collect();
    if exact.is_empty() { ALL.iter().filter(|code| near(code)).collect() } else { exact }
}
