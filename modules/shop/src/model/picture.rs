//! Pictures that people send: decoded, turned upright, made small and encoded anew, so that nothing but the picture stays.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
};
use kernel::{Id, Result};

use super::Refusal;

/// A stored picture of a shop, without its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Photo {
    /// Identifier; the picture is at `/photos/{id}`.
    pub id: Id<Photo>,
    /// The picture in words.
    pub words: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
}

/// A picture ready to be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// JPEG.
    pub jpeg: Vec<u8>,
    /// Pixels, at most 1280.
    pub width: i64,
    /// Pixels, at most 1280.
    pub height: i64,
}

/// The longer side of a stored picture, in pixels.
const LONGEST: u32 = 1280;
/// Pictures above this are refused before they are decoded: 24 million pixels take 72 MB while they are open.
const MOST_PIXELS: u64 = 24_000_000;
const QUALITY: u8 = 82;

impl Picture {
    /// Reads a JPEG or PNG file. Takes up to a second: never in a transaction.
    ///
    /// # Errors
    /// `shop.no_picture`, `shop.picture_too_large`.
    pub fn read(file: &[u8]) -> Result<Picture> {
        let upright = decode(file)?;
        let small = if upright.width().max(upright.height()) > LONGEST {
            upright.resize(LONGEST, LONGEST, FilterType::Triangle)
        } else {
            upright
        };
        let rgb = small.into_rgb8();
        let (width, height) = (i64::from(rgb.width()), i64::from(rgb.height()));
        let mut jpeg = Vec::new();
        rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))?;
        Ok(Picture { jpeg, width, height })
    }
}

fn decode(file: &[u8]) -> Result<DynamicImage> {
    let no_picture = |_| Refusal::NoPicture;
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(160 << 20);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(no_picture)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refusal::PictureTooLarge.into());
    }
    let orientation = decoder.orientation().map_err(no_picture)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(no_picture)?;
    image.apply_orientation(orientation);
    Ok(image)
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbImage};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 99]));
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_picture_is_made_small_and_becomes_jpeg() {
        let picture = Picture::read(&png(2000, 1000)).unwrap();
        assert_eq!((picture.width, picture.height), (1280, 640));
        assert_eq!(image::guess_format(&picture.jpeg).unwrap(), ImageFormat::Jpeg);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let mut cut = png(30, 20);
        cut.truncate(60);
        for file in [
            &b""[..],
            b"<svg onload=alert(1)>",
            b"\x89PNG\r\n\x1a\nnothing",
            &cut,
        ] {
            assert_eq!(Picture::read(file).unwrap_err().code(), Some("shop.no_picture"));
        }
    }

    #[test]
    fn a_bomb_is_refused_by_its_head() {
        // A PNG whose header promises 30,000 x 30,000 pixels.
        let mut bomb = png(2, 2);
        bomb[16..20].copy_from_slice(&30_000u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&30_000u32.to_be_bytes());
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(
            Picture::read(&bomb).unwrap_err().code(),
            Some("shop.picture_too_large")
        );
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
            })
        })
    }
}
