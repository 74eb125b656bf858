"""Django's PostgreSQL backend on the private server of this checkout."""

from django.conf import settings

from project.embedded_pg import server
from project.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        # Lazily: commands that need no database (check, compilemessages) never start one.
        self.settings_dict["HOST"] = str(server.ensure_running(settings.BASE_DIR, settings.EMBEDDED_DATABASE_NAME))
        self.settings_dict["USER"] = "postgres"
        return super().get_connection_params()
