"""Settings from a file."""

import os

from project import environment


def test_settings_of_the_file_go_first(tmp_path, monkeypatch):
    file = tmp_path / "spalt.env"
    file.write_text("# the site\nSITE_NAME=Kvällsbladet\n\nSECRET_KEY='a=b'\n; PORT=1\nnonsense\n", encoding="utf-8")
    monkeypatch.setattr(os, "environ", {"SETTINGS_FILE": str(file), "SITE_NAME": "Spalt", "PORT": "8000"})

    environment.take_file()

    assert os.environ == {
        "SETTINGS_FILE": str(file),
        "SITE_NAME": "Kvällsbladet",
        "SECRET_KEY": "a=b",
        "PORT": "8000",
    }
