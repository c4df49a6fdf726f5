"""Qingqu 清渠: disclosure, comparison and seal, one loop of grassroots supervision."""

__version__ = "0.1.0"
