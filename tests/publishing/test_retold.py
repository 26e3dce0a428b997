"""What channels say reaches the reader in their language; and no adapter says a sentence that cannot be retold."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from planner.publishing import adapters, retold
from planner.publishing.core import last_moment
from planner.publishing.retold import FIRST_STRONG, POP, TEMPLATES, template_of

FOLDER = Path(adapters.__file__).parent
# Words that are no sentence to a reader: shapes of an answer, what a library insists on, what goes out to the public.
SHAPES = {"X X", ": X", "X: X", "Nothing is kept open.", "Invalid server response"}


def sentences():
    """Every string with a space that an adapter or the last moment builds, "X" in place of what is put in."""
    for path in [*sorted(FOLDER.glob("*.py")), Path(last_moment.__file__)]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                within.add(id(node.value))  # a docstring
            words = ""
            if isinstance(node, ast.JoinedStr):
                words = "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
                words = node.value
            if re.search(r"[a-z]\S* \S*[a-z]", words) and "\n" not in words:
                yield pytest.param(" ".join(words.split()), id=f"{path.stem}:{node.lineno}")


@pytest.mark.parametrize("said", sentences())
def test_every_sentence_of_an_adapter_has_its_template(said):
    assert said in SHAPES or template_of(said), f"add it to TEMPLATES in retold.py: {said}"


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_is_found_again_by_itself(template):
    said = template % {name: f"w{number}" for number, name in enumerate(re.findall(r"%\((\w+)\)s", template))}
    assert template_of(said) == template


@given(st.text(min_size=1))
def test_in_english_nothing_changes_but_spaces(text):
    with translation.override("en"):
        assert retold.retold(text) == " ".join(text.split())


def test_a_sentence_within_a_sentence_is_retold_and_a_servers_own_words_stay():
    said = "It was not handed over yet. The channel was asked and did not answer: no connection in time (ECONNREFUSED)"
    with translation.override("ar"):
        told = retold.retold(said)
        assert translation.gettext("no connection in time") in told
        assert f"{FIRST_STRONG}ECONNREFUSED{POP}" in told
        assert not re.search("[a-z]", told.replace("ECONNREFUSED", "")), told
        assert retold.retold("421 try later") == "421 try later"
