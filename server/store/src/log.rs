//! Checks the write-ahead log before SQLite reads it: SQLite uses a log up to its first invalid frame and silently
//! drops the rest, even hours of work.
//!
//! A power cut may leave the last transaction half-written; that one was never acknowledged. Two whole transactions
//! behind a broken frame, or a broken header, are damage. (The format:
//! <https://sqlite.org/fileformat2.html#walformat>.)

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME: usize = 24;
/// The magic number of a log; its last bit tells the byte order of the checksums.
const MAGIC: u32 = 0x377f_0682;

/// True if part of the log's content is lost. A missing or empty log is sound.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn is_damaged(log: &Path) -> io::Result<bool> {
    match File::open(log) {
        Ok(file) => scan(BufReader::with_capacity(1 << 18, file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn scan(mut log: impl Read) -> io::Result<bool> {
    let mut header = [0; HEADER];
    let length = fill(&mut log, &mut header)?;
    if length == 0 {
        return Ok(false);
    }
    let mut frame = vec![0; FRAME];
    if length < HEADER {
        // Nothing in a log without a whole header was ever acknowledged.
        return Ok(false);
    }
    let page = number(&header, 8) as usize;
    let mut sums = Sums { big: number(&header, 0) & 1 == 1, at: (0, 0) };
    sums.add(&header[..24]);
    let sound = number(&header, 0) & !1 == MAGIC
        && (512..=65_536).contains(&page)
        && page.is_power_of_two()
        && sums.at == (number(&header, 24), number(&header, 28));
    if !sound {
        // The header reaches the disk before the first frame: without a frame nothing is lost.
        return Ok(fill(&mut log, &mut frame)? == FRAME);
    }
    let salts = header[16..24].to_vec();
    frame.resize(FRAME + page, 0);
    let (mut broken, mut commits) = (false, 0);
    while fill(&mut log, &mut frame)? == frame.len() {
        // Frames left over from earlier rounds of the log have other salts.
        let current = frame[8..16] == salts;
        if !broken {
            sums.add(&frame[..8]);
            sums.add(&frame[FRAME..]);
            broken = !current || sums.at != (number(&frame, 16), number(&frame, 20));
        }
        let commit = number(&frame, 4) > 0;
        commits += usize::from(broken && current && commit);
    }
    Ok(commits >= 2)
}

/// Reads until the buffer is full or the log ends. Returns how much was read.
fn fill(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match log.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// SQLite's cumulative checksums of a log.
struct Sums {
    big: bool,
    at: (u32, u32),
}

impl Sums {
    fn add(&mut self, bytes: &[u8]) {
        let (mut a, mut b) = self.at;
        for pair in bytes.chunks_exact(8) {
            let (left, right) = (number(pair, 0), number(pair, 4));
            let (left, right) =
                if self.big { (left, right) } else { (left.swap_bytes(), right.swap_bytes()) };
            a = a.wrapping_add(left).wrapping_add(b);
            b = b.wrapping_add(right).wrapping_add(a);
        }
        self.at = (a, b);
    }
}
