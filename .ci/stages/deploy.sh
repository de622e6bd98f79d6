#!/usr/bin/env bash
# The files under deploy/ are what the systems they are for can read.
source "$CI_ROOT/.ci/lib.sh"

# The schemas of this Kubernetes, the oldest that is still maintained.
KUBERNETES=1.34

venv=$CI_CACHE/deploy-$(sha256sum deploy/check/requirements.txt | cut -c1-16)
if [[ ! -e $venv/.done ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement deploy/check/requirements.txt
    touch "$venv/.done"
fi
export PATH=$venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1

for manifest in deploy/kubernetes/*.yaml; do
    kubernetes-validate --kubernetes-version "$KUBERNETES" --strict "$manifest"
done
# Its schema comes with the operator, not with Kubernetes.
python -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' deploy/kubernetes/optional/servicemonitor.yaml
check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
envoy --mode validate --log-level error --config-path deploy/envoy/envoy.yaml
python deploy/check/metric_names.py src/metrics.rs deploy/grafana/*.json deploy/prometheus/*.yaml

promtool=$CI_CACHE/prometheus/usr/bin/promtool
if command -v apt-get >/dev/null && ((EUID == 0)); then
    debian haproxy
    if [[ ! -x $promtool ]]; then
        # Unpacked, not installed: the package would start a Prometheus.
        package=$(mktemp -d)
        trap 'rm -rf "$package"' EXIT
        apt_get update
        (cd "$package" && apt_get -o APT::Sandbox::User=root download prometheus)
        dpkg-deb --extract "$package"/prometheus_*.deb "$CI_CACHE/prometheus"
    fi
fi
if [[ -x $promtool ]]; then
    "$promtool" check config deploy/prometheus/prometheus.yaml
    "$promtool" test rules deploy/prometheus/alerts_test.yaml
else
    echo 'prometheus: not checked, promtool is not installed'
fi
if command -v haproxy >/dev/null; then
    haproxy -c -f deploy/haproxy/haproxy.cfg
else
    echo 'haproxy: not checked, it is not installed'
fi
