use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::Program;

/// Puts the clock of a process wrong by as many seconds as a file says at the moment; the clock that only measures stays.
const WRONG_CLOCK: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    static volatile int *skew;
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    if (!skew) {
        static int none;
        const char *name = getenv("SKEW_FILE");
        int file = name ? open(name, O_RDONLY) : -1;
        void *map = file < 0 ? MAP_FAILED : mmap(0, sizeof(int), PROT_READ, MAP_SHARED, file, 0);
        skew = map == MAP_FAILED ? &none : map;
    }
    int result = real(clock, at);
    if (result == 0 && clock == CLOCK_REALTIME) at->tv_sec += *skew;
    return result;
}
"#;

/// Clocks that can be wrong, one a program.
pub(crate) struct Clocks(TempDir);

impl Clocks {
    /// Builds them with the compiler that Rust links by.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (source, library) = (folder.path().join("clock.c"), folder.path().join("clock.so"));
        fs::write(&source, WRONG_CLOCK).expect("a file");
        let mut compiler = Command::new("cc");
        let built = compiler.args(["-shared", "-fPIC", "-o"]).args([&library, &source]).arg("-ldl").status();
        assert!(built.expect("a C compiler, as Rust needs one, too").success());
        Self(folder)
    }

    /// The program with a clock of its own.
    pub(crate) fn given(&self, name: &str, program: Program) -> Program {
        self.step(name, 0);
        let file = self.file(name).display().to_string();
        program.with("LD_PRELOAD", self.0.path().join("clock.so").display().to_string()).with("SKEW_FILE", file)
    }

    /// Puts a clock wrong by so many seconds, while the program runs, too.
    pub(crate) fn step(&self, name: &str, seconds: i32) {
        // In place: running programs have the file mapped.
        use std::os::unix::fs::FileExt;
        let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(self.file(name));
        file.expect("a file").write_all_at(&seconds.to_ne_bytes(), 0).expect("a clock");
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
