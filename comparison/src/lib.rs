//! The code under test, once for each kind of client: what a service would have.

/// What progenitor generates.
#[allow(clippy::all, missing_docs, reason = "not ours")]
pub mod progenitor_client_code {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// With apigen's client, real or mock; wiremock tests use this one too.
pub mod with_apigen {
    use apigen_runtime::{Error, ErrorKind, Uuid};
    use location::{Api, addresses, users};

    /// The city of an address; `None` if nobody knows.
    pub async fn city(api: &dyn Api, ip: &str) -> Option<String> {
        let params = addresses::GetParams::new().ip(ip);
        api.addresses().get(params).await.ok()?.into_iter().next()?.city
    }

    /// The email address of a user, or why there is none.
    pub async fn email(api: &dyn Api, guid: Uuid) -> Result<String, &'static str> {
        match api.users().get_by_guid(guid).await.map_err(Error::into_kind) {
            Ok(user) => Ok(user.email),
            Err(ErrorKind::Declared(users::GetByGuidError::NotFound)) => Err("nobody"),
            Err(_) => Err("try later"),
        }
    }
}

/// With a trait written by hand, as mockall needs one.
pub mod with_trait {
    use uuid::Uuid;

    /// An address.
    #[derive(Debug, Clone, Default, PartialEq)]
    pub struct Address {
        /// Its city.
        pub city: Option<String>,
    }

    /// Why a call fails.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Failure {
        /// There is no such user.
        NotFound,
        /// Nothing arrived.
        Timeout,
    }

    /// Everything that this service calls.
    pub trait Location {
        /// `GET /addresses`
        fn addresses(&self, ip: &str) -> impl Future<Output = Result<Vec<Address>, Failure>> + Send;
        /// `GET /users/:guid`
        fn user_email(&self, guid: Uuid) -> impl Future<Output = Result<String, Failure>> + Send;
    }

    /// The city of an address; `None` if nobody knows.
    pub async fn city(api: &impl Location, ip: &str) -> Option<String> {
        api.addresses(ip).await.ok()?.into_iter().next()?.city
    }

    /// The email address of a user, or why there is none; tries twice.
    pub async fn email(api: &impl Location, guid: Uuid) -> Result<String, &'static str> {
        let mut result = api.user_email(guid).await;
        if result == Err(Failure::Timeout) {
            result = api.user_email(guid).await;
        }
        result.map_err(|error| match error {
            Failure::NotFound => "nobody",
            Failure::Timeout => "try later",
        })
    }
}

/// With progenitor's client.
pub mod with_progenitor {
    use super::progenitor_client_code::{Client, Error};
    use uuid::Uuid;

    /// The city of an address; `None` if nobody knows.
    pub async fn city(api: &Client, ip: &str) -> Option<String> {
        api.addresses_get(Some(ip)).await.ok()?.into_inner().into_iter().next()?.city
    }

    /// The email address of a user, or why there is none; tries twice.
    pub async fn email(api: &Client, guid: Uuid) -> Result<String, &'static str> {
        let mut result = api.users_get_by_guid(&guid).await;
        if matches!(result, Err(Error::CommunicationError(_))) {
            result = api.users_get_by_guid(&guid).await;
        }
        match result {
            Ok(user) => Ok(user.into_inner().email),
            Err(Error::ErrorResponse(response)) if response.status() == 404 => Err("nobody"),
            Err(_) => Err("try later"),
        }
    }
}
