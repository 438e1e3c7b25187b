//! Uses the code generated from `spec.json`.

#[cfg(test)]
mod keeping;

#[cfg(test)]
mod tests {
    use apigen_runtime::{Uuid, codegen::literal, http::StatusCode, mock::AnsweredBy};
    use serde_json::json;

    use super::keeping::*;

    fn project(name: &str) -> ProjectForm {
        ProjectForm::new(name)
    }

    fn device(serial: &str, site: &str) -> DeviceForm {
        DeviceForm { serial: serial.to_owned(), site: site.to_owned() }
    }

    #[tokio::test]
    async fn keys_are_given_by_the_form_or_made() {
        let mock = MockClient::stateful();
        let form = ProjectForm { key: Some("a/b ü".to_owned()), ..project("A") };
        let given = mock.projects().post("acme", &form).await.unwrap();
        assert_eq!(mock.projects().get_by_key("acme", "a/b ü").await.unwrap(), given);
        let made = mock.projects().post("acme", &project("B")).await.unwrap();
        assert_eq!(made.key, "01", "two characters, as the spec wants");
        let error = mock.projects().post("acme", &form).await.unwrap_err();
        assert!(matches!(error.declared(), Some(projects::PostError::Conflict(problem)) if problem.code.len() >= 2));
        let page = mock.pages().post(&PageForm { text: "x".to_owned() }).await.unwrap();
        assert_eq!((page.id, mock.pages().get_by_id(page.id).await.unwrap()), (100, page));
    }

    #[tokio::test]
    async fn the_same_key_may_stand_under_another_parent() {
        let mock = MockClient::stateful();
        let form = ProjectForm { key: Some("key".to_owned()), ..project("A") };
        for organization in ["acme", "other"] {
            mock.projects().post(organization, &form).await.unwrap();
            assert!(mock.projects().post(organization, &form).await.is_err());
            assert_eq!(mock.projects().get(organization, Default::default()).await.unwrap().len(), 1);
        }
        let error = mock.projects().get_by_key("third", "key").await.unwrap_err();
        assert!(
            matches!(error.declared(), Some(projects::GetByKeyError::NotFound(problem)) if problem.code.len() >= 2)
        );
    }

    #[tokio::test]
    async fn a_put_at_a_key_creates_unless_it_declares_404() {
        let mock = MockClient::stateful();
        // The path takes precedence over the body.
        let form = ProjectForm { key: Some("body".to_owned()), ..project("A") };
        let created = mock.projects().put_by_key("acme", "path", &form).with_response().await.unwrap();
        assert_eq!((created.status(), &*created.key), (StatusCode::CREATED, "path"));
        let replaced = mock.projects().put_by_key("acme", "path", &project("B")).with_response().await.unwrap();
        assert_eq!((replaced.status(), &*replaced.name), (StatusCode::OK, "B"));
        let name = SettingName::FontSize;
        mock.settings().put_by_name(&name, &SettingForm { value: json!([1.50]) }).await.unwrap();
        mock.settings().put_by_name(&name, &SettingForm { value: json!(12) }).await.unwrap();
        assert_eq!(mock.settings().get_by_name(&name).await.unwrap(), Setting { name, value: json!(12) });
        assert_eq!(mock.settings().get().await.unwrap().len(), 1);
        let error = mock.settings().get_by_name(&SettingName::Colour).await.unwrap_err();
        assert_eq!(error.declared(), Some(&settings::GetByNameError::NotFound));
    }

    #[tokio::test]
    async fn filters_know_lists_numbers_and_instants() {
        let mock = MockClient::stateful();
        let due = literal::date_time("2026-01-01T01:00:00+01:00");
        for (name, tags, rank, due) in
            [("a", "x,y", Some(1.5), None), ("b", "y", None, Some(due)), ("c", "", Some(-2.0), None)]
        {
            let tags = tags.split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
            mock.projects().post("acme", &ProjectForm { tags, rank, due, ..project(name) }).await.unwrap();
        }
        let list = async |params: projects::GetParams| {
            let found = mock.projects().get("acme", params).await.unwrap();
            found.into_iter().map(|project| project.name).collect::<String>()
        };
        let params = projects::GetParams::new;
        assert_eq!(list(params().tags(["y"])).await, "ab");
        assert_eq!(list(params().tags(["x", "z"])).await, "a");
        assert_eq!(list(params().rank(1.5)).await, "a");
        assert_eq!(list(params().due(literal::date_time("2026-01-01T00:00:00Z"))).await, "b");
        assert_eq!(list(params().sort("rank")).await, "cab");
        assert_eq!(list(params().sort("rank:desc")).await, "bac");
    }

    #[tokio::test]
    async fn parents_are_in_the_path_or_in_a_field() {
        let mock = MockClient::stateful();
        let mut users = Vec::new();
        for name in ["Ada", "Bob"] {
            users.push(mock.users().post(&UserForm { name: name.to_owned() }).await.unwrap().guid);
        }
        let (ada, bob) = (users[0], users[1]);
        let below = mock.visits().post_users_and_visits_by_guid(ada, &VisitForm::default()).await.unwrap();
        assert_eq!((below.user_guid, below.number), (ada, 100));
        let beside = mock.visits().post_visits(&AnyVisitForm::new(bob)).await.unwrap();
        assert_eq!(mock.visits().get_visits().await.unwrap(), [below.clone(), beside.clone()]);
        for (user, visit) in [(ada, &below), (bob, &beside)] {
            assert_eq!(mock.visits().get_users_and_visits_by_guid(user).await.unwrap(), [visit.clone()]);
            let read =
                mock.visits().get_users_and_visits_by_user_and_guid(&user.to_string(), visit.guid).await.unwrap();
            assert_eq!(read, *visit);
            assert_eq!(mock.visits().get_visits_by_visit_guid(&visit.guid.to_string()).await.unwrap(), *visit);
        }
        let error =
            mock.visits().get_users_and_visits_by_user_and_guid(&bob.to_string(), below.guid).await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
        // A declared 200 with the model returns the deleted item for the last time.
        assert_eq!(mock.visits().delete_visits_by_guid(below.guid).await.unwrap(), below);
        let error = mock.visits().get_visits_by_visit_guid(&below.guid.to_string()).await.unwrap_err();
        assert!(matches!(error.declared(), Some(visits::GetVisitsByVisitGuidError::Default(404, _))), "{error}");
    }

    #[tokio::test]
    async fn attributes_name_the_key_and_unique_fields() {
        let mock = MockClient::stateful();
        let form = device("7", "Lyon");
        let made = mock.devices().post(&form).await.unwrap();
        assert_eq!(mock.devices().get_by_id(7).await.unwrap(), made);
        for form in [device("8", "Lyon"), device("7", "Oslo")] {
            // The status is not declared, so it is an error without a type.
            let error = mock.devices().post(&form).await.unwrap_err();
            assert!(error.is_undeclared_status() && error.status() == Some(StatusCode::CONFLICT), "{error}");
        }
        mock.devices().delete_by_id(7).await.unwrap();
        let error = mock.devices().get_by_id(7).await.unwrap_err();
        assert!(error.is_undeclared_status() && error.status() == Some(StatusCode::NOT_FOUND), "{error}");
        assert_eq!(mock.users().get_by_guid(Uuid::nil()).await.unwrap_err().status(), Some(StatusCode::NOT_FOUND));
    }

    #[tokio::test]
    async fn what_nobody_can_create_is_not_kept() {
        let mock = MockClient::stateful();
        assert_eq!(mock.logs().get().await.unwrap(), []);
        assert_eq!(mock.devices().get_status_by_number("x").await.unwrap(), "");
        assert!(mock.journal().iter().all(|entry| entry.answered_by() == AnsweredBy::Empty));
    }
}
