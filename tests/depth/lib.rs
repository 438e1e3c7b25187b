//! User code with deeply linked models. Nothing here sets a recursion limit.

pub mod filled;
pub mod graph;

#[cfg(test)]
mod user {
    use std::sync::Arc;

    use apigen_runtime::{AnyError, FromJson, Link, ToJson, client::TowerTransport, mock::Empty, server::{Context, Reply}};

    use crate::filled;
    use crate::graph::{self, Api, M0, M0s, MockClient, MockM0s, m0s, server};

    /// Holds values across awaits, in a task that can move between threads.
    async fn fetched(api: Arc<dyn Api>) -> Result<M0, AnyError> {
        let task = tokio::spawn(async move {
            let first = api.m0s().get_by_id("first").await?;
            let all = api.m0s().get().await?;
            let again = api.m0s().post(&first).await?;
            Ok(if all.is_empty() { again } else { first })
        });
        task.await.expect("no panic")
    }

    struct Server(M0);

    impl server::M0s for Server {
        async fn get(&self, _: Context) -> apigen_runtime::server::HandlerResult<m0s::Get> {
            Ok(Reply::new(vec![self.0.clone()]))
        }

        async fn get_by_id(&self, _: Context, id: String) -> apigen_runtime::server::HandlerResult<m0s::GetById> {
            tokio::task::yield_now().await;
            let mut found = self.0.clone();
            found.id = id;
            Ok(Reply::new(found))
        }

        async fn post(&self, _: Context, m0: M0) -> apigen_runtime::server::HandlerResult<m0s::Post> {
            tokio::task::yield_now().await;
            Ok(Reply::new(m0))
        }

        async fn put_by_id(
            &self,
            _: Context,
            _: String,
            _: std::collections::BTreeMap<String, M0>,
            _: m0s::PutByIdParams,
        ) -> apigen_runtime::server::HandlerResult<m0s::PutById> {
            tokio::task::yield_now().await;
            Ok(Reply::new(self.0.clone()))
        }
    }

    struct Stub;

    impl MockM0s for Stub {
        async fn post(&self, m0: &M0) -> m0s::PostResult {
            tokio::task::yield_now().await;
            Ok(m0.clone())
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn values_move_between_threads() {
        let made = M0::factory().full().build();
        let mock = MockClient::new().with_m0s(Stub);
        mock.on::<m0s::GetById>().returns(made.clone());
        mock.on::<m0s::Get>().answers(|_| Ok(Vec::new()));
        assert_eq!(fetched(Arc::new(mock.clone())).await.unwrap(), made);
        mock.assert_calls(&[m0s::Post { m0: made.clone() }]);

        let transport = TowerTransport::new(server::router(Server(made.clone())));
        let client = graph::Client::builder("http://localhost").transport(transport).build().unwrap();
        assert_eq!(fetched(Arc::new(client)).await.unwrap().id, "first");

        let served = mock.serve("127.0.0.1:0");
        assert!(served.is_ok());
    }

    #[test]
    fn links_are_used_like_boxes() {
        let last = filled::M0::factory().full().build();
        assert_eq!(last.clone(), last);
        assert_eq!(filled::M0::empty().f1.len(), 1);
        assert_eq!(filled::M0::from_json(last.to_json()).unwrap(), last);
        let list: Link<Vec<i32>> = vec![1].into();
        assert_eq!(list.iter().sum::<i32>(), 1);
    }
}
