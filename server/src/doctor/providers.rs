//! The providers of speech that the settings name: whether they can be reached, take the key and know the model.

use writers::{ModelAvailability, ProviderFault};

use super::model::describe_available_models;
use super::report::DoctorReport;
use crate::settings::ServerSettings;
use crate::speech::{ProviderCheck, SpeechChoiceError, SpeechEnvironment, ask};

/// Asks each of them, and says what it said.
pub(super) async fn examine(
    settings: &ServerSettings,
    environment: &SpeechEnvironment,
    report: &mut DoctorReport,
) {
    for asked in ask(settings, environment).await {
        match asked {
            Ok(asked) => tell(&asked, report),
            Err(error) => tell_unchosen(&error, report),
        }
    }
}

fn finding_name(setting: &str) -> &'static str {
    if setting == "stt" { "hearing" } else { "speaking" }
}

/// What cannot be asked.
fn tell_unchosen(error: &SpeechChoiceError, report: &mut DoctorReport) {
    match error {
        SpeechChoiceError::NoKey { setting, way, variable } => report.warn(
            finding_name(setting),
            format!("the setting `{setting}` names {way}, and there is no key"),
            format!("set {variable}, or take {way} out of `{setting}`; until then interviews are typed"),
        ),
        SpeechChoiceError::Unknown { .. }
        | SpeechChoiceError::NoVoice { .. }
        | SpeechChoiceError::Speech(_) => {
            let remedy =
                "look at the settings `stt` and `tts`, and at the address if one is set in the environment";
            report.warn("speech", error.to_string(), format!("{remedy}; until then interviews are typed"));
        }
    }
}

fn tell(asked: &ProviderCheck, report: &mut DoctorReport) {
    let ProviderCheck { setting, way, name, base, model, knows_models, variables, said, followed } = asked;
    let [key, address] = *variables;
    let what = finding_name(setting);
    let check = format!("check {address}, that it runs, and the way there (firewall, proxy)");
    let (found, remedy) = match said {
        ModelAvailability::Ready if *knows_models => {
            return report.ok(what, format!("{base} answers and takes {model}"));
        }
        ModelAvailability::Ready => {
            let rest = format!("the first sentence will show whether it has {model} and the voice");
            return report.ok(what, format!("{base} answers and takes the key; {rest}"));
        }
        ModelAvailability::Unlisted => {
            let rest =
                format!("does not say which models it has: an interview will show whether {model} is one");
            return report.note(what, format!("{base} answers, and {rest}"));
        }
        ModelAvailability::KeyRefused => {
            ("refuses the key, or wants one".to_owned(), format!("set {key} to a key that is valid there"))
        }
        ModelAvailability::UnknownModel { there } => {
            let (has, first) = describe_available_models(there, model);
            let like = first.map(|first| format!(", such as {name}:{first}")).unwrap_or_default();
            let remedy = format!("name one of its models in `{setting}`{like}");
            (format!("answers and has no model {model}; {has}"), remedy)
        }
        ModelAvailability::Failed(fault) => match fault {
            ProviderFault::Unreachable => ("cannot be reached".to_owned(), check),
            ProviderFault::Timeout | ProviderFault::Endless => ("does not answer in time".to_owned(), check),
            ProviderFault::Status(429) => {
                ("has had too many requests (429)".to_owned(), "wait, or see to the quota there".to_owned())
            }
            ProviderFault::Status(status @ 500..) => {
                (format!("has a fault of its own ({status})"), "see to that server, or wait".to_owned())
            }
            ProviderFault::Status(status) => (
                format!("does not take {model} ({status})"),
                format!("check the model in `{setting}`, and {address}"),
            ),
            ProviderFault::Configuration => (
                "cannot be asked: no header can hold the key, or it is no address".to_owned(),
                format!("check {key} and {address} for stray characters"),
            ),
            ProviderFault::CutOff
            | ProviderFault::Empty
            | ProviderFault::Garbage
            | ProviderFault::Html
            | ProviderFault::Provider
            | ProviderFault::Withheld
            | ProviderFault::Spared => (
                format!("does not speak as {name} does"),
                format!("check {address}: another program may be there"),
            ),
        },
    };
    let meanwhile = if *followed {
        "until then the next goes on in its place".to_owned()
    } else {
        format!("or have this machine go on in its place: `{setting}` = {way},local")
    };
    report.warn(what, format!("{base} {found}"), format!("{remedy}; {meanwhile}"));
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;
    use speech::remote::ProviderKey;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::super::FindingSeverity;
    use super::*;

    /// A provider that gives every connection this answer, and then nothing. Its address, without a scheme.
    async fn fake(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        address
    }

    async fn told(
        stt: &str,
        tts: &str,
        environment: &SpeechEnvironment,
    ) -> (Vec<(FindingSeverity, &'static str)>, String) {
        let settings =
            ServerSettings { stt: stt.to_owned(), tts: tts.to_owned(), ..ServerSettings::default() };
        let mut report = DoctorReport::default();
        examine(&settings, environment, &mut report).await;
        let text = report.to_string();
        assert!(report.can_run() && !text.contains("PRIVATE"), "{text}");
        (report.findings.iter().map(|finding| (finding.mark, finding.what)).collect(), text)
    }

    #[tokio::test]
    async fn this_machine_is_not_asked_and_a_missing_key_is_told() {
        assert!(told("local", "local", &SpeechEnvironment::default()).await.0.is_empty());
        let (marks, text) = told("deepgram,local", "openai", &SpeechEnvironment::default()).await;
        assert_eq!(marks, [(FindingSeverity::Warn, "hearing"), (FindingSeverity::Warn, "speaking")]);
        assert!(text.contains("set DEEPGRAM_API_KEY, or take deepgram out of `stt`"), "{text}");
        assert!(text.contains("set OPENAI_API_KEY, or take openai out of `tts`"), "{text}");
        let nowhere = SpeechEnvironment::default().with("openai", None, Some("nowhere"));
        let (marks, text) = told("openai", "local", &nowhere).await;
        assert!(
            marks == [(FindingSeverity::Warn, "hearing")] && text.contains("OPENAI_SPEECH_BASE_URL"),
            "{text}"
        );
    }

    #[tokio::test]
    async fn what_a_provider_says_is_told_with_what_to_do() {
        let refusing = "HTTP/1.1 401 No\r\ncontent-length: 7\r\n\r\nPRIVATE";
        let unknown = "HTTP/1.1 400 No\r\ncontent-length: 7\r\n\r\nPRIVATE";
        let ill = "HTTP/1.1 502 No\r\ncontent-length: 7\r\n\r\nPRIVATE";
        let models = "HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"data\":[{\"id\":\"whisper\"}]}";
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
        for (answer, hearing, speaking) in [
            (Some(refusing), "set DEEPGRAM_API_KEY to a key", "set OPENAI_API_KEY to a key"),
            (Some(unknown), "check the model in `stt`, and DEEPGRAM_BASE_URL", "check the model in `tts`"),
            (Some(ill), "has a fault of its own (502)", "has a fault of its own (502)"),
            (Some(models), "does not take nova-3 (200)", "such as openai:whisper"),
            (Some("hello\r\n\r\n"), "does not speak as deepgram does", "check OPENAI_SPEECH_BASE_URL"),
            (None, "cannot be reached", "cannot be reached"),
        ] {
            let at = match answer {
                Some(answer) => fake(answer).await,
                None => nobody.clone(),
            };
            let environment = SpeechEnvironment::default()
                .with("deepgram", ProviderKey::new("PRIVATE"), Some(&format!("ws://me:PRIVATE@{at}/v1")))
                .with("openai", ProviderKey::new("PRIVATE"), Some(&format!("http://{at}/v1")));
            let (marks, text) = told("deepgram:nova-3,local", "openai:tts:nova", &environment).await;
            assert_eq!(
                marks,
                [(FindingSeverity::Warn, "hearing"), (FindingSeverity::Warn, "speaking")],
                "{text}"
            );
            assert!(text.contains(hearing) && text.contains(speaking), "{text}");
            assert!(
                text.contains("the next goes on") && text.contains("`tts` = openai:tts:nova,local"),
                "{text}"
            );
        }
    }

    #[tokio::test]
    async fn providers_that_would_do_are_told_in_the_order_of_the_settings() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("ws://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
                    while let Some(Ok(_)) = socket.next().await {}
                });
            }
        });
        let models =
            fake("HTTP/1.1 200 OK\r\ncontent-length: 29\r\n\r\n{\"data\":[{\"id\":\"whisper-1\"}]}").await;
        let environment = SpeechEnvironment::default()
            .with("openai", None, Some(&format!("http://{models}/v1")))
            .with("deepgram", None, Some(&base))
            .with("cartesia", None, Some(&base));
        let (marks, text) = told("openai:whisper-1,deepgram", "cartesia::id,local", &environment).await;
        let (hearing, speaking) = ((FindingSeverity::Ok, "hearing"), (FindingSeverity::Ok, "speaking"));
        assert_eq!(marks, [hearing, hearing, speaking], "{text}");
        let order = [
            "takes whisper-1",
            "takes nova-3",
            "takes the key; the first sentence will show whether it has sonic-3",
        ];
        let places: Vec<usize> = order.iter().map(|words| text.find(words).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
    }
}
