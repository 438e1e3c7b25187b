use std::fmt;
use std::sync::OnceLock;

use http::Uri;
use http::uri::{Authority, PathAndQuery};
use reqwest::Url;

use super::transport::TransportError;

/// Makes URLs for reqwest. Almost all requests of a transport go to one server, so that the first URL is kept: from then on
/// only path and query are parsed.
#[derive(Clone, Default)]
pub(super) struct Origin(OnceLock<(String, Url)>);

impl Origin {
    pub(super) fn url(&self, uri: &Uri) -> Result<Url, TransportError> {
        let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", Authority::as_str));
        let known = self.0.get().filter(|(known, url)| known == authority && url.scheme() == scheme);
        if let Some((_, url)) = known {
            let mut url = url.clone();
            url.set_path(uri.path());
            url.set_query(uri.query());
            return Ok(url);
        }
        let path = uri.path_and_query().map_or("", PathAndQuery::as_str);
        let url = Url::parse(&[scheme, "://", authority, path].concat()).map_err(TransportError::other)?;
        self.0.get_or_init(|| {
            let mut origin = url.clone();
            origin.set_path("/");
            origin.set_query(None);
            (authority.to_owned(), origin)
        });
        Ok(url)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Somebody else may have put a password into it.
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_the_same_whether_the_origin_is_known_or_not() {
        let origin = Origin::default();
        for text in [
            "http://x.org/first?q=1",
            "http://x.org/a%2Fb/%C3%A9/./c/..?q=x%20y&'z=[]|",
            "http://x.org",
            "http://x.org?only=query",
            "http://x.org/?",
            "http://x.org//a//b/",
            "http://X.org/a",
            "http://x.org:80/a",
            "https://x.org/a",
            "http://[::1]:8080/a?b",
            "http://u:p@x.org/a",
            "http://x.org/;a=b:c@d,e",
        ] {
            let uri: Uri = text.parse().unwrap();
            assert_eq!(origin.url(&uri).unwrap().as_str(), Url::parse(text).unwrap().as_str());
        }
        assert_eq!(origin.0.get().unwrap().1.as_str(), "http://x.org/");
    }
}
