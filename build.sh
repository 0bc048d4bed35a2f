#!/usr/bin/env bash
# The project's two commands, and the smaller steps they are made of.
#
#   ./build.sh demo        compile the embedded sample, run server and client as two processes, print what they computed and what it cost
#   ./build.sh test        build everything and run all tests; the last line is "N passed, N failed, N skipped"
#   ./build.sh build       restore and build
#   ./build.sh reference   fetch the tests' independent oracles, ONNX Runtime and Microsoft SEAL (needs npm)
#   ./build.sh conformance rewrite docs/conformance.md and docs/exact-rewrites.md from the published ONNX cases and models on this machine
#   ./build.sh golden      rewrite golden/ (review the difference before you commit it)
#   ./build.sh rewrites    rewrite docs/rewrites.md: what each recipe of samples/recipes saves, and what accuracy it costs
#   ./build.sh bench       run the benchmarks (arguments go to BenchmarkDotNet)
#   ./build.sh clean       remove what was built
#
# Needs the .NET 10 SDK; nothing is installed outside this folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly configuration=Release
readonly out=artifacts
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '\n== %s\n' "$*" >&2; }

build() {
  command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: 'dotnet' is not on the PATH." >&2; exit 1; }
  say "Build"
  dotnet build PrivateInference.sln -c "$configuration" -v quiet -clp:NoSummary >&2
}

readonly tool="tools/onnx2mpc/bin/$configuration/net10.0/onnx2mpc.dll"

server_pid=
stop_server() {
  [ -z "$server_pid" ] || { kill "$server_pid" 2>/dev/null || true; wait "$server_pid" 2>/dev/null || true; }
  server_pid=
}

demo() {
  build
  local sample=samples/fashion-mnist work="$out/demo"
  rm -rf "$work" && mkdir -p "$work"

  say "Compile $sample/fashion-mnist.onnx"
  dotnet "$tool" compile "$sample/fashion-mnist.onnx" -o "$work" \
    --calibrate "$sample/calibration-images-idx3-ubyte.gz" --labels "$sample/labels.txt"

  say "Start the server: it holds the weights and a throw-away certificate"
  trap stop_server EXIT
  dotnet "$tool" serve "$work/fashion-mnist.plan" --weights "$work/fashion-mnist.weights" --listen 127.0.0.1:0 \
    --tls-self-signed "$work/server.pem" --address-file "$work/address" --audit >"$work/server.log" 2>&1 &
  server_pid=$!
  for _ in $(seq 300); do
    [ -s "$work/address" ] && break
    kill -0 "$server_pid" 2>/dev/null || { cat "$work/server.log" >&2; exit 1; }
    sleep 0.1
  done
  [ -s "$work/address" ] || { echo "The server did not start within 30 s:" >&2; cat "$work/server.log" >&2; exit 1; }

  say "Run the client: another process; it holds the images and the public plan"
  dotnet "$tool" infer --connect "$(cat "$work/address")" --tls-ca "$work/server.pem" --plan "$work/fashion-mnist.plan" \
    --input "$sample/test-images-idx3-ubyte.gz" --compare "$sample/fashion-mnist.onnx" --audit "$@"
  stop_server
  say "The last lines of the server's log ($work/server.log)"
  tail -n 4 "$work/server.log" >&2
}

# The package holds the library of every system; its scripts, which would fetch GPU variants, do not run.
reference() {
  say "Fetch the independent oracles: ONNX Runtime and Microsoft SEAL"
  npm ci --ignore-scripts --no-audit --no-fund --prefix tools/reference >&2
  npm ci --ignore-scripts --no-audit --no-fund --prefix tests/seal-oracle >&2
}

# Tests against an oracle that cannot be fetched are counted as skipped.
reference_if_possible() {
  [ -d tools/reference/node_modules/onnxruntime-node ] && [ -d tests/seal-oracle/node_modules/node-seal ] && return 0
  command -v npm >/dev/null && reference || echo "npm cannot fetch ONNX Runtime and SEAL: the tests that compare with them are skipped." >&2
}

run_tests() {
  reference_if_possible
  build
  say "Test"
  rm -rf "$out/tests"
  local status=0
  run_project PrivateInference.sln "$@" || status=$?
  if [ $# -eq 0 ]; then
    # The kernels once more on narrower vectors and on none, as on processors that lack them.
    DOTNET_EnableAVX512=0 run_project tests/Runtime.Tests --filter "$kernels" || status=$?
    DOTNET_PreferredVectorBitWidth=128 run_project tests/Runtime.Tests --filter "$kernels" || status=$?
    DOTNET_EnableHWIntrinsic=0 run_project tests/Runtime.Tests --filter "$kernels" || status=$?
  fi
  summarise "$status"
}

readonly kernels="FullyQualifiedName~.Numerics.|FullyQualifiedName~.Randomness.|FullyQualifiedName~.ObliviousTransfer.|FullyQualifiedName~.Homomorphic."

run_project() {
  dotnet test "$1" -c "$configuration" --no-build -v quiet --logger trx --results-directory "$out/tests" "${@:2}" >&2
}

conformance() {
  reference_if_possible
  say "Run the published cases"
  UPDATE_CONFORMANCE=1 dotnet test tests/Frontend.Tests -c "$configuration" -v quiet --filter "FullyQualifiedName~.ConformanceTests." >&2
  say "Run the exact rewrites of published models (takes minutes)"
  UPDATE_CONFORMANCE=1 dotnet test tests/Passes.Tests -c "$configuration" -v quiet --filter "FullyQualifiedName~.AllModelsTests." >&2
  say "Compare the plans of published models with ONNX Runtime (takes minutes)"
  UPDATE_CONFORMANCE=1 dotnet test tests/Onnx2Mpc.Tests -c "$configuration" -v quiet --filter "FullyQualifiedName~.AgreementTests.All" >&2
  echo "docs/conformance.md and docs/exact-rewrites.md are written." >&2
}

# Adds up the counters of all result files. A run without a single executed test is a failure.
summarise() {
  local counters passed failed total
  counters=$(grep -ho '<Counters [^>]*>' "$out"/tests/*.trx 2>/dev/null || true)
  count() { grep -o " $1=\"[0-9]*\"" <<<"$counters" | tr -dc '0-9\n' | awk '{ s += $1 } END { print s + 0 }'; }
  total=$(count total) passed=$(count passed) failed=$(count failed)
  if [ "$1" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  if [ "$passed" -eq 0 ]; then failed=$((failed + 1)); fi
  echo "$passed passed, $failed failed, $((total - passed - $(count failed))) skipped"
  [ "$failed" -eq 0 ]
}

case "${1:-help}" in
  demo) shift; demo "$@" ;;
  test) shift; run_tests "$@" ;;
  build) build ;;
  reference) reference ;;
  conformance) conformance ;;
  golden) UPDATE_GOLDEN=1 run_tests ;;
  rewrites) shift; build; dotnet "tools/bench/bin/$configuration/net10.0/bench.dll" rewrites "$@" ;;
  bench) shift; build; dotnet "tools/bench/bin/$configuration/net10.0/bench.dll" "$@" ;;
  clean) rm -rf "$out"; find src tests tools samples -name node_modules -prune -o -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} + ;;
  help | -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" ;;
  *) echo "Unknown command '$1'; ./build.sh help lists them." >&2; exit 2 ;;
esac
