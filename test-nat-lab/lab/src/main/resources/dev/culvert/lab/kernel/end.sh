# Ends the script of a lab's first process.
if [ -n "$hosts" ] && [ -e "$hosts" ]; then
  doing=names
  mount --bind /run/lab/hosts "$hosts"
fi
echo "# no resolver in a lab" >/run/lab/resolv.conf
case $resolv in
  /run/*) mkdir -p "${resolv%/*}"; cp /run/lab/resolv.conf "$resolv" ;;
  *) [ ! -e "$resolv" ] || mount --bind /run/lab/resolv.conf "$resolv" ;;
esac
doing=life
echo ready
exec 3<&0 >/dev/null 2>&1 8<&-
# Waiting in the background lets this shell reap what is orphaned in the lab.
if [ "$held" = held ]; then
  cat <&3 >/dev/null &
else
  exec 3<&-
  sleep infinity &
fi
wait $!
