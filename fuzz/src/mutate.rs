/// Changes inputs at random, the same way for the same seed.
pub struct Mutator {
    state: u64,
}

/// The longest input that is made, in bytes.
const LONGEST: usize = 8192;

impl Mutator {
    /// A mutator with its own sequence.
    pub fn new(seed: u64) -> Self {
        Self { state: seed | 1 }
    }

    /// One of the inputs, changed in one to four places, sometimes with a piece of another. `inputs` must not be empty.
    pub fn changed(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = inputs[self.below(inputs.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(8) {
                0 => bytes.truncate(at),
                1 => {
                    let other = &inputs[self.below(inputs.len())];
                    let from = self.below(other.len() + 1);
                    let to = from + self.below(other.len() - from + 1);
                    bytes.splice(at..at, other[from..to].iter().copied());
                }
                2 => {
                    let end = at + self.below(bytes.len() - at + 1);
                    bytes.drain(at..end);
                }
                3 => {
                    let end = at + self.below(bytes.len() - at + 1);
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                4 => {
                    const PIECES: [&[u8]; 10] = [
                        b"<!DOCTYPE",
                        b"]]>",
                        b"<a>",
                        b"&x;",
                        b"\"",
                        b"\\u0000",
                        b"-1",
                        b"\xff",
                        b"\r\n",
                        b"99999999999999999999",
                    ];
                    bytes.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied());
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
            }
        }
        bytes.truncate(LONGEST);
        bytes
    }

    /// Xorshift64*: a number below `end`, which must be above zero.
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let high = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits") % end
    }
}
