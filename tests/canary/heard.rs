//! All output of a test.

use std::error::Error;
use std::fmt::{Debug, Display, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, Once};

use apigen_runtime::client::{DeclaredError, Failure};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Collects texts, including the log while it is subscribed.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<String>>);

impl Heard {
    pub fn say(&self, text: &str) {
        writeln!(self.0.lock().unwrap(), "{text}").unwrap();
    }

    pub fn debug(&self, value: &dyn Debug) {
        self.say(&format!("{value:?}\n{value:#?}"));
    }

    pub fn error(&self, error: &dyn Error) {
        self.say(&format!("{error}"));
        self.debug(&error);
        if let Some(source) = error.source() {
            self.error(source);
        }
    }

    /// Collects the error of a call, in each of its forms.
    pub fn failed<T: Debug, E: DeclaredError + Sync>(&self, result: Result<T, apigen_runtime::Error<E>>) {
        let error = match result {
            Ok(value) => return self.debug(&value),
            Err(error) => error,
        };
        let failure: &Failure = &error;
        self.debug(failure);
        self.debug(&failure.request());
        self.debug(&failure.violations());
        self.error(&error);
        match error.into_declared() {
            Ok(declared) => self.debug(&declared),
            Err(other) => self.error(&apigen_runtime::AnyError::from(other)),
        }
    }

    /// Collects the message of a panic.
    pub fn panics(&self, action: impl FnOnce()) {
        let thrown = catch_unwind(AssertUnwindSafe(action)).expect_err("there is no panic");
        self.say(thrown.downcast_ref::<String>().map_or("", String::as_str));
    }

    /// Checks that no canary was collected, but these markers were, which are not sensitive.
    #[track_caller]
    pub fn silent(&self, markers: &[&str]) {
        let heard = self.0.lock().unwrap();
        let told: Vec<&str> = heard.lines().filter(|line| line.contains("canary") || line.contains("7700")).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
        let missing: Vec<&&str> = markers.iter().filter(|marker| !heard.contains(**marker)).collect();
        assert!(missing.is_empty(), "{missing:?} is not in {heard}");
    }

    /// Subscribes to the log of this thread.
    pub fn listen(&self) -> tracing::subscriber::DefaultGuard {
        // Events without a subscriber would be disabled for all threads.
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing::subscriber::set_global_default(Heard::default()).unwrap());
        tracing::subscriber::set_default(self.clone())
    }
}

struct Fields<'h>(&'h Heard);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.say(&format!("log: {}={value}", field.name()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.say(&format!("log: {}={value:?}", field.name()));
    }
}

impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut Fields(self));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(self));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(self));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Returns the `Display` and `Debug` output of a value.
pub fn both(value: &(impl Display + Debug)) -> String {
    format!("{value}\n{value:?}\n{value:#?}")
}
