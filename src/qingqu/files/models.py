"""What is stored. The owning capability decides who may read it."""

from django.db import models


class StoredFile(models.Model):
    """A file by its SHA-256; the bytes lie under QINGQU_HOME/files."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()
