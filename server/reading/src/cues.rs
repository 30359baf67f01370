//! Words that tell what a sentence does, beside what the model makes of it.

/// Groups of words and phrases; a sentence has a cue if one of its group is in it.
const GROUPS: [&str; 22] = [
    "i|i'm|i'd|i've|i'll",
    "my|me|myself|mine",
    "we|we're|we'd|we've|us|our|ours|together",
    "he|she|they|him|her|them|his|their|who",
    "now|since then|after that|in the end|at the end|eventually|finally|today|still|until today|this year|by then",
    "went from|dropped|fell|rose|saved|down to|up to|down from|per cent|percent|doubled|halved|cut|reduced|increased|faster|less|fewer|more",
    "result|worked|passed|won|lost|closed|signed|agreed|accepted|approved|shipped|launched|finished|solved|fixed|renewed|happy|thanked",
    "would have|should have|should of|shouldn't have|could have|learnt|learned|learn|lesson|looking back|differently|next time|in hindsight|realised|realized|taught me|regret|i think i|now i always|since then i|i should",
    "want|wanted|like|love|enjoy|looking for|interested|because i|dream|hope|prefer|reason|drawn|appeals|excited",
    "always|usually|generally|never|everyone|try to|normally|typically|often|every time|believe|important|people should|you have to|you need|key",
    "had to|needed to|have to|need to|job was|my task|responsible|in charge|asked me|was asked|deadline|goal|target|supposed|required|my role|was on call|mine to|up to me|assigned",
    "told|asked|said|called|spoke|talked|wrote|sent|explained|showed|met|suggested|proposed|convinced",
    "built|made|set up|checked|took|started|began|changed|moved|wrote|found|went|put|got|did|created|organised|organized|planned|trained|tested|ran|cut|fixed|counted|measured|looked|sat|gave|bought|drew|printed|booked|rang|replaced|stopped|tried|stayed|brought|kept",
    "was|were|had|went|did|came|got",
    "is|are|am|do|have|has|work|works",
    "don't know|no idea|not sure|can't think|nothing comes|cannot think|rather not|don't want|no comment|hard to say|pass",
    "hello|hi|thanks|thank you|okay|ok|um|uh|well|so|yeah|good morning|sorry|let me",
    "boss|manager|colleague|colleagues|team|customer|customers|client|clients|patient|patients|mother|father|parents|pupil|pupils|student|students|director|supervisor|doctor|nurse|family|guest|guests|neighbour|friend|teacher|chef|foreman|apprentice|owner|head|chief|lead|engineer|user|users|people",
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|half|third|quarter|dozen|twice|double|a week|weeks|months|years|hours|minutes|days",
    "mistake|wrong|failed|failure|error|lost|broke|complaint|angry|died|accident|fired|dismissed|forgot|missed|late|problem|worse|bad",
    "worked at|work at|work as|worked as|years|studied|degree|school|university|born|grew up|trained as|apprenticeship|currently|at the moment|experience in",
    "but|however|although|though|only|except|instead",
];

/// How many numbers the cues of a sentence are.
pub const WIDTH: usize = GROUPS.len() + 3;

/// The cues of a sentence: 1 or 0 for each group, for a digit and for a question; and how long it is.
pub fn cues(sentence: &str) -> [f32; WIDTH] {
    let plain = plain(sentence);
    let mut cues = [0.0; WIDTH];
    for (cue, group) in cues.iter_mut().zip(GROUPS) {
        *cue = f32::from(u8::from(group.split('|').any(|phrase| has(&plain, phrase))));
    }
    cues[GROUPS.len()] = f32::from(u8::from(sentence.chars().any(|letter| letter.is_ascii_digit())));
    cues[GROUPS.len() + 1] = f32::from(u8::from(sentence.trim_end().ends_with('?')));
    cues[GROUPS.len() + 2] = (plain.split_whitespace().count() as f32 / 20.0).min(2.0);
    cues
}

/// The words in lower case with one space around each.
fn plain(sentence: &str) -> String {
    let mut plain = String::from(" ");
    let letters = sentence.chars().map(|letter| if letter == '’' { '\'' } else { letter });
    for letter in letters.flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() || letter == '\'' {
            plain.push(letter);
        } else if !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// Whether a phrase is there as whole words.
fn has(plain: &str, phrase: &str) -> bool {
    plain
        .match_indices(phrase)
        .any(|(at, _)| plain[..at].ends_with(' ') && plain[at + phrase.len()..].starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_count_as_whole_words() {
        let of = |sentence| cues(sentence);
        assert_eq!(of("I’m sorry, we fixed it in 2 days.")[0], 1.0);
        assert_eq!(of("Iron and stone")[0], 0.0);
        let then = of("In the end, it worked: down to 3?");
        assert_eq!((then[4], then[5], then[6]), (1.0, 1.0, 1.0));
        assert_eq!((then[GROUPS.len()], then[GROUPS.len() + 1]), (1.0, 1.0));
        assert_eq!(of(""), [0.0; WIDTH]);
    }
}
