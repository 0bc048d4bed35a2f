#!/usr/bin/env bash
# Checks predicted times on real sockets: server and client as two processes in a network namespace of their own, whose
# loopback device 'tc' slows down to each network. It repeats what 'onnx2mpc run --network' emulates.
#
#   tools/network/tc-check.sh [--backend NAME] [--host FILE] [--inferences N] [--tolerance PERCENT] [NETWORK...]
#
#   NETWORK       names from src/Runtime/Costs/Networks; default: lan wan
#   --backend     of the plan of the sample model; default gc, whose traffic makes the network decide
#   --host        a machine that 'onnx2mpc calibrate-host' measured; default: it is measured now
#   --inferences  that count, after one to warm up; default 3
#   --tolerance   by how much measured and predicted time may differ; default 20
#
# Needs Linux, 'tc' and 'ip' (iproute2), 'unshare' (util-linux), and root or unprivileged user namespaces. Where the kernel has
# no network emulator (sch_netem), delays are left out and bandwidths alone are checked. Exit codes: 0 all times are as
# predicted, 1 some are not, 3 this machine does not allow it; the last line on standard error says why.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root tool="$root/tools/onnx2mpc/bin/Release/net10.0/onnx2mpc.dll" sample="$root/samples/fashion-mnist" port=7000

fail() { echo "tc-check: $2" >&2; exit "$1"; }
not_allowed() { fail 3 "this machine does not allow it: $1"; }

backend=gc host= inferences=3 tolerance=20 networks=()
while [ $# -gt 0 ]; do
  case "$1" in
    --backend) backend=$2; shift 2 ;;
    --host) host=$(realpath "$2"); shift 2 ;;
    --inferences) inferences=$2; shift 2 ;;
    --tolerance) tolerance=$2; shift 2 ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    -*) fail 2 "unknown option '$1'; --help lists them" ;;
    *) networks+=("$1"); shift ;;
  esac
done
[ ${#networks[@]} -gt 0 ] || networks=(lan wan)
for network in "${networks[@]}"; do
  [ -f "$root/src/Runtime/Costs/Networks/$network.json" ] || fail 2 "there is no network '$network' in src/Runtime/Costs/Networks"
done

[ "$(uname)" = Linux ] || not_allowed "network namespaces are Linux's."
for command in tc ip unshare; do
  command -v "$command" >/dev/null || not_allowed "'$command' is missing (Debian: iproute2, util-linux)."
done
[ -f "$tool" ] || fail 2 "build the tool first: ./build.sh build"

# Again, in a namespace that nobody else sees.
if [ -z "${ONNX2MPC_IN_NAMESPACE:-}" ]; then
  namespace=(unshare --net)
  [ "$(id -u)" -eq 0 ] || namespace=(unshare --map-root-user --net)
  "${namespace[@]}" true 2>/dev/null || not_allowed "no network namespace can be made; run it as root, outside a container that forbids it."
  ONNX2MPC_IN_NAMESPACE=1 exec "${namespace[@]}" "$0" --backend "$backend" ${host:+--host "$host"} --inferences "$inferences" --tolerance "$tolerance" "${networks[@]}"
fi

work=$(mktemp -d)
server=
stop_server() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  server=
}
trap 'stop_server; rm -rf "$work"' EXIT

# A packet as large as on a real network, so that framing costs what it costs there.
ip link set lo mtu 1500 up
tc qdisc add dev lo root handle 1: htb default 30 2>/dev/null || not_allowed "the kernel cannot limit bandwidth (sch_htb)."
tc qdisc del dev lo root
delays=true
tc qdisc add dev lo root netem delay 1ms 2>/dev/null || delays=false
$delays || echo "tc-check: the kernel has no network emulator (sch_netem): delays are left out, bandwidths are checked." >&2

# number FIELD FILE: the first number of that name in a JSON document
number() { grep -m1 -o "\"$1\": *[0-9.eE+-]*" "$2" | sed 's/.*: *//'; }
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# direction CLASS FIELD MBPS DELAY_MS: what goes to (dport) or comes from (sport) the server
direction() {
  tc class add dev lo parent 1: classid "1:$1" htb rate "${3}mbit" burst 64k cburst 64k quantum 60000
  tc filter add dev lo parent 1: protocol ip u32 match ip "$2" "$port" 0xffff flowid "1:$1"
  if $delays; then
    tc qdisc add dev lo parent "1:$1" netem delay "${4}ms" limit 1000000
  else
    tc qdisc add dev lo parent "1:$1" pfifo limit 1000000
  fi
}

shape() {
  tc qdisc del dev lo root 2>/dev/null || true
  tc qdisc add dev lo root handle 1: htb default 30
  local half
  half=$(awk "BEGIN { print $3 / 2 }")
  direction 10 dport "$1" "$half"
  direction 20 sport "$2" "$half"
}

echo "tc-check: preparing" >&2
dotnet "$tool" compile "$sample/fashion-mnist.onnx" -o "$work" --backend "$backend" --calibrate "$sample/calibration-images-idx3-ubyte.gz" --json >/dev/null
[ -n "$host" ] || { host="$work/host.json"; dotnet "$tool" calibrate-host --output "$host" --json >/dev/null; }

dotnet "$tool" serve "$work/fashion-mnist.plan" --weights "$work/fashion-mnist.weights" --listen "127.0.0.1:$port" \
  --tls-self-signed "$work/server.pem" --address-file "$work/address" --audit >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 300); do
  [ -s "$work/address" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$work/server.log" >&2; fail 1 "the server did not start"; }
  sleep 0.1
done

echo "| network | phase | predicted s | measured s | predicted ÷ measured |"
echo "|---|---|---|---|---|"
status=0
for network in "${networks[@]}"; do
  profile="$root/src/Runtime/Costs/Networks/$network.json"
  up=$(number upload_mbps "$profile") down=$(number download_mbps "$profile") trip=$(number round_trip_ms "$profile")
  $delays || trip=0
  name=$network
  $delays || name="$network without delay"
  printf '{ "name": "%s", "upload_mbps": %s, "download_mbps": %s, "round_trip_ms": %s }' "$name" "$up" "$down" "$trip" >"$work/network.json"
  dotnet "$tool" cost "$work/fashion-mnist.plan" --network "$work/network.json" --host "$host" --json >"$work/predicted.json"
  shape "$up" "$down" "$trip"
  dotnet "$tool" infer --connect "127.0.0.1:$port" --tls-ca "$work/server.pem" --plan "$work/fashion-mnist.plan" \
    --input "$sample/test-images-idx3-ubyte.gz" --limit $((inferences + 1)) --audit --json >"$work/measured.json"
  for phase in offline online; do
    predicted=$(number "${phase}_seconds" "$work/predicted.json")
    measured=$(grep -o "\"${phase}_seconds\": *[0-9.eE+-]*" "$work/measured.json" | sed 's/.*: *//' | tail -n +2 | median)
    awk -v n="$name" -v p="$phase" -v a="$predicted" -v b="$measured" 'BEGIN { printf "| %s | %s | %.3f | %.3f | %.2f |\n", n, p, a, b, a / b }'
    awk -v a="$predicted" -v b="$measured" -v t="$tolerance" 'BEGIN { exit !(a / b > 1 + t / 100 || a / b < 1 - t / 100) }' && status=1
  done
done
stop_server
[ "$status" -eq 0 ] || fail 1 "a measured time differs from its prediction by more than $tolerance %; on a busy machine that is no surprise."
