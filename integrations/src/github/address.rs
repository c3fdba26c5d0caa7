use url::Url;

/// <https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api>
const API: &str = "https://api.github.com/";

/// Names of API hosts beside which the pages lie, as at GitHub itself and at tenants of its own with data residency.
/// <https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/feature-overview-for-github-enterprise-cloud-with-data-residency>
const API_HOST: &str = "api.";
const TENANTS: &str = ".ghe.com";

/// Where REST lies at a GitHub Enterprise Server.
/// <https://docs.github.com/en/enterprise-server@latest/rest/using-the-rest-api/getting-started-with-the-rest-api>
const SERVER_REST: [&str; 2] = ["api", "v3"];

/// Where GraphQL lies at a GitHub Enterprise Server.
/// <https://docs.github.com/en/enterprise-server@latest/graphql/guides/forming-calls-with-graphql>
const SERVER_GRAPHQL: [&str; 2] = ["api", "graphql"];

/// Where GitHub is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Below this lie the calls of REST.
    pub rest: Url,
    /// Where GraphQL is asked.
    pub graphql: Url,
    /// Below this lie the pages that people see.
    pub web: Url,
}

impl Address {
    /// GitHub itself where no address is given; else a GitHub Enterprise, by its own address or by that of its REST API.
    pub fn of(api_url: Option<&Url>) -> anyhow::Result<Self> {
        let url = match api_url {
            Some(it) => it.clone(),
            None => Url::parse(API)?,
        };
        let usable = matches!(url.scheme(), "https" | "http") && url.has_host() && url.query().is_none();
        anyhow::ensure!(
            usable,
            "GITHUB_API_URL must be an http or https address such as https://github.example/api/v3"
        );
        if let Some(web) = url.host_str().and_then(pages_of) {
            let mut pages = below(&url, &[], 0)?;
            pages.set_host(Some(web))?;
            return Ok(Self { rest: below(&url, &[], 0)?, graphql: below(&url, &["graphql"], 0)?, web: pages });
        }
        let above = url.path().trim_end_matches('/').strip_suffix("/api/v3").map_or(0, |_| SERVER_REST.len());
        Ok(Self {
            rest: below(&url, &SERVER_REST, above)?,
            graphql: below(&url, &SERVER_GRAPHQL, above)?,
            web: below(&url, &[], above)?,
        })
    }
}

/// Where the pages lie beside an API host of GitHub's own.
fn pages_of(host: &str) -> Option<&str> {
    host.strip_prefix(API_HOST).filter(|it| *it == "github.com" || it.ends_with(TENANTS))
}

/// An address below another, after so many of its last segments were taken away.
fn below(base: &Url, path: &[&str], above: usize) -> anyhow::Result<Url> {
    let mut url = base.clone();
    {
        let mut segments = url.path_segments_mut().map_err(|()| anyhow::anyhow!("GITHUB_API_URL is no base"))?;
        segments.pop_if_empty();
        for _ in 0..above {
            segments.pop();
        }
        segments.extend(path);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: Option<&str>) -> [String; 3] {
        let url = url.map(|it| it.parse().unwrap());
        let Address { rest, graphql, web } = Address::of(url.as_ref()).unwrap();
        [rest, graphql, web].map(|it| it.to_string())
    }

    #[test]
    fn each_kind_of_github_has_its_apis_where_it_has_them() {
        let own = ["https://api.github.com/", "https://api.github.com/graphql", "https://github.com/"];
        assert_eq!(told(None), own);
        assert_eq!(told(Some("https://api.github.com")), own);
        let server = ["https://ghe.example/api/v3", "https://ghe.example/api/graphql", "https://ghe.example/"];
        assert_eq!(told(Some("https://ghe.example")), server);
        assert_eq!(told(Some("https://ghe.example/api/v3/")), server);
        let tenant = ["https://api.octo.ghe.com/", "https://api.octo.ghe.com/graphql", "https://octo.ghe.com/"];
        assert_eq!(told(Some("https://api.octo.ghe.com")), tenant);
        let below = ["http://127.0.0.1:9/gh/api/v3", "http://127.0.0.1:9/gh/api/graphql", "http://127.0.0.1:9/gh"];
        assert_eq!(told(Some("http://127.0.0.1:9/gh")), below);
        assert!(Address::of(Some(&"ftp://ghe.example".parse().unwrap())).is_err());
    }
}
