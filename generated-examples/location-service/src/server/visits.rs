//! Who was where.

use apigen_runtime::{
    Timestamp, Uuid,
    server::{Context, HandlerResult},
};
use jiff::tz::TimeZone;

use super::LocationServer;
use crate::location::server::Visits;
use crate::location::visits::{GetByYearAndUserGuid, GetByYearAndUserGuidParams, Post};
use crate::location::{Visit, VisitForm};

/// The header by which callers say who they are.
const USER: &str = "X-User-Guid";

impl Visits for LocationServer {
    async fn get_by_year_and_user_guid(
        &self,
        _: Context,
        year: i32,
        user_guid: Uuid,
        params: GetByYearAndUserGuidParams,
    ) -> HandlerResult<GetByYearAndUserGuid> {
        let kept = self.kept();
        let own = kept.visits.iter().filter(|(user, _)| *user == user_guid).map(|(_, visit)| visit);
        let wanted = own.filter(|visit| {
            let date = visit.at.to_zoned(TimeZone::UTC).date();
            i32::from(date.year()) == year && params.from.is_none_or(|from| date >= from)
        });
        Ok(wanted.cloned().collect::<Vec<_>>().into())
    }

    async fn post(&self, context: Context, form: VisitForm) -> HandlerResult<Post> {
        let user = context.headers().get(USER).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or_default();
        let mut kept = self.kept();
        let visit = Visit::new(kept.visits.len() as i64 + 1, Timestamp::now(), form.place);
        kept.visits.push((user, visit.clone()));
        Ok(visit.into())
    }
}
