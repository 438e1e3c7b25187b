//! User types in generated code.

use apigen_runtime::codegen::{FromJson, Reader, ToJson, Writer};
use apigen_runtime::{Object, Value, client::ToParam, mock::Empty};

pub mod shop;

/// Replaces the model `price`: with other names, and without the currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    pub cents: i64,
}

impl FromJson for Money {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.get_as("a price with an amount in whole cents", |object: Object| {
            let cents = object.get("amount")?.as_f64()? * 100.0;
            (cents.fract() == 0.0).then_some(Money { cents: cents as i64 })
        })
    }
}

impl ToJson for Money {
    fn write(&self, w: &mut Writer) {
        let amount = Value::from(self.cents as f64 / 100.0);
        w.object(&[("amount", &amount), ("currency", &"EUR".to_owned())]);
    }
}

impl Empty for Money {
    fn empty() -> Self {
        Money { cents: 0 }
    }
}

/// Replaces the enum `currency`: closed, by its code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Currency([u8; 3]);

impl Currency {
    pub fn new(code: &str) -> Option<Self> {
        code.as_bytes().try_into().ok().filter(|code: &[u8; 3]| code.is_ascii()).map(Self)
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromJson for Currency {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.get_as("a currency such as EUR", |code: String| Currency::new(&code))
    }
}

impl ToJson for Currency {
    fn write(&self, w: &mut Writer) {
        w.string(self.code());
    }
}

impl ToParam for Currency {
    fn values(&self, out: &mut dyn FnMut(&str)) {
        out(self.code());
    }
}

impl Empty for Currency {
    fn empty() -> Self {
        Currency(*b"XXX")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::future::{Future, IntoFuture};
    use std::task::{Context, Poll, Waker};

    use super::shop::{Color, Discount, Item, ItemForm, MockClient, Percent, Point, Priced, Reason, items};
    use super::*;

    fn now<T>(future: impl Future<Output = T>) -> T {
        match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => unreachable!("a mock waits for nothing"),
        }
    }

    #[test]
    fn replaced_types_are_read_and_written() {
        let json = r#"{"id":1,"price":{"amount":1.5,"currency":"EUR"},"old_prices":[{"amount":2}],"currency":"CHF"}"#;
        let item = Item::from_json(json).unwrap();
        assert_eq!((item.price.cents, item.old_prices.as_deref().unwrap()[0].cents), (150, 200));
        assert_eq!(item.currency.code(), "CHF");
        assert_eq!(item.others, [Currency(*b"EUR"), Currency(*b"USD")]);
        assert_eq!(Item::from_json(item.to_json()).unwrap(), item);
        let priced: &dyn Priced = &item;
        assert_eq!(priced.price().cents, 150);
    }

    #[test]
    fn violations_have_their_place() {
        let json = r#"{"id":1,"price":{"amount":1.555},"currency":"Euro","others":["EUR",3]}"#;
        let violations = Item::from_json(json).unwrap_err();
        let found: Vec<(&str, &str)> = violations.iter().map(|v| (v.pointer.as_str(), v.code.as_str())).collect();
        assert_eq!(found, [("/price", "format"), ("/currency", "format"), ("/others/1", "type")]);
        assert!(violations.to_string().contains("expected a currency such as EUR, found \"Euro\""), "{violations}");
    }

    #[test]
    fn replaced_members_of_unions() {
        let money = Discount::from(Money { cents: 250 });
        assert_eq!(money.to_json(), r#"{"kind":"price","amount":2.5,"currency":"EUR"}"#);
        assert_eq!(Discount::from_json(money.to_json()).unwrap(), money);
        let currency = Discount::Currency(Currency(*b"USD"));
        assert_eq!(currency.to_json(), r#"{"kind":"currency","value":"USD"}"#);
        assert_eq!(Discount::from_json(currency.to_json()).unwrap(), currency);
        let reason = Reason::Discount(Money { cents: 100 }.into());
        assert_eq!(Reason::from_json(reason.to_json()).unwrap(), reason);
    }

    #[test]
    fn mocks_answer_with_the_smallest_value() {
        let mock = MockClient::new();
        assert_eq!(now(mock.items().get_price_by_id(1).into_future()).unwrap(), Money { cents: 0 });
        let item = now(mock.items().get_by_id(1).into_future()).unwrap();
        assert_eq!((item.price, item.currency), (Money { cents: 0 }, Currency(*b"USD")));
        assert_eq!(items::GetParams::new().currency, Currency(*b"EUR"));
    }

    #[test]
    fn derives_and_attributes_are_there() {
        let form = ItemForm { id: 1, color: Color::Red };
        assert!(HashSet::from([form.clone()]).contains(&form));
        assert!(Color::Red < Color::Blue && form < ItemForm { id: 2, color: Color::Red });
        let point = Point { x: 1.0, y: 2.0 };
        let copy = point;
        assert_eq!(point, copy);
        assert!(!format!("{:?}", Percent { amount: 1.into() }).is_empty());
    }
}
