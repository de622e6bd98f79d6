"""Restricts a container as deploy/kubernetes does, but for its seccomp profile: restricted.py CONFIG ROOT VARIABLE…

CONFIG is a runtime configuration as `crun spec` writes it, changed in place; ROOT the
file system to run, read-only.
"""

import json
import pathlib
import sys

path, root, *variables = sys.argv[1:]
config = json.loads(pathlib.Path(path).read_text())
config["root"] = {"path": root, "readonly": True}
config["process"] |= {
    "terminal": False,
    "user": {"uid": 65532, "gid": 65532},
    "cwd": "/",
    "args": ["/khabar", "serve"],
    "env": variables,
    "noNewPrivileges": True,
    "capabilities": {of: [] for of in ("bounding", "effective", "inheritable", "permitted", "ambient")},
}
# The network stays the machine's, so that the port can be reached.
config["linux"]["namespaces"] = [it for it in config["linux"]["namespaces"] if it["type"] not in ("network", "cgroup")]
config["mounts"] = [it for it in config["mounts"] if it["type"] not in ("cgroup", "sysfs")]
pathlib.Path(path).write_text(json.dumps(config))
