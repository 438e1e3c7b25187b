//! Splits names into words, and joins words.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Splits a name into words of lower-case ASCII letters and digits.
///
/// A word ends at every character that is neither letter nor digit, and before a capital. An acronym is one word, with
/// its plural `s` (`imageURLs` → image, urls); digits stay with the word before them (`oauth2Token` → oauth2, token).
/// Latin letters lose their diacritics; other letters count as separators, since rustc warns about many of them. The
/// result may be empty.
pub fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().flat_map(plain).collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut last_letter_is_capital = None;
    for (i, &c) in chars.iter().enumerate() {
        let capital = c.is_ascii_uppercase();
        let boundary = match last_letter_is_capital {
            Some(true) => capital && starts_lower_case(&chars[i + 1..]),
            Some(false) => capital,
            None => false,
        };
        if !word.is_empty() && (boundary || !c.is_ascii_alphanumeric()) {
            words.push(std::mem::take(&mut word));
            last_letter_is_capital = None;
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        if c.is_ascii_alphabetic() {
            last_letter_is_capital = Some(capital);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Returns true if the text after a capital makes that capital the start of a word. The `s` of `IDs` does not.
fn starts_lower_case(rest: &[char]) -> bool {
    let lower = |i: usize| rest.get(i).is_some_and(char::is_ascii_lowercase);
    lower(0) && (rest[0] != 's' || lower(1))
}

/// Converts a character to ASCII: itself, its letter without diacritics, or a separator.
fn plain(c: char) -> impl Iterator<Item = char> {
    const LATIN: &[(&str, &str)] = &[
        ("àáâãåāăą", "a"),
        ("äæ", "ae"),
        ("çćĉċč", "c"),
        ("ďđð", "d"),
        ("èéêëēĕėęě", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïĩīĭįı", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľŀł", "l"),
        ("ñńņňŉŋ", "n"),
        ("òóôõøōŏő", "o"),
        ("öœ", "oe"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ß", "ss"),
        ("ţťŧț", "t"),
        ("þ", "th"),
        ("ùúûũūŭůűų", "u"),
        ("ü", "ue"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
    ];
    let known = |lower| LATIN.iter().find(|(from, _)| from.contains(lower)).map_or("_", |(_, letters)| *letters);
    let letters = if c.is_ascii() { "" } else { c.to_lowercase().next().map_or("_", known) };
    let mut letters = letters.chars();
    let first = letters.next().unwrap_or(c);
    std::iter::once(if c.is_uppercase() { first.to_ascii_uppercase() } else { first }).chain(letters)
}

/// Joins the words with `_`. Not yet an identifier: may be empty, a keyword, or start with a digit.
pub fn snake(text: &str) -> String {
    words(text).join(" ").to_snake_case()
}

/// Capitalises and joins the words. Not yet an identifier: may be empty, `Self`, or start with a digit.
///
/// Between two digits a `_` separates the words (`v1_1` → `V1_1`), as rustc's style allows. Single letters (`a_b_c`)
/// become one word, since clippy takes `ABC` for an acronym.
pub fn camel(text: &str) -> String {
    let mut camel = String::new();
    for word in words(text) {
        let first_is_digit = word.starts_with(|c: char| c.is_ascii_digit());
        if first_is_digit && camel.ends_with(|c: char| c.is_ascii_digit()) {
            camel.push('_');
        }
        camel.push_str(&word.to_upper_camel_case());
    }
    if camel.len() > 2 && camel.bytes().all(|b| b.is_ascii_uppercase()) {
        camel[1..].make_ascii_lowercase();
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found() {
        for (text, expected) in [
            ("", ""),
            ("user", "user"),
            ("user_form", "user form"),
            ("userID", "user id"),
            ("HTTPServer", "http server"),
            ("XMLHttpRequest", "xml http request"),
            ("imageURLs", "image urls"),
            ("imageURLsOld", "image urls old"),
            ("oauth2", "oauth2"),
            ("oauth2Token", "oauth2 token"),
            ("SHA256Hash", "sha256 hash"),
            ("2fa", "2fa"),
            ("USD", "usd"),
            ("Content-Type", "content type"),
            ("geo.lat", "geo lat"),
            ("io.flow.v0.models.money", "io flow v0 models money"),
            ("__x__", "x"),
            ("Größe", "groesse"),
            ("ÉtatCivil", "etat civil"),
            ("日本語", ""),
            ("a\u{0}b\u{202e}c", "a b c"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text:?}");
        }
    }

    #[test]
    fn words_are_joined() {
        for (text, snaked, cameled) in [
            ("user_form", "user_form", "UserForm"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("v1.1", "v1_1", "V1_1"),
            ("v11", "v11", "V11"),
            ("a_b_c", "a_b_c", "Abc"),
            ("a_b", "a_b", "AB"),
            ("3d", "3d", "3d"),
            ("type", "type", "Type"),
            ("", "", ""),
        ] {
            assert_eq!((snake(text).as_str(), camel(text).as_str()), (snaked, cameled), "{text:?}");
        }
    }

    /// heck would find other words (`oauth2Token`, `IDs`), so it is given ours, and must leave them as they are.
    #[test]
    fn heck_joins_the_words_that_are_found_here() {
        const ALPHABET: &[u8] = b"aAbBsSzZ019_-. ";
        let mut seed = 1_u64;
        for _ in 0..20_000 {
            let text: String = (0..9)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    char::from(ALPHABET[(seed >> 33) as usize % ALPHABET.len()])
                })
                .collect();
            let words = words(&text);
            assert_eq!(snake(&text), words.join("_"), "{text:?}");
            let capitalised = words.iter().map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect::<String>();
            let cameled = camel(&text).replace('_', "");
            assert!(cameled.eq_ignore_ascii_case(&capitalised), "{text:?}");
            let is_acronym = capitalised.len() > 2 && capitalised.bytes().all(|byte| byte.is_ascii_uppercase());
            assert!(is_acronym || cameled == capitalised, "{text:?}");
        }
    }
}
