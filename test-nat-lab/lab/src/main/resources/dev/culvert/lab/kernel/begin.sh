# Begins the script of a lab's first process, in fresh namespaces and with the old /run as file 9.
# Arguments: "held" or "free", then the command of the link forwarder.
# The process ends when its caller goes away (held) or when it is killed (free); everything ends
# with it.
set -eu
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
doing=start
trap 'code=$?; [ $code = 0 ] || echo "failed $doing"' EXIT
read -r pid rest </proc/self/stat
echo "pid $pid"

doing=tools
for tool in ip nft nsenter unshare mount head; do
  command -v "$tool" >/dev/null || { echo "$tool is missing"; exit 1; }
done

doing=mounts
hosts=$(readlink -f /etc/hosts || true)
resolv=$(readlink -m /etc/resolv.conf)
# Sockets of resolvers and other daemons stay hidden: through them names would leave the lab.
for kept in user current-system wrappers opengl-driver; do
  if [ -L /proc/self/fd/9/$kept ]; then
    cp -P /proc/self/fd/9/$kept /run/$kept
  elif [ -d /proc/self/fd/9/$kept ]; then
    mkdir /run/$kept
    mount --no-canonicalize --rbind /proc/self/fd/9/$kept /run/$kept
  fi
done
exec 9<&-
doing=proc
mount -t proc proc /proc
mkdir -p /run/netns /run/lab /run/lock
held=$1
shift

# space NAME: an empty network namespace with the lab's own settings, whatever the machine's are.
space() {
  : >"/run/netns/$1"
  unshare --net="/run/netns/$1" sh -eu /run/lab/settings.sh "$2"
}
# inside NAME COMMAND...
inside() {
  space=$1
  shift
  nsenter --net="/run/netns/$space" "$@"
}
cat >/run/lab/settings.sh <<'END'
cd /proc/sys/net
# Forwarding first: it resets others.
[ "$1" = host ] || echo 1 >ipv4/ip_forward
for which in all default; do
  for key in rp_filter arp_ignore arp_announce arp_filter accept_redirects send_redirects; do
    echo 0 >ipv4/conf/$which/$key
  done
done
if [ -d ipv6 ]; then
  for which in all default; do
    [ "$1" = host ] || echo 1 >ipv6/conf/$which/forwarding
    echo 0 >ipv6/conf/$which/accept_ra
    echo 0 >ipv6/conf/$which/accept_redirects
    echo 0 >ipv6/conf/$which/accept_dad
    if [ "$1" = wire ]; then echo 1; else echo 0; fi >ipv6/conf/$which/disable_ipv6
  done
  echo 1 >ipv6/conf/default/addr_gen_mode
fi
# A bridge whose frames pass the NAT inside the bridge would never hairpin.
for key in bridge/bridge-nf-call-*; do
  [ ! -e "$key" ] || echo 0 >"$key"
done
END
