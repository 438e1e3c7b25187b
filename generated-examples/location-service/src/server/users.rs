//! Users.

use apigen_runtime::{
    Timestamp, Uuid,
    server::{Context, HandlerResult, Reply},
};

use super::{Kept, LocationServer, error};
use crate::location::server::Users;
use crate::location::users::{
    DeleteByGuid, Get, GetByGuid, GetByGuidError, GetError, GetHeaders, GetParams, PatchByGuid, Post, PostAuthenticate,
    PostAuthenticateParams, PostError, PostParams, PutByGuid,
};
use crate::location::{User, UserForm, UserPatch};

impl Users for LocationServer {
    async fn get(&self, _: Context, params: GetParams) -> HandlerResult<Get> {
        let mut found: Vec<User> = self.kept().users.iter().filter(|user| is_wanted(user, &params)).cloned().collect();
        match params.sort.trim_start_matches('-') {
            "email" => found.sort_by(|a, b| a.email.cmp(&b.email)),
            _ => found.sort_by_key(|user| user.created_at),
        }
        if params.sort.starts_with('-') {
            found.reverse();
        }
        let headers = GetHeaders {
            x_total_count: found.len().to_string(),
            x_roles: found.iter().map(|user| user.role.clone()).collect(),
            x_next: None,
        };
        let (offset, limit) = (size(params.offset), size(params.limit));
        Ok(Reply::new(found.into_iter().skip(offset).take(limit).collect()).declared(headers))
    }

    async fn get_by_guid(&self, _: Context, guid: Uuid) -> HandlerResult<GetByGuid> {
        let kept = self.kept();
        Ok(kept.users.iter().find(|user| user.guid == guid).cloned().ok_or(GetByGuidError::NotFound)?.into())
    }

    async fn post(&self, _: Context, form: UserForm, params: PostParams) -> HandlerResult<Post> {
        let mut kept = self.kept();
        let guid = kept.new_guid();
        let user = kept.put(guid, form)?;
        Ok(Reply::new(user).header("X-Request-Id", params.x_request_id))
    }

    async fn put_by_guid(&self, _: Context, guid: Uuid, form: UserForm) -> HandlerResult<PutByGuid> {
        Ok(self.kept().put(guid, form)?.into())
    }

    async fn patch_by_guid(&self, _: Context, guid: Uuid, patch: UserPatch) -> HandlerResult<PatchByGuid> {
        let mut kept = self.kept();
        let user = kept.users.iter_mut().find(|user| user.guid == guid).ok_or(GetByGuidError::NotFound)?;
        user.name = patch.name.or(user.name.take());
        user.home = patch.home.or(user.home.take());
        Ok(user.clone().into())
    }

    async fn delete_by_guid(&self, _: Context, guid: Uuid) -> HandlerResult<DeleteByGuid> {
        let mut kept = self.kept();
        let place = kept.users.iter().position(|user| user.guid == guid).ok_or(GetByGuidError::NotFound)?;
        kept.users.remove(place);
        Ok(().into())
    }

    async fn post_authenticate(
        &self,
        _: Context,
        email: String,
        password: String,
        _: PostAuthenticateParams,
    ) -> HandlerResult<PostAuthenticate> {
        let user = self.kept().users.iter().find(|user| user.email == email).cloned();
        Ok(user.filter(|_| password == self.password).ok_or(GetError::Unauthorized)?.into())
    }
}

impl Kept {
    /// Creates or replaces a user.
    fn put(&mut self, guid: Uuid, form: UserForm) -> Result<User, PostError> {
        if self.users.iter().any(|other| other.email == form.email && other.guid != guid) {
            return Err(PostError::Conflict(vec![error("taken", format!("{} is registered already", form.email))]));
        }
        let known = self.users.iter().position(|user| user.guid == guid);
        let created_at = known.map_or_else(Timestamp::now, |place| self.users[place].created_at);
        let mut user = User::new(guid, form.email, created_at);
        (user.name, user.role, user.home) = (form.name, form.role, form.home);
        match known {
            Some(place) => self.users[place] = user.clone(),
            None => self.users.push(user.clone()),
        }
        Ok(user)
    }

    /// One that no user has: the moment, and a number in case that there are several.
    fn new_guid(&self) -> Uuid {
        let moment = Timestamp::now().as_nanosecond().unsigned_abs();
        let mut guids = (0..).map(|number: u128| Uuid::from_u128((moment << 48) | number));
        guids.find(|guid| self.users.iter().all(|user| user.guid != *guid)).unwrap_or_default()
    }
}

fn is_wanted(user: &User, params: &GetParams) -> bool {
    (params.guid.is_empty() || params.guid.contains(&user.guid))
        && params.email.as_ref().is_none_or(|email| user.email == *email)
        && params.role.as_ref().is_none_or(|role| user.role == *role)
        && params.created_after.is_none_or(|moment| user.created_at > moment)
}

/// The spec's limits keep it from being negative.
fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}
