"""What the benchmarks that ask real servers share: programs in C, servers on a core of their own, the machine."""
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BINARIES = os.path.join(HERE, "target", "native")
CULVERT = os.path.join(ROOT, "tools", "culvert")
# What each program in C is made of, and the libraries it needs.
PROGRAMS = {
    "echo": (["echo.c"], []),
    "stun-load": (["stun-load.c", "load.c"], []),
    "turn-load": (["turn-load.c", "turn-client.c", "stun-message.c", "load.c"], ["-lssl", "-lcrypto"]),
}
START_SECONDS = 30
# Few systems have it. Where it is set, the QUIC library reads all of its certificates once for each connection.
os.environ.pop("SSL_CERT_FILE", None)


def die(line):
    sys.exit(f"{os.path.basename(sys.argv[0])}: {line}")


def say(line):
    print(f"== {line}", file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values)


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_port(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def need(packages):
    """Ends with one line unless all programs are there; `packages` says which Debian package has each."""
    missing = sorted({package for program, package in packages.items() if not find(program)})
    if missing:
        die(f"needs {' '.join(missing)} (on Debian: apt install {' '.join(missing)})")


def build(programs, packages):
    """Makes the programs in C and the culvert command, whatever is missing or old."""
    need({"cc": "gcc libc6-dev", "turnserver": "coturn", "taskset": "util-linux", **packages})
    os.makedirs(BINARIES, exist_ok=True)
    for name in programs:
        sources, libraries = PROGRAMS[name]
        command = ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-o", binary(name)]
        command += [os.path.join(HERE, "src", "main", "c", source) for source in sources] + libraries
        if subprocess.run(command).returncode:
            die(f"{name} does not compile; see above")
    if subprocess.run([CULVERT, "--version"], stdout=subprocess.DEVNULL).returncode:
        die("culvert cannot be built")
    # Whoever edits a source meanwhile must not change what is measured.
    os.environ["CULVERT_BUILD"] = "never"


def binary(name):
    return os.path.join(BINARIES, name)


def two_cores():
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        die("needs two cores, one for the server and one for the generator")
    return cores


def on_core(core, command):
    return ["taskset", "-c", str(core), *command]


def start(name, core, command, is_ready):
    """Starts a server and waits until it is ready."""
    process = subprocess.Popen(on_core(core, command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        time.sleep(0.3)
        if is_ready(process):
            return process
    process.kill()
    die(f"{name} does not answer: {process.communicate()[1].strip()}")


def stop(process):
    process.terminate()
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    version = subprocess.run([find("turnserver"), "--version"], stdout=subprocess.PIPE, text=True).stdout
    return {"processor": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "coturn": version.strip().splitlines()[-1] if version.strip() else "unknown"}


def circumstances(report):
    """One line under a table: where and under what load it was measured."""
    return (f"{report['machine']['processor']}, Linux {report['machine']['kernel']}, coturn "
            f"{report['machine']['coturn']}; load {report['loadBefore'][0]:.1f} before, "
            f"{report['loadAfter'][0]:.1f} after; {report['rounds']} rounds of {report['seconds']:g} s.")
