//! The types of `specs/order.json` as one would write them for serde.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
pub struct Order {
    id: Uuid,
    number: String,
    status: OrderStatus,
    currency: Currency,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_date: Option<Date>,
    customer: Customer,
    billing_address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_address: Option<Address>,
    items: Vec<LineItem>,
    payments: Vec<Payment>,
    totals: Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderStatus {
    Draft,
    Placed,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Currency {
    Usd,
    Eur,
    Gbp,
    Cad,
}

#[derive(Serialize, Deserialize)]
struct Address {
    line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line2: Option<String>,
    city: String,
    postal_code: String,
    country: String,
}

#[derive(Serialize, Deserialize)]
struct Customer {
    id: Uuid,
    email: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age: Option<i32>,
}

#[derive(Serialize, Deserialize)]
struct LineItem {
    id: Uuid,
    sku: String,
    name: String,
    quantity: i32,
    #[serde(with = "rust_decimal::serde::float")]
    unit_price: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "rust_decimal::serde::float_option")]
    discount: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CardBrand {
    Visa,
    Mastercard,
    Amex,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Payment {
    Card(Card),
    BankTransfer(BankTransfer),
    GiftCard(GiftCard),
}

#[derive(Serialize, Deserialize)]
struct Card {
    brand: CardBrand,
    last4: String,
    exp_month: i32,
    exp_year: i32,
}

#[derive(Serialize, Deserialize)]
struct BankTransfer {
    iban: String,
    reference: String,
}

#[derive(Serialize, Deserialize)]
struct GiftCard {
    code: String,
    #[serde(with = "rust_decimal::serde::float")]
    balance: Decimal,
}

#[derive(Serialize, Deserialize)]
struct Totals {
    #[serde(with = "rust_decimal::serde::float")]
    subtotal: Decimal,
    #[serde(with = "rust_decimal::serde::float")]
    tax: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "rust_decimal::serde::float_option")]
    shipping: Option<Decimal>,
    #[serde(with = "rust_decimal::serde::float")]
    total: Decimal,
}
