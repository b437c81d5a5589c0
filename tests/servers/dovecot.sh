#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: tests/servers/dovecot.sh PORT
# Run Debian's Dovecot in the foreground as a POP3 server on 127.0.0.1:PORT, with
# the accounts of dovecot.json. Everything it writes is below
# /run/pop3spec/dovecot, which its processes reach wherever the checkout is.
# Installs it when it is missing. Needs root: Dovecot changes users.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
port=${1:?usage: dovecot.sh PORT}
base=/run/pop3spec/dovecot

"$root/scripts/deps" servers >&2
mkdir -p "$base"
# Two runs would fill each other's maildrops; the one before may still be going.
exec 9>"$base/lock"
flock -w 20 9 || { echo "another run uses $base" >&2; exit 1; }
# A folder a run, so that what a killed one left is in nobody's way.
rm -rf "$base"/run-*
run=$base/run-$port
mkdir -p "$run" "$base/state" "$base/mail"
# A lock that a killed session left makes the next login wait for ten seconds.
rm -f "$base"/mail/*/dovecot-pop3-session.lock
uid=$(id -u mail) gid=$(id -g mail)
for user in alice bob carol dave erin frank grace heidi; do
	mkdir -p "$base/mail/$user/new" "$base/mail/$user/cur" "$base/mail/$user/tmp"
	case $user in
	carol) password="two words of $user" ;;
	dave) password=$user-has-forty-octets-and-all-of-them-co ;;
	*) password=$user-secret ;;
	esac
	echo "$user:{PLAIN}$password:$uid:$gid::$base/mail/$user::"
done >"$base/users"
chown -R "$uid:$gid" "$base/mail"
chmod 755 /run/pop3spec "$base" "$base/mail" "$run"
chmod 640 "$base/users"
chgrp dovecot "$base/users"

cat >"$base/dovecot.conf" <<EOF
base_dir = $run
state_dir = $base/state
log_path = $base/log
listen = 127.0.0.1
protocols = pop3
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
first_valid_uid = 1
mail_location = maildir:~
mail_max_userip_connections = 100
pop3_uidl_format = %g
pop3_lock_session = yes
auth_mechanisms = plain apop
passdb {
  driver = passwd-file
  args = username_format=%u $base/users
}
userdb {
  driver = passwd-file
  args = username_format=%u $base/users
}
service pop3-login {
  inet_listener pop3 {
    port = $port
  }
  inet_listener pop3s {
    port = 0
  }
}
EOF
exec dovecot -F -c "$base/dovecot.conf"
