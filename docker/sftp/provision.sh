#!/bin/sh
# One receiver's login and folders, safe to repeat:  provision.sh BASE ID UID SERVICE_UID SERVICE_GID GROUP
#
#   BASE/ID            root:root 0755           the receiver's root (sshd insists on root's ownership up to here)
#   BASE/ID/outbound   service:group 2770       drops: the receiver reads and deletes
#   BASE/ID/inbound    service:group 2770       answers: the receiver writes, the service collects and deletes
#   BASE/.staging-ID   service:service 0700     half-written drops, on the same file system, outside every root
set -eu
base=$1 id=$2 uid=$3 service_uid=$4 service_gid=$5 group=$6

case $id in
  *[!a-z0-9-]* | [!a-z]* | '') echo "provision: '$id' is no login name (a-z, 0-9 and -, a letter first)" >&2; exit 64 ;;
esac
if [ ${#id} -gt 31 ]; then echo "provision: '$id' is longer than 31 characters" >&2; exit 64; fi

if id -u "$id" > /dev/null 2>&1; then
  if [ "$(id -u "$id")" != "$uid" ]; then echo "provision: login $id exists with another uid" >&2; exit 65; fi
else
  # '*' is no password that anybody could type, and unlike '!' no lock that would keep keys out as well.
  useradd --uid "$uid" --gid "$group" --no-create-home --home-dir / --shell /usr/sbin/nologin --password '*' "$id"
fi

install -d -o root -g root -m 0755 "$base" "$base/$id"
for folder in outbound inbound; do
  install -d "$base/$id/$folder"
  chown "$service_uid:$group" "$base/$id/$folder"
  chmod 2770 "$base/$id/$folder"
done
install -d "$base/.staging-$id"
chown "$service_uid:$service_gid" "$base/.staging-$id"
chmod 0700 "$base/.staging-$id"
