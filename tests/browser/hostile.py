"""Texts that attack pages, and what tells that one of them got through."""

import json
import random
import re
from contextlib import contextmanager
from html import escape

SEED = 4
MUTATIONS = 2_000
WATCH = """
for (const name of ["alert", "prompt", "confirm", "print"]) window[name] = () => report(`${name} was called`);
addEventListener("DOMContentLoaded", () => { if (window.__hit) report("__hit was set") });
"""
# What would act once a reader touched it, or lead a browser to code.
# An element's own properties may be hidden by what stands in it: <form><input name=attributes>.
RISKS = """() => [...document.querySelectorAll("*")].flatMap(element => [...Object.getOwnPropertyDescriptor(
  Element.prototype, "attributes").get.call(element)]
  .filter(({name, value}) => !(element.matches("link[rel=icon]") && value.startsWith("data:image/svg+xml,")))
  .filter(({name, value}) => /^on/i.test(name)
    || (/^(href|src|action|formaction|data|srcdoc|xlink:href)$/i.test(name)
        && /^[\\x00-\\x20]*(javascript|vbscript|data):/i.test(value)))
  .map(({name, value}) => `${name}=${value}`))"""


def texts(shared_data):
    """Every text of the corpora, then the mutations of them: the same ones at every run."""
    corpus = [each["input"] for each in json.loads((shared_data / "xss" / "corpus_2757.json").read_text())]
    naughty = json.loads((shared_data / "naughty" / "blns.json").read_text())
    attacks = [text.replace("\0", "") for text in dict.fromkeys([*corpus, *naughty])]
    chance = random.Random(SEED)
    return [text for text in attacks if text.strip()] + [mutated(chance, attacks) for _ in range(MUTATIONS)]


def mutated(chance, attacks):
    text = chance.choice(attacks) or "<script>alert(1)</script>"
    for mutate in chance.sample(MUTATE, chance.randint(1, 3)):
        text = mutate(chance, text)
    return text


def _change_case(chance, text):
    return "".join(chance.choice([letter.lower(), letter.upper()]) for letter in text)


def _write_entities(chance, text):
    kinds = [lambda c: c, lambda c: f"&#{ord(c)};", lambda c: f"&#x{ord(c):x};", lambda c: f"&#{ord(c):07}", escape]
    return "".join(chance.choice(kinds)(letter) if chance.random() < 0.3 else letter for letter in text)


def _split(chance, text):
    place = chance.randint(0, len(text))
    return (
        text[:place] + chance.choice(["\n", "\t", "\r", "\f", "\x01", "/", "\u2028", "<!-- -->", "\\"]) + text[place:]
    )


def _join(chance, text):
    return f"<scr{text}ipt>alert(1)</scr{text}ipt>"


def _in_markup(chance, text):
    kinds = ["[{}](https://a.example)", "[x]({})", "[x](<{}>)", '[x](https://a.example "{}")', "`{}`", "```\n{}\n```",
             "> {}", "- {}", "*{}*", "https://a.example/{}", "<https://a.example/{}>", "@Anna {}", "@{}",
             "[x](javascript:{})", "[@Anna]({})", "www.a.example/{}"]  # fmt: skip
    return chance.choice(kinds).format(text.replace("\n", " ") if chance.random() < 0.5 else text)


def _in_attribute(chance, text):
    return chance.choice(['"{}', "'{}", '"><img src=x onerror={}>', "' onmouseover=alert(1) x='{}", "`{}"]).format(text)


MUTATE = [_change_case, _write_entities, _split, _join, _in_markup, _in_attribute]


class Watch:
    """A window without the site's policy, and what happened in it that no comment may cause."""

    def __init__(self, page, address):
        self.page, self.address, self.hits, self.risks = page, address, [], []
        page.context.route("**/*", self._let_through)
        page.context.expose_binding("report", lambda source, what: self.hits.append(what))
        page.on("dialog", self._dismiss)
        page.context.add_init_script(WATCH)

    def open(self, path):
        response = self.page.goto(self.address + path)
        self._look(self.address + path)
        return response

    def show(self, html):
        """The same for a page, or a part of one, that was got by other means."""
        self.page.goto("about:blank")
        self.page.set_content(html, wait_until="load")
        self._look("about:blank")

    def acts_in(self, step):
        """Whether something happens in this step, or could."""
        before = len(self.hits), len(self.risks)
        step()
        return (len(self.hits), len(self.risks)) != before

    def _look(self, path):
        self.risks += self.page.evaluate(RISKS)
        if not self.page.url.startswith((path, self.address)):
            self.hits.append(f"led to {self.page.url}")

    def _dismiss(self, dialog):
        self.hits.append(dialog.message)
        dialog.dismiss()

    def _let_through(self, route):
        request = route.request
        own = request.url.startswith(self.address)
        path = request.url.removeprefix(self.address)
        # Of its own accord a page loads what stands in its templates, and asks whether there is anything new.
        if own and (request.is_navigation_request() or re.match(r"/(static|admin/jsi18n)/|.*/comments/new/", path)):
            return route.continue_() if request.frame == self.page.main_frame else self._stop(route)
        return self._stop(route)

    def _stop(self, route):
        self.hits.append(f"{route.request.resource_type} {route.request.url[:200]}")
        route.abort()


@contextmanager
def watched(browser):
    with browser.window(bypass_csp=True) as page:
        yield Watch(page, browser.address)
