//! What can go wrong.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::json::counted;
use crate::transport::TransportError;

/// One thing that goes wrong with a call.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// There is no connection: nothing is sent.
    Refused,
    /// The time is up at once: nothing is sent.
    Timeout,
    /// Nothing is sent, and no answer comes: the call ends with its time limit.
    Hang,
    /// The connection breaks before there is an answer. Nothing is sent.
    Broken,
    /// The request is sent; the connection breaks behind so many bytes of the response's body. A shorter body arrives whole.
    Cut(usize),
    /// An answer in place of the server's; nothing is sent. See [`Fault::status`].
    Answer(Box<Answer>),
    /// The request is sent; the body of the response ends somewhere, and nobody says so.
    Truncated,
    /// The request is sent; one byte of the response's body is another.
    Flipped,
    /// The request is sent; the body of the response is this one, such as the page of a proxy.
    Content(Bytes),
}

/// An answer that no server gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Fault {
    /// An answer with this status and without a body.
    pub fn status(status: StatusCode) -> Fault {
        Fault::Answer(Box::new(Answer { status, headers: HeaderMap::new(), body: Bytes::new() }))
    }

    /// Gives an [answer](Self::status) a body, or makes any other fault one of [content](Self::Content).
    pub fn with_body(self, body: impl Into<Bytes>) -> Fault {
        match self {
            Fault::Answer(answer) => Fault::Answer(Box::new(Answer { body: body.into(), ..*answer })),
            _ => Fault::Content(body.into()),
        }
    }

    /// Gives an [answer](Self::status) a header such as `Retry-After`; other faults have none.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Fault {
        if let Fault::Answer(answer) = &mut self {
            answer.headers.append(name, value);
        }
        self
    }

    /// What comes in place of an exchange; `None` if the fault needs the server's answer, or is that there never is one.
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

    /// What becomes of a response. `draw` says which byte it is that is wrong.
    ///
    /// # Errors
    /// The connection broke before the response was whole.
    pub fn spoil(&self, draw: u64, mut response: Response<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let length = response.body().len();
        let place = usize::try_from(draw % (length.max(1) as u64)).unwrap_or(0);
        match self {
            Fault::Cut(after) if length > *after => {
                let text =
                    format!("a fault for tests: the connection broke behind {after} of {}", counted(&length, "bytes"));
                return Err(TransportError::broken(text));
            }
            Fault::Truncated => *response.body_mut() = response.body().slice(..place),
            Fault::Flipped if length > 0 => {
                let mut bytes = response.body().to_vec();
                // Never what it was.
                bytes[place] ^= 1 << (draw >> 61);
                *response.body_mut() = Bytes::from(bytes);
            }
            Fault::Content(body) => *response.body_mut() = body.clone(),
            _ => {}
        }
        Ok(response)
    }
}
