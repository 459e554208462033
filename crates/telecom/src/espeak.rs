//! Speech by the program espeak-ng, which runs as a process of its own.

use crate::{Audio, Speech, SpeechError, wav};
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// espeak-ng with its Mandarin voice for pinyin.
///
/// The voice for hanzi (`cmn`) of version 1.51 reads them as English, so the text is spelled in pinyin first.
#[derive(Clone, Debug)]
pub struct EspeakNg {
    program: String,
    words_per_minute: u16,
    longest: usize,
    patience: Duration,
}

impl Default for EspeakNg {
    /// `espeak-ng` from the search path.
    fn default() -> Self {
        Self::new("espeak-ng")
    }
}

impl EspeakNg {
    /// The program of that name or path. It speaks 180 words a minute, at most 500 characters, and is stopped after
    /// five seconds.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            words_per_minute: 180,
            longest: 500,
            patience: Duration::from_secs(5),
        }
    }

    /// Another speed in words a minute; espeak-ng takes 80 to 450.
    #[must_use]
    pub fn speed(mut self, words_per_minute: u16) -> Self {
        self.words_per_minute = words_per_minute.clamp(80, 450);
        self
    }

    /// Another time after which the program is stopped.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Whether the program is there and what it says of itself, for a check before the first order.
    ///
    /// # Errors
    /// [`SpeechError::NotInstalled`], or another when it cannot be run.
    pub fn version(&self) -> Result<String, SpeechError> {
        let mut command = Command::new(&self.program);
        let output = self.run(command.arg("--version"), "")?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// Runs the program on `input` and gives what it writes.
    fn run(&self, command: &mut Command, input: &str) -> Result<Vec<u8>, SpeechError> {
        let started = Instant::now();
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => SpeechError::NotInstalled {
                program: self.program.clone(),
            },
            _ => self.failed(&error.to_string()),
        })?;
        let output = read_apart(child.stdout.take(), MOST_BYTES);
        let complaint = read_apart(child.stderr.take(), 4096);
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends without reading is judged by how it ends.
            let _ = stdin.write_all(input.as_bytes());
        }
        let Ok(output) = output.recv_timeout(self.patience.saturating_sub(started.elapsed())) else {
            stop(&mut child);
            return Err(SpeechError::Timeout(self.patience));
        };
        let output = output.map_err(|error| self.failed(&error.to_string()));
        if output
            .as_ref()
            .map_or(true, |bytes| bytes.len() as u64 > MOST_BYTES)
        {
            stop(&mut child);
            return output.and(Err(self.failed("more sound than a sentence can have")));
        }
        while child
            .try_wait()
            .map_err(|error| self.failed(&error.to_string()))?
            .is_none()
        {
            if started.elapsed() >= self.patience {
                stop(&mut child);
                return Err(SpeechError::Timeout(self.patience));
            }
            thread::sleep(Duration::from_millis(2));
        }
        let status = child.wait().map_err(|error| self.failed(&error.to_string()))?;
        if !status.success() {
            let complaint = complaint
                .recv_timeout(Duration::from_millis(100))
                .ok()
                .and_then(Result::ok);
            let complaint = String::from_utf8_lossy(&complaint.unwrap_or_default())
                .trim()
                .to_owned();
            return Err(self.failed(&format!("{status} {complaint}")));
        }
        output
    }

    fn failed(&self, reason: &str) -> SpeechError {
        SpeechError::Failed {
            program: self.program.clone(),
            reason: reason.to_owned(),
        }
    }
}

impl Speech for EspeakNg {
    fn synthesize(&self, text: &str) -> Result<Audio, SpeechError> {
        let length = text.chars().count();
        if length > self.longest {
            return Err(SpeechError::TooLong {
                length,
                limit: self.longest,
            });
        }
        let pinyin = text::pinyin::espeak(text);
        if !pinyin.contains(|c: char| c.is_ascii_alphanumeric()) {
            return Err(SpeechError::Nothing);
        }
        let mut command = Command::new(&self.program);
        let speed = self.words_per_minute.to_string();
        command.args([
            "-v",
            "cmn-latn-pinyin",
            "-s",
            &speed,
            "-b",
            "1",
            "--stdin",
            "--stdout",
        ]);
        let output = self.run(&mut command, &pinyin)?;
        let bytes = wav::trimmed(&output).map_err(|reason| self.failed(reason))?;
        Ok(Audio {
            content_type: "audio/wav",
            bytes,
        })
    }
}

/// Three minutes of sound at 22,050 samples of two bytes.
const MOST_BYTES: u64 = 8_000_000;

/// Reads a pipe to its end on a thread, so that neither side waits for the other; one byte more than `most` at most.
fn read_apart<R: Read + Send + 'static>(pipe: Option<R>, most: u64) -> mpsc::Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.map_or(Ok(0), |pipe| pipe.take(most + 1).read_to_end(&mut bytes));
        // The receiver is gone when the program was stopped.
        let _ = sender.send(read.map(|_| bytes));
    });
    receiver
}

fn stop(child: &mut Child) {
    // It may have ended by itself meanwhile; both calls are then without effect.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Length of the sound in milliseconds.
    #[track_caller]
    fn spoken_ms(text: &str) -> usize {
        match EspeakNg::default().synthesize(text) {
            Ok(audio) => wav::milliseconds(&audio.bytes).expect("the answer is a sound file"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn an_order_is_spoken() {
        let order = spoken_ms("新订单：张女士，今天下午三点，全身按摩 60 分钟，李师傅。");
        assert!((2_000..10_000).contains(&order), "{order} ms");
        let short = spoken_ms("好");
        assert!((80..1_500).contains(&short), "{short} ms");
    }

    #[test]
    fn speed_changes_the_length() {
        let text = "收到一百二十八元五角";
        let length = |speed| {
            let audio = EspeakNg::default().speed(speed).synthesize(text).unwrap();
            wav::milliseconds(&audio.bytes).unwrap()
        };
        assert!(length(120) > length(300), "{} {}", length(120), length(300));
    }

    #[test]
    fn text_cannot_become_an_option_of_the_program() {
        assert!(spoken_ms("--help 你好") < 10_000);
        assert!(spoken_ms("-f /etc/passwd 好") < 10_000);
    }

    #[test]
    fn a_missing_program_is_said_with_the_way_to_install_it() {
        let error = EspeakNg::new("espeak-ng-that-is-not-there")
            .synthesize("好")
            .unwrap_err();
        assert!(matches!(error, SpeechError::NotInstalled { .. }));
        assert!(error.to_string().contains("apt-get install espeak-ng"), "{error}");
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        let espeak = EspeakNg::default();
        assert!(matches!(espeak.synthesize(" ，。"), Err(SpeechError::Nothing)));
        let long = espeak.synthesize(&"好".repeat(501));
        assert!(matches!(
            long,
            Err(SpeechError::TooLong {
                length: 501,
                limit: 500
            })
        ));
    }

    #[test]
    fn a_program_that_fails_or_hangs_is_an_error() {
        let failed = EspeakNg::new("false").synthesize("好");
        assert!(matches!(failed, Err(SpeechError::Failed { .. })), "{failed:?}");
        let silent = EspeakNg::new("true").synthesize("好");
        assert!(matches!(silent, Err(SpeechError::Failed { .. })), "{silent:?}");
        let hangs = EspeakNg::default().patience(Duration::from_millis(200));
        let started = Instant::now();
        let answer = hangs.run(Command::new("sleep").arg("30"), "");
        assert!(matches!(answer, Err(SpeechError::Timeout(_))), "{answer:?}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn the_program_tells_its_version() {
        match EspeakNg::default().version() {
            Ok(version) => assert!(version.contains("eSpeak NG"), "{version}"),
            Err(error) => panic!("{error}"),
        }
    }
}
