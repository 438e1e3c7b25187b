//! The types of `specs/order.json` as one would write them for serde, with the limits as garde has them.

use std::collections::BTreeMap;

use garde::Validate;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
pub struct Order {
    id: Uuid,
    #[garde(length(chars, min = 5, max = 40))]
    number: String,
    status: OrderStatus,
    currency: Currency,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_date: Option<Date>,
    #[garde(dive)]
    customer: Customer,
    #[garde(dive)]
    billing_address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    shipping_address: Option<Address>,
    #[garde(length(min = 1, max = 20000), dive)]
    items: Vec<LineItem>,
    #[garde(length(min = 1), dive)]
    payments: Vec<Payment>,
    #[garde(dive)]
    totals: Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 500))]
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

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct Address {
    #[garde(length(chars, min = 1, max = 120))]
    line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 120))]
    line2: Option<String>,
    #[garde(length(chars, min = 1, max = 80))]
    city: String,
    #[garde(length(chars, min = 3, max = 12))]
    postal_code: String,
    #[garde(length(chars, min = 2, max = 2))]
    country: String,
}

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct Customer {
    id: Uuid,
    #[garde(length(chars, min = 3, max = 254))]
    email: String,
    #[garde(length(chars, min = 1, max = 100))]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 30))]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 18, max = 150))]
    age: Option<i32>,
}

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct LineItem {
    id: Uuid,
    #[garde(length(chars, min = 4, max = 32))]
    sku: String,
    #[garde(length(chars, min = 1, max = 200))]
    name: String,
    #[garde(range(min = 1, max = 1000))]
    quantity: i32,
    #[serde(with = "rust_decimal::serde::float")]
    #[garde(custom(positive))]
    unit_price: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "rust_decimal::serde::float_option")]
    #[garde(inner(custom(positive)))]
    discount: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 0.0, max = 1.0))]
    tax_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(max = 20))]
    tags: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CardBrand {
    Visa,
    Mastercard,
    Amex,
}

#[derive(Serialize, Deserialize, Validate)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Payment {
    Card(#[garde(dive)] Card),
    BankTransfer(#[garde(dive)] BankTransfer),
    GiftCard(#[garde(dive)] GiftCard),
}

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct Card {
    brand: CardBrand,
    #[garde(length(chars, min = 4, max = 4))]
    last4: String,
    #[garde(range(min = 1, max = 12))]
    exp_month: i32,
    #[garde(range(min = 2000, max = 2100))]
    exp_year: i32,
}

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct BankTransfer {
    #[garde(length(chars, min = 15, max = 34))]
    iban: String,
    #[garde(length(chars, max = 140))]
    reference: String,
}

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct GiftCard {
    #[garde(length(chars, min = 8, max = 32))]
    code: String,
    #[serde(with = "rust_decimal::serde::float")]
    #[garde(custom(positive))]
    balance: Decimal,
}

#[derive(Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct Totals {
    #[serde(with = "rust_decimal::serde::float")]
    #[garde(custom(positive))]
    subtotal: Decimal,
    #[serde(with = "rust_decimal::serde::float")]
    #[garde(custom(positive))]
    tax: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "rust_decimal::serde::float_option")]
    #[garde(inner(custom(positive)))]
    shipping: Option<Decimal>,
    #[serde(with = "rust_decimal::serde::float")]
    #[garde(custom(positive))]
    total: Decimal,
}

fn positive(value: &Decimal, _: &()) -> garde::Result {
    if value.is_sign_negative() && !value.is_zero() { Err(garde::Error::new("lower than 0")) } else { Ok(()) }
}
