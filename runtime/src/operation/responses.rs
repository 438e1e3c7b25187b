//! Generated enums with one variant per status.

use std::convert::Infallible;

use super::OperationInfo;
use crate::json::{ToJson, encode};

/// Implements reading and writing for such an enum. Lists each status with its variant: `NotFound` without a body,
/// `Conflict(body)` with one; an optional last variant holds all other statuses, `_ => Other(status)` or `_ =>
/// Other(status, body)`. The attributes apply to the part that only mocks and servers need; `client_responses!` leaves
/// it out.
#[doc(hidden)]
#[macro_export]
macro_rules! responses {
    ($(#[$attribute:meta])* $name:ident {
        $($code:literal => $variant:ident $(($body:ident))?),* $(,)?
        $(_ => $other:ident ($status:ident $(, $rest:ident)?) $(,)?)?
    }) => {
        $crate::client_responses! {
            $name {
                $($code => $variant $(($body))?,)*
                $(_ => $other ($status $(, $rest)?),)?
            }
        }

        $(#[$attribute])*
        impl $crate::codegen::ToResponse for $name {
            fn to_response(
                &self,
                _: &$crate::OperationInfo,
            ) -> ::core::option::Option<(u16, ::core::option::Option<$crate::codegen::ResponseBody>)> {
                match self {
                    $(Self::$variant $(($body))? => $crate::response_text!($code $(, $body)?),)*
                    $(Self::$other($status $(, $rest)?) => $crate::response_text!(*$status $(, $rest)?),)?
                }
            }
        }
    };
}

/// Implements reading for such an enum, for clients without mocks and servers.
#[doc(hidden)]
#[macro_export]
macro_rules! client_responses {
    ($name:ident {
        $($code:literal => $variant:ident $(($body:ident))?),* $(,)?
        $(_ => $other:ident ($status:ident $(, $rest:ident)?) $(,)?)?
    }) => {
        impl $crate::client::FromResponse for $name {
            fn read(status: u16, r: &mut $crate::Reader<'_>) -> ::core::option::Option<Self> {
                match status {
                    $($code => $crate::response_variant!(r $variant $(($body))?),)*
                    _ => $crate::other_response!(status r $($other $($rest)?)?),
                }
            }
        }
    };
}

/// Like `responses!`, for declared errors of operations, which know their status.
#[doc(hidden)]
#[macro_export]
macro_rules! error_responses {
    ($(#[$attribute:meta])* $name:ident { $($rows:tt)* }) => {
        $crate::responses! { $(#[$attribute])* $name { $($rows)* } }
        $crate::declared_error! { $name { $($rows)* } }

        $(#[$attribute])*
        impl ::core::convert::From<$name> for $crate::server::HandlerError<$name> {
            fn from(error: $name) -> Self {
                $crate::server::HandlerError::from_declared(error)
            }
        }
    };
}

/// Like `client_responses!`, for declared errors of operations.
#[doc(hidden)]
#[macro_export]
macro_rules! client_error_responses {
    ($name:ident { $($rows:tt)* }) => {
        $crate::client_responses! { $name { $($rows)* } }
        $crate::declared_error! { $name { $($rows)* } }
    };
}

/// Implements `DeclaredError`.
#[doc(hidden)]
#[macro_export]
macro_rules! declared_error {
    ($name:ident {
        $($code:literal => $variant:ident $(($body:ident))?),* $(,)?
        $(_ => $other:ident ($status:ident $(, $rest:ident)?) $(,)?)?
    }) => {
        impl $crate::client::DeclaredError for $name {
            fn status(&self) -> u16 {
                match self {
                    $(Self::$variant { .. } => $code,)*
                    $(Self::$other($status, ..) => *$status,)?
                }
            }
        }
    };
}

/// Reads the body of a variant. `Option::map` would be compiled for each variant, with its closure.
#[doc(hidden)]
#[macro_export]
macro_rules! response_variant {
    ($reader:ident $variant:ident) => {
        match $reader.get() {
            ::core::option::Option::Some(()) => ::core::option::Option::Some(Self::$variant),
            ::core::option::Option::None => ::core::option::Option::None,
        }
    };
    ($reader:ident $variant:ident ($body:ident)) => {
        match $reader.get() {
            ::core::option::Option::Some($body) => ::core::option::Option::Some(Self::$variant($body)),
            ::core::option::Option::None => ::core::option::Option::None,
        }
    };
}

/// Reads the responses of unlisted statuses.
#[doc(hidden)]
#[macro_export]
macro_rules! other_response {
    ($status:ident $reader:ident) => {
        ::core::option::Option::None
    };
    ($status:ident $reader:ident $other:ident) => {
        $reader.get().map(|()| Self::$other($status))
    };
    ($status:ident $reader:ident $other:ident $body:ident) => {
        $reader.get().map(|body| Self::$other($status, body))
    };
}

/// Writes a response.
#[doc(hidden)]
#[macro_export]
macro_rules! response_text {
    ($code:expr) => {
        $crate::codegen::no_content($code)
    };
    ($code:expr, $body:ident) => {
        $crate::codegen::content($code, $body)
    };
}

/// The JSON of a response, or why JSON cannot express it.
pub type ResponseBody = Result<String, String>;

/// A type that can be written as a response: the reverse of [`FromResponse`](crate::client::FromResponse).
pub trait ToResponse {
    /// Returns its status, and the JSON of the body, if it has one; `None` if the operation declares no suitable
    /// status.
    fn to_response(&self, info: &OperationInfo) -> Option<(u16, Option<ResponseBody>)>;
}

/// Writes a success, with the first status that the operation declares with or without a body, as needed.
impl<T: ToJson> ToResponse for T {
    fn to_response(&self, info: &OperationInfo) -> Option<(u16, Option<ResponseBody>)> {
        let successes = || info.responses.iter().filter(|response| response.success);
        let fits = successes().find(|response| response.unit == self.is_absent());
        let response = fits.or(successes().next())?;
        // `default` stands for any success.
        let status = response.status.unwrap_or(200);
        Some((status, (!response.unit && !self.is_absent()).then(|| encode(self))))
    }
}

impl ToResponse for Infallible {
    fn to_response(&self, _info: &OperationInfo) -> Option<(u16, Option<ResponseBody>)> {
        match *self {}
    }
}

/// Returns a response with a body.
pub fn content(status: u16, body: &impl ToJson) -> Option<(u16, Option<ResponseBody>)> {
    Some((status, Some(encode(body))))
}

/// Returns a response without a body.
pub fn no_content(status: u16) -> Option<(u16, Option<ResponseBody>)> {
    Some((status, None))
}

#[cfg(test)]
mod tests {
    use super::ToResponse;
    use crate::json::{Mode, Reader};
    use crate::operation::{DeclaredError, FromResponse, OperationInfo, ResponseInfo};

    #[derive(Debug, PartialEq)]
    enum Failure {
        NotFound,
        Conflict(Vec<String>),
        Other(u16, String),
    }

    error_responses! { Failure { 404 => NotFound, 409 => Conflict(body), _ => Other(status, body) } }

    #[derive(Debug, PartialEq)]
    enum Outcome {
        Ok(bool),
        Other(u16),
    }

    responses! { Outcome { 200 => Ok(body), _ => Other(status), } }

    const INFO: &OperationInfo = &OperationInfo::new("a.b", "GET", "/a", &[ResponseInfo::success(200)]);

    fn read<T: FromResponse>(status: u16, text: &str) -> Option<T> {
        T::read(status, &mut Reader::new(text.as_bytes(), &Mode::strict()))
    }

    #[test]
    fn every_variant_is_read_and_written() {
        for (status, text, value) in [
            (404, "null", Failure::NotFound),
            (409, r#"["a"]"#, Failure::Conflict(vec!["a".to_owned()])),
            (500, r#""b""#, Failure::Other(500, "b".to_owned())),
        ] {
            assert_eq!(read::<Failure>(status, text).as_ref(), Some(&value));
            assert_eq!(value.status(), status);
            let body = (text != "null").then(|| Ok(text.to_owned()));
            assert_eq!(value.to_response(INFO), Some((status, body)));
        }
        assert_eq!(read::<Outcome>(200, "true"), Some(Outcome::Ok(true)));
        assert_eq!(Outcome::Ok(true).to_response(INFO), Some((200, Some(Ok("true".to_owned())))));
        assert_eq!(read::<Outcome>(299, "null"), Some(Outcome::Other(299)));
        assert_eq!(Outcome::Other(299).to_response(INFO), Some((299, None)));
    }
}
