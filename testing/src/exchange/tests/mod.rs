mod log;
mod record;
mod redaction;

use std::borrow::Cow;
use std::time::{Duration, UNIX_EPOCH};

use super::*;

/// Returns the exchange of the format's documentation.
fn exchange() -> Exchange {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Exchange {
        at: UNIX_EPOCH + Duration::from_millis(1_772_600_767_123),
        service: "location".into(),
        spec: "0.3.28".into(),
        environment: Some("sandbox".into()),
        operation: Some(Cow::Borrowed("users.get_by_guid")),
        method: "GET".to_owned(),
        target: "/users/6513?x=1".to_owned(),
        duration: Duration::from_micros(1234),
        request: Message { headers: vec![pair("accept", "application/json")], body: Body::None },
        response: Some(ResponseMessage {
            status: 200,
            message: Message {
                headers: vec![pair("content-type", "application/json")],
                body: Body::Json(r#"{"guid":"6513"}"#.to_owned()),
            },
        }),
        violations: vec![ExchangeViolation {
            side: MessageSide::Response,
            location: "body".into(),
            pointer: "/email".to_owned(),
            code: "missing".into(),
            message: "body: email: is missing".to_owned(),
        }],
        redacted: vec!["/response/json/email".to_owned()],
        truncated: false,
    }
}

/// A sequence of numbers that looks random.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }

    fn text(&mut self) -> String {
        const PIECES: &[&str] = &[
            "", "a", "\"", "\\", "\n", "\u{0}", "\u{1f}", "\u{7f}", "ü", "😀", "\u{2028}", "null", "{}", "\\u0041", " ",
        ];
        (0..self.below(6)).map(|_| self.one(PIECES)).collect()
    }

    fn body(&mut self) -> Body {
        match self.below(4) {
            0 => Body::None,
            1 => {
                Body::Json(self.one(&["null", "[]", "-1.50e9", r#"{"a":1,"a":[2,{"b":"\u00fc"}]}"#, "\"\""]).to_owned())
            }
            2 => Body::Text(self.text()),
            _ => Body::Binary((0..self.below(9)).map(|_| self.below(256) as u8).collect()),
        }
    }

    fn message(&mut self) -> Message {
        // Names in the order of JSON, which readers have.
        let mut headers: Vec<(String, String)> = Vec::new();
        for name in ["a", "b-c", "x"] {
            headers.extend((0..self.below(3)).map(|_| (name.to_owned(), self.text())));
        }
        Message { headers, body: self.body() }
    }

    fn exchange(&mut self) -> Exchange {
        let some = |random: &mut Random| if random.below(2) == 0 { None } else { Some(random.text()) };
        let violations = (0..self.below(3)).map(|_| ExchangeViolation {
            side: self.one(&[MessageSide::Request, MessageSide::Response]),
            location: self.text().into(),
            pointer: self.text(),
            code: self.text().into(),
            message: self.text(),
        });
        let violations = violations.collect();
        Exchange {
            at: UNIX_EPOCH + Duration::from_millis(self.below(1 << 31) * self.below(100_000)),
            service: self.text().into(),
            spec: self.text().into(),
            environment: some(self).map(Into::into),
            operation: some(self).map(Cow::Owned),
            method: self.text(),
            target: self.text(),
            duration: Duration::from_micros(self.below(1 << 31)),
            request: self.message(),
            response: match self.below(3) {
                0 => None,
                _ => Some(ResponseMessage { status: self.below(1000) as u16, message: self.message() }),
            },
            violations,
            redacted: (0..self.below(3)).map(|_| self.text()).collect(),
            truncated: self.below(2) == 0,
        }
    }
}
