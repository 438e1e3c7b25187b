use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};

use super::refresh::{FetchFuture, Fetched, Refresher};
use crate::encoding::headers;

/// Credentials of a client. They appear in no `Debug`, `Display` or error.
#[derive(Clone, Debug, Default)]
pub struct Auth(Scheme);

#[derive(Clone, Debug, Default)]
enum Scheme {
    #[default]
    None,
    Basic(Sensitive, Sensitive),
    Token(&'static str, Sensitive),
    Header(Sensitive, Sensitive),
    Refreshing(Arc<Refresher>),
}

impl Auth {
    /// Sends no credentials.
    pub fn none() -> Auth {
        Auth(Scheme::None)
    }

    /// Sends an API key by API Builder's convention: as the user name of HTTP Basic, with an empty password.
    pub fn api_key(key: impl Into<Sensitive>) -> Auth {
        Auth(Scheme::Basic(key.into(), Sensitive::from("")))
    }

    /// Sends a user name and a password by HTTP Basic, in UTF-8 (RFC 7617).
    pub fn basic(user: impl Into<Sensitive>, password: impl Into<Sensitive>) -> Auth {
        Auth(Scheme::Basic(user.into(), password.into()))
    }

    /// Sends `Authorization: Bearer <token>`.
    pub fn bearer(token: impl Into<Sensitive>) -> Auth {
        Auth(Scheme::Token("Bearer", token.into()))
    }

    /// Sends `Authorization: Session <id>`, which API Builder's proxy supports.
    pub fn session(id: impl Into<Sensitive>) -> Auth {
        Auth(Scheme::Token("Session", id.into()))
    }

    /// Sends a header of any name, for instance `X-Api-Key`.
    pub fn header(name: impl Into<String>, value: impl Into<Sensitive>) -> Auth {
        Auth(Scheme::Header(Sensitive::from(name.into()), value.into()))
    }

    /// Sends credentials that expire. `fetch` is called when the first call needs them, after their
    /// [lifetime](Credentials::expires_in), and when a server responds 401: the call is then sent once more with fresh
    /// credentials.
    ///
    /// All waiting calls share one fetch and its outcome. An error of `fetch` becomes the
    /// [source](std::error::Error::source) of their errors; our messages do not show it. The time limit of a call
    /// applies while it waits. A header of the same name on the client or the call takes precedence. `fetch` must not
    /// send calls with the client that it serves, since these would wait for it.
    ///
    /// Write a closure that ends in `Ok(…)` and converts errors of any type with `?`. Pass a function that returns an error
    /// type of its own, or [`Auth`] in place of [`Credentials`], to [`refreshing_with`](Self::refreshing_with).
    ///
    /// ```
    /// use apigen_runtime::client::{Auth, Credentials};
    /// use std::time::Duration;
    ///
    /// async fn log_in() -> Result<String, std::io::Error> {
    ///     Ok("token".into())
    /// }
    ///
    /// let auth = Auth::refreshing(|| async {
    ///     Ok(Credentials::new(Auth::bearer(log_in().await?)).expires_in(Duration::from_secs(290)))
    /// });
    /// ```
    pub fn refreshing<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Auth
    where
        F: Future<Output = Result<Credentials, Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        let fetch = move || {
            let fetching = fetch();
            Box::pin(async move {
                let Credentials { auth, lifetime } = fetching.await?;
                Ok(Fetched { header: auth.to_header()?, lifetime })
            }) as FetchFuture
        };
        Auth(Scheme::Refreshing(Arc::new(Refresher::new(Box::new(fetch)))))
    }

    /// Sends credentials that expire, as [`refreshing`](Self::refreshing) does, for a function that returns an error type
    /// of its own: that of an operation, `AnyError`, one of yours, or a message. It may return [`Auth`] in place of
    /// [`Credentials`].
    ///
    /// There are two methods because rustc cannot infer the error type of a closure that ends in `Ok(log_in().await?)`
    /// unless the method fixes it (E0283).
    ///
    /// ```
    /// use apigen_runtime::client::{Auth, Credentials};
    ///
    /// #[derive(Debug)]
    /// struct Refused;
    /// # impl std::fmt::Display for Refused {
    /// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    /// #         f.write_str("refused")
    /// #     }
    /// # }
    /// impl std::error::Error for Refused {}
    ///
    /// async fn log_in() -> Result<Credentials, Refused> {
    ///     Ok(Auth::bearer("token").into())
    /// }
    ///
    /// let auth = Auth::refreshing_with(log_in);
    /// ```
    pub fn refreshing_with<F, C, E>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Auth
    where
        F: Future<Output = Result<C, E>> + Send + 'static,
        C: Into<Credentials>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let fetch = move || {
            let fetching = fetch();
            async move { fetching.await.map(C::into).map_err(E::into) }
        };
        Auth::refreshing(fetch)
    }

    pub(crate) fn refresher(&self) -> Option<Arc<Refresher>> {
        match &self.0 {
            Scheme::Refreshing(refresher) => Some(Arc::clone(refresher)),
            _ => None,
        }
    }

    /// Returns the header to send, flagged as sensitive. Errors do not repeat the credentials.
    pub(crate) fn to_header(&self) -> Result<Option<(HeaderName, HeaderValue)>, String> {
        let (name, text) = match &self.0 {
            Scheme::None => return Ok(None),
            Scheme::Refreshing(_) => return Err("credentials that are fetched cannot be fetched in turn".into()),
            // RFC 7617: the first colon ends the user name, so one inside it would move the rest into the password.
            Scheme::Basic(user, _) if user.expose().contains(':') => {
                return Err("a user name or API key must not contain a colon".into());
            }
            Scheme::Basic(user, password) => {
                let pair = format!("{}:{}", user.expose(), password.expose());
                (AUTHORIZATION, format!("Basic {}", BASE64_STANDARD.encode(pair)))
            }
            Scheme::Token(scheme, token) => (AUTHORIZATION, format!("{scheme} {}", token.expose())),
            Scheme::Header(name, value) => (headers::name(name.expose())?, value.expose().to_owned()),
        };
        let mut value = headers::value(&text).ok_or("the credentials contain a control character")?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }
}

/// Credentials fetched for [`Auth::refreshing`], and their lifetime.
#[derive(Debug, Clone)]
pub struct Credentials {
    auth: Auth,
    lifetime: Option<Duration>,
}

impl Credentials {
    /// Creates credentials that are used until a server refuses them.
    pub fn new(auth: Auth) -> Credentials {
        Credentials { auth, lifetime: None }
    }

    /// Sets how long the credentials are used. Subtract a little for the time that requests are in flight.
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Credentials {
        Credentials { lifetime: Some(lifetime), ..self }
    }
}

impl From<Auth> for Credentials {
    fn from(auth: Auth) -> Self {
        Credentials::new(auth)
    }
}

/// Text that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(String);

impl Sensitive {
    /// Returns the text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Sensitive {
    fn from(text: T) -> Self {
        Sensitive(text.into())
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_each_scheme() {
        let header =
            |auth: Auth| auth.to_header().unwrap().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        assert_eq!(header(Auth::none()), None);
        assert_eq!(header(Auth::api_key("k")).unwrap(), "authorization: Basic azo=");
        assert_eq!(header(Auth::basic("k", "p:q")).unwrap(), "authorization: Basic azpwOnE=");
        assert_eq!(header(Auth::bearer("t")).unwrap(), "authorization: Bearer t");
        assert_eq!(header(Auth::session("t")).unwrap(), "authorization: Session t");
        assert_eq!(header(Auth::header("X-Api-Key", "t")).unwrap(), "x-api-key: t");
    }

    #[test]
    fn secrets_are_not_shown() {
        for auth in [Auth::api_key("hunter2"), Auth::bearer("hunter2"), Auth::header("X-Key", "hunter2")] {
            assert!(!format!("{auth:?}").contains("hunter2"));
            assert!(!format!("{:?}", auth.to_header()).contains("hunter2"));
        }
        for bad in [Auth::basic("hunter2:x", ""), Auth::bearer("hunter2\n"), Auth::header("", "hunter2")] {
            assert!(!bad.to_header().unwrap_err().contains("hunter2"));
        }
    }
}
