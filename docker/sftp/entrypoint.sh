#!/bin/sh
# Starts sshd for the receivers that have a key: one file per receiver in $SFTP_KEYS, named for its login.
# A new receiver or a new key is a restart of this container.
set -eu
: "${SFTP_BASE:=/drop}" "${SFTP_KEYS:=/run/sftp/authorized_keys}" "${SFTP_HOST_KEY:=/run/secrets/sftp_host_key}"
: "${SFTP_PORT:=2222}" "${SERVICE_UID:=10001}" "${SERVICE_GID:=10001}" "${SFTP_ALLOW_WITHOUT_LANDLOCK:=no}"
group=sftp-drop
etc=/etc/rollcall-sftp

[ -s "$SFTP_HOST_KEY" ] || { echo "sftp: no host key at $SFTP_HOST_KEY (ssh-keygen -t ed25519 -N '' -f secrets/sftp_host_key)" >&2; exit 78; }
install -d -m 0755 "$etc" "$etc/authorized_keys" /run/sshd
install -m 0600 "$SFTP_HOST_KEY" "$etc/host_key"
# The service's group: its files are readable by the receivers' logins, whose roots keep them apart.
getent group "$group" > /dev/null || groupadd --gid "$SERVICE_GID" "$group"

writable=''
for key in "$SFTP_KEYS"/*; do
  [ -f "$key" ] || { echo "sftp: no key in $SFTP_KEYS; put one file per receiver there, named for its login" >&2; exit 78; }
  id=$(basename "$key")
  # The same login has the same uid in every container: 20000 to 59999 by its name's checksum.
  uid=$((20000 + $(printf %s "$id" | cksum | cut -d ' ' -f 1) % 40000))
  /usr/local/lib/rollcall-sftp/provision.sh "$SFTP_BASE" "$id" "$uid" "$SERVICE_UID" "$SERVICE_GID" "$group"
  install -m 0644 "$key" "$etc/authorized_keys/$id"
  writable="$writable --write $SFTP_BASE/$id/inbound"
done

sed -e "s|@PORT@|$SFTP_PORT|" -e 's|@LISTEN_ADDRESS@|0.0.0.0|' -e "s|@HOST_KEY@|$etc/host_key|" -e 's|@PID_FILE@|none|' \
  -e "s|@GROUP@|$group|" -e "s|@AUTHORIZED_KEYS@|$etc/authorized_keys|" -e "s|@CHROOT_BASE@|$SFTP_BASE|" \
  /usr/local/lib/rollcall-sftp/sshd_config.template > "$etc/sshd_config"
/usr/sbin/sshd -t -f "$etc/sshd_config"

if [ "$SFTP_ALLOW_WITHOUT_LANDLOCK" = yes ]; then
  echo 'sftp: WITHOUT Landlock: receivers can create files in outbound/' >&2
  exec /usr/sbin/sshd -D -e -f "$etc/sshd_config"
fi
# shellcheck disable=SC2086 # one word per folder: login names have no spaces
exec setpriv --no-new-privs /usr/local/lib/rollcall-sftp/landlock.pl $writable --write /dev --write /proc --write /run -- \
  /usr/sbin/sshd -D -e -f "$etc/sshd_config"
