"""Reads Envoy's configuration into Envoy's own messages: a field that is unknown,
misspelt or of another kind is an error.

    python deploy/check/envoy_config.py deploy/envoy/envoy.yaml
"""

import sys

import yaml
from envoy.config.bootstrap.v3.bootstrap_pb2 import Bootstrap

# The messages that stand in `typed_config`s have to be known by name.
from envoy.extensions.filters.http.router.v3 import router_pb2  # noqa: F401
from envoy.extensions.filters.network.http_connection_manager.v3 import (  # noqa: F401
    http_connection_manager_pb2,
)
from envoy.extensions.retry.host.previous_hosts.v3 import previous_hosts_pb2  # noqa: F401
from envoy.extensions.upstreams.http.v3 import http_protocol_options_pb2  # noqa: F401
from google.protobuf import json_format

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        json_format.ParseDict(yaml.safe_load(file), Bootstrap())
    print(f"{path}: every field is one of Envoy's")
