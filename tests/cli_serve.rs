//! `khabar serve` as a process: its start, its probes, its end.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

/// A running server; killed when dropped.
struct Serving {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
    admin: String,
    start: Value,
}

impl Serving {
    /// Starts a server on free ports and reads its log up to the message that
    /// it listens.
    fn start(flags: &[&str]) -> Self {
        let ports = ["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"];
        let mut child = Command::new(env!("CARGO_BIN_EXE_khabar"))
            .args([&["serve", "--log-format", "json"], &ports[..], flags].concat())
            .env_clear()
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let (address, admin) = (String::new(), String::new());
        let mut serving = Self { child, log, address, admin, start: Value::Null };
        serving.start = serving.line("listening");
        serving.address = serving.start["address"].as_str().unwrap().to_owned();
        serving.admin = serving.start["admin"].as_str().unwrap().to_owned();
        serving
    }

    /// The next line of the log with a message.
    fn line(&mut self, message: &str) -> Value {
        for line in self.log.by_ref().lines() {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            if line["message"] == message {
                return line;
            }
        }
        panic!("the log ended without {message:?}");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    fn health(&self) -> bool {
        let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
        command.args(["health", "--timeout-ms", "20000"]).env_clear();
        command.env("KHABAR_LISTEN", &self.address).status().unwrap().success()
    }

    /// The status and body that the second port answers with.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.admin).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Asks for health until it is good: the server warms up first.
    fn until_ready(&self) {
        while self.get("/readyz").0 != 200 {
            std::thread::yield_now();
        }
        assert!(self.health());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn tells_its_address_and_versions_at_the_start_and_ends_clean_on_sigterm() {
    let mut server = Serving::start(&[]);
    assert_eq!(server.start["version"], env!("CARGO_PKG_VERSION"));
    assert!(server.start["engine_version"].is_string());
    server.until_ready();
    assert_eq!(server.get("/livez").0, 200);
    let (status, metrics) = server.get("/metrics");
    assert_eq!(status, 200);
    assert!(metrics.contains("# TYPE khabar_"), "{metrics}");
    server.signal("TERM");
    assert_eq!(server.line("told to stop")["signal"], "SIGTERM");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn is_alive_but_not_ready_while_it_drains_and_ends_at_once_on_a_second_signal() {
    let mut server = Serving::start(&["--drain-notice", "1h"]);
    server.until_ready();
    server.signal("INT");
    server.line("draining");
    while server.get("/readyz").0 == 200 {
        std::thread::yield_now();
    }
    assert_eq!(server.get("/livez").0, 200);
    assert!(!server.health());
    server.signal("TERM");
    server.line("told again: ending at once");
    assert_eq!(server.child.wait().unwrap().code(), Some(1));
}

#[test]
fn names_are_read_again_when_the_file_changes_and_bad_ones_leave_the_old_in_use() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("names.tsv");
    let put = |contents: &str| {
        let beside = home.path().join("names.new");
        std::fs::write(&beside, contents).unwrap();
        std::fs::rename(&beside, &path).unwrap();
    };
    put("ريم\tnever\n");
    let names = path.to_str().unwrap();
    let mut server = Serving::start(&["--names", names, "--reload-interval", "1s"]);
    put("ريم\tPERSON\tريم الهاشمي\nسهم\tnever\n");
    let told = server.line("names read again");
    assert_eq!(told["rules"], 2);
    assert_ne!(told["engine_version"], server.start["engine_version"]);
    put("ريم\tHUMAN\tريم\n");
    let told = server.line("names not taken; those read before stay in use");
    assert!(told["error"].as_str().unwrap().contains("line 1: unknown type 'HUMAN'"), "{told}");
    let (_, metrics) = server.get("/metrics");
    for result in ["ok", "failed"] {
        let row = format!("khabar_reloads_total{{file=\"names\",result=\"{result}\"}} 1");
        assert!(metrics.contains(&row), "{row}\n{metrics}");
    }
}

#[test]
fn a_port_that_is_taken_is_told() {
    let server = Serving::start(&[]);
    let output = Command::new(env!("CARGO_BIN_EXE_khabar"))
        .args(["serve", "--listen", &server.address])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(&format!("listen = {}: Address already in use", server.address)));
}
