#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder: it sets up Python and the packages.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install -y make python3 python3-venv
# Ubuntu 22.04 has 3.10 for python3, and 3.11 under its own name.
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || apt-get install -y python3.11 python3.11-venv

cd "${AUTOGRADER:-/autograder}/source/project"
make .venv/installed.txt
