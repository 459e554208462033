//! Sound files of 16-bit samples: cutting the silence at both ends.

/// The sound without the silence before and behind it, 30 ms left on each side, under a correct header.
///
/// A program that writes to a pipe cannot know the length when it writes the header, so the lengths given there are
/// taken as upper bounds. Fails with the reason when it is no 16-bit PCM file or holds no sound.
pub(crate) fn trimmed(file: &[u8]) -> Result<Vec<u8>, &'static str> {
    let sound = parse(file)?;
    let frame = usize::from(sound.channels) * 2;
    let loud = |frame: &[u8]| {
        frame
            .chunks_exact(2)
            .any(|sample| i16::from_le_bytes([sample[0], sample[1]]).unsigned_abs() > SILENCE)
    };
    let frames: Vec<&[u8]> = sound.samples.chunks_exact(frame).collect();
    let first = frames
        .iter()
        .position(|frame| loud(frame))
        .ok_or("the sound is silent")?;
    let last = frames
        .iter()
        .rposition(|frame| loud(frame))
        .ok_or("the sound is silent")?;
    let margin = sound.rate as usize * 30 / 1000;
    let from = first.saturating_sub(margin) * frame;
    let to = (last + 1 + margin).min(frames.len()) * frame;
    Ok(written(&sound, &sound.samples[from..to]))
}

/// Length of a sound file in milliseconds; nothing when it is none.
#[cfg(test)]
pub(crate) fn milliseconds(file: &[u8]) -> Option<usize> {
    let sound = parse(file).ok()?;
    Some(sound.samples.len() / 2 / usize::from(sound.channels) * 1000 / sound.rate as usize)
}

/// Samples no louder than this (of 32,767) are silence.
const SILENCE: u16 = 200;

struct Sound<'a> {
    channels: u16,
    /// Frames a second.
    rate: u32,
    /// Little-endian 16-bit samples, channels interleaved.
    samples: &'a [u8],
}

/// Walks the chunks of a RIFF file (Microsoft, "Multimedia Programming Interface", 1991).
fn parse(file: &[u8]) -> Result<Sound<'_>, &'static str> {
    let four = |at: usize| file.get(at..at + 4);
    if four(0) != Some(b"RIFF") || four(8) != Some(b"WAVE") {
        return Err("the answer is no sound file");
    }
    let u16_at = |at: usize| {
        file.get(at..at + 2)
            .map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
    };
    let u32_at = |at: usize| four(at).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let (mut at, mut format) = (12, None);
    while let Some(name) = four(at) {
        let (body, length) = (at + 8, u32_at(at + 4) as usize);
        if name == b"fmt " {
            let (encoding, channels, rate, bits) = (
                u16_at(body),
                u16_at(body + 2),
                u32_at(body + 4),
                u16_at(body + 14),
            );
            if encoding != 1 || bits != 16 || channels == 0 || rate == 0 {
                return Err("the sound is not 16-bit PCM");
            }
            format = Some((channels, rate));
        }
        if name == b"data" {
            let (channels, rate) = format.ok_or("the sound file has no format")?;
            let end = body.saturating_add(length).min(file.len());
            return Ok(Sound {
                channels,
                rate,
                samples: file.get(body..end).unwrap_or_default(),
            });
        }
        at = body.saturating_add(length).saturating_add(length % 2);
    }
    Err("the sound file has no data")
}

fn written(sound: &Sound, samples: &[u8]) -> Vec<u8> {
    let length = |bytes: usize| {
        u32::try_from(bytes)
            .expect("a sentence is shorter than 4 GB")
            .to_le_bytes()
    };
    let frame = sound.channels * 2;
    let mut file = Vec::with_capacity(44 + samples.len());
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&length(36 + samples.len()));
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0");
    file.extend_from_slice(&sound.channels.to_le_bytes());
    file.extend_from_slice(&sound.rate.to_le_bytes());
    file.extend_from_slice(&(sound.rate * u32::from(frame)).to_le_bytes());
    file.extend_from_slice(&frame.to_le_bytes());
    file.extend_from_slice(b"\x10\0data");
    file.extend_from_slice(&length(samples.len()));
    file.extend_from_slice(samples);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(samples: &[i16]) -> Vec<u8> {
        let samples: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        written(
            &Sound {
                channels: 1,
                rate: 1000,
                samples: &[],
            },
            &samples,
        )
    }

    #[test]
    fn silence_at_both_ends_is_cut_and_inside_kept() {
        let mut samples = vec![0i16; 500];
        samples.extend([9000, 0, 0, -9000]);
        samples.extend([50; 700]);
        let cut = trimmed(&file(&samples)).unwrap();
        // 30 ms at 1,000 frames a second are 30 frames on each side.
        assert_eq!(milliseconds(&cut), Some(64));
        assert_eq!(cut, file(&samples[470..534]));
    }

    #[test]
    fn a_header_with_an_unknown_length_is_put_right() {
        let samples = [5000i16; 40];
        let mut streamed = file(&samples);
        streamed[4..8].copy_from_slice(&0x7fff_f024u32.to_le_bytes());
        streamed[40..44].copy_from_slice(&0x7fff_f000u32.to_le_bytes());
        assert_eq!(trimmed(&streamed).unwrap(), file(&samples));
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        let broken: Vec<Vec<u8>> = vec![
            vec![],
            b"RIFF".to_vec(),
            b"RIFF\0\0\0\0WAVE".to_vec(),
            file(&[]),
            file(&[10; 99]),
            vec![0; 60],
        ];
        for file in broken {
            assert!(trimmed(&file).is_err(), "{file:?}");
        }
        let whole = file(&[9000; 30]);
        for length in 0..44 {
            assert!(trimmed(&whole[..length]).is_err(), "{length}");
        }
    }
}
