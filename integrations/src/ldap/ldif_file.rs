use std::path::PathBuf;

use async_trait::async_trait;

use super::{Config, Directory, LdifDirectory, Progress, RawEntries, ReadError};

/// A directory that is a file in LDIF and read anew each time, so that whoever tries the program can change it.
pub struct LdifFile {
    config: Config,
    path: PathBuf,
}

impl LdifFile {
    /// The file at this path, read as the configuration says.
    pub fn new(config: &Config, path: PathBuf) -> Self {
        Self { config: config.clone(), path }
    }

    async fn now(&self) -> Result<LdifDirectory, ReadError> {
        let path = self.path.display();
        let text = tokio::fs::read_to_string(&self.path).await;
        let text = text.map_err(|it| ReadError::Protocol(format!("{path} cannot be read: {it}")))?;
        LdifDirectory::new(&self.config, &text).map_err(|it| ReadError::Protocol(format!("{path}: {it}")))
    }
}

#[async_trait]
impl Directory for LdifFile {
    async fn read(&self, progress: &(dyn Fn(Progress) + Send + Sync)) -> Result<RawEntries, ReadError> {
        self.now().await?.read(progress).await
    }

    async fn check(&self) -> Result<String, ReadError> {
        self.now().await?.check().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_in_the_file_now_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("company.ldif");
        let mut config = Config::default();
        config.users.bases = vec!["ou=people,dc=x".into()];
        config.groups.bases = vec!["ou=people,dc=x".into()];
        let file = LdifFile::new(&config, path.clone());
        assert!(file.check().await.is_err_and(|it| it.to_string().contains("company.ldif cannot be read")));
        let base = "dn: ou=people,dc=x\nobjectClass: organizationalUnit\n\n";
        let ada = "dn: uid=ada,ou=people,dc=x\nobjectClass: inetOrgPerson\nuid: ada\ncn: Ada\nsn: A\n\n";
        for (text, count) in [(base.to_string(), 0), (format!("{base}{ada}"), 1)] {
            std::fs::write(&path, text).expect("a file");
            assert_eq!(file.read(&|_| ()).await.expect("entries").users.len(), count);
        }
        std::fs::write(&path, "no LDIF").expect("a file");
        assert!(file.read(&|_| ()).await.is_err());
    }
}
