"""What all tests of permissions share."""

import logging

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def quiet():
    """A refusal is what is asked for here, and not worth a line of the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def reader():
    """Somebody without an account, whose browser shows also what crashed."""
    return Client(raise_request_exception=False)
