//! A private OpenLDAP server with the company in it.

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::company::{self, SUFFIX};

const ADMIN: &str = "cn=admin,dc=pinconsole,dc=example";
const PASSWORD: &str = "a password of the benchmarks";

const INSTALL: &str = "install OpenLDAP's server and tools: `slapd ldap-utils` (Debian), `openldap-servers openldap-clients` \
    (Fedora), `openldap openldap-back-mdb openldap-clients` (Alpine)";

/// A running server. It ends when this is dropped.
pub struct Slapd {
    process: Child,
    port: u16,
}

impl Slapd {
    /// Starts a server that holds the company.
    pub fn start(folder: &Path) -> Result<Self> {
        let folder = folder.join("slapd");
        fs::create_dir_all(folder.join("data"))?;
        // A copy, because AppArmor lets the installed one write to its usual folders only.
        let (program, configuration) = (folder.join("server"), folder.join("slapd.conf"));
        fs::copy(find("slapd", &["/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/lib/openldap"])?, &program)?;
        fs::write(&configuration, self::configuration(&folder)?)?;
        let mut load = Command::new(&program);
        load.args(["-Tadd", "-q", "-f"]).arg(&configuration);
        feed(load, company::ldif())?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut serve = Command::new(&program);
        // `-d none` keeps it in the foreground.
        serve.args(["-d", "none", "-h", &format!("ldap://127.0.0.1:{port}"), "-f"]).arg(&configuration);
        let process = serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut slapd = Self { process, port };
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = slapd.process.try_wait()?.is_some();
            ensure!(!ended && begun.elapsed() < Duration::from_secs(10), "slapd does not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(slapd)
    }

    /// Gives a command what our own reader needs: the address, the name and the password.
    pub fn introduce(&self, command: &mut Command) {
        command.env("LDAP_URL", self.url()).env("LDAP_BIND_DN", ADMIN).env("LDAP_BIND_PASSWORD", PASSWORD);
    }

    /// Commands of OpenLDAP's own tool that read the same in pages: people, then groups.
    pub fn dump(&self) -> Result<[Command; 2]> {
        let users = "entryUUID uid displayName cn mail title description memberOf pwdAccountLockedTime";
        let groups =
            "entryUUID cn displayName mail description businessCategory member uniqueMember memberUid memberOf";
        let any_group = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))";
        let program = find("ldapsearch", &["/usr/bin", "/usr/local/bin"])?;
        let halves = [("people", "(objectClass=inetOrgPerson)", users), ("groups", any_group, groups)];
        Ok(halves.map(|(base, filter, attributes)| {
            let mut command = Command::new(&program);
            command.args(["-x", "-LLL", "-o", "ldif-wrap=no", "-E", "pr=500/noprompt", "-H", &self.url()]);
            command.args(["-D", ADMIN, "-w", PASSWORD, "-b", &format!("ou={base},{SUFFIX}"), filter]);
            command.args(attributes.split(' ')).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command
        }))
    }

    /// Changes entries, as LDIF with a `changetype` each.
    pub fn modify(&self, changes: String) -> Result<()> {
        let mut command = Command::new(find("ldapmodify", &["/usr/bin", "/usr/local/bin"])?);
        command.args(["-x", "-H", &self.url(), "-D", ADMIN, "-w", PASSWORD]);
        feed(command, changes)
    }

    fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.port)
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        // Its data goes with the folder.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configuration(folder: &Path) -> Result<String> {
    let schemas = ["/etc/ldap/schema", "/etc/openldap/schema"].iter().find(|it| Path::new(it).exists());
    let schemas = schemas.with_context(|| format!("the schemas of OpenLDAP are missing: {INSTALL}"))?;
    let includes: String =
        ["core", "cosine", "inetorgperson"].iter().map(|it| format!("include {schemas}/{it}.schema\n")).collect();
    let modules = ["/usr/lib/ldap", "/usr/lib64/openldap", "/usr/lib/openldap"].map(Path::new);
    let modules = modules.iter().find(|it| it.join("back_mdb.la").exists() || it.join("back_mdb.so").exists());
    let load = modules.map(|it| format!("modulepath {}\nmoduleload back_mdb\n", it.display())).unwrap_or_default();
    let folder = folder.display();
    Ok(format!(
        "{includes}{load}database mdb\nsuffix \"{SUFFIX}\"\nrootdn \"{ADMIN}\"\nrootpw \"{PASSWORD}\"\n\
         directory {folder}/data\nmaxsize 1073741824\ndbnosync\nindex objectClass eq\n"
    ))
}

/// A program in PATH, or in a folder that a user's PATH may lack.
fn find(name: &str, folders: &[&str]) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&path).chain(folders.iter().map(PathBuf::from));
    let found = all.map(|it| it.join(name)).find(|it| it.is_file());
    found.with_context(|| format!("{name} is missing: {INSTALL}"))
}

/// Runs a command on an input; what it complains of is the error.
fn feed(mut command: Command, input: String) -> Result<()> {
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut stdin = process.stdin.take().context("no pipe")?;
    // Its complaints fill a pipe too, so both ends are served at once.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = process.wait_with_output()?;
    let _ = writer.join();
    if !output.status.success() {
        bail!("{:?} failed: {}", command.get_program(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
