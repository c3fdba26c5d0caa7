//! A private OpenLDAP server on free ports, in a folder of its own, gone when it is dropped.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use integrations::ldap::Address;
use tempfile::TempDir;

use super::directory;

/// The suffix of every directory here.
pub(crate) const SUFFIX: &str = "dc=pinconsole,dc=example";
const ADMIN: &str = "cn=admin,dc=pinconsole,dc=example";
const READER: &str = "cn=reader,dc=pinconsole,dc=example";
const PASSWORD: &str = "a password of the tests";
const SCHEMAS: [&str; 4] = ["core", "cosine", "nis", "inetorgperson"];

/// A running server.
pub(crate) struct Slapd {
    process: Child,
    port: u16,
    tls_port: u16,
    folder: TempDir,
}

impl Slapd {
    /// Starts a server that holds these entries; the suffix, `ou=people`, `ou=groups` and the reader's account are
    /// added where missing.
    pub(crate) fn start(ldif: &str) -> Self {
        Self::with_limits(ldif, "limits users size=unlimited")
    }

    /// The same with limits in place of none, such as `limits users size=10`.
    pub(crate) fn with_limits(ldif: &str, limits: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for slapd");
        prepare(folder.path(), limits);
        load(folder.path(), &(directory::frame(ldif, READER, PASSWORD) + ldif));
        // Another process may take a free port before slapd does.
        let mut tries = (0..5).map(|_| launch(folder.path()));
        let started = tries.find(Result::is_ok).unwrap_or_else(|| launch(folder.path()));
        let (process, port, tls_port) = started.unwrap_or_else(|words| panic!("slapd does not start: {words}"));
        Self { process, port, tls_port, folder }
    }

    /// The address without encryption, or for StartTLS.
    pub(crate) fn url(&self) -> String {
        format!("ldap://localhost:{}", self.port)
    }

    /// The encrypted address.
    pub(crate) fn ldaps_url(&self) -> String {
        format!("ldaps://localhost:{}", self.tls_port)
    }

    /// The authority that signed the server's certificate, as PEM.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The unencrypted loopback address with the account of a reader who is bound by the limits.
    pub(crate) fn address(&self) -> Address {
        Address { url: self.url(), bind_dn: Some(READER.to_owned()), bind_password: Some(PASSWORD.into()) }
    }

    /// Changes entries, as LDIF with a `changetype` each.
    pub(crate) fn modify(&self, changes: &str) {
        let mut command = Command::new("ldapmodify");
        command.args(["-x", "-H", &self.url(), "-D", ADMIN, "-w", PASSWORD]);
        run(command, changes, "ldap-utils");
    }

    /// Refuses the reader from now on, or no longer.
    pub(crate) fn refuse(&self, refused: bool) {
        let password = if refused { "another password" } else { PASSWORD };
        self.modify(&format!("dn: {READER}\nchangetype: modify\nreplace: userPassword\nuserPassword: {password}\n"));
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn prepare(folder: &Path, limits: &str) {
    fs::create_dir(folder.join("data")).expect("a data folder");
    // A copy, because AppArmor lets the installed one write to its usual folders only.
    fs::copy(installed(), folder.join("slapd")).expect("a copy of slapd");
    certificates(folder);
    fs::write(folder.join("slapd.conf"), configuration(folder, limits)).expect("slapd.conf");
}

fn configuration(folder: &Path, limits: &str) -> String {
    let folder = folder.display();
    let schemas = first_existing(&["/etc/ldap/schema", "/etc/openldap/schema"], "the schemas of OpenLDAP");
    let includes = SCHEMAS.map(|it| format!("include {}/{it}.schema\n", schemas.display())).concat();
    let modules = ["/usr/lib/ldap", "/usr/lib64/openldap", "/usr/lib/openldap"].map(Path::new);
    let loads = modules.iter().find(|it| it.join("ppolicy.la").exists() || it.join("ppolicy.so").exists());
    let loads = loads.map(|it| format!("modulepath {}\nmoduleload back_mdb\nmoduleload ppolicy\n", it.display()));
    format!(
        "{includes}{schema}{loads}\
         TLSCACertificateFile {folder}/ca.pem\nTLSCertificateFile {folder}/server.pem\nTLSCertificateKeyFile {folder}/server.key\n\
         database mdb\nsuffix \"{SUFFIX}\"\nrootdn \"{ADMIN}\"\nrootpw \"{PASSWORD}\"\ndirectory {folder}/data\nmaxsize 1073741824\n\
         dbnosync\nindex objectClass eq\n{limits}\n\
         access to attrs=userPassword by anonymous auth by * none\naccess to * by users read by anonymous auth\n",
        schema = directory::SCHEMA,
        loads = loads.unwrap_or_default(),
    )
}

fn certificates(folder: &Path) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    let key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("an authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = authority.self_signed(&key).expect("a root certificate");
    let issuer = Issuer::new(authority, key);
    let server_key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let server = server.signed_by(&server_key, &issuer).expect("a certificate");
    let files =
        [("ca.pem", certificate.pem()), ("server.pem", server.pem()), ("server.key", server_key.serialize_pem())];
    for (name, pem) in files {
        fs::write(folder.join(name), pem).expect(name);
    }
}

fn load(folder: &Path, ldif: &str) {
    let mut command = Command::new(folder.join("slapd"));
    command.args(["-Tadd", "-q", "-f"]).arg(folder.join("slapd.conf"));
    run(command, ldif, "slapd");
}

/// The running server and its ports, or what it said before it ended.
fn launch(folder: &Path) -> Result<(Child, u16, u16), String> {
    let (port, tls_port) = free_ports();
    let addresses = format!("ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}");
    let mut command = Command::new(folder.join("slapd"));
    // `-d none` keeps it in the foreground and lets it say only what matters.
    command.args(["-d", "none", "-h", &addresses, "-f"]).arg(folder.join("slapd.conf"));
    let mut process = command.stderr(Stdio::piped()).spawn().expect("slapd runs");
    let mut said = BufReader::new(process.stderr.take().expect("a pipe"));
    let mut words = String::new();
    while !words.contains("slapd starting") {
        if said.read_line(&mut words).is_ok_and(|it| it == 0) {
            let _ = process.wait();
            return Err(words);
        }
    }
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    // It says so a moment before it listens.
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(("127.0.0.1", tls_port)).is_err() {
        assert!(Instant::now() < deadline, "slapd does not listen: {words}");
        std::thread::yield_now();
    }
    Ok((process, port, tls_port))
}

fn free_ports() -> (u16, u16) {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    let [first, second] = listeners.map(|it| it.local_addr().expect("an address").port());
    (first, second)
}

fn installed() -> PathBuf {
    first_existing(&["/usr/sbin/slapd", "/usr/libexec/slapd", "/usr/lib/openldap/slapd"], "slapd")
}

fn first_existing(paths: &[&str], what: &str) -> PathBuf {
    let found = paths.iter().map(PathBuf::from).find(|it| it.exists());
    found
        .unwrap_or_else(|| panic!("{what} is missing: install the package slapd (Debian) or openldap-servers (Fedora)"))
}

fn run(mut command: Command, input: &str, package: &str) {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut process = spawned.unwrap_or_else(|it| panic!("{command:?}: {it}; install the package {package}"));
    let mut stdin = process.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // Its complaints fill a pipe too, so both ends are served at once.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = process.wait_with_output().expect("an end");
    let _ = writer.join();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
