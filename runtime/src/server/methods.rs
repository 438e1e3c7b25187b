//! The methods by which a generated mock is served.

/// Gives a mock client `router` and `serve`; nothing without the feature `server`.
#[cfg(feature = "server")]
#[doc(hidden)]
#[macro_export]
macro_rules! serve_mock {
    ($mock:ty, $client:ty) => {
        impl $mock {
            /// This mock behind HTTP: a tower service, for axum or for `serve`.
            pub fn router(&self) -> $crate::Router {
                $crate::Router::new::<$client>(::std::sync::Arc::new(::std::clone::Clone::clone(self)))
            }

            /// Listens at this address, until the server is dropped; port 0 is any that is free.
            ///
            /// # Errors
            /// The address cannot be bound.
            pub fn serve(
                &self,
                addr: impl ::std::net::ToSocketAddrs,
            ) -> ::std::result::Result<$crate::Server, ::std::io::Error> {
                self.router().serve(addr)
            }
        }
    };
}

/// Nothing: the feature `server` is off.
#[cfg(not(feature = "server"))]
#[doc(hidden)]
#[macro_export]
macro_rules! serve_mock {
    ($mock:ty, $client:ty) => {};
}
