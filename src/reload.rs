//! Files that are read again when they change: names, certificates.
//!
//! Changes are found by reading and comparing digests, at an interval. That
//! sees what notifications and times of modification miss: files behind links
//! that are swapped (as Kubernetes mounts them), network file systems, and two
//! writes within one tick of the clock.

use std::error::Error;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::str::Utf8Error;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use xxhash_rust::xxh3::Xxh3;

/// The most bytes that are read of one file.
const MAX_BYTES: u64 = 64 << 20;

/// Files that belong together: when one changes, all are read.
#[derive(Debug)]
pub struct Files {
    paths: Vec<PathBuf>,
    seen: Seen,
}

/// What the last reading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Contents(u128),
    /// The path (by its index) that could not be read, and why.
    Failure(usize, io::ErrorKind),
}

/// The contents of the files, in the order of their paths.
pub type Contents = Vec<Vec<u8>>;

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot read: {error}", path.display())]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub error: io::Error,
}

/// Why what a file of text says is not taken; `E` tells what is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken<E: Error + 'static> {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It holds other bytes than text.
    #[error("it is no UTF-8: {0}")]
    Encoding(#[from] Utf8Error),
    /// It is text, and wrong.
    #[error(transparent)]
    Wrong(E),
}

/// Has `parse` read the first of the files, as UTF-8.
///
/// # Errors
///
/// [`NotTaken`] if it cannot be read, is no UTF-8, or `parse` does not take it.
pub fn parse_text<T, E: Error + 'static>(
    read: Result<Contents, Unreadable>,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, NotTaken<E>> {
    let contents = read?;
    let text = str::from_utf8(contents.first().map_or(&[][..], Vec::as_slice))?;
    parse(text).map_err(NotTaken::Wrong)
}

impl Files {
    /// Reads files for the first time.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] names the first file that cannot be read, or that has
    /// more than 64 MiB.
    pub fn read(paths: Vec<PathBuf>) -> Result<(Self, Contents), Unreadable> {
        let (seen, contents) = look(&paths);
        Ok((Self { paths, seen }, contents?))
    }

    /// Reads the files again; none if they are as they were when last read.
    /// One failure is told once, however often it is met in a row.
    pub fn check(&mut self) -> Option<Result<Contents, Unreadable>> {
        let (seen, contents) = look(&self.paths);
        if seen == self.seen {
            return None;
        }
        self.seen = seen;
        Some(contents)
    }
}

/// Reads `files` again every so often until `over`, and hands every change to
/// `changed`. Both happen on a thread that may block.
pub async fn watch(
    mut files: Files,
    every: Duration,
    over: CancellationToken,
    mut changed: impl FnMut(Result<Contents, Unreadable>) + Send + 'static,
) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick comes at once, and the files have just been read.
    ticks.tick().await;
    loop {
        tokio::select! {
            () = over.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let checked = tokio::task::spawn_blocking(move || {
            if let Some(change) = files.check() {
                changed(change);
            }
            (files, changed)
        });
        match checked.await {
            Ok(back) => (files, changed) = back,
            Err(error) => {
                tracing::error!(%error, "files are no longer watched for changes");
                return;
            }
        }
    }
}

fn look(paths: &[PathBuf]) -> (Seen, Result<Contents, Unreadable>) {
    let mut digest = Xxh3::new();
    let mut contents = Vec::with_capacity(paths.len());
    for (index, path) in paths.iter().enumerate() {
        match read(path) {
            Ok(bytes) => {
                digest.update(&bytes.len().to_le_bytes());
                digest.update(&bytes);
                contents.push(bytes);
            }
            Err(error) => {
                let seen = Seen::Failure(index, error.kind());
                return (seen, Err(Unreadable { path: path.clone(), error }));
            }
        }
    }
    (Seen::Contents(digest.digest128()), Ok(contents))
}

fn read(path: &PathBuf) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        let problem = format!("it has more than {} MiB", MAX_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn two_files() -> (tempfile::TempDir, Vec<PathBuf>) {
        let home = tempfile::tempdir().unwrap();
        let paths = vec![home.path().join("certificate"), home.path().join("key")];
        fs::write(&paths[0], "c1").unwrap();
        fs::write(&paths[1], "k1").unwrap();
        (home, paths)
    }

    #[test]
    fn all_files_are_read_when_one_changes_even_to_the_same_length() {
        let (_home, paths) = two_files();
        let (mut files, first) = Files::read(paths.clone()).unwrap();
        assert_eq!(first, [b"c1", b"k1"]);
        assert!(files.check().is_none());
        fs::write(&paths[1], "k2").unwrap();
        assert_eq!(files.check().unwrap().unwrap(), [b"c1", b"k2"]);
        assert!(files.check().is_none());
    }

    #[test]
    fn a_link_that_is_swapped_is_a_change() {
        let (home, paths) = two_files();
        let (link, next) = (home.path().join("link"), home.path().join("next"));
        symlink(&paths[0], &link).unwrap();
        let (mut files, _) = Files::read(vec![link.clone()]).unwrap();
        symlink(&paths[1], &next).unwrap();
        fs::rename(&next, &link).unwrap();
        assert_eq!(files.check().unwrap().unwrap(), [b"k1"]);
    }

    #[test]
    fn a_file_that_is_gone_is_told_once_and_its_return_too() {
        let (_home, paths) = two_files();
        let (mut files, first) = Files::read(paths.clone()).unwrap();
        fs::remove_file(&paths[0]).unwrap();
        let told = files.check().unwrap().unwrap_err().to_string();
        assert!(told.starts_with(&format!("{}: cannot read", paths[0].display())), "{told}");
        assert!(files.check().is_none());
        fs::write(&paths[0], "c1").unwrap();
        assert_eq!(files.check().unwrap().unwrap(), first);
    }

    #[tokio::test]
    async fn watching_hands_over_every_change_until_it_is_over() {
        let (_home, paths) = two_files();
        let (files, _) = Files::read(paths.clone()).unwrap();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let over = CancellationToken::new();
        let every = Duration::from_millis(1);
        let watching = tokio::spawn(watch(files, every, over.clone(), move |change| {
            tell.send(change.unwrap().concat()).unwrap();
        }));
        for contents in ["c2", "c3"] {
            fs::write(&paths[0], contents).unwrap();
            // A file half written is a change too.
            while told.recv().await.unwrap() != format!("{contents}k1").into_bytes() {}
        }
        over.cancel();
        watching.await.unwrap();
        assert!(told.recv().await.is_none());
    }
}
