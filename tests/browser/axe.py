"""What axe-core finds on a page, light and dark."""

from axe_playwright_python.sync_playwright import Axe

SIZES = {"target-size": {"enabled": True}}  # of WCAG 2.2, and off unless asked for
NOT_OURS = {"exclude": [["th.original"]]}  # a column of Django's without a heading
RULES = {
    "light": {"rules": SIZES},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}  # in the dark colours alone differ


def faults_of(page, context=None):
    """Scheme, rule and some places of each fault on the page, or within the selector `context`."""
    faults = []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate("document.getAnimations().forEach(each => each.finish())")  # links of the admin change slowly
        found = Axe().run(page, context=context or NOT_OURS, options={"resultTypes": ["violations"]} | rules)
        for each in found.response["violations"]:
            faults.append((scheme, each["id"], [node["html"][:160] for node in each["nodes"][:3]]))
    return faults
