"""The site's reasons for removing: moderators word them, administrators say which there are."""

from django.contrib import admin

from blog.desk import PolicyAdmin
from blog.moderation.models import RemovalReason


@admin.register(RemovalReason)
class RemovalReasonAdmin(PolicyAdmin):
    """Nobody deletes one: decisions of long ago name it. It is retired."""

    noun = "reason"
    fields = ["name_sv", "name_en", "statement_sv", "statement_en", "position", "is_retired"]
    list_display = ["__str__", "statement", "position", "is_retired"]

    def get_readonly_fields(self, request, obj=None):
        return [] if self.may(request, "retire") else ["is_retired"]
