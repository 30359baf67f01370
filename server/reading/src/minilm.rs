//! all-MiniLM-L6-v2: a sentence to 384 numbers of length 1 that say what it is about.

use models::{File, ModelError, ModelFolder, runtime};
use ort::session::Session;
use ort::value::Tensor;
use tokenizers::{Tokenizer, TruncationParams};

/// How many numbers a sentence becomes.
pub const WIDTH: usize = 384;
/// The most tokens of one sentence that count.
const LONGEST: usize = 128;
/// The most tokens that go through the model at once, padding included: bounds its memory.
const BATCH: usize = 512;

/// The model, for one thread.
pub struct MiniLm {
    session: Session,
    tokenizer: Tokenizer,
}

/// A sentence as numbers.
pub type Embedding = Vec<f32>;

impl MiniLm {
    /// Loads the model.
    ///
    /// # Errors
    /// [`ModelError::Missing`] where its files cannot be used.
    pub fn load(folder: &ModelFolder) -> Result<Self, ModelError> {
        let path = folder.path(File::MiniLmTokenizer);
        let broken = |error: &dyn std::fmt::Display| {
            ModelError::Missing(format!("{} cannot be used: {error}", path.display()))
        };
        let mut tokenizer = Tokenizer::from_file(&path).map_err(|error| broken(&error))?;
        tokenizer.with_padding(None);
        let truncation = TruncationParams { max_length: LONGEST, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|error| broken(&error))?;
        Ok(Self { session: runtime::session(folder, File::MiniLm)?, tokenizer })
    }

    /// The numbers of each sentence, in order. Sentences of like length go through the model together.
    ///
    /// # Errors
    /// [`ModelError::Failed`] where the model fails.
    pub fn embed(&mut self, sentences: &[&str]) -> Result<Vec<Embedding>, ModelError> {
        let mut coded = Vec::with_capacity(sentences.len());
        for (at, sentence) in sentences.iter().enumerate() {
            let encoding = self.tokenizer.encode(*sentence, true).map_err(|error| failed(&error))?;
            let ids: Vec<i64> = encoding.get_ids().iter().map(|id| i64::from(*id)).collect();
            coded.push((ids, at));
        }
        coded.sort_by_key(|(ids, at)| (ids.len(), *at));
        let mut made = vec![Vec::new(); sentences.len()];
        let mut rest = coded.as_slice();
        while !rest.is_empty() {
            let fits =
                (1..=rest.len()).take_while(|count| *count == 1 || count * rest[count - 1].0.len() <= BATCH);
            let (batch, after) = rest.split_at(fits.last().unwrap_or(1));
            for ((_, at), embedding) in batch.iter().zip(self.run(batch)?) {
                made[*at] = embedding;
            }
            rest = after;
        }
        Ok(made)
    }

    fn run(&mut self, batch: &[(Vec<i64>, usize)]) -> Result<Vec<Embedding>, ModelError> {
        let (rows, longest) = (batch.len(), batch.iter().map(|(ids, _)| ids.len()).max().unwrap_or(0));
        let padded = |value: &dyn Fn(&[i64], usize) -> i64| -> Vec<i64> {
            batch
                .iter()
                .flat_map(|(ids, _)| (0..longest).map(|at| value(ids, at)).collect::<Vec<_>>())
                .collect()
        };
        let ids = padded(&|ids, at| ids.get(at).copied().unwrap_or(0));
        let mask = padded(&|ids, at| i64::from(at < ids.len()));
        let tensor =
            |values: Vec<i64>| Tensor::from_array(([rows, longest], values)).map_err(|error| failed(&error));
        let given = ort::inputs![
            "input_ids" => tensor(ids)?,
            "attention_mask" => tensor(mask)?,
            "token_type_ids" => tensor(vec![0; rows * longest])?,
        ];
        let outputs = self.session.run(given).map_err(|error| failed(&error))?;
        let (_, states) =
            outputs["last_hidden_state"].try_extract_tensor::<f32>().map_err(|error| failed(&error))?;
        if states.len() != rows * longest * WIDTH {
            return Err(failed(&"it gave another shape than it should"));
        }
        let row = |(row, (ids, _)): (usize, &(Vec<i64>, usize))| {
            let states = &states[row * longest * WIDTH..][..ids.len() * WIDTH];
            unit(mean(states))
        };
        Ok(batch.iter().enumerate().map(row).collect())
    }
}

fn failed(error: &dyn std::fmt::Display) -> ModelError {
    ModelError::Failed(format!("the model that reads answers: {error}"))
}

/// The mean of rows of [`WIDTH`] numbers.
fn mean(rows: &[f32]) -> Embedding {
    let mut sum = vec![0.0; WIDTH];
    for row in rows.chunks_exact(WIDTH) {
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += value;
        }
    }
    sum
}

/// The same direction with length 1; nothing stays nothing.
pub(crate) fn unit(mut vector: Embedding) -> Embedding {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    vector
}
