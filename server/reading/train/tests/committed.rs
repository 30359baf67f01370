//! The committed weights are those of the committed answers and lines, and read better than words alone.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use interview::manner::PrivacyVerdict;
use interview::moves::Move;
use interview::reading::Ask;
use models::{ModelFolder, ModelSet};
use reading::wants::Wants;
use reading::{Heads, MiniLm, MiniLmReader, PrivateHead};
use reading_train::stories::marked::{self, ActionLabelSet};
use reading_train::stories::{introductions, next};
use reading_train::{data, fits, measure, private, stories, training};

fn folder() -> ModelFolder {
    let path =
        std::env::var_os("INTERVIEWOS_MODELS").expect("INTERVIEWOS_MODELS names the folder of the models");
    ModelFolder::open(path, ModelSet::Reading).expect("the models are there")
}

#[test]
#[ignore = "needs the models: make test sets them up"]
fn the_weights_are_those_of_the_answers_and_beat_words_alone() {
    let data = data::read(&data::folder()).unwrap();
    let shipped = Heads::shipped().unwrap();
    assert_eq!(shipped.data, data.digest, "the answers have changed: make train-reading");
    let ready = training::ready(&data, &folder()).unwrap();
    let trained = training::train(&data, &ready);
    // Processors add up in different orders, which a long training makes more of: what counts is what they say.
    assert_eq!(shipped.known, trained.heads.known, "they know other words: make train-reading");
    let (ours, theirs) = (training::said(&shipped, &ready), training::said(&trained.heads, &ready));
    let differences: Vec<f32> =
        ours.iter().flatten().zip(theirs.iter().flatten()).map(|(one, other)| (one - other).abs()).collect();
    let mean = differences.iter().sum::<f32>() / differences.len() as f32;
    assert!(mean < 0.01, "what they say differs by {mean}: make train-reading");
    let table = measure::table(&data, &trained, |_| true);
    for words in measure::by_words(&data) {
        let found = table.iter().find(|figure| figure.name == words.name).unwrap().value;
        // Figures are left to the words, which find them best; a rounding apart, since the role is not known there.
        let better =
            if words.name == "present numbers" { found > words.value - 0.002 } else { found > words.value };
        assert!(better, "{}: {found:.3}, by words alone {:.3}", words.name, words.value);
    }
    let material = fits::material(&fits::answers(&data, &ready, &trained), &folder()).unwrap();
    let wants = Wants::shipped().unwrap();
    assert_eq!(wants.data, material.digest(), "the judgements of lines have changed: make train-reading");
    let (figures, alike) = material.compare(&wants).unwrap();
    assert!(alike > 0.98, "which lines go with which answers differs: {alike:.3}: make train-reading");
    assert!(figures.first > 2.0 * figures.chance, "{figures}");
}

#[test]
#[ignore = "needs the models: make test sets them up"]
fn the_head_for_lines_is_that_of_the_lines_and_beats_words_alone() {
    let data = data::read(&data::folder()).unwrap();
    let lines = private::read(&data::questions_folder(), &data).unwrap();
    let shipped = PrivateHead::shipped().unwrap();
    assert_eq!(shipped.data, lines.digest, "the lines have changed: make train-reading");
    let trained = private::train(&lines, &folder()).unwrap();
    assert_eq!(shipped.words, trained.head.words, "it knows other words: make train-reading");
    let figure = |name: &str| {
        let figure = trained.figures.iter().find(|figure| figure.name == name);
        figure.unwrap_or_else(|| panic!("there is no figure \"{name}\"")).value
    };
    // The author of these knew neither the words nor the head.
    assert!(figure("both: private lines by 4, found") > 0.9);
    // Roundabout on purpose.
    assert!(figure("both: private lines by 5, found") > figure("words: private lines by 5, found") + 0.3);
    assert!(figure("both: fine lines by 5, refused") < 0.015);
    assert!(figure("both: fine lines by 4, refused") < 0.025);
    assert!(figure("both: what is asked otherwise, refused") < 0.0105);
}

#[test]
#[ignore = "needs the models: make test sets them up"]
fn the_weights_of_the_notes_are_those_of_the_stories() {
    let mut reader = MiniLmReader::load(&folder()).unwrap();
    let stories = stories::read(&stories::folder(), &mut reader).unwrap();
    assert_eq!(report::carry::learnt_from(), stories.digest, "the stories have changed: make train-notes");
    let trained = stories::train(&stories.stories).unwrap();
    let alike = stories::alike(&stories.stories, report::carry::bundled_weights(), &trained).unwrap();
    assert!(alike > 0.98, "they choose the same in {alike:.3}: make train-notes");

    // What to ask next was learnt from the same stories.
    let wanted: ActionLabelSet<Ask> = marked::read(&stories::folder().join("next")).unwrap();
    assert_eq!(interview::next::learnt_from(), wanted.digest, "what is wanted has changed: make train-notes");
    let places = next::places(&stories.stories, &wanted);
    let alike = marked::alike(&places, interview::next::shipped(), &marked::train(&places));
    assert!(alike > 0.98, "they ask the same in {alike:.3}: make train-notes");

    // What to say next in an introduction was learnt from introductions.
    let told = introductions::read(&introductions::folder(), &mut reader).unwrap();
    let wanted: ActionLabelSet<Move> = marked::read(&introductions::folder().join("next")).unwrap();
    assert_eq!(
        interview::moves::learnt_from(),
        wanted.digest,
        "what is wanted has changed: make train-notes"
    );
    let places = introductions::places(&told, &wanted);
    let alike = marked::alike(&places, interview::moves::shipped(), &marked::train(&places));
    assert!(alike > 0.98, "they say the same in {alike:.3}: make train-notes");
}

#[test]
#[ignore = "needs the models: make test sets them up"]
fn lines_are_read_before_they_are_said() {
    let model = MiniLm::load(&folder()).unwrap();
    let (heads, wants) = (Heads::shipped().unwrap(), Wants::shipped().unwrap());
    let mut reader = MiniLmReader::new(model, heads, wants, PrivateHead::shipped().unwrap());
    for line in [
        "Are you married?",
        "Thank you, that was clear. By the way, how old are you?",
        "Which church do you go to?",
        "Do you plan to have children soon?",
        "Your accent is lovely. Where did you grow up?",
    ] {
        let likely = reader.private(line).unwrap();
        assert!(PrivacyVerdict::Silent.is_private(Some(likely)), "{line}: {likely}");
    }
    for line in [
        "What would you do differently today?",
        "How did the patient's family take the news?",
        "Thank you. Which part of that was yours?",
        "Hello Ana. Tell me a little about yourself, and what brings you here.",
        "",
    ] {
        let likely = reader.private(line).unwrap();
        assert!(!PrivacyVerdict::Silent.is_private(Some(likely)), "{line}: {likely}");
    }
}
