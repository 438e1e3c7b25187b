//! Tests written against the earlier spec.

use std::sync::Arc;

use super::location::{Address, Api, MockAddresses, MockClient, MockUsers, addresses, users};

struct Paris;

impl MockAddresses for Paris {
    async fn get(&self, _params: addresses::GetParams) -> addresses::GetResult {
        Ok(vec![Address { city: Some("Paris".to_owned()), ..Address::default() }])
    }
}

struct Gone;

impl MockUsers for Gone {
    async fn get(&self, _params: users::GetParams) -> users::GetResult {
        Err(users::GetError::Unauthorized.into())
    }
}

#[tokio::test]
async fn overrides_and_rules() {
    let mock = MockClient::new().with_addresses(Paris).with_users(Gone);
    let api: Arc<dyn Api> = Arc::new(mock.clone());
    let params = addresses::GetParams::new().ip("5.10.147.255");
    assert_eq!(api.addresses().get(params).await.unwrap()[0].city.as_deref(), Some("Paris"));
    match api.users().get(users::GetParams::new()).await.unwrap_err().into_kind() {
        apigen_runtime::ErrorKind::Declared(users::GetError::Unauthorized) => {}
        other => panic!("{other:?}"),
    }
    mock.on::<users::Get>().when(|call| call.params.email.is_none()).returns(Vec::new());
    assert!(api.users().get(users::GetParams::new()).await.unwrap().is_empty());
    mock.assert_called::<users::Get>(2);
}
