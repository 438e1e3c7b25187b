//! What the name of a field says about its value.

use std::collections::HashMap;
use std::sync::LazyLock;

use apigen_model::vocabulary::names::words;
use apigen_model::vocabulary::plural::plural;

use super::calendar::Order;
use super::dictionary::{self as d, Part};

/// How to write a plausible text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// One of these words.
    Word(&'static [&'static str]),
    /// A part of the place of the value's subject.
    Place(Part),
    /// The code of its country, with three letters if they fit, else with two.
    CountryCode,
    /// Names of the person that the value is about.
    FirstName,
    LastName,
    FullName,
    Username,
    Email,
    /// Two words, capitalised.
    Title,
    /// Two words with a hyphen.
    Slug,
    /// The company that the value is about.
    Company,
    /// Its first word, in lower case.
    CompanyKey,
    Phone,
    /// An address of the web below this path, ending with this text.
    Url(&'static str, &'static str),
    /// A text with `#` for a digit, `?` for one from 1 to 9, `@` for a capital, and `*` for a hexadecimal digit.
    Pattern(&'static str),
    /// The first letters of what it identifies, and hexadecimal digits.
    Id,
    /// The first letter of what it counts, and digits.
    Number,
    /// An instant.
    Instant(Order),
    /// A day.
    Day(Order),
    /// A number.
    Range(Range),
}

/// Plausible numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub low: i64,
    pub high: i64,
    /// Whether there are two digits after the point, if the type allows them.
    pub cents: bool,
}

/// Plausible texts by the last words of a name.
#[rustfmt::skip]
pub const TEXTS: &[(&str, Kind)] = &[
    ("email|email address|mail", Kind::Email),
    ("first name|given name|forename|first", Kind::FirstName),
    ("last name|family name|surname|last", Kind::LastName),
    ("full name|display name|cardholder|holder name|signer|author|recipient", Kind::FullName),
    ("username|user name|login|nickname|handle|screen name", Kind::Username),
    ("company|company name|organization name|vendor|merchant|supplier|partner|manufacturer|publisher", Kind::Company),
    ("organization|org|organisation|tenant|organization id|organization key|org key|namespace", Kind::CompanyKey),
    ("street number|house number|building", Kind::Pattern("?#")),
    ("street|address|address text|address line|address 1|address1|line1|line 1|street address", Kind::Place(Part::Street)),
    ("line2|line 2|address 2|address2|suite|apartment|unit number", Kind::Pattern("Suite ?##")),
    ("city|town|locality", Kind::Place(Part::City)),
    ("province|state|region|province code|state code", Kind::Place(Part::Province)),
    ("postal code|postal|zip|zip code|postcode|post code", Kind::Place(Part::PostalCode)),
    ("country|country code|nationality|origin|destination|iso 3166 3|alpha 3", Kind::CountryCode),
    ("iso 3166 2|iso 3166 1|alpha 2", Kind::Place(Part::Alpha2)),
    ("country name", Kind::Place(Part::Country)),
    ("continent", Kind::Word(d::CONTINENTS)),
    ("currency|currency code|iso 4217 3|iso 4217", Kind::Place(Part::Currency)),
    ("language|language code|lang|iso 639 2|iso 639 1", Kind::Place(Part::Language)),
    ("locale", Kind::Place(Part::Locale)),
    ("timezone|time zone|tz", Kind::Place(Part::Timezone)),
    ("phone|phone number|telephone|mobile|fax", Kind::Phone),
    ("ip|ip address|ipv4|remote addr", Kind::Pattern("203.0.113.?#")),
    ("mac address", Kind::Pattern("02:00:5e:**:**:**")),
    ("user agent|browser", Kind::Word(d::AGENTS)),
    ("host|hostname|domain|host name", Kind::Word(&["www.example.com", "api.example.com", "shop.example.org"])),
    ("url|uri|href|link|website|homepage|site|endpoint|webhook", Kind::Url("", "")),
    ("image|image url|photo|photo url|picture|avatar|avatar url|logo|logo url|icon|icon url|thumbnail|png", Kind::Url("images/", ".png")),
    ("pdf|pdf url|document|invoice url|label url", Kind::Url("files/", ".pdf")),
    ("filename|file name|file", Kind::Word(&["invoice.pdf", "photo.png", "orders.csv", "notes.txt"])),
    ("path", Kind::Word(&["/", "/orders", "/orders/new", "/catalog/shoes"])),
    ("content type|mime type|media type", Kind::Word(d::MEDIA_TYPES)),
    ("id|identifier|uid", Kind::Id),
    ("guid|uuid|idempotency key|correlation id|request id", Kind::Pattern("********-****-4***-a***-************")),
    ("number|reference|order|invoice|confirmation", Kind::Number),
    ("item number|sku|product number|part number", Kind::Pattern("SKU-?####")),
    ("tracking number|tracking id|carrier tracking number", Kind::Pattern("1Z999AA1##########")),
    ("barcode|ean|gtin|upc", Kind::Pattern("40############")),
    ("account number|meter number|customer number", Kind::Pattern("?#########")),
    ("routing number|bank code", Kind::Pattern("0?1#####?")),
    ("iban", Kind::Word(d::ACCOUNTS)),
    ("bic|swift|swift code", Kind::Pattern("@@@@DEFFXXX")),
    ("tax id|tax number|vat number|vat id", Kind::Pattern("DE#########")),
    ("card number|pan", Kind::Word(d::CARD_NUMBERS)),
    ("last4|last 4|last four", Kind::Pattern("####")),
    ("iin|bin", Kind::Pattern("4?####")),
    ("cvv|cvc|security code", Kind::Pattern("###")),
    ("pin|otp|verification code", Kind::Pattern("######")),
    ("brand|card type|card brand", Kind::Word(d::BRANDS)),
    ("hs6|hs code|hs10|tariff|tariff code|harmonized code", Kind::Word(d::TARIFF_CODES)),
    ("token|access token|refresh token|secret|api key|credential|signature|cryptogram", Kind::Pattern("tok_************************")),
    ("hash|sha|checksum|digest|etag|commit|fingerprint|sha1", Kind::Pattern("****************************************")),
    ("password|passphrase", Kind::Word(d::PASSWORDS)),
    ("key|slug|subdomain|alias", Kind::Slug),
    ("title|subject|headline|summary|caption|experience|theme", Kind::Title),
    ("description|text|note|comment|instruction|body|content|about|details", Kind::Word(d::SENTENCES)),
    ("message|reason|detail|explanation|cause", Kind::Word(d::SENTENCES)),
    ("error|error message|problem|violation|failure", Kind::Word(d::ERRORS)),
    ("error code", Kind::Word(d::ERROR_CODES)),
    ("code", Kind::Word(d::CODES)),
    ("promo code|promotion code|coupon|voucher|discount code", Kind::Pattern("SAVE?0")),
    ("label", Kind::Word(d::LABELS)),
    ("status|delivery status|payment status", Kind::Word(d::STATUSES)),
    ("type|kind", Kind::Word(d::KINDS)),
    ("role", Kind::Word(d::ROLES)),
    ("carrier|carrier id|carrier code", Kind::Word(d::CARRIERS)),
    ("service|service level|shipping method|delivery", Kind::Word(d::SERVICES)),
    ("color|colour", Kind::Word(d::COLORS)),
    ("size", Kind::Word(d::SIZES)),
    ("material|fabric", Kind::Word(d::MATERIALS)),
    ("category|department|collection", Kind::Word(d::CATEGORIES)),
    ("tag|keyword", Kind::Word(d::TAGS)),
    ("attribute|metadata|property|option|value|parameter|setting", Kind::Word(d::MATERIALS)),
    ("unit|unit of measurement|units", Kind::Word(d::UNITS)),
    ("environment|env", Kind::Word(d::ENVIRONMENTS)),
    ("measurement system", Kind::Word(d::SYSTEMS)),
    ("delivered duty|duty", Kind::Word(d::DUTIES)),
    ("method|http method|verb", Kind::Word(d::VERBS)),
    ("gender", Kind::Word(&["female", "male", "other"])),
    ("product name|item name", Kind::Word(d::PRODUCTS)),
    ("q|query|search|term", Kind::Word(d::MATERIALS)),
    ("version", Kind::Pattern("?.#.#")),
    ("ip range|cidr", Kind::Word(&["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"])),
];

/// Plausible numbers by the last words of a name.
#[rustfmt::skip]
pub const NUMBERS: &[(&str, Range)] = &[
    ("price|amount|total|subtotal|cost|balance|fee|discount|tax|revenue|salary|charge|grand total", cents(5, 249)),
    ("rate|factor|ratio|multiplier", cents(0, 1)),
    ("percent|percentage|vat|margin", cents(1, 30)),
    ("quantity|qty|item count|units", whole(1, 9)),
    ("count|total count|available|stock|inventory|x total count", whole(10, 500)),
    ("position|rank|index|line number|sequence|priority|page|ordinal", whole(1, 20)),
    ("weight|length|width|height|depth|distance|volume|area", cents(1, 60)),
    ("latitude|lat", cents(-54, 60)),
    ("longitude|lng|lon|long", cents(-120, 140)),
    ("age", whole(18, 80)),
    ("year", whole(2020, 2029)),
    ("month|expiration month", whole(1, 12)),
    ("expiration year", whole(2027, 2035)),
    ("day", whole(1, 28)),
    ("hour", whole(0, 23)),
    ("minute|second", whole(0, 59)),
    ("duration|ttl|timeout|interval|retry after|expires in|max age", whole(30, 3600)),
    ("port", whole(8000, 8999)),
    ("status|status code|http status", whole(200, 204)),
    ("version|revision", whole(1, 9)),
    ("rating|stars", whole(1, 5)),
    ("score", whole(1, 100)),
    ("limit|page size|per page|x limit", whole(25, 100)),
    ("size|bytes|file size|content length", whole(1_000, 90_000)),
    ("population", whole(10_000, 900_000)),
    ("temperature", cents(-10, 30)),
    ("speed|max speed", cents(10, 120)),
];

/// Words of things that have the name of a person, of a company, or of a product.
const PEOPLE: &str = "user person people customer contact author member owner employee recipient buyer guest sender \
    consumer patient student driver shopper subscriber attendee card";
const COMPANIES: &str = "organization organisation org company merchant vendor supplier seller team account tenant \
    application client partner publisher bank store shop provider manufacturer";
const PRODUCTS: &str = "product item variant sku article book line gift";

/// Words that order instants; a name with none of them is a beginning.
const LATER: &str = "updated modified changed processed completed finished paid captured shipped sent approved published \
    resolved accepted authorized confirmed adjourned edited synced seen used";
const LAST: &str = "expires expired expiration expiry expire until end ends ended due deadline to deleted archived \
    cancelled canceled closed max delivered delivery estimate arrival thru through before";

const fn whole(low: i64, high: i64) -> Range {
    Range { low, high, cents: false }
}

const fn cents(low: i64, high: i64) -> Range {
    Range { low, high, cents: true }
}

/// A table by its words, which `|` separates.
fn table<T: Copy>(rows: &[(&'static str, T)]) -> HashMap<&'static str, T> {
    rows.iter().flat_map(|(names, value)| names.split('|').map(move |name| (name, *value))).collect()
}

static TEXT_TABLE: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| table(TEXTS));
static NUMBER_TABLE: LazyLock<HashMap<&str, Range>> = LazyLock::new(|| table(NUMBERS));

/// A name and what it belongs to, in words.
#[derive(Debug, Clone)]
pub struct FieldName<'o> {
    words: Vec<String>,
    /// The words of the model.
    owner: &'o [String],
}

impl<'o> FieldName<'o> {
    /// Splits the name of a field of a model with these words. The elements of a list or map have its singular.
    pub fn new(name: &str, owner: &'o [String], has_elements: bool) -> Self {
        let mut words = words(name);
        if let Some(last) = words.last_mut().filter(|_| has_elements) {
            *last = singular(last);
        }
        Self { words, owner }
    }

    /// Returns how to write a plausible text.
    pub fn text(&self) -> Option<Kind> {
        if self.is_instant() {
            return Some(if self.ends_with(&["date"]) { Kind::Day(self.order()) } else { Kind::Instant(self.order()) });
        }
        match self.last()? {
            "name" if self.words.len() == 1 || !self.is_known() => Some(self.name()),
            "first" | "last" if !self.owner.iter().any(|word| word == "name") => None,
            "code" | "message" | "messages" | "reason" | "detail" if self.is_error() => {
                Some(Kind::Word(if self.ends_with(&["code"]) { d::ERROR_CODES } else { d::ERRORS }))
            }
            _ => self.longest(&TEXT_TABLE).or_else(|| self.range().map(Kind::Range)),
        }
    }

    /// Returns plausible numbers.
    pub fn range(&self) -> Option<Range> {
        self.longest(&NUMBER_TABLE)
    }

    /// Returns how an instant of this name is ordered among others.
    pub fn order(&self) -> Order {
        let has = |known: &str| self.words.iter().any(|word| is_one_of(known, word));
        match () {
            () if has("birth birthday birthdate born dob") => Order::Birth,
            () if has(LATER) => Order::Later,
            () if has(LAST) => Order::Last,
            () => Order::First,
        }
    }

    /// Returns the first letters of the word before the last one, or else of the owner's first word; `x` in place of
    /// what is missing.
    pub fn prefix(&self) -> [u8; 3] {
        let before = self.words.len().checked_sub(2).map(|at| &self.words[at]);
        let word = before.or(self.owner.first()).map_or(&b""[..], |word| word.as_bytes());
        std::array::from_fn(|at| word.get(at).copied().filter(u8::is_ascii_lowercase).unwrap_or(b'x'))
    }

    /// Returns true if the value is about another subject than its neighbours: a seller beside a buyer, a destination.
    pub fn is_other_side(&self) -> bool {
        const OTHER: &str = "destination recipient receiver to seller merchant supplier target delivery billing";
        self.words.iter().any(|word| is_one_of(OTHER, word))
    }

    /// Returns true if the whole name is in the table of texts.
    fn is_known(&self) -> bool {
        TEXT_TABLE.contains_key(&*self.words.join(" "))
    }

    fn last(&self) -> Option<&str> {
        self.words.last().map(String::as_str)
    }

    fn ends_with(&self, words: &[&str]) -> bool {
        self.words.iter().rev().zip(words.iter().rev()).filter(|(own, word)| own == word).count() == words.len()
    }

    fn is_instant(&self) -> bool {
        const ENDS: &str = "at timestamp datetime date birthday birthdate dob";
        self.last().is_some_and(|last| is_one_of(ENDS, last)) && !self.ends_with(&["at"]) || self.has_participle()
    }

    /// Returns true for `created_at`, but not for `look_at`.
    fn has_participle(&self) -> bool {
        let before = self.words.len().checked_sub(2).map(|at| self.words[at].as_str());
        self.ends_with(&["at"])
            && before.is_some_and(|word| word.ends_with("ed") || is_one_of(LATER, word) || is_one_of(LAST, word))
    }

    fn is_error(&self) -> bool {
        const ERRORS: &str = "error errors problem violation failure exception";
        self.words.iter().chain(self.owner).any(|word| is_one_of(ERRORS, word))
    }

    /// Returns what the longest known end of the name means, after that of the owner: the `year` of an `expiration`.
    fn longest<T: Copy>(&self, table: &HashMap<&str, T>) -> Option<T> {
        let (last, before) = self.words.split_last()?;
        // An identifier is of the owner; it does not say what the owner is.
        let owner = if is_one_of("id identifier uid key", last) { &[] } else { self.owner };
        let (mut text, mut starts) = (String::new(), Vec::new());
        for word in owner.iter().chain(before) {
            starts.push(text.len());
            text.extend([word.as_str(), " "]);
        }
        starts.push(text.len());
        let find = |last: &str| {
            let text = format!("{text}{last}");
            starts[starts.len().saturating_sub(4)..].iter().find_map(|start| table.get(&text[*start..]).copied())
        };
        // `notes` may be one text.
        find(last).or_else(|| find(&Some(singular(last)).filter(|one| one != last)?))
    }

    /// Returns what is called by a `name`: the word before it says what, or else the owner.
    fn name(&self) -> Kind {
        let before = self.words.len().checked_sub(2).map(|at| &self.words[at]);
        let what = before.into_iter().chain(self.owner.iter().rev());
        let kinds = what.filter_map(|word| match word.as_str() {
            "country" => Some(Kind::Place(Part::Country)),
            word if is_one_of(PEOPLE, word) => Some(Kind::FullName),
            word if is_one_of(COMPANIES, word) => Some(Kind::Company),
            word if is_one_of(PRODUCTS, word) => Some(Kind::Word(d::PRODUCTS)),
            "city" | "timezone" | "province" | "currency" | "language" | "locale" | "carrier" | "color"
            | "category" | "tag" | "file" | "host" | "continent" => TEXT_TABLE.get(word.as_str()).copied(),
            _ => None,
        });
        let mut kinds = kinds;
        kinds.next().unwrap_or(Kind::Title)
    }
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// Returns the singular of a word, if the rules of plurals lead back from it.
fn singular(word: &str) -> String {
    let ends = [("ies", "y"), ("es", ""), ("s", "")];
    let candidates = ends.iter().filter_map(|(end, instead)| Some(format!("{}{instead}", word.strip_suffix(end)?)));
    let mut candidates = candidates.filter(|candidate| !candidate.is_empty() && plural(candidate) == word);
    candidates.next().unwrap_or_else(|| word.to_owned())
}
