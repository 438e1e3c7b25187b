use std::pin::Pin;

/// A boxed future, as calls and transports hand out.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
