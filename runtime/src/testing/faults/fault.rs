use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::json::counted;
use crate::transport::TransportError;

/// A deliberate failure of a call.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection cannot be made: nothing is sent.
    Refused,
    /// A timeout at once: nothing is sent.
    Timeout,
    /// Nothing is sent, and no response arrives: the call ends with its time limit.
    Hang,
    /// The connection breaks before there is a response. Nothing is sent.
    Broken,
    /// The request is sent; the connection breaks after this many bytes of the response's body. A shorter body arrives
    /// complete.
    Cut(usize),
    /// A response in place of the server's; nothing is sent. See [`Fault::status`].
    Answer(Box<Answer>),
    /// The request is sent; the body of the response is truncated without an error.
    Truncated,
    /// The request is sent; one byte of the response's body is changed.
    Flipped,
    /// The request is sent; the body of the response is replaced, for example by the error page of a proxy.
    Content(Bytes),
}

/// A response that replaces the server's.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Fault {
    /// Creates a fault that responds with this status and no body.
    pub fn status(status: StatusCode) -> Fault {
        Fault::Answer(Box::new(Answer { status, headers: HeaderMap::new(), body: Bytes::new() }))
    }

    /// Sets the body of a [response](Self::status); any other fault becomes one of [content](Self::Content).
    pub fn with_body(self, body: impl Into<Bytes>) -> Fault {
        match self {
            Fault::Answer(answer) => Fault::Answer(Box::new(Answer { body: body.into(), ..*answer })),
            _ => Fault::Content(body.into()),
        }
    }

    /// Adds a header such as `Retry-After` to a [response](Self::status); other faults have none.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Fault {
        if let Fault::Answer(answer) = &mut self {
            answer.headers.append(name, value);
        }
        self
    }

    /// Returns what replaces an exchange; `None` if the fault needs the server's response, or never has a response.
    pub fn instead(&self) -> Option<Result<Response<Bytes>, TransportError>> {
        match self {
            Fault::Refused => Some(Err(TransportError::connect("a fault for tests: connection refused"))),
            Fault::Timeout => Some(Err(TransportError::timeout("a fault for tests: the time is up"))),
            Fault::Broken => Some(Err(TransportError::broken("a fault for tests: the connection broke"))),
            Fault::Answer(answer) => {
                let mut response = Response::new(answer.body.clone());
                *response.status_mut() = answer.status;
                *response.headers_mut() = answer.headers.clone();
                Some(Ok(response))
            }
            _ => None,
        }
    }

    /// Applies the fault to a response. `draw` selects the affected byte.
    ///
    /// # Errors
    /// Returns an error if the connection breaks before the response is complete.
    pub fn spoil(&self, draw: u64, mut response: Response<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let length = response.body().len();
        let place = usize::try_from(draw % (length.max(1) as u64)).unwrap_or(0);
        match self {
            Fault::Cut(after) if length > *after => {
                let text =
                    format!("a fault for tests: the connection broke after {after} of {}", counted(&length, "bytes"));
                return Err(TransportError::broken(text));
            }
            Fault::Truncated => *response.body_mut() = response.body().slice(..place),
            Fault::Flipped if length > 0 => {
                let mut bytes = response.body().to_vec();
                // Always changes the byte.
                bytes[place] ^= 1 << (draw >> 61);
                *response.body_mut() = Bytes::from(bytes);
            }
            Fault::Content(body) => *response.body_mut() = body.clone(),
            _ => {}
        }
        Ok(response)
    }
}
