"""What links say of a comment: how many there are, and whether they lead where this site's spam leads."""

from blog.screening import bayes
from blog.text import markup

MOST = 2  # of somebody unknown
SPAM_AT_LEAST = 2  # comments with a domain that were spam, and no wanted one: then it is known for it


def number(html):
    """Return how many links a comment's HTML has."""
    return markup.number_of_links(html)


def known_from_spam(domains):
    """Return those of some domains, sorted, to which this site's spam has linked, and nothing else. One query."""
    names = {bayes.key(bayes.of_domain(domain)): domain for domain in domains}
    counts = bayes.counts(names) if names else {}
    return sorted(names[key] for key, (spam, wanted) in counts.items() if spam >= SPAM_AT_LEAST and not wanted)
