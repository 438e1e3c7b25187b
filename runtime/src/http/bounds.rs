//! Which values and futures can move between threads: all, on every target of today. A target without threads, whose
//! sockets and timers belong to one, would change little more than this file.

use std::pin::Pin;

/// A boxed future, as calls and transports hand out.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// `Send`, where the target has threads.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be sent between threads safely", note = "it must be `Send`")]
pub trait MaybeSend: Send {}

impl<T: Send + ?Sized> MaybeSend for T {}

/// `Sync`, where the target has threads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared between threads safely",
    note = "it must be `Sync`"
)]
pub trait MaybeSync: Sync {}

impl<T: Sync + ?Sized> MaybeSync for T {}
