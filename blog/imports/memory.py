"""What was imported from one site before: read once, and kept up to date as the import goes on."""

import hashlib

from blog.imports.models import ImportedRow

BATCH_ROWS = 2000


class Memory:
    def __init__(self, source):
        self.source = source
        rows = ImportedRow.objects.filter(source=source)
        self._rows = {(row.kind, row.foreign_id): row for row in rows}

    def get(self, kind, foreign_id):
        """Return the ImportedRow of a record, or None if it has not been imported before."""
        return self._rows.get((kind, foreign_id))

    def remember(self, kind, record, thing, columns):
        self.remember_all(kind, [(record, thing)], columns)

    def remember_all(self, kind, pairs, columns):
        """Note that each record of `pairs` is now, in these columns, the row beside it."""
        rows = [
            ImportedRow(
                source=self.source,
                kind=kind,
                foreign_id=record.foreign_id,
                object_id=thing.pk,
                digest=record.digest(),
                written=_digest(thing, columns),
            )
            for record, thing in pairs
        ]
        ImportedRow.objects.bulk_create(
            rows,
            batch_size=BATCH_ROWS,
            update_conflicts=True,
            unique_fields=["source", "kind", "foreign_id"],
            update_fields=["object_id", "digest", "written"],
        )
        self._rows.update({(row.kind, row.foreign_id): row for row in rows})

    def is_edited(self, row, thing, columns):
        """Whether `thing` has been changed here since it was imported."""
        return bytes(row.written) != _digest(thing, columns)


def _digest(thing, columns):
    values = [getattr(thing, column) for column in columns]
    return hashlib.blake2b("\0".join(_plain(value) for value in values).encode(), digest_size=16).digest()


def _plain(value):
    # A time is the same whatever zone it is told in.
    return str(value.timestamp() if hasattr(value, "timestamp") else value)
