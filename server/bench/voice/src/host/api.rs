//! The engine API, as far as the bench needs it.

use anyhow::{Context as _, Result};
use bench::Program;
use serde_json::{Value, json};

/// Whom the interviewer expects, and where.
pub(crate) struct BenchAdmission {
    /// The id of the interview.
    pub(crate) session: String,
    /// The name of the room.
    pub(super) room: String,
    /// What to join with.
    pub(crate) url: String,
    pub(crate) token: String,
}

/// The API of one program.
pub(super) struct Api {
    base: String,
    client: reqwest::Client,
}

impl Api {
    pub(super) fn of(program: &Program) -> Result<Self> {
        // A connection that was idle for the length of an interview may be closed at the moment that it is used again.
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build()?;
        Ok(Self { base: format!("http://{}/engine", program.address()), client })
    }

    /// Opens an interview, and its room.
    pub(super) async fn admit(&self, number: usize) -> Result<BenchAdmission> {
        let who = json!({
            "candidate_name": "Robin", "candidate_id": format!("robin-{number}-{:x}", fastrand::u64(..)),
            "role": "Software engineer", "seniority": "mid", "plan": "standard", "cv": "", "job_description": "",
        });
        let session = self.post("sessions/", &who).await?;
        let session = session["session_id"].as_str().context("a session has an id")?.to_owned();
        let voice = self.post(&format!("sessions/{session}/voice/"), &json!({})).await?;
        let text = |name: &str| voice[name].as_str().map(str::to_owned).context("an admission is whole");
        Ok(BenchAdmission {
            room: text("room_name")?,
            url: text("server_url")?,
            token: text("participant_token")?,
            session,
        })
    }

    /// What the candidate said, as it is stored.
    pub(super) async fn stored(&self, session: &str) -> Result<Vec<String>> {
        let state = self.get(&format!("sessions/{session}/")).await?;
        let messages = state["messages"].as_array().cloned().unwrap_or_default();
        let theirs = messages.iter().filter(|message| message["speaker"] == "candidate");
        Ok(theirs.filter_map(|message| message["text"].as_str().map(str::to_owned)).collect())
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.client.post(format!("{}/{path}", self.base)).json(body);
        answer(request.header("x-ingest-secret", Program::SECRET)).await
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let request = self.client.get(format!("{}/{path}", self.base));
        answer(request.header("x-ingest-secret", Program::SECRET)).await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let status = response.status();
    let body: Value = response.json().await?;
    anyhow::ensure!(status.is_success(), "{status}: {body}");
    Ok(body)
}
