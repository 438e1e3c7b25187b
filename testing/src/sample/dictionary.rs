//! The words of plausible samples. None of them needs escapes in JSON, and none belongs to anybody: names of hosts,
//! telephone numbers and addresses of networks are those that are reserved for documentation.

/// A part of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Street,
    City,
    Province,
    PostalCode,
    Country,
    /// ISO 3166-1.
    Alpha2,
    Alpha3,
    /// ISO 4217.
    Currency,
    /// ISO 639-1.
    Language,
    Locale,
    Timezone,
    /// The beginning of a telephone number; two digits follow.
    Phone,
}

impl Part {
    /// Returns this part of a place.
    pub fn of(self, place: &'static str) -> &'static str {
        place.split('|').nth(self as usize).unwrap_or_default()
    }
}

/// Places, with all parts in order, so that those of an address fit together.
pub const PLACES: &[&str] = &[
    "120 Hudson Street|New York|NY|10013|United States|US|USA|USD|en|en_US|America/New_York|+1 212 555 01",
    "44 Queen Street West|Toronto|ON|M5H 2M9|Canada|CA|CAN|CAD|en|en_CA|America/Toronto|+1 416 555 01",
    "18 Camden High Street|London|LND|NW1 0JH|United Kingdom|GB|GBR|GBP|en|en_GB|Europe/London|+44 20 7946 09",
    "27 Rue de Rivoli|Paris|IDF|75001|France|FR|FRA|EUR|fr|fr_FR|Europe/Paris|+33 1 99 00 12 ",
    "Lindenstrasse 8|Berlin|BE|10969|Germany|DE|DEU|EUR|de|de_DE|Europe/Berlin|+49 30 23125 0",
    "Via Roma 15|Milano|MI|20121|Italy|IT|ITA|EUR|it|it_IT|Europe/Rome|+39 02 5550 01",
    "Calle de Alcala 31|Madrid|MD|28014|Spain|ES|ESP|EUR|es|es_ES|Europe/Madrid|+34 91 555 01 ",
    "Keizersgracht 102|Amsterdam|NH|1015|Netherlands|NL|NLD|EUR|nl|nl_NL|Europe/Amsterdam|+31 20 555 01",
    "Storgatan 5|Stockholm|AB|11455|Sweden|SE|SWE|SEK|sv|sv_SE|Europe/Stockholm|+46 8 465 004 ",
    "Bahnhofstrasse 21|Bern|BE|3011|Switzerland|CH|CHE|CHF|de|de_CH|Europe/Zurich|+41 31 555 01 ",
    "3-1 Marunouchi|Tokyo|13|100-0005|Japan|JP|JPN|JPY|ja|ja_JP|Asia/Tokyo|+81 3 5555 01",
    "88 George Street|Sydney|NSW|2000|Australia|AU|AUS|AUD|en|en_AU|Australia/Sydney|+61 2 5550 12",
    "Rua Augusta 250|Recife|PE|50030|Brazil|BR|BRA|BRL|pt|pt_BR|America/Recife|+55 81 5550 01",
    "12 Orchard Road|Singapore|SG|238826|Singapore|SG|SGP|SGD|en|en_SG|Asia/Singapore|+65 6555 01",
    "Avenida Juarez 40|Puebla|PUE|72000|Mexico|MX|MEX|MXN|es|es_MX|America/Mexico_City|+52 222 555 01",
    "9 Grafton Street|Dublin|D|D02 A272|Ireland|IE|IRL|EUR|en|en_IE|Europe/Dublin|+353 1 555 01",
];

pub const FIRST_NAMES: &[&str] = &[
    "Ada", "Alan", "Amara", "Ben", "Carla", "Chen", "Clara", "David", "Elena", "Emil", "Fatima", "Grace", "Hana",
    "Hugo", "Ines", "Jonas", "Kofi", "Laila", "Leo", "Maria", "Mateo", "Nadia", "Noah", "Olga", "Omar", "Priya",
    "Rosa", "Sam", "Sofia", "Tom", "Yuki", "Zoe",
];

pub const LAST_NAMES: &[&str] = &[
    "Adams", "Almeida", "Baker", "Bauer", "Becker", "Chen", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Haddad",
    "Hansen", "Ito", "Jensen", "Keller", "Kim", "Larsen", "Lopez", "Mensah", "Moreau", "Novak", "Okafor", "Patel",
    "Rossi", "Sato", "Schmidt", "Silva", "Tanaka", "Walker", "Weber", "Young",
];

pub const COMPANIES: &[&str] = &[
    "Acme",
    "Bluebird Books",
    "Cedar Supply",
    "Delta Foods",
    "Eastside Bikes",
    "Fern and Co",
    "Globex",
    "Harbor Goods",
    "Initech",
    "Juniper Labs",
    "Kestrel Outdoor",
    "Lakeside Tools",
    "Maple Home",
    "Northwind",
    "Orchard Toys",
    "Pine Street Press",
];

pub const PRODUCTS: &[&str] = &[
    "Canvas Tote Bag",
    "Ceramic Mug",
    "Cotton Shirt",
    "Desk Lamp",
    "Felt Hat",
    "Garden Chair",
    "Leather Belt",
    "Linen Scarf",
    "Oak Table",
    "Rain Jacket",
    "Running Shoes",
    "Silk Tie",
    "Steel Bottle",
    "Wall Clock",
    "Walnut Tray",
    "Wool Sweater",
];

pub const ADJECTIVES: &[&str] = &[
    "Amber", "Bright", "Calm", "Clear", "Coral", "Early", "Gentle", "Golden", "Green", "Grand", "Hidden", "Lucky",
    "Misty", "Quiet", "Silver", "Swift",
];

pub const NOUNS: &[&str] = &[
    "Anchor", "Bridge", "Canyon", "Forest", "Garden", "Harbor", "Island", "Lantern", "Meadow", "Mountain", "Orchard",
    "River", "Summit", "Valley", "Village", "Willow",
];

/// Keys of maps and of objects without declared fields.
pub const KEYS: &[&str] = &["color", "size", "material", "origin", "season", "style", "pattern", "finish"];

pub const SENTENCES: &[&str] = &[
    "Made for everyday use.",
    "Ships within two business days.",
    "Please leave it at the front desk.",
    "Checked and approved by the team.",
    "Available in several colors.",
    "Nothing else is needed at this time.",
    "Created for the spring season.",
    "The most popular choice this month.",
];

pub const ERRORS: &[&str] = &[
    "The value is not valid.",
    "A required value is missing.",
    "There is nothing with this identifier.",
    "This name is already in use.",
];

pub const ERROR_CODES: &[&str] = &["invalid", "missing", "not_found", "not_unique", "not_allowed", "expired"];
pub const CODES: &[&str] = &["standard", "express", "basic", "premium", "local", "global"];
pub const LABELS: &[&str] = &["Standard", "Express", "Free", "Recommended", "New", "Popular", "Limited", "Seasonal"];
pub const STATUSES: &[&str] = &["active", "pending", "completed", "processing"];
pub const KINDS: &[&str] = &["standard", "primary", "custom", "default"];
pub const ROLES: &[&str] = &["member", "admin", "viewer", "editor"];
pub const CARRIERS: &[&str] = &["ups", "dhl", "fedex", "usps", "dpd"];
pub const SERVICES: &[&str] = &["ground", "express", "economy", "overnight"];
pub const COLORS: &[&str] = &["black", "white", "navy", "green", "red", "grey", "beige", "teal"];
pub const SIZES: &[&str] = &["S", "M", "L", "XL", "38", "40", "42"];
pub const MATERIALS: &[&str] = &["cotton", "wool", "linen", "leather", "oak", "steel", "ceramic"];
pub const CATEGORIES: &[&str] = &["clothing", "shoes", "home", "garden", "toys", "books", "outdoor"];
pub const TAGS: &[&str] = &["new", "sale", "gift", "summer", "winter", "limited"];
pub const UNITS: &[&str] = &["kg", "g", "cm", "m", "piece", "box"];
pub const ENVIRONMENTS: &[&str] = &["sandbox", "production"];
pub const BRANDS: &[&str] = &["visa", "mastercard", "amex", "discover"];
pub const MEDIA_TYPES: &[&str] = &["application/json", "application/pdf", "image/png", "text/csv"];
pub const PASSWORDS: &[&str] = &["correct-horse-42", "battery-staple-7", "quiet-river-19", "green-lantern-8"];
pub const CONTINENTS: &[&str] = &["Africa", "America", "Asia", "Europe", "Oceania"];
pub const DUTIES: &[&str] = &["paid", "unpaid"];
pub const SYSTEMS: &[&str] = &["metric", "imperial"];
pub const TARIFF_CODES: &[&str] = &["610910", "640399", "420221", "940360", "691110", "620520"];
pub const CARD_NUMBERS: &[&str] = &["4111111111111111", "5555555555554444", "378282246310005"];
pub const ACCOUNTS: &[&str] = &["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606"];
pub const AGENTS: &[&str] = &["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "curl/8.9.1"];
pub const VERBS: &[&str] = &["GET", "POST", "PUT", "DELETE"];
