"""The backend; Django looks for it under this name."""

import select

from django.db.backends.postgresql import base


class DatabaseOperations(base.DatabaseOperations):
    def last_executed_query(self, cursor, sql, params):
        return super().last_executed_query(cursor, sql, params) or sql  # a prepared one is sent by its name alone


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def is_usable(self):
        # A server that has nothing to answer says nothing, unless it ends the connection: then there is something to
        # read. It is asked only then, so that a page does not begin with a question to it (CONN_HEALTH_CHECKS).
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.fileno(), select.POLLIN)
        return not idle.poll(0) or super().is_usable()

    def prepared_cursor(self):
        """A cursor for queries whose text never changes: values go beside it, and it is planned once.

        Planning takes longer than reading what a page shows. Behind a pooler it is planned each time.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(base.ServerBindingCursor(self.connection))
