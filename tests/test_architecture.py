"""The import rule and the ceilings of docs/architecture.md, held by reading the source; nothing is imported."""

import ast
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

# Low to high: a module imports only from lower capabilities, or from its own.
CAPABILITIES = [
    "text", "policy", "web", "appearance", "tags", "posts", "editing", "review", "planning", "screening", "comments",
    "receipts", "moderation", "newsletter", "imports", "demonstration",
]  # fmt: skip
# Within a capability: everything not named here is a domain module, the lowest layer.
LAYERS = {"forms": 1, "views": 2, "feeds": 2, "sitemaps": 2, "admin": 2, "urls": 3}
# These may read the domain modules of every capability.
READERS = {"views", "feeds", "sitemaps", "admin", "urls"}
FILE_LINES, FUNCTION_LINES = 300, 40
MAY_MARK_SAFE = {"text", "templatetags"}
MODEL_BASES = {"Model", "TagBase", "GenericTaggedItemBase", "ItemBase", "Workflow", "PublicWorkflow"}


def breaches(blog):
    """Return a sentence for each breach in the folder of the app, sorted; empty when all is well."""
    modules = {path.relative_to(blog): ast.parse(path.read_text("utf-8")) for path in sorted(blog.rglob("*.py"))}
    modules = {path: tree for path, tree in modules.items() if path.parts[0] != "migrations"}
    rules = [_imports, _function_level_imports, _marks_safe, _sizes]
    found = chain.from_iterable(rule(blog, path, tree) for path, tree in modules.items() for rule in rules)
    return sorted([*found, *_missing_in_indexes(modules)])


def _imports(blog, path, tree):
    for target in sorted(_imported(tree)):
        if sentence := _refusal(path.with_suffix("").parts, target):
            yield f"{path}: imports {'.'.join(target)}: {sentence}"


def _imported(tree):
    """The modules of the app that a tree imports, as tuples of names below `blog`.

    `from blog.posts import steps` may mean a module or a name: it is taken as the module.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module else ["blog.relative"]
        else:
            continue
        yield from (tuple(name.split(".")[1:3]) for name in names if name.startswith("blog."))


def _refusal(importer, imported):
    if imported[0] == "relative":
        return "imports are written in full"
    layer = _layer(importer[-1]) if len(importer) == 2 else 0
    target_layer = _layer(imported[1]) if len(imported) == 2 else 0
    if imported[-1] == "views" and importer != (imported[0], "urls"):
        return "nobody imports a view but its urls"
    if importer[0] not in CAPABILITIES or imported[0] not in CAPABILITIES:
        return ""  # the app's own modules: indexes, the desk, commands, tasks
    if importer[0] == imported[0]:
        return "the layer is higher" if target_layer > layer else ""
    if _kind(importer[-1]) in READERS and target_layer <= layer:
        return ""
    if CAPABILITIES.index(imported[0]) > CAPABILITIES.index(importer[0]):
        return "the capability is higher"
    return "only its domain modules may be read" if target_layer > 0 else ""


def _kind(module):
    """admin_images is a part of the admin."""
    return module.split("_")[0]


def _layer(module):
    return LAYERS.get(_kind(module), 0)


def _function_level_imports(blog, path, tree):
    lines = (blog / path).read_text("utf-8").splitlines()
    for function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and "#" not in lines[node.lineno - 1]:
                yield f"{path}: {function.name} imports inside, and no comment says why"


def _marks_safe(blog, path, tree):
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if path.parts[0] not in MAY_MARK_SAFE and names & {"mark_safe", "SafeString", "SafeText"}:
        yield f"{path}: marks text as safe"


def _sizes(blog, path, tree):
    lines = len((blog / path).read_text("utf-8").splitlines())
    if lines > FILE_LINES:
        yield f"{path}: {lines} lines"
    for function in _functions(tree):
        if (lines := function.end_lineno - function.lineno + 1) > FUNCTION_LINES:
            yield f"{path}: {function.name} has {lines} lines"


def _functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _missing_in_indexes(modules):
    """Without a line in models.py makemigrations proposes to delete the model; admin.py says what the admin shows."""
    listed = _names_imported(modules.get(Path("models.py")))
    shown = _names_imported(modules.get(Path("admin.py")))
    for path, tree in modules.items():
        if len(path.parts) == 2 and path.name == "admin.py" and f"blog.{path.parts[0]}.admin" not in shown:
            yield f"admin.py: does not import {path}"
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and _is_model(node) and f"{_dotted(path)}.{node.name}" not in listed:
                yield f"models.py: does not import {node.name} of {path}"


def _names_imported(tree):
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)] if tree else []
    return {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}


def _is_model(node):
    bases = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
    return bool(bases & MODEL_BASES) and "abstract = True" not in ast.unparse(node)


def _dotted(path):
    return ".".join(["blog", *path.with_suffix("").parts])


def test_the_rule_is_held():
    assert breaches(settings.BASE_DIR / "blog") == []


@pytest.fixture
def write(tmp_path):
    """Write a small made-up app, file by file."""

    def write(**files):
        for name, source in files.items():
            path = tmp_path / (name.replace("__", "/") + ".py")
            path.parent.mkdir(exist_ok=True)
            path.write_text(source)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("module", "line", "sentence"),
    [
        ("text__slugs", "from blog.posts.models import Post", "posts.models: the capability is higher"),
        ("posts__models", "from blog.comments.models import Comment", "comments.models: the capability is higher"),
        ("posts__models", "import blog.comments.threads", "comments.threads: the capability is higher"),
        ("posts__models", "from blog.posts.forms import PostForm", "posts.forms: the layer is higher"),
        ("posts__forms", "from blog.posts import views", "posts.views: nobody imports a view but its urls"),
        ("comments__urls", "from blog.posts import views", "posts.views: nobody imports a view but its urls"),
        ("desk", "from blog.posts.views import front", "posts.views: nobody imports a view but its urls"),
        (
            "comments__forms",
            "from blog.posts.forms import PostForm",
            "posts.forms: only its domain modules may be read",
        ),
        ("policy", "from blog.posts.models import Post", "posts.models: the capability is higher"),
        ("posts__models", "from . import workflow", "relative: imports are written in full"),
    ],
)
def test_import_against_the_order_is_a_breach(write, module, line, sentence):
    app = write(**{module: line + "\n"})

    path = module.replace("__", "/")
    assert breaches(app) == [f"{path}.py: imports {sentence}"]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("comments__models", "from blog.posts.models import Post"),
        ("posts__models", "from blog import policy"),
        ("posts__views", "from blog.comments import threads"),
        ("posts__views", "from blog.comments.forms import CommentForm"),
        ("comments__admin", "from blog.moderation.batches import Action"),
        ("posts__urls", "from blog.posts import feeds, views"),
        ("desk", "from blog.moderation import duplicates"),
    ],
)
def test_import_in_order_is_none(write, module, line):
    app = write(**{module: line + "\n"})

    assert [breach for breach in breaches(app) if "imports" in breach and "does not" not in breach] == []


def test_import_in_a_function_needs_a_reason(write):
    bare = write(text__slugs="def slug():\n    import regex\n")
    assert breaches(bare) == ["text/slugs.py: slug imports inside, and no comment says why"]

    reasoned = write(text__slugs="def slug():\n    import regex  # takes half a second\n")
    assert breaches(reasoned) == []


def test_safe_text_is_made_in_two_places(write):
    source = "from django.utils.safestring import mark_safe\nmark_safe('<b>')\n"

    app = write(text__markup=source, templatetags__blog=source, comments__threads=source)

    assert breaches(app) == ["comments/threads.py: marks text as safe"]


def test_long_files_and_functions_are_breaches(write):
    function = "def long():\n" + "    pass\n" * 40

    app = write(text__slugs=function, text__links="pass\n" * 301)

    assert breaches(app) == ["text/links.py: 301 lines", "text/slugs.py: long has 41 lines"]


def test_model_or_admin_outside_its_index_is_a_breach(write):
    model = (
        "class Image(models.Model):\n    pass\n\nclass Dated(models.Model):\n    class Meta:\n        abstract = True\n"
    )

    forgotten = write(models="", admin="", posts__images=model, posts__admin="")
    assert breaches(forgotten) == [
        "admin.py: does not import posts/admin.py",
        "models.py: does not import Image of posts/images.py",
    ]

    app = write(models="from blog.posts.images import Image\n", admin="from blog.posts import admin as posts\n")
    assert breaches(app) == []
