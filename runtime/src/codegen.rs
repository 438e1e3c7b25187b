//! Items that only generated code names. They may change between versions.

use std::ops::Deref;
use std::sync::Arc;

pub use crate::client::request::Request;
pub use crate::client::{Page, PageParameter};
pub use crate::encoding::{FromHeaders, HeaderError, ToParam, header, header_list, optional_header};
pub use crate::json::{
    Elements, EnumTable, Field, FromJson, Members, RawJson, Reader, SensitiveField, SensitiveValue, ToJson, UnionTable,
    Writer, nested, opt, req,
};
#[cfg(feature = "serde")]
pub use crate::json::{serde_deserialize, serde_serialize};
pub use crate::mock::overrides::Overrides;
pub use crate::operation::{HeaderInfo, ResponseBody, ToResponse, content, error, no_content, others, success};
pub use crate::server::ToHeaders;
pub use crate::validate::endpoint::{Endpoint, Serve, Served};
pub use crate::validate::refusal::Refusal;
pub use crate::validate::request::RequestReader;
pub use crate::values::{Empty, Profile, Sample, Sampler, literal, smallest};
pub use crate::{
    client_error_responses, client_responses, enum_factories, error_responses, factory, responses, serde_bridge,
    union_factory,
};
pub use http::HeaderMap;
#[cfg(feature = "serde")]
pub use serde;

/// The tables of empty responses of mocks.
pub mod empty {
    pub use crate::mock::response::{EmptyResponse, empty_list, empty_map, nothing};
    pub use crate::state::{json, smallest};
}

/// The state tables of stateful mocks.
pub mod state {
    pub use crate::state::{
        Action, Collection, JsonFn, Keys, PathField, StateRequest, StateResponse, StateTable, StaticJson, Store,
        Stored, json, smallest,
    };
}

/// Expands to nothing: the feature `serde` is off.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! serde_bridge {
    ($($type:ty),* $(,)?) => {};
}

const MAJOR: u32 = number(env!("CARGO_PKG_VERSION_MAJOR"));
const MINOR: u32 = number(env!("CARGO_PKG_VERSION_MINOR"));

/// Stops compilation of code that was generated for another `major.minor` version of this crate.
///
/// Generated modules evaluate it in a constant:
///
/// ```
/// const _: () = apigen_runtime::codegen::assert_version(0, 1);
/// ```
///
/// ```compile_fail
/// const _: () = apigen_runtime::codegen::assert_version(0, 99);
/// ```
pub const fn assert_version(major: u32, minor: u32) {
    assert!(
        major == MAJOR && minor == MINOR,
        concat!(
            "this code was generated for another version of apigen-runtime than ",
            env!("CARGO_PKG_VERSION"),
            ": use the same version of apigen and apigen-runtime, and generate it again"
        )
    );
}

const fn number(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => u32::MAX,
    }
}

/// A pointer to an API client: `&T`, `Box<T>` and `Arc<T>`. Generated `Api` traits are implemented for each of them by
/// one `impl`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement this API, and is not a `Box`, an `Arc` or a reference of a type that does"
)]
pub trait Pointer: Deref + Send + Sync {}

impl<T: Send + Sync + ?Sized> Pointer for &T {}
impl<T: Send + Sync + ?Sized> Pointer for Box<T> {}
impl<T: Send + Sync + ?Sized> Pointer for Arc<T> {}
