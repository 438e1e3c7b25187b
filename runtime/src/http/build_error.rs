use std::error::Error;
use std::fmt;

/// Why a client cannot be made. It repeats no secret.
#[derive(Debug)]
pub struct BuildError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl BuildError {
    pub(super) fn new(message: String) -> BuildError {
        BuildError { message, source: None }
    }

    #[cfg(feature = "reqwest")]
    pub(super) fn caused(message: &str, source: Box<dyn Error + Send + Sync>) -> BuildError {
        BuildError { message: message.to_owned(), source: Some(source) }
    }
}

impl From<String> for BuildError {
    fn from(message: String) -> Self {
        BuildError::new(message)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
