//! WAV files, through `hound`.

use std::io::{Read, Seek, Write};

use super::rate::at_rate;

/// Mono audio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonoRecording {
    /// The samples.
    pub pcm: Vec<i16>,
    /// Samples a second; not 0.
    pub rate: u32,
}

/// Why a file is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// It is no WAV file, or one of a kind that is not read.
    #[error("not a WAV file of PCM samples ({0}); convert it, for example with `ffmpeg -i in.mp3 out.wav`")]
    Kind(String),
    /// It is longer than is read.
    #[error("longer than {minutes} minutes; cut it into pieces")]
    Long {
        /// How many minutes are read.
        minutes: u64,
    },
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<hound::Error> for WavError {
    fn from(error: hound::Error) -> Self {
        use std::io::ErrorKind::{Other, UnexpectedEof};
        match error {
            // A file that ends too early is told as one of these.
            hound::Error::IoError(error) if matches!(error.kind(), UnexpectedEof | Other) => {
                Self::Kind(error.to_string())
            }
            hound::Error::IoError(error) => Self::Io(error),
            hound::Error::FormatError(_)
            | hound::Error::TooWide
            | hound::Error::UnfinishedSample
            | hound::Error::Unsupported
            | hound::Error::InvalidSampleFormat => Self::Kind(error.to_string()),
        }
    }
}

/// How long a recording may be.
const MINUTES: u64 = 120;

impl MonoRecording {
    /// Reads a WAV file of up to two hours: whole numbers of 8 to 32 bits or floats, any rate; several channels are
    /// mixed into one.
    pub fn read(from: impl Read) -> Result<Self, WavError> {
        let reader = hound::WavReader::new(from)?;
        let spec = reader.spec();
        let channels = usize::from(spec.channels);
        if spec.sample_rate == 0 || channels == 0 {
            return Err(WavError::Kind("its header says 0 samples a second, or 0 channels".to_owned()));
        }
        if u64::from(reader.duration()) > MINUTES * 60 * u64::from(spec.sample_rate) {
            return Err(WavError::Long { minutes: MINUTES });
        }
        let samples: Vec<f32> = match spec.sample_format {
            hound::SampleFormat::Float => reader.into_samples::<f32>().collect::<Result<_, _>>()?,
            hound::SampleFormat::Int => {
                let most = (1_i64 << (spec.bits_per_sample - 1)) as f32;
                let float = |sample: Result<i32, _>| sample.map(|sample| sample as f32 / most);
                reader.into_samples::<i32>().map(float).collect::<Result<_, _>>()?
            }
        };
        let mixed = |frame: &[f32]| {
            let sum: f32 = frame.iter().sum();
            (sum / frame.len() as f32 * 32_768.0).round().clamp(f32::from(i16::MIN), f32::from(i16::MAX))
                as i16
        };
        Ok(Self { pcm: samples.chunks_exact(channels).map(mixed).collect(), rate: spec.sample_rate })
    }

    /// Writes a WAV file of 16 bits.
    pub fn write(&self, to: impl Write + Seek) -> Result<(), WavError> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: self.rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::new(to, spec)?;
        for sample in &self.pcm {
            writer.write_sample(*sample)?;
        }
        Ok(writer.finalize()?)
    }

    /// The same at another rate.
    pub fn at(self, rate: u32) -> Self {
        if self.rate == rate { self } else { Self { pcm: at_rate(&self.pcm, self.rate, rate), rate } }
    }

    /// How long it is, in milliseconds.
    pub fn millis(&self) -> u64 {
        self.pcm.len() as u64 * 1_000 / u64::from(self.rate)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn file(spec: hound::WavSpec, write: impl Fn(&mut hound::WavWriter<&mut Cursor<Vec<u8>>>)) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        write(&mut writer);
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    fn spec(channels: u16, bits_per_sample: u16, sample_format: hound::SampleFormat) -> hound::WavSpec {
        hound::WavSpec { channels, sample_rate: 22_050, bits_per_sample, sample_format }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let recording = MonoRecording { pcm: vec![0, 1, -1, i16::MAX, i16::MIN, 300], rate: 16_000 };
        let mut bytes = Cursor::new(Vec::new());
        recording.write(&mut bytes).unwrap();
        assert_eq!(MonoRecording::read(bytes.into_inner().as_slice()).unwrap(), recording);
    }

    #[test]
    fn every_usual_kind_is_read_and_channels_are_mixed() {
        use hound::SampleFormat::{Float, Int};
        let stereo = file(spec(2, 24, Int), |writer| {
            for sample in [1_i32 << 22, 0, -(1 << 22), -(1 << 22)] {
                writer.write_sample(sample).unwrap();
            }
        });
        assert_eq!(MonoRecording::read(stereo.as_slice()).unwrap().pcm, [8_192, -16_384]);
        let float = file(spec(1, 32, Float), |writer| {
            for sample in [0.5_f32, -1.0, 3.0, f32::NAN] {
                writer.write_sample(sample).unwrap();
            }
        });
        assert_eq!(MonoRecording::read(float.as_slice()).unwrap().pcm, [16_384, -32_768, 32_767, 0]);
        let eight = file(spec(1, 8, Int), |writer| writer.write_sample(64_i8).unwrap());
        let eight = MonoRecording::read(eight.as_slice()).unwrap();
        assert_eq!((eight.pcm, eight.rate), (vec![16_384], 22_050));
    }

    #[test]
    fn what_is_no_wav_is_told_with_what_to_do() {
        let whole = file(spec(1, 16, hound::SampleFormat::Int), |writer| writer.write_sample(5_i16).unwrap());
        for bytes in [&b"ID3 and then an MP3"[..], b"", &whole[..20], &whole[..whole.len() - 1]] {
            let error = MonoRecording::read(bytes).unwrap_err();
            assert!(matches!(error, WavError::Kind(_)) && error.to_string().contains("ffmpeg"), "{error}");
        }
    }

    #[test]
    fn its_length_is_the_same_at_another_rate() {
        let recording = MonoRecording { pcm: vec![0; 22_050], rate: 22_050 };
        assert_eq!((recording.millis(), recording.at(16_000).pcm.len()), (1_000, 16_000));
    }
}
