//! Messages between a framework's worker and our models: a letter, the length of what follows in four bytes (the smallest
//! first), and what follows. `agents/bridge.py` is the other side.

use anyhow::{Result, ensure};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// To the models: audio that is heard.
pub(super) const AUDIO: u8 = b'A';
/// To the models: the utterance is over.
pub(super) const OVER: u8 = b'O';
/// To the models: a text to be said.
pub(super) const SAY: u8 = b'S';
/// From them: the words so far, the words up to a pause, the words of the utterance.
pub(super) const INTERIM: u8 = b'I';
pub(super) const PAUSED: u8 = b'P';
pub(super) const FINAL: u8 = b'F';
/// From them: sound, and the end of it.
pub(super) const SOUND: u8 = b'A';
pub(super) const SAID: u8 = b'E';

/// The longest message: a minute of sound is shorter.
const LONGEST: u32 = 8 << 20;

/// The next message; `None` when no more come.
pub(super) async fn read(from: &mut (impl AsyncRead + Unpin)) -> Result<Option<(u8, Vec<u8>)>> {
    let mut head = [0; 5];
    if from.read(&mut head[..1]).await? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut head[1..]).await?;
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
    ensure!(length <= LONGEST, "a message of {length} bytes is too long");
    let mut content = vec![0; length as usize];
    from.read_exact(&mut content).await?;
    Ok(Some((head[0], content)))
}

pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), kind: u8, content: &[u8]) -> Result<()> {
    let mut message = vec![kind];
    message.extend(u32::try_from(content.len())?.to_le_bytes());
    message.extend(content);
    Ok(to.write_all(&message).await?)
}

/// Samples as bytes, the smaller half of each first.
pub(super) fn bytes(pcm: &[i16]) -> Vec<u8> {
    pcm.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// And back; half a sample at the end is left out.
pub(super) fn samples(bytes: &[u8]) -> Vec<i16> {
    bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read() {
        let (mut here, mut there) = tokio::io::duplex(64);
        let sound = bytes(&[1, -2, i16::MAX]);
        write(&mut here, SOUND, &sound).await.unwrap();
        write(&mut here, SAID, &[]).await.unwrap();
        drop(here);
        let (kind, content) = read(&mut there).await.unwrap().unwrap();
        assert_eq!((kind, samples(&content)), (SOUND, vec![1, -2, i16::MAX]));
        assert_eq!(read(&mut there).await.unwrap(), Some((SAID, Vec::new())));
        assert_eq!(read(&mut there).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_no_message_is_refused() {
        let long = [&[SAY][..], &u32::MAX.to_le_bytes()].concat();
        assert!(read(&mut &long[..]).await.is_err());
        assert!(read(&mut &[SAY, 1, 0][..]).await.is_err(), "it breaks off");
    }

    #[test]
    fn the_other_side_has_the_same_letters() {
        let bridge = include_str!("../../agents/bridge.py");
        let bytes = |letters: &[u8]| {
            letters.iter().map(|letter| format!("b\"{}\"", *letter as char)).collect::<Vec<_>>().join(", ")
        };
        for line in [
            format!("AUDIO, OVER, SAY = {}", bytes(&[AUDIO, OVER, SAY])),
            format!(
                "INTERIM, PAUSED, FINAL, SOUND, SAID = {}",
                bytes(&[INTERIM, PAUSED, FINAL, SOUND, SAID])
            ),
        ] {
            assert!(bridge.contains(&line), "{line}");
        }
    }
}
