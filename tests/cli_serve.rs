//! `khabar serve` as a process: its start, its probes, its end.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use khabar::proto::text_analytics_service_client::TextAnalyticsServiceClient;
use khabar::proto::{AnalyzeBatchRequest, Article, GetServerInfoRequest};
use serde_json::Value;

/// How long a server may keep a test waiting before the test fails: what it
/// waits for comes within seconds, or never.
const PATIENCE: Duration = Duration::from_mins(5);

/// A running server; killed when dropped.
struct Serving {
    child: Child,
    /// The lines of its log, until it ends.
    log: Receiver<String>,
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
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (told, log) = channel();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).try_for_each(|line| told.send(line))
        });
        let (address, admin) = (String::new(), String::new());
        let mut serving = Self { child, log, address, admin, start: Value::Null };
        serving.start = serving.line("listening");
        serving.address = serving.start["address"].as_str().unwrap().to_owned();
        serving.admin = serving.start["admin"].as_str().unwrap().to_owned();
        serving
    }

    /// The next line of the log with a message.
    fn line(&mut self, message: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.log.recv_timeout(left);
            let line = line.unwrap_or_else(|error| panic!("no {message:?} in the log: {error}"));
            let line: Value = serde_json::from_str(&line).unwrap();
            if line["message"] == message {
                return line;
            }
        }
    }

    /// Waits for the server's end; what it exits with.
    fn ended(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(_line) => {}
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap().code(),
                Err(RecvTimeoutError::Timeout) => panic!("the server does not end"),
            }
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    fn health(&self) -> bool {
        health(&self.address, &[])
    }

    /// The status and body that the second port answers with.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.admin).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Asks for readiness until it is as it should be.
    fn until_readiness_is(&self, ready: bool) {
        let until = Instant::now() + PATIENCE;
        while (self.get("/readyz").0 == 200) != ready {
            assert!(Instant::now() < until, "never ready={ready}");
            std::thread::yield_now();
        }
    }

    /// Waits until the server has warmed up; then its health is good.
    fn until_ready(&self) {
        self.until_readiness_is(true);
        assert!(self.health());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether `khabar health` with some flags finds a server in good health.
fn health(address: &str, flags: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    command.args(["health", "--timeout-ms", "20000"]).args(flags).env_clear();
    command.env("KHABAR_LISTEN", address).status().unwrap().success()
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
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn is_alive_but_not_ready_while_it_drains_and_ends_at_once_on_a_second_signal() {
    let mut server = Serving::start(&["--drain-notice", "1h"]);
    server.until_ready();
    server.signal("INT");
    server.line("draining");
    server.until_readiness_is(false);
    assert_eq!(server.get("/livez").0, 200);
    assert!(!server.health());
    server.signal("TERM");
    server.line("told again: ending at once");
    assert_eq!(server.ended(), Some(1));
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

/// A key made by the command: itself, and its line for the keys file.
fn new_key(name: &str) -> (String, String) {
    let made = Command::new(env!("CARGO_BIN_EXE_khabar"))
        .args(["key", "new", name, "--rate", "50"])
        .env_clear()
        .output()
        .unwrap();
    let line = String::from_utf8(made.stdout).unwrap();
    assert!(line.starts_with(&format!("{name}\t")) && line.ends_with("\t50/100\tinteractive\n"));
    (String::from_utf8(made.stderr).unwrap().trim().to_owned(), line)
}

/// Asks a server for its versions with a key.
fn ask(address: &str, key: &str) -> Result<(), tonic::Status> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut client =
            TextAnalyticsServiceClient::connect(format!("http://{address}")).await.unwrap();
        let mut request = tonic::Request::new(GetServerInfoRequest {});
        request.metadata_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
        client.get_server_info(request).await.map(|_| ())
    })
}

#[test]
fn keys_are_read_again_when_the_file_changes_and_told_by_name_alone() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keys.tsv");
    let put = |contents: &str| {
        let beside = home.path().join("keys.new");
        std::fs::write(&beside, contents).unwrap();
        std::fs::rename(&beside, &path).unwrap();
    };
    let ((key, line), (other_key, other_line)) = (new_key("desk"), new_key("archive"));
    put(&line);
    let flags = ["--auth-keys", path.to_str().unwrap(), "--reload-interval", "1s"];
    let mut server = Serving::start(&[&flags[..], &["--log-level", "debug"]].concat());
    ask(&server.address, &key).unwrap();
    let answered = server.line("answered");
    assert_eq!(answered["spans"][0]["caller"], "desk");
    assert!(!answered.to_string().contains(&key));

    put(&other_line);
    server.line("keys read again");
    assert_eq!(ask(&server.address, &key).unwrap_err().code(), tonic::Code::Unauthenticated);
    ask(&server.address, &other_key).unwrap();
    put("archive\n");
    let told = server.line("keys not taken; those read before stay in use");
    assert!(told["error"].as_str().unwrap().contains("line 1: expected"), "{told}");
    ask(&server.address, &other_key).unwrap();

    let (_, metrics) = server.get("/metrics");
    assert!(metrics.contains("khabar_caller_requests_total{caller=\"archive\",code=\"OK\"} 2"));
    assert!(!metrics.contains(&other_key) && !metrics.contains(&key));
}

#[test]
fn a_bad_keys_file_stops_the_start_with_its_lines() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keys.tsv");
    std::fs::write(&path, "# keys\ndesk\nother desk\tx\t-\tbulk\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_khabar"))
        .args(["serve", "--listen", "127.0.0.1:0", "--auth-keys", path.to_str().unwrap()])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("keys.tsv: line 2: expected"), "{told}");
    assert!(told.contains("; line 3: a name is"), "{told}");
}

#[test]
fn a_slow_request_is_told_with_its_sizes_and_times_and_without_its_text() {
    let mut server = Serving::start(&["--log-slow", "0"]);
    server.until_ready();
    let text = "سر لا يجوز أن يظهر";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let address = format!("http://{}", server.address);
        let mut client = TextAnalyticsServiceClient::connect(address).await.unwrap();
        let article = |text: &str| Article { text: text.to_owned(), ..Default::default() };
        let articles = vec![article(text), article(text), article("خبر")];
        let request = AnalyzeBatchRequest { articles, ..Default::default() };
        client.analyze_batch(request).await.unwrap();
    });
    let mut told = server.line("slow");
    while told["rpc"] != "AnalyzeBatch" {
        told = server.line("slow");
    }
    assert_eq!(told["code"], "OK");
    assert_eq!(told["articles"], 3);
    assert_eq!(told["text_bytes"], text.len() * 2 + "خبر".len());
    assert!(told["spans"][0]["request_id"].is_string());
    let figure = |name: &str| told[name].as_u64().unwrap();
    assert!(figure("answer_bytes") > 100 && figure("engine_micros") > 0, "{told}");
    assert!(figure("intake_micros") <= figure("micros") && told["queue_micros"].is_u64());
    assert!(!told.to_string().contains("سر"), "{told}");
}

#[test]
fn what_the_second_port_serves_stands_in_the_document() {
    let server = Serving::start(&[]);
    server.until_ready();
    ask(&server.address, "").unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/metrics.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (_, metrics) = server.get("/metrics");
    let types: Vec<_> = metrics.lines().filter_map(|it| it.strip_prefix("# TYPE ")).collect();
    assert!(types.len() > 5, "{metrics}");
    for line in types {
        let (name, kind) = line.split_once(' ').unwrap();
        assert!(document.contains(&format!("| `{name}` | {kind} |")), "{line}");
    }
}

/// A certificate for 127.0.0.1 and its key, in files.
fn put_certificate(home: &std::path::Path) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let paths = ["server.pem", "server.key"].map(|name| home.join(name));
    std::fs::write(&paths[0], made.cert.pem()).unwrap();
    std::fs::write(&paths[1], made.signing_key.serialize_pem()).unwrap();
    let [certificate, key] = paths.map(|path| path.to_str().unwrap().to_owned());
    (certificate, key)
}

#[test]
fn health_speaks_tls_where_the_server_does_and_verifies_if_told_to() {
    let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (certificate, key) = put_certificate(home.path());
    let flags = ["--tls-certificate", &certificate, "--tls-key", &key, "--reload-interval", "1s"];
    let mut server = Serving::start(&flags);
    server.until_readiness_is(true);
    let address = server.address.clone();
    let health = |flags: &[&str]| health(&address, flags);
    assert!(!health(&[]), "plain");
    assert!(health(&flags[..4]));
    assert!(health(&["--ca", &certificate]));
    let (other, other_key) = put_certificate(elsewhere.path());
    assert!(!health(&["--ca", &other]));
    assert!(!health(&["--ca", &certificate, "--server-name", "khabar.test"]));

    // A certificate without its key is not taken; with it, it is.
    std::fs::copy(&other_key, &key).unwrap();
    let told = server.line("certificates not taken; those read before stay in use");
    assert!(told["error"].as_str().unwrap().starts_with("tls.certificate and tls.key"), "{told}");
    std::fs::copy(&other, &certificate).unwrap();
    server.line("certificates read again");
    assert!(health(&["--ca", &other]));
}

#[test]
fn where_clients_show_certificates_health_shows_the_servers_own_and_readyz_asks_for_none() {
    let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (certificate, key) = put_certificate(home.path());
    let own = ["--tls-certificate", &certificate, "--tls-key", &key];
    let mutual = [&own[..], &["--tls-client-ca", &certificate]].concat();
    let server = Serving::start(&mutual);
    server.until_readiness_is(true);
    assert!(health(&server.address, &mutual));
    assert!(!health(&server.address, &own), "no certificate shown");
    let (other, other_key) = put_certificate(elsewhere.path());
    let other = ["--tls-certificate", &other, "--tls-key", &other_key, "--tls-client-ca", &other];
    assert!(!health(&server.address, &other), "one that the server does not know");
}

#[test]
fn a_certificate_without_its_key_stops_the_start() {
    let home = tempfile::tempdir().unwrap();
    let (certificate, _) = put_certificate(home.path());
    let output = Command::new(env!("CARGO_BIN_EXE_khabar"))
        .args(["serve", "--listen", "127.0.0.1:0", "--tls-certificate", &certificate])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("tls.key is not set"), "{told}");
}
