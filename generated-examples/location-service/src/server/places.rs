//! What there is to find: a small atlas.

use std::collections::BTreeMap;

use apigen_runtime::server::{Context, HandlerResult};

use super::{LocationServer, error};
use crate::location::server::{Addresses, CountryDefaultsApi, Regions, Timezones};
use crate::location::{Address, CountryDefaults, Precision, Region, SearchTerm, Timezone};
use crate::location::{addresses, country_defaults, regions, timezones};

impl Addresses for LocationServer {
    async fn get(&self, context: Context, params: addresses::GetParams) -> HandlerResult<addresses::Get> {
        let text = params.address.map(|text| text.to_lowercase());
        let ip = params.ip.or_else(|| context.peer().map(|peer| peer.ip().to_string()).filter(|_| text.is_none()));
        if ip.as_ref().is_some_and(|ip| ip.parse::<std::net::IpAddr>().is_err()) {
            return Err(addresses::GetError::UnprocessableEntity(error("ip", "this is no IP address")).into());
        }
        let networks = self.networks.iter().filter(|(network, address)| {
            ip.as_ref().is_none_or(|ip| ip.starts_with(network))
                && text
                    .as_ref()
                    .is_none_or(|text| address.text.as_ref().is_some_and(|own| own.to_lowercase().contains(text)))
                && (params.precision.is_empty() || params.precision.contains(&address.precision))
        });
        Ok(networks.map(|(_, address)| address.clone()).collect::<Vec<_>>().into())
    }

    async fn post_search(&self, _: Context, items: Vec<SearchTerm>) -> HandlerResult<addresses::PostSearch> {
        let kept = self.kept();
        let mut found = BTreeMap::new();
        for item in items {
            let users = kept.users.iter().filter(|user| match &item {
                SearchTerm::Uuid(guid) => user.guid == *guid,
                SearchTerm::Role(role) => user.role == *role,
                SearchTerm::Point(_) | SearchTerm::Unknown(_) => false,
            });
            found.extend(users.filter_map(|user| Some((user.guid.to_string(), user.home.clone()?))));
        }
        Ok(found.into())
    }
}

impl Timezones for LocationServer {
    async fn get(&self, _: Context) -> HandlerResult<timezones::Get> {
        Ok(zones().into())
    }

    async fn get_by_name(&self, _: Context, name: String) -> HandlerResult<timezones::GetByName> {
        Ok(zones().into_iter().find(|zone| zone.name == name).ok_or(timezones::GetByNameError::NotFound)?.into())
    }
}

impl CountryDefaultsApi for LocationServer {
    async fn get(&self, _: Context, params: country_defaults::GetParams) -> HandlerResult<country_defaults::Get> {
        let wanted = |country: &CountryDefaults| params.country.is_empty() || params.country.contains(&country.country);
        let (offset, limit) = (params.offset.max(0) as usize, params.limit.max(0) as usize);
        Ok(countries().into_iter().filter(wanted).skip(offset).take(limit).collect::<Vec<_>>().into())
    }

    async fn get_by_country_csv(
        &self,
        _: Context,
        country: String,
    ) -> HandlerResult<country_defaults::GetByCountryCsv> {
        let found = countries().into_iter().find(|known| known.country == country);
        let found = found.ok_or(country_defaults::GetByCountryCsvError::NotFound)?;
        Ok(format!("{};{};{}\n", found.country, found.currency, found.languages.join(",")).into())
    }
}

impl Regions for LocationServer {
    async fn get_by_id(&self, _: Context, id: String) -> HandlerResult<regions::GetById> {
        let europe = Region::new("eu", "Europe", vec![Region::new("fr", "France", Vec::new())]);
        let found = std::iter::once(&europe).chain(&europe.children).find(|region| region.id == id).cloned();
        Ok(found
            .ok_or_else(|| regions::GetByIdError::Default(404, error("unknown", "there is no such region")))?
            .into())
    }
}

/// The networks that are known.
pub fn networks() -> Vec<(&'static str, Address)> {
    let address = |text: &str, city: &str, country: &str| Address {
        text: Some(text.to_owned()),
        city: Some(city.to_owned()),
        country: Some(country.to_owned()),
        precision: Precision::City,
        ..Address::default()
    };
    vec![
        ("5.10.", address("Amsterdam, Netherlands", "Amsterdam", "NLD")),
        ("127.", address("Paris, France", "Paris", "FRA")),
    ]
}

fn zones() -> Vec<Timezone> {
    vec![
        Timezone::new("Europe/Amsterdam", "Central European time", 60),
        Timezone::new("Europe/Paris", "Central European time", 60),
    ]
}

fn countries() -> Vec<CountryDefaults> {
    let country = |code: &str, language: &str, name: &str| {
        let names = BTreeMap::from([("en".to_owned(), name.to_owned())]);
        CountryDefaults::new(code, "EUR", vec![language.to_owned()], names)
    };
    vec![country("FRA", "fr", "France"), country("NLD", "nl", "Netherlands")]
}
