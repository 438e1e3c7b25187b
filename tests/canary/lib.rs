//! Values with a canary in each sensitive place, and a marker in the others.
#![cfg(test)]

mod canary;
mod heard;
mod messages;
mod mocks;
mod server;

use std::collections::BTreeMap;

use apigen_runtime::{FromJson, Value};
use canary::{Account, Card, Client, Level, Note, Owner, Payer, Safe, Vault, accounts};
use heard::Heard;

const EMAIL: &str = "canary-email@x.org";

fn card() -> Card {
    Card::new("canary-card", "marker-brand")
}

fn vault() -> Vault {
    Vault {
        numbers: Some(BTreeMap::from([("canary-key".to_owned(), 77001)])),
        anything: Some(serde_json::json!({"canary-name": ["canary-value"]})),
        level: Some(Level::Unknown("canary-level".to_owned())),
        card: Some(card()),
        preset: "canary-preset".to_owned(),
        ..Vault::new(
            "canary-text",
            77002,
            vec!["canary-element".to_owned()],
            BTreeMap::from([("canary-key".to_owned(), "canary-value".to_owned())]),
        )
    }
}

fn account() -> Account {
    Account {
        payer: Some(Payer::Card(card())),
        owner: Some(Owner::Safe(Safe::new("canary-safe"))),
        ..Account::new(
            7,
            "marker-name",
            EMAIL,
            vault(),
            vec![card()],
            BTreeMap::from([("marker-key".to_owned(), card())]),
        )
    }
}

fn params() -> accounts::GetByEmailParams {
    accounts::GetByEmailParams::new()
        .access_token(["canary-token-1", "canary-token-2"])
        .number(77003)
        .page("marker-page")
        .x_api_key("canary-header")
        .x_trace("marker-trace")
}

fn login() -> accounts::PostLogin {
    accounts::PostLogin {
        user: "marker-user".to_owned(),
        password: "canary-password".to_owned(),
        params: accounts::PostLoginParams::new()
            .vault(vault())
            .credentials(BTreeMap::from([("canary-key".to_owned(), 77004)])),
    }
}

fn note() -> Note {
    Note::new(5, "marker-note")
}

#[test]
fn typed_values() {
    let heard = Heard::default();
    heard.debug(&account());
    let unknown = r#"{"kind": "marker-kind", "password": "canary"}"#;
    let payer = Payer::from_json_with(unknown, &apigen_runtime::Mode::lenient()).unwrap();
    heard.debug(&Account { payer: Some(payer), ..account() });
    heard.debug(&accounts::GetByEmail { email: EMAIL.to_owned(), params: params() });
    heard.debug(&accounts::Post { account: account() });
    heard.debug(&login());
    heard.debug(&accounts::GetByEmailHeaders {
        x_session_token: Some("canary-session".to_owned()),
        x_plain: Some("marker-plain".to_owned()),
    });
    let json = apigen_runtime::ToJson::to_json(&account());
    let mut reader = apigen_runtime::Reader::new(json.as_bytes(), &apigen_runtime::Mode::strict());
    heard.debug(&reader);
    Account::read(&mut reader).unwrap();
    heard.debug(&reader);
    let mut writer = apigen_runtime::Writer::new();
    writer.string("canary");
    heard.debug(&writer);
    let mut broken = account();
    broken.vault.anything = Some(Value::Null);
    broken.vault.text = "canary-with-more-than-sixty-characters-which-is-more-than-are-allowed".to_owned();
    broken.cards.push(Card::new("canary-with-more-than-sixty-characters-which-is-more-than-are-allowed", "b"));
    heard.error(&apigen_runtime::FromJson::validate(&broken).unwrap_err());
    heard.error(&serde_json::from_str::<Card>(r#"{"number": ["canary"], "brand": {"marker": 1}}"#).unwrap_err());
    let markers = ["marker-name", "marker-key", "marker-page", "marker-plain", "marker-user", "marker-kind", "[REDACTED]"];
    heard.silent(&markers);
}
