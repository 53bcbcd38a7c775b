"""The reverse proxies of docs/deploy.md: what a client says about its own address reaches nobody."""

from __future__ import annotations

import re

from tests.scripts.conftest import ROOT

DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
LOCATION = re.compile(r"^ *location (?P<path>[^{\n]+) \{\n(?P<lines>.*?)^ *\}$", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"proxy_set_header (?:X-Forwarded-For|Forwarded|X-Real-IP)\b.*", re.IGNORECASE)


def directives(port: int) -> list[str]:
    """What nginx does with requests that it hands on to this port."""
    blocks = [[line.strip() for line in found["lines"].splitlines()] for found in LOCATION.finditer(DEPLOY)]
    (block,) = [lines for lines in blocks if f"proxy_pass http://127.0.0.1:{port};" in lines]
    return block


def test_nginx_says_itself_from_where_and_how_a_request_to_the_api_came() -> None:
    block = directives(8600)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in block
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in block
    assert [line for line in block if ADDRESS.match(line)] == ["proxy_set_header X-Forwarded-For $remote_addr;"]
