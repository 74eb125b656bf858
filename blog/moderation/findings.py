"""What the rules of screening found, in words for moderators."""

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

# By Finding["rule"]; what else a finding holds may stand in the sentence.
WORDS = {
    "trap": _("A field that people do not see was filled in, as programs do."),
    "copy": _("Somebody else has written the same words."),
    "like_spam": _("It says the same as a comment that was marked as spam."),
    "person_ban": _("Its writer is banned."),
    "network_ban": _("The network from which it came is banned."),
    "domain_ban": _("It has a link to a banned domain."),
    "word": _("The listed word “%(word)s” stands in it."),
    "spam_domain": _("The domain %(domain)s is known from spam here alone."),
    "links": _("It has %(links)s links, and its writer is unknown."),
    "fast": _("It was sent %(seconds)s seconds after its page was opened."),
    "network_burst": _("At least %(comments)s comments came from its network within five minutes."),
    "domain_burst": _("%(comments)s other comments within ten minutes have links to %(domain)s."),
    "bayes": _("Its words are like those of this site’s spam (%(score)s of 1)."),
    "failed": _("A rule could not be asked; the server’s log says why."),
}
UNKNOWN = _("The rule “%(rule)s” spoke against it.")


def in_words(finding):
    """Return the sentence about one of Comment.findings, of whatever age: a rule may be gone, or tell more by now."""
    return WORDS.get(finding.get("rule", ""), UNKNOWN) % defaultdict(str, finding)
