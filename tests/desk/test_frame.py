"""The frame of every page: its language and direction, the strict CSP, the switches, and the pages for errors."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def sign_in_page(client) -> str:
    return client.get("/sign-in/").content.decode()


def test_the_sign_in_page_has_a_skip_link_a_main_part_and_both_languages(client):
    html = sign_in_page(client)
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert 'value="ar" lang="ar"' in html


def test_no_page_of_the_frame_needs_an_inline_script_or_style(client):
    for html in (sign_in_page(client), client.get("/nowhere/").content.decode()):
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)
        assert "<style" not in html
        assert not re.search(r'\sstyle="', html)


def test_the_language_is_switched_before_signing_in(client):
    response = client.post(reverse("set_language"), {"language": "ar", "next": "/sign-in/"})
    assert response.url == "/sign-in/"
    assert '<html lang="ar" dir="rtl">' in sign_in_page(client)


def test_an_address_that_does_not_exist_says_what_to_do(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_a_wrong_password_is_said_on_the_page(client):
    html = client.post("/sign-in/", {"username": "nobody", "password": "wrong"}).content.decode()
    assert 'role="alert"' in html
