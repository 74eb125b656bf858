"""Development runs on the very versions that the site runs on."""

import re


def pins(path):
    return set(re.findall(r"^([\w.-]+==\S+)", path.read_text(), re.MULTILINE))


def test_tests_install_all_that_the_site_does(settings):
    site = pins(settings.BASE_DIR / "requirements.txt")

    assert site
    assert site - pins(settings.BASE_DIR / "tests" / "requirements.txt") == set()


def test_storage_elsewhere_comes_beside_what_the_site_has(settings):
    site, more = (
        dict(pin.split("==") for pin in pins(settings.BASE_DIR / name))
        for name in ("requirements.txt", "requirements-s3.txt")
    )

    assert {name: more[name] for name in more.keys() & site.keys()} == {
        name: site[name] for name in more.keys() & site.keys()
    }


def test_every_requirement_is_pinned_by_hash(settings):
    for path in ("requirements.txt", "requirements-s3.txt", "tests/requirements.txt"):
        lines = (settings.BASE_DIR / path).read_text().replace("\\\n", "").splitlines()
        packages = [line for line in lines if line and not line.lstrip().startswith("#")]

        assert [line for line in packages if "--hash=sha256:" not in line] == []
