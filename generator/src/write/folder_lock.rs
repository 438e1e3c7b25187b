//! One run at a time: a lock of the operating system, which is released when the process ends for any reason.

use std::fs::File;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::file_system::at;

/// How long a run waits for another one. Writing takes a second at most.
const PATIENCE: Duration = Duration::from_secs(30);

/// A lock on a file or folder; other runs wait until it is dropped.
#[derive(Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "closed when dropped, which unlocks it")] Option<File>);

impl FolderLock {
    /// Locks an existing file or folder, waiting for other holders. On file systems without locks, nothing is locked.
    pub fn acquire(path: &Path) -> io::Result<Self> {
        Self::acquire_within(path, PATIENCE)
    }

    fn acquire_within(path: &Path, patience: Duration) -> io::Result<Self> {
        let begin = Instant::now();
        loop {
            if let Some(lock) = Self::attempt(path).map_err(|error| at(path, &error))? {
                return Ok(lock);
            }
            if begin.elapsed() >= patience {
                let (path, seconds) = (path.display(), patience.as_secs());
                let text = format!("{path} is in use: another run of apigen has been writing there for {seconds} s");
                return Err(io::Error::new(io::ErrorKind::WouldBlock, text));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Locks the path; `None` if another process holds it.
    #[cfg(all(unix, feature = "manifest"))]
    fn attempt(path: &Path) -> io::Result<Option<Self>> {
        use rustix::fs::{FlockOperation, flock};
        use rustix::io::Errno;

        let file = File::open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(Some(file)))),
            Err(Errno::WOULDBLOCK | Errno::INTR) => Ok(None),
            Err(_) => Ok(Some(Self(None))),
        }
    }

    /// In a build script, cargo runs one at a time.
    #[cfg(all(unix, not(feature = "manifest")))]
    fn attempt(path: &Path) -> io::Result<Option<Self>> {
        File::open(path).map(|file| Some(Self(Some(file))))
    }

    /// Windows cannot lock folders. This opens a temporary file in exclusive mode instead, with a name derived from the
    /// path.
    #[cfg(windows)]
    fn attempt(path: &Path) -> io::Result<Option<Self>> {
        use std::fs::OpenOptions;
        use std::os::windows::fs::OpenOptionsExt;

        use apigen_model::lock::sha256;

        const SHARING_VIOLATION: i32 = 32;
        let name = sha256::hex(path.canonicalize()?.to_string_lossy().as_bytes());
        let lock = std::env::temp_dir().join(format!("apigen-{}.lock", &name[..16]));
        match OpenOptions::new().write(true).create(true).truncate(false).share_mode(0).open(lock) {
            Ok(file) => Ok(Some(Self(Some(file)))),
            Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
            Err(_) => Ok(Some(Self(None))),
        }
    }

    #[cfg(not(any(unix, windows)))]
    fn attempt(_: &Path) -> io::Result<Option<Self>> {
        Ok(Some(Self(None)))
    }
}

#[cfg(all(test, feature = "manifest"))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_at_a_time() {
        let folder = std::env::temp_dir().join(format!("apigen-hold-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let held = FolderLock::acquire(&folder).unwrap();
        let error = FolderLock::acquire_within(&folder, Duration::from_millis(30)).unwrap_err();
        assert!(error.to_string().contains("is in use: another run of apigen"), "{error}");
        let waiting = thread::spawn({
            let folder = folder.clone();
            move || FolderLock::acquire(&folder).is_ok()
        });
        drop(held);
        assert!(waiting.join().unwrap());
        std::fs::remove_dir(folder).unwrap();
    }
}
