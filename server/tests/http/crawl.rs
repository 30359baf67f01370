//! Every form on every page, with hostile text in every one of its fields, hidden ones too: nothing becomes markup, leads
//! elsewhere or fails. Pages are read as a browser reads them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use async_trait::async_trait;
use engine::{Judge, JudgeRequest, Opinion, Turn, TurnKind};
use html5ever::tendril::TendrilSink as _;
use interview::{Modality, TurnId};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use reqwest::Response;
use serde_json::json;

use crate::forms::{leads_to, send};
use crate::house::{House, Visitor, said};
use crate::markup::BREAKS;

/// What is put into a field: markup, other sites, a script, a header.
const HOSTILE: [&str; 4] =
    [BREAKS, "//evil.example/x", "javascript:alert(1)//evil", "x\r\nSet-Cookie: evil=1\r\n\r\n"];

/// How many pages, and forms, of one kind are tried: an interview has a form for every line.
const OF_A_KIND: usize = 2;

/// A model that puts markup into everything it says of a story.
struct HostileJudge;

#[async_trait]
impl Judge for HostileJudge {
    fn model(&self) -> &'static str {
        "fake-7b"
    }

    async fn judge(&self, stories: &JudgeRequest) -> Result<Opinion, String> {
        let judged = stories.told.iter().map(|story| {
            json!({ "question": story.question, "level": "sound", "judgement": format!("You say which step was yours. {BREAKS}"),
                "quotes": ["I traced it to a retry"], "better": format!("I traced it to a retry. {BREAKS}"),
                "better_quotes": ["I traced it to a retry"] })
        });
        Ok(Opinion { text: json!({ "stories": judged.collect::<Vec<_>>() }).to_string(), tokens: None })
    }
}

/// A form as it is sent by one of its buttons.
#[derive(Clone)]
struct Form {
    action: String,
    get: bool,
    fields: Vec<Field>,
}

#[derive(Clone)]
struct Field {
    name: String,
    value: String,
    /// A person types into it.
    free: bool,
    /// Most characters that the page lets be typed.
    most: usize,
}

/// What a browser finds on a page.
#[derive(Default)]
struct Page {
    addresses: BTreeSet<String>,
    forms: Vec<Form>,
    /// The hostile text is shown, or stands in a field.
    shown: bool,
}

fn attributes(node: &Handle) -> BTreeMap<String, String> {
    let NodeData::Element { attrs, .. } = &node.data else { return BTreeMap::new() };
    attrs.borrow().iter().map(|it| (it.name.local.to_string(), it.value.to_string())).collect()
}

fn text(node: &Handle) -> String {
    let own = if let NodeData::Text { contents } = &node.data {
        contents.borrow().to_string()
    } else {
        String::new()
    };
    node.children.borrow().iter().fold(own, |all, child| all + &text(child))
}

impl Page {
    /// Reads a page, and fails where what was typed is more than text. `what` names the page in the failure.
    fn read(html: &str, what: &str) -> Self {
        let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
        let (mut page, mut forms, mut buttons) = (Self::default(), BTreeMap::new(), Vec::new());
        page.walk(&dom.document, None, &mut forms, &mut buttons, what);
        for (key, action, button) in buttons {
            let Some(form) = forms.get(&key) else { continue };
            let mut form: Form = Form::clone(form);
            form.action = action.unwrap_or(form.action);
            form.fields.extend(button);
            page.forms.push(form);
        }
        page
    }

    fn walk(
        &mut self,
        node: &Handle,
        within: Option<&str>,
        forms: &mut BTreeMap<String, Form>,
        buttons: &mut Vec<(String, Option<String>, Option<Field>)>,
        what: &str,
    ) {
        let mut form = within.map(str::to_owned);
        if let NodeData::Element { name, .. } = &node.data {
            let (tag, has) = (name.local.to_string(), attributes(node));
            assert_ne!(tag, "canary", "{what}: markup that was typed is markup of the page");
            let refresh = has.get("http-equiv").is_some_and(|it| it.eq_ignore_ascii_case("refresh"));
            assert!(!refresh, "{what}: the page leads elsewhere by itself");
            for (attribute, value) in &has {
                assert!(!attribute.starts_with("on"), "{what}: a handler: {attribute}={value}");
                self.shown |= value.contains("<canary");
                if ["href", "src", "action", "formaction"].contains(&attribute.as_str()) {
                    let elsewhere = value.starts_with("//") || value.trim_start().starts_with("javascript:");
                    assert!(!elsewhere, "{what}: {attribute}={value}");
                    if value.starts_with('/') && tag == "a" {
                        self.addresses.insert(value.split('#').next().unwrap_or_default().to_owned());
                    }
                }
            }
            let of = |name: &str| has.get(name).cloned().unwrap_or_default();
            match tag.as_str() {
                "form" => {
                    let key = has.get("id").cloned().unwrap_or_else(|| format!("form {}", forms.len()));
                    let get = of("method") != "post";
                    forms.insert(key.clone(), Form { action: of("action"), get, fields: Vec::new() });
                    form = Some(key);
                }
                "input" | "textarea" | "select" | "button" => {
                    let key = has.get("form").cloned().or_else(|| form.clone());
                    let value = if tag == "textarea" { text(node) } else { of("value") };
                    let free = tag == "textarea" || ["text", "search"].contains(&of("type").as_str());
                    let most = of("maxlength").parse().unwrap_or(usize::MAX);
                    let field = has.get("name").map(|name| Field { name: name.clone(), value, free, most });
                    let unchecked = of("type") == "radio" && !has.contains_key("checked");
                    match key {
                        Some(key) if tag == "button" => {
                            buttons.push((key, has.get("formaction").cloned(), field));
                        }
                        Some(key) if !unchecked => {
                            forms.entry(key).and_modify(|form| form.fields.extend(field));
                        }
                        _ => (),
                    }
                }
                _ => (),
            }
        }
        if let NodeData::Text { contents } = &node.data {
            self.shown |= contents.borrow().contains("<canary");
        }
        for child in node.children.borrow().iter() {
            self.walk(child, form.as_deref(), forms, buttons, what);
        }
    }
}

/// What pages, or forms, of one kind have in common: their address without what differs from one to another.
fn kind(address: &str) -> String {
    let differs = |part: &str| part.len() > 30 || part.bytes().any(|b| b.is_ascii_digit());
    let path = address.split('?').next().unwrap_or_default();
    path.split('/').map(|part| if differs(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}

/// The server did not fail, and sets no cookie that was typed.
fn held(response: &Response, what: &str) {
    assert!(!response.status().is_server_error(), "{what}: {}", response.status());
    let mut cookies = response.headers().get_all("set-cookie").iter();
    let own = cookies.all(|it| it.to_str().is_ok_and(|it| !it.contains("evil")));
    assert!(own, "{what}: a header of somebody else's");
}

struct Crawl<'a> {
    house: &'a House,
    visitor: &'a Visitor,
    due: VecDeque<String>,
    met: BTreeMap<String, usize>,
    /// Requests of each form's action.
    sent: BTreeMap<String, usize>,
    /// Kinds of pages that showed the hostile text.
    shown: BTreeSet<String>,
}

impl Crawl<'_> {
    /// True for the first few of a kind.
    fn first_of(&mut self, kind: String) -> bool {
        let met = self.met.entry(kind).or_default();
        *met += 1;
        *met <= OF_A_KIND
    }

    /// Loads a page; none if what is there is none (a download, a refusal).
    async fn load(&mut self, address: &str, after: &str) -> Option<Page> {
        let response = self.house.get(address).header("cookie", &self.visitor.cookie).send().await.unwrap();
        let what = format!("{address} after {after}");
        held(&response, &what);
        let html =
            response.headers().get("content-type").is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
        if !html {
            return None;
        }
        let page = Page::read(&response.text().await.unwrap(), &what);
        if page.shown {
            self.shown.insert(kind(address));
        }
        self.due.extend(page.addresses.iter().cloned());
        Some(page)
    }

    /// Sends a form with these values, and reads the page to which it leads.
    async fn submit(&mut self, form: &Form, from: &str, values: &[(String, String)]) {
        let fields: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let what = format!("{} with {fields:?} from {from}", form.action);
        *self.sent.entry(form.action.clone()).or_default() += 1;
        if form.get {
            let query = reqwest::Url::parse_with_params("http://x", &fields).unwrap();
            let address = format!("{}?{}", form.action, query.query().unwrap_or_default());
            self.load(&address, &what).await;
            return;
        }
        let response = send(self.house, self.visitor, &form.action, from, &fields).await;
        held(&response, &what);
        if !response.status().is_redirection() {
            Page::read(&response.text().await.unwrap(), &what);
            return;
        }
        let to = leads_to(&response);
        let to = to.strip_prefix(&self.house.base).unwrap_or(&to).to_owned();
        assert!(to.starts_with('/') && !to.starts_with("//"), "{what}: leads to {to}");
        self.load(&to, &what).await;
    }

    /// Sends a form with hostile text in everything that is typed, and in each of its fields alone. Where it destroys
    /// something, in those alone that name what; `last` destroys.
    async fn attack(&mut self, form: &Form, from: &str, last: bool) {
        let own: Vec<(String, String)> =
            form.fields.iter().map(|it| (it.name.clone(), it.value.clone())).collect();
        let destroys = ["delete", "unshare", "finish"].iter().any(|it| form.action.contains(it));
        if !destroys || last {
            let typed = form.fields.iter().map(|it| {
                let hostile: String = BREAKS.chars().take(it.most).collect();
                (it.name.clone(), if it.free { hostile } else { it.value.clone() })
            });
            self.submit(form, from, &typed.collect::<Vec<_>>()).await;
        }
        for at in 0..own.len() {
            let names = ["id", "link", "comment"].contains(&own[at].0.as_str());
            if destroys && !last && !names {
                continue;
            }
            for hostile in HOSTILE {
                let mut values = own.clone();
                values[at].1 = hostile.to_owned();
                self.submit(form, from, &values).await;
            }
        }
    }

    /// Tries what is linked from here on.
    async fn go(&mut self, last: bool) {
        while let Some(address) = self.due.pop_front() {
            if !self.first_of(format!("{last} {}", kind(&address))) {
                continue;
            }
            let Some(page) = self.load(&address, "a link").await else { continue };
            // Its address with something else where something is asked for.
            if let Some((path, query)) = address.split_once('?') {
                for (name, _) in query.split('&').filter_map(|it| it.split_once('=')) {
                    let encoded = reqwest::Url::parse_with_params("http://x", [(name, BREAKS)]).unwrap();
                    self.load(&format!("{path}?{}", encoded.query().unwrap()), "a query").await;
                }
            }
            for form in page.forms {
                let names: Vec<&str> = form.fields.iter().map(|it| it.name.as_str()).collect();
                if self.first_of(format!("{last} {} {names:?} on {}", form.action, kind(&address))) {
                    self.attack(&form, &address, last).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn hostile_text_in_any_field_of_any_form_stays_text() {
    let house = House::start_with_judge(Arc::new(HostileJudge)).await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let mut crawl = Crawl {
        house: &house,
        visitor: &ada,
        due: VecDeque::new(),
        met: BTreeMap::new(),
        sent: BTreeMap::new(),
        shown: BTreeSet::new(),
    };
    // An interview with all that pages can show: papers, answers typed and spoken, two takes of it, a comment.
    let name: String = BREAKS.chars().take(80).collect();
    let fields = [("name", name.as_str()), ("role", BREAKS), ("cv", BREAKS), ("job_description", BREAKS)];
    let path = leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields).await);
    let path = path.strip_prefix(&house.base).unwrap_or(&path).to_owned();
    let id = engine::SessionId::parse(path.rsplit('/').next().unwrap()).unwrap();
    for n in 1..8 {
        let modality = if n % 2 == 0 { Modality::Voice } else { Modality::Text };
        let kind = TurnKind::Said(format!("{} {BREAKS}", said(n)));
        house.engine.turn(id, Turn { id: TurnId(format!("a{n}")), modality, kind }).await.unwrap();
    }
    // A coach's link; its address is shown once.
    let share = format!("{path}/share");
    let shared = [("id", path.rsplit('/').next().unwrap())];
    leads_to(&send(&house, &ada, "/api/share_interview", &share, &shared).await);
    crawl.load(&share, "the link was made").await;
    let again = format!("/?again={id}");
    crawl.due.extend(["/", &again, &path, "/interviews", "/how", "/no-such-page"].map(str::to_owned));
    crawl.go(false).await;
    // Once more when it is over: it has notes now.
    house
        .engine
        .turn(id, Turn { id: TurnId("end".into()), modality: Modality::Text, kind: TurnKind::End })
        .await
        .unwrap();
    crawl.met.clear();
    crawl.due.extend([
        path.clone(),
        format!("{path}/report"),
        format!("{path}/share"),
        "/interviews".to_owned(),
    ]);
    crawl.go(false).await;
    // And at last what destroys.
    crawl.due.extend(["/interviews".to_owned(), format!("{path}/share"), "/".to_owned()]);
    crawl.go(true).await;

    let never: Vec<&str> = [
        "/api/answer",
        "/api/ask",
        "/api/comment",
        "/api/correct",
        "/api/delete_comment",
        "/api/delete_interview",
        "/api/delete_interviews",
        "/api/finish",
        "/api/fork",
        "/api/keep_sound",
        "/api/label_interview",
        "/api/practise",
        "/api/retry",
        "/api/share_interview",
        "/api/start_interview",
        "/api/strike",
        "/api/unshare_interview",
        "/interviews",
    ]
    .into_iter()
    .filter(|action| !crawl.sent.contains_key(*action))
    .collect();
    assert!(never.is_empty(), "no form of {never:?} was met; sent: {:?}", crawl.sent);
    for page in ["/", "/interview/*", "/interview/*/report", "/interview/*/share", "/interviews", "/read/*"] {
        assert!(crawl.shown.contains(page), "{page} shows nothing that was typed: {:?}", crawl.shown);
    }
}
