//! Servers of models that run on this machine, found on the ports they usually have. They are offered, never used
//! unasked: naming a model that one of them has is asking.

use std::time::Duration;

use app::view::ModelServerOffer;
use futures::future::join_all;
use tokio::time::timeout;
use writers::OPENAI;

use crate::writer::WriterEnvironment;

/// What is asked: a name for people, and its usual address.
type WellKnownServer = (&'static str, u16);

/// Those that are looked for.
const USUAL: [WellKnownServer; 3] = [("Ollama", 11_434), ("LM Studio", 1_234), ("llama.cpp", 8_080)];
/// How long one may take to answer: it is on this machine.
const PATIENCE: Duration = Duration::from_millis(700);

/// A server that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalModelServer {
    /// What it is called.
    pub server: &'static str,
    /// Its address.
    pub base: String,
    /// The models that it has; at least one.
    pub models: Vec<String>,
}

impl LocalModelServer {
    /// As pages tell of it.
    pub fn offer(self) -> ModelServerOffer {
        ModelServerOffer { server: self.server.to_owned(), models: self.models }
    }

    /// That it is there, and how to have it used: "Ollama is running: `--model qwen3:8b`".
    pub fn in_words(&self) -> String {
        let names: Vec<String> = self.models.iter().take(3).map(|name| format!("`--model {name}`")).collect();
        format!("{} is running: {}", self.server, names.join(" or "))
    }
}

/// The first that is there and has a model.
pub async fn find_first() -> Option<LocalModelServer> {
    probe_servers(&USUAL).await.into_iter().next()
}

/// Where a named model is, if nothing else says where: the environment, with the address of the server that has it.
pub async fn locate_named_model(
    model: Option<&str>,
    mut environment: WriterEnvironment,
) -> WriterEnvironment {
    let Some(model) = model.filter(|_| environment.is_empty()) else { return environment };
    let all = probe_servers(&USUAL).await;
    let has = |found: &&LocalModelServer| found.models.iter().any(|name| is_same_model(name, model));
    if let Some(found) = all.iter().find(has) {
        tracing::info!(server = found.server, model, "found on this machine, and used because it was named");
        environment.set_found(OPENAI.descriptor.name, &found.base);
    }
    environment
}

/// Ollama's names have a tag, which may be left out if it is this one.
fn is_same_model(name: &str, model: &str) -> bool {
    name == model || name.strip_suffix(":latest") == Some(model)
}

async fn probe_servers(usual: &[WellKnownServer]) -> Vec<LocalModelServer> {
    let asked = usual.iter().map(|(server, port)| async move {
        let base = format!("http://127.0.0.1:{port}/v1");
        let asked = OPENAI.model(&base, "", None).ok()?;
        let models = timeout(PATIENCE, asked.models()).await.ok()?;
        (!models.is_empty()).then_some(LocalModelServer { server, base, models })
    });
    join_all(asked).await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    async fn server(body: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let length = body.len();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
                let _ = stream.write_all(head.as_bytes()).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn only_servers_with_models_are_found() {
        let ollama = server("{\"data\":[{\"id\":\"qwen3:8b\"},{\"id\":\"tiny:latest\"}]}").await;
        let (empty, page) = (server("{\"data\":[]}").await, server("<html>").await);
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let found = probe_servers(&[("A", nobody), ("B", page), ("C", empty), ("Ollama", ollama)]).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].in_words(), "Ollama is running: `--model qwen3:8b` or `--model tiny:latest`");
        assert!(is_same_model("tiny:latest", "tiny") && !is_same_model("qwen3:8b", "qwen3"));
    }
}
