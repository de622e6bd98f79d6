//! A network that can be made to stall.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Stands before a port of this machine and passes bytes on, unless it stalls:
/// then what comes in is held back, and no connection is closed.
pub struct Proxy {
    port: u16,
    stalled: Arc<AtomicBool>,
}

impl Proxy {
    pub fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stalled = Arc::new(AtomicBool::new(false));
        let proxy = Self { port: listener.local_addr().unwrap().port(), stalled };
        let stalled = Arc::clone(&proxy.stalled);
        std::thread::spawn(move || {
            for caller in listener.incoming() {
                let (Ok(caller), Ok(server)) = (caller, TcpStream::connect(("127.0.0.1", port)))
                else {
                    continue;
                };
                let back = (server.try_clone().unwrap(), caller.try_clone().unwrap());
                for (from, to) in [(caller, server), back] {
                    let stalled = Arc::clone(&stalled);
                    std::thread::spawn(move || pass(from, to, &stalled));
                }
            }
        });
        proxy
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn stall(&self, stalled: bool) {
        self.stalled.store(stalled, Ordering::Relaxed);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, stalled: &AtomicBool) -> io::Result<()> {
    let mut buffer = [0; 1 << 13];
    loop {
        let read = from.read(&mut buffer)?;
        while stalled.load(Ordering::Relaxed) {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        if read == 0 {
            return to.shutdown(std::net::Shutdown::Write);
        }
        to.write_all(&buffer[..read])?;
    }
}
