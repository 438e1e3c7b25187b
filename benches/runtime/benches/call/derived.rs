//! The same addresses with serde derives, as one would write them by hand.
#![allow(dead_code, reason = "what counts is that it is read")]

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Address {
    text: Option<String>,
    streets: Option<Vec<String>>,
    city: Option<String>,
    province: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    precision: Option<Precision>,
}

#[derive(Deserialize)]
enum Precision {
    #[serde(rename = "CI")]
    City,
    #[serde(rename = "ST")]
    Street,
}

/// About 1 KB, as servers write it.
pub const BODY: &str = concat!(
    r#"[{"text":"12 rue de Rivoli, 75004 Paris, France","streets":["12 rue de Rivoli","Escalier B"],"city":"Paris","#,
    r#""province":"Île-de-France","postal_code":"75004","country":"FRA","latitude":48.855478,"longitude":2.358713,"#,
    r#""precision":"ST"},"#,
    r#"{"text":"221B Baker Street, London NW1 6XE, United Kingdom","streets":["221B Baker Street"],"city":"London","#,
    r#""province":"Greater London","postal_code":"NW1 6XE","country":"GBR","latitude":51.523767,"longitude":-0.158555,"#,
    r#""precision":"ST"},"#,
    r#"{"text":"Unter den Linden 77, 10117 Berlin, Deutschland","streets":["Unter den Linden 77"],"city":"Berlin","#,
    r#""province":"Berlin","postal_code":"10117","country":"DEU","latitude":52.516034,"longitude":13.380012,"#,
    r#""precision":"CI"},"#,
    r#"{"text":"Via Garibaldi 7, 00153 Roma, Italia","streets":["Via Garibaldi 7","Interno 4"],"city":"Roma","#,
    r#""province":"Lazio","postal_code":"00153","country":"ITA","latitude":41.889021,"longitude":12.467222,"#,
    r#""precision":"CI"}]"#
);
