use std::ops::Deref;
use std::sync::Arc;

/// What stands for the API client that it points to: `&T`, `Box<T>` and `Arc<T>`. Generated `Api` traits are implemented for
/// each of them by one `impl`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no client of this API, and neither a `Box`, an `Arc` nor a reference of one"
)]
pub trait Pointer: Deref + Send + Sync {}

impl<T: Send + Sync + ?Sized> Pointer for &T {}
impl<T: Send + Sync + ?Sized> Pointer for Box<T> {}
impl<T: Send + Sync + ?Sized> Pointer for Arc<T> {}
