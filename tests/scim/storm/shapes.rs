//! The valid requests that a storm begins with, one for each shape of each client.

use serde_json::Value;

use super::dice::Dice;
use super::wire::Answer;

/// Names that are given to users and groups: few enough to be taken often.
const NAMES: usize = 300;
/// Ids that are remembered of each kind.
const REMEMBERED: usize = 200;

/// A request in parts.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {}", self.method, self.path);
        if !self.query.is_empty() {
            text.push('?');
            text.push_str(&self.query);
        }
        text.push_str(" HTTP/1.1\r\nhost: storm\r\n");
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() || ["POST", "PUT", "PATCH"].contains(&self.method.as_str()) {
            text.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        text.push_str("\r\n");
        text.push_str(&self.body);
        text.into_bytes()
    }
}

/// What the storm knows of the server.
pub struct Known {
    token: String,
    users: Vec<String>,
    groups: Vec<String>,
}

impl Known {
    pub fn new(token: &str) -> Self {
        Self {
            token: token.to_owned(),
            users: vec!["0198c0de-0000-7000-8000-000000000000".into()],
            groups: vec!["0198c0de-0000-7000-8000-000000000001".into()],
        }
    }

    /// Remembers who was created.
    pub fn learn(&mut self, path: &str, answer: &Answer) {
        if answer.status != 201 {
            return;
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let ids = if path.contains("Groups") {
            &mut self.groups
        } else {
            &mut self.users
        };
        ids.push(body["id"].as_str().unwrap().to_owned());
        if ids.len() > REMEMBERED {
            ids.remove(0);
        }
    }
}

/// A shape: method, path with query, body. `{user}`, `{group}`, `{name}` and `{number}` are filled in.
pub struct Shape(&'static str, &'static str, &'static str);

impl Shape {
    pub fn fill(&self, known: &Known, dice: &mut Dice) -> Request {
        let mut fill = |text: &str| {
            let mut text = text.to_owned();
            for (gap, values) in [("{user}", &known.users), ("{group}", &known.groups)] {
                while text.contains(gap) {
                    text = text.replacen(gap, dice.word(values), 1);
                }
            }
            let name = format!("name{}", dice.below(NAMES));
            let number = dice.below(200).to_string();
            text.replace("{name}", &name).replace("{number}", &number)
        };
        let path = fill(self.1);
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let body = match self.2 {
            "" => String::new(),
            body if self.0 == "PATCH" => format!(
                r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":{}}}"#,
                fill(body)
            ),
            body => fill(body),
        };
        let prefix = if path.starts_with("/scim") || path.starts_with("/!") {
            ""
        } else {
            "/scim/v2"
        };
        let mut headers = vec![(
            "authorization".to_owned(),
            format!("Bearer {}", known.token),
        )];
        if !body.is_empty() {
            let json = "application/scim+json; charset=utf-8".to_owned();
            headers.push(("content-type".to_owned(), json));
        }
        Request {
            method: self.0.to_owned(),
            path: format!(
                "{prefix}{}",
                path.strip_prefix("/!")
                    .map_or(path.to_owned(), |rest| format!("/{rest}"))
            ),
            query: query.to_owned(),
            headers,
            body,
        }
    }
}

/// Every shape of every client.
pub const SHAPES: &[Shape] = &[
    // Everybody.
    Shape("GET", "/Users/{user}", ""),
    Shape("HEAD", "/Users/{user}", ""),
    Shape("GET", "/Groups/{group}", ""),
    Shape(
        "GET",
        "/Users/{user}?attributes=userName,emails.value,meta",
        "",
    ),
    Shape("GET", "/Groups/{group}?excludedAttributes=members", ""),
    Shape("GET", "/ServiceProviderConfig", ""),
    Shape("GET", "/ResourceTypes/User", ""),
    Shape("GET", "/Schemas", ""),
    Shape("GET", "/Me", ""),
    Shape(
        "POST",
        "/Bulk",
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[]}"#,
    ),
    Shape("DELETE", "/Users/{user}", ""),
    Shape("DELETE", "/Groups/{group}", ""),
    Shape("GET", "/!healthz", ""),
    Shape("GET", "/!admin/v1/members", ""),
    // Okta.
    Shape("GET", "/Users?startIndex={number}&count=10", ""),
    Shape(
        "GET",
        "/Users?filter=userName%20eq%20%22{name}%22&startIndex=1&count=100",
        "",
    ),
    Shape(
        "POST",
        "/Users",
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{name}","name":{"givenName":"A","familyName":"B","middleName":""},"emails":[{"primary":true,"value":"{name}@example.com","type":"work"}],"locale":"en-US","externalId":"00u{name}","groups":[],"password":"1mz050nq","active":true}"#,
    ),
    Shape(
        "PUT",
        "/Users/{user}",
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"{user}","userName":"{name}","name":{"givenName":"A","middleName":""},"active":true,"groups":[],"meta":{"resourceType":"User"}}"#,
    ),
    Shape(
        "PATCH",
        "/Users/{user}",
        r#"[{"op":"replace","value":{"active":false}}]"#,
    ),
    Shape(
        "PATCH",
        "/Users/{user}",
        r#"[{"op":"replace","value":{"active":true,"password":"x"}}]"#,
    ),
    Shape(
        "POST",
        "/Groups",
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"{name}","members":[]}"#,
    ),
    Shape(
        "PATCH",
        "/Groups/{group}",
        r#"[{"op":"add","path":"members","value":[{"value":"{user}","display":"x"},{"value":"{user}"}]}]"#,
    ),
    Shape(
        "PATCH",
        "/Groups/{group}",
        r#"[{"op":"remove","path":"members[value eq \"{user}\"]"},{"op":"add","path":"members","value":[{"value":"{user}"}]}]"#,
    ),
    Shape(
        "PATCH",
        "/Groups/{group}",
        r#"[{"op":"replace","path":"members","value":[{"value":"{user}"}]}]"#,
    ),
    Shape(
        "PATCH",
        "/Groups/{group}",
        r#"[{"op":"replace","value":{"id":"{group}","displayName":"{name}","members":[{"value":"{user}"}]}}]"#,
    ),
    Shape(
        "PUT",
        "/Groups/{group}",
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"{name}","members":[{"value":"{user}","display":null}]}"#,
    ),
    // Entra.
    Shape(
        "GET",
        "/Users?filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22{name}@example.com%22",
        "",
    ),
    Shape(
        "GET",
        "/Groups?excludedAttributes=members&filter=displayName%20eq%20%22{name}%22",
        "",
    ),
    Shape(
        "GET",
        "/Groups?filter=id%20eq%20%22{group}%22%20and%20members%20eq%20%22{user}%22&attributes=id",
        "",
    ),
    Shape(
        "GET",
        "/Users?filter=id%20eq%20%22{user}%22%20and%20manager%20eq%20%22{user}%22&attributes=id",
        "",
    ),
    Shape(
        "POST",
        "/Users",
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"e{name}","userName":"{name}","active":true,"emails":[{"primary":true,"type":"work","value":"{name}@x.io"}],"meta":{"resourceType":"User"},"name":{"formatted":"g f","familyName":"f","givenName":"g"},"roles":[],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D","manager":{"value":"{user}"}}}"#,
    ),
    Shape(
        "PATCH",
        "/Users/{user}",
        r#"[{"op":"Replace","path":"active","value":"False"},{"op":"Add","path":"emails[type eq \"work\"].value","value":"{name}@x.io"},{"op":"Replace","path":"addresses[type eq \"work\"].country","value":"DE"}]"#,
    ),
    Shape(
        "PATCH",
        "/Users/{user}?aadOptscim062020",
        r#"[{"op":"replace","value":{"name.givenName":"G","active":true,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"{number}"}}]"#,
    ),
    Shape(
        "PATCH",
        "/Users/{user}",
        r#"[{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"{user}"},{"op":"Remove","path":"title","value":"x"}]"#,
    ),
    Shape(
        "PATCH",
        "/Users/{user}",
        r#"[{"op":"Add","path":"roles","value":[{"primary":true,"value":"{\"id\":\"1\",\"value\":\"admin\",\"displayName\":\"Admin\"}"}]},{"op":"Replace","path":"roles[primary eq \"True\"].value","value":"x"}]"#,
    ),
    Shape(
        "PATCH",
        "/Groups/{group}",
        r#"[{"op":"Remove","path":"members","value":[{"value":"{user}"}]}]"#,
    ),
    Shape(
        "POST",
        "/Groups",
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],"externalId":"g{name}","displayName":"{name}","meta":{"resourceType":"Group"}}"#,
    ),
    // OneLogin, JumpCloud, Google, Ping.
    Shape("GET", "/Groups", ""),
    Shape(
        "PUT",
        "/Users/{user}",
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{name}","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":null}}}"#,
    ),
    Shape("GET", "/Users?count=1", ""),
    Shape("GET", "/Users?filter=username+Eq+%22{name}%22", ""),
    Shape(
        "GET",
        "/Users?filter=emails%20Co%20%22{number}%22&sortBy=userName&sortOrder=descending",
        "",
    ),
    // authentik, Keycloak.
    Shape(
        "PATCH",
        "/Groups/{group}",
        r#"[{"op":"replace","path":null,"value":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"{group}","displayName":"{name}","externalId":"g{name}"}}]"#,
    ),
    Shape(
        "PATCH",
        "/Groups/{group}",
        r#"[{"op":"remove","path":"members"}]"#,
    ),
    Shape(
        "POST",
        "/.search",
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"displayName sw \"name{number}\" or userName pr","startIndex":1,"count":5,"attributes":["userName","displayName"]}"#,
    ),
    Shape(
        "POST",
        "/Users/.search",
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName eq \"{name}\" and not (active eq false)","sortBy":"emails","excludedAttributes":["name"]}"#,
    ),
    Shape(
        "GET",
        "/Users?filter=meta.lastModified%20gt%20%222026-01-01T00:00:00Z%22%20and%20(title%20pr%20or%20nickName%20ne%20null)",
        "",
    ),
];
