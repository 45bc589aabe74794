#!/bin/sh
# aws-smoke.sh BUCKET
#
# The essential checks of fetch-creds against real S3 and STS, in some two minutes: see docs/aws-smoke.md. Uses the
# keys of the environment (or of the container it runs in), writes below s3://BUCKET/fetch-creds-smoke-…/ alone, and
# removes what it wrote. Prints one line a check, ends with the number of failures.
#
# SMOKE_ENDPOINT_URL=URL  another S3: what only AWS knows (STS, CRC64NVME, region redirects) is skipped.
# FETCH_CREDS=FILE        the built file (default dist/fetch-creds.js)
set -u

bucket=${1:?usage: aws-smoke.sh BUCKET}
tool=${FETCH_CREDS:-dist/fetch-creds.js}
tool=$(cd "$(dirname "$tool")" && pwd)/$(basename "$tool")
prefix=fetch-creds-smoke-$(date +%s)-$$
base=s3://$bucket/$prefix
work=$(mktemp -d)
failures=0

s3() {
  if [ -n "${SMOKE_ENDPOINT_URL-}" ]; then
    node "$tool" "$@" --endpoint-url "$SMOKE_ENDPOINT_URL"
  else
    node "$tool" "$@"
  fi
}

aws_cli() {
  command -v aws >/dev/null 2>&1 || return 1
  aws ${SMOKE_ENDPOINT_URL:+--endpoint-url "$SMOKE_ENDPOINT_URL"} "$@"
}

clean_up() {
  mkdir -p "$work/nothing"
  echo keep >"$work/nothing/keep"
  s3 sync "$work/nothing" "$base/" --delete --quiet
  aws_cli s3 rm "$base/keep" --quiet || echo "left behind: $base/keep"
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# check TITLE COMMAND… : the command must succeed.
check() {
  title=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    echo "ok    $title"
  else
    failures=$((failures + 1))
    echo "FAIL  $title"
    sed 's/^/      /' "$work/said"
  fi
}

# says PATTERN COMMAND… : the command must fail, and say so.
says() {
  pattern=$1
  shift
  if "$@" >"$work/answer" 2>&1; then
    echo "it succeeded"
    return 1
  fi
  cat "$work/answer"
  grep -Eq "$pattern" "$work/answer"
}

same() { cmp "$1" "$2"; }
pipe_down() { s3 cp "$1" - >"$work/piped" && same "$work/piped" "$2"; }
pipe_up() { s3 cp - "$1" <"$2"; }
round_trip() { s3 cp "$1" "$base/$2" && s3 cp "$base/$2" "$work/back" && same "$1" "$work/back"; }
lists() { s3 ls "$1" --recursive --summarize | grep -q "Total Objects: $2\$"; }
stable_key() { key=$(s3 cache-key "$base/tree/") && [ -n "$key" ] && [ "$(s3 cache-key "$base/tree/")" = "$key" ]; }
copied() { from=$1 to=$2 file=$3; shift 3; s3 cp "$from" "$to" "$@" && pipe_down "$to" "$file"; }
nothing_to_do() { [ -z "$(s3 sync "$1" "$2")" ]; }

exported_keys_serve() (
  eval "$(node "$tool" export)" && aws sts get-caller-identity
)

full_object_crc() {
  answer=$(aws s3api head-object --bucket "$bucket" --key "$prefix/large" --checksum-mode ENABLED --output json) || return 1
  echo "$answer"
  echo "$answer" | grep -q '"ChecksumType": "FULL_OBJECT"'
}

mkdir -p "$work/tree/deep"
echo small >"$work/small"
: >"$work/empty"
echo '{"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"unknown"}' >"$work/unknown.json"
head -c 40000000 /dev/urandom >"$work/large"
for name in a.txt 'b c.txt' deep/ünï.txt; do echo "$name" >"$work/tree/$name"; done

check "a small file up and down" round_trip "$work/small" small
check "an empty file up and down" round_trip "$work/empty" empty
check "40 MB in parts up and down" round_trip "$work/large" large
check "standard output" pipe_down "$base/small" "$work/small"
check "standard input" pipe_up "$base/piped" "$work/large"
check "the streamed object" pipe_down "$base/piped" "$work/large"
check "a copy within S3" copied "$base/small" "$base/small-copy" "$work/small"
check "a copy in parts" copied "$base/large" "$base/large-copy" "$work/large" --metadata-directive REPLACE --content-type x/smoke
check "a folder up" s3 cp "$work/tree" "$base/tree" --recursive
check "a prefix down" s3 cp "$base/tree" "$work/tree-back" --recursive
check "the same tree" diff -r "$work/tree" "$work/tree-back"
check "sync finds nothing to do" nothing_to_do "$work/tree-back" "$base/tree"
check "ls counts" lists "$base/tree/" 3
check "cache-key is stable" stable_key
check "a missing key is called that" says 'NoSuchKey|does not exist|s3:ListBucket' s3 cp "$base/missing" "$work/missing"
check "a missing bucket is called that" says 'NoSuchBucket|AccessDenied' s3 cp "s3://$bucket-$$-missing/x" "$work/missing"
check "an empty prefix is a failure" says "$prefix/nothing" s3 cp "$base/nothing" "$work/none" --recursive

if [ -z "${SMOKE_ENDPOINT_URL-}" ]; then
  check "--no-overwrite leaves an object alone" s3 cp "$work/empty" "$base/small" --no-overwrite
  check "it is as it was" pipe_down "$base/small" "$work/small"
  check "the bucket's region is found" s3 cp "$base/small" "$work/region" --region "${SMOKE_OTHER_REGION:-eu-north-1}"
  check "SSE-KMS up and down" s3 cp "$work/large" "$base/kms" --sse aws:kms
  check "the encrypted object" pipe_down "$base/kms" "$work/large"
  check "STS names unknown keys" says '403: InvalidClientTokenId' node "$tool" verify --sts --credentials-file "$work/unknown.json"
  check "STS denies a role that is not there" says '403: AccessDenied' s3 ls "$base/" --role-arn arn:aws:iam::123456789012:role/none
  if command -v aws >/dev/null 2>&1; then
    check "S3 keeps a whole-object checksum of the parts" full_object_crc
  else
    echo "skip  S3 keeps a whole-object checksum of the parts: no aws here"
  fi
  if [ -n "${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI-}${AWS_CONTAINER_CREDENTIALS_FULL_URI-}" ]; then
    check "verify, and STS agrees" node "$tool" verify --sts
    check "exported keys serve the AWS CLI" exported_keys_serve
    check "exec" node "$tool" exec -- aws sts get-caller-identity
    check "doctor" node "$tool" doctor "$base/small"
  else
    echo "skip  verify, export, exec: no container endpoint here (run this in CodeBuild)"
  fi
fi

echo "$failures failures"
[ "$failures" -eq 0 ]
