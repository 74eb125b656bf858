"""`python -m inspection.lighthouse`: the four scores of the main pages, as on a phone; the middle one of five runs.

A phone's processor is played by slowing this one down by four, so on a slow or busy machine any page loses points. How
slow it is, is said by the row of a bare page, and by Lighthouse's own benchmark (1,500 to 2,000 is usual).
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import urlopen

from inspection import relay
from inspection.edition import FOLDER, LONG, SITE_URL, USUAL, keep, site, slug_of

LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
ROW = "{:28} {:>12} {:>14} {:>15} {:>5} {:>10}"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
TRIES = 5


def main(wanted=""):
    """Print a row for each page whose name holds `wanted`; return 1 if a score is below 100."""
    print(ROW.format("", *CATEGORIES, "benchmark"))
    poor = False
    with site(), relay.of(SITE_URL) as relayed:
        for name, address in pages(relayed).items():
            if wanted in name:
                scores, faults, benchmark = measured(name, address)
                poor |= min(scores) < 100
                print(ROW.format(name, *scores, benchmark), *(f"\n    {fault}" for fault in faults), flush=True)
        (performance, *_), _, benchmark = measured("a bare page", relayed + relay.BARE)
        print(ROW.format("a bare page, to compare with", performance, "", "", "", benchmark))
    return int(poor)


def pages(relayed):
    """Names and addresses. What is shown after a form was sent is asked of the relay, which sends it."""
    posts = {number: address_of_post(slug_of(number)) for number in (USUAL, LONG)}
    return {
        "front page": f"{SITE_URL}/",
        f"post, {USUAL} comments": posts[USUAL],
        f"post, {LONG} comments": posts[LONG],
        "tag": re.search(rf"<loc>({SITE_URL}/tag/[^<]+)", read("/sitemap-tags.xml"))[1],
        "search": f"{SITE_URL}/search/?{urlencode({'q': 'kommatecken'})}",
        "comment form, error": f"{relayed}{posts[USUAL].removeprefix(SITE_URL)}comments/write/",
        "newsletter": f"{SITE_URL}/newsletter/",
    }


def address_of_post(slug):
    months = re.findall(rf"<loc>({SITE_URL}/sitemap-\d+-\d+\.xml)", read("/sitemap.xml"))
    for month in months:
        if found := re.search(rf"<loc>([^<]+/{slug}/)</loc>", read(month.removeprefix(SITE_URL))):
            return found[1]
    raise LookupError(slug)


def read(path):
    with urlopen(SITE_URL + path) as answer:
        return answer.read().decode()


def measured(name, address):
    """Return the scores, what took points away, and the machine's speed. Only performance differs from run to run."""
    reports = [report(name, address) for _ in range(TRIES)]
    first, *others = CATEGORIES
    middle = statistics.median_low(each["categories"][first]["score"] for each in reports)
    scores = [middle, *(reports[0]["categories"][each]["score"] for each in others)]
    benchmark = statistics.median_low(each["environment"]["benchmarkIndex"] for each in reports)
    return [round(100 * score) for score in scores], list(faults_of(reports[-1])), round(benchmark)


def report(name, address):
    file = keep(FOLDER / "lighthouse" / f"{re.sub(r'[^a-z0-9]+', '-', name)}.json")
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={file}"]
    chrome = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    only = f"--only-categories={','.join(CATEGORIES)}"
    quiet = {"CHROME_PATH": CHROMIUM, "NPM_CONFIG_LOGLEVEL": "error"}
    subprocess.run([*command, chrome, only], env=os.environ | quiet, check=True)
    return json.loads(file.read_text())


def faults_of(report):
    for category in CATEGORIES:
        for each in report["categories"][category]["auditRefs"]:
            audit = report["audits"][each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{category}: {audit['title']} {audit.get('displayValue', '')}".strip()


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
