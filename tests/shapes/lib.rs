//! Uses the code generated from `spec.json`.

pub mod published;
pub mod shapes;

#[cfg(test)]
mod tests {
    use apigen_runtime::{Decimal, FromJson, ToJson, codegen::literal};

    use super::shapes::*;

    #[test]
    fn unions_without_discriminator_are_flat_and_read_both_ways() {
        for (json, value) in [
            (r#"{"boolean":{"value":true}}"#, Outer::Boolean(true)),
            (r#"{"word":{"value":"x"}}"#, Outer::String("x".to_owned())),
            (r#"{"long":{"value":5}}"#, Outer::Inner(Inner::Long(5))),
            (r#"{"result":{}}"#, Outer::Inner(Inner::Result(Result {}))),
        ] {
            assert_eq!(Outer::from_json(json).unwrap(), value, "{json}");
            assert_eq!(value.to_json(), json);
        }
        assert_eq!(Outer::from_json(r#"{"inner":{"long":{"value":5}}}"#).unwrap(), Outer::Inner(Inner::Long(5)));
        assert!(Outer::from_json(r#"{"other":1}"#).is_err());
        // The spec has an enum named like the primitive; it can be used in Rust, though no type of the spec can refer
        // to it.
        assert_eq!(String::D3.as_str(), "3 \"d\"");
        assert_eq!("nope".parse(), Ok(String::UnknownValue("nope".to_owned())));
        let kept: Outer = serde_json::from_str(r#"{"other":[1.10]}"#).unwrap();
        assert_eq!(kept.to_json(), r#"{"other":[1.10]}"#);
    }

    #[test]
    fn recursion_is_boxed_and_discriminators_wrap() {
        let json = r#"{"right":{"is":"right","left":{"right":{"is":"case","value":"other"}}}}"#;
        let left = Left::from_json(json).unwrap();
        assert_eq!(left.to_json(), json);
        let any = r#"{"right":{"is":"any","value":null}}"#;
        assert_eq!(Left::from_json(any).unwrap().to_json(), any);
    }

    #[test]
    fn required_headers_are_arguments_of_the_builder() {
        let nowhere = || apigen_runtime::client::transport_fn(|_| async { Err(apigen_runtime::client::TransportError::other("nowhere")) });
        let builder = |tenant: &str| {
            ClientHttp::builder("http://localhost", tenant, &[Case::AB, Case::AB2]).transport(nowhere())
        };
        assert!(builder("me").build().is_ok());
        assert!(builder("two\nlines").build().unwrap_err().to_string().contains("X-Tenant`s"));
    }

    #[test]
    fn defaults_are_filled_in() {
        let defaults = Defaults::from_json("{}").unwrap();
        assert_eq!(defaults.list, ["a", "b"]);
        assert_eq!(defaults.map["a"]["b"], 1);
        assert_eq!(defaults.case, Case::AB2);
        assert_eq!((defaults.number, defaults.hinted.clone()), (-1.5, None));
        assert_eq!(defaults, Defaults::default());
        let mock = MockClient::default();
        assert_eq!((mock.at, mock.on), (literal::date_time("2024-02-29T08:00:00Z"), literal::date("2024-02-01")));
        let api = Api::new("t", 1, 2.5);
        assert_eq!(api.geo_lat2, Decimal::new(150, 2));
        assert_eq!(api.to_json(), r#"{"type":"t","self":1,"geo.lat":2.5,"geo-lat2":1.50}"#);
        // A required field with a default must be on the wire.
        assert!(Api::from_json(r#"{"type":"t","self":1,"geo.lat":2.5}"#).is_err());
    }

    #[test]
    fn every_violation_is_found_at_its_place() {
        let violations = Wide::from_json(r#"{"f00":1,"f01":"x","f02":true,"f09":1}"#).unwrap_err();
        assert_eq!(violations.iter().filter(|v| v.code.as_str().contains("missing")).count(), 6, "{violations}");
        assert!(violations.iter().any(|v| v.pointer == "/f01"));
        let client = Client::from_json(r#"{"r":"","object":{},"field":null}"#).unwrap();
        assert_eq!(client.field, apigen_runtime::Value::Null);
    }

    #[test]
    fn interfaces_are_traits() {
        let square = Square { from_where: "here".to_owned(), corners: Some(vec![1]), factory: Some(2) };
        let shape: &dyn ShapeInterface = &square;
        assert_eq!((shape.from_where(), shape.corners()), ("here", Some(&[1][..])));
        assert_eq!((square.factory(), Square::factory().minimal().build().factory), (Some(2), None));
    }

    #[test]
    fn side_effects_are_those_of_the_method_unless_an_attribute_says_otherwise() {
        use apigen_runtime::Operation;

        let written = [boxes::Start::INFO, boxes::Search::INFO].map(|info| (info.method, info.side_effects));
        assert_eq!(written, [("GET", true), ("POST", false)]);
        let usual = [boxes::Get::INFO, boxes::Head::INFO, boxes::PostByNewAndSelf::INFO];
        assert_eq!(usual.map(|info| (info.method, info.side_effects)), [("GET", false), ("HEAD", false), ("POST", true)]);
        let nowhere = apigen_runtime::client::transport_fn(|_| async { Err(apigen_runtime::client::TransportError::other("nowhere")) });
        let client = ClientHttp::builder("http://localhost", "me", &[Case::AB]).transport(nowhere);
        let client = client.environment("prod").guard_side_effects().build().unwrap();
        let guarded = |call: apigen_runtime::Call<'_, Left, std::convert::Infallible>| {
            let waker = std::task::Waker::noop();
            let call = std::pin::pin!(std::future::IntoFuture::into_future(call));
            match call.poll(&mut std::task::Context::from_waker(waker)) {
                std::task::Poll::Ready(answer) => answer.unwrap_err().is_guarded(),
                std::task::Poll::Pending => panic!("no transport waits"),
            }
        };
        assert_eq!([guarded(client.boxes().start()), guarded(client.boxes().search())], [true, false]);
        assert!(!guarded(client.allow_side_effects("a test").boxes().start()));
    }

    #[test]
    fn a_mock_without_a_finite_answer_says_so() {
        let mock = MockClientApi::new();
        let waker = std::task::Waker::noop();
        let mut call = std::pin::pin!(std::future::IntoFuture::into_future(mock.boxes().get(boxes::GetParams2::new())));
        let answer = call.as_mut().poll(&mut std::task::Context::from_waker(waker));
        assert!(matches!(answer, std::task::Poll::Ready(Err(error)) if error.to_string().contains("boxes.get")));
        // A list that must have elements does not end recursion.
        let answer = std::pin::pin!(std::future::IntoFuture::into_future(mock.boxes().get_vine())).as_mut().poll(&mut std::task::Context::from_waker(waker));
        assert!(matches!(answer, std::task::Poll::Ready(Err(error)) if error.to_string().contains("boxes.get_vine")));
        let answer = std::pin::pin!(std::future::IntoFuture::into_future(mock.boxes().option())).as_mut().poll(&mut std::task::Context::from_waker(waker));
        assert!(matches!(answer, std::task::Poll::Ready(Ok(Left { right: _ }))));
    }

    #[test]
    fn factories_make_what_the_spec_allows() {
        fn all<T: apigen_runtime::mock::Sample + FromJson + ToJson + PartialEq + std::fmt::Debug + 'static>() {
            for seed in 0..200 {
                let factory = apigen_runtime::mock::Factory::<T>::new().seed(seed);
                for factory in [factory.clone().minimal(), factory.clone(), factory.full()] {
                    let value = factory.build();
                    assert_eq!(T::from_json(value.to_json()).unwrap(), value);
                }
            }
        }
        all::<Limited>();
        all::<Examples>();
        all::<Tree>();
        all::<MaybeNever>();
        all::<Sum>();
        all::<Term>();
        all::<Factory>();
        all::<Outer>();
        all::<Shape>();
        all::<RightOrText>();
        let limited = Limited::factory().full().build();
        assert_eq!((limited.impossible, limited.none.len(), limited.nested.is_some()), (None, 0, true));
        assert_eq!(Limited::factory().minimal().build().few.len(), 2);
        let lists = MaybeNever::factory().minimal().build().lists;
        assert_eq!((lists.len(), lists.concat().len()), (1, 0));
        assert!(matches!(Term::factory().build(), Term::Sum(_)));
        assert!(matches!(Term::factory().uuid().build(), Term::Uuid(_)));
        assert_eq!(Case::factory().build(), Case::AB);
    }

    #[test]
    fn factories_take_defaults_then_examples() {
        let examples = Examples::factory().full().build();
        assert_eq!((examples.city.as_str(), examples.maybe, examples.first.as_str()), ("Paris", Some(7), "given"));
        assert_eq!((examples.case, examples.short.len()), (Case::AB2, 3));
        assert!(examples.null.is_some_and(|value| !value.is_null()));
        assert_eq!(Examples::factory().minimal().build().maybe, None);
        assert_eq!(Defaults::factory().minimal().build().list, ["a", "b"]);
    }

    #[test]
    fn setters_give_way_to_the_methods_of_factories() {
        let inner = Factory::factory().build();
        let made = Factory::factory().build_3("x").build_2(3).many_2(["a".to_owned()]).seed_2(inner.clone()).made(Case::AB2).full().build();
        assert_eq!((made.build.as_str(), made.build_2, made.many, made.made), ("x", 3, vec!["a".to_owned()], Some(Case::AB2)));
        assert_eq!(made.seed, Some(::std::boxed::Box::new(inner)));
        assert_eq!(FactoryFactoryFactory::many(&FactoryFactory::factory(), 2).len(), 2);
    }

    /// Client, HTTP in the same process, mock: the journal has the call, and the response comes back.
    fn round_trip<O>(input: O, output: O::Output)
    where
        O: apigen_runtime::codegen::Serve + apigen_runtime::mock::Mockable<Client = ClientHttp> + PartialEq,
        O::Output: apigen_runtime::codegen::ToResponse + Clone + Sync + PartialEq + std::fmt::Debug,
        O::Error: apigen_runtime::codegen::ToResponse,
    {
        let mock = MockClientApi::new();
        mock.on::<O>().returns(output.clone());
        let client = ClientHttp::builder("http://localhost", "me", &[Case::AB]);
        let client = client.transport(apigen_runtime::client::TowerTransport::<_>::new(mock.router())).build().unwrap();
        let call = std::pin::pin!(std::future::IntoFuture::into_future(input.call(&client)));
        match call.poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
            std::task::Poll::Ready(answer) => assert_eq!(answer.unwrap(), output, "{}", O::INFO.id),
            std::task::Poll::Pending => panic!("nothing waits"),
        }
        mock.assert_calls(std::slice::from_ref(&input));
    }

    #[test]
    fn every_operation_goes_around() {
        let left = || Left::from_json(r#"{"right":{"is":"any","value":null}}"#).unwrap();
        let mut params = boxes::PostByNewAndSelfParams::new(
            -1, true, "x/ \"y\"", "", Case::AB2, vec!["1.50".parse().unwrap(), "-2".parse().unwrap()],
        );
        (params.d, params.is_x) = (1e21, Some(false));
        let items = vec![Outer::Boolean(true), Outer::Inner(Inner::Long(5))];
        round_trip(boxes::PostByNewAndSelf { items: items.clone(), params: params.clone() }, Outer::Boolean(false));
        params.c = vec![];
        round_trip(boxes::PostByNewAndSelf { items: vec![], params }, Outer::Boolean(false));
        round_trip(boxes::GetParams, Box { content: None, result: Some(Result {}) });
        round_trip(boxes::Search, left());
        round_trip(boxes::Head, ());
        round_trip(boxes::Start, left());
        round_trip(boxes::Option2, left());
        round_trip(clients::GetByR { r: "r+%2F".to_owned() }, Client::from_json(r#"{"r":"","object":{},"field":1}"#).unwrap());
    }

    /// Older published documents have types that are not allowed in a URL or header, and defaults of optional parameters.
    #[test]
    fn what_published_documents_send_in_urls_is_text() {
        use super::published::filters::{GetFiltersByFilterAndKeyAndColorsAndMapParams, GetFiltersParams};
        let sent = GetFiltersByFilterAndKeyAndColorsAndMapParams::new().lists(["[1]", "[2]"]).x_maps(["a"]);
        assert_eq!((sent.r#where.as_str(), sent.lists.len()), (r#"{"color":"red"}"#, 2));
        let get = GetFiltersParams::new();
        assert_eq!((get.limit, get.key.as_str()), (25, "x"));
    }
}
