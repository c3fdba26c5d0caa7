#!/bin/sh
# Starts an OpenLDAP that holds a company, read anew at each start: $COMPANY is its LDIF, $LDAP_PASSWORD the reader's password.
set -eu
: "${LDAP_PASSWORD:?the password of cn=reader,dc=pinconsole,dc=example}"
slapd=${SLAPD:-/usr/sbin/slapd}
folder=$(mktemp -d)
mkdir "$folder/data"

cat > "$folder/slapd.conf" <<END
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
database mdb
suffix "dc=pinconsole,dc=example"
rootdn "cn=reader,dc=pinconsole,dc=example"
rootpw "$LDAP_PASSWORD"
directory $folder/data
maxsize 268435456
access to * by users read by anonymous auth
END
chmod 600 "$folder/slapd.conf"

"$slapd" -Tadd -q -f "$folder/slapd.conf" -l "$COMPANY"
exec "$slapd" -d none -f "$folder/slapd.conf" -h "${LISTEN:-ldap://0.0.0.0:1389}"
