"""Who stands before what, and what the table lets them do there."""

from dataclasses import dataclass, replace

from blog import policy
from tests.permissions.visits import EITHER, EVERYBODY, LIST, NOBODY, READERS, SIGNED_IN
from tests.permissions.world import STATES

ALIKE = {"draft", "published", "scheduled update, rewritten"}


@dataclass
class Place:
    """Who stands before which post of the World; without a post, before what else there is."""

    world: object
    person: object
    name: str = ""  # of the post's state
    post: object = None

    @property
    def state(self):
        return STATES[self.name]

    @property
    def other(self):
        return self.world.begun

    @property
    def update(self):
        return self.post.newest if self.post.newest is not self.post else None

    def fill(self, text):
        path = self.post.get_absolute_url() if self.post else ""
        return text.format(person=self.person, other=self.other, world=self.world, post=self.post, post_path=path)

    def may(self, action):
        if action in (EVERYBODY, EITHER, NOBODY):
            return action != NOBODY
        if action == SIGNED_IN:
            return self.person.is_authenticated and self.person.is_active
        if action == READERS:
            return self.state.is_public
        if action == LIST:
            return policy.may(self.person, "post.view")
        action = self._in_table(action)
        return action in policy.RULES and policy.may(self.person, action, self.post)

    def is_telling(self, action, deed=None):
        """Whether it is worth asking here: where neither table nor deed minds the state, three stand for all."""
        if not self.post or self.name in ALIKE:
            return True
        if action == READERS:
            return not self.person.is_authenticated
        minds = self._minds_the_state(action)
        return minds or bool(deed and deed.takes_effect and self.may(action))

    def _minds_the_state(self, action):
        """Whether the table says different things of the posts of one owner."""
        key, owner = (self.person.pk, action, self.post.created_by_id), self.post.created_by_id
        if key not in self.world.differences:
            posts = [(name, post) for (_owner, name), post in self.world.posts.items() if post.created_by_id == owner]
            self.world.differences[key] = len({replace(self, name=name, post=post).may(action) for name, post in posts})
        return self.world.differences[key] > 1

    def _in_table(self, action):
        if action == "hour":
            return "post.approve" if self.post.status == policy.APPROVED else "post.plan"
        if action == "hour of update":
            return "post.approve" if self.update and self.update.approved else "post.plan"
        return "post.approve" if action == "step" else action
