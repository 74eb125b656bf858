"""What the rules of screening found, in words for moderators."""

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

# By Finding["rule"]; what else a finding holds may stand in the sentence.
WORDS = {
    "trap": _("A field that people do not see was filled in, as programs do."),
    "copy": _("Somebody else has written the same words."),
    "like_spam": _("It says the same as a comment that was marked as spam."),
}
UNKNOWN = _("The rule “%(rule)s” spoke against it.")


def in_words(finding):
    """Return the sentence about one of Comment.findings, of whatever age: a rule may be gone, or tell more by now."""
    return WORDS.get(finding.get("rule", ""), UNKNOWN) % defaultdict(str, finding)
