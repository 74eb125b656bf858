"""Words, sentences and texts for the bench: made up, as frequent as Zipf's law has it; they only look like Swedish."""

from itertools import accumulate

from blog.text.sanitise import clean_post_html

COMMENT_CHARACTERS = (80, 410)  # as wanted; the last sentence goes beyond
COMMON_WORDS = (
    "och att det som en på är av för med till den har de inte om ett men var jag från vi så kan när nu här alla mot"
)
WORDS_OF_A_BODY = 600  # about, with the numbers below


class Writer:
    """Writes sentences of made-up words, each as frequent as Zipf's law has it for its rank."""

    ONSETS = [*"bdfghjklmnprstv", "bl", "br", "dr", "fl", "fr", "gr", "kl", "kr", "pl", "sk", "sl", "st", "str", "tr"]
    VOWELS = "aaeeiouyåäö"
    CODAS = ["", "", "", "n", "r", "l", "t", "s", "nd", "ng", "rt", "ck"]
    ENDINGS = ["", "", "a", "en", "et", "ar", "er", "or", "ning", "het", "lig", "ande"]
    VOCABULARY = 6_000

    def __init__(self, chance):
        self.chance = chance
        rare = dict.fromkeys(self._make_word() for _ in range(self.VOCABULARY * 2))
        self.words = list(dict.fromkeys([*COMMON_WORDS.split(), *rare]))[: self.VOCABULARY]
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def _make_word(self):
        draw = self.chance.choice
        syllables = "".join(draw(self.ONSETS) + draw(self.VOWELS) + draw(self.CODAS) for _ in range(draw([1, 1, 2])))
        return syllables + draw(self.ENDINGS)

    def some_words(self, number):
        return self.chance.choices(self.words, cum_weights=self.weights, k=number)

    def rare_words(self, number):
        """Words that mean something: tags, titles."""
        return self.chance.sample(self.words[100:], number)

    def sentence(self):
        return " ".join(self.some_words(self.chance.randint(5, 18))).capitalize() + "."

    def paragraph(self, words):
        text = []
        while (left := words - sum(len(each.split()) for each in text)) > 0:
            text.append(self.sentence() if left > 18 else " ".join(self.some_words(left)).capitalize() + ".")
        return " ".join(text)

    def comment(self):
        """About 300 characters in one or two paragraphs, some with the mark-up that readers use."""
        text, wanted = self.sentence(), self.chance.randint(*COMMENT_CHARACTERS)
        while len(text) < wanted:
            text += self.chance.choice([" ", " ", " ", "\n\n"]) + self.sentence()
        marks = [f"> {self.sentence()}\n\n", f"*{self.words[200]}* ", f"https://blog.example/{self.words[300]} "]
        return (self.chance.choice(marks) if self.chance.random() < 0.2 else "") + text


def make_body(writer, images, words=WORDS_OF_A_BODY):
    """Return the HTML of a post of about so many words: a lead, four sections with a quote, a list and a figure."""

    def part(share):
        return writer.paragraph(max(5, share * words // WORDS_OF_A_BODY))

    picture = writer.chance.choice(images)
    sections = [f"<p>{part(110)}</p>"]
    for extra in (
        f"<blockquote><p>{part(30)}</p></blockquote>",
        "<ul>" + "".join(f"<li><p>{part(10)}</p></li>" for _ in range(4)) + "</ul>",
        f'<figure><img src="{picture.src}" alt="{picture.alt}"><figcaption>{part(10)}</figcaption></figure>',
        f'<p>{part(30)} <a href="https://blog.example/{writer.words[400]}">{writer.words[500]}</a></p>',
    ):
        heading = " ".join(writer.rare_words(3)).capitalize()
        sections.append(f"<h2>{heading}</h2><p>{part(50)}</p>{extra}<p>{part(40)}</p>")
    return clean_post_html("".join(sections))
