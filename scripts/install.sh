#!/bin/sh
# Installs those of the named things that are missing, through the system's package manager, and says so.
# usage: scripts/install.sh [rust] [postgres] [slapd] [chromium] [node]
set -eu

# Servers lie in folders that a user's PATH may lack.
PATH=$PATH:/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/lib/openldap

has() { command -v "$1" >/dev/null 2>&1; }

any() {
    for file in "$@"; do
        if [ -x "$file" ]; then return 0; fi
    done
    return 1
}

present() {
    case $1 in
    rust) has cargo ;;
    postgres) has initdb || any /usr/lib/postgresql*/bin/initdb /usr/lib/postgresql/*/bin/initdb \
        /usr/libexec/postgresql*/initdb /usr/pgsql-*/bin/initdb /usr/local/pgsql/bin/initdb \
        /opt/homebrew/opt/postgresql*/bin/initdb /usr/local/opt/postgresql*/bin/initdb \
        /home/linuxbrew/.linuxbrew/opt/postgresql*/bin/initdb ;;
    slapd) has slapd && has ldapadd && has ldapsearch ;;
    chromium) { has chromium || has chromium-browser || has google-chrome; } && has chromedriver ;;
    node) has node && has npm ;;
    *) echo "$0: unknown: $1" >&2 && exit 2 ;;
    esac
}

described() {
    case $1 in
    rust) echo "Rust 1.95 or later, from https://rustup.rs (program cargo)" ;;
    postgres) echo "a PostgreSQL server, 14 or later, with its contrib modules (programs postgres, initdb, psql)" ;;
    slapd) echo "OpenLDAP's server and clients (programs slapd, ldapadd, ldapsearch)" ;;
    chromium) echo "Chromium and its WebDriver (programs chromium, chromedriver)" ;;
    node) echo "Node.js 20 or later with npm (programs node, npm)" ;;
    esac
}

packages() {
    case $manager:$1 in
    apt-get:postgres | brew:postgres) echo postgresql ;;
    dnf:postgres | zypper:postgres) echo postgresql-server postgresql-contrib postgresql ;;
    apk:postgres) echo postgresql postgresql-contrib postgresql-client ;;
    pacman:postgres) echo postgresql ;;
    apt-get:slapd) echo slapd ldap-utils ;;
    dnf:slapd) echo openldap-servers openldap-clients ;;
    apk:slapd) echo openldap openldap-back-mdb openldap-clients ;;
    zypper:slapd) echo openldap2 openldap2-client ;;
    pacman:slapd | brew:slapd) echo openldap ;;
    apt-get:chromium) echo chromium chromium-driver ;;
    apk:chromium) echo chromium chromium-chromedriver ;;
    pacman:chromium) echo chromium ;;
    *:chromium) echo chromium chromedriver ;;
    # Vendors' packages of Node.js bring npm, and Debian's npm contradicts them.
    apt-get:node) has node || echo nodejs; has npm || echo npm ;;
    apk:node | dnf:node | pacman:node) echo nodejs npm ;;
    zypper:node) echo nodejs-default npm-default ;;
    brew:node) echo node ;;
    esac
}

install() {
    case $manager in
    apt-get)
        only_programs
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$@"
        ;;
    dnf) as_root dnf -y install "$@" ;;
    apk) as_root apk add "$@" ;;
    pacman) as_root pacman -Sy --needed --noconfirm "$@" ;;
    zypper) as_root zypper --non-interactive install "$@" ;;
    brew) brew install "$@" ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        echo "This needs root, and there is no sudo. As root, run: $*" >&2
        exit 1
    fi
}

# Debian starts a server with its package, and makes a database for Postgres'. Here only the programs are wanted, so
# for as long as this script runs both are turned off, where the machine's owner has not decided about it before.
only_programs() {
    policy=/usr/sbin/policy-rc.d
    clusters=/etc/postgresql-common
    made=
    trap 'as_root rm -f $made' EXIT
    trap 'exit 1' HUP INT TERM
    if [ ! -e $policy ]; then
        made=$policy
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
        as_root chmod 755 $policy
    fi
    if [ ! -e $clusters ]; then
        made="$made $clusters/createcluster.d/programs-only.conf"
        as_root mkdir -p $clusters/createcluster.d
        echo 'create_main_cluster = false' | as_root tee $clusters/createcluster.d/programs-only.conf >/dev/null
    fi
}

missing=
for thing in "$@"; do
    present "$thing" || missing="$missing $thing"
done
[ -n "$missing" ] || exit 0

manager=
for candidate in apt-get dnf apk pacman zypper brew; do
    if has $candidate; then
        manager=$candidate
        break
    fi
done

wanted=
for thing in $missing; do
    if [ "$thing" = rust ] || [ -z "$manager" ]; then
        unknown=yes
    else
        # The names become one line.
        wanted="$wanted $(packages "$thing" | tr '\n' ' ')"
    fi
done
if [ -n "${unknown:-}" ]; then
    [ -n "$manager" ] || echo "No package manager that this script knows was found." >&2
    echo "Please install, and put into PATH:" >&2
    for thing in $missing; do
        if [ "$thing" = rust ] || [ -z "$manager" ]; then echo "  $(described "$thing")" >&2; fi
    done
    exit 1
fi

for thing in $missing; do echo "Missing: $(described "$thing")"; done
# The words are package names.
# shellcheck disable=SC2086
set -- $wanted
echo "Installing with $manager: $*"
install "$@"
for thing in $missing; do
    if ! present "$thing"; then
        echo "$manager installed $*, but these are still missing: $(described "$thing")" >&2
        exit 1
    fi
done
