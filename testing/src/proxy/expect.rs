//! `Expect: 100-continue`: the client sends its body when the server has asked for it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use http::header::EXPECT;
use http::{HeaderMap, StatusCode};
use tokio::time::Sleep;

/// How long a server that does not know `Expect` is waited for. Clients wait about as long.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The server has not said anything.
    Waiting,
    /// The server has asked for the body.
    Open,
    /// The server has responded without asking for the body.
    Held,
    /// The exchange is over.
    Shut,
}

type Shared = Arc<Mutex<(State, Option<Waker>)>>;

/// Holds a request body back.
pub(super) struct Gate {
    shared: Shared,
    patience: Option<Pin<Box<Sleep>>>,
}

/// Opens a [`Gate`].
#[derive(Clone)]
pub(super) struct GateOpener(Shared);

/// Keeps a [`Gate`] as it is while the response is read, since a connection ends with the failure of a request body.
pub(super) struct GateKeeper(Shared);

/// Returns a gate if the client waits for `100 Continue`.
pub(super) fn gate(headers: &HeaderMap) -> Option<(Gate, GateOpener)> {
    let expects = headers.get(EXPECT)?.as_bytes().eq_ignore_ascii_case(b"100-continue");
    expects.then(|| {
        let shared: Shared = Arc::new(Mutex::new((State::Waiting, None)));
        (Gate { shared: Arc::clone(&shared), patience: None }, GateOpener(shared))
    })
}

fn change(shared: &Shared, from: State, to: State) {
    let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if state.0 == from {
        state.0 = to;
        state.1.take().into_iter().for_each(Waker::wake);
    }
}

impl Gate {
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        let state = {
            let mut state = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            state.1 = Some(cx.waker().clone());
            state.0
        };
        match state {
            State::Open => Poll::Ready(Ok(())),
            State::Shut => Poll::Ready(Err("the server has responded without reading the body")),
            State::Held => Poll::Pending,
            State::Waiting => {
                let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(PATIENCE)));
                ready!(patience.as_mut().poll(cx));
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl GateOpener {
    /// Notes an interim response.
    pub fn interim(&self, status: StatusCode) {
        if status == StatusCode::CONTINUE {
            change(&self.0, State::Waiting, State::Open);
        }
    }

    /// Notes the final response.
    pub fn responded(self) -> GateKeeper {
        change(&self.0, State::Waiting, State::Held);
        GateKeeper(self.0)
    }
}

impl Drop for GateKeeper {
    fn drop(&mut self) {
        change(&self.0, State::Held, State::Shut);
    }
}
