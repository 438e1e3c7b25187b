//! Plurals as API Builder computes them (format reference, 5.4). They name accessors and paths, so quirks are kept.

/// Words that are their own plural at the end of a name.
const UNCHANGED: &str = "\
    fish ois sheep deer pox itis bison flounder pliers bream gallows proceedings breeches graffiti rabies \
    britches headquarters salmon carp herpes scissors chassis high-jinks sea-bass clippers homework series cod \
    innings shears contretemps jackanapes species corps mackerel swine debris measles trout diabetes mews tuna \
    djinn mumps whiting eland news wildebeest elk pincers sugar";

/// Whole words that are their own plural.
const SAME: &[&str] = &[
    "metadata", "data", "people", "species", "epochs", "memos", "bison", "buffalo", "deer", "duck", "fish", "moose",
    "pike", "plankton", "salmon", "sheep", "squid", "swine", "trout",
];

/// Whole words with an irregular plural.
const WHOLE: &[(&str, &str)] =
    &[("metadatum", "metadata"), ("datum", "data"), ("person", "people"), ("epoch", "epochs"), ("memo", "memos")];

/// Suffixes, the number of letters to cut off, and the replacement; the first match wins. The last rule of a group is the
/// general case.
const SUFFIXES: &[(&str, usize, &str)] = &[
    ("child", 0, "ren"),
    ("ephemeris", 1, "des"),
    ("mongoose trilby beef brother cow genie money", 0, "s"),
    ("mythos", 2, "oi"),
    ("soliloquy", 1, "ies"),
    ("genus", 2, "era"),
    ("quiz", 0, "zes"),
    ("octopus opus", 0, "es"),
    ("human", 0, "s"),
    ("man", 2, "en"),
    ("louse mouse", 4, "ice"),
    ("tooth", 4, "eeth"),
    ("goose", 4, "eese"),
    ("foot", 3, "eet"),
    ("zoon", 2, "a"),
    ("cis sis xis", 2, "es"),
    ("codex murex silex radix helix", 2, "ices"),
    ("bacterium agendum desideratum erratum stratum datum ovum extremum candelabrum", 2, "a"),
    ("criterion perihelion aphelion phenomenon prolegomenon noumenon organon asyndeton hyperbaton", 2, "a"),
    ("alumna alga vertebra persona", 0, "e"),
    ("alumnus alveolus bacillus bronchus locus nucleus stimulus meniscus thesaurus", 2, "i"),
    ("ch sh z x", 0, "es"),
    ("us ss iris clitoris acropolis chaos lens aegis cosmos mantis alias dais marquis asbestos digitalis", 0, "es"),
    ("metropolis atlas epidermis pathos bathos ethos pelvis bias gas polis caddis glottis rhinoceros", 0, "es"),
    ("cannabis sassafras canvas ibis trellis", 0, "es"),
    ("anathema enema oedema bema enigma sarcoma carcinoma gumma schema charisma lemma soma diploma", 0, "s"),
    ("lymphoma stigma dogma magma stoma drama melisma trauma edema miasma", 0, "s"),
    ("alf elf olf arf", 1, "ves"),
    ("deaf", 0, "s"),
    ("eaf", 1, "ves"),
    ("nife life wife", 2, "ves"),
    ("ay ey iy oy uy", 0, "s"),
    ("y", 1, "ies"),
    ("solo soprano basso alto contralto tempo piano virtuoso albino archipelago armadillo commando crescendo", 0, "s"),
    ("fiasco ditto dynamo embryo ghetto guano inferno jumbo lumbago magneto manifesto medico octavo photo", 0, "s"),
    ("pro quarto canto lingo generalissimo stylo rhino casino auto macro zero todo ao eo io oo uo", 0, "s"),
    ("o", 0, "es"),
    ("ulum", 2, "a"),
    ("s", 0, "es"),
];

/// Returns the plural of a name.
pub fn plural(name: &str) -> String {
    let lower = name.to_lowercase();
    let any_ends = |words: &str| words.split(' ').any(|end| lower.ends_with(end));
    if name.is_empty() || SAME.contains(&lower.as_str()) {
        return name.to_owned();
    }
    if let Some((_, plural)) = WHOLE.iter().find(|(word, _)| *word == name) {
        return (*plural).to_owned();
    }
    if ["es", "ts", "data"].iter().any(|end| name.ends_with(end)) || any_ends(UNCHANGED) {
        return name.to_owned();
    }
    match SUFFIXES.iter().find(|(ends, _, _)| any_ends(ends)) {
        Some((_, cut, end)) => format!("{}{end}", name.get(..name.len() - cut).unwrap_or(name)),
        None => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn plurals_follow_the_rules() {
        for (name, expected) in [
            ("user", "users"),
            ("user_child", "user_children"),
            ("status", "statuses"),
            ("roles", "roles"),
            ("events", "events"),
            ("credit_memo", "credit_memoes"),
            ("memo", "memos"),
            ("sales_person", "sales_persons"),
            ("person", "people"),
            ("analysis", "analyses"),
            ("index", "indexes"),
            ("address", "addresses"),
            ("settings", "settingses"),
            ("country", "countries"),
            ("day", "days"),
            ("user_data", "user_data"),
            ("photo", "photos"),
            ("leaf", "leaves"),
            ("mouse", "mice"),
            ("woman", "women"),
            ("human", "humans"),
            ("box", "boxes"),
            ("schema", "schemas"),
            ("datum", "data"),
            ("wife", "wives"),
            ("quiz", "quizzes"),
            ("tooth", "teeth"),
            ("goose", "geese"),
            ("foot", "feet"),
            ("genus", "genera"),
            ("ephemeris", "ephemerides"),
            ("phenomenon", "phenomena"),
            ("locus", "loci"),
            ("", ""),
        ] {
            assert_eq!(plural(name), expected, "{name}");
        }
    }
}
