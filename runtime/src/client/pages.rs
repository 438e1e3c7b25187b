//! Paginated lists.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use crate::call::{Call, Error, Failure, Kind};
use crate::json::FromJson;
use crate::operation::{DeclaredError, OperationInfo};

/// Parameters of an operation that returns a list in pages, by `limit` and `offset`. Generated `…Params` implement it.
pub trait Page: Clone {
    /// The size of a page if `limit` is not set: its default in the spec, if any.
    const DEFAULT_LIMIT: Option<i64> = None;

    /// Returns the requested size of a page; an absent one leaves it to the server.
    fn limit(&self) -> &dyn PageParameter;

    /// Returns the offset of the page; an absent one is the beginning of the list.
    fn offset(&mut self) -> &mut dyn PageParameter;
}

/// A `limit` or an `offset`: `i32`, `i64`, or an `Option` of them.
pub trait PageParameter {
    /// Returns the value; `None` if it is absent.
    fn get(&self) -> Option<i64>;

    /// Sets the value. One beyond the type becomes its maximum.
    fn set(&mut self, value: i64);
}

impl PageParameter for i64 {
    fn get(&self) -> Option<i64> {
        Some(*self)
    }

    fn set(&mut self, value: i64) {
        *self = value;
    }
}

impl PageParameter for i32 {
    fn get(&self) -> Option<i64> {
        Some((*self).into())
    }

    fn set(&mut self, value: i64) {
        *self = value.try_into().unwrap_or(i32::MAX);
    }
}

impl<N: PageParameter + Default> PageParameter for Option<N> {
    fn get(&self) -> Option<i64> {
        self.as_ref()?.get()
    }

    fn set(&mut self, value: i64) {
        self.get_or_insert_default().set(value);
    }
}

/// Returns the pages of a list, each requested after the previous one was taken: `pages(params, |p|
/// api.users().get(p))`.
///
/// Starts at the offset of `params` and advances it by the size of each page. Ends with the first page that is empty or
/// shorter than the limit; without a limit, only with an empty one. So the limit must not exceed the largest page that
/// the server returns. An error also ends the pages.
///
/// A page that equals the previous one means that the server ignores `offset`; to avoid an endless loop it is an error
/// ([`is_repeated_page`](Failure::is_repeated_page)).
pub fn pages<'a, P, T, E, F>(mut params: P, call: F) -> Pages<'a, P, T, E, F>
where
    P: Page,
    F: FnMut(P) -> Call<'a, Vec<T>, E>,
{
    let offset = params.offset().get().unwrap_or(0);
    Pages { params, call, offset, previous: None, operation: Arc::default(), under_way: None, done: false }
}

/// Returns the pages of a list as [`pages`] does, but owns the API and borrows nothing: for response bodies and spawned
/// tasks. `api` is an `Arc<dyn Api>` or a clone of a client.
pub fn owned_pages<A, P, T, E, F>(
    api: A,
    params: P,
    call: F,
) -> Pages<'static, P, T, E, impl FnMut(P) -> Call<'static, Vec<T>, E> + Send>
where
    A: Clone + Send + Sync + 'static,
    P: Page + Send + 'static,
    T: FromJson + 'static,
    E: DeclaredError,
    F: Fn(&A, P) -> Call<'_, Vec<T>, E> + Clone + Send + Sync + 'static,
{
    let operation = CalledOperation::default();
    let known = Arc::clone(&operation);
    let ask = move |params| {
        let (api, call, known) = (api.clone(), call.clone(), Arc::clone(&known));
        Call::from_future(async move {
            let call = call(&api, params);
            remember(&known, &call);
            call.await
        })
    };
    Pages { operation, ..pages(params, ask) }
}

/// Returns the elements of the [`pages`] of a list, one by one.
pub fn items<'a, P, T, E, F>(params: P, call: F) -> Items<'a, P, T, E, F>
where
    P: Page,
    F: FnMut(P) -> Call<'a, Vec<T>, E>,
{
    Items { pages: pages(params, call), page: VecDeque::new() }
}

/// Returns the elements of the [`owned_pages`] of a list, one by one.
///
/// ```
/// # use apigen_runtime::{Call, client::{DeclaredError, Page, owned_items}};
/// # fn example<A: Clone + Send + Sync + 'static, P: Page + Send + 'static>(
/// #     api: A,
/// #     params: P,
/// #     get: fn(&A, P) -> Call<'_, Vec<String>, std::convert::Infallible>,
/// # ) {
/// // With a generated client: `owned_items(api, GetParams::new(), |api, params| api.users().get(params))`.
/// let mut users = owned_items(api, params, get);
/// let first = async move { users.next().await };
/// # fn is_static<T: Send + 'static>(_: T) {}
/// # is_static(first);
/// # }
/// ```
pub fn owned_items<A, P, T, E, F>(
    api: A,
    params: P,
    call: F,
) -> Items<'static, P, T, E, impl FnMut(P) -> Call<'static, Vec<T>, E> + Send>
where
    A: Clone + Send + Sync + 'static,
    P: Page + Send + 'static,
    T: FromJson + 'static,
    E: DeclaredError,
    F: Fn(&A, P) -> Call<'_, Vec<T>, E> + Clone + Send + Sync + 'static,
{
    Items { pages: owned_pages(api, params, call), page: VecDeque::new() }
}

/// The operation that returns the pages, known from the first request on.
type CalledOperation = Arc<OnceLock<&'static OperationInfo>>;

fn remember<T: 'static, E: 'static>(operation: &CalledOperation, call: &Call<'_, T, E>) {
    if let Some(info) = call.info() {
        operation.get_or_init(|| info);
    }
}

/// The pages of a list, created by [`pages`]. With the feature `stream`, it is a `futures_core::Stream`.
#[must_use = "nothing is sent until the first page is requested"]
pub struct Pages<'a, P, T, E, F> {
    params: P,
    call: F,
    offset: i64,
    previous: Option<Vec<T>>,
    operation: CalledOperation,
    under_way: Option<Call<'a, Vec<T>, E>>,
    done: bool,
}

/// The elements of a list, created by [`items`]. With the feature `stream`, it is a `futures_core::Stream`.
#[must_use = "nothing is sent until the first element is requested"]
pub struct Items<'a, P, T, E, F> {
    pages: Pages<'a, P, T, E, F>,
    page: VecDeque<T>,
}

// No field is pinned structurally: the future of a call is boxed.
impl<P, T, E, F> Unpin for Pages<'_, P, T, E, F> {}
impl<P, T, E, F> Unpin for Items<'_, P, T, E, F> {}

impl<'a, P, T, E, F> Pages<'a, P, T, E, F>
where
    P: Page,
    T: FromJson + Clone + PartialEq,
    E: DeclaredError,
    F: FnMut(P) -> Call<'a, Vec<T>, E>,
{
    /// Returns the next page, or `None` at the end.
    ///
    /// # Errors
    /// Returns the errors of the call, and an error for a repeated page.
    pub async fn next(&mut self) -> Option<Result<Vec<T>, Error<E>>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Vec<T>, Error<E>>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let call = self.under_way.get_or_insert_with(|| {
            let call = (self.call)(self.params.clone());
            remember(&self.operation, &call);
            call
        });
        let result = ready!(Pin::new(call).poll(cx));
        self.under_way = None;
        Poll::Ready(self.accept_page(result).transpose())
    }

    /// Returns the page, or `None` at the end, and prepares the next call.
    fn accept_page(&mut self, result: Result<Vec<T>, Error<E>>) -> Result<Option<Vec<T>>, Error<E>> {
        // Reset below if there is a next page.
        self.done = true;
        let page = result?;
        if page.is_empty() {
            return Ok(None);
        }
        if self.previous.as_ref() == Some(&page) {
            return Err(Error::new(Failure::of(self.operation.get().copied(), Kind::RepeatedPage(self.offset))));
        }
        let count = i64::try_from(page.len()).unwrap_or(i64::MAX);
        if self.params.limit().get().or(P::DEFAULT_LIMIT).is_none_or(|limit| count >= limit) {
            self.offset = self.offset.saturating_add(count);
            self.params.offset().set(self.offset);
            self.previous = Some(page.clone());
            self.done = false;
        }
        Ok(Some(page))
    }
}

impl<'a, P, T, E, F> Items<'a, P, T, E, F>
where
    P: Page,
    T: FromJson + Clone + PartialEq,
    E: DeclaredError,
    F: FnMut(P) -> Call<'a, Vec<T>, E>,
{
    /// Returns the next element, or `None` at the end.
    ///
    /// # Errors
    /// Returns the errors of [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error<E>>>> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(cx)) {
                Some(Ok(page)) => self.page = page.into(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

#[cfg(feature = "stream")]
impl<'a, P, T, E, F> futures_core::Stream for Pages<'a, P, T, E, F>
where
    P: Page,
    T: FromJson + Clone + PartialEq,
    E: DeclaredError,
    F: FnMut(P) -> Call<'a, Vec<T>, E>,
{
    type Item = Result<Vec<T>, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

#[cfg(feature = "stream")]
impl<'a, P, T, E, F> futures_core::Stream for Items<'a, P, T, E, F>
where
    P: Page,
    T: FromJson + Clone + PartialEq,
    E: DeclaredError,
    F: FnMut(P) -> Call<'a, Vec<T>, E>,
{
    type Item = Result<T, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}
