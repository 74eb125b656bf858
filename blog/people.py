"""Staff accounts and their roles in the admin. A role is a group; blog/policy.py says what it may."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from blog.desk import PolicyAdmin

# Importing Django's own classes has registered them.
admin.site.unregister([User, Group])


@admin.register(User)
class PersonAdmin(PolicyAdmin, UserAdmin):
    noun = "user"
    fieldsets = [
        (None, {"fields": ["username", "password", "first_name", "last_name", "email"]}),
        (_("Roles"), {"fields": ["is_active", "is_staff", "groups"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2", "email", "is_staff", "groups"]})
    ]
    list_display = ["username", "first_name", "last_name", "email", "is_active", "roles"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = ["groups"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Group)
class RoleAdmin(PolicyAdmin, GroupAdmin):
    noun = "group"
    fields = ["name", "members"]
    readonly_fields = ["members"]

    @admin.display(description=_("members"))
    def members(self, group):
        return ", ".join(group.user_set.order_by("username").values_list("username", flat=True)) or "–"
