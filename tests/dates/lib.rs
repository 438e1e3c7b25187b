//! Uses code that was generated with chrono's types.

pub mod location;
pub mod shapes;

#[cfg(test)]
mod tests {
    use std::future::{Future, IntoFuture};
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll, Waker};

    use apigen_runtime::chrono::{DateTime, NaiveDate, TimeDelta, Utc};
    use apigen_runtime::{FromJson, ToJson, client::ToParam, codegen::literal};

    use super::location::{Api, MockClient, MockUsers, User, users};
    use super::shapes::Defaults;

    const USER: &str = r#"{"guid":"6513270e-269e-4d37-b2a7-4de452e6b438","email":"jo@example.com","role":"editor","created_at":"2026-03-04T05:06:07.25Z"}"#;

    /// Returns the value of a future that never waits: mocks respond at once.
    fn now<T>(future: impl Future<Output = T>) -> T {
        match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => unreachable!("a mock waits for nothing"),
        }
    }

    #[test]
    fn json_round_trip() {
        let user = User::from_json(USER).unwrap();
        let created: DateTime<Utc> = user.created_at;
        assert_eq!(created.timestamp_subsec_millis(), 250);
        assert_eq!(user.to_json(), USER);
        let elsewhere = User::from_json(USER.replace("07.25Z", "07.250+01:00")).unwrap();
        assert_eq!(elsewhere.created_at, created - TimeDelta::hours(1));
        let violations = User::from_json(USER.replace("T05:06:07.25Z", "")).unwrap_err();
        let found: Vec<(&str, &str)> = violations.iter().map(|v| (v.pointer.as_str(), v.code.as_str())).collect();
        assert_eq!(found, [("/created_at", "format")]);
    }

    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<String>>>);

    impl MockUsers for Seen {
        async fn get(&self, params: users::GetParams) -> users::GetResult {
            let after = params.created_after.unwrap_or_default();
            after.values(&mut |text| self.0.lock().unwrap().push(text.to_owned()));
            let user = User::from_json(USER).unwrap();
            Ok(vec![User { created_at: after, ..user }])
        }
    }

    #[test]
    fn mock_round_trip() {
        let seen = Seen::default();
        let api: Arc<dyn Api> = Arc::new(MockClient::new().with_users(seen.clone()));
        let after = literal::utc_date_time("2024-02-29T08:00:00+02:00");
        let found = now(api.users().get(users::GetParams::new().created_after(after)).into_future()).unwrap();
        assert_eq!(found[0].created_at, after);
        assert_eq!(*seen.0.lock().unwrap(), ["2024-02-29T06:00:00Z"]);
        // Operations without overrides return the smallest values.
        let user = now(api.users().get_by_guid(literal::uuid("6513270e-269e-4d37-b2a7-4de452e6b438")).into_future());
        assert_eq!(user.unwrap().created_at, DateTime::<Utc>::UNIX_EPOCH);
    }

    #[test]
    fn defaults_are_filled_in() {
        let mock = super::shapes::MockClient::default();
        let on: NaiveDate = mock.on;
        assert_eq!((on, mock.at), (literal::naive_date("2024-02-01"), literal::utc_date_time("2024-02-29T08:00:00Z")));
        assert_eq!(Defaults::from_json("{}").unwrap(), Defaults::default());
    }
}
