"""The demonstration's outside world."""

import threading

import httpx
import pytest

from planner.config.demo_receiver import LARGEST_BODY, Receiver


@pytest.fixture
def receiver(tmp_path):
    with Receiver(0, tmp_path / "posts.jsonl") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_what_is_posted_is_listed_newest_first_and_cannot_inject_a_page(receiver):
    httpx.post(f"{receiver}/channels/one", json={"text": "The dam stands."})
    answer = httpx.post(f"{receiver}/channels/two", json={"text": "<script>alert(1)</script> الجسر مفتوح"})
    page = httpx.get(receiver).text
    assert page.index("الجسر مفتوح") < page.index("The dam stands.")
    assert "<script>" not in page
    assert answer.json()["url"].split("#")[1] in page


def test_a_body_that_is_not_json_is_shown_as_it_came(receiver):
    httpx.post(receiver + "/x", content=b"plain words")
    assert "plain words" in httpx.get(receiver).text


def test_a_body_past_its_limit_is_refused(receiver):
    assert httpx.post(receiver + "/x", content=b"x" * (LARGEST_BODY + 1)).status_code == 413


def test_pictures_are_shown_with_their_alt_texts_and_their_bytes_fill_no_page(receiver):
    picture = {"alt": 'The dam, "whole"', "media_type": "image/png", "content": "QUJD" * 5000}
    httpx.post(receiver + "/x", json={"text": "The dam stands.", "pictures": [picture]})
    page = httpx.get(receiver).text
    assert 'src="data:image/png;base64,QUJDQUJD' in page
    assert 'alt="The dam, &quot;whole&quot;"' in page
    assert page.count("QUJD" * 5000) == 1
