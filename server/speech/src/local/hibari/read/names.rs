//! Names of our trade that no dictionary has, and that spelling would get wrong.

/// Names in small letters, sorted, and how they sound.
const NAMES: [(&str, &str); 72] = [
    ("aiohttp", "ˌAˌIˌOˌAʧtˌitˌipˈi"),
    ("airbnb", "ˈɛɹbiˌɛnbˌi"),
    ("ansible", "ˈænsəbəl"),
    ("async", "ˈAsɪŋk"),
    ("aws", "ˌAdˌʌbᵊljuˈɛs"),
    ("axum", "ˈæksəm"),
    ("ci", "sˌiˈI"),
    ("clickhouse", "klˈɪkhˌWs"),
    ("cloudflare", "klˈWdflˌɛɹ"),
    ("cpu", "sˌipˌijˈu"),
    ("css", "sˌiˌɛsˈɛs"),
    ("cuda", "kˈudə"),
    ("datadog", "dˈATədˌɔɡ"),
    ("devops", "dˈɛvˌɑps"),
    ("django", "ʤˈæŋɡO"),
    ("dynamodb", "dInəmOdibˈi"),
    ("elasticsearch", "ɪlˈæstɪksˌɜɹʧ"),
    ("etcd", "ˌɛtsiˈdi"),
    ("fastapi", "fˈæstˌApˌiˈI"),
    ("figma", "fˈɪɡmə"),
    ("flask", "flˈæsk"),
    ("github", "ɡˈɪthˌʌb"),
    ("gitlab", "ɡˈɪtlˌæb"),
    ("golang", "ɡˈOlæŋ"),
    ("gpu", "ʤˌipˌijˈu"),
    ("grafana", "ɡɹəfˈɑnə"),
    ("graphql", "ɡɹˈæf kjˌuˈɛl"),
    ("grpc", "ʤˌiˌɑɹpˌisˈi"),
    ("hadoop", "hədˈup"),
    ("haskell", "hˈæskəl"),
    ("html", "ˌAʧtˌiˌɛmˈɛl"),
    ("http", "ˌAʧtˌitˌipˈi"),
    ("https", "ˌAʧtˌitˌipˌiˈɛs"),
    ("jira", "ʤˈɪɹə"),
    ("json", "ʤˈAsɑn"),
    ("jwt", "ˌʤAdˌʌbᵊljutˈi"),
    ("kafka", "kˈɑfkə"),
    ("kotlin", "kˈɑtlɪn"),
    ("kubectl", "kjˈub kəntɹˈOl"),
    ("kubernetes", "kˌubəɹnˈɛTiz"),
    ("laravel", "lˈæɹəvˌɛl"),
    ("leptos", "lˈɛptOs"),
    ("linux", "lˈɪnəks"),
    ("llm", "ˌɛlˌɛlˈɛm"),
    ("mongodb", "mˈɑŋɡO dˌibˈi"),
    ("mysql", "mˌIˌɛskjˌuˈɛl"),
    ("neo4j", "nˈiO fˈɔɹ ʤˈA"),
    ("nextjs", "nˈɛkst ʤˌAˈɛs"),
    ("nginx", "ˈɛnʤɪn ˈɛks"),
    ("nosql", "nˈO sˈikwəl"),
    ("numpy", "nˈʌmpˌI"),
    ("oauth", "ˈOˌɔθ"),
    ("openai", "ˈOpən ˌAˈI"),
    ("opentelemetry", "ˈOpən təlˈɛmətɹi"),
    ("postgres", "pˈOstɡɹɛs"),
    ("postgresql", "pˈOstɡɹɛs kjˌuˈɛl"),
    ("prometheus", "pɹəmˈiθiəs"),
    ("pytest", "pˈItˌɛst"),
    ("pytorch", "pˈItˌɔɹʧ"),
    ("rabbitmq", "ɹˈæbət ˌɛmkjˈu"),
    ("redis", "ɹˈɛdɪs"),
    ("rstudio", "ˌɑɹ stˈudiˌO"),
    ("scikit", "sˈIkɪt"),
    ("sqlite", "ˌɛskjˌuˈɛl lˈIt"),
    ("tokio", "tˈOkiˌO"),
    ("typescript", "tˈIpskɹˌɪpt"),
    ("ubuntu", "ubˈʊntu"),
    ("vue", "vjˈu"),
    ("wasm", "wˈɑzəm"),
    ("webpack", "wˈɛbpˌæk"),
    ("yaml", "jˈæməl"),
    ("zsh", "zˌiˌɛsˈAʧ"),
];

/// How a name sounds, however it is written; `None` if it is none of ours.
pub(super) fn sounds(word: &str) -> Option<String> {
    let small = word.to_lowercase();
    let (stem, plural) = match small.strip_suffix("'s") {
        Some(stem) => (stem, true),
        None => (small.as_str(), false),
    };
    let found = NAMES.binary_search_by(|(name, _)| (*name).cmp(stem)).ok()?;
    let sounds = NAMES[found].1;
    let ending = match (plural, sounds.chars().last()?) {
        (false, _) => "",
        (true, 'p' | 't' | 'k' | 'f' | 'θ') => "s",
        (true, 's' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ') => "ᵻz",
        (true, _) => "z",
    };
    Some(format!("{sounds}{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_found_however_written() {
        assert!(NAMES.is_sorted_by(|one, other| one.0 < other.0));
        assert_eq!(sounds("Kubernetes").as_deref(), Some("kˌubəɹnˈɛTiz"));
        assert_eq!(sounds("NGINX"), sounds("nginx"));
        assert_eq!(sounds("Redis's").as_deref(), Some("ɹˈɛdɪsᵻz"));
        assert_eq!(sounds("GitHub's").as_deref(), Some("ɡˈɪthˌʌbz"));
        assert_eq!(sounds("interview"), None);
    }
}
