"""Staff accounts and their roles in the admin. A role is a group; blog/policy.py says what it may."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from blog import policy
from blog.desk import PolicyAdmin

# Importing Django's own classes has registered them.
admin.site.unregister([User, Group])

# In the database, and for programs, a role has one name; people read it in their language.
ROLE_NAMES = {
    policy.AUTHOR: _("author"),
    policy.EDITOR: _("editor"),
    policy.MODERATOR: _("moderator"),
    policy.ADMINISTRATOR: _("administrator"),
}


def role_name(group):
    return str(ROLE_NAMES.get(group.name, group.name))


class RoleFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field, request, model_admin):
        return [(group.pk, role_name(group)) for group in Group.objects.order_by("name")]


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
    list_filter = ["is_active", ("groups", RoleFilter)]
    filter_horizontal = []

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field, request, **named):
        named["widget"] = CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **named)
        if db_field.name == "groups":
            field.label_from_instance = role_name
        return field

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(role_name(group) for group in user.groups.all())


@admin.register(Group)
class RoleAdmin(PolicyAdmin, GroupAdmin):
    noun = "group"
    fields = ["role", "members"]
    readonly_fields = ["role", "members"]
    list_display = ["role"]

    @admin.display(description=_("role"), ordering="name")
    def role(self, group):
        return role_name(group)

    @admin.display(description=_("members"))
    def members(self, group):
        return ", ".join(group.user_set.order_by("username").values_list("username", flat=True)) or "–"
