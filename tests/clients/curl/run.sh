#!/usr/bin/env bash
# Every RPC of a running server from the command line: `buf curl` by the v1
# reflection service, and grpcurl, where it is installed, by v1alpha. BUF names
# the buf binary.
set -euo pipefail
address=${SERVER_ADDRESS:-127.0.0.1:50051}
service=khabar.v1.TextAnalyticsService
here=$(dirname "${BASH_SOURCE[0]}")
requests=$here/../../fixtures/requests

with_buf() { # METHOD, request on standard input
    "${BUF:-buf}" curl --protocol grpc --http2-prior-knowledge \
        --reflect --reflect-protocol grpc-v1 -d @- "http://$address/$service/$1"
}
with_grpcurl() {
    grpcurl -plaintext -d @ "$address" "$service/$1"
}

passed=0 failed=0
# expect NAME WORD… -- COMMAND…: the command's output has all the words.
expect() {
    local name=$1 output word words=()
    shift
    while [[ $1 != -- ]]; do words+=("$1"); shift; done
    shift
    output=$("$@" 2>&1) || true
    for word in "${words[@]}"; do
        if [[ $output != *"$word"* ]]; then
            printf 'not ok: %s: no %q in:\n%s\n' "$name" "$word" "$output"
            failed=$((failed + 1))
            return
        fi
    done
    passed=$((passed + 1))
}

all() { # CLIENT [WORD of an error…]
    local client=$1 call=with_$1
    on() { "$call" "$1" <<<"$2"; }
    expect "$client Normalize" '"normalizedText"' '"edits"' -- on Normalize "$(<"$requests/normalize.json")"
    expect "$client SegmentHeadlines" BLOCK_ROLE_HEADLINE '"engineVersion"' -- \
        on SegmentHeadlines "$(<"$requests/article.json")"
    expect "$client ExtractEntities" '"190000000"' '"USD"' '"2026-03-11"' '"12.5"' -- \
        on ExtractEntities "$(<"$requests/article.json")"
    expect "$client Analyze" '"normalizedTitle"' '"segmentation"' '"entities"' -- \
        on Analyze "$(<"$requests/article.json")"
    expect "$client AnalyzeBatch" '"result"' '"error"' INVALID_FIELD -- \
        on AnalyzeBatch "$(<"$requests/batch.json")"
    expect "$client AnalyzeStream" '"a-1"' '"a-2"' '"result"' INVALID_FIELD -- \
        on AnalyzeStream "$(<"$requests/stream.json")"
    expect "$client GetServerInfo" '"maxTextBytes"' '"profiles"' '"blockRoles"' -- \
        on GetServerInfo '{}'
    expect "$client errors" 'article.text: 1200000 bytes' google.rpc.ErrorInfo "${@:2}" -- \
        on Analyze "$(python3 -c 'print("{\"article\": {\"text\": \"" + "ا" * 600000 + "\"}}")')"
}

all buf
if command -v grpcurl >/dev/null; then
    # It prints the details of errors: their messages are in the reflection.
    all grpcurl TEXT_TOO_LONG
else
    echo 'grpcurl: not installed, left out'
fi
printf 'curl: %d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
