//! nginx with one response, on loopback, where it is installed: a peer's server, which takes less of
//! the processor than ours.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::certificates::Identity;
use crate::clients::find;

/// A running nginx; it ends with this value.
pub struct Nginx {
    /// Where it answers over http.
    pub plain: SocketAddr,
    /// Where it answers in TLS.
    pub secure: SocketAddr,
    child: Child,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // A master that is killed leaves its workers.

        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

/// Starts it with its files in `folder`; nothing where it is not installed.
pub fn start(folder: &Path, identity: &Identity, body: &str) -> Option<Nginx> {
    let program = find("nginx").or_else(|| {
        let usual = Path::new("/usr/sbin/nginx");
        usual.exists().then(|| usual.to_owned())
    });
    let Some(program) = program else {
        println!("  (nginx is not installed: our own server answers)");
        return None;
    };
    fs::write(folder.join("cert.pem"), &identity.certificate_pem).unwrap();
    fs::write(folder.join("key.pem"), &identity.key_pem).unwrap();
    let (plain, secure) = (free(), free());
    let configuration = configuration(plain, secure, body);
    fs::write(folder.join("nginx.conf"), configuration).unwrap();
    let child = Command::new(program)
        .arg("-p")
        .arg(folder)
        .args(["-e", "error.log", "-c", "nginx.conf"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut nginx = Nginx {
        plain,
        secure,
        child,
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(plain).is_err() {
        let ended = nginx.child.try_wait().unwrap();
        assert!(ended.is_none(), "nginx ended: {}", log(folder));
        assert!(Instant::now() < deadline, "nginx does not answer");
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(nginx)
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("error.log")).unwrap_or_default()
}

/// A port that was free just now.
fn free() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}

fn configuration(plain: SocketAddr, secure: SocketAddr, body: &str) -> String {
    let text = body.replace('\\', "\\\\").replace('\'', "\\'");
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {name};\n"))
        .concat();
    format!(
        "daemon off;\nworker_processes 1;\npid nginx.pid;\n\
         events {{ worker_connections 1024; }}\n\
         http {{\n\
         access_log off;\nkeepalive_requests 100000000;\nkeepalive_timeout 60s;\n{temporary}\
         default_type application/json;\n\
         ssl_certificate cert.pem;\nssl_certificate_key key.pem;\n\
         server {{\nlisten {plain};\nlisten {secure} ssl;\n\
         location / {{ return 200 '{text}'; }}\n}}\n}}\n"
    )
}
